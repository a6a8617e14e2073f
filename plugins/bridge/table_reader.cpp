// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/table_reader.hpp>
#include <plugins/bridge/value_reader.hpp>
#include <qgsattributes.h>
#include <qgscoordinatereferencesystem.h>
#include <qgsfeature.h>
#include <qgsfeaturerequest.h>
#include <qgsfeaturesource.h>
#include <qgsgeometry.h>
#include <qgswkbtypes.h>
#include <algorithm>

namespace stadtgdi::bridge {

using base::Error;
using base::ErrorKind;
using base::Text;
using table::GeometryBuilder;
using table::GeometryColumn;
using table::GeometryKind;
using table::Type;

namespace {

constexpr std::int64_t rows_between_looks = 4096;  // progress and stop

/// The geometry column while it grows: its kind may be found late (unknown types) or widen once (a single kind with a
/// feature of several parts).
class ShapeCollector {
public:
    ShapeCollector(Qgis::WkbType type, std::string crs) : m_crs(std::move(crs)), m_kind(kind_of(type)), m_with_z(QgsWkbTypes::hasZ(type))
    {
        if (m_kind) m_builder.emplace(*m_kind, m_crs, m_with_z);
    }

    /// False where the geometry does not fit the layer; the row is null then.
    bool add(const QgsGeometry& geometry)
    {
        if (!m_kind && !settle(geometry)) {
            ++m_leading_nulls;
            return geometry.isNull() || geometry.isEmpty();
        }
        Fit fit = add_geometry(*m_builder, *m_kind, geometry);
        if (fit == Fit::too_many_parts) {
            widen();
            fit = add_geometry(*m_builder, *m_kind, geometry);
        }
        if (fit == Fit::added) return true;
        m_builder->add_null();
        return false;
    }

    std::optional<GeometryColumn> finish() &&
    {
        if (!m_builder) return {};
        return std::move(*m_builder).finish();
    }

private:
    bool settle(const QgsGeometry& geometry)
    {
        if (geometry.isNull() || geometry.isEmpty()) return false;
        switch (geometry.type()) {
        case Qgis::GeometryType::Point: m_kind = GeometryKind::multi_point; break;
        case Qgis::GeometryType::Line: m_kind = GeometryKind::multi_line; break;
        case Qgis::GeometryType::Polygon: m_kind = GeometryKind::multi_polygon; break;
        default: return false;
        }
        m_with_z = QgsWkbTypes::hasZ(geometry.wkbType());
        m_builder.emplace(*m_kind, m_crs, m_with_z);
        for (std::size_t i = 0; i < m_leading_nulls; ++i) m_builder->add_null();
        return true;
    }

    void widen()
    {
        const GeometryColumn narrow = std::move(*m_builder).finish();
        m_kind = table::multi_of(*m_kind);
        m_builder.emplace(*m_kind, m_crs, m_with_z);
        for (std::size_t row = 0; row < narrow.size(); ++row) {
            if (narrow.valid(row)) m_builder->add_row(narrow, row);
            else m_builder->add_null();
        }
    }

