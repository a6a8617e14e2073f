// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsfields.h>
#include <memory>

class QgsCoordinateReferenceSystem;
class QgsFeatureSink;
class QgsGeometry;
class QgsVectorLayer;

namespace stadtgdi::bridge {

QgsFields fields_of(const table::Schema& schema);
Qgis::WkbType wkb_type_of(const table::Schema& schema);
QgsCoordinateReferenceSystem crs_of(const table::Schema& schema);

QVariant value_of(const table::Column& column, std::size_t row);
QgsGeometry geometry_of(const table::GeometryColumn& column, std::size_t row);

/// Adds all rows; the sink's fields are those of fields_of(). Error(io) where the sink refuses.
void write_features(const table::Table& table, QgsFeatureSink& sink, base::RunContext& run);

/// A memory layer with the rows of the table.
std::unique_ptr<QgsVectorLayer> memory_layer(const table::Table& table, const QString& name, base::RunContext& run);

}  // namespace stadtgdi::bridge
