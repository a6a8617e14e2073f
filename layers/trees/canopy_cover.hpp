// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/trees/crown_estimate.hpp>
#include <layers/trees/disc_union.hpp>
#include <span>
#include <vector>

namespace stadtgdi::trees {

/// What one zone gets.
struct ZoneCanopy {
    double area_m2 = 0;              ///< of the zone; 0: it has no geometry
    DiscUnion::Cover crowns;         ///< union and sum of the crowns within the zone
    std::int64_t trees = 0;          ///< that stand in the zone
    std::int64_t estimated = 0;      ///< of these with estimated crowns
    std::int64_t unknown = 0;        ///< of these without crown
};

/// Canopy cover (Überschirmung) of each zone: crowns are discs around the trees, and where they overlap the ground counts
/// once. Crowns on a border are split; trees outside a zone count with the part of their crown that reaches in.
///
/// Points and zones in one metric CRS, zones valid. Rows not in use (felled, without position) are left out, crowns of
/// NaN metres are counted as unknown. Exact (see DiscUnion), the same for any number of threads; cost O(n log n).
///     auto canopy = canopy_cover(trees.geometry(), used, crowns, zones.geometry, run);
///     double share = canopy[0].crowns.union_m2 / canopy[0].area_m2;
std::vector<ZoneCanopy> canopy_cover(const table::GeometryColumn& trees, const std::vector<bool>& used, const Crowns& crowns,
                                     const table::GeometryColumn& zones, base::RunContext& run);

}  // namespace stadtgdi::trees
