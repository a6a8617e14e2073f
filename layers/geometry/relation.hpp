// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <memory>
#include <optional>

namespace stadtgdi::geometry {

/// The relations of OGC Simple Features (DE-9IM), of a row to one other geometry.
enum class Relation { intersects, disjoint, equals, contains, within, touches, crosses, overlaps };

/// The relation seen from the other side.
constexpr Relation converse(Relation relation) { return relation == Relation::contains ? Relation::within : relation == Relation::within ? Relation::contains : relation; }

/// A geometry prepared for being compared with many rows. Any number of threads; what a thread needs of its own it keeps.
class PreparedGeometry {
public:
    /// Error(invalid_argument) where GEOS does not take the row: rings of too few points, null.
    PreparedGeometry(const table::GeometryColumn& geometry, std::size_t row);
    ~PreparedGeometry();
    PreparedGeometry(const PreparedGeometry&) = delete;
    PreparedGeometry& operator=(const PreparedGeometry&) = delete;

    /// Whether the row is in this relation to the geometry. Where GEOS refuses invalid shapes both are repaired first; nothing for null
    /// and for what cannot be repaired.
    std::optional<bool> holds(Relation relation, const table::GeometryColumn& rows, std::size_t row) const;
    /// Between the two, in units of their CRS; nothing for null and for what GEOS refuses.
    std::optional<double> distance(const table::GeometryColumn& rows, std::size_t row) const;
    const table::Box& box() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::geometry
