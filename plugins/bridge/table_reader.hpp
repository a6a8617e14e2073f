// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsfeatureiterator.h>
#include <qgsfields.h>
#include <optional>
#include <string>
#include <vector>

class QgsFeatureSource;
class QgsCoordinateReferenceSystem;

namespace stadtgdi::bridge {

/// Features as a table, in the order QGIS gives them, with QGIS's feature id of each row beside it.
struct FeatureTable {
    table::Table table;
    std::vector<std::int64_t> ids;
};

struct ReadFeatures {
    std::vector<std::string> columns = {};  ///< empty: all
    bool geometry = true;
    std::string filter = {};                ///< a QGIS expression; empty: all
    std::string layer_name = {};            ///< for findings
    std::int64_t rows_expected = -1;        ///< for progress; -1: not known
    std::size_t row_limit = 0;              ///< Error(unsupported) beyond it; 0: none
};

/// Reads what getFeatures() gives: subset string, joins, virtual and edited fields included. Coordinates stay in the CRS
/// of the source. Geometries are as declared by the source; where it declares none (mixed, unknown) the kind is that of
/// the first geometry in its multi form. A geometry that does not fit is null with a finding; curves become lines.
FeatureTable read_features(const QgsFeatureSource& source, base::RunContext& run, const ReadFeatures& options = {});

/// The same from an iterator, for sources that are read on another thread than their layer's.
/// `fields`: of the features, in order; the iterator must have been asked for them and for the geometry.
FeatureTable read_features(QgsFeatureIterator& features, const QgsFields& fields, Qgis::WkbType type, const std::string& crs,
                           base::RunContext& run, const ReadFeatures& options = {});

/// The type a field's values are stored as: numbers, text, dates; times, binary, lists and maps become text.
table::Type type_of(const QgsField& field);
/// None for layers without geometry; unknown and mixed types are none too (decided by reading).
std::optional<table::GeometryKind> kind_of(Qgis::WkbType type);
/// "EPSG:25833"; the well-known text where there is no code; empty where it is not valid.
std::string crs_text(const QgsCoordinateReferenceSystem& crs);
/// Columns and geometry that read_features() will give (geometry of unknown type left out).
table::Schema schema_of(const QgsFields& fields, Qgis::WkbType type, const std::string& crs);

}  // namespace stadtgdi::bridge
