// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/crs_names.hpp>
#include <services/store/snapshot.hpp>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::ows {

/// A run of rows: `count` from `first` on, of the list or (without one) of the table itself.
struct RowRun {
    const std::vector<std::int64_t>* list = nullptr;
    std::size_t first = 0, count = 0;
    std::size_t row(std::size_t i) const { return list != nullptr ? static_cast<std::size_t>((*list)[first + i]) : first + i; }
};

/// The coordinates of a run: a column for the whole table, or one made for the run alone.
struct RunGeometry {
    const table::GeometryColumn* column = nullptr;  ///< nullptr: the layer has none
    bool of_run = false;                            ///< row i of the run is row first + i of the column
    std::size_t first = 0;
    std::size_t place(std::size_t i, std::size_t row) const { return of_run ? first + i : row; }
};

/// What is sent for the geometry of a feature.
enum class PlaceShown { geometry, centroid, extent };

/// What a writer is told of the features.
struct FeatureShape {
    std::vector<std::string> fields;   ///< in order; each a column of the snapshot's table
    std::string id_prefix;             ///< before the feature id: "trees.", empty for the bare number
    CrsName crs;                       ///< of the coordinates written
    bool with_geometry = true;
    PlaceShown shown = PlaceShown::geometry;
    bool shown_of_own_crs = false;     ///< centroid and extent are taken in the layer's CRS, else in that of the answer
    std::int64_t rows = std::numeric_limits<std::int64_t>::max();  ///< that are written: for few of them it does not pay to escape a whole dictionary
};

/// Writes features as text, row by row over columns; const and used by many threads at once.
class RowWriter {
public:
    virtual ~RowWriter() = default;
    /// Appends the features of the run to `text`.
    virtual void write(const RowRun& run, const RunGeometry& geometry, std::string& text) const = 0;
};

/// Each feature begins with ",\n": the reader of the first cuts the comma off. Rings are turned as RFC 7946 wants them.
std::unique_ptr<RowWriter> geojson_writer(const store::Snapshot& snapshot, const FeatureShape& shape);

enum class GmlVersion { v2_1_2, v3_1_1, v3_2 };

struct GmlNames {
    std::string type;                   ///< qualified: "app:trees"; empty: the properties alone, without a feature around them
    std::string geometry;               ///< "app:geometry"
    std::vector<std::string> fields;    ///< of FeatureShape::fields, qualified
    std::string member = "wfs:member";  ///< around each feature; empty: none
    GmlVersion version = GmlVersion::v3_2;
};
/// Simple features in GML; a null value leaves its element out, and the member too where there is no feature in it.
std::unique_ptr<RowWriter> gml_writer(const store::Snapshot& snapshot, const FeatureShape& shape, const GmlNames& names);

/// The ids of the features, each in the element named: "<wfs:member>trees.17</wfs:member>".
std::unique_ptr<RowWriter> id_writer(const store::Snapshot& snapshot, const FeatureShape& shape, const std::string& element);

/// The line of names that comes before csv_writer's. `geometry` is the name of that column.
std::string csv_header(const FeatureShape& shape, const std::string& geometry);
/// RFC 4180: id, fields, geometry as WKT with x first; texts in quotes, so that an empty text is not null.
std::unique_ptr<RowWriter> csv_writer(const store::Snapshot& snapshot, const FeatureShape& shape);

}  // namespace stadtgdi::ows
