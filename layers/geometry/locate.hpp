// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/index/packed_rtree.hpp>
#include <layers/table/geometry_column.hpp>

namespace stadtgdi::geometry {

enum class Location { outside, boundary, inside };

/// Exact on the boundary (robust orientation test). Error(invalid_argument) where the column has no polygons.
Location locate(const table::GeometryColumn& polygons, std::size_t row, double x, double y);

/// For each point the polygon that holds it, -1 for none. A point on a border belongs to exactly one polygon, the one
/// with the smallest row number. Any point outside all polygons but within their gaps gives -1.
std::vector<std::int64_t> zone_of_points(std::span<const double> x, std::span<const double> y, const table::GeometryColumn& polygons,
                                         const index::PackedRTree& index, base::RunContext& run);

}  // namespace stadtgdi::geometry
