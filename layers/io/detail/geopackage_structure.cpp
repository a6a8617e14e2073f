// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/geopackage_structure.hpp>

#include <layers/io/detail/gdal.hpp>
#include <cpl_conv.h>

namespace stadtgdi::io::detail {
namespace {

constexpr const char* structure = R"(
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
)";

constexpr const char* column_descriptions = R"(
CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT OR IGNORE INTO gpkg_extensions SELECT 'gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'
  WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions WHERE table_name = 'gpkg_data_columns');
INSERT OR IGNORE INTO gpkg_extensions SELECT 'gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'
  WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions WHERE table_name = 'gpkg_data_column_constraints');
)";

/// Triggers of the specification's R-tree extension: {t} table, {g} geometry, {i} row id, {r} R-tree.
constexpr const char* index_triggers = R"(
CREATE TRIGGER {r_insert} AFTER INSERT ON {t} WHEN (new.{g} NOT NULL AND NOT ST_IsEmpty(NEW.{g})) BEGIN
  INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, ST_MinX(NEW.{g}), ST_MaxX(NEW.{g}), ST_MinY(NEW.{g}), ST_MaxY(NEW.{g})); END;
CREATE TRIGGER {r_update1} AFTER UPDATE OF {g} ON {t} WHEN OLD.{i} = NEW.{i} AND (NEW.{g} NOTNULL AND NOT ST_IsEmpty(NEW.{g})) BEGIN
  INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, ST_MinX(NEW.{g}), ST_MaxX(NEW.{g}), ST_MinY(NEW.{g}), ST_MaxY(NEW.{g})); END;
CREATE TRIGGER {r_update2} AFTER UPDATE OF {g} ON {t} WHEN OLD.{i} = NEW.{i} AND (NEW.{g} ISNULL OR ST_IsEmpty(NEW.{g})) BEGIN
  DELETE FROM {r} WHERE id = OLD.{i}; END;
CREATE TRIGGER {r_update3} AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND (NEW.{g} NOTNULL AND NOT ST_IsEmpty(NEW.{g})) BEGIN
  DELETE FROM {r} WHERE id = OLD.{i};
  INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, ST_MinX(NEW.{g}), ST_MaxX(NEW.{g}), ST_MinY(NEW.{g}), ST_MaxY(NEW.{g})); END;
CREATE TRIGGER {r_update4} AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND (NEW.{g} ISNULL OR ST_IsEmpty(NEW.{g})) BEGIN
  DELETE FROM {r} WHERE id IN (OLD.{i}, NEW.{i}); END;
CREATE TRIGGER {r_delete} AFTER DELETE ON {t} WHEN old.{g} NOT NULL BEGIN DELETE FROM {r} WHERE id = OLD.{i}; END;
)";

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

const char* column_type(table::Type type)
{
    switch (type) {
    case table::Type::boolean: return "BOOLEAN";
    case table::Type::int64: return "INTEGER";
    case table::Type::float64: return "REAL";
    case table::Type::date: return "DATE";
    case table::Type::datetime: return "DATETIME";
    case table::Type::text: break;
    }
    return "TEXT";
}

const char* geometry_type(table::GeometryKind kind)
{
    switch (kind) {
    case table::GeometryKind::point: return "POINT";
    case table::GeometryKind::line: return "LINESTRING";
    case table::GeometryKind::polygon: return "POLYGON";
    case table::GeometryKind::multi_point: return "MULTIPOINT";
    case table::GeometryKind::multi_line: return "MULTILINESTRING";
    case table::GeometryKind::multi_polygon: return "MULTIPOLYGON";
    }
    return "GEOMETRY";
}

}  // namespace

std::string change_time()
{
    if (const char* fixed = CPLGetConfigOption("OGR_CURRENT_DATE", nullptr))
        return sql_literal(fixed);
    return "strftime('%Y-%m-%dT%H:%M:%fZ','now')";
}

void create_geopackage(SqliteDatabase& database)
{
    // "GPKG", version 1.3
    database.execute("PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;");
    database.execute(structure);
    register_crs(database, "EPSG:4326");
}

std::int64_t register_crs(SqliteDatabase& database, const std::string& wanted)
{
    if (wanted.empty())
        return -1;
    const std::string code = wanted == "OGC:CRS84" ? "EPSG:4326" : wanted;
    const OGRSpatialReference reference = reference_of(code);
    const std::size_t colon = code.find(':');
    const std::string authority = code.substr(0, colon), number = code.substr(colon + 1);
    const auto known = database.query(
        "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE upper(organization) = upper($1) AND organization_coordsys_id = CAST($2 AS INTEGER)", {authority, number});
    if (!known.empty())
        return std::stoll(*known.front().front());
    char* wkt = nullptr;
    const char* const form[] = {"FORMAT=WKT1_GDAL", nullptr};
    if (reference.exportToWkt(&wkt, form) != OGRERR_NONE) {
        CPLFree(wkt);
        wkt = nullptr;
        reference.exportToWkt(&wkt);
    }
    const std::string definition = wkt ? wkt : "undefined";
    CPLFree(wkt);
    const char* name = reference.GetName();
    database.query("INSERT INTO gpkg_spatial_ref_sys VALUES ($1, CAST($2 AS INTEGER), $3, CAST($2 AS INTEGER), $4, NULL)",
                   {name ? name : code, number, authority, definition});
    return std::stoll(number);
}

