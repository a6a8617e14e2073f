// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table_builder.hpp>

namespace stadtgdi::table {

namespace {

[[noreturn]] void two_values(const std::string& name, std::size_t row)
{
    throw Error(ErrorKind::internal, base::filled({"Column '{0}' got two values in row {1}.", "Spalte '{0}' bekam in Zeile {1} zwei Werte."}, name,
                                                  std::to_string(row)));
}

}  // namespace

TableBuilder::TableBuilder(Schema schema) : m_schema(std::move(schema))
{
    m_columns.reserve(m_schema.fields.size());
    for (const Field& field : m_schema.fields) m_columns.emplace_back(field.type);
    if (const auto& geometry = m_schema.geometry) m_geometry.emplace(geometry->kind, geometry->crs, geometry->has_z);
}

ColumnBuilder& TableBuilder::column(std::string_view name)
{
    if (const auto at = m_schema.find(name)) return m_columns[*at];
    throw Error(ErrorKind::not_found, base::filled({"There is no column '{0}' in the table being built.", "In der entstehenden Tabelle gibt es keine Spalte '{0}'."}, name));
}

GeometryBuilder& TableBuilder::geometry()
{
    if (m_geometry) return *m_geometry;
    throw Error(ErrorKind::not_found, {"The table being built has no geometry.", "Die entstehende Tabelle hat keine Geometrie."});
}

void TableBuilder::end_row()
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_columns[i].size() == m_rows) m_columns[i].add_null();
        if (m_columns[i].size() != m_rows + 1) two_values(m_schema.fields[i].name, m_rows);
    }
    if (m_geometry) {
        if (m_geometry->size() == m_rows) m_geometry->add_null();
        if (m_geometry->size() != m_rows + 1) two_values(m_schema.geometry->name, m_rows);
    }
    ++m_rows;
}

Table TableBuilder::finish() &&
{
    std::vector<Column> columns;
    columns.reserve(m_columns.size());
    for (ColumnBuilder& builder : m_columns) columns.push_back(std::move(builder).finish());
    std::optional<GeometryColumn> geometry;
    if (m_geometry) geometry = std::move(*m_geometry).finish();
    return {std::move(m_schema), std::move(columns), std::move(geometry)};
}

}  // namespace stadtgdi::table
