// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/sink.hpp>

/// One kind of sink each; Sink::open() chooses.
namespace stadtgdi::io::detail {

std::unique_ptr<Sink> open_geopackage_sink(const std::string& path);
std::unique_ptr<Sink> open_postgis_sink(const std::string& path);
/// Shapefile and FlatGeobuf, by GDAL.
std::unique_ptr<Sink> open_gdal_sink(const std::string& path);
std::unique_ptr<Sink> open_geojson_sink(const std::string& path);
std::unique_ptr<Sink> open_csv_sink(const std::string& path);

/// "2024-06-07T19:05:41.000Z": GeoPackage wants the milliseconds.
std::string millisecond_text(std::int64_t microseconds);
/// Error(invalid_argument) where two names differ by case only (SQL and Shapefile know one of them).
void require_distinct_names(const table::Table& table, const WriteOptions& options);
/// Error(invalid_argument): `append` where columns are missing in the layer.
[[noreturn]] void fail_append(const std::string& layer, const std::string& column);
[[noreturn]] void fail_exists(const std::string& layer, const std::string& path);
/// Of a file that holds one layer and is written whole: not there yet (or to be replaced), not appended to, not `written` before.
void require_whole_file(const std::string& path, const WriteOptions& options, bool written);
[[noreturn]] void fail_unsupported_sql(const std::string& path);

}  // namespace stadtgdi::io::detail
