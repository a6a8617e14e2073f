// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <vector>

namespace stadtgdi::geometry {

/// Little-endian ISO WKB of a row, appended to `out`; nothing for null.
void append_wkb(const table::GeometryColumn& geometry, std::size_t row, std::vector<std::uint8_t>& out);

}  // namespace stadtgdi::geometry
