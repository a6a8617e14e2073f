// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/geometry/wkt.hpp>
#include <gtest/gtest.h>
#include <cmath>
#include <random>

/// Rows of WKT as a column of the kind.
inline stadtgdi::table::GeometryColumn shapes(stadtgdi::table::GeometryKind kind, const std::vector<std::string>& rows, bool z = false)
{
    stadtgdi::table::GeometryBuilder builder(kind, "EPSG:25833", z);
    for (const std::string& row : rows) {
        if (row.empty())
            builder.add_null();
        else
            EXPECT_TRUE(stadtgdi::geometry::add_wkt(builder, kind, row)) << row;
    }
    return std::move(builder).finish();
}

/// Star-shaped polygons, valid by construction, every third with a star-shaped hole, at UTM coordinates; `round` corners to whole
/// numbers makes horizontal edges and shared ordinates common (and some polygons invalid).
inline stadtgdi::table::GeometryColumn random_stars(std::size_t n, unsigned seed, bool round = false)
{
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(0, 1);
    stadtgdi::table::GeometryBuilder builder(stadtgdi::table::GeometryKind::polygon, "EPSG:25833");
    for (std::size_t i = 0; i < n; ++i) {
        const double x = 318000 + 200 * unit(random), y = 5690000 + 200 * unit(random), size = 5 + 40 * unit(random);
        builder.begin_row();
        const auto ring = [&](double inner, double outer) {
            const int corners = 3 + static_cast<int>(random() % 40);
            builder.begin_ring();
            double x0 = 0, y0 = 0;
            for (int k = 0; k < corners; ++k) {
                const double angle = 2 * 3.14159265358979 * k / corners, radius = inner + (outer - inner) * unit(random);
                double cx = x + radius * std::cos(angle), cy = y + radius * std::sin(angle);
                if (round) cx = std::round(cx), cy = std::round(cy);
                if (k == 0) x0 = cx, y0 = cy;
                builder.add(cx, cy);
            }
            builder.add(x0, y0);
        };
        ring(size * 0.9, size);
        if (i % 3 == 0 && !round) ring(size * 0.05, size * 0.4);
    }
    return std::move(builder).finish();
}
