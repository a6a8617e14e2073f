// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::tiles {

/// One level of a tile matrix set: a grid of tiles, rows counted from the top.
struct TileMatrix {
    std::string id;
    double scale_denominator;     ///< of pixels of 0.28 mm
    double cell_size;             ///< units of the CRS a pixel
    std::int64_t width, height;   ///< tiles
};

/// A tiling of a CRS (OGC 17-083r4). All matrices have the same corner and the same size of tiles.
struct TileMatrixSet {
    std::string id;
    base::Text title;
    std::string crs;              ///< "EPSG:25832"
    std::string uri;              ///< of OGC's register; empty: not in it
    std::string well_known_scale_set;
    double left, top;             ///< upper left corner of every matrix
    std::vector<TileMatrix> matrices;  ///< coarsest first
};

constexpr int tile_size = 256;    ///< pixels, both ways

struct TileIndex {
    std::size_t level = 0;        ///< of the matrices
    std::int64_t row = 0, column = 0;
    friend bool operator==(const TileIndex&, const TileIndex&) = default;
};

/// All that are offered.
const std::vector<TileMatrixSet>& tile_matrix_sets();
const TileMatrixSet* find_tile_matrix_set(std::string_view id);
std::optional<std::size_t> find_level(const TileMatrixSet& set, std::string_view matrix);

/// The ground of a tile, or of a block of tiles from this one on, with so many pixels more on every side.
table::Box box_of(const TileMatrixSet& set, const TileIndex& tile, int tiles = 1, double margin_pixels = 0);

/// First and last rows and columns of a matrix that a box meets, grown by so many pixels; none where it meets nothing.
struct TileLimits {
    std::int64_t first_row, last_row, first_column, last_column;
    bool contains(const TileIndex& tile) const { return tile.row >= first_row && tile.row <= last_row && tile.column >= first_column && tile.column <= last_column; }
    friend bool operator==(const TileLimits&, const TileLimits&) = default;
};
std::optional<TileLimits> limits_of(const TileMatrixSet& set, std::size_t level, const table::Box& box, double margin_pixels = 0);

}  // namespace stadtgdi::tiles
