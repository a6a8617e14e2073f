// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/crs/crs.hpp>
#include <layers/table/table.hpp>

namespace stadtgdi::crs {

/// Transforms coordinates in place, x = easting or longitude, y = northing or latitude on both sides, in parallel over
/// `run`. Coordinates outside the CRS's domain become NaN; NaN stays NaN. Cost: about 150 ns a point and thread.
void transform(std::string_view from, std::string_view to, std::span<double> x, std::span<double> y, base::RunContext& run);

/// The geometry in another CRS; the column itself where it already is. Rows with a coordinate that cannot be
/// transformed keep NaN there.
table::GeometryColumn transformed(const table::GeometryColumn& geometry, std::string_view to, base::RunContext& run);
table::Table transformed(const table::Table& table, std::string_view to, base::RunContext& run);

/// The box around a box in another CRS, edges densified by 21 points a side; empty where nothing of it can be shown.
table::Box transformed(const table::Box& box, std::string_view from, std::string_view to);

}  // namespace stadtgdi::crs
