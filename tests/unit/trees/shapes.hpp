// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/geometry/wkt.hpp>
#include <layers/table/table_builder.hpp>
#include <layers/trees/disc_union.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace stadtgdi::support {

inline table::GeometryColumn polygons(const std::vector<std::string>& wkts, const std::string& crs = "EPSG:25833")
{
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, crs);
    for (const std::string& wkt : wkts) {
        if (wkt.empty())
            builder.add_null();
        else
            EXPECT_TRUE(geometry::add_wkt(builder, table::GeometryKind::multi_polygon, wkt)) << wkt;
    }
    return std::move(builder).finish();
}

inline std::string box_wkt(double x0, double y0, double x1, double y1)
{
    const auto at = [](double x, double y) { return table::number_text(x) + " " + table::number_text(y); };
    return "POLYGON ((" + at(x0, y0) + ", " + at(x1, y0) + ", " + at(x1, y1) + ", " + at(x0, y1) + ", " + at(x0, y0) + "))";
}

struct Discs {
    std::vector<double> x, y, r;
    void add(double px, double py, double radius)
    {
        x.push_back(px);
        y.push_back(py);
        r.push_back(radius);
    }
    std::size_t size() const { return x.size(); }
    trees::DiscUnion united(int threads = 1) const
    {
        base::RunContext run(threads);
        return {x, y, r, run};
    }
    trees::DiscUnion::Cover within(const std::string& wkt) const
    {
        const auto zone = polygons({wkt});
        return united().within(trees::ZonePolygon(zone, 0));
    }
};

/// Area that two discs have in common, by the two circular segments (independent of the kernel).
inline double lens_area(double r1, double r2, double d)
{
    if (d >= r1 + r2) return 0;
    if (d <= std::abs(r1 - r2)) return std::numbers::pi * std::min(r1, r2) * std::min(r1, r2);
    const double a = std::acos((d * d + r1 * r1 - r2 * r2) / (2 * d * r1)), b = std::acos((d * d + r2 * r2 - r1 * r1) / (2 * d * r2));
    return r1 * r1 * (a - std::sin(2 * a) / 2) + r2 * r2 * (b - std::sin(2 * b) / 2);
}

}  // namespace stadtgdi::support
