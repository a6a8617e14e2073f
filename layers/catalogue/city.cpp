// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/city.hpp>

#include <layers/catalogue/city_store.hpp>
#include <layers/catalogue/city_table.hpp>
#include <layers/crs/transform.hpp>
#include <layers/io/source.hpp>

#include <algorithm>
#include <filesystem>

namespace stadtgdi::catalogue {

using io::sql_literal;

namespace {

/// Readers go on while somebody writes. QGIS sets another journal mode when it closes a file.
void use_wal(const std::string& path)
{
    if (io::is_postgis(path))
        return;
    try {
        io::Database::open(path, io::Database::Access::write)->execute("PRAGMA busy_timeout = 200; PRAGMA journal_mode = WAL");
    } catch (const Error&) {
        // Busy now: it is WAL, or becomes so at the next edit.
    }
}

}  // namespace

City City::create(const std::string& path, const CityInfo& info, base::RunContext&)
{
    plan(path, info).edit().commit();
    return open(path);
}

City City::plan(const std::string& path, const CityInfo& info)
{
    if (!io::is_postgis(path) && !path.ends_with(".gpkg")) {
        throw Error(ErrorKind::invalid_argument, base::filled({"A city is a GeoPackage (city.gpkg) or a PostGIS schema (\"PG:dbname=... schemas=...\"); '{0}' is neither.",
                                                               "Eine Stadt ist ein GeoPackage (stadt.gpkg) oder ein PostGIS-Schema (\"PG:dbname=... schemas=...\"); '{0}' ist keines von beiden."},
                                                              path));
    }
    std::error_code error;
    if (is_city(path) || (!io::is_postgis(path) && std::filesystem::exists(path, error))) {
        throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' exists already; open it or choose another name.",
                                                               "'{0}' gibt es schon; bitte öffnen oder einen anderen Namen wählen."},
                                                              io::shown_path(path)));
    }
    crs::require_metric(info.crs, io::shown_path(path));
    City city;
    city.m_path = path;
    city.m_info = info;
    city.m_info.schema_version = store::current_version();
    city.m_planned = true;
    return city;
}

namespace {

void require_city(const std::string& path)
{
    if (!City::is_city(path)) {
        // The reason, where the file cannot be opened at all.
        io::Database::open(path, io::Database::Access::read);
        throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' holds no city: the table stadtgdi_city is missing.",
                                                               "'{0}' enthält keine Stadt: Die Tabelle stadtgdi_city fehlt."},
                                                              io::shown_path(path)));
    }
}

}  // namespace

City City::look(const std::string& path)
{
    require_city(path);
    City city;
    city.m_path = path;
    store::require_known(path, store::current_version());
    city.m_info = store::read_info(*io::Database::open(path, io::Database::Access::read));
    return city;
}

City City::open(const std::string& path)
{
    require_city(path);
    City city;
    city.m_path = path;
    city.m_upgraded = store::upgrade(path, store::current_version(), store::steps());
    city.m_info = store::read_info(*io::Database::open(path, io::Database::Access::read));
    return city;
}

bool City::is_city(const std::string& path)
{
    try {
        return io::Database::open(path, io::Database::Access::read)->has_table("stadtgdi_city");
    } catch (const Error& error) {
        // An unreachable database must not pass for an empty one.
        if (error.kind() == ErrorKind::io)
            throw;
        return false;
    }
}

