// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>

namespace stadtgdi::geometry {

/// Whether a row's geometry and the box share a point (BBOX of WFS and OGC API: not disjoint); edges count. Exact up to the
/// rounding of one intersection; false for null, empty and NaN.
bool intersects(const table::GeometryColumn& geometry, std::size_t row, const table::Box& box);

}  // namespace stadtgdi::geometry