std::string sql_default(const std::string& fallback, table::Type type)
{
    if (fallback == "uuid()")
        return "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
               "substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))";
    if (fallback == "now()")
        return "(strftime('%Y-%m-%dT%H:%M:%fZ','now'))";
    if (fallback == "today()")
        return "CURRENT_DATE";
    if (type == table::Type::boolean)
        return fallback == "true" || fallback == "1" ? "1" : "0";
    if (type == table::Type::int64 || type == table::Type::float64)
        return fallback;
    return sql_literal(fallback);
}

void create_layer(SqliteDatabase& database, const table::Schema& schema, const WriteOptions& options)
{
    const std::string& layer = options.layer;
    std::string sql = "CREATE TABLE " + sql_name(layer) + " (" + sql_name(options.fid_column) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL";
    if (schema.geometry)
        sql += ", " + sql_name(schema.geometry->name) + " " + geometry_type(schema.geometry->kind);
    for (const table::Field& field : schema.fields) {
        if (field.name == options.fid_column)
            continue;
        sql += ", " + sql_name(field.name) + " " + column_type(field.type);
        if (const auto found = options.column_defaults.find(field.name); found != options.column_defaults.end() && !found->second.empty())
            sql += " DEFAULT " + sql_default(found->second, field.type);
    }
    database.execute(sql + ")");
    const std::string srs = schema.geometry ? std::to_string(register_crs(database, schema.geometry->crs)) : "0";
    const std::string description = options.abstract.empty() ? options.title : options.abstract;
    database.query("INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES ($1, $2, $1, $3, " +
                       change_time() + ", CAST($4 AS INTEGER))",
                   {layer, schema.geometry ? "features" : "attributes", description, srs});
    if (schema.geometry)
        database.query("INSERT INTO gpkg_geometry_columns VALUES ($1, $2, $3, CAST($4 AS INTEGER), CAST($5 AS INTEGER), 0)",
                       {layer, schema.geometry->name, geometry_type(schema.geometry->kind), srs, schema.geometry->has_z ? "1" : "0"});
    if (!options.column_texts.empty()) {
        database.execute(column_descriptions);
        for (const auto& [column, text] : options.column_texts)
            if (schema.find(column))
                database.query("INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, description) VALUES ($1, $2, $3)", {layer, column, text});
    }
    for (const std::string& column : options.key_columns)
        database.execute("CREATE INDEX " + sql_name(layer + "_" + column) + " ON " + sql_name(layer) + " (" + sql_name(column) + ")");
}

void add_column(SqliteDatabase& database, const table::Field& field, const WriteOptions& options)
{
    std::string sql = "ALTER TABLE " + sql_name(options.layer) + " ADD COLUMN " + sql_name(field.name) + " " + column_type(field.type);
    if (const auto found = options.column_defaults.find(field.name); found != options.column_defaults.end() && !found->second.empty() && !found->second.ends_with("()"))
        sql += " DEFAULT " + sql_default(found->second, field.type);
    database.execute(sql);
    if (const auto text = options.column_texts.find(field.name); text != options.column_texts.end()) {
        database.execute(column_descriptions);
        database.query("INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, description) VALUES ($1, $2, $3)", {options.layer, field.name, text->second});
    }
}

void create_spatial_index(SqliteDatabase& database, const std::string& layer, const std::string& geometry, const std::string& fid)
{
    const std::string tree = "rtree_" + layer + "_" + geometry;
    database.execute("CREATE VIRTUAL TABLE " + sql_name(tree) + " USING rtree(id, minx, maxx, miny, maxy)");
    std::string triggers = index_triggers;
    for (const char* name : {"insert", "update1", "update2", "update3", "update4", "delete"})
        triggers = replaced(triggers, std::string("{r_") + name + "}", sql_name(tree + "_" + name));
    triggers = replaced(replaced(replaced(replaced(triggers, "{t}", sql_name(layer)), "{g}", sql_name(geometry)), "{i}", sql_name(fid)), "{r}", sql_name(tree));
    database.execute(triggers);
    database.query("INSERT INTO gpkg_extensions VALUES ($1, $2, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
                   {layer, geometry});
}

void drop_layer(SqliteDatabase& database, const std::string& layer)
{
    for (const auto& row : database.query("SELECT column_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower($1)", {layer}))
        database.execute("DROP TABLE IF EXISTS " + sql_name("rtree_" + layer + "_" + row.front().value_or("")));
    database.execute("DROP TABLE " + sql_name(layer));
    for (const char* registry : {"gpkg_geometry_columns", "gpkg_data_columns", "gpkg_extensions", "gpkg_ogr_contents", "gpkg_contents"}) {
        if (database.has_table(registry))
            database.query("DELETE FROM " + sql_name(registry) + " WHERE lower(table_name) = lower($1)", {layer});
    }
}

}  // namespace stadtgdi::io::detail
