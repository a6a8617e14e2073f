// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table.hpp>

namespace stadtgdi::table {

namespace {

[[noreturn]] void misfit(const std::string& name, const char* en, const char* de)
{
    throw Error(ErrorKind::internal, base::filled({en, de}, name));
}

std::string names_of(const Schema& schema)
{
    std::string out;
    for (const Field& field : schema.fields) out += (out.empty() ? "" : ", ") + field.name;
    return out;
}

GeometryField field_of(const GeometryColumn& geometry, std::string name)
{
    return {std::move(name), geometry.kind(), geometry.crs(), geometry.has_z()};
}

}  // namespace

Table::Table(Schema schema, std::vector<Column> columns, std::optional<GeometryColumn> geometry)
    : m_schema(std::move(schema)), m_columns(std::move(columns)), m_geometry(std::move(geometry))
{
    if (m_schema.fields.size() != m_columns.size())
        throw Error(ErrorKind::internal, {"A table has another number of columns than its schema has fields.",
                                          "Eine Tabelle hat eine andere Zahl von Spalten als ihr Schema Felder hat."});
    if (m_schema.geometry.has_value() != m_geometry.has_value())
        throw Error(ErrorKind::internal, {"A table's schema and its columns disagree whether there is a geometry.",
                                          "Schema und Spalten einer Tabelle widersprechen sich, ob es eine Geometrie gibt."});
    m_rows = m_geometry ? m_geometry->size() : m_columns.empty() ? 0 : m_columns[0].size();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Field& field = m_schema.fields[i];
        if (m_columns[i].size() != m_rows)
            misfit(field.name, "Column '{0}' has another number of rows than the table.", "Spalte '{0}' hat eine andere Zeilenzahl als die Tabelle.");
        if (m_columns[i].type() != field.type)
            misfit(field.name, "Column '{0}' has another type than its field.", "Spalte '{0}' hat einen anderen Typ als ihr Feld.");
        if (m_schema.find(field.name) != i) misfit(field.name, "There are two columns '{0}'.", "Es gibt zwei Spalten '{0}'.");
    }
    if (!m_geometry) return;
    const GeometryField& expected = *m_schema.geometry;
    const bool no_coordinates = m_geometry->x().empty();  // then nothing tells whether there is a z
    if (expected.kind != m_geometry->kind() || expected.crs != m_geometry->crs() || (!no_coordinates && expected.has_z != m_geometry->has_z()))
        misfit(expected.name, "Geometry '{0}' has another kind, CRS or dimension than its field.",
               "Geometrie '{0}' hat eine andere Art, ein anderes Koordinatenreferenzsystem oder eine andere Dimension als ihr Feld.");
}

const Column* Table::find(std::string_view name) const
{
    const auto at = m_schema.find(name);
    return at ? &m_columns[*at] : nullptr;
}

const Column& Table::column(std::string_view name) const
{
    if (const Column* column = find(name)) return *column;
    throw Error(ErrorKind::not_found, base::filled({"There is no column '{0}'. There are: {1}.", "Es gibt keine Spalte '{0}'. Vorhanden sind: {1}."},
                                                   name, names_of(m_schema)));
}

const GeometryColumn& Table::geometry() const
{
    if (m_geometry) return *m_geometry;
    throw Error(ErrorKind::not_found, base::filled({"The table has no geometry. Its columns are: {0}.", "Die Tabelle hat keine Geometrie. Ihre Spalten sind: {0}."},
                                                   names_of(m_schema)));
}

Table Table::with_column(Field field, Column column) const
{
    Schema schema = m_schema;
    std::vector<Column> columns = m_columns;
    if (const auto at = schema.find(field.name)) {
        schema.fields[*at] = std::move(field);
        columns[*at] = std::move(column);
    } else {
        schema.fields.push_back(std::move(field));
        columns.push_back(std::move(column));
    }
    return {std::move(schema), std::move(columns), m_geometry};
}

Table Table::with_geometry(GeometryColumn geometry, std::string name) const
{
    Schema schema = m_schema;
    schema.geometry = field_of(geometry, std::move(name));
    return {std::move(schema), m_columns, std::move(geometry)};
}

Table Table::without_geometry() const
{
    return {Schema{m_schema.fields, {}}, m_columns};
}

Table Table::select(std::span<const std::string> names) const
{
    Schema schema;
    schema.geometry = m_schema.geometry;
    std::vector<Column> columns;
    for (const std::string& name : names) {
        columns.push_back(column(name));
        schema.fields.push_back(m_schema.fields[*m_schema.find(name)]);
    }
    return {std::move(schema), std::move(columns), m_geometry};
}

Table Table::take(std::span<const std::int64_t> rows) const
{
    for (const std::int64_t row : rows)
        if (row < 0 || static_cast<std::size_t>(row) >= m_rows)
            throw Error(ErrorKind::internal, base::filled({"Row {0} was taken from a table of {1} rows.", "Zeile {0} wurde aus einer Tabelle mit {1} Zeilen gewählt."},
                                                          std::to_string(row), std::to_string(m_rows)));
    std::vector<Column> columns;
    columns.reserve(m_columns.size());
    for (const Column& column : m_columns) columns.push_back(column.take(rows));
    std::optional<GeometryColumn> geometry;
    if (m_geometry) geometry = m_geometry->take(rows);
    return {m_schema, std::move(columns), std::move(geometry)};
}

std::size_t Table::bytes() const
{
    std::size_t out = m_geometry ? m_geometry->bytes() : 0;
    for (const Column& column : m_columns) out += column.bytes();
    return out;
}

}  // namespace stadtgdi::table
