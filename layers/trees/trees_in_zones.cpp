// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/trees_in_zones.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/trees/strip_index.hpp>
#include <layers/trees/zone_polygon.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::trees {

namespace {

/// Nearer to the border than this the exact test decides.
constexpr double near_border_m = 1e-6;

bool is_near_border(const ZonePolygon& zone, double x, double y)
{
    bool near = false;
    zone.visit_edges(y - near_border_m, y + near_border_m, [&](std::uint32_t number) {
        const ZonePolygon::Edge& edge = zone.edges()[number];
        const double wx = x - edge.ax, wy = y - edge.ay;
        const double along = std::clamp(wx * edge.ux + wy * edge.uy, 0.0, edge.length);
        near |= std::hypot(wx - along * edge.ux, wy - along * edge.uy) <= near_border_m;
    });
    return near;
}

struct Found {
    std::vector<std::int64_t> inside, boundary;
};

}  // namespace

ZoneMembers trees_in_zones(const table::GeometryColumn& points, const std::vector<bool>& used, const table::GeometryColumn& zones, base::RunContext& run)
{
    const auto takes = [&](std::int64_t row) {
        const auto i = static_cast<std::size_t>(row);
        return points.valid(i) && (used.empty() || used[i]);
    };
    const StripIndex index(points.x(), points.y(), {}, run);
    std::vector<Found> found(zones.size());
    base::parallel_for(run, zones.size(), zones.size() > 1000 ? 32 : 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t zone = begin; zone < end; ++zone) {
            run.throw_if_stopped();
            const ZonePolygon polygon(zones, zone);
            if (polygon.empty()) continue;
            index.visit(polygon.box(), [&](std::size_t i) {
                const std::int64_t row = index.row(i);
                if (!takes(row)) return;
                const double x = index.x(i) - polygon.origin_x(), y = index.y(i) - polygon.origin_y();
                if (is_near_border(polygon, x, y)) {
                    const auto place = geometry::locate(zones, zone, index.x(i), index.y(i));
                    if (place == geometry::Location::inside) found[zone].inside.push_back(row);
                    if (place == geometry::Location::boundary) found[zone].boundary.push_back(row);
                } else if (polygon.contains(x, y)) {
                    found[zone].inside.push_back(row);
                }
            });
        }
    });
    std::vector<bool> placed(points.size(), false), on_border_before(points.size(), false);
    ZoneMembers members;
    members.first.push_back(0);
    for (Found& zone : found) {
        for (const std::int64_t row : zone.boundary) {
            const auto i = static_cast<std::size_t>(row);
            if (!on_border_before[i]) zone.inside.push_back(row);
            on_border_before[i] = true;
        }
        std::sort(zone.inside.begin(), zone.inside.end());
        for (const std::int64_t row : zone.inside) placed[static_cast<std::size_t>(row)] = true;
        members.rows.insert(members.rows.end(), zone.inside.begin(), zone.inside.end());
        members.first.push_back(members.rows.size());
    }
    for (std::size_t row = 0; row < points.size(); ++row)
        if (!placed[row] && takes(static_cast<std::int64_t>(row))) ++members.outside;
    return members;
}

}  // namespace stadtgdi::trees
