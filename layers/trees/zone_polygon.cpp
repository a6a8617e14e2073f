// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/zone_polygon.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::trees {

using table::GeometryColumn;
using table::GeometryKind;

ZonePolygon::ZonePolygon(const GeometryColumn& polygons, std::size_t row)
{
    if (!polygons.valid(row)) return;
    m_box = polygons.box(row);
    if (m_box.empty()) return;
    m_origin_x = (m_box.xmin + m_box.xmax) / 2;
    m_origin_y = (m_box.ymin + m_box.ymax) / 2;
    const auto rings_of = [&](std::size_t first, std::size_t last) {
        for (std::size_t ring = first; ring < last; ++ring) add_ring(polygons, ring, ring == first);
    };
    const auto level0 = polygons.level(0);
    const auto first = static_cast<std::size_t>(level0[row]), last = static_cast<std::size_t>(level0[row + 1]);
    if (polygons.kind() == GeometryKind::multi_polygon) {
        const auto level1 = polygons.level(1);
        for (std::size_t part = first; part < last; ++part) rings_of(static_cast<std::size_t>(level1[part]), static_cast<std::size_t>(level1[part + 1]));
    } else {
        rings_of(first, last);
    }
    make_buckets();
}

void ZonePolygon::add_ring(const GeometryColumn& polygons, std::size_t ring, bool shell)
{
    const auto offsets = polygons.ring_offsets();
    const auto first = static_cast<std::size_t>(offsets[ring]), last = static_cast<std::size_t>(offsets[ring + 1]);
    if (last < first + 4) return;
    const auto x = [&](std::size_t i) { return polygons.x()[i] - m_origin_x; };
    const auto y = [&](std::size_t i) { return polygons.y()[i] - m_origin_y; };
    double twice = 0;
    for (std::size_t i = first; i + 1 < last; ++i) twice += x(i) * y(i + 1) - x(i + 1) * y(i);
    if (twice == 0 || !std::isfinite(twice)) return;
    m_area += (shell ? 0.5 : -0.5) * std::abs(twice);
    const bool backwards = (twice > 0) != shell;  // the area must lie to the left of the edges
    for (std::size_t i = first; i + 1 < last; ++i) {
        const std::size_t from = backwards ? i + 1 : i, to = backwards ? i : i + 1;
        const double dx = x(to) - x(from), dy = y(to) - y(from), length = std::hypot(dx, dy);
        if (length > 0) m_edges.push_back({x(from), y(from), dx / length, dy / length, length, x(to), y(to)});
    }
}

void ZonePolygon::make_buckets()
{
    if (m_edges.empty()) return;
    const auto count = std::clamp<std::size_t>(m_edges.size() / 2, 1, 8192);
    m_low = m_box.ymin - m_origin_y;
    m_height = std::max((m_box.ymax - m_box.ymin) / static_cast<double>(count), 1e-9);
    m_bucket_first.assign(count + 1, 0);
    const auto buckets_of = [&](const Edge& edge) { return std::pair(bucket_of(std::min(edge.ay, edge.by)), bucket_of(std::max(edge.ay, edge.by))); };
    for (const Edge& edge : m_edges) {
        const auto [first, last] = buckets_of(edge);
        for (std::size_t bucket = first; bucket <= last; ++bucket) ++m_bucket_first[bucket + 1];
    }
    for (std::size_t bucket = 0; bucket < count; ++bucket) m_bucket_first[bucket + 1] += m_bucket_first[bucket];
    m_bucket_edges.resize(m_bucket_first.back());
    std::vector<std::uint32_t> next(m_bucket_first.begin(), m_bucket_first.end() - 1);
    for (std::uint32_t edge = 0; edge < m_edges.size(); ++edge) {
        const auto [first, last] = buckets_of(m_edges[edge]);
        for (std::size_t bucket = first; bucket <= last; ++bucket) m_bucket_edges[next[bucket]++] = edge;
    }
}

std::size_t ZonePolygon::bucket_of(double y) const
{
    const double last = static_cast<double>(m_bucket_first.size() - 2);
    return static_cast<std::size_t>(std::clamp(std::floor((y - m_low) / m_height), 0.0, last));
}

bool ZonePolygon::contains(double x, double y) const
{
    if (m_edges.empty()) return false;
    bool inside = false;
    const std::size_t bucket = bucket_of(y);
    for (std::uint32_t at = m_bucket_first[bucket]; at < m_bucket_first[bucket + 1]; ++at) {
        const Edge& edge = m_edges[m_bucket_edges[at]];
        if ((edge.ay > y) != (edge.by > y) && x < edge.ax + (y - edge.ay) * (edge.bx - edge.ax) / (edge.by - edge.ay)) inside = !inside;
    }
    return inside;
}

}  // namespace stadtgdi::trees
