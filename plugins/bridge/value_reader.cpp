// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/value_reader.hpp>
#include <qgscurvepolygon.h>
#include <qgsgeometry.h>
#include <qgsgeometrycollection.h>
#include <qgslinestring.h>
#include <qgspoint.h>
#include <qgspolygon.h>
#include <QJsonDocument>
#include <QTime>
#include <limits>
#include <memory>

namespace stadtgdi::bridge {

using table::ColumnBuilder;
using table::GeometryBuilder;
using table::GeometryKind;
using table::Type;

namespace {

const QDate epoch(1970, 1, 1);
constexpr double no_height = std::numeric_limits<double>::quiet_NaN();

std::string text_of(const QVariant& value)
{
    switch (compat::type_of(value)) {
    case QMetaType::QByteArray: return value.toByteArray().toHex().toStdString();
    case QMetaType::QTime: return compat::utf8(value.toTime().toString(Qt::ISODate));
    case QMetaType::QDate: return compat::utf8(value.toDate().toString(Qt::ISODate));
    case QMetaType::QDateTime: return table::datetime_text(microseconds_of(value.toDateTime()));
    case QMetaType::Double: return table::number_text(value.toDouble());
    case QMetaType::QVariantMap:
    case QMetaType::QVariantList:
    case QMetaType::QStringList: return QJsonDocument::fromVariant(value).toJson(QJsonDocument::Compact).toStdString();
    default: return compat::utf8(value.toString());
    }
}

bool add_integer(ColumnBuilder& column, const QVariant& value)
{
    bool ok = false;
    if (compat::type_of(value) == QMetaType::ULongLong) {
        const qulonglong number = value.toULongLong(&ok);
        ok = ok && number <= static_cast<qulonglong>(std::numeric_limits<std::int64_t>::max());
        if (ok) column.add(static_cast<std::int64_t>(number));
    } else {
        const qlonglong number = value.toLongLong(&ok);
        if (ok) column.add(static_cast<std::int64_t>(number));
    }
    return ok;
}

void add_curve(GeometryBuilder& builder, const QgsCurve& curve)
{
    const auto add = [&](const QgsLineString& line) {
        const double* x = line.xData();
        const double* y = line.yData();
        const double* z = line.zData();
        for (int i = 0; i < line.numPoints(); ++i) builder.add(x[i], y[i], z ? z[i] : no_height);
    };
    if (const auto* line = qgsgeometry_cast<const QgsLineString*>(&curve)) return add(*line);
    const std::unique_ptr<QgsLineString> straight(curve.curveToLine());
    add(*straight);
}

void add_ring(GeometryBuilder& builder, const QgsCurve& ring)
{
    builder.begin_ring();
    add_curve(builder, ring);
    if (ring.isClosed() || ring.isEmpty()) return;
    const QgsPoint first = ring.startPoint();
    builder.add(first.x(), first.y(), first.is3D() ? first.z() : no_height);
}

void add_polygon(GeometryBuilder& builder, const QgsCurvePolygon& polygon)
{
    add_ring(builder, *polygon.exteriorRing());
    for (int i = 0; i < polygon.numInteriorRings(); ++i) add_ring(builder, *polygon.interiorRing(i));
}

/// The parts of any geometry, one for single kinds; empty ones left out.
void collect(const QgsAbstractGeometry& geometry, std::vector<const QgsAbstractGeometry*>& parts)
{
    if (const auto* collection = qgsgeometry_cast<const QgsGeometryCollection*>(&geometry)) {
        for (int i = 0; i < collection->numGeometries(); ++i) collect(*collection->geometryN(i), parts);
    } else if (!geometry.isEmpty()) {
        parts.push_back(&geometry);
    }
}

bool fits(const QgsAbstractGeometry& part, GeometryKind single)
{
    switch (single) {
    case GeometryKind::point: return qgsgeometry_cast<const QgsPoint*>(&part) != nullptr;
    case GeometryKind::line: return qgsgeometry_cast<const QgsCurve*>(&part) != nullptr;
    default: {
        const auto* polygon = qgsgeometry_cast<const QgsCurvePolygon*>(&part);
        return polygon && polygon->exteriorRing();
    }
    }
}

void add_part(GeometryBuilder& builder, GeometryKind kind, const QgsAbstractGeometry& part)
{
    switch (kind) {
    case GeometryKind::point:
    case GeometryKind::multi_point: {
        const auto& point = static_cast<const QgsPoint&>(part);
        return builder.add(point.x(), point.y(), point.is3D() ? point.z() : no_height);
    }
    case GeometryKind::multi_line: builder.begin_ring(); [[fallthrough]];
    case GeometryKind::line: return add_curve(builder, static_cast<const QgsCurve&>(part));
    case GeometryKind::multi_polygon: builder.begin_part(); [[fallthrough]];
    case GeometryKind::polygon: return add_polygon(builder, static_cast<const QgsCurvePolygon&>(part));
    }
}

}  // namespace

std::int32_t days_of(const QDate& date)
{
    return static_cast<std::int32_t>(epoch.daysTo(date));
}

std::int64_t microseconds_of(const QDateTime& moment)
{
    const QDateTime exact = moment.timeSpec() == Qt::LocalTime ? compat::wall_clock_as_utc(moment) : moment;
    return static_cast<std::int64_t>(exact.toMSecsSinceEpoch()) * 1000;
}

bool add_value(ColumnBuilder& column, const QVariant& value)
{
    if (compat::is_null(value)) {
        column.add_null();
        return true;
    }
    bool ok = true;
    switch (column.type()) {
    case Type::boolean: column.add(value.toBool()); break;
    case Type::int64: ok = add_integer(column, value); break;
    case Type::float64: {
        const double number = value.toDouble(&ok);
        if (ok) column.add(number);
        break;
    }
    case Type::text: column.add(std::string_view(text_of(value))); break;
    case Type::date: {
        const QDate date = value.toDate();
        ok = date.isValid();
        if (ok) column.add_date(days_of(date));
        break;
    }
    case Type::datetime: {
        const QDateTime moment = value.toDateTime();
        ok = moment.isValid();
        if (ok) column.add(microseconds_of(moment));
        break;
    }
    }
    if (!ok) column.add_null();
    return ok;
}

Fit add_geometry(GeometryBuilder& builder, GeometryKind kind, const QgsGeometry& geometry)
{
    const QgsAbstractGeometry* shape = geometry.constGet();
    if (!shape || shape->isEmpty()) {
        builder.add_null();
        return Fit::added;
    }
    if (kind == GeometryKind::point) {  // the most frequent case needs no list of parts
        if (const auto* point = qgsgeometry_cast<const QgsPoint*>(shape)) {
            builder.begin_row();
            builder.add(point->x(), point->y(), point->is3D() ? point->z() : no_height);
            return Fit::added;
        }
    }
    std::vector<const QgsAbstractGeometry*> parts;
    collect(*shape, parts);
    const GeometryKind single = table::single_of(kind);
    for (const QgsAbstractGeometry* part : parts)
        if (!fits(*part, single)) return Fit::other_kind;
    if (parts.empty()) {
        builder.add_null();
        return Fit::added;
    }
    if (!table::is_multi(kind) && parts.size() > 1) return Fit::too_many_parts;
    builder.begin_row();
    for (const QgsAbstractGeometry* part : parts) add_part(builder, kind, *part);
    return Fit::added;
}

}  // namespace stadtgdi::bridge
