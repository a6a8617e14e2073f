// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/detail/crossings.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/locate.hpp>
#include <cmath>

namespace stadtgdi::geometry {

namespace {

void require_polygons(const table::GeometryColumn& geometry)
{
    if (!detail::is_polygonal(geometry.kind()))
        throw Error(ErrorKind::invalid_argument, base::filled({"Points can be located in polygons only, not in a column of {0}.",
                                                               "Punkte lassen sich nur in Polygonen verorten, nicht in einer Spalte der Art {0}."},
                                                              name_of(geometry.kind())));
}

}  // namespace

Location locate(const table::GeometryColumn& polygons, std::size_t row, double x, double y)
{
    require_polygons(polygons);
    const auto offsets = polygons.ring_offsets();
    const double* const px = polygons.x().data();
    const double* const py = polygons.y().data();
    Location out = Location::outside;
    if (std::isnan(x) || std::isnan(y)) return out;
    detail::each_part(polygons, row, [&](std::size_t first_ring, std::size_t last_ring) {
        if (out == Location::inside) return;
        detail::Crossings crossings{x, y};
        for (std::size_t ring = first_ring; ring < last_ring; ++ring)
            for (auto i = static_cast<std::size_t>(offsets[ring]); i + 1 < static_cast<std::size_t>(offsets[ring + 1]); ++i)
                crossings.edge(px[i], py[i], px[i + 1], py[i + 1]);
        if (crossings.on_edge)
            out = Location::boundary;
        else if (crossings.odd)
            out = Location::inside;
    });
    return out;
}

std::vector<std::int64_t> zone_of_points(std::span<const double> x, std::span<const double> y, const table::GeometryColumn& polygons,
                                         const index::PackedRTree& index, base::RunContext& run)
{
    require_polygons(polygons);
    if (x.size() != y.size()) throw Error(ErrorKind::internal, {"x and y of points differ in length.", "x und y von Punkten sind verschieden lang."});
    std::vector<std::int64_t> out(x.size(), -1);
    // Strips cost as much as a few look-ups: worth it where each polygon is asked often.
    std::vector<detail::Strips> strips;
    if (x.size() > polygons.size() * 8) {
        strips.resize(polygons.size());
        base::parallel_for(run, polygons.size(), 16, [&](std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row) strips[row] = detail::Strips(polygons, row);
        });
    }
    base::parallel_for(run, x.size(), 1024, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            std::int64_t best = -1;
            index.visit({x[i], y[i], x[i], y[i]}, [&](std::int64_t row) {
                if (best >= 0 && row > best) return true;
                const auto at = static_cast<std::size_t>(row);
                const Location where = strips.empty() ? locate(polygons, at, x[i], y[i]) : strips[at].locate(x[i], y[i]);
                if (where != Location::outside) best = row;
                return true;
            });
            out[i] = best;
        }
    });
    return out;
}

}  // namespace stadtgdi::geometry
