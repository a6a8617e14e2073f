// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/table/table_builder.hpp>
#include <services/store/snapshot_cache.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace stadtgdi::store {
namespace {

table::Table points(int count)
{
    table::Schema schema;
    schema.fields = {{"n", table::Type::int64}};
    schema.geometry = table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false};
    table::TableBuilder builder(schema);
    for (int i = 0; i < count; ++i) {
        builder.column(0).add(i);
        builder.geometry().add_point(317000 + i, 5690000);
        builder.end_row();
    }
    return std::move(builder).finish();
}

TEST(Snapshot, FindsTheRowOfAnIdInAnyOrder)
{
    base::RunContext run;
    const auto ascending = make_snapshot(points(4), {2, 5, 7, 9}, "t", "v", nullptr, run);
    EXPECT_EQ(ascending->row_of(7), 2);
    EXPECT_EQ(ascending->row_of(3), -1);
    const auto mixed = make_snapshot(points(4), {9, 2, 7, 5}, "t", "v", nullptr, run);
    EXPECT_EQ(mixed->row_of(9), 0);
    EXPECT_EQ(mixed->row_of(5), 3);
    EXPECT_EQ(mixed->row_of(10), -1);
    EXPECT_EQ(make_snapshot(points(0), {}, "t", "v", nullptr, run)->row_of(1), -1);
}

TEST(Snapshot, KeepsTheCoordinatesOfACrs)
{
    base::RunContext run;
    const auto snapshot = make_snapshot(points(3), {1, 2, 3}, "t", "v", nullptr, run);
    const auto first = snapshot->geometry_in("EPSG:4326", run);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->crs(), "EPSG:4326");
    EXPECT_NEAR(first->x()[0], 12.38, 0.02);  // longitude first
    EXPECT_EQ(snapshot->geometry_in("EPSG:4326", run), first);
    EXPECT_EQ(snapshot->geometry_in("EPSG:25833", run)->x().data(), snapshot->table.geometry().x().data());
}

TEST(Snapshot, GivesNoCoordinatesBeyondTheBudget)
{
    base::RunContext run;
    auto budget = std::make_shared<CoordinateBudget>(100);  // 16 bytes a point
    {
        const auto small = make_snapshot(points(4), {1, 2, 3, 4}, "t", "v", budget, run);
        EXPECT_NE(small->geometry_in("EPSG:4326", run), nullptr);
        EXPECT_EQ(small->geometry_in("EPSG:3857", run), nullptr);
        EXPECT_EQ(small->geometry_in("EPSG:3857", run), nullptr);
    }
    const auto later = make_snapshot(points(6), {1, 2, 3, 4, 5, 6}, "t", "v", budget, run);
    EXPECT_NE(later->geometry_in("EPSG:3857", run), nullptr);  // the first one gave its share back
}

TEST(Snapshot, ManyThreadsGetTheSameCoordinates)
{
    base::RunContext run;
    const auto snapshot = make_snapshot(points(2000), std::vector<std::int64_t>(2000, 0), "t", "v", nullptr, run);
    std::vector<std::shared_ptr<const table::GeometryColumn>> got(8);
    {
        std::vector<std::jthread> threads;
        for (auto& one : got)
            threads.emplace_back([&] {
                base::RunContext own;
                one = snapshot->geometry_in("EPSG:3035", own);
            });
    }
    for (const auto& one : got)
        EXPECT_EQ(one, got[0]);
}

TEST(Snapshot, TheRowsSeenKeepTheOrderOfWindows)
{
    base::RunContext run;
    table::TableBuilder builder({{{"class", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (const char* one : {"public", "kritis", "public", "public"}) {
        builder.column(0).add(one);
        builder.geometry().add_point(317000, 5690000);
        builder.end_row();
    }
    auto all = make_snapshot(std::move(builder).finish(), {1, 2, 3, 4}, "t", "v", nullptr, run);
    all->window_order = {3, 1, 0, 2};
    all->window_place = {2, 1, 3, 0};
    all->whole = {1, 2, 3, 4};
    all->exact_window = true;
    const auto seen = seen_part(std::move(all), {{"class"}, {"public"}}, run);
    EXPECT_EQ(seen->fids, (std::vector<std::int64_t>{1, 3, 4}));
    EXPECT_EQ(seen->window_order, (std::vector<std::int32_t>{2, 0, 1}));
    EXPECT_EQ(seen->window_place, (std::vector<std::int32_t>{1, 2, 0}));
    EXPECT_EQ(seen->whole, (table::Box{1, 2, 3, 4}));
    EXPECT_TRUE(seen->exact_window);
}

}  // namespace
}  // namespace stadtgdi::store
