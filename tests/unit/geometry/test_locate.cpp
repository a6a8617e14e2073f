// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/base/error.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/detail/orientation.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/locate.hpp>
#include <algorithm>
#include <array>
#include <random>

using namespace stadtgdi;
using namespace stadtgdi::geometry;
using table::GeometryKind;

namespace {

Location by_geos(const GEOSGeometry* polygon, double x, double y)
{
    GEOSContextHandle_t const handle = detail::context();
    const detail::GeosGeometry point(GEOSGeom_createPointFromXY_r(handle, x, y));
    if (GEOSIntersects_r(handle, polygon, point.get()) == 0) return Location::outside;
    return GEOSTouches_r(handle, polygon, point.get()) == 1 ? Location::boundary : Location::inside;
}

}  // namespace

TEST(Orientation, IsExactWhereRoundingMisleads)
{
    // Points one unit in the last place beside a diagonal; the sign is known by comparing y with x.
    for (int i = 0; i < 64; ++i) {
        for (int j = 0; j < 64; ++j) {
            const double x = 0.5 + i * 0x1p-53, y = 0.5 + j * 0x1p-53;
            const int expected = y > x ? 1 : y < x ? -1 : 0;
            ASSERT_EQ(detail::orientation(12, 12, 24, 24, x, y), expected) << i << " " << j;
            ASSERT_EQ(detail::orientation(24, 24, x, y, 12, 12), expected);
            ASSERT_EQ(detail::orientation(24, 24, 12, 12, x, y), -expected);
        }
    }
}

TEST(Orientation, AgreesWithWholeNumberArithmetic)
{
    std::mt19937_64 random(6);
    for (int i = 0; i < 100000; ++i) {
        std::array<std::int64_t, 6> v{};
        for (auto& value : v) value = static_cast<std::int64_t>(random() % 7);  // many collinear
        const auto [ax, ay, bx, by, cx, cy] = v;
        const std::int64_t exact = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx);
        const auto at = [](std::int64_t value) { return 5690000.0 + static_cast<double>(value) / 8; };
        ASSERT_EQ(detail::orientation(at(ax), at(ay), at(bx), at(by), at(cx), at(cy)), exact > 0 ? 1 : exact < 0 ? -1 : 0);
    }
}

TEST(Locate, CornersEdgesAndHolesByHand)
{
    const auto g = shapes(GeometryKind::polygon, {"POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))", "POLYGON ((0 0, 5 5, 10 0, 10 10, 0 10, 0 0))", ""});
    const auto at = [&](std::size_t row, double x, double y) {
        const Location found = locate(g, row, x, y);
        EXPECT_EQ(detail::Strips(g, row).locate(x, y), found) << x << " " << y;
        return found;
    };
    EXPECT_EQ(at(0, 5, 5), Location::inside);
    EXPECT_EQ(at(0, 0, 0), Location::boundary);
    EXPECT_EQ(at(0, 10, 10), Location::boundary);
    EXPECT_EQ(at(0, 5, 0), Location::boundary);
    EXPECT_EQ(at(0, 0, 5), Location::boundary);
    EXPECT_EQ(at(0, 3, 3), Location::outside);
    EXPECT_EQ(at(0, 2, 3), Location::boundary);
    EXPECT_EQ(at(0, 1, 2), Location::inside);  // the ray runs along an edge of the hole
    EXPECT_EQ(at(0, -1, 0), Location::outside);
    EXPECT_EQ(at(0, -1, 10), Location::outside);
    EXPECT_EQ(at(0, 11, 5), Location::outside);
    EXPECT_EQ(at(1, 1, 5), Location::inside);  // the ray meets a corner
    EXPECT_EQ(at(1, 5, 5), Location::boundary);
    EXPECT_EQ(at(1, 5, 4), Location::outside);
    EXPECT_EQ(at(1, 5, 0), Location::outside);
    EXPECT_EQ(at(2, 5, 5), Location::outside);
    EXPECT_EQ(at(0, std::nan(""), 5), Location::outside);
    EXPECT_THROW(locate(shapes(GeometryKind::line, {"LINESTRING (0 0, 1 1)"}), 0, 0, 0), Error);
}

TEST(Locate, AgreesWithGeosAlsoOnCornersAndEdges)
{
    for (const bool round : {false, true}) {
        const auto stars = random_stars(200, 21, round);
        std::mt19937_64 random(7);
        for (std::size_t row = 0; row < stars.size(); ++row) {
            const auto shape = detail::to_geos(stars, row);
            if (GEOSisValid_r(detail::context(), shape.get()) != 1) continue;
            const detail::Strips strips(stars, row);
            const table::Box box = stars.box(row);
            const auto [first, last] = stars.coordinates(row);
            for (int i = 0; i < 40; ++i) {
                double x = box.xmin - 1 + (box.xmax - box.xmin + 2) * static_cast<double>(random() % 1000) / 1000;
                double y = box.ymin - 1 + (box.ymax - box.ymin + 2) * static_cast<double>(random() % 1000) / 1000;
                const std::size_t corner = first + random() % (last - first);
                if (round) x = std::round(x), y = std::round(y);
                if (i % 4 == 0) x = stars.x()[corner], y = stars.y()[corner];
                if (i % 4 == 1) y = stars.y()[corner];
                const Location expected = by_geos(shape.get(), x, y);
                ASSERT_EQ(locate(stars, row, x, y), expected) << row << " " << x << " " << y;
                ASSERT_EQ(strips.locate(x, y), expected);
            }
        }
    }
}

TEST(ZoneOfPoints, EveryPointHasExactlyOneZoneAlsoOnBorders)
{
    // A 5 x 5 grid of unit squares; points on a lattice that meets all borders and corners.
    std::vector<std::string> rows;
    for (int i = 0; i < 25; ++i) {
        const int x = i % 5, y = i / 5;
        const auto p = [&](int dx, int dy) { return std::to_string(x + dx) + " " + std::to_string(y + dy); };
        rows.push_back("POLYGON ((" + p(0, 0) + ", " + p(1, 0) + ", " + p(1, 1) + ", " + p(0, 1) + ", " + p(0, 0) + "))");
    }
    const auto grid = shapes(GeometryKind::polygon, rows);
    std::vector<double> x, y;
    for (int i = -1; i <= 21; ++i)
        for (int j = -1; j <= 21; ++j) x.push_back(i / 4.0), y.push_back(j / 4.0);
    base::RunContext one(1), two(2);
    const index::PackedRTree tree(grid, one);
    const auto zones = zone_of_points(x, y, grid, tree, two);
    EXPECT_EQ(zones, zone_of_points(x, y, grid, tree, one));
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::int64_t expected = -1;
        if (x[i] >= 0 && x[i] <= 5 && y[i] >= 0 && y[i] <= 5)
            expected = static_cast<std::int64_t>(std::max(std::ceil(y[i]) - 1, 0.0) * 5 + std::max(std::ceil(x[i]) - 1, 0.0));
        ASSERT_EQ(zones[i], expected) << x[i] << " " << y[i];
        ASSERT_EQ(zone_of_points({&x[i], 1}, {&y[i], 1}, grid, tree, one)[0], expected);  // without strips
    }
}
