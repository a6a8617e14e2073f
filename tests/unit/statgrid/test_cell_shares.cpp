// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/statgrid/cell_shares.hpp>
#include <layers/table/column.hpp>
#include <gtest/gtest.h>
#include <cmath>
#include <numeric>
#include <random>

using namespace stadtgdi;
using namespace stadtgdi::statgrid;

namespace {

table::GeometryColumn polygon(const std::string& wkt)
{
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, "EPSG:3035");
    EXPECT_TRUE(geometry::add_wkt(builder, table::GeometryKind::multi_polygon, wkt));
    return std::move(builder).finish();
}

const CellBlock block{{100, 4000000, 3000000}, 4, 3};

}  // namespace

TEST(CellShares, are_the_parts_of_a_rectangle)
{
    const auto shares = cell_shares(polygon("POLYGON ((4000050 3000000, 4000250 3000000, 4000250 3000150, 4000050 3000150, 4000050 3000000))"), block);
    const std::vector<double> expected{0.5, 1, 0.5, 0, 0.25, 0.5, 0.25, 0, 0, 0, 0, 0};
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(shares[i], expected[i], 1e-12) << i;
}

TEST(CellShares, leave_out_holes_and_what_lies_outside_the_block)
{
    const auto shares = cell_shares(polygon("POLYGON ((3999000 2999000, 4001000 2999000, 4001000 3001000, 3999000 3001000, 3999000 2999000), "
                                            "(4000100 3000100, 4000200 3000100, 4000200 3000150, 4000100 3000150, 4000100 3000100))"), block);
    for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(shares[i], i == 5 ? 0.5 : 1.0, 1e-12) << i;
}

TEST(CellShares, agree_with_geos_for_a_ragged_star)
{
    std::mt19937 random(11);
    std::uniform_real_distribution<double> radius(40, 190);
    std::string wkt = "POLYGON ((", first;
    for (int i = 0; i < 60; ++i) {
        const double angle = 2 * 3.14159265358979 * i / 60, r = radius(random);
        const std::string at = table::number_text(4000200 + r * std::cos(angle)) + " " + table::number_text(3000150 + r * std::sin(angle));
        if (i == 0) first = at;
        wkt += at + ", ";
    }
    const auto star = polygon(wkt + first + "))");
    const auto shares = cell_shares(star, block);
    base::RunContext run(1);
    for (std::int64_t row = 0; row < block.rows; ++row)
        for (std::int64_t column = 0; column < block.columns; ++column) {
            const double x = 4000000 + 100.0 * static_cast<double>(column), y = 3000000 + 100.0 * static_cast<double>(row);
            const double expected = geometry::area(geometry::clipped(star, {x, y, x + 100, y + 100}, run), 0) / 10000;
            EXPECT_NEAR(shares[static_cast<std::size_t>(row * block.columns + column)], expected, 1e-9);
        }
}
