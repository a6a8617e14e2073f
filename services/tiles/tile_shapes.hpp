// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <vector>

namespace stadtgdi::tiles {

struct TilePoint {
    std::int32_t x, y;  ///< from the upper left corner of the tile, down
    friend bool operator==(const TilePoint&, const TilePoint&) = default;
};

/// A geometry in the whole units of a tile.
struct TileShape {
    enum class Type { none = 0, point = 1, line = 2, polygon = 3 } type = Type::none;  ///< as the format counts them; none: nothing of it is left
    /// Points all in one; lines; rings without the closing point, a shell before its holes, shells with a positive area.
    std::vector<std::vector<TilePoint>> parts;
    double size = 0;  ///< area or length, in units
};

constexpr int tile_extent = 4096;  ///< units, both ways
constexpr int tile_buffer = 128;   ///< units around the tile that shapes are kept in

/// The part of a row in a tile and the buffer around it: clipped, simplified by half a unit at most, rounded; polygons are valid
/// after it, rings and lines without extent are left out. `tile`: its ground in the CRS of the geometry.
TileShape tile_shape(const table::GeometryColumn& geometry, std::size_t row, const table::Box& tile, base::RunContext& run);

/// Twice the area of a ring, positive where it runs clockwise to the eye (y down).
std::int64_t doubled_area(const std::vector<TilePoint>& ring);

}  // namespace stadtgdi::tiles
