// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/statgrid/cell_code.hpp>
#include <layers/table/geometry_column.hpp>
#include <vector>

namespace stadtgdi::statgrid {

/// A block of cells of one size: columns to the east, rows to the north of `first`.
struct CellBlock {
    Cell first;
    std::int64_t columns = 0, rows = 0;
    std::int64_t count() const { return columns * rows; }
};

/// The share (0 to 1) of each cell, row by row from the south west, that lies in the polygons. They must be in
/// EPSG:3035, valid, and must not overlap one another. Exact; cost: the corners times the depth of the halving, by and
/// large corners x log(cells), plus the cells.
std::vector<double> cell_shares(const table::GeometryColumn& polygons, const CellBlock& block);

}  // namespace stadtgdi::statgrid
