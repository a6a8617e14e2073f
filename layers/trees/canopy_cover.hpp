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
    double reference_m2 = 0;         ///< of its part that counts
    DiscUnion::Cover crowns;         ///< union and sum of the crowns within that part
    std::int64_t trees = 0;          ///< that stand in the zone
    std::int64_t estimated = 0;      ///< of these with estimated crowns
    std::int64_t unknown = 0;        ///< of these without crown
};

/// Canopy cover (Überschirmung) of each zone: crowns are discs around the trees, and where they overlap the ground counts
/// once. Crowns on a border are split; trees outside a zone count with the part of their crown that reaches in.
///
/// `counted` is the part of each zone that counts, such as the zone without water; the zones themselves where all of it does.
/// Points and zones in one metric CRS, zones valid. Rows not in use (felled, without position) are left out, crowns of
/// NaN metres are counted as unknown. Exact (see DiscUnion), the same for any number of threads; cost O(n log n).
///     auto canopy = canopy_cover(trees.geometry(), used, crowns, zones.geometry, zones.geometry, run);
///     double share = canopy[0].crowns.union_m2 / canopy[0].reference_m2;
std::vector<ZoneCanopy> canopy_cover(const table::GeometryColumn& trees, const std::vector<bool>& used, const Crowns& crowns,
                                     const table::GeometryColumn& zones, const table::GeometryColumn& counted, base::RunContext& run);

/// Which crowns hang together: discs that overlap, also through others, have the same number; -1 without a disc. `count` numbers,
/// from 0, in the order of the rows.
struct CrownPatches {
    std::vector<std::int64_t> of;
    std::size_t count = 0;
};
CrownPatches crown_patches(const table::GeometryColumn& trees, std::span<const double> radius_m, base::RunContext& run);

}  // namespace stadtgdi::trees
