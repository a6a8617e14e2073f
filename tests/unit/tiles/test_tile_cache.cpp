// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/table_builder.hpp>
#include <services/store/snapshot_cache.hpp>
#include <services/tiles/tile_cache.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>

namespace stadtgdi::tiles {
namespace {

using table::Box;

std::shared_ptr<const store::Snapshot> trees_at(const std::vector<double>& xs)
{
    base::RunContext run(1);
    table::TableBuilder b({{}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    std::vector<std::int64_t> fids;
    for (const double x : xs) {
        b.geometry().add_point(x, 0);
        b.end_row();
        fids.push_back(static_cast<std::int64_t>(fids.size()) + 1);
    }
    return store::make_snapshot(std::move(b).finish(), std::move(fids), "trees", "1", nullptr, run);
}

/// Asks for tiles 10 m wide, named by their number; counts what is made.
struct Asking {
    TileCache cache{1 << 20};
    std::string version = "2024-06-07T00:00:00.000Z", loaded = "2024-06-01T00:00:00.000Z", view = "town\nall", recipe = "trees", text = "first";
    std::shared_ptr<const store::Snapshot> rows = trees_at({5, 15, 25});
    int made = 0;

    Tile get(int number)
    {
        base::RunContext run(1);
        const std::string key = std::to_string(number);
        const Box area{10.0 * number, -1, 10.0 * number + 10, 1};
        return cache.get({view, loaded, {{"trees", version, rows}}, recipe}, {key, {{"EPSG:25833", area}}}, key,
                         [&] { ++made; return std::vector<TileCache::Made>{{key, text + " " + key}}; }, run);
    }
    std::string bytes(int number) { return *get(number).bytes; }
};

TEST(TileCache, MakesATileOnce)
{
    Asking asking;
    EXPECT_EQ(asking.bytes(0), "first 0");
    EXPECT_EQ(asking.bytes(0), "first 0");
    EXPECT_EQ(asking.bytes(1), "first 1");
    EXPECT_EQ(asking.made, 2);
    const TileCache::Counts counts = asking.cache.counts();
    EXPECT_EQ(counts.tiles, 2U);
    EXPECT_EQ(counts.hits, 1U);
    EXPECT_EQ(counts.made, 2U);
    EXPECT_GT(counts.bytes, 14U);
    EXPECT_EQ(asking.get(0).etag, asking.get(0).etag);
    EXPECT_NE(asking.get(0).etag, asking.get(1).etag);
    EXPECT_EQ(asking.get(0).modified_s, 1717718400);  // 2024-06-07, that of the data, not of the project
}

TEST(TileCache, ViewsAndRecipesAreKeptApart)
{
    Asking asking;
    asking.bytes(0);
    asking.view = "town\nnobody";
    asking.bytes(0);
    asking.recipe = "trees, other style";
    asking.bytes(0);
    EXPECT_EQ(asking.made, 3);
}

TEST(TileCache, AChangeTakesOutTheTilesWhereItIs)
{
    Asking asking;
    for (int i = 0; i < 4; ++i)
        asking.bytes(i);
    asking.version = "2024-06-08T00:00:00.000Z";
    asking.rows = trees_at({5, 33, 25});  // the second one moved from tile 1 to tile 3
    asking.text = "second";
    EXPECT_EQ(asking.bytes(0), "first 0");
    EXPECT_EQ(asking.bytes(1), "second 1");
    EXPECT_EQ(asking.bytes(2), "first 2");
    EXPECT_EQ(asking.bytes(3), "second 3");
    EXPECT_EQ(asking.cache.counts().outdated, 2U);
    EXPECT_EQ(asking.get(0).modified_s, 1717718400) << "this one stayed as it was";
    EXPECT_EQ(asking.get(1).modified_s, 1717804800);
}

TEST(TileCache, AChangeThatCannotBeToldTakesOutAllTilesOfTheLayer)
{
    Asking asking;
    for (int i = 0; i < 3; ++i)
        asking.bytes(i);
    asking.version = "2024-06-08T00:00:00.000Z";
    asking.rows = nullptr;
    asking.text = "second";
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(asking.bytes(i), "second " + std::to_string(i));
}

TEST(TileCache, OtherLayersKeepTheirTiles)
{
    Asking asking;
    base::RunContext run(1);
    const auto ways = [&](const std::string& version, const std::string& text) {
        return *asking.cache.get({asking.view, asking.loaded, {{"ways", version, nullptr}}, "ways"}, {"0", {}}, "0", [&] { return std::vector<TileCache::Made>{{"0", text}}; }, run).bytes;
    };
    EXPECT_EQ(ways("1", "ways"), "ways");
    asking.bytes(0);
    EXPECT_EQ(ways("2", "new ways"), "new ways");
    asking.bytes(0);
    EXPECT_EQ(asking.made, 1);
}

TEST(TileCache, RowsOfBeforeAreKeptForNobody)
{
    Asking asking;
    for (int i = 0; i < 3; ++i)
        asking.bytes(i);
    const std::weak_ptr<const store::Snapshot> before = asking.rows;
    asking.version = "2024-06-08T00:00:00.000Z";
    asking.rows = trees_at({5, 25, 25});  // the second one moved from tile 1 to tile 2
    asking.text = "second";
    asking.view = "town\nsomebody who asks for the first time";
    EXPECT_EQ(asking.bytes(0), "second 0");
    EXPECT_TRUE(before.expired());
    asking.view = "town\nall";
    EXPECT_EQ(asking.bytes(0), "first 0");
    EXPECT_EQ(asking.bytes(1), "second 1");
    const std::weak_ptr<const store::Snapshot> now = asking.rows;
    asking.loaded = "2024-06-09T00:00:00.000Z";
    asking.rows = trees_at({5, 25, 25});
    asking.view = "town\nsomebody who asks for the first time";
    EXPECT_EQ(asking.bytes(0), "second 0");
    EXPECT_TRUE(now.expired());
    asking.view = "another town\nall";
    asking.bytes(0);
    asking.view = "town\nsomebody else";
    asking.bytes(0);
    asking.view = "another town\nall";
    const int made = asking.made;
    asking.bytes(0);
    EXPECT_EQ(asking.made, made) << "views of others stay";
}

TEST(TileCache, AProjectThatIsReadAgainStartsAnew)
{
    Asking asking;
    asking.bytes(0);
    asking.loaded = "2024-06-09T00:00:00.000Z";
    asking.text = "second";
    EXPECT_EQ(asking.bytes(0), "second 0");
    EXPECT_EQ(asking.cache.counts().tiles, 1U);
}

TEST(TileCache, ARequestThatBeganBeforeAChangeNeitherTakesNorLeavesTiles)
{
    Asking asking;
    asking.bytes(0);
    asking.version = "2024-06-08T00:00:00.000Z";
    asking.rows = trees_at({6, 15, 25});
    asking.text = "second";
    EXPECT_EQ(asking.bytes(0), "second 0");
    asking.version = "2024-06-07T00:00:00.000Z";
    asking.text = "of before";
    EXPECT_EQ(asking.bytes(0), "of before 0");
    asking.version = "2024-06-08T00:00:00.000Z";
    EXPECT_EQ(asking.bytes(0), "second 0");
}

TEST(TileCache, ATileOfBeforeAChangeIsNotKeptAfterIt)
{
    Asking asking;
    asking.bytes(2);
    base::RunContext run(1);
    Asking* const self = &asking;
    // While tile 0 is made, another request sees the change.
    const auto slow = asking.cache.get({asking.view, asking.loaded, {{"trees", asking.version, asking.rows}}, asking.recipe}, {"0", {{"EPSG:25833", Box{0, -1, 10, 1}}}}, "0", [&] {
        self->version = "2024-06-08T00:00:00.000Z";
        self->rows = trees_at({6, 15, 25});
        self->bytes(2);
        return std::vector<TileCache::Made>{{"0", "of before"}};
    }, run);
    EXPECT_EQ(*slow.bytes, "of before");
    asking.text = "second";
    EXPECT_EQ(asking.bytes(0), "second 0");
}

TEST(TileCache, TheLeastRecentlyUsedGoFirst)
{
    Asking asking;
    asking.text = std::string(1000, 'x');
    asking.bytes(0);
    const std::size_t one = asking.cache.counts().bytes;
    asking.cache.set_most_bytes(3 * one + one / 2);
    asking.bytes(1);
    asking.bytes(2);
    asking.bytes(0);
    asking.bytes(3);  // takes the place of 1
    EXPECT_EQ(asking.cache.counts().tiles, 3U);
    EXPECT_LE(asking.cache.counts().bytes, asking.cache.counts().most_bytes);
    asking.made = 0;
    asking.bytes(0);
    asking.bytes(2);
    asking.bytes(3);
    EXPECT_EQ(asking.made, 0);
    asking.bytes(1);
    EXPECT_EQ(asking.made, 1);
}

TEST(TileCache, WithoutRoomNothingIsKept)
{
    Asking asking;
    asking.cache.set_most_bytes(0);
    asking.bytes(0);
    asking.bytes(0);
    EXPECT_EQ(asking.made, 2);
    EXPECT_EQ(asking.cache.counts().bytes, 0U);
    EXPECT_EQ(asking.cache.counts().tiles, 0U);
}

TEST(TileCache, ABlockGivesAllItsTiles)
{
    TileCache cache(1 << 20);
    base::RunContext run(1);
    int made = 0;
    const WantedTiles wanted{"town", "1", {}, "map"};
    const auto get = [&](const std::string& key) {
        return *cache.get(wanted, {"block", {}}, key, [&] { ++made; return std::vector<TileCache::Made>{{"a", "A"}, {"b", "B"}}; }, run).bytes;
    };
    EXPECT_EQ(get("a"), "A");
    EXPECT_EQ(get("b"), "B");
    EXPECT_EQ(made, 1);
    EXPECT_THROW(get("c"), Error);
}

TEST(TileCache, ThoseWhoAskAtTheSameTimeShareOneTile)
{
    TileCache cache(1 << 20);
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            base::RunContext run(1);
            const Tile tile = cache.get({"town", "1", {}, "map"}, {"0", {}}, "0", [&] {
                ++made;
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                return std::vector<TileCache::Made>{{"0", "tile"}};
            }, run);
            right += *tile.bytes == "tile" ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(made, 1);
    EXPECT_EQ(right, 8);
}

TEST(TileCache, AnErrorIsTheAskersOwnAndTheNextOneTriesAgain)
{
    Asking asking;
    base::RunContext run(1);
    const WantedTiles wanted{asking.view, asking.loaded, {}, "x"};
    EXPECT_THROW(asking.cache.get(wanted, {"0", {}}, "0", []() -> std::vector<TileCache::Made> { throw Error(ErrorKind::io, {"gone", "weg"}); }, run), Error);
    EXPECT_EQ(*asking.cache.get(wanted, {"0", {}}, "0", [] { return std::vector<TileCache::Made>{{"0", "tile"}}; }, run).bytes, "tile");
}

}  // namespace
}  // namespace stadtgdi::tiles
