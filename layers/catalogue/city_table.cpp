// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/city_table.hpp>

#include <layers/catalogue/city.hpp>
#include <layers/table/table_builder.hpp>

#include <chrono>

namespace stadtgdi::catalogue {
namespace {

using table::Column;
using table::Type;

/// One value for every row; a new one for each where it is "uuid()".
Column filled_column(const FieldDefinition& field, std::size_t rows)
{
    table::ColumnBuilder builder(field.type);
    builder.reserve(rows);
    const std::int64_t now =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count() / 1'000'000 * 1'000'000;
    for (std::size_t row = 0; row < rows; ++row) {
        if (field.fallback.empty())
            builder.add_null();
        else if (field.fallback == "uuid()")
            builder.add(new_uuid());
        else if (field.fallback == "now()" || field.fallback == "today()") {
            if (field.type == Type::date)
                builder.add_date(static_cast<std::int32_t>(now / 86'400'000'000));
            else if (field.type == Type::datetime)
                builder.add(now);
            else
                builder.add(field.fallback == "now()" ? table::datetime_text(now) : table::date_text(static_cast<std::int32_t>(now / 86'400'000'000)));
        } else {
            switch (field.type) {
            case Type::boolean: builder.add(field.fallback == "true" || field.fallback == "1"); break;
            case Type::int64: builder.add(static_cast<std::int64_t>(std::stoll(field.fallback))); break;
            case Type::float64: builder.add(std::stod(field.fallback)); break;
            case Type::date: {
                std::int32_t days = 0;
                if (table::parse_date(field.fallback, days))
                    builder.add_date(days);
                else
                    builder.add_null();
                break;
            }
            case Type::datetime: {
                std::int64_t micros = 0;
                if (table::parse_datetime(field.fallback, micros))
                    builder.add(micros);
                else
                    builder.add_null();
                break;
            }
            case Type::text: builder.add(field.fallback); break;
            }
        }
    }
    return std::move(builder).finish();
}

Column of_type(const Column& column, const FieldDefinition& field, const std::string& layer)
{
    if (column.type() == field.type)
        return column;
    const bool no_values = column.validity().null_count() == column.size();
    if (!no_values && !(column.type() == Type::int64 && field.type == Type::float64)) {
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"Column '{0}' of layer '{1}' is {2}, its definition says {3}.",
                                  "Die Spalte '{0}' der Ebene '{1}' ist vom Typ {2}, laut Definition ist sie {3}."},
                                 field.name, layer, std::string(table::name_of(column.type())), std::string(table::name_of(field.type))));
    }
    table::ColumnBuilder builder(field.type);
    builder.reserve(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.valid(row))
            builder.add(column.number(row));
        else
            builder.add_null();
    }
    return std::move(builder).finish();
}

table::GeometryColumn fitting_geometry(const table::Table& table, const LayerDefinition& definition, const std::string& city_crs)
{
    const table::GeometryKind kind = *definition.geometry;
    if (!table.has_geometry()) {
        table::GeometryBuilder builder(kind, definition.crs.empty() ? city_crs : definition.crs);
        for (std::size_t row = 0; row < table.rows(); ++row)
            builder.add_null();
        return std::move(builder).finish();
    }
    const table::GeometryColumn& geometry = table.geometry();
    if (geometry.kind() == kind)
        return geometry;
    if (table::multi_of(geometry.kind()) == kind)
        return geometry.as_multi();
    throw Error(ErrorKind::invalid_argument, base::filled({"Layer '{0}' holds {1}; {2} does not fit.", "Die Ebene '{0}' enthält {1}; {2} passt nicht."},
                                                          definition.name, std::string(table::name_of(kind)), std::string(table::name_of(geometry.kind()))));
}

}  // namespace

table::Table completed(const table::Table& table, const LayerDefinition* definition, const std::string& city_crs)
{
    std::optional<table::GeometryColumn> geometry;
    if (definition && definition->geometry)
        geometry = fitting_geometry(table, *definition, city_crs);
    else if (table.has_geometry())
        geometry = table.geometry();
    table::Schema schema;
    std::vector<Column> columns;
    const auto add = [&](const std::string& name, Column column) {
        schema.fields.push_back({name, column.type()});
        columns.push_back(std::move(column));
    };
    if (definition) {
        for (const FieldDefinition& field : definition->fields) {
            const Column* given = table.find(field.name);
            add(field.name, given ? of_type(*given, field, definition->name) : filled_column(field, table.rows()));
        }
    }
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const std::string& name = table.schema().fields[i].name;
        if (!definition || !definition->find(name))
            add(name, table.column(i));
    }
    if (geometry)
        schema.geometry = table::GeometryField{"geom", geometry->kind(), geometry->crs(), geometry->has_z()};
    return {std::move(schema), std::move(columns), std::move(geometry)};
}

io::WriteOptions write_options(const std::string& layer, const LayerDefinition* definition, io::WriteMode mode)
{
    io::WriteOptions options;
    options.layer = layer;
    options.mode = mode;
    if (!definition)
        return options;
    options.title = definition->title.en;
    options.abstract = definition->abstract.en;
    for (const FieldDefinition& field : definition->fields) {
        options.column_texts[field.name] = field.label.en + (field.unit.empty() ? "" : " [" + field.unit + "]") + (field.help.en.empty() ? "" : ": " + field.help.en);
        if (!field.fallback.empty())
            options.column_defaults[field.name] = field.fallback;
        if (field.name == "uuid" || field.unique)
            options.key_columns.push_back(field.name);
    }
    return options;
}

}  // namespace stadtgdi::catalogue
