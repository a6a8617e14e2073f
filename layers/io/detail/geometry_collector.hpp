// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <ogr_geometry.h>
#include <optional>
#include <vector>

namespace stadtgdi::io::detail {

/// point, line or polygon for what OGR calls it; none for unknown kinds and mixed collections.
std::optional<table::GeometryKind> single_kind(OGRwkbGeometryType type);
/// The kind a layer declares, none where it does not.
std::optional<table::GeometryKind> declared_kind(OGRwkbGeometryType type);
OGRwkbGeometryType ogr_type(table::GeometryKind kind, bool has_z);

/// Collects OGR geometries into one column. Single and multi kinds may come mixed: then all become multi.
/// Geometries of another base kind than the first (or the declared one) are refused.
class GeometryCollector {
public:
    GeometryCollector(std::string crs, std::optional<table::GeometryKind> declared, bool swap_axes);
    /// Takes (and may change) the geometry. False where it is of another base kind or cannot be read: null then.
    bool add(OGRGeometry* geometry);
    void add_null();
    table::GeometryColumn finish() &&;

private:
    void start(table::GeometryKind single);

    std::string m_crs;
    bool m_swap, m_any_multi = false, m_any_z = false;
    std::optional<table::GeometryKind> m_base;
    std::optional<table::GeometryBuilder> m_builder;
    std::size_t m_waiting_nulls = 0;
    std::vector<std::uint8_t> m_wkb;
};

/// A multi column whose rows have one part each at most, as its single kind.
table::GeometryColumn as_single(const table::GeometryColumn& multi);

}  // namespace stadtgdi::io::detail
