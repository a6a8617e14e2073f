// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <vector>

namespace stadtgdi::trees {

/// One (multi) polygon row, its border as directed edges with the area to their left, in horizontal buckets. Coordinates
/// are relative to the middle of its box: small numbers keep the digits of areas. Must be valid by the OGC rules.
class ZonePolygon {
public:
    struct Edge {
        double ax, ay;      ///< start
        double ux, uy;      ///< direction, of length 1
        double length;
        double bx, by;      ///< end
    };

    ZonePolygon(const table::GeometryColumn& polygons, std::size_t row);

    bool empty() const { return m_edges.empty(); }
    double area() const { return m_area; }
    const table::Box& box() const { return m_box; }  ///< in the layer's coordinates
    double origin_x() const { return m_origin_x; }
    double origin_y() const { return m_origin_y; }
    const std::vector<Edge>& edges() const { return m_edges; }

    /// By crossings of a ray; a point on the border may go to either side.
    bool contains(double x, double y) const;
    /// Calls visit(edge number) for every edge whose y range touches [low, high], each once.
    template <class Visit> void visit_edges(double low, double high, const Visit& visit) const;

private:
    void add_ring(const table::GeometryColumn& polygons, std::size_t ring, bool shell);
    void make_buckets();
    std::size_t bucket_of(double y) const;

    double m_origin_x = 0, m_origin_y = 0, m_area = 0;
    table::Box m_box = table::Box::none();
    std::vector<Edge> m_edges;
    double m_low = 0, m_height = 1;  // of the buckets
    std::vector<std::uint32_t> m_bucket_first, m_bucket_edges;
};

template <class Visit> void ZonePolygon::visit_edges(double low, double high, const Visit& visit) const
{
    if (m_edges.empty()) return;
    const std::size_t first = bucket_of(low), last = bucket_of(high);
    for (std::size_t bucket = first; bucket <= last; ++bucket) {
        for (std::uint32_t at = m_bucket_first[bucket]; at < m_bucket_first[bucket + 1]; ++at) {
            const Edge& edge = m_edges[m_bucket_edges[at]];
            const double bottom = edge.ay < edge.by ? edge.ay : edge.by, top = edge.ay < edge.by ? edge.by : edge.ay;
            if (bottom > high || top < low) continue;
            if (bucket != first && bucket_of(bottom) < bucket) continue;  // seen in an earlier bucket
            visit(m_bucket_edges[at]);
        }
    }
}

}  // namespace stadtgdi::trees
