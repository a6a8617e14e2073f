// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/schema.hpp>
#include <layers/base/run_context.hpp>

namespace stadtgdi::table {

/// Columns of the same length, at most one geometry column, never changed: operations return new tables that share
/// the columns they did not touch. Row numbers are std::int64_t outside and std::size_t in spans.
///     Table t = io::read(...);
///     t.column("planting_year").ints();  t.geometry().x();
class Table {
public:
    Table() = default;
    /// Throws Error(internal) where lengths or types do not fit the schema.
    Table(Schema schema, std::vector<Column> columns, std::optional<GeometryColumn> geometry = {});

    std::size_t rows() const { return m_rows; }
    const Schema& schema() const { return m_schema; }
    const std::vector<Column>& columns() const { return m_columns; }
    const Column& column(std::size_t i) const { return m_columns[i]; }
    /// Throws Error(not_found) that names the column and those there are.
    const Column& column(std::string_view name) const;
    const Column* find(std::string_view name) const;
    bool has_geometry() const { return m_geometry.has_value(); }
    const GeometryColumn& geometry() const;  ///< Error(not_found) where there is none

    Table with_column(Field field, Column column) const;  ///< replaces one of the same name, else appends
    Table with_geometry(GeometryColumn geometry, std::string name = "geom") const;
    Table without_geometry() const;
    Table select(std::span<const std::string> names) const;  ///< keeps the geometry
    Table take(std::span<const std::int64_t> rows) const;
    std::size_t bytes() const;

private:
    Schema m_schema;
    std::vector<Column> m_columns;
    std::optional<GeometryColumn> m_geometry;
    std::size_t m_rows = 0;
};

/// The rows of all tables, one after the other; they must have the same schema. Error(invalid_argument) else.
Table concatenate(std::span<const Table> tables);

/// Order-dependent 64 bit hash of all values (not of buffers): equal tables give equal hashes on every machine.
std::uint64_t hash(const Table& table);

}  // namespace stadtgdi::table
