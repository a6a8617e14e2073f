// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/escape.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/selection.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/format.hpp>
#include <services/wfs/requests.hpp>
#include <algorithm>
#include <optional>

namespace stadtgdi::wfs {

namespace {

std::string_view property_type(table::GeometryKind kind, Version version)
{
    const bool gml_2 = version == Version::v1_0_0;
    switch (kind) {
    case table::GeometryKind::point: return "gml:PointPropertyType";
    case table::GeometryKind::line: return gml_2 ? "gml:LineStringPropertyType" : "gml:CurvePropertyType";
    case table::GeometryKind::polygon: return gml_2 ? "gml:PolygonPropertyType" : "gml:SurfacePropertyType";
    case table::GeometryKind::multi_point: return "gml:MultiPointPropertyType";
    case table::GeometryKind::multi_line: return gml_2 ? "gml:MultiLineStringPropertyType" : "gml:MultiCurvePropertyType";
    case table::GeometryKind::multi_polygon: return gml_2 ? "gml:MultiPolygonPropertyType" : "gml:MultiSurfacePropertyType";
    }
    return "gml:GeometryPropertyType";
}

std::string_view straight_name(table::GeometryKind kind)
{
    switch (kind) {
    case table::GeometryKind::line: return "LineString";
    case table::GeometryKind::polygon: return "Polygon";
    case table::GeometryKind::multi_line: return "MultiLineString";
    case table::GeometryKind::multi_polygon: return "MultiPolygon";
    default: return {};
    }
}

std::string_view value_type(table::Type type)
{
    switch (type) {
    case table::Type::boolean: return "xsd:boolean";
    case table::Type::int64: return "xsd:long";
    case table::Type::float64: return "xsd:double";
    case table::Type::text: return "xsd:string";
    case table::Type::date: return "xsd:date";
    case table::Type::datetime: return "xsd:dateTime";
    }
    return "xsd:string";
}

std::string property(std::string_view name, std::string_view type, const std::string& label)
{
    std::string xml = "          <xsd:element name=\"" + std::string(name) + "\" type=\"" + std::string(type) + "\" minOccurs=\"0\"";
    if (label.empty() || label == name) return xml + "/>\n";
    return xml + "><xsd:annotation><xsd:documentation>" + http::xml_escaped(label) + "</xsd:documentation></xsd:annotation></xsd:element>\n";
}

std::string declaration(const FeatureType& type, std::optional<table::GeometryKind> kind, Version version)
{
    std::string xml = "  <xsd:element name=\"" + type.name + "\" type=\"" + qualified(type.name) + "Type\" substitutionGroup=\"gml:" +
                      (version == Version::v2_0_0 ? "AbstractFeature" : "_Feature") + "\"/>\n  <xsd:complexType name=\"" + type.name +
                      "Type\">\n    <xsd:complexContent>\n      <xsd:extension base=\"gml:AbstractFeatureType\">\n        <xsd:sequence>\n";
    if (kind) {
        xml += property(type.geometry_name, property_type(*kind, version), "");
        // GML 3 has types for all curves and surfaces only; GDAL and QGIS read by this remark that these are straight.
        if (const std::string_view name = straight_name(*kind); !name.empty() && version != Version::v1_0_0) {
            xml.pop_back();
            xml += " <!-- restricted to " + std::string(name) + " -->\n";
        }
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i)
        xml += property(type.field_names[i], value_type(type.fields[i]->type), type.fields[i]->alias.empty() ? type.fields[i]->name : type.fields[i]->alias);
    return xml + "        </xsd:sequence>\n      </xsd:extension>\n    </xsd:complexContent>\n  </xsd:complexType>\n";
}

/// As QGIS Server names the type in JSON, in each version.
std::string_view json_geometry(table::GeometryKind kind)
{
    switch (kind) {
    case table::GeometryKind::multi_point: return "MultiPoint";
    case table::GeometryKind::multi_line: return "MultiCurve";
    case table::GeometryKind::multi_polygon: return "MultiSurface";
    case table::GeometryKind::point: return "Point";
    default: return straight_name(kind);
    }
}

std::string json_declaration(const FeatureType& type, std::optional<table::GeometryKind> geometry)
{
    std::string json = "{\"typeName\":" + ows::json_string(type.name) + ",\"properties\":[";
    std::string_view between;
    if (geometry) {
        const std::string kind(json_geometry(*geometry));
        json += "{\"name\":" + ows::json_string(type.geometry_name) + ",\"type\":\"gml:" + kind + "PropertyType\",\"localType\":\"" + kind + "\",\"minOccurs\":\"0\",\"maxOccurs\":\"1\"}";
        between = ",";
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
        const std::string kind(local_part(value_type(type.fields[i]->type)));
        json.append(between).append("{\"name\":").append(ows::json_string(type.field_names[i]));
        if (!type.fields[i]->alias.empty()) json += ",\"alias\":" + ows::json_string(type.fields[i]->alias);
        json += ",\"type\":\"" + kind + "\",\"localType\":\"" + kind + "\",\"nillable\":\"true\"}";
        between = ",";
    }
    return json + "]}";
}

}  // namespace

http::Response describe_feature_type(const ows::FaceContext& context, const ows::KeyValues& kv, Version version)
{
    const Format format = schema_format_of(kv.get("OUTPUTFORMAT"), version);
    const bool json = format == Format::geojson;
    const Version form = json ? version : version_of(format);
    const auto types = feature_types(context.model);
    auto shown = types_asked(types, kv, context.model);
    if (shown.empty())
        for (const FeatureType& type : types) shown.push_back(&type);
    const std::string space = http::xml_escaped(ows::feature_namespace(context.model.id)), gml(gml_namespace(form));
    http::Response response;
    response.content_type = json ? std::string_view("application/json") : media_type(format);
    if (json) {
        response.body = "{\"elementFormDefault\":\"qualified\",\"targetNamespace\":" + ows::json_string(ows::feature_namespace(context.model.id)) + ",\"targetPrefix\":" +
                        ows::json_string(prefix) + ",\"featureTypes\":[";
    } else {
        response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:gml=\"" + gml + "\" xmlns:" + std::string(prefix) + "=\"" + space +
                    "\" targetNamespace=\"" + space + "\" elementFormDefault=\"qualified\">\n  <xsd:import namespace=\"" + gml + "\" schemaLocation=\"" + std::string(gml_schema(form)) + "\"/>\n";
    }
    std::vector<const FeatureType*> declared;
    std::string kinds;
    for (const FeatureType* type : shown) {
        if (std::find(declared.begin(), declared.end(), type) != declared.end()) continue;
        if (json && !declared.empty()) response.body += ",";
        declared.push_back(type);
        std::optional<table::GeometryKind> kind;
        // The rows of the one type that is asked for are read, since they come next; those of a whole city are not.
        if (!type->geometry_name.empty())
            kind = shown.size() == 1 || context.project.rows_held(type->layer->name) ? ows::written_kind(context, *type->layer) : *type->layer->geometry;
        kinds += kind ? table::name_of(*kind) : std::string_view("-");
        response.body += json ? json_declaration(*type, kind) : declaration(*type, kind, form);
    }
    response.body += json ? "]}\n" : "</xsd:schema>\n";
    response.etag = ows::tag_of(context.model.version + "|" + context.rights.key() + "|" + kinds + (ows::language_of(context) == base::Language::de ? "|de|" : "|en|") + kv.query_without({}));
    response.set_header("Vary", "Accept-Language");
    return response;
}

}  // namespace stadtgdi::wfs
