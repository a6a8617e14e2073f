// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/table_writer.hpp>
#include <layers/base/error.hpp>
#include <qgscoordinatereferencesystem.h>
#include <qgsfeature.h>
#include <qgsfeaturesink.h>
#include <qgsgeometry.h>
#include <qgslinestring.h>
#include <qgsmemoryproviderutils.h>
#include <qgsmultilinestring.h>
#include <qgsmultipoint.h>
#include <qgsmultipolygon.h>
#include <qgspolygon.h>
#include <qgsvectorlayer.h>
#include <qgswkbtypes.h>

namespace stadtgdi::bridge {

using base::Error;
using base::ErrorKind;
using table::Column;
using table::GeometryColumn;
using table::GeometryKind;
using table::Type;

namespace {

constexpr std::size_t rows_per_batch = 2000;

QMetaType::Type qt_type(Type type)
{
    switch (type) {
    case Type::boolean: return QMetaType::Bool;
    case Type::int64: return QMetaType::LongLong;
    case Type::float64: return QMetaType::Double;
    case Type::text: return QMetaType::QString;
    case Type::date: return QMetaType::QDate;
    case Type::datetime: return QMetaType::QDateTime;
    }
    return QMetaType::QString;
}

std::unique_ptr<QgsLineString> line_of(const GeometryColumn& column, std::size_t begin, std::size_t end)
{
    const auto part = [&](std::span<const double> values) {
        return QVector<double>(values.begin() + static_cast<std::ptrdiff_t>(begin), values.begin() + static_cast<std::ptrdiff_t>(end));
    };
    return std::make_unique<QgsLineString>(part(column.x()), part(column.y()), column.has_z() ? part(column.z()) : QVector<double>());
}

std::unique_ptr<QgsLineString> ring_of(const GeometryColumn& column, std::size_t ring)
{
    const auto offsets = column.ring_offsets();
    return line_of(column, static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1]));
}

std::unique_ptr<QgsPolygon> polygon_of(const GeometryColumn& column, std::size_t first_ring, std::size_t last_ring)
{
    auto polygon = std::make_unique<QgsPolygon>();
    for (std::size_t ring = first_ring; ring < last_ring; ++ring) {
        if (ring == first_ring) polygon->setExteriorRing(ring_of(column, ring).release());
        else polygon->addInteriorRing(ring_of(column, ring).release());
    }
    return polygon;
}

std::unique_ptr<QgsPoint> point_of(const GeometryColumn& column, std::size_t i)
{
    if (column.has_z()) return std::make_unique<QgsPoint>(column.x()[i], column.y()[i], column.z()[i]);
    return std::make_unique<QgsPoint>(column.x()[i], column.y()[i]);
}

std::unique_ptr<QgsAbstractGeometry> shape_of(const GeometryColumn& column, std::size_t row)
{
    switch (column.kind()) {
    case GeometryKind::point: return point_of(column, column.coordinates(row).first);
    case GeometryKind::multi_point: {
        auto points = std::make_unique<QgsMultiPoint>();
        const auto [first, last] = column.coordinates(row);
        for (std::size_t i = first; i < last; ++i) points->addGeometry(point_of(column, i).release());
        return points;
    }
    case GeometryKind::line: {
        const auto [first, last] = column.coordinates(row);
        return line_of(column, first, last);
    }
    case GeometryKind::multi_line: {
        auto lines = std::make_unique<QgsMultiLineString>();
        const auto [first, last] = column.rings(row);
        for (std::size_t line = first; line < last; ++line) lines->addGeometry(ring_of(column, line).release());
        return lines;
    }
    case GeometryKind::polygon: {
        const auto [first, last] = column.rings(row);
        return polygon_of(column, first, last);
    }
    case GeometryKind::multi_polygon: {
        auto polygons = std::make_unique<QgsMultiPolygon>();
        const auto parts = column.level(0);
        const auto rings = column.level(1);
        for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part)
            polygons->addGeometry(polygon_of(column, static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1])).release());
        return polygons;
    }
    }
    return {};
}

