// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/column.hpp>
#include <layers/table/geometry_column.hpp>
#include <optional>

namespace stadtgdi::table {

struct Field {
    std::string name;
    Type type = Type::text;
    friend bool operator==(const Field&, const Field&) = default;
};

struct GeometryField {
    std::string name = "geom";
    GeometryKind kind = GeometryKind::point;
    std::string crs;  ///< "EPSG:25833"
    bool has_z = false;
    friend bool operator==(const GeometryField&, const GeometryField&) = default;
};

/// Names and types of a table's columns; names are unique.
struct Schema {
    std::vector<Field> fields;
    std::optional<GeometryField> geometry;

    std::optional<std::size_t> find(std::string_view name) const;
    friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace stadtgdi::table
