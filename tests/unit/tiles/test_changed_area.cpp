// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table_builder.hpp>
#include <services/store/snapshot_cache.hpp>
#include <services/tiles/changed_area.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <functional>

namespace stadtgdi::tiles {
namespace {

using table::Box;

struct Tree {
    std::int64_t fid;
    std::string kind;
    double x, y;
    bool placed = true;
};

std::shared_ptr<const store::Snapshot> snapshot(const std::vector<Tree>& trees, const std::string& field = "kind")
{
    base::RunContext run(1);
    table::TableBuilder b({{{field, table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    std::vector<std::int64_t> fids;
    for (const Tree& tree : trees) {
        if (!tree.kind.empty())
            b.column(0).add(tree.kind);
        if (tree.placed)
            b.geometry().add_point(tree.x, tree.y);
        b.end_row();
        fids.push_back(tree.fid);
    }
    return store::make_snapshot(std::move(b).finish(), std::move(fids), "trees", "1", nullptr, run);
}

std::vector<Box> sorted(std::vector<Box> boxes)
{
    std::ranges::sort(boxes, {}, [](const Box& b) { return std::tuple(b.xmin, b.ymin); });
    return boxes;
}

Box at(double x, double y) { return {x, y, x, y}; }

const std::vector<Tree> trees{{1, "Linde", 0, 0}, {2, "Ahorn", 10, 0}, {5, "", 20, 0}, {9, "Linde", 30, 0, false}};

TEST(ChangedArea, OfTheSameRowsIsNothing)
{
    EXPECT_EQ(changed_area(*snapshot(trees), *snapshot(trees)), std::vector<Box>());
}

TEST(ChangedArea, IsWhereRowsCameWentMovedOrGotOtherValues)
{
    const auto changed = [](const std::function<void(std::vector<Tree>&)>& edit) {
        std::vector<Tree> after = trees;
        edit(after);
        return sorted(changed_area(*snapshot(trees), *snapshot(after)).value());
    };
    EXPECT_EQ(changed([](auto& t) { t.push_back({12, "Eiche", 7, 8}); }), std::vector<Box>{at(7, 8)});
    EXPECT_EQ(changed([](auto& t) { t.erase(t.begin()); }), std::vector<Box>{at(0, 0)});
    EXPECT_EQ(changed([](auto& t) { t[1].kind = "Eiche"; }), (std::vector<Box>{at(10, 0), at(10, 0)}));
    EXPECT_EQ(changed([](auto& t) { t[2].kind = "Eiche"; }), (std::vector<Box>{at(20, 0), at(20, 0)})) << "there was no value";
    EXPECT_EQ(changed([](auto& t) { t[1].x = 11; }), (std::vector<Box>{at(10, 0), at(11, 0)})) << "where it was and where it is";
    EXPECT_EQ(changed([](auto& t) { t[1].placed = false; }), std::vector<Box>{at(10, 0)});
    EXPECT_EQ(changed([](auto& t) { t[3].placed = true; }), std::vector<Box>{at(30, 0)});
    EXPECT_EQ(changed([](auto& t) { t[3].kind = "Eiche"; }), std::vector<Box>()) << "it is nowhere";
    EXPECT_EQ(changed([](auto& t) { t[0].fid = 77; }), (std::vector<Box>{at(0, 0), at(0, 0)}));
}

TEST(ChangedArea, RowsDrawnInAnotherOrderAreChanged)
{
    std::vector<Tree> after = trees;
    std::swap(after[0], after[1]);
    EXPECT_EQ(changed_area(*snapshot(trees), *snapshot(after)).value().size(), 1U) << "one of the two";
    std::rotate(after.begin(), after.begin() + 2, after.end());
    EXPECT_GE(changed_area(*snapshot(trees), *snapshot(after)).value().size(), 1U);
}

TEST(ChangedArea, TheOrderOfWindowsCountsToo)
{
    const auto windowed = [](std::vector<std::int32_t> order) {
        auto rows = std::make_shared<store::Snapshot>(*snapshot(trees));
        rows->window_place.assign(order.size(), -1);
        for (std::size_t i = 0; i < order.size(); ++i)
            rows->window_place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
        rows->window_order = std::move(order);
        rows->whole = {0, 0, 20, 0};
        return rows;
    };
    EXPECT_EQ(changed_area(*windowed({2, 0, 1, 3}), *windowed({2, 0, 1, 3})), std::vector<Box>());
    EXPECT_EQ(changed_area(*windowed({2, 0, 1, 3}), *windowed({0, 2, 1, 3})).value(), std::vector<Box>{at(20, 0)});
    auto larger = windowed({2, 0, 1, 3});
    larger->whole = {0, 0, 21, 0};
    EXPECT_FALSE(changed_area(*windowed({2, 0, 1, 3}), *larger)) << "what is a map of everything, is such no more";
    EXPECT_FALSE(changed_area(*windowed({2, 0, 1, 3}), *snapshot(trees)));
}

TEST(ChangedArea, CannotBeToldOfOtherColumnsOrIncompleteRows)
{
    EXPECT_FALSE(changed_area(*snapshot(trees), *snapshot(trees, "species")));
    auto incomplete = std::make_shared<store::Snapshot>(*snapshot(trees));
    incomplete->complete = false;
    EXPECT_FALSE(changed_area(*incomplete, *snapshot(trees)));
    EXPECT_FALSE(changed_area(*snapshot(trees), *incomplete));
}

TEST(ChangedArea, OfVeryManyRowsIsOneBox)
{
    std::vector<Tree> many, after;
    for (int i = 0; i < 3000; ++i) {
        many.push_back({i, "a", 1.0 * i, 2.0 * i});
        after.push_back({i, "b", 1.0 * i, 2.0 * i});
    }
    EXPECT_EQ(changed_area(*snapshot(many), *snapshot(after)).value(), (std::vector<Box>{{0, 0, 2999, 5998}}));
}

TEST(ChangedArea, PolygonsWithTheSameCornersInOtherRingsDiffer)
{
    const auto polygons = [](bool as_hole) {
        base::RunContext run(1);
        table::TableBuilder b({{}, table::GeometryField{"geom", table::GeometryKind::multi_polygon, "EPSG:25833", false}});
        auto& g = b.geometry();
        g.begin_row();
        for (int part = 0; part < 2; ++part) {
            if (part == 0 || !as_hole)
                g.begin_part();
            g.begin_ring();
            const double a = part == 0 ? 0 : 2, e = part == 0 ? 10 : 4;
            g.add(a, a);
            g.add(e, a);
            g.add(e, e);
            g.add(a, a);
        }
        b.end_row();
        return store::make_snapshot(std::move(b).finish(), {1}, "x", "1", nullptr, run);
    };
    EXPECT_EQ(changed_area(*polygons(true), *polygons(true)), std::vector<Box>());
    EXPECT_EQ(changed_area(*polygons(false), *polygons(true)).value().size(), 2U);
}

}  // namespace
}  // namespace stadtgdi::tiles
