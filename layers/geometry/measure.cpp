// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/geometry/measure.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stadtgdi::geometry {

using table::GeometryColumn;
using table::GeometryKind;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Run {
    std::size_t first, last;  // coordinates
};

Run ring_run(const GeometryColumn& g, std::size_t ring)
{
    const auto offsets = g.ring_offsets();
    return {static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1])};
}

/// Calls visit for each line or ring of a row; points have none.
template <class Visit> void each_line(const GeometryColumn& g, std::size_t row, const Visit& visit)
{
    if (g.kind() == GeometryKind::line) {
        const auto [first, last] = g.coordinates(row);
        visit(Run{first, last});
    } else if (g.level_count() >= 2) {
        const auto [first, last] = g.rings(row);
        for (std::size_t ring = first; ring < last; ++ring) visit(ring_run(g, ring));
    }
}

/// Twice the signed area and its moment, relative to (x0, y0): sums of large coordinates would lose digits.
struct Moment {
    double area2 = 0, x = 0, y = 0;
};

Moment ring_moment(const GeometryColumn& g, Run run, double x0, double y0)
{
    Moment out;
    const double* const x = g.x().data();
    const double* const y = g.y().data();
    for (std::size_t i = run.first; i + 1 < run.last; ++i) {
        const double ax = x[i] - x0, ay = y[i] - y0, bx = x[i + 1] - x0, by = y[i + 1] - y0;
        const double cross = ax * by - bx * ay;
        out.area2 += cross;
        out.x += cross * (ax + bx);
        out.y += cross * (ay + by);
    }
    return out;
}

/// Of the whole row; shells count positive and holes negative whatever way they turn.
Moment polygon_moment(const GeometryColumn& g, std::size_t row, double x0, double y0)
{
    Moment sum;
    detail::each_part(g, row, [&](std::size_t first, std::size_t last) {
        for (std::size_t ring = first; ring < last; ++ring) {
            const Moment one = ring_moment(g, ring_run(g, ring), x0, y0);
            const double sign = (one.area2 < 0) == (ring == first) ? -1 : 1;
            sum.area2 += sign * one.area2;
            sum.x += sign * one.x;
            sum.y += sign * one.y;
        }
    });
    return sum;
}

double segment_length(const GeometryColumn& g, std::size_t i)
{
    const double dx = g.x()[i + 1] - g.x()[i], dy = g.y()[i + 1] - g.y()[i];
    return std::sqrt(dx * dx + dy * dy);
}

double squared_distance_to_segment(double x, double y, double ax, double ay, double bx, double by)
{
    const double dx = bx - ax, dy = by - ay;
    const double square = dx * dx + dy * dy;
    const double share = square > 0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / square, 0.0, 1.0) : 0.0;
    const double ex = ax + share * dx - x, ey = ay + share * dy - y;
    return ex * ex + ey * ey;
}

}  // namespace

double area(const GeometryColumn& geometry, std::size_t row)
{
    if (!detail::is_polygonal(geometry.kind())) return 0;
    double sum = 0;
    detail::each_part(geometry, row, [&](std::size_t first, std::size_t last) {
        for (std::size_t ring = first; ring < last; ++ring) {
            const Run run = ring_run(geometry, ring);
            if (run.first == run.last) continue;
            const double x0 = geometry.x()[run.first], y0 = geometry.y()[run.first];
            const double one = std::abs(ring_moment(geometry, run, x0, y0).area2);
            sum += ring == first ? one : -one;
        }
    });
    return std::max(sum / 2, 0.0);
}

double length(const GeometryColumn& geometry, std::size_t row)
{
    double sum = 0;
    each_line(geometry, row, [&](Run run) {
        for (std::size_t i = run.first; i + 1 < run.last; ++i) sum += segment_length(geometry, i);
    });
    return sum;
}

Point centroid(const GeometryColumn& geometry, std::size_t row)
{
    const auto [first, last] = geometry.coordinates(row);
    if (first == last || geometry.part_count(row) == 0) return {nan, nan};
    const double x0 = geometry.x()[first], y0 = geometry.y()[first];
    if (detail::is_polygonal(geometry.kind())) {
        const Moment moment = polygon_moment(geometry, row, x0, y0);
        if (std::abs(moment.area2) > 0) return {x0 + moment.x / 3 / moment.area2, y0 + moment.y / 3 / moment.area2};
    }
    // Lines, and polygons without area.
    double weight = 0, x = 0, y = 0;
    each_line(geometry, row, [&](Run run) {
        for (std::size_t i = run.first; i + 1 < run.last; ++i) {
            const double part = segment_length(geometry, i);
            weight += part;
            x += part * ((geometry.x()[i] - x0) + (geometry.x()[i + 1] - x0)) / 2;
            y += part * ((geometry.y()[i] - y0) + (geometry.y()[i + 1] - y0)) / 2;
        }
    });
    if (weight > 0) return {x0 + x / weight, y0 + y / weight};
    // Points, and lines without length, of which the first point counts.
    x = y = 0;
    const auto add = [&](std::size_t i) {
        weight += 1;
        x += geometry.x()[i] - x0;
        y += geometry.y()[i] - y0;
    };
    if (geometry.kind() == GeometryKind::point || geometry.kind() == GeometryKind::multi_point)
        for (std::size_t i = first; i < last; ++i) add(i);
    else
        each_line(geometry, row, [&](Run run) {
            if (run.first < run.last) add(run.first);
        });
    return {x0 + x / weight, y0 + y / weight};
}

Point point_on_surface(const GeometryColumn& geometry, std::size_t row)
{
    Point out{nan, nan};
    if (geometry.part_count(row) == 0) return out;
    if (geometry.kind() == GeometryKind::point) return {geometry.x()[row], geometry.y()[row]};
    const detail::GeosGeometry shape = detail::to_geos(geometry, row);
    const detail::GeosGeometry point(shape ? GEOSPointOnSurface_r(detail::context(), shape.get()) : nullptr);
    if (!point || GEOSisEmpty_r(detail::context(), point.get()) != 0) return centroid(geometry, row);
    GEOSGeomGetX_r(detail::context(), point.get(), &out.x);
    GEOSGeomGetY_r(detail::context(), point.get(), &out.y);
    return out;
}

double distance(const GeometryColumn& geometry, std::size_t row, double x, double y)
{
    if (geometry.part_count(row) == 0) return nan;
    const auto gx = geometry.x(), gy = geometry.y();
    double best = std::numeric_limits<double>::infinity();
    const auto point = [&](std::size_t i) { best = std::min(best, (gx[i] - x) * (gx[i] - x) + (gy[i] - y) * (gy[i] - y)); };
    if (geometry.kind() == GeometryKind::point || geometry.kind() == GeometryKind::multi_point) {
        const auto [first, last] = geometry.coordinates(row);
        for (std::size_t i = first; i < last; ++i) point(i);
        return std::sqrt(best);
    }
    if (detail::is_polygonal(geometry.kind()) && geometry.box(row).contains(x, y) && locate(geometry, row, x, y) != Location::outside) return 0;
    each_line(geometry, row, [&](Run run) {
        if (run.last - run.first == 1) point(run.first);
        for (std::size_t i = run.first; i + 1 < run.last; ++i)
            best = std::min(best, squared_distance_to_segment(x, y, gx[i], gy[i], gx[i + 1], gy[i + 1]));
    });
    return std::sqrt(best);
}

}  // namespace stadtgdi::geometry
