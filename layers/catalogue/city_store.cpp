// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/city_store.hpp>

#include <charconv>
#include <filesystem>

namespace stadtgdi::catalogue::store {
namespace {

constexpr const char* tables = R"(
CREATE TABLE stadtgdi_city (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE stadtgdi_layer (name TEXT PRIMARY KEY, definition TEXT NOT NULL, crs TEXT NOT NULL, disclosure TEXT NOT NULL, source TEXT NOT NULL,
  attribution TEXT NOT NULL, licence TEXT NOT NULL, demonstration INTEGER NOT NULL);
)";

constexpr const char* import_table = "CREATE TABLE stadtgdi_import ({id}, happened TEXT NOT NULL, mapping TEXT NOT NULL, source TEXT NOT NULL, "
                                     "rows_read BIGINT NOT NULL, rows_stored BIGINT NOT NULL, rows_rejected BIGINT NOT NULL, rows_repeated BIGINT NOT NULL DEFAULT 0, "
                                     "rows_replaced BIGINT NOT NULL DEFAULT 0, rows_removed BIGINT NOT NULL DEFAULT 0, files BIGINT)";

/// Version 2: what an import replaced has columns of its own. Before, it stood behind the file names,
/// "a.csv (replaced 12, removed 3)": cut off from the end, piece by piece.
constexpr const char* import_counts = R"(
ALTER TABLE stadtgdi_import ADD COLUMN rows_repeated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stadtgdi_import ADD COLUMN rows_replaced BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stadtgdi_import ADD COLUMN rows_removed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stadtgdi_import ADD COLUMN files BIGINT;
UPDATE stadtgdi_import SET rows_repeated = rows_read - rows_stored - rows_rejected;
UPDATE stadtgdi_import SET source = found.names, rows_replaced = CAST(found.replaced AS BIGINT), rows_removed = CAST(found.removed AS BIGINT)
FROM (SELECT id, substr(start, 1, length(start) - length(' (replaced ')) AS names, substr(middle, length(start) + 1) AS replaced, removed
      FROM (SELECT id, middle, removed, rtrim(middle, '0123456789') AS start
            FROM (SELECT id, substr(open, 1, length(open) - length(', removed ')) AS middle, substr(whole, length(open) + 1) AS removed
                  FROM (SELECT id, whole, rtrim(whole, '0123456789') AS open
                        FROM (SELECT id, rtrim(source, ')') AS whole FROM stadtgdi_import WHERE source LIKE '%)') AS one) AS two
                  WHERE open LIKE '%, removed ' AND length(whole) > length(open)) AS three) AS four
      WHERE start LIKE '% (replaced ' AND length(middle) > length(start)) AS found
WHERE found.id = stadtgdi_import.id;
)";

/// Version 0 is the layout of version 1 before it was counted.
int version_of(io::Database& database, const std::string& path)
{
    const auto rows = database.query("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'");
    const std::string text = rows.empty() ? "" : rows.front().front().value_or("");
    int version = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (failure != std::errc{} || end != text.data() + text.size() || version < 0) {
        throw Error(ErrorKind::bad_data, base::filled({"The city '{0}' names no schema version: schema_version in the table stadtgdi_city is '{1}', a number is expected.",
                                                       "Die Stadt '{0}' nennt keine Schemaversion: schema_version in der Tabelle stadtgdi_city ist '{1}', erwartet wird eine Zahl."},
                                                      io::shown_path(path), text));
    }
    return version;
}

[[noreturn]] void fail_newer(const std::string& path, int found, int current)
{
    throw Error(ErrorKind::unsupported,
                base::filled({"The city '{0}' has the schema version {1}; this StadtGDI knows up to {2}. Update StadtGDI to open it.",
                              "Die Stadt '{0}' hat die Schemaversion {1}; dieses StadtGDI kennt Versionen bis {2}. Bitte StadtGDI aktualisieren."},
                             io::shown_path(path), std::to_string(found), std::to_string(current)));
}

[[noreturn]] void fail_upgrade(const std::string& path, int found, int current, const Error& reason)
{
    base::Text message = base::filled({"The city '{0}' has the schema version {1} and could not be brought to version {2}; it is as it was. ",
                                       "Die Stadt '{0}' hat die Schemaversion {1} und ließ sich nicht auf Version {2} bringen; sie ist unverändert. "},
                                      io::shown_path(path), std::to_string(found), std::to_string(current));
    message.en += reason.message().en;
    message.de += reason.message().de;
    throw Error(reason.kind(), std::move(message));
}

/// The store as it is, beside it. The caller holds the lock for writing and has changed nothing yet.
std::string copy_file(const std::string& path, const std::string& suffix)
{
    const std::string copy = path + "." + suffix, unfinished = copy + ".writing";
    std::error_code error;
    std::filesystem::remove(unfinished, error);  // of an upgrade that did not come to its end
    io::Database::open(path, io::Database::Access::read)->execute("VACUUM INTO " + io::sql_literal(unfinished));
    std::filesystem::rename(unfinished, copy, error);
    if (error)
        throw Error(ErrorKind::io, base::filled({"'{0}' cannot be written: {1}", "'{0}' kann nicht geschrieben werden: {1}"}, copy, error.message()));
    return copy;
}

std::string copy_tables(io::Database& database, const std::string& suffix)
{
    for (const std::string table : {"stadtgdi_city", "stadtgdi_layer", "stadtgdi_import"}) {
        const std::string copy = io::sql_name(table + "_" + suffix);
        database.execute("DROP TABLE IF EXISTS " + copy + "; CREATE TABLE " + copy + " AS SELECT * FROM " + table);
    }
    return suffix;
}

/// All in one transaction: both the copy and the steps see the store as it is under the lock.
std::optional<Upgrade> upgrade_locked(io::Database& database, const std::string& path, int current, const std::vector<Step>& all_steps)
{
    const bool postgis = io::is_postgis(path);
    database.execute(postgis ? "BEGIN; LOCK TABLE stadtgdi_city IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE");
    try {
        std::optional<Upgrade> done;
        // Another program may have been faster.
        const int found = version_of(database, path);
        if (found > current)
            fail_newer(path, found, current);
        if (found < current) {
            const std::string suffix = "before-version-" + std::to_string(current);
            done = Upgrade{found, current, postgis ? copy_tables(database, suffix) : copy_file(path, suffix)};
            for (const Step& step : all_steps)
                if (step.to_version > found)
                    database.execute(step.sql);
            database.execute("UPDATE stadtgdi_city SET value = '" + std::to_string(current) + "' WHERE key = 'schema_version'");
        }
        database.execute("COMMIT");
        return done;
    } catch (...) {
        try {
            database.execute("ROLLBACK");
        } catch (const Error&) {
            // Closing the connection does the same; the first error is the one to tell.
        }
        throw;
    }
}

}  // namespace

