// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/geopackage_reader.hpp>

#include <layers/io/detail/geometry_collector.hpp>
#include <layers/io/detail/sqlite_database.hpp>
#include <layers/table/arrow.hpp>
#include <layers/table/table_builder.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace stadtgdi::io::detail {
namespace {

using table::Type;

/// Adds the geometry of a GeoPackage blob; false where it does not fit.
bool add_blob(table::GeometryBuilder& builder, table::GeometryKind kind, std::span<const std::uint8_t> blob)
{
    constexpr std::array<std::size_t, 5> envelopes{0, 32, 48, 48, 64};
    if (blob.size() < 8 || blob[0] != 'G' || blob[1] != 'P')
        return false;
    const std::size_t envelope = (blob[3] >> 1) & 7;
    if (envelope >= envelopes.size() || blob.size() < 8 + envelopes[envelope])
        return false;
    return table::add_wkb(builder, kind, blob.subspan(8 + envelopes[envelope]));
}

std::string_view text_at(sqlite3_stmt* statement, int place)
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, place));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, place))};
}

/// False where the value is not of the column's type: null then.
bool add_value(table::ColumnBuilder& column, sqlite3_stmt* statement, int place)
{
    const int stored = sqlite3_column_type(statement, place);
    if (stored == SQLITE_NULL) {
        column.add_null();
        return true;
    }
    switch (column.type()) {
    case Type::boolean: column.add(sqlite3_column_int64(statement, place) != 0); return true;
    case Type::int64:
        if (stored == SQLITE_INTEGER) {
            column.add(static_cast<std::int64_t>(sqlite3_column_int64(statement, place)));
            return true;
        }
        break;
    case Type::float64:
        if (stored == SQLITE_INTEGER || stored == SQLITE_FLOAT) {
            column.add(sqlite3_column_double(statement, place));
            return true;
        }
        break;
    case Type::text: column.add(text_at(statement, place)); return true;
    case Type::date: {
        std::int32_t days = 0;
        if (table::parse_date(text_at(statement, place).substr(0, 10), days)) {
            column.add_date(days);
            return true;
        }
        break;
    }
    case Type::datetime: {
        std::int64_t micros = 0;
        if (table::parse_datetime(text_at(statement, place), micros)) {
            column.add(micros);
            return true;
        }
        break;
    }
    }
    column.add_null();
    return false;
}

}  // namespace

std::optional<table::Table> read_geopackage(const std::string& path, OGRLayer& layer, LayerReader& reader, base::RunContext& run)
{
    reader.ignore_other_columns();
    SqliteDatabase database(path, Database::Access::read);
    const OGRFeatureDefn& definition = *layer.GetLayerDefn();
    const ReadOptions& options = reader.options();
    table::Schema schema;
    std::vector<table::ColumnBuilder> columns;
    std::string names;
    const auto add_name = [&names](const std::string& name) { names += (names.empty() ? "" : ", ") + sql_name(name); };
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        if (field.IsIgnored())
            continue;
        schema.fields.push_back({field.GetNameRef(), type_of(field)});
        columns.emplace_back(type_of(field));
        add_name(field.GetNameRef());
    }
    if (options.fid) {
        const bool has_id = *layer.GetFIDColumn() != 0;
        schema.fields.push_back({reader.fid_name(), Type::int64});
        columns.emplace_back(Type::int64);
        add_name(has_id ? layer.GetFIDColumn() : "rowid");
    }
    std::optional<table::GeometryBuilder> shapes;
    table::GeometryKind kind{};
    if (definition.GetGeomFieldCount() == 1) {
        kind = *declared_kind(layer.GetGeomType());
        schema.geometry = table::GeometryField{layer.GetGeometryColumn(), kind, reader.crs(), OGR_GT_HasZ(layer.GetGeomType()) != 0};
        shapes.emplace(kind, schema.geometry->crs, schema.geometry->has_z);
        add_name(layer.GetGeometryColumn());
    }
    database.execute("BEGIN");
    std::int64_t expected = -1;
    if (run.on_progress)
        expected = std::stoll(database.query("SELECT count(*) FROM " + sql_name(layer.GetName()), {}).front().front().value_or("-1"));
    const std::string where = options.where.empty() ? "" : " WHERE " + options.where;
    SqliteStatement statement(database.connection(), "SELECT " + (names.empty() ? "1" : names) + " FROM " + sql_name(layer.GetName()) + where, path);
    std::int64_t row = 0;
    for (; statement.step(); ++row) {
        if (row % 8192 == 0) {
            run.throw_if_stopped();
            if (expected > 0)
                run.progress(static_cast<double>(row) / static_cast<double>(expected), {"Reading " + reader.file(), reader.file() + " wird gelesen"});
        }
        int place = 0;
        for (; place < static_cast<int>(columns.size()); ++place) {
            if (add_value(columns[static_cast<std::size_t>(place)], statement.get(), place))
                continue;
            base::Finding finding;
            finding.rule = "io.value";
            finding.file = reader.file();
            finding.layer = layer.GetName();
            finding.row = row;
            finding.field = schema.fields[static_cast<std::size_t>(place)].name;
            finding.value = std::string(text_at(statement.get(), place));
            finding.message = base::filled({"The value is no {0} and was read as null.", "Der Wert ist nicht vom Typ {0} und wurde als leer gelesen."},
                                           std::string(table::name_of(schema.fields[static_cast<std::size_t>(place)].type)));
            run.report(std::move(finding));
        }
        if (!shapes)
            continue;
        const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement.get(), place));
        if (!blob)
            shapes->add_null();
        else if (!add_blob(*shapes, kind, {blob, static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), place))}))
            return {};
    }
    std::vector<table::Column> finished;
    finished.reserve(columns.size());
    for (table::ColumnBuilder& column : columns)
        finished.push_back(std::move(column).finish());
    std::optional<table::GeometryColumn> geometry;
    if (shapes)
        geometry = std::move(*shapes).finish();
    if (geometry)
        schema.geometry->has_z = geometry->has_z();
    return table::Table(std::move(schema), std::move(finished), std::move(geometry));
}

}  // namespace stadtgdi::io::detail
