// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/geometry/measure.hpp>

#include <cmath>
#include <random>

using namespace stadtgdi;
using namespace stadtgdi::geometry;
using table::GeometryKind;

TEST(Measure, SmallShapesByHand)
{
    const auto polygons = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2))", "", "POLYGON EMPTY"});
    EXPECT_EQ(area(polygons, 0), 96);
    EXPECT_EQ(length(polygons, 0), 48);
    EXPECT_NEAR(centroid(polygons, 0).x, (100 * 5.0 - 4 * 3) / 96, 1e-12);
    EXPECT_EQ(area(polygons, 1), 0);
    EXPECT_EQ(length(polygons, 2), 0);
    EXPECT_TRUE(std::isnan(centroid(polygons, 1).x));
    EXPECT_TRUE(std::isnan(centroid(polygons, 2).x));
    EXPECT_TRUE(std::isnan(distance(polygons, 1, 0, 0)));
    EXPECT_TRUE(std::isnan(point_on_surface(polygons, 1).x));
    const auto two = shapes(GeometryKind::multi_polygon, {"MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((10 0, 10 2, 12 2, 12 0, 10 0)))"});
    EXPECT_EQ(area(two, 0), 8);  // whatever way the shells turn
    EXPECT_EQ(centroid(two, 0).x, 6);
    const auto lines = shapes(GeometryKind::line, {"LINESTRING (0 0, 3 4, 3 10)"});
    EXPECT_EQ(length(lines, 0), 11);
    EXPECT_EQ(area(lines, 0), 0);
    EXPECT_EQ(distance(lines, 0, 6, 7), 3);
    const auto points = shapes(GeometryKind::multi_point, {"MULTIPOINT (0 0, 4 2)"});
    EXPECT_EQ(centroid(points, 0).x, 2);
    EXPECT_EQ(distance(points, 0, 4, 5), 3);
    EXPECT_EQ(distance(polygons, 0, 3, 3), 1);  // in the hole
    EXPECT_EQ(distance(polygons, 0, 5, 5), 0);
    EXPECT_EQ(distance(polygons, 0, 13, 14), 5);
}

TEST(Measure, AgreesWithGeosOnRandomPolygons)
{
    const auto stars = random_stars(400, 11);
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> x(317950, 318250), y(5689950, 5690250);
    GEOSContextHandle_t const handle = detail::context();
    for (std::size_t row = 0; row < stars.size(); ++row) {
        const auto shape = detail::to_geos(stars, row);
        double expected = 0;
        GEOSArea_r(handle, shape.get(), &expected);
        EXPECT_NEAR(area(stars, row), expected, 1e-6);
        GEOSLength_r(handle, shape.get(), &expected);
        EXPECT_NEAR(length(stars, row), expected, 1e-8);
        const detail::GeosGeometry middle(GEOSGetCentroid_r(handle, shape.get()));
        double cx = 0, cy = 0;
        GEOSGeomGetX_r(handle, middle.get(), &cx);
        GEOSGeomGetY_r(handle, middle.get(), &cy);
        EXPECT_NEAR(centroid(stars, row).x, cx, 1e-6);
        EXPECT_NEAR(centroid(stars, row).y, cy, 1e-6);
        const Point inside = point_on_surface(stars, row);
        EXPECT_EQ(locate(stars, row, inside.x, inside.y), Location::inside);
        for (int i = 0; i < 10; ++i) {
            const double px = x(random), py = y(random);
            const detail::GeosGeometry point(GEOSGeom_createPointFromXY_r(handle, px, py));
            GEOSDistance_r(handle, shape.get(), point.get(), &expected);
            EXPECT_NEAR(distance(stars, row, px, py), expected, 1e-8);
        }
    }
}

TEST(Measure, CentroidFallsToLinesAndPointsAsInGeos)
{
    const auto flat = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 10 0, 5 0, 0 0))", "POLYGON ((1 1, 1 1, 1 1, 1 1))"});
    EXPECT_EQ(centroid(flat, 0).x, 5);
    EXPECT_EQ(centroid(flat, 1).x, 1);
    EXPECT_EQ(centroid(shapes(GeometryKind::line, {"LINESTRING (0 0, 4 0, 4 4)"}), 0).x, 3);
}
