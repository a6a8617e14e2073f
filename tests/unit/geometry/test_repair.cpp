// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/geometry/measure.hpp>
#include <layers/geometry/repair.hpp>
#include <gmock/gmock.h>

#include <random>

using namespace stadtgdi;
using namespace stadtgdi::geometry;
using table::GeometryKind;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Repair, FindsTheReasonAndThePlace)
{
    const auto g = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "", "POLYGON ((5 5, 6 6, 5 5))"});
    EXPECT_EQ(invalidity(g, 0).reason, "Self-intersection");
    EXPECT_EQ(invalidity(g, 0).x, 1);
    EXPECT_EQ(invalidity(g, 0).y, 1);
    EXPECT_EQ(invalidity(g, 1).reason, "");
    EXPECT_EQ(invalidity(g, 2).reason, "");
    EXPECT_FALSE(invalidity(g, 3).reason.empty());
    EXPECT_EQ(invalidity(g, 3).x, 5);
}

TEST(Repair, MakesBowTiesValidAndRejectsWhatHasNoArea)
{
    base::RunContext run(2);
    const auto g = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 1 0, 1 1, 0 0))", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "POLYGON ((0 0, 5 5, 10 10, 0 0))", "",
                                                  "POLYGON ((5 5, 6 6, 5 5))", "POLYGON EMPTY", "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 2, 1 1))"});
    const Repaired r = repaired(g, run);
    EXPECT_THAT(r.repaired, ElementsAre(1, 6));
    EXPECT_THAT(r.rejected, ElementsAre(2, 4));
    ASSERT_EQ(r.geometry.size(), g.size());
    EXPECT_EQ(r.geometry.kind(), GeometryKind::multi_polygon);
    EXPECT_EQ(wkt(r.geometry, 0), "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))");
    EXPECT_EQ(r.geometry.part_count(1), 2U);
    EXPECT_EQ(area(r.geometry, 1), 2);
    EXPECT_FALSE(r.geometry.valid(2));
    EXPECT_FALSE(r.geometry.valid(3));
    EXPECT_FALSE(r.geometry.valid(4));
    EXPECT_TRUE(r.geometry.valid(5));
    EXPECT_EQ(area(r.geometry, 6), 16);
    for (std::size_t row = 0; row < g.size(); ++row) EXPECT_EQ(invalidity(r.geometry, row).reason, "") << row;
}

TEST(Repair, LeavesValidPolygonsAndOtherKindsAlone)
{
    base::RunContext run(2);
    const auto stars = random_stars(300, 31);
    const Repaired r = repaired(stars, run);
    EXPECT_THAT(r.repaired, IsEmpty());
    EXPECT_EQ(r.geometry.x().data(), stars.x().data());
    const auto lines = shapes(GeometryKind::line, {"LINESTRING (0 0, 1 1, 0 1, 1 0)"});
    EXPECT_EQ(repaired(lines, run).geometry.kind(), GeometryKind::line);
}

TEST(Repair, RandomScribblesAreValidAfterwardsForAnyThreadCount)
{
    std::mt19937 random(9);
    const auto die = [&](unsigned sides) { return static_cast<int>(random() % sides); };
    table::GeometryBuilder b(GeometryKind::polygon, "EPSG:25833");
    for (int i = 0; i < 500; ++i) {
        b.begin_row();
        b.begin_ring();
        const int corners = 4 + die(9);
        for (int k = 0; k < corners; ++k) b.add(die(10), die(10));  // left open, often crossing itself
    }
    base::RunContext one(1), two(2);
    const auto g = std::move(b).finish();
    const Repaired first = repaired(g, one), second = repaired(g, two);
    EXPECT_EQ(first.repaired, second.repaired);
    EXPECT_EQ(first.rejected, second.rejected);
    EXPECT_GT(first.repaired.size(), 100U);
    for (std::size_t row = 0; row < g.size(); ++row) {
        EXPECT_EQ(wkt(first.geometry, row), wkt(second.geometry, row));
        EXPECT_EQ(invalidity(first.geometry, row).reason, "");
    }
}

TEST(Repair, CoordinatesThatAreNoNumbersAreRejected)
{
    table::GeometryBuilder b(GeometryKind::polygon, "EPSG:25833");
    b.begin_row();
    b.begin_ring();
    for (const double x : {0.0, 1.0, std::nan(""), 0.0}) b.add(x, x);
    base::RunContext run(1);
    const auto g = std::move(b).finish();
    EXPECT_THAT(repaired(g, run).rejected, ElementsAre(0));
    EXPECT_EQ(invalidity(g, 0).reason, "Invalid Coordinate");
}