std::vector<StoredLayer> City::layers() const
{
    if (is_only_planned())
        return {};
    const auto database = io::Database::open(m_path, io::Database::Access::read);
    const bool postgis = io::is_postgis(m_path);
    std::vector<StoredLayer> list;
    // Tables that others added belong to the city as well; their class is the careful one.
    const std::string tables =
        postgis ? "SELECT c.relname, coalesce('EPSG:' || nullif((SELECT g.srid FROM public.geometry_columns g WHERE g.f_table_schema = n.nspname AND "
                  "g.f_table_name = c.relname LIMIT 1), 0), '') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                  "WHERE n.nspname = " +
                      sql_literal(io::schema_of(m_path)) +
                      " AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relname NOT LIKE 'stadtgdi\\_%' "
                      "AND c.relname NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns', 'raster_columns', 'raster_overviews', 'layer_styles')"
                : "SELECT c.table_name, CASE WHEN g.column_name IS NULL OR s.organization = 'NONE' THEN '' ELSE s.organization || ':' || s.organization_coordsys_id END "
                  "FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
                  "WHERE c.data_type IN ('features', 'attributes', 'aspatial') AND c.table_name NOT IN ('layer_styles')";
    const auto described = database->query("SELECT name, definition, crs, disclosure, source, attribution, licence, demonstration FROM stadtgdi_layer");
    for (const auto& table : database->query(tables)) {
        StoredLayer layer;
        layer.name = table[0].value_or("");
        layer.crs = table[1].value_or("");
        const auto row = std::find_if(described.begin(), described.end(), [&](const auto& r) { return r[0] == layer.name; });
        if (row != described.end()) {
            layer.definition = (*row)[1].value_or("");
            layer.disclosure = disclosure_of((*row)[3].value_or("")).value_or(Disclosure::internal);
            layer.source = (*row)[4].value_or("");
            layer.attribution = (*row)[5].value_or("");
            layer.licence = (*row)[6].value_or("");
            layer.demonstration = (*row)[7] != "0";
        }
        layer.rows = std::stoll(database->query("SELECT count(*) FROM " + io::sql_name(layer.name)).front().front().value_or("0"));
        list.push_back(std::move(layer));
    }
    std::sort(list.begin(), list.end(), [](const StoredLayer& a, const StoredLayer& b) { return a.name < b.name; });
    return list;
}

std::vector<ImportRecord> City::imports() const
{
    if (is_only_planned())
        return {};
    std::vector<ImportRecord> list;
    const auto database = io::Database::open(m_path, io::Database::Access::read);
    const std::string counts = m_info.schema_version < 2 ? "rows_read - rows_stored - rows_rejected, 0, 0, NULL" : "rows_repeated, rows_replaced, rows_removed, files";
    for (const auto& row : database->query("SELECT happened, mapping, source, rows_read, rows_stored, rows_rejected, " + counts + " FROM stadtgdi_import ORDER BY id")) {
        const auto number = [&](std::size_t i) { return std::stoll(row[i].value_or("0")); };
        list.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), number(3), number(4), number(5), number(6), number(7), number(8), {}});
        if (row[9])
            list.back().files = number(9);
    }
    return list;
}

table::Table City::read(const std::string& layer, base::RunContext& run, const std::vector<std::string>& columns) const
{
    return io::Source::open(m_path)->read({.layer = layer, .columns = columns}, run);
}

struct City::Edit::State {
    std::string path;
    CityInfo info;
    bool is_new;
    std::vector<StoredLayer> layers;
    std::unique_ptr<io::Sink> sink;

    const StoredLayer* find(const std::string& name) const
    {
        const auto found = std::find_if(layers.begin(), layers.end(), [&](const StoredLayer& layer) { return layer.name == name; });
        return found == layers.end() ? nullptr : &*found;
    }

    void write(const std::string& layer, const table::Table& table, io::WriteMode mode, base::RunContext& run)
    {
        const LayerDefinition* definition = find_layer(layer);
        io::WriteOptions options = write_options(layer, definition, mode);
        options.add_columns = true;
        sink->write(table, options, run);
        const std::string crs = table.has_geometry() ? table.geometry().crs() : "";
        sink->execute("INSERT INTO stadtgdi_layer (name, definition, crs, disclosure, source, attribution, licence, demonstration) VALUES (" + sql_literal(layer) + ", " +
                      sql_literal(definition ? definition->name : "") + ", " + sql_literal(crs) + ", " +
                      sql_literal(name_of(definition ? definition->disclosure : Disclosure::internal)) +
                      ", '', '', '', 0) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, crs = excluded.crs");
        store::watch_table(*sink, path, layer);
    }
};

City::Edit::Edit(std::unique_ptr<State> state) : m_state(std::move(state)) {}
City::Edit::Edit(Edit&&) noexcept = default;
City::Edit::~Edit() = default;

