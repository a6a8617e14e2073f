// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/box_filter.hpp>
#include <algorithm>

namespace stadtgdi::geometry {

using table::Box;

std::optional<std::pair<double, double>> share_within(double x0, double y0, double x1, double y1, const Box& box)
{
    double from = 0, to = 1;
    const auto clip = [&](double step, double room) {
        // step * t <= room must hold
        if (step == 0) return room >= 0;
        const double t = room / step;
        if (step < 0)
            from = std::max(from, t);
        else
            to = std::min(to, t);
        return from <= to;
    };
    const double dx = x1 - x0, dy = y1 - y0;
    if (clip(-dx, x0 - box.xmin) && clip(dx, box.xmax - x0) && clip(-dy, y0 - box.ymin) && clip(dy, box.ymax - y0)) return std::pair{from, to};
    return std::nullopt;
}

namespace {

using table::GeometryKind;

bool any_segment_touches(std::span<const double> x, std::span<const double> y, std::size_t begin, std::size_t end, const Box& box)
{
    if (end - begin == 1) return box.contains(x[begin], y[begin]);
    for (std::size_t i = begin; i + 1 < end; ++i)
        if (share_within(x[i], y[i], x[i + 1], y[i + 1], box)) return true;
    return false;
}

/// Crossings of a ray to the right of the point, for the even-odd rule over all rings.
bool odd_crossings(std::span<const double> x, std::span<const double> y, std::size_t begin, std::size_t end, double px, double py)
{
    bool odd = false;
    for (std::size_t i = begin; i + 1 < end; ++i)
        if ((y[i] > py) != (y[i + 1] > py) && px < x[i] + (py - y[i]) / (y[i + 1] - y[i]) * (x[i + 1] - x[i])) odd = !odd;
    return odd;
}

}  // namespace

bool intersects(const table::GeometryColumn& geometry, std::size_t row, const Box& box)
{
    const auto [first, last] = geometry.coordinates(row);
    if (!geometry.valid(row) || first == last) return false;
    const auto x = geometry.x(), y = geometry.y();
    const Box around = geometry.box(row);
    if (!around.intersects(box)) return false;
    if (around.xmin >= box.xmin && around.xmax <= box.xmax && around.ymin >= box.ymin && around.ymax <= box.ymax) return true;
    switch (geometry.kind()) {
    case GeometryKind::point:
    case GeometryKind::multi_point:
        for (std::size_t i = first; i < last; ++i)
            if (box.contains(x[i], y[i])) return true;
        return false;
    case GeometryKind::line: return any_segment_touches(x, y, first, last, box);
    default: break;
    }
    const auto [ring_begin, ring_end] = geometry.rings(row);
    const auto offsets = geometry.ring_offsets();
    bool inside = false;
    for (std::size_t ring = ring_begin; ring < ring_end; ++ring) {
        const auto begin = static_cast<std::size_t>(offsets[ring]), end = static_cast<std::size_t>(offsets[ring + 1]);
        if (begin == end) continue;
        if (any_segment_touches(x, y, begin, end, box)) return true;
        // No edge touches the box: it lies wholly inside or outside, so one of its points tells.
        if (geometry.kind() != GeometryKind::multi_line && odd_crossings(x, y, begin, end, box.xmin, box.ymin)) inside = !inside;
    }
    return inside;
}

}  // namespace stadtgdi::geometry
