// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/layer_reader.hpp>

#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/geometry_collector.hpp>
#include <layers/io/detail/sources.hpp>
#include <layers/table/table_builder.hpp>

#include <algorithm>
#include <cmath>
#include <cpl_string.h>

namespace stadtgdi::io::detail {
namespace {

using table::Type;

/// Microseconds since 1970 UTC; a time without zone is taken as UTC.
std::int64_t microseconds(const OGRFeature& feature, int field)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
    float second = 0;
    feature.GetFieldAsDateTime(field, &year, &month, &day, &hour, &minute, &second, &zone);
    std::int32_t days = 0;
    char date[32];
    CPLsnprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
    if (!table::parse_date(date, days))
        days = 0;
    // GDAL keeps milliseconds in a float.
    const auto thousandths = static_cast<std::int64_t>(std::lround(static_cast<double>(second) * 1000.0));
    std::int64_t value = ((static_cast<std::int64_t>(days) * 24 + hour) * 60 + minute) * 60'000'000 + thousandths * 1000;
    if (zone > 1 && zone != 100)
        value -= static_cast<std::int64_t>(zone - 100) * 15 * 60'000'000;
    return value;
}

std::int32_t days_of(const OGRFeature& feature, int field)
{
    return static_cast<std::int32_t>(std::floor(static_cast<double>(microseconds(feature, field)) / 86'400'000'000.0));
}

std::string text_of(OGRFeature& feature, int field)
{
    const OGRFieldDefn& definition = *feature.GetFieldDefnRef(field);
    switch (definition.GetType()) {
    case OFTInteger:
        if (definition.GetSubType() == OFSTBoolean)
            return feature.GetFieldAsInteger(field) != 0 ? "true" : "false";
        return std::to_string(feature.GetFieldAsInteger(field));
    case OFTInteger64: return std::to_string(feature.GetFieldAsInteger64(field));
    case OFTReal: return table::number_text(feature.GetFieldAsDouble(field));
    case OFTDate: return table::date_text(days_of(feature, field));
    case OFTDateTime: return table::datetime_text(microseconds(feature, field));
    case OFTIntegerList:
    case OFTInteger64List:
    case OFTRealList:
    case OFTStringList: {
        char* json = feature.GetFieldAsSerializedJSon(field);
        std::string text = json ? json : "";
        CPLFree(json);
        return text;
    }
    default: return feature.GetFieldAsString(field);
    }
}

void add_value(table::ColumnBuilder& column, OGRFeature& feature, int field)
{
    if (!feature.IsFieldSetAndNotNull(field)) {
        column.add_null();
        return;
    }
    switch (column.type()) {
    case Type::boolean: column.add(feature.GetFieldAsInteger(field) != 0); break;
    case Type::int64: column.add(static_cast<std::int64_t>(feature.GetFieldAsInteger64(field))); break;
    case Type::float64: column.add(feature.GetFieldAsDouble(field)); break;
    case Type::date: column.add_date(days_of(feature, field)); break;
    case Type::datetime: column.add(microseconds(feature, field)); break;
    case Type::text:
        if (feature.GetFieldDefnRef(field)->GetType() == OFTString)
            column.add(std::string_view(feature.GetFieldAsString(field)));
        else
            column.add(text_of(feature, field));
        break;
    }
}

}  // namespace

Type type_of(const OGRFieldDefn& field)
{
    switch (field.GetType()) {
    case OFTInteger: return field.GetSubType() == OFSTBoolean ? Type::boolean : Type::int64;
    case OFTInteger64: return Type::int64;
    case OFTReal: return Type::float64;
    case OFTDate: return Type::date;
    case OFTDateTime: return Type::datetime;
    default: return Type::text;
    }
}

LayerReader::LayerReader(OGRLayer& layer, std::string file, const ReadOptions& options, std::string driver)
    : m_layer(layer), m_file(std::move(file)), m_options(options), m_driver(std::move(driver))
{
}

bool LayerReader::wanted(const std::string& name) const
{
    return m_options.columns.empty() || std::find(m_options.columns.begin(), m_options.columns.end(), name) != m_options.columns.end();
}

std::string LayerReader::crs() const
{
    return crs_code(m_layer.GetSpatialRef());
}

std::string LayerReader::fid_name() const
{
    if (!m_options.fid)
        return "";
    const std::string name = m_layer.GetFIDColumn();
    return name.empty() ? "fid" : name;
}

std::optional<table::GeometryKind> LayerReader::kind_by_looking(bool& has_z)
{
    std::array<std::size_t, 3> counts{};
    bool multi = false;
    CPLStringList ignored;
    for (int i = 0; i < m_layer.GetLayerDefn()->GetFieldCount(); ++i)
        ignored.AddString(m_layer.GetLayerDefn()->GetFieldDefn(i)->GetNameRef());
    m_layer.SetIgnoredFields(const_cast<const char**>(ignored.List()));
    m_layer.ResetReading();
    while (const auto feature = OGRFeatureUniquePtr(m_layer.GetNextFeature())) {
        const OGRGeometry* geometry = feature->GetGeometryRef();
        const auto kind = geometry ? declared_kind(geometry->getGeometryType()) : std::nullopt;
        if (!kind)
            continue;
        ++counts[static_cast<std::size_t>(table::single_of(*kind))];
        multi = multi || table::is_multi(*kind);
        has_z = has_z || geometry->Is3D();
    }
    m_layer.SetIgnoredFields(nullptr);
    m_layer.ResetReading();
    const auto most = std::max_element(counts.begin(), counts.end());
    if (*most == 0)
        return {};
    const auto single = static_cast<table::GeometryKind>(most - counts.begin());
    return multi ? table::multi_of(single) : single;
}

table::Schema LayerReader::schema()
{
    table::Schema schema;
    const OGRFeatureDefn& definition = *m_layer.GetLayerDefn();
    for (int i = 0; i < definition.GetFieldCount(); ++i)
        schema.fields.push_back({definition.GetFieldDefn(i)->GetNameRef(), type_of(*definition.GetFieldDefn(i))});
    if (definition.GetGeomFieldCount() == 0)
        return schema;
    bool has_z = OGR_GT_HasZ(m_layer.GetGeomType()) != 0;
    auto kind = declared_kind(m_layer.GetGeomType());
    if (!kind)
        kind = kind_by_looking(has_z);
    std::string name = m_layer.GetGeometryColumn();
    schema.geometry = table::GeometryField{name.empty() ? "geom" : name, kind.value_or(table::GeometryKind::point), crs(), has_z};
    return schema;
}

bool LayerReader::plain()
{
    const OGRFeatureDefn& definition = *m_layer.GetLayerDefn();
    if (definition.GetGeomFieldCount() > 1)
        return false;
    if (definition.GetGeomFieldCount() == 1 &&
        (!declared_kind(m_layer.GetGeomType()) || OGR_GT_IsNonLinear(m_layer.GetGeomType()) || northing_first(m_layer.GetSpatialRef())))
        return false;
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldType type = definition.GetFieldDefn(i)->GetType();
        if (type == OFTBinary || type == OFTTime || type == OFTIntegerList || type == OFTInteger64List || type == OFTRealList || type == OFTStringList)
            return false;
    }
    return true;
}

bool LayerReader::has_booleans()
{
    const OGRFeatureDefn& definition = *m_layer.GetLayerDefn();
    for (int i = 0; i < definition.GetFieldCount(); ++i)
        if (wanted(definition.GetFieldDefn(i)->GetNameRef()) && type_of(*definition.GetFieldDefn(i)) == Type::boolean)
            return true;
    return false;
}

void LayerReader::ignore_other_columns()
{
    const OGRFeatureDefn& definition = *m_layer.GetLayerDefn();
    std::string names;
    CPLStringList ignored;
    std::size_t found = 0;
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const char* name = definition.GetFieldDefn(i)->GetNameRef();
        names += (names.empty() ? "" : ", ") + std::string(name);
        if (wanted(name))
            ++found;
        else
            ignored.AddString(name);
    }
    if (found < m_options.columns.size()) {
        for (const std::string& name : m_options.columns) {
            if (definition.GetFieldIndex(name.c_str()) < 0)
                throw Error(ErrorKind::not_found,
                            base::filled({"There is no column '{0}' in '{1}'; there are: {2}.", "Die Spalte '{0}' fehlt in '{1}'; es gibt: {2}."},
                                         name, m_file, names));
        }
    }
    if (!ignored.empty())
        m_layer.SetIgnoredFields(const_cast<const char**>(ignored.List()));
}

