// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/zones.hpp>
#include <layers/crs/transform.hpp>
#include <layers/geometry/repair.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::operation {

table::GeometryColumn densified(const table::GeometryColumn& geometry, double max_edge_m)
{
    using table::GeometryKind;
    const bool has_parts = geometry.kind() == GeometryKind::multi_polygon;
    if (geometry.level_count() < 2 || !(max_edge_m > 0)) return geometry;
    table::GeometryBuilder out(geometry.kind(), geometry.crs());
    const auto rings = geometry.ring_offsets();
    const auto add_ring = [&](std::size_t ring) {
        out.begin_ring();
        const auto first = static_cast<std::size_t>(rings[ring]);
        const auto last = static_cast<std::size_t>(rings[ring + 1]);
        for (std::size_t i = first; i < last; ++i) {
            const double x = geometry.x()[i], y = geometry.y()[i];
            out.add(x, y);
            if (i + 1 == last) break;
            const double dx = geometry.x()[i + 1] - x, dy = geometry.y()[i + 1] - y;
            const double pieces = std::ceil(std::hypot(dx, dy) / max_edge_m);
            for (double piece = 1; piece < std::min(pieces, 1e5); ++piece) out.add(x + dx * piece / pieces, y + dy * piece / pieces);
        }
    };
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (!geometry.valid(row)) {
            out.add_null();
            continue;
        }
        out.begin_row();
        const auto level0 = geometry.level(0);
        for (auto part = static_cast<std::size_t>(level0[row]); part < static_cast<std::size_t>(level0[row + 1]); ++part) {
            if (!has_parts) {
                add_ring(part);
                continue;
            }
            out.begin_part();
            const auto level1 = geometry.level(1);
            for (auto ring = static_cast<std::size_t>(level1[part]); ring < static_cast<std::size_t>(level1[part + 1]); ++ring) add_ring(ring);
        }
    }
    return std::move(out).finish();
}

Zones prepared_zones(const table::Table& zones, const std::string& crs, const std::string& name, base::RunContext& run)
{
    const table::GeometryColumn& given = zones.geometry();
    const auto finding = [&](std::int64_t row, const char* rule, base::Severity severity, base::Text message) {
        base::Finding f;
        f.rule = rule;
        f.severity = severity;
        f.layer = name;
        f.row = row;
        f.message = std::move(message);
        run.report(std::move(f));
    };
    // Repair where the data were made: a reprojection could hide or make an error.
    geometry::Repaired repaired = geometry::repaired(given, run);
    Zones out;
    out.repaired.assign(given.size(), false);
    for (const std::int64_t row : repaired.repaired) {
        out.repaired[static_cast<std::size_t>(row)] = true;
        finding(row, "zone.repaired", base::Severity::warning,
                {"The polygon was invalid and was repaired for the calculation.", "Die Fläche war ungültig und wurde für die Berechnung repariert."});
    }
    for (const std::int64_t row : repaired.rejected)
        finding(row, "zone.rejected", base::Severity::error,
                {"The polygon is invalid and cannot be repaired; it is left out of the calculation.", "Die Fläche ist ungültig und nicht reparierbar; sie bleibt bei der Berechnung außer Betracht."});
    out.n_repaired = static_cast<std::int64_t>(repaired.repaired.size());
    out.n_rejected = static_cast<std::int64_t>(repaired.rejected.size());
    out.geometry = std::move(repaired.geometry);
    if (given.crs() == crs || crs.empty()) return out;
    if (given.crs().empty()) {
        finding(-1, "zone.crs", base::Severity::warning,
                base::filled({"The layer has no CRS; {0} is assumed.", "Der Layer hat kein Koordinatensystem; {0} wird angenommen."}, crs));
        return out;
    }
    constexpr double max_edge_m = 250;
    if (!crs::info(given.crs()).geographic) out.geometry = densified(out.geometry, max_edge_m / crs::info(given.crs()).metres_per_unit);
    else out.geometry = densified(out.geometry, max_edge_m / 111320.0);
    out.geometry = crs::transformed(out.geometry, crs, run);
    return out;
}

}  // namespace stadtgdi::operation
