// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace stadtgdi::io {

/// The order in which a GeoPackage gives the rows of a window: that of its spatial index, by depth first, and not that of the row
/// ids. What is drawn on top of what depends on it.
struct WindowOrder {
    std::vector<std::int64_t> ids;                ///< of all rows in the index; empty: a window's rows come as all rows do
    table::Box extent = table::Box::none();       ///< as the file says; a window around it has the order of the row ids
};

/// Nothing of a file that cannot be read or has no such layer or index.
WindowOrder window_order(const std::string& path, const std::string& layer);

}  // namespace stadtgdi::io
