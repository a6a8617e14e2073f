// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <span>

namespace stadtgdi::geometry {

/// Intersection, union and buffer by GEOS, one row with one row; results are multi polygons,
/// null where nothing remains. Invalid input is made valid first; Error(bad_data) where GEOS cannot work with it.
double intersection_area(const table::GeometryColumn& a, std::size_t row_a, const table::GeometryColumn& b, std::size_t row_b);
/// All rows unioned into one multi polygon row.
table::GeometryColumn unioned(const table::GeometryColumn& polygons, base::RunContext& run);
/// The same group by group: row g holds the rows whose group is g; -1 belongs to none. In parallel, and many small unions
/// are much faster than a large one where it is known which polygons can meet.
table::GeometryColumn unioned_by_group(const table::GeometryColumn& polygons, std::span<const std::int64_t> groups, std::size_t group_count,
                                       base::RunContext& run);
enum class Side { inside, outside };
/// The part of each polygon inside, or outside, of all areas together, which may overlap.
table::GeometryColumn cut(const table::GeometryColumn& polygons, const table::GeometryColumn& areas, Side side, base::RunContext& run);
/// Row i buffered by distances_m[i], `segments` per quadrant.
table::GeometryColumn buffered(const table::GeometryColumn& geometry, std::span<const double> distances_m, int segments, base::RunContext& run);
/// Coordinates rounded to multiples of `cell`, and valid after it: what meets in rounding is joined, what loses its area is left out.
table::GeometryColumn on_grid(const table::GeometryColumn& polygons, double cell, base::RunContext& run);
/// The part of each polygon that lies in the box.
table::GeometryColumn clipped(const table::GeometryColumn& polygons, const table::Box& box, base::RunContext& run);

}  // namespace stadtgdi::geometry