    std::string m_crs;
    std::optional<GeometryKind> m_kind;
    bool m_with_z;
    std::optional<GeometryBuilder> m_builder;
    std::size_t m_leading_nulls = 0;
};

struct Picked {
    std::vector<int> places;  // in the feature's attributes
    std::vector<table::Field> fields;
};

Picked pick(const QgsFields& fields, const std::vector<std::string>& columns)
{
    Picked picked;
    const auto take = [&](int place) {
        picked.places.push_back(place);
        picked.fields.push_back({compat::utf8(fields.at(place).name()), type_of(fields.at(place))});
    };
    if (columns.empty()) {
        for (int i = 0; i < fields.count(); ++i) take(i);
        return picked;
    }
    for (const std::string& name : columns) {
        const int place = fields.indexOf(compat::qstring(name));
        if (place < 0) {
            const std::string there = compat::utf8(fields.names().join(QStringLiteral(", ")));
            throw Error(ErrorKind::not_found, base::filled({"The layer has no field '{0}'. There are: {1}.",
                                                            "Die Ebene hat kein Feld „{0}“. Vorhanden sind: {1}."}, name, there));
        }
        take(place);
    }
    return picked;
}

base::Finding misfit(const ReadFeatures& options, std::int64_t row, const std::string& field, const std::string& value, Text message)
{
    base::Finding finding;
    finding.rule = field.empty() ? "read.geometry" : "read.value";
    finding.layer = options.layer_name;
    finding.row = row;
    finding.field = field;
    finding.value = value;
    finding.message = std::move(message);
    return finding;
}

}  // namespace

Type type_of(const QgsField& field)
{
    switch (field.type()) {
    case QMetaType::Bool: return Type::boolean;
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::Short:
    case QMetaType::LongLong:
    case QMetaType::ULongLong: return Type::int64;
    case QMetaType::Double:
    case QMetaType::Float: return Type::float64;
    case QMetaType::QDate: return Type::date;
    case QMetaType::QDateTime: return Type::datetime;
    default: return Type::text;
    }
}

std::optional<GeometryKind> kind_of(Qgis::WkbType type)
{
    const bool multi = QgsWkbTypes::isMultiType(type);
    switch (QgsWkbTypes::geometryType(type)) {
    case Qgis::GeometryType::Point: return multi ? GeometryKind::multi_point : GeometryKind::point;
    case Qgis::GeometryType::Line: return multi ? GeometryKind::multi_line : GeometryKind::line;
    case Qgis::GeometryType::Polygon: return multi ? GeometryKind::multi_polygon : GeometryKind::polygon;
    default: return {};
    }
}

std::string crs_text(const QgsCoordinateReferenceSystem& crs)
{
    if (!crs.isValid()) return {};
    const QString code = crs.authid();
    return compat::utf8(code.isEmpty() ? crs.toWkt(Qgis::CrsWktVariant::Preferred) : code);
}

table::Schema schema_of(const QgsFields& fields, Qgis::WkbType type, const std::string& crs)
{
    table::Schema schema;
    schema.fields = pick(fields, {}).fields;
    if (const auto kind = kind_of(type)) schema.geometry = table::GeometryField{"geom", *kind, crs, QgsWkbTypes::hasZ(type)};
    return schema;
}

FeatureTable read_features(QgsFeatureIterator& features, const QgsFields& fields, Qgis::WkbType type, const std::string& crs,
                           base::RunContext& run, const ReadFeatures& options)
{
    const Picked picked = pick(fields, options.columns);
    std::vector<table::ColumnBuilder> columns;
    for (const table::Field& field : picked.fields) columns.emplace_back(field.type);
    std::optional<ShapeCollector> shapes;
    if (options.geometry && type != Qgis::WkbType::NoGeometry) shapes.emplace(type, crs);

    FeatureTable result;
    if (options.rows_expected > 0) result.ids.reserve(static_cast<std::size_t>(options.rows_expected));
    QgsFeature feature;
    std::int64_t row = 0;
    for (; features.nextFeature(feature); ++row) {
        if (options.row_limit != 0 && static_cast<std::size_t>(row) >= options.row_limit) {
            throw Error(ErrorKind::unsupported, base::filled({"Layer '{0}' has more than the {1} rows that may be read at once.",
                                                              "Die Ebene „{0}“ hat mehr als die {1} Zeilen, die auf einmal gelesen werden dürfen."},
                                                             options.layer_name, std::to_string(options.row_limit)));
        }
        if (row % rows_between_looks == 0) {
            run.throw_if_stopped();
            if (options.rows_expected > 0) run.progress(static_cast<double>(row) / static_cast<double>(options.rows_expected));
        }
        result.ids.push_back(feature.id());
        const QgsAttributes values = feature.attributes();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const int place = picked.places[i];
            if (place >= values.size()) {
                columns[i].add_null();
            } else if (!add_value(columns[i], values.at(place))) {
                run.report(misfit(options, row, picked.fields[i].name, compat::utf8(values.at(place).toString()),
                                  {"The value does not fit the type of its field and was read as null.",
                                   "Der Wert passt nicht zum Typ seines Feldes und wurde als leer gelesen."}));
            }
        }
        if (shapes && !shapes->add(feature.geometry())) {
            run.report(misfit(options, row, {}, compat::utf8(QgsWkbTypes::displayString(feature.geometry().wkbType())),
                              {"The geometry is of another kind than its layer and was left out.",
                               "Die Geometrie ist von anderer Art als ihre Ebene und wurde weggelassen."}));
        }
    }

    std::vector<table::Column> finished;
    for (table::ColumnBuilder& column : columns) finished.push_back(std::move(column).finish());
    result.table = table::Table({picked.fields, {}}, std::move(finished));
    if (!shapes) return result;
    if (auto geometry = std::move(*shapes).finish()) result.table = result.table.with_geometry(std::move(*geometry));
    return result;
}

FeatureTable read_features(const QgsFeatureSource& source, base::RunContext& run, const ReadFeatures& options)
{
    QgsFeatureRequest request;
    if (!options.filter.empty()) request.setFilterExpression(compat::qstring(options.filter));
    if (!options.geometry) request.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    const QgsFields fields = source.fields();
    if (!options.columns.empty()) {
        const Picked picked = pick(fields, options.columns);
        request.setSubsetOfAttributes(QgsAttributeList(picked.places.begin(), picked.places.end()));
    }
    ReadFeatures more = options;
    if (more.rows_expected < 0 && options.filter.empty()) more.rows_expected = source.featureCount();
    if (more.layer_name.empty()) more.layer_name = compat::utf8(source.sourceName());
    QgsFeatureIterator features = source.getFeatures(request);
    return read_features(features, fields, source.wkbType(), crs_text(source.sourceCrs()), run, more);
}

}  // namespace stadtgdi::bridge
