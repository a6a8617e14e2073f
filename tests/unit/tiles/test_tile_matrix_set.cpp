// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/tiles/tile_matrix_set.hpp>
#include <gtest/gtest.h>
#include <cmath>
#include <numbers>
#include <random>

namespace stadtgdi::tiles {
namespace {

const TileMatrixSet& mercator() { return *find_tile_matrix_set("WebMercatorQuad"); }
const TileMatrixSet& gdi() { return *find_tile_matrix_set("gdi_de_25832"); }

void expect_box(const table::Box& box, double xmin, double ymin, double xmax, double ymax, double tolerance)
{
    EXPECT_NEAR(box.xmin, xmin, tolerance);
    EXPECT_NEAR(box.ymin, ymin, tolerance);
    EXPECT_NEAR(box.xmax, xmax, tolerance);
    EXPECT_NEAR(box.ymax, ymax, tolerance);
}

TEST(TileMatrixSets, AreFoundByTheirId)
{
    EXPECT_NE(find_tile_matrix_set("WebMercatorQuad"), nullptr);
    EXPECT_NE(find_tile_matrix_set("gdi_de_25832"), nullptr);
    EXPECT_EQ(find_tile_matrix_set("webmercatorquad"), nullptr);
    EXPECT_EQ(find_tile_matrix_set(""), nullptr);
    EXPECT_EQ(find_level(gdi(), "15"), 15U);
    EXPECT_FALSE(find_level(gdi(), "16"));
    EXPECT_FALSE(find_level(gdi(), "-1"));
}

TEST(TileMatrixSets, WebMercatorQuadIsThatOfTheRegister)
{
    const TileMatrixSet& set = mercator();
    EXPECT_EQ(set.crs, "EPSG:3857");
    ASSERT_EQ(set.matrices.size(), 25U);
    EXPECT_NEAR(set.left, -20037508.3427892, 1e-7);
    EXPECT_NEAR(set.top, 20037508.3427892, 1e-7);
    // Numbers of OGC 17-083r4 and of the well-known scale set GoogleMapsCompatible.
    EXPECT_NEAR(set.matrices[0].scale_denominator, 559082264.0287178, 1e-6);
    EXPECT_NEAR(set.matrices[0].cell_size, 156543.033928041, 1e-9);
    EXPECT_NEAR(set.matrices[10].scale_denominator, 545978.7734655447, 1e-9);
    EXPECT_NEAR(set.matrices[18].scale_denominator, 2132.729583849784, 1e-11);
    EXPECT_NEAR(set.matrices[24].cell_size, 0.00933069192934281, 1e-16);
    for (std::size_t level = 0; level < set.matrices.size(); ++level) {
        EXPECT_EQ(set.matrices[level].id, std::to_string(level));
        EXPECT_EQ(set.matrices[level].width, std::int64_t{1} << level);
        EXPECT_EQ(set.matrices[level].height, std::int64_t{1} << level);
    }
    expect_box(box_of(set, {0, 0, 0}), -20037508.3427892, -20037508.3427892, 20037508.3427892, 20037508.3427892, 1e-6);
    expect_box(box_of(set, {1, 0, 1}), 0, 0, 20037508.3427892, 20037508.3427892, 1e-6);
}

TEST(TileMatrixSets, GdiDeHasTheScalesOfTheRules)
{
    const TileMatrixSet& set = gdi();
    EXPECT_EQ(set.crs, "EPSG:25832");
    const std::vector<double> scales{10e6, 5e6, 2.5e6, 1e6, 500e3, 250e3, 100e3, 50e3, 25e3, 10e3, 5e3, 2.5e3, 1e3, 500, 250, 100};
    const std::vector<std::int64_t> tiles{2, 4, 8, 20, 40, 80, 200, 400, 800, 2000, 4000, 8000, 20000, 40000, 80000, 200000};
    ASSERT_EQ(set.matrices.size(), scales.size());
    for (std::size_t level = 0; level < scales.size(); ++level) {
        EXPECT_EQ(set.matrices[level].scale_denominator, scales[level]) << level;
        EXPECT_EQ(set.matrices[level].width, tiles[level]) << level;
        EXPECT_EQ(set.matrices[level].height, tiles[level]) << level;
    }
    // West -46133.17, north 6301219.54, edge 1433.6 km; 2800 m a pixel, 716.8 km a tile.
    expect_box(box_of(set, {0, 0, 0}), -46133.17, 5584419.54, 670666.83, 6301219.54, 1e-6);
    expect_box(box_of(set, {0, 1, 1}), 670666.83, 4867619.54, 1387466.83, 5584419.54, 1e-6);
    expect_box(box_of(set, {15, 0, 0}), -46133.17, 6301212.372, -46126.002, 6301219.54, 1e-6);
    expect_box(box_of(set, {15, 199999, 199999}), 1387459.662, 4867619.54, 1387466.83, 4867626.708, 1e-6);
    expect_box(box_of(set, {12, 4, 8}, 4, 64), -46133.17 + 0.28 * (8 * 256 - 64), 6301219.54 - 0.28 * (8 * 256 + 64), -46133.17 + 0.28 * (12 * 256 + 64), 6301219.54 - 0.28 * (4 * 256 - 64), 1e-6);
}

TEST(TileMatrixSets, PlacesLieInTheTilesThatEveryWebMapAsksFor)
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> longitude(-179, 179), latitude(-84, 84);
    base::RunContext run(1);
    for (int i = 0; i < 200; ++i) {
        const double lon = longitude(random), lat = latitude(random);
        std::vector<double> x{lon}, y{lat};
        crs::transform("OGC:CRS84", "EPSG:3857", x, y, run);
        for (const std::size_t level : {0U, 3U, 12U, 19U}) {
            const double n = std::ldexp(1.0, static_cast<int>(level));
            const double phi = lat * std::numbers::pi / 180;
            const auto column = static_cast<std::int64_t>((lon + 180) / 360 * n);
            const auto row = static_cast<std::int64_t>((1 - std::asinh(std::tan(phi)) / std::numbers::pi) / 2 * n);
            const auto limits = limits_of(mercator(), level, {x[0], y[0], x[0], y[0]});
            ASSERT_TRUE(limits);
            EXPECT_EQ(*limits, (TileLimits{row, row, column, column})) << lon << ' ' << lat << ' ' << level;
        }
    }
}

TEST(TileMatrixSets, LimitsAreTheTilesThatABoxMeets)
{
    // 1:1000: 71.68 m a tile.
    const double left = gdi().left, top = gdi().top;
    const table::Box box{left + 72, top - 300, left + 200, top - 10};
    EXPECT_EQ(limits_of(gdi(), 12, box), (TileLimits{0, 4, 1, 2}));
    EXPECT_EQ(limits_of(gdi(), 12, box, 32), (TileLimits{0, 4, 0, 2})) << "32 pixels are 8.96 m";
    EXPECT_EQ(limits_of(gdi(), 0, box), (TileLimits{0, 0, 0, 0}));
    EXPECT_EQ(limits_of(gdi(), 12, {left - 1e9, top - 1e9, left + 1e9, top + 1e9}), (TileLimits{0, 19999, 0, 19999}));
    EXPECT_FALSE(limits_of(gdi(), 12, {left - 500, top - 500, left - 400, top - 400})) << "west of all";
    EXPECT_FALSE(limits_of(gdi(), 12, {left + 2e6, top - 500, left + 3e6, top - 400})) << "east of all";
    EXPECT_FALSE(limits_of(gdi(), 12, table::Box::none()));
}

TEST(TileMatrixSets, NeighboursShareAnEdge)
{
    for (const TileMatrixSet& set : tile_matrix_sets())
        for (std::size_t level = 1; level < set.matrices.size(); ++level) {
            const std::int64_t row = set.matrices[level].height / 2, column = set.matrices[level].width / 3;
            const table::Box box = box_of(set, {level, row, column});
            EXPECT_DOUBLE_EQ(box.xmax, box_of(set, {level, row, column + 1}).xmin);
            EXPECT_DOUBLE_EQ(box.ymin, box_of(set, {level, row + 1, column}).ymax);
        }
}

}  // namespace
}  // namespace stadtgdi::tiles