void add_batch(QgsFeatureSink& sink, QgsFeatureList& batch)
{
    if (!sink.addFeatures(batch, QgsFeatureSink::FastInsert)) {
        const std::string why = compat::utf8(sink.lastError());
        throw Error(ErrorKind::io, base::filled({"The output layer refused the rows: {0}", "Die Ausgabeebene hat die Zeilen abgelehnt: {0}"}, why));
    }
    batch.clear();
}

}  // namespace

QgsFields fields_of(const table::Schema& schema)
{
    QgsFields fields;
    for (const table::Field& field : schema.fields) fields.append(QgsField(compat::qstring(field.name), qt_type(field.type)));
    return fields;
}

Qgis::WkbType wkb_type_of(const table::Schema& schema)
{
    if (!schema.geometry) return Qgis::WkbType::NoGeometry;
    const auto flat = [&] {
        switch (schema.geometry->kind) {
        case GeometryKind::point: return Qgis::WkbType::Point;
        case GeometryKind::line: return Qgis::WkbType::LineString;
        case GeometryKind::polygon: return Qgis::WkbType::Polygon;
        case GeometryKind::multi_point: return Qgis::WkbType::MultiPoint;
        case GeometryKind::multi_line: return Qgis::WkbType::MultiLineString;
        case GeometryKind::multi_polygon: return Qgis::WkbType::MultiPolygon;
        }
        return Qgis::WkbType::Unknown;
    }();
    return schema.geometry->has_z ? QgsWkbTypes::addZ(flat) : flat;
}

QgsCoordinateReferenceSystem crs_of(const table::Schema& schema)
{
    if (!schema.geometry || schema.geometry->crs.empty()) return {};
    return QgsCoordinateReferenceSystem::fromOgcWmsCrs(compat::qstring(schema.geometry->crs));
}

QVariant value_of(const Column& column, std::size_t row)
{
    if (!column.valid(row)) return compat::null_of(qt_type(column.type()));
    switch (column.type()) {
    case Type::boolean: return column.bools()[row] != 0;
    case Type::int64: return static_cast<qlonglong>(column.ints()[row]);
    case Type::float64: return column.doubles()[row];
    case Type::text: return compat::qstring(column.text(row));
    case Type::date: return QDate(1970, 1, 1).addDays(column.dates()[row]);
    case Type::datetime: return compat::utc_of(column.datetimes()[row] / 1000);
    }
    return {};
}

QgsGeometry geometry_of(const GeometryColumn& column, std::size_t row)
{
    if (!column.valid(row)) return {};
    return QgsGeometry(shape_of(column, row));
}

void write_features(const table::Table& table, QgsFeatureSink& sink, base::RunContext& run)
{
    const QgsFields fields = fields_of(table.schema());
    QgsFeatureList batch;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        QgsFeature feature(fields);
        QgsAttributes values;
        values.reserve(static_cast<int>(table.columns().size()));
        for (const Column& column : table.columns()) values.append(value_of(column, row));
        feature.setAttributes(values);
        if (table.has_geometry()) feature.setGeometry(geometry_of(table.geometry(), row));
        batch.append(feature);
        if (static_cast<std::size_t>(batch.size()) < rows_per_batch) continue;
        add_batch(sink, batch);
        run.throw_if_stopped();
        run.progress(static_cast<double>(row + 1) / static_cast<double>(table.rows()));
    }
    if (!batch.isEmpty()) add_batch(sink, batch);
}

std::unique_ptr<QgsVectorLayer> memory_layer(const table::Table& table, const QString& name, base::RunContext& run)
{
    std::unique_ptr<QgsVectorLayer> layer(
        QgsMemoryProviderUtils::createMemoryLayer(name, fields_of(table.schema()), wkb_type_of(table.schema()), crs_of(table.schema())));
    if (!layer || !layer->isValid())
        throw Error(ErrorKind::internal, {"The memory layer could not be made.", "Die temporäre Ebene konnte nicht angelegt werden."});
    write_features(table, *layer->dataProvider(), run);
    layer->updateExtents();
    return layer;
}

}  // namespace stadtgdi::bridge
