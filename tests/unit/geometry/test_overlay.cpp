// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/base/error.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/geometry/repair.hpp>
#include <cmath>

using namespace stadtgdi;
using namespace stadtgdi::geometry;
using table::GeometryKind;

TEST(Overlay, SmallSquaresByHand)
{
    const auto g = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))", "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))", "", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"});
    base::RunContext run(2);
    EXPECT_EQ(intersection_area(g, 0, g, 1), 4);
    EXPECT_EQ(intersection_area(g, 0, g, 2), 0);
    EXPECT_EQ(intersection_area(g, 0, g, 3), 2);  // a bow tie, made valid first
    const auto all = unioned(g, run);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(area(all, 0), 28);
    EXPECT_EQ(all.crs(), "EPSG:25833");
    const auto part = clipped(g, {0, 0, 3, 3}, run);
    EXPECT_EQ(area(part, 0), 9);
    EXPECT_EQ(area(part, 1), 1);
    EXPECT_FALSE(part.valid(2));
    EXPECT_FALSE(clipped(g, {20, 20, 30, 30}, run).valid(0));
    EXPECT_FALSE(unioned(shapes(GeometryKind::polygon, {}), run).valid(0));
}

TEST(Overlay, UnitesByGroup)
{
    base::RunContext run(2);
    const auto squares = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))", "POLYGON ((2 0, 6 0, 6 4, 2 4, 2 0))", "", "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))",
                                                        "POLYGON ((9 9, 10 9, 10 10, 9 10, 9 9))"});
    const std::vector<std::int64_t> groups{1, 1, 1, -1, 0};
    const auto joined = unioned_by_group(squares, groups, 3, run);
    ASSERT_EQ(joined.size(), 3U);
    EXPECT_EQ(area(joined, 0), 1);
    EXPECT_EQ(area(joined, 1), 24);
    EXPECT_FALSE(joined.valid(2)) << "a group without rows";
    EXPECT_THROW(unioned_by_group(squares, std::vector<std::int64_t>{0}, 1, run), Error);
}

TEST(Overlay, CutsByAllAreasTogether)
{
    base::RunContext run(2);
    const auto squares = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))", "", "POLYGON ((20 0, 21 0, 21 1, 20 1, 20 0))"});
    const auto areas = shapes(GeometryKind::polygon, {"POLYGON ((2 0, 9 0, 9 4, 2 4, 2 0))", "POLYGON ((1 0, 3 0, 3 4, 1 4, 1 0))", "POLYGON ((4 0, 5 0, 5 4, 4 4, 4 0))", ""});
    const auto inside = cut(squares, areas, Side::inside, run), outside = cut(squares, areas, Side::outside, run);
    EXPECT_EQ(area(inside, 0), 12);
    EXPECT_EQ(area(outside, 0), 4);
    EXPECT_FALSE(inside.valid(1));
    EXPECT_FALSE(outside.valid(1));
    EXPECT_FALSE(inside.valid(2));
    EXPECT_EQ(area(outside, 2), 1);
}

TEST(Overlay, BuffersGrowAndShrink)
{
    base::RunContext run(2);
    const auto points = shapes(GeometryKind::point, {"POINT (5 5)", "", "POINT (0 0)"});
    const std::vector<double> radius{2, 2, std::nan("")};
    const auto discs = buffered(points, radius, 64, run);
    EXPECT_NEAR(area(discs, 0), 4 * 3.14159265, 0.01);
    EXPECT_LT(area(discs, 0), 4 * 3.14159265);
    EXPECT_FALSE(discs.valid(1));
    EXPECT_FALSE(discs.valid(2));
    const auto square = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"});
    EXPECT_NEAR(area(buffered(square, std::vector<double>{-1.0}, 8, run), 0), 4, 1e-9);
    EXPECT_FALSE(buffered(square, std::vector<double>{-3.0}, 8, run).valid(0));
    EXPECT_THROW(buffered(square, radius, 8, run), Error);
}

TEST(Overlay, AreasAddUpOnRandomPolygons)
{
    const auto stars = random_stars(60, 41);
    base::RunContext run(2);
    for (std::size_t i = 0; i + 1 < stars.size(); ++i) {
        const std::vector<std::int64_t> pair{static_cast<std::int64_t>(i), static_cast<std::int64_t>(i + 1)};
        const double both = intersection_area(stars, i, stars, i + 1);
        EXPECT_NEAR(area(unioned(stars.take(pair), run), 0), area(stars, i) + area(stars, i + 1) - both, 1e-5);
    }
    // Tiles of a box cut each polygon into parts that add up again.
    const table::Box extent = stars.extent();
    const double mid = (extent.xmin + extent.xmax) / 2;
    const auto left = clipped(stars, {extent.xmin, extent.ymin, mid, extent.ymax}, run), right = clipped(stars, {mid, extent.ymin, extent.xmax, extent.ymax}, run);
    for (std::size_t i = 0; i < stars.size(); ++i) EXPECT_NEAR(area(left, i) + area(right, i), area(stars, i), 1e-5);
}

TEST(Overlay, RoundedPolygonsAreValid)
{
    base::RunContext run(2);
    // Rounds to itself; a waist that becomes a point; thinner than half a cell; with a hole that shrinks to nothing.
    const auto polygons = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4.2 0, 4.2 3.9, 0 4, 0 0))", "POLYGON ((0 0, 10 0, 5.2 5, 10 10, 0 10, 4.8 5, 0 0))",
                                                         "POLYGON ((0 0, 10 0, 10 0.3, 0 0.3, 0 0))", "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (5 5, 5.3 5, 5.3 5.3, 5 5))", ""});
    const auto rounded = on_grid(polygons, 1.0, run);
    EXPECT_EQ(area(rounded, 0), 16);
    EXPECT_EQ(area(rounded, 1), 50) << "two triangles";
    EXPECT_EQ(rounded.part_count(1), 2U);
    EXPECT_FALSE(rounded.valid(2));
    EXPECT_EQ(area(rounded, 3), 100);
    EXPECT_FALSE(rounded.valid(4));
    const auto stars = on_grid(random_stars(100, 17), 3.0, run);
    for (std::size_t i = 0; i < stars.size(); ++i) {
        EXPECT_EQ(invalidity(stars, i).reason, "") << i;
        const auto [first, last] = stars.coordinates(i);
        for (std::size_t k = first; k < last; ++k) EXPECT_EQ(std::fmod(stars.x()[k], 3.0), 0);
    }
}

TEST(Overlay, AGeometryThatCannotBeUsedIsNamedByItsRowCountedFromOne)
{
    table::GeometryBuilder builder(GeometryKind::polygon, "EPSG:25833");
    builder.add_row(shapes(GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 0))"}), 0);
    builder.begin_row();
    builder.begin_ring();
    builder.add(0, 0);
    builder.add(1, 1);
    const auto g = std::move(builder).finish();
    try {
        intersection_area(g, 0, g, 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_data);
        EXPECT_NE(error.message().en.find("in row 2:"), std::string::npos) << error.what();
    }
}
