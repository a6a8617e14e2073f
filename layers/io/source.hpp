// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::io {

struct LayerInfo {
    std::string name;
    table::Schema schema;                 ///< geometry kind as declared; mixed and unknown kinds as the multi kind found by reading
    std::int64_t rows = -1;               ///< -1: not known without reading
    std::string fid_column;               ///< name of the row id, empty where the format has none
};

struct ReadOptions {
    std::string layer = {};               ///< empty: the only one (Error(invalid_argument) where there are several)
    std::vector<std::string> columns = {}; ///< empty: all
    std::string target_crs = {};          ///< empty: as stored
    bool fid = false;                     ///< adds the row id as int64 column named as in the source, or "fid"
    bool source_file = false;             ///< adds the columns "source_file" (text) and "source_row" (int64, zero-based in its file)
    bool as_text = false;                 ///< every attribute as text exactly as it stands in the file, null where the format says null (for imports);
                                          ///< CSV rows with too few or too many cells are left out and reported (rule "import.cells")
    std::string where = {};               ///< SQL condition of our own making; never client text
    std::string encoding = {};            ///< of CSV, Shapefile and the like where the file does not say, e.g. "ISO-8859-1"
};

/// Something that tables are read from: one file, many files of one kind (paths, folders or patterns with *; they must have
/// the same layer; columns are the union in order of first appearance), gzip'ed or not, or a PostGIS connection "PG:...".
/// Formats: GeoPackage, Shapefile, GeoJSON, CSV (columns x/y or WKT are left as columns), FlatGeobuf, GML, OSM pbf and xml, JSON arrays of
/// records (paths into the document through `?records=data.2024.x`), PostGIS.
/// Errors: not_found (file, layer), bad_data (damaged; names file and row), unsupported (no driver), io.
class Source {
public:
    static std::unique_ptr<Source> open(const std::vector<std::string>& paths);
    static std::unique_ptr<Source> open(const std::string& path) { return open(std::vector{path}); }
    virtual ~Source() = default;
    virtual std::vector<LayerInfo> layers() = 0;
    virtual table::Table read(const ReadOptions& options, base::RunContext& run) = 0;
    /// Rows of a layer without any condition, counted where the format does not say them.
    virtual std::int64_t count(const std::string& layer, base::RunContext& run) { return static_cast<std::int64_t>(read({.layer = layer, .as_text = true}, run).rows()); }
};

/// The files that a path, folder or pattern stands for, as Source::open() reads them; connections as they are. Error(not_found).
std::vector<std::string> files_of(const std::string& path);

}  // namespace stadtgdi::io
