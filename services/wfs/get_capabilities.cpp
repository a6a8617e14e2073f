// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/requests.hpp>

namespace stadtgdi::wfs {

namespace {

using http::xml_escaped;

std::string element(std::string_view name, std::string_view text)
{
    if (text.empty()) return {};
    return "<" + std::string(name) + ">" + xml_escaped(text) + "</" + std::string(name) + ">";
}

std::string keywords(const std::vector<std::string>& words)
{
    if (words.empty()) return {};
    std::string xml = "<ows:Keywords>";
    for (const std::string& word : words) xml += element("ows:Keyword", word);
    return xml + "</ows:Keywords>";
}

std::string constraint(std::string_view name, std::string_view value)
{
    return "    <ows:Constraint name=\"" + std::string(name) + "\"><ows:NoValues/><ows:DefaultValue>" + std::string(value) + "</ows:DefaultValue></ows:Constraint>\n";
}

std::string parameter(std::string_view name, std::initializer_list<std::string_view> values)
{
    std::string xml = "      <ows:Parameter name=\"" + std::string(name) + "\"><ows:AllowedValues>";
    for (const std::string_view value : values) xml += "<ows:Value>" + std::string(value) + "</ows:Value>";
    return xml + "</ows:AllowedValues></ows:Parameter>\n";
}

std::string operation(std::string_view name, const std::string& url, const std::string& content)
{
    // Post would invite requests in XML, which are not offered; forms sent by POST are answered all the same.
    return "    <ows:Operation name=\"" + std::string(name) + "\">\n      <ows:DCP><ows:HTTP><ows:Get xlink:href=\"" + xml_escaped(url) + "?\"/></ows:HTTP></ows:DCP>\n" + content +
           "    </ows:Operation>\n";
}

std::string provider(const project::ProjectModel& model)
{
    const project::ContactInfo& contact = model.contact;
    std::string xml = "  <ows:ServiceProvider>" + element("ows:ProviderName", contact.organization.empty() ? model.title.empty() ? model.id : model.title : contact.organization);
    if (!model.online_resource.empty()) xml += "<ows:ProviderSite xlink:href=\"" + xml_escaped(model.online_resource) + "\"/>";
    xml += "<ows:ServiceContact>" + element("ows:IndividualName", contact.person) + element("ows:PositionName", contact.position);
    if (!contact.phone.empty() || !contact.email.empty()) {
        xml += "<ows:ContactInfo>";
        if (!contact.phone.empty()) xml += "<ows:Phone>" + element("ows:Voice", contact.phone) + "</ows:Phone>";
        if (!contact.email.empty()) xml += "<ows:Address>" + element("ows:ElectronicMailAddress", contact.email) + "</ows:Address>";
        xml += "</ows:ContactInfo>";
    }
    return xml + "</ows:ServiceContact></ows:ServiceProvider>\n";
}

std::string corner(double x, double y)
{
    char text[80];
    char* end = ows::put_fixed<8>(text, x);
    *end++ = ' ';
    end = ows::put_fixed<8>(end, y);
    return {text, end};
}

std::string wgs84_box(const project::PublishedLayer& layer)
{
    if (layer.crs.empty() || layer.extent.empty()) return {};
    const table::Box box = crs::transformed(layer.extent, layer.crs, "OGC:CRS84");
    if (box.empty() || !std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax)) return {};
    return "      <ows:WGS84BoundingBox><ows:LowerCorner>" + corner(box.xmin, box.ymin) + "</ows:LowerCorner><ows:UpperCorner>" + corner(box.xmax, box.ymax) +
           "</ows:UpperCorner></ows:WGS84BoundingBox>\n";
}

std::string feature_type(const FeatureType& type, const project::ProjectModel& model)
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
    xml += "\n      <wfs:OutputFormats>" + element("wfs:Format", gml_format) + element("wfs:Format", geojson_format) + "</wfs:OutputFormats>\n";
    xml += wgs84_box(layer);
    for (const auto& [kind, format, url] : layer.metadata_urls) xml += "      <wfs:MetadataURL xlink:href=\"" + xml_escaped(url) + "\"/>\n";
    return xml + "    </wfs:FeatureType>\n";
}

std::string filter_capabilities()
{
    std::string xml = "  <fes:Filter_Capabilities>\n    <fes:Conformance>\n";
    // Of FILTER documents BBOX, PropertyIsEqualTo and ResourceId joined by And are read: the minimum spatial class, but not
    // the minimum standard one.
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{{"ImplementsQuery", "TRUE"}, {"ImplementsAdHocQuery", "TRUE"},
             {"ImplementsFunctions", "FALSE"}, {"ImplementsResourceId", "TRUE"}, {"ImplementsMinStandardFilter", "FALSE"}, {"ImplementsStandardFilter", "FALSE"},
             {"ImplementsMinSpatialFilter", "TRUE"}, {"ImplementsSpatialFilter", "FALSE"}, {"ImplementsMinTemporalFilter", "FALSE"},
             {"ImplementsTemporalFilter", "FALSE"}, {"ImplementsVersionNav", "FALSE"}, {"ImplementsSorting", "TRUE"}, {"ImplementsExtendedOperators", "FALSE"},
             {"ImplementsMinimumXPath", "FALSE"}, {"ImplementsSchemaElementFunc", "FALSE"}})
        xml += std::string("      <fes:Constraint name=\"") + name + "\"><ows:NoValues/><ows:DefaultValue>" + value + "</ows:DefaultValue></fes:Constraint>\n";
    return xml + "    </fes:Conformance>\n    <fes:Id_Capabilities><fes:ResourceIdentifier name=\"fes:ResourceId\"/></fes:Id_Capabilities>\n"
                 "    <fes:Spatial_Capabilities><fes:GeometryOperands><fes:GeometryOperand name=\"gml:Envelope\"/></fes:GeometryOperands>"
                 "<fes:SpatialOperators><fes:SpatialOperator name=\"BBOX\"/></fes:SpatialOperators></fes:Spatial_Capabilities>\n  </fes:Filter_Capabilities>\n";
}

