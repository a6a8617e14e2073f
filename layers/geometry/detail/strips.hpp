// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/geometry/locate.hpp>

namespace stadtgdi::geometry::detail {

/// One row of a polygon column made ready for many points: the edges of each part lie in horizontal strips, so that a
/// point looks at the few edges of its strip only. Same answers as locate().
class Strips {
public:
    Strips() = default;
    Strips(const table::GeometryColumn& polygons, std::size_t row);
    Location locate(double x, double y) const;

private:
    struct Edge {
        double x1, y1, x2, y2;
    };
    struct Part {
        table::Box box;
        double strips_per_unit;
        std::size_t first, count;  // strips
    };
    void add_part(const table::GeometryColumn& polygons, std::size_t first_ring, std::size_t last_ring);

    std::vector<Part> m_parts;
    std::vector<std::size_t> m_starts;  // by strip, one more than strips
    std::vector<Edge> m_edges;
};

/// Calls visit(first_ring, last_ring) for each polygon of the row.
template <class Visit> void each_part(const table::GeometryColumn& polygons, std::size_t row, const Visit& visit)
{
    if (!polygons.valid(row)) return;
    if (polygons.kind() == table::GeometryKind::polygon) {
        const auto [first, last] = polygons.rings(row);
        if (first != last) visit(first, last);
        return;
    }
    const auto parts = polygons.level(0), rings = polygons.level(1);
    for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part)
        visit(static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]));
}

bool is_polygonal(table::GeometryKind kind);

}  // namespace stadtgdi::geometry::detail