void LayerReader::throw_if_damaged(std::int64_t rows) const
{
    if (CPLGetLastErrorType() < CE_Failure)
        return;
    throw Error(ErrorKind::bad_data, base::filled({"File '{0}' is damaged after row {1} of layer '{2}': {3}",
                                                   "Die Datei '{0}' ist nach Zeile {1} der Ebene '{2}' beschädigt: {3}"},
                                                  m_file, std::to_string(rows), m_layer.GetName(), CPLGetLastErrorMsg()));
}

void LayerReader::fail_encoding(std::int64_t row, const std::string& field) const
{
    base::Text message = base::filled({"File '{0}', row {1}: the text of '{2}' is not UTF-8. ", "Datei '{0}', Datensatz {1}: Der Text von '{2}' ist kein UTF-8. "}, m_file,
                                      std::to_string(row + 1), field);
    const bool can_say = m_driver == "ESRI Shapefile";  // the other formats know UTF-8 only
    message.en += can_say ? "Say its encoding, e.g. ISO-8859-1." : "Save the file as UTF-8.";
    message.de += can_say ? "Bitte die Zeichenkodierung nennen, z. B. ISO-8859-1." : "Bitte die Datei als UTF-8 speichern.";
    throw Error(ErrorKind::bad_data, std::move(message));
}

