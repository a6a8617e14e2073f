// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <optional>
#include <utility>

namespace stadtgdi::geometry {

/// Whether a row's geometry and the box share a point (BBOX of WFS and OGC API: not disjoint); edges count. Exact up to the
/// rounding of one intersection; false for null, empty and NaN.
bool intersects(const table::GeometryColumn& geometry, std::size_t row, const table::Box& box);

/// From where to where along a segment (0 to 1) it lies in the box, edges included (Liang and Barsky); nothing: nowhere.
std::optional<std::pair<double, double>> share_within(double x0, double y0, double x1, double y1, const table::Box& box);

}  // namespace stadtgdi::geometry
