// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <string>
#include <vector>

namespace stadtgdi::operation {

/// Zones (districts, blocks, cells) ready for a kernel: valid multi polygons in the CRS asked for. Invalid ones are
/// repaired, what stays invalid is null; both are findings of the layer `name`.
struct Zones {
    table::GeometryColumn geometry;
    std::vector<bool> repaired;     ///< by row
    std::int64_t n_repaired = 0;
    std::int64_t n_rejected = 0;
};

/// Edges longer than 250 m get more corners before a reprojection, so that a straight border stays where it is.
Zones prepared_zones(const table::Table& zones, const std::string& crs, const std::string& name, base::RunContext& run);

/// Rings and lines with no edge longer than max_edge_m (in the units of the CRS).
table::GeometryColumn densified(const table::GeometryColumn& geometry, double max_edge_m);

}  // namespace stadtgdi::operation
