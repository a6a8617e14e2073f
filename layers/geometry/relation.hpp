// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <memory>

namespace stadtgdi::geometry {

/// The relations of OGC Simple Features (DE-9IM), of a row to one other geometry.
enum class Relation { intersects, disjoint, equals, contains, within, touches, crosses, overlaps };

/// A geometry prepared for being compared with many rows. Any number of threads; what a thread needs of its own it keeps.
class PreparedGeometry {
public:
    /// Error(invalid_argument) where GEOS does not take the row: rings of too few points, null.
    PreparedGeometry(const table::GeometryColumn& geometry, std::size_t row);
    ~PreparedGeometry();
    PreparedGeometry(const PreparedGeometry&) = delete;
    PreparedGeometry& operator=(const PreparedGeometry&) = delete;

    /// Whether the row is in this relation to the geometry; false for null and for what GEOS refuses.
    bool holds(Relation relation, const table::GeometryColumn& rows, std::size_t row) const;
    /// Between the two, in units of their CRS; infinite for null and for what GEOS refuses.
    double distance(const table::GeometryColumn& rows, std::size_t row) const;
    const table::Box& box() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::geometry