City::Edit City::edit()
{
    auto state = std::make_unique<Edit::State>();
    state->path = m_path;
    if (!is_only_planned())
        use_wal(m_path);
    state->sink = io::Sink::open(m_path);
    // From here on a GeoPackage is locked for writing: what is read now stays true.
    state->is_new = is_only_planned();
    if (state->is_new) {
        store::create_tables(*state->sink, m_path, m_info);
    } else {
        if (io::is_postgis(m_path))
            state->sink->execute("LOCK TABLE stadtgdi_city IN EXCLUSIVE MODE");
        if (m_planned)
            join_made_meanwhile();
        state->layers = layers();
    }
    state->info = m_info;
    return Edit(std::move(state));
}

void City::join_made_meanwhile()
{
    const CityInfo found = store::read_info(*io::Database::open(m_path, io::Database::Access::read));
    if (crs::normalized(found.crs) != crs::normalized(m_info.crs))
        throw Error(ErrorKind::invalid_argument, base::filled({"Another program has made the city '{0}' meanwhile, in {1} and not in {2}; nothing was stored.",
                                                               "Ein anderes Programm hat die Stadt '{0}' inzwischen angelegt, in {1} und nicht in {2}; nichts wurde gespeichert."},
                                                              io::shown_path(m_path), found.crs, m_info.crs));
    m_info = found;
    m_planned = false;
}

void City::Edit::replace(const std::string& layer, const table::Table& table, base::RunContext& run)
{
    m_state->write(layer, completed(table, find_layer(layer), m_state->info.crs), io::WriteMode::replace, run);
}

void City::Edit::append(const std::string& layer, const table::Table& table, base::RunContext& run)
{
    table::Table rows = completed(table, find_layer(layer), m_state->info.crs);
    const StoredLayer* stored = m_state->find(layer);
    if (stored && rows.has_geometry() && !stored->crs.empty() && !rows.geometry().crs().empty() && rows.geometry().crs() != stored->crs)
        rows = crs::transformed(rows, stored->crs, run);
    m_state->write(layer, rows, io::WriteMode::append, run);
}

void City::Edit::remove(const std::string& layer, const std::string& column, const std::string& value)
{
    m_state->sink->remove(layer, column, value);
}

void City::Edit::describe(const StoredLayer& layer)
{
    std::string sql = "INSERT INTO stadtgdi_layer (name, definition, crs, disclosure, source, attribution, licence, demonstration) VALUES (";
    for (const std::string_view text : {std::string_view(layer.name), std::string_view(layer.definition), std::string_view(layer.crs), name_of(layer.disclosure),
                                        std::string_view(layer.source), std::string_view(layer.attribution), std::string_view(layer.licence)})
        sql += sql_literal(text) + ", ";
    sql += layer.demonstration ? "1)" : "0)";
    // What the writing knows better (definition, crs) stays where the description does not say it.
    m_state->sink->execute(sql + " ON CONFLICT (name) DO UPDATE SET disclosure = excluded.disclosure, source = excluded.source, attribution = excluded.attribution, "
                                 "licence = excluded.licence, demonstration = excluded.demonstration" +
                           (layer.definition.empty() ? "" : ", definition = excluded.definition") + (layer.crs.empty() ? "" : ", crs = excluded.crs"));
}

void City::Edit::record(const ImportRecord& import)
{
    std::string values = sql_literal(import.when) + ", " + sql_literal(import.mapping) + ", " + sql_literal(import.source);
    for (const std::int64_t rows : {import.rows_read, import.rows_stored, import.rows_rejected, import.rows_repeated, import.rows_replaced, import.rows_removed})
        values += ", " + std::to_string(rows);
    values += import.files ? ", " + std::to_string(*import.files) : ", NULL";
    m_state->sink->execute("INSERT INTO stadtgdi_import (happened, mapping, source, rows_read, rows_stored, rows_rejected, rows_repeated, rows_replaced, rows_removed, files) VALUES (" +
                           values + ")");
}

void City::Edit::commit()
{
    m_state->sink->commit();
    if (m_state->is_new)
        use_wal(m_state->path);
    m_state->is_new = false;
}

}  // namespace stadtgdi::catalogue
