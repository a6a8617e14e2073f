// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/canopy_cover.hpp>
#include <layers/trees/trees_in_zones.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace stadtgdi::trees {

std::vector<ZoneCanopy> canopy_cover(const table::GeometryColumn& trees, const std::vector<bool>& used, const Crowns& crowns,
                                     const table::GeometryColumn& zones, const table::GeometryColumn& counted, base::RunContext& run)
{
    std::vector<double> radius_m(trees.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < trees.size(); ++row)
        if (used[row]) radius_m[row] = crowns.diameter_m[row] / 2;
    run.progress(0.2, {"Uniting crowns", "Kronen vereinigen"});
    const DiscUnion discs(trees.x(), trees.y(), radius_m, run);
    run.progress(0.5, {"Clipping to the zones", "Zuschneiden auf die Zonen"});
    const std::vector<DiscUnion::Cover> covers = discs.within_each(counted, run);
    run.progress(0.9, {"Counting trees", "Bäume zählen"});
    const ZoneMembers members = trees_in_zones(trees, used, zones, run);

    std::vector<ZoneCanopy> canopy(zones.size());
    for (std::size_t zone = 0; zone < zones.size(); ++zone) {
        canopy[zone].area_m2 = ZonePolygon(zones, zone).area();
        canopy[zone].reference_m2 = ZonePolygon(counted, zone).area();
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

CrownPatches crown_patches(const table::GeometryColumn& trees, std::span<const double> radius_m, base::RunContext& run)
{
    std::vector<double> radius(radius_m.begin(), radius_m.end());
    for (double& r : radius)
        if (!(r > 0)) r = -1;  // the index leaves it out
    const StripIndex discs(trees.x(), trees.y(), radius, run);
    std::vector<std::size_t> parent(discs.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parent[i] != i) {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        return i;
    };
    for (std::size_t i = 0; i < discs.size(); ++i) {
        const double x = discs.x(i), y = discs.y(i), r = discs.radius(i);
        discs.visit({x - r, y - r, x + r, y + r}, [&](std::size_t j) {
            if (j < i && std::hypot(discs.x(j) - x, discs.y(j) - y) < r + discs.radius(j)) parent[root(j)] = root(i);
        });
    }
    std::vector<std::int64_t> root_of(trees.size(), -1), number(discs.size(), -1);
    for (std::size_t i = 0; i < discs.size(); ++i) root_of[static_cast<std::size_t>(discs.row(i))] = static_cast<std::int64_t>(root(i));
    CrownPatches patches{std::vector<std::int64_t>(trees.size(), -1)};
    for (std::size_t row = 0; row < trees.size(); ++row) {
        if (root_of[row] < 0) continue;
        std::int64_t& mine = number[static_cast<std::size_t>(root_of[row])];
        if (mine < 0) mine = static_cast<std::int64_t>(patches.count++);
        patches.of[row] = mine;
    }
    return patches;
}

}  // namespace stadtgdi::trees
