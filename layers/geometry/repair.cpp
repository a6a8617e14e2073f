// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/repair.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::geometry {

namespace {

enum class State : std::uint8_t { fine, repaired, rejected };

bool has_nan(const table::GeometryColumn& geometry, std::size_t row, std::size_t& at)
{
    const auto [first, last] = geometry.coordinates(row);
    for (at = first; at < last; ++at)
        if (!std::isfinite(geometry.x()[at]) || !std::isfinite(geometry.y()[at])) return true;
    return false;
}

/// What GEOS takes for an error, mended: open rings are closed; rings of fewer than four points, which hold no area, are left out,
/// with their polygon where they are its shell.
table::GeometryColumn with_whole_rings(const table::GeometryColumn& geometry, std::size_t row)
{
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, geometry.crs(), geometry.has_z());
    builder.begin_row();
    const auto offsets = geometry.ring_offsets();
    const auto x = geometry.x(), y = geometry.y(), z = geometry.z();
    const auto add = [&](std::size_t at) { z.empty() ? builder.add(x[at], y[at]) : builder.add(x[at], y[at], z[at]); };
    detail::each_part(geometry, row, [&](std::size_t first_ring, std::size_t last_ring) {
        for (std::size_t ring = first_ring; ring < last_ring; ++ring) {
            const auto first = static_cast<std::size_t>(offsets[ring]), end = static_cast<std::size_t>(offsets[ring + 1]);
            const bool open = end > first && (x[first] != x[end - 1] || y[first] != y[end - 1]);
            if (end - first + (open ? 1 : 0) < 4) {
                if (ring == first_ring) return;
                continue;
            }
            if (ring == first_ring) builder.begin_part();
            builder.begin_ring();
            for (std::size_t i = first; i < end; ++i) add(i);
            if (open) add(first);
        }
    });
    return std::move(builder).finish();
}

State repair(const table::GeometryColumn& polygons, std::size_t row, detail::GeosGeometry& out)
{
    if (polygons.part_count(row) == 0) return State::fine;
    std::size_t at = 0;
    if (has_nan(polygons, row, at)) return State::rejected;
    detail::GeosGeometry shape = detail::to_geos(polygons, row);
    if (shape && GEOSisValid_r(detail::context(), shape.get()) == 1) return State::fine;
    if (!shape) shape = detail::to_geos(with_whole_rings(polygons, row), 0);
    if (!shape) return State::rejected;
    out = detail::made_valid(shape.get());
    const bool good = out && detail::area_of(out.get()) > 0 && GEOSisValid_r(detail::context(), out.get()) == 1;
    return good ? State::repaired : State::rejected;
}

}  // namespace

Invalidity invalidity(const table::GeometryColumn& geometry, std::size_t row)
{
    if (geometry.part_count(row) == 0) return {};
    std::size_t at = 0;
    if (has_nan(geometry, row, at)) return {"Invalid Coordinate", geometry.x()[at], geometry.y()[at]};
    const auto first = geometry.coordinates(row).first;
    const detail::GeosGeometry shape = detail::to_geos(geometry, row);
    if (!shape) return {"Too few points in geometry component", geometry.x()[first], geometry.y()[first]};
    GEOSContextHandle_t const handle = detail::context();
    char* reason = nullptr;
    GEOSGeometry* place = nullptr;
    const char valid = GEOSisValidDetail_r(handle, shape.get(), 0, &reason, &place);
    Invalidity out;
    if (valid != 1) out = {reason ? reason : detail::last_message(), geometry.x()[first], geometry.y()[first]};
    if (place) {
        GEOSGeomGetX_r(handle, place, &out.x);
        GEOSGeomGetY_r(handle, place, &out.y);
    }
    GEOSGeom_destroy_r(handle, place);
    GEOSFree_r(handle, reason);
    return out;
}

Repaired repaired(const table::GeometryColumn& polygons, base::RunContext& run)
{
    if (!detail::is_polygonal(polygons.kind())) return {polygons, {}, {}};
    std::vector<State> states(polygons.size(), State::fine);
    std::vector<detail::GeosGeometry> shapes(polygons.size());
    base::parallel_for(run, polygons.size(), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) states[row] = repair(polygons, row, shapes[row]);
    });
    Repaired out;
    for (std::size_t row = 0; row < states.size(); ++row) {
        if (states[row] == State::repaired) out.repaired.push_back(static_cast<std::int64_t>(row));
        if (states[row] == State::rejected) out.rejected.push_back(static_cast<std::int64_t>(row));
    }
    if (out.repaired.empty() && out.rejected.empty()) {
        out.geometry = polygons.as_multi();
        return out;
    }
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, polygons.crs(), polygons.has_z());
    builder.reserve(polygons.size(), polygons.x().size());
    for (std::size_t row = 0; row < states.size(); ++row) {
        switch (states[row]) {
            case State::fine: builder.add_row(polygons, row); break;
            case State::repaired: detail::add_polygons(builder, shapes[row].get()); break;
            case State::rejected: builder.add_null(); break;
        }
    }
    out.geometry = std::move(builder).finish();
    return out;
}

}  // namespace stadtgdi::geometry
