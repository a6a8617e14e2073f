// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <span>
#include <vector>

namespace stadtgdi::trees {

/// The points of each zone, ascending: a point within several zones that overlap counts in each; a point on a border
/// counts once among zones that only meet there, in the one with the smallest row number; where zones of several levels share the
/// border (districts and their boroughs), once in each level.
struct ZoneMembers {
    std::vector<std::size_t> first;   ///< of a zone in rows; one more than zones
    std::vector<std::int64_t> rows;
    std::int64_t outside = 0;         ///< points in no zone

    std::span<const std::int64_t> of(std::size_t zone) const { return std::span(rows).subspan(first[zone], first[zone + 1] - first[zone]); }
};

/// `used` (one a point; empty: all) leaves points out. Same CRS for both.
ZoneMembers trees_in_zones(const table::GeometryColumn& points, const std::vector<bool>& used, const table::GeometryColumn& zones, base::RunContext& run);

}  // namespace stadtgdi::trees
