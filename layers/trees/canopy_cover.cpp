// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/canopy_cover.hpp>
#include <layers/trees/trees_in_zones.hpp>
#include <limits>

namespace stadtgdi::trees {

std::vector<ZoneCanopy> canopy_cover(const table::GeometryColumn& trees, const std::vector<bool>& used, const Crowns& crowns,
                                     const table::GeometryColumn& zones, base::RunContext& run)
{
    std::vector<double> radius_m(trees.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < trees.size(); ++row)
        if (used[row]) radius_m[row] = crowns.diameter_m[row] / 2;
    run.progress(0.2, {"Uniting crowns", "Kronen vereinigen"});
    const DiscUnion discs(trees.x(), trees.y(), radius_m, run);
    run.progress(0.5, {"Clipping to the zones", "Zuschneiden auf die Zonen"});
    const std::vector<DiscUnion::Cover> covers = discs.within_each(zones, run);
    run.progress(0.9, {"Counting trees", "Bäume zählen"});
    const ZoneMembers members = trees_in_zones(trees, used, zones, run);

    std::vector<ZoneCanopy> canopy(zones.size());
    for (std::size_t zone = 0; zone < zones.size(); ++zone) {
        canopy[zone].area_m2 = ZonePolygon(zones, zone).area();
        canopy[zone].crowns = covers[zone];
        for (const std::int64_t row : members.of(zone)) {
            const CrownOrigin origin = crowns.origin[static_cast<std::size_t>(row)];
            ++canopy[zone].trees;
            canopy[zone].estimated += is_estimated(origin);
            canopy[zone].unknown += origin == CrownOrigin::unknown;
        }
    }
    return canopy;
}

}  // namespace stadtgdi::trees
