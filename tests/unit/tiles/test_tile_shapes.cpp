// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/geometry/repair.hpp>
#include <services/tiles/tile_shapes.hpp>
#include <tests/unit/geometry/shapes.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::tiles {
namespace {

using table::Box;
using table::GeometryColumn;
using table::GeometryKind;

/// A polygon of a tile as a column, in units; every ring a polygon's shell or hole by the way it runs.
GeometryColumn column_of(const TileShape& shape)
{
    table::GeometryBuilder builder(GeometryKind::multi_polygon, "");
    builder.begin_row();
    for (const auto& ring : shape.parts) {
        if (doubled_area(ring) > 0)
            builder.begin_part();
        builder.begin_ring();
        for (const TilePoint& p : ring)
            builder.add(p.x, p.y);
        builder.add(ring.front().x, ring.front().y);
    }
    return std::move(builder).finish();
}

TileShape cut(const GeometryColumn& geometry, std::size_t row, const Box& tile)
{
    base::RunContext run(1);
    return tile_shape(geometry, row, tile, run);
}

constexpr Box units{0, 0, 4096, 4096};

TEST(TileShapes, PointsStayWithinTheBufferAndNoFurther)
{
    const auto points = shapes(GeometryKind::point, {"POINT(0 4096)", "POINT(-128 4224)", "POINT(-128.6 4096)", "POINT(4224 -128)", "POINT(4225 0)", ""});
    EXPECT_EQ(cut(points, 0, units).parts, (std::vector<std::vector<TilePoint>>{{{0, 0}}}));
    EXPECT_EQ(cut(points, 1, units).parts, (std::vector<std::vector<TilePoint>>{{{-128, -128}}}));
    EXPECT_EQ(cut(points, 2, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(points, 3, units).parts, (std::vector<std::vector<TilePoint>>{{{4224, 4224}}}));
    EXPECT_EQ(cut(points, 4, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(points, 5, units).type, TileShape::Type::none);
}

TEST(TileShapes, LinesAreCutWhereTheyLeaveTheBuffer)
{
    const auto lines = shapes(GeometryKind::line, {"LINESTRING(-1000 4000, 5000 4000)", "LINESTRING(100 5000, 100 4000, 300 4000, 300 5000, 500 5000, 500 4000)", "LINESTRING(-500 4096, -400 0)", "LINESTRING(5 5, 5.2 5.1)"});
    EXPECT_EQ(cut(lines, 0, units).parts, (std::vector<std::vector<TilePoint>>{{{-128, 96}, {4224, 96}}}));
    EXPECT_EQ(cut(lines, 0, units).size, 4352);
    EXPECT_EQ(cut(lines, 1, units).parts, (std::vector<std::vector<TilePoint>>{{{100, -128}, {100, 96}, {300, 96}, {300, -128}}, {{500, -128}, {500, 96}}}));
    EXPECT_EQ(cut(lines, 2, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(lines, 3, units).type, TileShape::Type::none) << "shorter than a unit";
}

TEST(TileShapes, WhatDoesNotShowIsLeftOut)
{
    const auto polygons = shapes(GeometryKind::polygon, {"POLYGON((10 10, 10.3 10, 10.3 10.3, 10 10))", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (50 50, 50.2 50, 50.2 50.2, 50 50))",
                                                         "POLYGON((0 0, 1000 0, 1000 0.2, 0 0.2, 0 0))", "POLYGON((0 0, 500 0, 1000 0.3, 1000 1000, 0 1000, 0 0))"});
    EXPECT_EQ(cut(polygons, 0, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(polygons, 1, units).parts.size(), 1U) << "without its hole";
    EXPECT_EQ(cut(polygons, 2, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(polygons, 3, units).parts.at(0).size(), 4U) << "no corner at (500, 0)";
}

TEST(TileShapes, RoundingThatMakesAPolygonInvalidIsMended)
{
    // A waist that rounds to a point, and a spike that rounds to a line.
    const auto polygons = shapes(GeometryKind::polygon, {"POLYGON((0 0, 100 0, 50.2 50, 100 100, 0 100, 49.8 50, 0 0))", "POLYGON((0 0, 100 0, 100 100, 50.2 100, 50 900, 49.8 100, 0 100, 0 0))"});
    for (std::size_t row = 0; row < polygons.size(); ++row) {
        const GeometryColumn column = column_of(cut(polygons, row, units));
        EXPECT_EQ(geometry::invalidity(column, 0).reason, "") << row;
        EXPECT_NEAR(geometry::area(column, 0), geometry::area(polygons, row), 200) << row;
    }
}

TEST(TileShapes, APolygonWithoutRingsIsNone)
{
    table::GeometryBuilder builder(GeometryKind::polygon, "EPSG:25833");
    builder.begin_row();
    builder.begin_ring();
    builder.add(0, 0);
    builder.add(1000, 1000);
    builder.add(0, 0);
    const auto polygons = std::move(builder).finish();
    EXPECT_EQ(cut(polygons, 0, units).type, TileShape::Type::none);
    EXPECT_EQ(cut(polygons, 0, {500, 500, 600, 600}).type, TileShape::Type::none);
}

class RandomStars : public ::testing::TestWithParam<double> {};

TEST_P(RandomStars, AreValidInEveryTileAndTheirAreasAddUp)
{
    // A grid of tiles of this side over the stars.
    const double side = GetParam();
    const auto stars = random_stars(60, 5);
    base::RunContext run(1);
    const double unit = side / tile_extent;
    for (std::size_t row = 0; row < stars.size(); ++row) {
        const Box own = stars.box(row);
        double sum = 0, perimeter = geometry::length(stars, row);
        int tiles = 0;
        for (double x = std::floor(own.xmin / side) * side; x <= own.xmax; x += side)
            for (double y = std::floor(own.ymin / side) * side; y <= own.ymax; y += side) {
                const TileShape shape = tile_shape(stars, row, {x, y, x + side, y + side}, run);
                ++tiles;
                if (shape.type == TileShape::Type::none)
                    continue;
                const GeometryColumn column = column_of(shape);
                EXPECT_EQ(geometry::invalidity(column, 0).reason, "") << row << ' ' << x << ' ' << y;
                EXPECT_NEAR(geometry::area(column, 0), shape.size, 1e-6);
                sum += geometry::area(geometry::clipped(column, units, run), 0) * unit * unit;
                for (const auto& ring : shape.parts)
                    for (const TilePoint& p : ring)
                        EXPECT_TRUE(p.x >= -tile_buffer && p.y >= -tile_buffer && p.x <= tile_extent + tile_buffer && p.y <= tile_extent + tile_buffer);
            }
        // An edge moves by at most 1.21 units (half a unit simplified, 0.71 rounded); edges of tiles lie on whole units.
        EXPECT_NEAR(sum, geometry::area(stars, row), 1.25 * unit * perimeter + 1e-6) << row << " in " << tiles << " tiles";
    }
}

INSTANTIATE_TEST_SUITE_P(Sides, RandomStars, ::testing::Values(10.0, 37.0, 1000.0, 20000.0));

TEST(TileShapes, EveryCornerOfALineIsNearTheLineItCameFrom)
{
    std::mt19937 random(3);
    std::normal_distribution<double> step(0, 40);
    for (int i = 0; i < 50; ++i) {
        table::GeometryBuilder builder(GeometryKind::line, "EPSG:25833");
        builder.begin_row();
        double x = 500, y = 500;
        for (int k = 0; k < 200; ++k)
            builder.add(x += step(random), y += step(random));
        const auto line = std::move(builder).finish();
        constexpr Box tile{0, 0, 1024, 1024};
        const double unit = 1024.0 / tile_extent;
        const TileShape shape = cut(line, 0, tile);
        for (const auto& part : shape.parts)
            for (const TilePoint& p : part)
                EXPECT_LT(geometry::distance(line, 0, p.x * unit, 1024 - p.y * unit), 0.75 * unit);
    }
}

TEST(TileShapes, PolygonsThatOverlapThemselvesAreMadeValid)
{
    const auto stars = random_stars(200, 11, true);
    for (std::size_t row = 0; row < stars.size(); ++row) {
        const Box own = stars.box(row);
        for (const Box& tile : {Box{own.xmin - 5, own.ymin - 5, own.xmax + 5, own.ymax + 5}, Box{own.xmin, own.ymin, (own.xmin + own.xmax) / 2, (own.ymin + own.ymax) / 2}}) {
            const TileShape shape = cut(stars, row, tile);
            if (shape.type != TileShape::Type::none) {
                EXPECT_EQ(geometry::invalidity(column_of(shape), 0).reason, "") << row;
            }
        }
    }
}

}  // namespace
}  // namespace stadtgdi::tiles
