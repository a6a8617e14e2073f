// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table_builder.hpp>
#include <plugins/bridge/compat.hpp>

class QgsGeometry;

namespace stadtgdi::bridge {

/// Adds a QGIS attribute value to a column. False where it does not fit (null was added then).
bool add_value(table::ColumnBuilder& column, const QVariant& value);

/// Microseconds since 1970 in UTC; a moment without a zone is read as UTC.
std::int64_t microseconds_of(const QDateTime& moment);
/// Days since 1970.
std::int32_t days_of(const QDate& date);

/// What reading a geometry came to.
enum class Fit {
    added,
    too_many_parts,  ///< several parts for a single kind: nothing was added
    other_kind       ///< nothing was added
};

/// Adds the geometry of one feature; curves are cut into straight pieces. Empty geometries are null.
Fit add_geometry(table::GeometryBuilder& builder, table::GeometryKind kind, const QgsGeometry& geometry);

}  // namespace stadtgdi::bridge
