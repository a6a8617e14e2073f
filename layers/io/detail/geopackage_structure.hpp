// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/detail/sqlite_database.hpp>
#include <layers/io/sink.hpp>

/// The tables, triggers and registrations that make an SQLite file a GeoPackage (OGC 12-128r17).
namespace stadtgdi::io::detail {

/// ISO time for last_change: now, or what OGR_CURRENT_DATE says (for equal bytes).
std::string change_time();
void create_geopackage(SqliteDatabase& database);
/// The srs_id of a CRS, registered where it was not; -1: unknown.
std::int64_t register_crs(SqliteDatabase& database, const std::string& code);
/// The table itself and its rows in gpkg_contents, gpkg_geometry_columns, gpkg_data_columns.
void create_layer(SqliteDatabase& database, const table::Schema& schema, const WriteOptions& options);
/// The R-tree (empty) and its triggers.
void create_spatial_index(SqliteDatabase& database, const std::string& layer, const std::string& geometry, const std::string& fid);
/// A column that rows there have no value for; defaults that are no constants are left out.
void add_column(SqliteDatabase& database, const table::Field& field, const WriteOptions& options);
void drop_layer(SqliteDatabase& database, const std::string& layer);

/// "uuid()", "now()", "today()" or a literal as an SQL default.
std::string sql_default(const std::string& fallback, table::Type type);

}  // namespace stadtgdi::io::detail
