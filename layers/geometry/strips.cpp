// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/detail/crossings.hpp>
#include <layers/geometry/detail/strips.hpp>

namespace stadtgdi::geometry::detail {

using table::Box;
using table::GeometryKind;

bool is_polygonal(GeometryKind kind)
{
    return kind == GeometryKind::polygon || kind == GeometryKind::multi_polygon;
}

Strips::Strips(const table::GeometryColumn& polygons, std::size_t row)
{
    m_starts.push_back(0);
    each_part(polygons, row, [&](std::size_t first, std::size_t last) { add_part(polygons, first, last); });
}

void Strips::add_part(const table::GeometryColumn& polygons, std::size_t first_ring, std::size_t last_ring)
{
    const auto offsets = polygons.ring_offsets();
    const auto x = polygons.x(), y = polygons.y();
    const auto begin = static_cast<std::size_t>(offsets[first_ring]), end = static_cast<std::size_t>(offsets[last_ring]);
    Box box = Box::none();
    for (std::size_t i = begin; i < end; ++i) box.grow(x[i], y[i]);
    if (box.empty()) return;
    const std::size_t strips = std::clamp<std::size_t>((end - begin) / 4, 1, 4096);
    const double height = box.ymax - box.ymin;
    const Part part{box, height > 0 ? static_cast<double>(strips) / height : 0, m_starts.size() - 1, strips};
    // Monotonic in y, so an edge lies in the strips between those of its ends, whatever rounding does.
    const auto strip_of = [&](double value) { return std::min(static_cast<std::size_t>((value - box.ymin) * part.strips_per_unit), strips - 1); };

    std::vector<std::size_t> counts(strips, 0);
    const auto each_edge = [&](const auto& work) {
        for (std::size_t ring = first_ring; ring < last_ring; ++ring) {
            for (auto i = static_cast<std::size_t>(offsets[ring]); i + 1 < static_cast<std::size_t>(offsets[ring + 1]); ++i) {
                if (std::isnan(y[i]) || std::isnan(y[i + 1])) continue;
                work(Edge{x[i], y[i], x[i + 1], y[i + 1]}, strip_of(std::min(y[i], y[i + 1])), strip_of(std::max(y[i], y[i + 1])));
            }
        }
    };
    each_edge([&](const Edge&, std::size_t low, std::size_t high) {
        for (std::size_t strip = low; strip <= high; ++strip) ++counts[strip];
    });
    std::vector<std::size_t> next(strips);
    for (std::size_t strip = 0; strip < strips; ++strip) {
        next[strip] = m_starts.back();
        m_starts.push_back(m_starts.back() + counts[strip]);
    }
    m_edges.resize(m_starts.back());
    each_edge([&](const Edge& edge, std::size_t low, std::size_t high) {
        for (std::size_t strip = low; strip <= high; ++strip) m_edges[next[strip]++] = edge;
    });
    m_parts.push_back(part);
}

Location Strips::locate(double x, double y) const
{
    Location out = Location::outside;
    for (const Part& part : m_parts) {
        if (!part.box.contains(x, y)) continue;
        const std::size_t strip = part.first + std::min(static_cast<std::size_t>((y - part.box.ymin) * part.strips_per_unit), part.count - 1);
        Crossings crossings{x, y};
        for (std::size_t i = m_starts[strip]; i < m_starts[strip + 1]; ++i) crossings.edge(m_edges[i].x1, m_edges[i].y1, m_edges[i].x2, m_edges[i].y2);
        if (crossings.on_edge)
            out = Location::boundary;
        else if (crossings.odd)
            return Location::inside;
    }
    return out;
}

}  // namespace stadtgdi::geometry::detail
