// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::io {

enum class WriteMode { create, replace, append };

struct WriteOptions {
    std::string layer = {};
    WriteMode mode = WriteMode::create;   ///< create: Error(invalid_argument) where the layer exists
    std::string fid_column = "fid";       ///< row id of GeoPackage and PostGIS
    std::vector<std::string> key_columns = {}; ///< get an index (GeoPackage, PostGIS)
    bool spatial_index = true;
    bool add_columns = false;             ///< append: columns that the layer lacks are added to it; else they are an Error (GeoPackage, PostGIS)
    std::map<std::string, std::string> column_texts = {};  ///< comments of columns
    /// SQL defaults for rows that others add (GeoPackage, PostGIS): a literal, or "uuid()", "now()", "today()".
    std::map<std::string, std::string> column_defaults = {};
    std::string title = {}, abstract = {};
};

/// Something that tables are written to, in one transaction: nothing is seen by others before commit(), and a sink that
/// is destroyed without commit() leaves everything as it was. Single files (GeoJSON, CSV, FlatGeobuf, Shapefile) are
/// written beside their place and moved there by commit(). Limits of the formats: docs/how_to/formats.md.
///     auto sink = Sink::open("city.gpkg");
///     sink->write(table, {.layer = "trees_tree"}, run);
///     sink->commit();
class Sink {
public:
    /// The format follows from the ending (.gpkg .shp .shp.zip .geojson .csv .fgb) or "PG:..." (schema by "schemas=name").
    static std::unique_ptr<Sink> open(const std::string& path);
    virtual ~Sink() = default;
    virtual void write(const table::Table& table, const WriteOptions& options, base::RunContext& run) = 0;
    /// SQL of our own making inside the transaction (GeoPackage, PostGIS; Error(unsupported) elsewhere).
    virtual void execute(const std::string& sql) = 0;
    virtual void commit() = 0;
    /// Takes the rows out whose `column` has this text; the others keep their row ids (GeoPackage, PostGIS).
    virtual void remove(const std::string& layer, const std::string& column, const std::string& value);
};

/// GDAL's and the drivers' versions for reports.
std::string versions();

}  // namespace stadtgdi::io
