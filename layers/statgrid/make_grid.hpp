// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/statgrid/cell_shares.hpp>
#include <layers/table/table.hpp>

namespace stadtgdi::statgrid {

/// The cells that an extent in EPSG:3035 reaches into. Cells are half open: a border of the extent that lies on a border
/// of cells adds no further cells, but `with_far_border` does (points on it belong to the next cell).
/// Error(invalid_argument) outside the grid (E 900 to 7400 km, N 900 to 5500 km) and for more than max_cells cells.
CellBlock cells_over(const table::Box& extent, std::int64_t size_m, std::int64_t max_cells, bool with_far_border = false);

/// The cells as a table: cell_code, cell_code_short, size_m, east_m, north_m and squares in EPSG:3035, row by row from the south
/// west. With `shares` (one a cell of the block) only cells with a share, and the column share_in_zone. `prefix` ("DE_") comes
/// before cell_code.
table::Table grid_table(const CellBlock& block, const std::vector<double>* shares, base::RunContext& run, const std::string& prefix = {});

}  // namespace stadtgdi::statgrid
