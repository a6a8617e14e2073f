// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/sink.hpp>

#include <layers/io/database.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sinks.hpp>
#include <layers/io/detail/sources.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <libpq-fe.h>
#include <cstdio>
#include <set>
#include <sqlite3.h>

namespace stadtgdi::io {

std::unique_ptr<Sink> Sink::open(const std::string& path)
{
    if (is_postgis(path))
        return detail::open_postgis_sink(path);
    const std::string ending = detail::ending_of(path);
    if (path.ends_with(".shp.zip"))
        return detail::open_gdal_sink(path);
    if (ending == ".gpkg")
        return detail::open_geopackage_sink(path);
    if (ending == ".shp" || ending == ".fgb")
        return detail::open_gdal_sink(path);
    if (ending == ".geojson" || ending == ".json")
        return detail::open_geojson_sink(path);
    if (ending == ".csv")
        return detail::open_csv_sink(path);
    throw Error(ErrorKind::unsupported, base::filled({"'{0}' cannot be written; known are .gpkg, .shp, .shp.zip, .geojson, .csv, .fgb and PG:...",
                                                      "'{0}' kann nicht geschrieben werden; bekannt sind .gpkg, .shp, .shp.zip, .geojson, .csv, .fgb und PG:..."},
                                                     path));
}

void Sink::remove(const std::string& layer, const std::string& column, const std::string& value)
{
    execute("DELETE FROM " + sql_name(layer) + " WHERE " + sql_name(column) + " = " + sql_literal(value));
}

std::string versions()
{
    return std::string("GDAL ") + GDALVersionInfo("RELEASE_NAME") + ", SQLite " + sqlite3_libversion() + ", libpq " +
           std::to_string(PQlibVersion() / 10000) + "." + std::to_string(PQlibVersion() % 10000);
}

namespace detail {

std::string millisecond_text(std::int64_t microseconds)
{
    const std::int64_t milliseconds = microseconds >= 0 ? microseconds / 1000 : -((-microseconds + 999) / 1000);
    const std::int64_t days = milliseconds >= 0 ? milliseconds / 86'400'000 : -((-milliseconds + 86'399'999) / 86'400'000);
    const auto rest = static_cast<int>(milliseconds - days * 86'400'000);
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), "T%02d:%02d:%02d.%03dZ", rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
    return table::date_text(static_cast<std::int32_t>(days)) + time.data();
}

void require_distinct_names(const table::Table& table, const WriteOptions& options)
{
    const auto lower = [](std::string name) {
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
        return name;
    };
    std::set<std::string> seen;
    const auto take = [&](const std::string& name) {
        if (!seen.insert(lower(name)).second)
            throw Error(ErrorKind::invalid_argument, base::filled({"Layer '{0}' has the column '{1}' twice (upper and lower case count as the same).",
                                                                   "Die Ebene '{0}' hat die Spalte '{1}' doppelt (Groß- und Kleinschreibung gilt als gleich)."},
                                                                  options.layer, name));
    };
    take(options.fid_column);
    if (table.schema().geometry)
        take(table.schema().geometry->name);
    for (const table::Field& field : table.schema().fields)
        if (field.name != options.fid_column)
            take(field.name);
}

void fail_append(const std::string& layer, const std::string& column)
{
    throw Error(ErrorKind::invalid_argument,
                base::filled({"Rows cannot be appended to layer '{0}': it has no column '{1}'.",
                              "An die Ebene '{0}' kann nicht angefügt werden: Ihr fehlt die Spalte '{1}'."},
                             layer, column));
}

void fail_exists(const std::string& layer, const std::string& path)
{
    throw Error(ErrorKind::invalid_argument,
                base::filled({"Layer '{0}' is in '{1}' already; replace it or append to it.",
                              "Die Ebene '{0}' gibt es in '{1}' schon; bitte ersetzen oder anfügen."},
                             layer, path));
}

void require_whole_file(const std::string& path, const WriteOptions& options, bool written)
{
    std::error_code error;
    if (options.mode == WriteMode::create && std::filesystem::exists(path, error))
        fail_exists(options.layer, path);
    if (options.mode == WriteMode::append)
        throw Error(ErrorKind::unsupported, base::filled({"Rows cannot be appended to '{0}'; write the whole file.",
                                                          "An '{0}' kann nicht angefügt werden; bitte die ganze Datei schreiben."},
                                                         path));
    if (written)
        throw Error(ErrorKind::unsupported, base::filled({"'{0}' holds one layer only.", "'{0}' fasst nur eine Ebene."}, path));
}

void fail_unsupported_sql(const std::string& path)
{
    throw Error(ErrorKind::unsupported, base::filled({"'{0}' knows no SQL.", "'{0}' kennt kein SQL."}, path));
}

}  // namespace detail
}  // namespace stadtgdi::io
