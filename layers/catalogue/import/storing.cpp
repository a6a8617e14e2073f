// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/source_files.hpp>
#include <layers/catalogue/import/storing.hpp>
#include <layers/io/database.hpp>
#include <algorithm>

namespace stadtgdi::catalogue::detail {

namespace {

// The table with the columns of `schema`, in that order; columns it lacks are null.
table::Table aligned(const table::Table& table, const table::Schema& schema)
{
    std::vector<table::Column> columns;
    for (const table::Field& field : schema.fields) {
        const table::Column* found = table.find(field.name);
        if (found && found->type() == field.type) {
            columns.push_back(*found);
            continue;
        }
        table::ColumnBuilder empty(field.type);
        for (std::size_t row = 0; row < table.rows(); ++row)
            empty.add_null();
        columns.push_back(std::move(empty).finish());
    }
    std::optional<table::GeometryColumn> geometry;
    if (schema.geometry && table.has_geometry())
        geometry = table.geometry().with_z(schema.geometry->has_z);
    return {schema, std::move(columns), std::move(geometry)};
}

table::Table united(const std::vector<table::Table>& tables)
{
    table::Schema schema = tables.front().schema();
    for (const table::Table& one : tables)
        for (const table::Field& field : one.schema().fields)
            if (!schema.find(field.name))
                schema.fields.push_back(field);
    if (schema.geometry)
        schema.geometry->has_z = std::ranges::any_of(tables, [](const table::Table& one) { return one.has_geometry() && one.geometry().has_z(); });
    std::vector<table::Table> same;
    for (const table::Table& one : tables)
        same.push_back(aligned(one, schema));
    return same.size() == 1 ? same.front() : table::concatenate(same);
}

bool has_columns(io::Database& database, const std::string& path, const std::string& layer)
{
    const auto rows = io::is_postgis(path) ? database.query("SELECT count(*) FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 "
                                                            "AND column_name IN ('uuid', 'source_ref')",
                                                            {io::schema_of(path), layer})
                                           : database.query("SELECT count(*) FROM pragma_table_info($1) WHERE name IN ('uuid', 'source_ref')", {layer});
    return rows.front().front() == "2";
}

std::string joined_text(const std::string& a, const std::string& b)
{
    return a.empty() || a == b ? b : b.empty() || a.find(b) != std::string::npos ? a : a + "; " + b;
}

void describe(City::Edit& edit, const std::vector<StoredLayer>& before, const std::string& name, bool alone, const ImportState& state)
{
    const LayerDefinition* definition = find_layer(name);
    StoredLayer layer;
    const auto known = std::ranges::find(before, name, &StoredLayer::name);
    if (known != before.end())
        layer = *known;
    if (alone)
        layer.source = layer.attribution = layer.licence = "";
    layer.name = layer.definition = name;
    if (known == before.end() || known->crs.empty())
        layer.crs = definition->crs.empty() ? state.city_crs : definition->crs;
    layer.rows = 0;
    layer.disclosure = known != before.end() && static_cast<int>(known->disclosure) > static_cast<int>(definition->disclosure) ? known->disclosure : definition->disclosure;
    layer.source = joined_text(layer.source, state.mapping.source.empty() ? state.mapping.info.title.en : state.mapping.source);
    layer.attribution = joined_text(layer.attribution, state.mapping.info.attribution);
    layer.licence = joined_text(layer.licence, state.mapping.info.licence);
    const bool shifted = state.options.shift_x_m != 0 || state.options.shift_y_m != 0;
    layer.demonstration = (!alone && layer.demonstration) || state.options.demonstration || state.mapping.demonstration || shifted;
    edit.describe(layer);
}

std::unordered_set<std::string> new_objects(const ImportState& state, const std::string& layer)
{
    std::unordered_set<std::string> all;
    if (const auto found = state.tables.find(layer); found != state.tables.end())
        for (const table::Table& table : found->second)
            for (std::size_t row = 0; row < table.rows(); ++row)
                all.emplace(table.column("uuid").text(row));
    return all;
}

void require_unchanged(const ImportState& state, const Stored& now)
{
    for (const auto& [layer, stored] : now)
        for (const std::string& uuid : new_objects(state, layer))
            if (stored.others.contains(uuid) || (!state.options.replace && stored.own.contains(uuid)))
                throw Error(ErrorKind::io, base::filled({"Another import stored the same objects in {0} while the sources were read; nothing was stored. Import again.",
                                                         "Ein anderer Import hat in {0} dieselben Objekte gespeichert, während die Quellen gelesen wurden; nichts wurde "
                                                         "gespeichert. Bitte noch einmal importieren."},
                                                        layer));
}

}  // namespace

Stored stored_objects(const City& city, const Mapping& mapping)
{
    Stored all;
    const std::vector<StoredLayer> layers = city.layers();
    if (layers.empty())
        return all;
    const auto database = io::Database::open(city.path(), io::Database::Access::read);
    for (const StoredLayer& layer : layers) {
        if (std::ranges::find(mapping.info.layers, layer.name) == mapping.info.layers.end())
            continue;
        StoredObjects& objects = all[layer.name];
        if (!has_columns(*database, city.path(), layer.name)) {
            objects.other_rows = layer.rows;
            continue;
        }
        for (const auto& row : database->query("SELECT uuid, source_ref FROM " + io::sql_name(layer.name))) {
            const bool own = row[1] == mapping.info.name;
            ++(own ? objects.own_rows : objects.other_rows);
            if (row[0])
                (own ? objects.own : objects.others).insert(*row[0]);
        }
    }
    return all;
}

void count_earlier(ImportState& state, const Stored& stored)
{
    ImportReport& report = state.report;
    for (const auto& [name, tables] : state.tables) {
        std::int64_t rows = 0;
        for (const table::Table& one : tables)
            rows += static_cast<std::int64_t>(one.rows());
        report.layers.push_back({name, rows});
    }
    if (!state.options.replace)
        return;
    for (const auto& [name, objects] : stored) {
        if (objects.own_rows == 0)
            continue;
        auto layer = std::ranges::find(report.layers, name, &ImportReport::Layer::name);
        if (layer == report.layers.end())
            layer = report.layers.insert(std::ranges::upper_bound(report.layers, name, {}, &ImportReport::Layer::name), {name});
        const auto now = new_objects(state, name);
        layer->rows_replaced = std::ranges::count_if(objects.own, [&](const std::string& uuid) { return now.contains(uuid); });
        layer->rows_removed = objects.own_rows - layer->rows_replaced;
        report.rows_replaced += layer->rows_replaced;
        report.rows_removed += layer->rows_removed;
        if (layer->rows_removed == 0)
            continue;
        base::Finding finding;
        finding.rule = "import.removed";
        finding.severity = base::Severity::warning;
        finding.layer = name;
        finding.value = std::to_string(layer->rows_removed);
        finding.message = base::filled({"Rows of the earlier delivery that are not in this one and leave the city: {0}. An import replaces all that its mapping stored "
                                        "before; name all files of a delivery together, or add them with --append.",
                                        "Zeilen der früheren Lieferung, die in dieser fehlen und die Stadt verlassen: {0}. Ein Import ersetzt alles, was seine Abbildung zuvor "
                                        "gespeichert hat; bitte alle Dateien einer Lieferung zusammen nennen oder mit --append anfügen."},
                                       std::to_string(layer->rows_removed));
        report.findings.push_back(std::move(finding));
    }
}

void store_tables(City& city, ImportState& state, const std::vector<std::string>& sources, std::int64_t files, base::RunContext& run)
{
    City::Edit edit = city.edit();
    // What others stored while the sources were read is seen here, and nothing comes between from now on.
    const Stored stored = stored_objects(city, state.mapping);
    const std::vector<StoredLayer> before = city.layers();
    require_unchanged(state, stored);
    count_earlier(state, stored);
    if (state.options.replace)
        for (const auto& [name, objects] : stored)
            if (objects.own_rows > 0)
                edit.remove(name, "source_ref", state.mapping.info.name);
    double written = 0;
    const double step = 0.15 / static_cast<double>(state.tables.size());
    for (const auto& entry : state.tables) {
        const std::string& name = entry.first;
        part(run, state.report, 0.85 + step * written, 0.85 + step * (written + 1), [&](base::RunContext& inner) {
            edit.append(name, united(entry.second), inner);
            return 0;
        });
        ++written;
        const auto old = stored.find(name);
        const bool alone = old == stored.end() || (old->second.other_rows == 0 && (state.options.replace || old->second.own_rows == 0));
        describe(edit, before, name, alone, state);
    }
    std::string names;
    for (const std::string& source : sources)
        names += (names.empty() ? "" : ", ") + shown_name(source);
    const auto now = state.now_us;
    edit.record({.when = table::datetime_text(now - now % 1'000'000),
                 .mapping = state.mapping.info.name,
                 .source = base::shortened(names, 2000),
                 .rows_read = state.report.rows_read,
                 .rows_stored = state.report.rows_stored,
                 .rows_rejected = state.report.rows_rejected,
                 .rows_repeated = state.report.rows_repeated,
                 .rows_replaced = state.report.rows_replaced,
                 .rows_removed = state.report.rows_removed,
                 .files = files});
    edit.commit();
}

}  // namespace stadtgdi::catalogue::detail