/// AcceptVersions lists what the client can read, the best first. Without it WFS 2.0.0 answers whatever VERSION says.
void negotiate(const ows::KeyValues& kv)
{
    const auto versions = kv.list("ACCEPTVERSIONS");
    if (versions.empty()) return;
    for (const std::string& version : versions)
        if (version == "2.0.0" || version == "2.0.2" || version == "2.0") return;
    throw ows::OwsException(ows::Code::version_negotiation_failed, "AcceptVersions", {"Of WFS only version 2.0.0 is offered.", "Vom WFS wird nur Version 2.0.0 angeboten."});
}

bool is_section(std::string_view name)
{
    for (const char* known : {"All", "ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"})
        if (ows::equal_ignoring_case(name, known)) return true;
    return false;
}

bool wanted(const std::vector<std::string>& sections, std::string_view name)
{
    if (sections.empty()) return true;
    for (const std::string& section : sections)
        if (ows::equal_ignoring_case(section, name) || ows::equal_ignoring_case(section, "All")) return true;
    return false;
}

}  // namespace

http::Response get_capabilities(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    negotiate(kv);
    const auto sections = kv.list("SECTIONS");
    for (const std::string& section : sections)
        if (!is_section(section))
            throw ows::invalid_parameter("sections", base::filled({"There is no section '{0}'.", "Einen Abschnitt '{0}' gibt es nicht."}, section));
    const project::ProjectModel& model = context.model;
    const std::string url = context.project_url + "/ows";
    http::Response response;
    response.content_type = "text/xml; charset=utf-8";
    response.etag = ows::tag_of(model.version + "|" + context.project.version() + "|" + context.rights.key() + "|" + url + "|" + kv.query_without({}));
    std::string& xml = response.body;
    xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities version=\"2.0.0\" updateSequence=\"" + xml_escaped(context.project.version()) +
          "\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:ows=\"http://www.opengis.net/ows/1.1\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
          "xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:" +
          std::string(prefix) + "=\"" + xml_escaped(ows::feature_namespace(model.id)) +
          "\" xsi:schemaLocation=\"http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n";
    if (wanted(sections, "ServiceIdentification"))
        xml += "  <ows:ServiceIdentification>" + element("ows:Title", model.title.empty() ? model.id : model.title) + element("ows:Abstract", model.abstract) +
               keywords(model.keywords) + "<ows:ServiceType>WFS</ows:ServiceType><ows:ServiceTypeVersion>2.0.0</ows:ServiceTypeVersion>" +
               element("ows:Fees", model.fees.empty() ? "NONE" : model.fees) + element("ows:AccessConstraints", model.access_constraints.empty() ? "NONE" : model.access_constraints) +
               "</ows:ServiceIdentification>\n";
    if (wanted(sections, "ServiceProvider")) xml += provider(model);
    if (wanted(sections, "OperationsMetadata")) {
        xml += "  <ows:OperationsMetadata>\n";
        xml += operation("GetCapabilities", url, parameter("AcceptVersions", {"2.0.0"}) + parameter("AcceptFormats", {"text/xml"}) +
                         parameter("Sections", {"ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"}));
        xml += operation("DescribeFeatureType", url, parameter("outputFormat", {gml_format}));
        xml += operation("ListStoredQueries", url, "") + operation("DescribeStoredQueries", url, "");
        xml += operation("GetFeature", url, parameter("resultType", {"results", "hits"}) + parameter("outputFormat", {gml_format, geojson_format, "application/json"}) +
                         parameter("resolve", {"none", "local"}) + "  " + constraint("CountDefault", std::to_string(context.limits.max_features)));
        xml += "    <ows:Parameter name=\"version\"><ows:AllowedValues><ows:Value>2.0.0</ows:Value></ows:AllowedValues></ows:Parameter>\n";
        for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{{"ImplementsBasicWFS", "FALSE"}, {"ImplementsTransactionalWFS", "FALSE"},
                 {"ImplementsLockingWFS", "FALSE"}, {"KVPEncoding", "TRUE"}, {"XMLEncoding", "FALSE"}, {"SOAPEncoding", "FALSE"}, {"ImplementsInheritance", "FALSE"},
                 {"ImplementsRemoteResolve", "FALSE"}, {"ImplementsResultPaging", "TRUE"}, {"ImplementsStandardJoins", "FALSE"}, {"ImplementsSpatialJoins", "FALSE"},
                 {"ImplementsTemporalJoins", "FALSE"}, {"ImplementsFeatureVersioning", "FALSE"}, {"ManageStoredQueries", "FALSE"}, {"PagingIsTransactionSafe", "FALSE"}})
            xml += constraint(name, value);
        xml += "    <ows:Constraint name=\"QueryExpressions\"><ows:AllowedValues><ows:Value>wfs:Query</ows:Value><ows:Value>wfs:StoredQuery</ows:Value></ows:AllowedValues></ows:Constraint>\n"
               "  </ows:OperationsMetadata>\n";
    }
    if (const auto types = feature_types(model); wanted(sections, "FeatureTypeList") && !types.empty()) {
        xml += "  <wfs:FeatureTypeList>\n";
        for (const FeatureType& type : types) xml += feature_type(type, model);
        xml += "  </wfs:FeatureTypeList>\n";
    }
    if (wanted(sections, "Filter_Capabilities")) xml += filter_capabilities();
    xml += "</wfs:WFS_Capabilities>\n";
    return response;
}

}  // namespace stadtgdi::wfs