const std::vector<Step>& steps()
{
    // Version 1 is the first layout; a change of the tables adds a step here and never changes an older one.
    static const std::vector<Step> list{{2, import_counts}};
    return list;
}

int current_version()
{
    return steps().back().to_version;
}

void create_tables(io::Sink& sink, const std::string& path, const CityInfo& info)
{
    sink.execute(tables);
    const bool postgis = io::is_postgis(path);
    std::string imports = import_table;
    imports.replace(imports.find("{id}"), 4, postgis ? "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY" : "id INTEGER PRIMARY KEY");
    sink.execute(imports);
    const std::vector<std::pair<std::string, std::string>> values{{"name", info.name},
                                                                  {"crs", info.crs},
                                                                  {"attribution", info.attribution},
                                                                  {"licence", info.licence},
                                                                  {"schema_version", std::to_string(current_version())}};
    for (const auto& [key, value] : values)
        sink.execute("INSERT INTO stadtgdi_city (key, value) VALUES (" + io::sql_literal(key) + ", " + io::sql_literal(value) + ")");
    if (postgis) {
        const std::string schema = io::sql_name(io::schema_of(path));
        sink.execute("CREATE OR REPLACE FUNCTION " + schema +
                     ".stadtgdi_notify() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
                     "PERFORM pg_notify('stadtgdi_changed', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME); RETURN NULL; END $f$");
        watch_table(sink, path, "stadtgdi_layer");
    } else {
        // By this row GDAL and QGIS list registered tables only, so that nobody loads these three by accident.
        sink.execute("INSERT INTO gpkg_extensions VALUES (NULL, NULL, 'gdal_aspatial', 'http://gdal.org/geopackage_aspatial.html', 'read-write')");
    }
}

void watch_table(io::Sink& sink, const std::string& path, const std::string& table)
{
    if (!io::is_postgis(path))
        return;
    const std::string schema = io::sql_name(io::schema_of(path)), name = schema + "." + io::sql_name(table);
    // Making a trigger locks readers out until the commit, so only where it is missing.
    sink.execute("DO $d$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'stadtgdi_changed' AND tgrelid = " + io::sql_literal(name) +
                 "::regclass) THEN CREATE TRIGGER stadtgdi_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON " + name +
                 " FOR EACH STATEMENT EXECUTE FUNCTION " + schema + ".stadtgdi_notify(); END IF; END $d$");
    sink.execute("SELECT pg_notify('stadtgdi_changed', " + io::sql_literal(io::schema_of(path) + "." + table) + ")");
}

CityInfo read_info(io::Database& database)
{
    CityInfo info;
    for (const auto& row : database.query("SELECT key, value FROM stadtgdi_city")) {
        const std::string key = row[0].value_or(""), value = row[1].value_or("");
        if (key == "name")
            info.name = value;
        else if (key == "crs")
            info.crs = value;
        else if (key == "attribution")
            info.attribution = value;
        else if (key == "licence")
            info.licence = value;
        else if (key == "schema_version")
            info.schema_version = std::stoi(value);
    }
    return info;
}

int require_known(const std::string& path, int current)
{
    const int found = version_of(*io::Database::open(path, io::Database::Access::read), path);
    if (found > current)
        fail_newer(path, found, current);
    return found;
}

std::optional<Upgrade> upgrade(const std::string& path, int current, const std::vector<Step>& all_steps)
{
    const int found = require_known(path, current);
    if (found == current)
        return {};
    try {
        const auto database = io::Database::open(path, io::Database::Access::write);
        return upgrade_locked(*database, path, current, all_steps);
    } catch (const Error& reason) {
        fail_upgrade(path, found, current, reason);
    }
}

}  // namespace stadtgdi::catalogue::store
