// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/box_filter.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::geometry {
namespace {

using table::Box;
using table::GeometryBuilder;
using table::GeometryKind;

table::GeometryColumn diagonal()
{
    GeometryBuilder b(GeometryKind::line, "EPSG:25833");
    b.begin_row();
    b.add(0, 0);
    b.add(10, 10);
    b.add_null();
    return std::move(b).finish();
}

TEST(BoxFilter, ALineIsHitWhereItRunsNotWhereItsBoxIs)
{
    const auto lines = diagonal();
    EXPECT_TRUE(intersects(lines, 0, Box{4, 4, 5, 5}));
    EXPECT_TRUE(intersects(lines, 0, Box{3, 5, 5, 6}));
    EXPECT_FALSE(intersects(lines, 0, Box{0, 6, 4, 10}));
    EXPECT_FALSE(intersects(lines, 0, Box{20, 20, 30, 30}));
    EXPECT_TRUE(intersects(lines, 0, Box{-5, 0, 0, 5})) << "touching counts";
    EXPECT_TRUE(intersects(lines, 0, Box{-5, -5, 50, 50}));
    EXPECT_FALSE(intersects(lines, 1, Box{-5, -5, 50, 50})) << "null";
}

table::GeometryColumn frame()
{
    GeometryBuilder b(GeometryKind::multi_polygon, "EPSG:25833");
    b.begin_row();
    b.begin_part();
    b.begin_ring();
    for (const auto& [x, y] : {std::pair{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}) b.add(x, y);
    b.begin_ring();
    for (const auto& [x, y] : {std::pair{2, 2}, {2, 8}, {8, 8}, {8, 2}, {2, 2}}) b.add(x, y);
    b.begin_part();
    b.begin_ring();
    for (const auto& [x, y] : {std::pair{20, 0}, {30, 0}, {30, 10}, {20, 10}, {20, 0}}) b.add(x, y);
    return std::move(b).finish();
}

TEST(BoxFilter, ASegmentTellsWhichShareOfItLiesInTheBox)
{
    const Box box{0, 0, 10, 10};
    EXPECT_EQ(share_within(-10, 5, 30, 5, box), (std::pair{0.25, 0.5}));
    EXPECT_EQ(share_within(30, 5, -10, 5, box), (std::pair{0.5, 0.75}));
    EXPECT_EQ(share_within(2, 2, 8, 8, box), (std::pair{0.0, 1.0}));
    EXPECT_EQ(share_within(5, -5, 5, 5, box), (std::pair{0.5, 1.0}));
    EXPECT_EQ(share_within(-5, 5, 5, 15, box), (std::pair{0.5, 0.5})) << "the corner alone";
    EXPECT_EQ(share_within(10, 20, 10, 10, box), (std::pair{1.0, 1.0}));
    EXPECT_EQ(share_within(5, 5, 5, 5, box), (std::pair{0.0, 1.0}));
    EXPECT_EQ(share_within(-5, 6, 5, 17, box), std::nullopt);
    EXPECT_EQ(share_within(-1, 0, -1, 10, box), std::nullopt);
}

TEST(BoxFilter, APolygonIsHitInsideButNotInItsHole)
{
    const auto polygons = frame();
    EXPECT_FALSE(intersects(polygons, 0, Box{4, 4, 6, 6})) << "in the hole";
    EXPECT_TRUE(intersects(polygons, 0, Box{0.5, 0.5, 1, 1})) << "wholly inside";
    EXPECT_TRUE(intersects(polygons, 0, Box{24, 4, 25, 5})) << "inside the second part";
    EXPECT_FALSE(intersects(polygons, 0, Box{12, 0, 18, 10})) << "between the parts";
    EXPECT_TRUE(intersects(polygons, 0, Box{7, 4, 9, 5})) << "over the edge of the hole";
}

}  // namespace
}  // namespace stadtgdi::geometry