table::Table LayerReader::read(base::RunContext& run)
{
    const OGRFeatureDefn& definition = *m_layer.GetLayerDefn();
    table::Schema schema;
    std::vector<int> fields;
    std::vector<table::ColumnBuilder> columns;
    const bool with_geometry = definition.GetGeomFieldCount() > 0;
    std::optional<GeometryCollector> geometry;
    if (with_geometry) {
        auto kind = declared_kind(m_layer.GetGeomType());
        bool has_z = false;
        if (!kind)
            kind = kind_by_looking(has_z);
        geometry.emplace(crs(), kind, northing_first(m_layer.GetSpatialRef()));
    }
    ignore_other_columns();
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        if (!wanted(field.GetNameRef()))
            continue;
        const Type type = m_options.as_text ? Type::text : type_of(field);
        schema.fields.push_back({field.GetNameRef(), type});
        columns.emplace_back(type);
        fields.push_back(i);
    }
    std::vector<std::int64_t> ids;
    const std::int64_t expected = run.on_progress ? m_layer.GetFeatureCount(FALSE) : -1;
    std::int64_t row = 0;
    m_layer.ResetReading();
    CPLErrorReset();
    for (; const auto feature = OGRFeatureUniquePtr(m_layer.GetNextFeature()); ++row) {
        if (row % 4096 == 0) {
            run.throw_if_stopped();
            if (expected > 0)
                run.progress(static_cast<double>(row) / static_cast<double>(expected), {"Reading " + m_file, m_file + " wird gelesen"});
        }
        for (std::size_t i = 0; i < fields.size(); ++i) {
            add_value(columns[i], *feature, fields[i]);
            if (columns[i].type() == Type::text && definition.GetFieldDefn(fields[i])->GetType() == OFTString && feature->IsFieldSetAndNotNull(fields[i]) &&
                first_bad_byte(feature->GetFieldAsString(fields[i])) != std::string_view::npos)
                fail_encoding(row, definition.GetFieldDefn(fields[i])->GetNameRef());
        }
        if (m_options.fid)
            ids.push_back(feature->GetFID());
        if (with_geometry && !geometry->add(feature->GetGeometryRef())) {
            base::Finding finding;
            finding.rule = "io.geometry_kind";
            finding.severity = base::Severity::error;
            finding.file = m_file;
            finding.layer = m_layer.GetName();
            finding.row = row;
            finding.value = feature->GetGeometryRef()->getGeometryName();
            finding.message = {"The geometry is of another kind than the layer's and was left out.",
                               "Die Geometrie ist von anderer Art als die der Ebene und wurde weggelassen."};
            run.report(std::move(finding));
        }
    }
    throw_if_damaged(row);
    std::vector<table::Column> finished_columns;
    finished_columns.reserve(columns.size());
    for (table::ColumnBuilder& column : columns)
        finished_columns.push_back(std::move(column).finish());
    std::optional<table::GeometryColumn> shapes;
    if (with_geometry) {
        shapes = std::move(*geometry).finish();
        const std::string name = m_layer.GetGeometryColumn();
        schema.geometry = table::GeometryField{name.empty() ? "geom" : name, shapes->kind(), shapes->crs(), shapes->has_z()};
    }
    table::Table table(std::move(schema), std::move(finished_columns), std::move(shapes));
    if (m_options.fid)
        table = table.with_column({fid_name(), Type::int64}, table::Column::of_ints(std::move(ids)));
    return table;
}

}  // namespace stadtgdi::io::detail
