// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/trees_in_zones.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/trees/strip_index.hpp>
#include <layers/trees/zone_polygon.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_map>

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

/// A point on the border, and in which of 64 directions from it the zone lies.
struct OnBorder {
    std::int64_t row;
    std::uint64_t directions;
};

struct Found {
    std::vector<std::int64_t> inside;
    std::vector<OnBorder> boundary;
};

/// Two zones that share a direction overlap there (a district and its borough), others only meet.
std::uint64_t directions_into(const ZonePolygon& zone, double x, double y)
{
    constexpr double step_m = 1e-3;
    std::uint64_t directions = 0;
    for (int k = 0; k < 64; ++k) {
        // Off the axes, along which borders like to run.
        const double angle = (k + 0.37) * std::numbers::pi / 32;
        if (zone.contains(x + step_m * std::cos(angle), y + step_m * std::sin(angle))) directions |= std::uint64_t{1} << k;
    }
    return directions;
}

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
                    if (place == geometry::Location::boundary) found[zone].boundary.push_back({row, directions_into(polygon, x, y)});
                } else if (polygon.contains(x, y)) {
                    found[zone].inside.push_back(row);
                }
            });
        }
    });
    std::vector<bool> placed(points.size(), false);
    std::unordered_map<std::int64_t, std::vector<std::uint64_t>> taken;   // directions of the zones that count a point of their border
    ZoneMembers members;
    members.first.push_back(0);
    for (Found& zone : found) {
        for (const auto& [row, directions] : zone.boundary) {
            std::vector<std::uint64_t>& others = taken[row];
            if (!std::all_of(others.begin(), others.end(), [own = directions](std::uint64_t other) { return (own & other) != 0; })) continue;
            others.push_back(directions);
            zone.inside.push_back(row);
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
