// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/geometry/area_filter.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/wkt.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

namespace stadtgdi::geometry {
namespace {

using table::GeometryBuilder;
using table::GeometryColumn;
using table::GeometryKind;

GeometryColumn column(GeometryKind kind, const std::vector<std::string>& rows)
{
    GeometryBuilder b(kind, "EPSG:25833");
    for (const std::string& row : rows)
        if (row.empty())
            b.add_null();
        else
            EXPECT_TRUE(add_wkt(b, kind, row)) << row;
    return std::move(b).finish();
}

// A square of 10 with a hole of 2 in its middle.
constexpr const char* square = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))";

TEST(AreaFilter, APointIsInsideOnTheEdgeOrOutside)
{
    const auto points = column(GeometryKind::point, {"POINT (1 1)", "POINT (10 5)", "POINT (10.001 5)", "POINT (5 5)", "POINT (4 5)", ""});
    EXPECT_EQ(rows_in_area(points, square), (std::vector<bool>{true, true, false, false, true, false}));
}

TEST(AreaFilter, ALineIsInsideWhereItRunsNotWhereItsBoxIs)
{
    const auto lines = column(GeometryKind::multi_line, {"LINESTRING (-5 5, 15 5)", "LINESTRING (-2 9, 2 13)", "LINESTRING (4.5 4.5, 5.5 5.5)", "MULTILINESTRING ((20 20, 30 30), (9 9, 20 9))"});
    EXPECT_EQ(rows_in_area(lines, square), (std::vector<bool>{true, false, false, true}));
}

TEST(AreaFilter, APolygonMayHoldTheWholeArea)
{
    const auto polygons = column(GeometryKind::polygon, {"POLYGON ((-5 -5, 20 -5, 20 20, -5 20, -5 -5))", "POLYGON ((4.5 4.5, 5.5 4.5, 5.5 5.5, 4.5 4.5))", "POLYGON ((10 10, 11 10, 11 11, 10 10))"});
    EXPECT_EQ(rows_in_area(polygons, square), (std::vector<bool>{true, false, true}));
}

TEST(AreaFilter, AnAreaMayHaveParts)
{
    const auto points = column(GeometryKind::point, {"POINT (1 1)", "POINT (21 1)", "POINT (15 1)"});
    EXPECT_EQ(rows_in_area(points, "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((20 0, 22 0, 22 2, 20 2, 20 0)))"), (std::vector<bool>{true, true, false}));
}

TEST(AreaFilter, WhatIsNoPolygonIsRefused)
{
    const auto points = column(GeometryKind::point, {"POINT (1 1)"});
    for (const char* wkt : {"", "POINT (1 1)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 1 0", "nonsense"})
        EXPECT_THROW(rows_in_area(points, wkt), Error) << wkt;
}

TEST(AreaFilter, PointsAnswerAsGeosDoes)
{
    // A star with 40 corners; points anywhere around it.
    std::mt19937 random(7);
    std::string wkt = "POLYGON ((";
    for (int i = 0; i <= 40; ++i) {
        const double angle = (i % 40) * 2 * 3.14159265358979 / 40, radius = i % 2 ? 40 : 95;
        wkt += (i ? ", " : "") + std::to_string(radius * std::cos(angle)) + " " + std::to_string(radius * std::sin(angle));
    }
    wkt += "))";
    std::uniform_real_distribution<double> place(-100, 100);
    GeometryBuilder b(GeometryKind::point, "EPSG:25833"), m(GeometryKind::multi_point, "EPSG:25833");
    for (int i = 0; i < 5000; ++i) {
        const double x = place(random), y = place(random);
        b.add_point(x, y);
        m.add_point(x, y);
    }
    const auto by_strips = rows_in_area(std::move(b).finish(), wkt), by_geos = rows_in_area(std::move(m).finish(), wkt);
    EXPECT_EQ(by_strips, by_geos);
    EXPECT_GT(std::count(by_geos.begin(), by_geos.end(), true), 500);
}

}  // namespace
}  // namespace stadtgdi::geometry
