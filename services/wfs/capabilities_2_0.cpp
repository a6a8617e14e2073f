// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/crs_names.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/capabilities_parts.hpp>

namespace stadtgdi::wfs {

namespace {

using http::xml_escaped;

std::string constraint(std::string_view name, std::string_view value)
{
    return "    <ows:Constraint name=\"" + std::string(name) + "\"><ows:NoValues/><ows:DefaultValue>" + std::string(value) + "</ows:DefaultValue></ows:Constraint>\n";
}

std::string parameter(std::string_view name, const std::vector<std::string_view>& values)
{
    std::string xml = "      <ows:Parameter name=\"" + std::string(name) + "\"><ows:AllowedValues>";
    for (const std::string_view value : values) xml += "<ows:Value>" + std::string(value) + "</ows:Value>";
    return xml + "</ows:AllowedValues></ows:Parameter>\n";
}

std::string operations(const ows::FaceContext& context, const std::string& url)
{
    const std::vector<std::string_view> formats = output_formats(Version::v2_0_0), schemas = schema_formats(Version::v2_0_0);
    std::vector<std::string_view> more = formats;
    more.push_back("application/json");
    const std::string count = "  " + constraint("CountDefault", std::to_string(context.limits.max_features));
    std::string xml = "  <ows:OperationsMetadata>\n";
    xml += operation("GetCapabilities", url, parameter("AcceptVersions", {"2.0.0", "1.1.0", "1.0.0"}) + parameter("AcceptFormats", {"text/xml"}) +
                     parameter("Sections", {"ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"}));
    xml += operation("DescribeFeatureType", url, parameter("outputFormat", schemas));
    xml += operation("ListStoredQueries", url, "") + operation("DescribeStoredQueries", url, "");
    xml += operation("GetFeature", url, parameter("resultType", {"results", "hits"}) + parameter("outputFormat", more) + parameter("resolve", {"none", "local"}) + count);
    xml += operation("GetPropertyValue", url, parameter("resultType", {"results", "hits"}) + parameter("outputFormat", {media_type(Format::gml_3_2)}) + parameter("resolve", {"none", "local"}) + count);
    xml += "    <ows:Parameter name=\"version\"><ows:AllowedValues><ows:Value>2.0.0</ows:Value><ows:Value>1.1.0</ows:Value><ows:Value>1.0.0</ows:Value></ows:AllowedValues></ows:Parameter>\n";
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{{"ImplementsBasicWFS", "TRUE"}, {"ImplementsTransactionalWFS", "FALSE"},
             {"ImplementsLockingWFS", "FALSE"}, {"KVPEncoding", "TRUE"}, {"XMLEncoding", "TRUE"}, {"SOAPEncoding", "FALSE"}, {"ImplementsInheritance", "FALSE"},
             {"ImplementsRemoteResolve", "FALSE"}, {"ImplementsResultPaging", "TRUE"}, {"ImplementsStandardJoins", "FALSE"}, {"ImplementsSpatialJoins", "FALSE"},
             {"ImplementsTemporalJoins", "FALSE"}, {"ImplementsFeatureVersioning", "FALSE"}, {"ManageStoredQueries", "FALSE"}, {"PagingIsTransactionSafe", "FALSE"}})
        xml += constraint(name, value);
    return xml + "    <ows:Constraint name=\"QueryExpressions\"><ows:AllowedValues><ows:Value>wfs:Query</ows:Value><ows:Value>wfs:StoredQuery</ows:Value></ows:AllowedValues></ows:Constraint>\n"
                 "  </ows:OperationsMetadata>\n";
}

std::string type_element(const FeatureType& type, const project::ProjectModel& model)
{
    const project::PublishedLayer& layer = *type.layer;
    std::string xml = "    <wfs:FeatureType>\n      " + element("wfs:Name", qualified(type.name)) + element("wfs:Title", layer.title.empty() ? layer.name : layer.title) +
                      element("wfs:Abstract", layer.abstract) + keywords(layer.keywords) + "\n      ";
    if (!layer.geometry || layer.crs.empty()) {
        xml += "<wfs:NoCRS/>";
    } else {
        xml += element("wfs:DefaultCRS", ows::urn_name(layer.crs));
        for (const std::string& code : ows::offered_crs(model))
            if (code != layer.crs) xml += element("wfs:OtherCRS", ows::urn_name(code));
    }
    xml += "\n      <wfs:OutputFormats>";
    for (const std::string_view format : output_formats(Version::v2_0_0)) xml += element("wfs:Format", format);
    xml += "</wfs:OutputFormats>\n" + ows_wgs84_box(layer);
    for (const auto& [kind, format, url] : layer.metadata_urls) xml += "      <wfs:MetadataURL xlink:href=\"" + xml_escaped(url) + "\"/>\n";
    return xml + "    </wfs:FeatureType>\n";
}

std::string filter_capabilities()
{
    std::string xml = "  <fes:Filter_Capabilities>\n    <fes:Conformance>\n";
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{{"ImplementsQuery", "TRUE"}, {"ImplementsAdHocQuery", "TRUE"},
             {"ImplementsFunctions", "FALSE"}, {"ImplementsResourceId", "TRUE"}, {"ImplementsMinStandardFilter", "TRUE"}, {"ImplementsStandardFilter", "TRUE"},
             {"ImplementsMinSpatialFilter", "TRUE"}, {"ImplementsSpatialFilter", "TRUE"}, {"ImplementsMinTemporalFilter", "TRUE"}, {"ImplementsTemporalFilter", "TRUE"},
             {"ImplementsVersionNav", "FALSE"}, {"ImplementsSorting", "TRUE"}, {"ImplementsExtendedOperators", "FALSE"}, {"ImplementsMinimumXPath", "TRUE"},
             {"ImplementsSchemaElementFunc", "FALSE"}})
        xml += std::string("      <fes:Constraint name=\"") + name + "\"><ows:NoValues/><ows:DefaultValue>" + value + "</ows:DefaultValue></fes:Constraint>\n";
    xml += "    </fes:Conformance>\n    <fes:Id_Capabilities><fes:ResourceIdentifier name=\"fes:ResourceId\"/></fes:Id_Capabilities>\n"
           "    <fes:Scalar_Capabilities><fes:LogicalOperators/><fes:ComparisonOperators>";
    for (const char* name : {"PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan", "PropertyIsLessThanOrEqualTo", "PropertyIsGreaterThanOrEqualTo",
                             "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween"})
        xml += std::string("<fes:ComparisonOperator name=\"") + name + "\"/>";
    xml += "</fes:ComparisonOperators></fes:Scalar_Capabilities>\n    <fes:Spatial_Capabilities><fes:GeometryOperands>";
    for (const char* name : {"Envelope", "Point", "MultiPoint", "LineString", "Curve", "MultiCurve", "Polygon", "Surface", "MultiSurface", "MultiGeometry"})
        xml += std::string("<fes:GeometryOperand name=\"gml:") + name + "\"/>";
    xml += "</fes:GeometryOperands><fes:SpatialOperators>";
    for (const char* name : {"BBOX", "Equals", "Disjoint", "Touches", "Within", "Overlaps", "Crosses", "Intersects", "Contains", "DWithin", "Beyond"})
        xml += std::string("<fes:SpatialOperator name=\"") + name + "\"/>";
    xml += "</fes:SpatialOperators></fes:Spatial_Capabilities>\n    <fes:Temporal_Capabilities><fes:TemporalOperands><fes:TemporalOperand name=\"gml:TimeInstant\"/>"
           "<fes:TemporalOperand name=\"gml:TimePeriod\"/></fes:TemporalOperands><fes:TemporalOperators>";
    for (const char* name : {"After", "Before", "Begins", "BegunBy", "TContains", "During", "EndedBy", "Ends", "TEquals", "Meets", "MetBy", "TOverlaps", "OverlappedBy", "AnyInteracts"})
        xml += std::string("<fes:TemporalOperator name=\"") + name + "\"/>";
    return xml + "</fes:TemporalOperators></fes:Temporal_Capabilities>\n  </fes:Filter_Capabilities>\n";
}

}  // namespace

std::string capabilities_2_0(const ows::FaceContext& context, const std::string& url, const std::vector<std::string>& sections)
{
    const project::ProjectModel& model = context.model;
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities version=\"2.0.0\" updateSequence=\"" + xml_escaped(context.project.version()) +
          "\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:ows=\"http://www.opengis.net/ows/1.1\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
          "xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:" +
          std::string(prefix) + "=\"" + xml_escaped(ows::feature_namespace(model.id)) +
          "\" xsi:schemaLocation=\"http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n";
    if (wanted(sections, "ServiceIdentification")) xml += identification(model, Version::v2_0_0);
    if (wanted(sections, "ServiceProvider")) xml += provider(model);
    if (wanted(sections, "OperationsMetadata")) xml += operations(context, url);
    if (const auto types = feature_types(model); wanted(sections, "FeatureTypeList") && !types.empty()) {
        xml += "  <wfs:FeatureTypeList>\n";
        for (const FeatureType& type : types) xml += type_element(type, model);
        xml += "  </wfs:FeatureTypeList>\n";
    }
    if (wanted(sections, "Filter_Capabilities")) xml += filter_capabilities();
    return xml + "</wfs:WFS_Capabilities>\n";
}

}  // namespace stadtgdi::wfs
