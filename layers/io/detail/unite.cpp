// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>
#include <layers/table/table_builder.hpp>

#include <algorithm>
#include <unordered_map>

namespace stadtgdi::io::detail {
namespace {

using table::Column;
using table::Type;

/// The type that holds the values of both.
Type common(Type a, Type b)
{
    if (a == b)
        return a;
    const auto number = [](Type t) { return t == Type::int64 || t == Type::float64; };
    return number(a) && number(b) ? Type::float64 : Type::text;
}

bool all_null(const Column& column)
{
    return column.validity().null_count() == column.size();
}

void append(table::ColumnBuilder& builder, const Column& column)
{
    if (column.type() == builder.type()) {
        for (std::size_t row = 0; row < column.size(); ++row)
            builder.add_from(column, row);
        return;
    }
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (!column.valid(row))
            builder.add_null();
        else if (builder.type() == Type::float64)
            builder.add(column.number(row));
        else
            builder.add(column.as_text(row));
    }
}

table::GeometryColumn united_geometry(const std::vector<table::Table>& tables, const std::vector<std::string>& names)
{
    const table::GeometryColumn* first = nullptr;
    bool multi = false, has_z = false;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (!tables[i].has_geometry() || tables[i].geometry().validity().null_count() == tables[i].rows())
            continue;
        const table::GeometryColumn& geometry = tables[i].geometry();
        if (!first)
            first = &geometry;
        multi = multi || table::is_multi(geometry.kind());
        has_z = has_z || geometry.has_z();
        if (table::single_of(geometry.kind()) != table::single_of(first->kind()) || geometry.crs() != first->crs()) {
            throw Error(ErrorKind::bad_data,
                        base::filled({"File '{0}' has {1} in '{2}', but the files before it have {3} in '{4}'.",
                                      "Die Datei '{0}' enthält {1} in '{2}', die Dateien davor aber {3} in '{4}'."},
                                     names[i], std::string(table::name_of(geometry.kind())), geometry.crs(),
                                     std::string(table::name_of(first->kind())), first->crs()));
        }
    }
    if (!first) {
        const auto any = std::find_if(tables.begin(), tables.end(), [](const table::Table& t) { return t.has_geometry(); });
        first = &any->geometry();
    }
    const table::GeometryKind kind = multi ? table::multi_of(first->kind()) : first->kind();
    table::GeometryBuilder builder(kind, first->crs(), has_z);
    for (const table::Table& table : tables) {
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (table.has_geometry() && table.geometry().valid(row))
                builder.add_row(table.geometry(), row);
            else
                builder.add_null();
        }
    }
    return std::move(builder).finish();
}

}  // namespace

table::Table united(std::vector<table::Table> tables, const std::vector<std::string>& names)
{
    if (tables.size() == 1)
        return std::move(tables.front());
    table::Schema schema;
    std::unordered_map<std::string, std::size_t> place;
    std::vector<bool> typed_by_value;
    std::size_t rows = 0;
    bool with_geometry = false;
    for (const table::Table& table : tables) {
        rows += table.rows();
        with_geometry = with_geometry || table.has_geometry();
        for (std::size_t i = 0; i < table.columns().size(); ++i) {
            const table::Field& field = table.schema().fields[i];
            const bool empty = all_null(table.column(i));
            const auto [known, added] = place.emplace(field.name, schema.fields.size());
            if (added) {
                schema.fields.push_back(field);
                typed_by_value.push_back(!empty);
                continue;
            }
            Type& type = schema.fields[known->second].type;
            if (empty)
                continue;
            type = typed_by_value[known->second] ? common(type, field.type) : field.type;
            typed_by_value[known->second] = true;
        }
    }
    std::vector<Column> columns;
    for (const table::Field& field : schema.fields) {
        table::ColumnBuilder builder(field.type);
        builder.reserve(rows);
        for (const table::Table& table : tables) {
            if (const Column* column = table.find(field.name)) {
                append(builder, *column);
            } else {
                for (std::size_t row = 0; row < table.rows(); ++row)
                    builder.add_null();
            }
        }
        columns.push_back(std::move(builder).finish());
    }
    std::optional<table::GeometryColumn> geometry;
    if (with_geometry) {
        geometry = united_geometry(tables, names);
        std::string name = "geom";
        for (auto table = tables.rbegin(); table != tables.rend(); ++table)
            if (table->has_geometry())
                name = table->schema().geometry->name;
        schema.geometry = table::GeometryField{name, geometry->kind(), geometry->crs(), geometry->has_z()};
    }
    return {std::move(schema), std::move(columns), std::move(geometry)};
}

table::Table finished(table::Table table, const ReadOptions& options, const std::string& path, base::RunContext& run)
{
    if (!options.columns.empty()) {
        std::vector<std::string> names = options.columns;
        // What was added to the columns asked for (the row id) stays.
        for (const table::Field& field : table.schema().fields)
            if (std::find(names.begin(), names.end(), field.name) == names.end())
                names.push_back(field.name);
        table = table.select(names);
    }
    if (!options.target_crs.empty() && table.has_geometry() && table.geometry().crs() != options.target_crs) {
        if (table.geometry().crs().empty()) {
            throw Error(ErrorKind::bad_data, base::filled({"'{0}' does not say its CRS, so it cannot be brought into {1}.",
                                                           "'{0}' nennt kein Koordinatensystem und lässt sich nicht nach {1} umrechnen."},
                                                          path, options.target_crs));
        }
        table = crs::transformed(table, options.target_crs, run);
    }
    if (options.source_file) {
        std::vector<std::int64_t> rows(table.rows());
        for (std::size_t row = 0; row < rows.size(); ++row)
            rows[row] = static_cast<std::int64_t>(row);
        const Column name = Column::of_text(std::vector<std::string>{path});
        table = table.with_column({"source_file", Type::text}, Column::of_dictionary(std::vector<std::int32_t>(rows.size(), 0), name));
        table = table.with_column({"source_row", Type::int64}, Column::of_ints(std::move(rows)));
    }
    return table;
}

}  // namespace stadtgdi::io::detail
