// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/crs_names.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/capabilities_parts.hpp>

namespace stadtgdi::wfs {

namespace {

using http::xml_escaped;

std::string list(std::string_view kind, std::string_view name, const std::vector<std::string_view>& values)
{
    std::string xml = "      <ows:" + std::string(kind) + " name=\"" + std::string(name) + "\">";
    for (const std::string_view value : values) xml += element("ows:Value", value);
    return xml + "</ows:" + std::string(kind) + ">\n";
}

/// WFS 1.x has words of its own for what metadata are (1.0.0 only two), and tells XML from HTML.
std::string metadata_urls(const project::PublishedLayer& layer, Version version)
{
    const std::string name = version == Version::v1_0_0 ? "MetadataURL" : "wfs:MetadataURL";
    std::string xml;
    for (const auto& [kind, format, url] : layer.metadata_urls) {
        std::string type = kind.find("FGDC") != std::string::npos ? "FGDC" : "TC211";
        if (version == Version::v1_1_0 && kind.find("19139") != std::string::npos) type = "19139";
        if (version == Version::v1_1_0 && kind.find("19115") != std::string::npos) type = "19115";
        xml += "<" + name + " type=\"" + type + "\" format=\"" + (format.find("html") != std::string::npos ? "text/html" : "text/xml") + "\">" + xml_escaped(url) + "</" + name + ">\n";
    }
    return xml;
}

std::string type_1_1(const FeatureType& type, const project::ProjectModel& model)
{
    const project::PublishedLayer& layer = *type.layer;
    std::string xml = "    <wfs:FeatureType>\n      " + element("wfs:Name", qualified(type.name)) + element("wfs:Title", layer.title.empty() ? layer.name : layer.title) +
                      element("wfs:Abstract", layer.abstract) + keywords(layer.keywords) + "\n      ";
    if (!layer.geometry || layer.crs.empty()) {
        xml += "<wfs:NoSRS/>";
    } else {
        xml += element("wfs:DefaultSRS", ows::urn_name(layer.crs));
        for (const std::string& code : ows::offered_crs(model))
            if (code != layer.crs) xml += element("wfs:OtherSRS", ows::urn_name(code));
    }
    xml += "\n      <wfs:OutputFormats>";
    for (const std::string_view format : output_formats(Version::v1_1_0)) xml += element("wfs:Format", format);
    // The box is not optional in this version.
    std::string box = ows_wgs84_box(layer);
    if (box.empty()) box = "      <ows:WGS84BoundingBox><ows:LowerCorner>-180 -90</ows:LowerCorner><ows:UpperCorner>180 90</ows:UpperCorner></ows:WGS84BoundingBox>\n";
    return xml + "</wfs:OutputFormats>\n" + box + metadata_urls(layer, Version::v1_1_0) + "    </wfs:FeatureType>\n";
}

std::string filter_1_1()
{
    std::string xml = "  <ogc:Filter_Capabilities>\n    <ogc:Spatial_Capabilities><ogc:GeometryOperands>";
    for (const char* name : {"Envelope", "Point", "LineString", "Polygon"}) xml += std::string("<ogc:GeometryOperand>gml:") + name + "</ogc:GeometryOperand>";
    xml += "</ogc:GeometryOperands><ogc:SpatialOperators>";
    for (const char* name : {"BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond", "DWithin"})
        xml += std::string("<ogc:SpatialOperator name=\"") + name + "\"/>";
    xml += "</ogc:SpatialOperators></ogc:Spatial_Capabilities>\n    <ogc:Scalar_Capabilities><ogc:LogicalOperators/><ogc:ComparisonOperators>";
    for (const char* name : {"LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "EqualTo", "NotEqualTo", "Like", "Between", "NullCheck"})
        xml += element("ogc:ComparisonOperator", name);
    return xml + "</ogc:ComparisonOperators><ogc:ArithmeticOperators><ogc:SimpleArithmetic/></ogc:ArithmeticOperators></ogc:Scalar_Capabilities>\n    <ogc:Id_Capabilities><ogc:EID/><ogc:FID/></ogc:Id_Capabilities>\n  </ogc:Filter_Capabilities>\n";
}

std::string request_1_0(std::string_view name, const std::string& content, const std::string& url)
{
    const auto way = [&](const char* method, const char* end) {
        return std::string("<DCPType><HTTP><") + method + " onlineResource=\"" + xml_escaped(url) + end + "\"/></HTTP></DCPType>";
    };
    return "      <" + std::string(name) + ">" + content + way("Get", "?") + way("Post", "") + "</" + std::string(name) + ">\n";
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string type_1_0(const FeatureType& type)
{
    const project::PublishedLayer& layer = *type.layer;
    std::string xml = "    <FeatureType>" + element("Name", qualified(type.name)) + element("Title", layer.title.empty() ? layer.name : layer.title) + element("Abstract", layer.abstract) +
                      element("Keywords", joined(layer.keywords)) + element("SRS", layer.crs.empty() || layer.crs == "OGC:CRS84" ? "EPSG:4326" : layer.crs);
    // In the CRS of the type, whatever its name says.
    if (const table::Box& box = layer.extent; !box.empty())
        xml += "<LatLongBoundingBox minx=\"" + number(box.xmin) + "\" miny=\"" + number(box.ymin) + "\" maxx=\"" + number(box.xmax) + "\" maxy=\"" + number(box.ymax) + "\"/>";
    return xml + metadata_urls(layer, Version::v1_0_0) + "</FeatureType>\n";
}

}  // namespace

std::string capabilities_1_1(const ows::FaceContext& context, const std::string& url, const std::vector<std::string>& sections)
{
    const project::ProjectModel& model = context.model;
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities version=\"1.1.0\" updateSequence=\"" + xml_escaped(context.project.version()) +
                      "\" xmlns:wfs=\"http://www.opengis.net/wfs\" xmlns:ows=\"http://www.opengis.net/ows\" xmlns:ogc=\"http://www.opengis.net/ogc\" xmlns:gml=\"http://www.opengis.net/gml\" "
                      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:" +
                      std::string(prefix) + "=\"" + xml_escaped(ows::feature_namespace(model.id)) +
                      "\" xsi:schemaLocation=\"http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.1.0/wfs.xsd\">\n";
    if (wanted(sections, "ServiceIdentification")) xml += identification(model, Version::v1_1_0);
    if (wanted(sections, "ServiceProvider")) xml += provider(model);
    if (wanted(sections, "OperationsMetadata")) {
        const std::vector<std::string_view> formats = output_formats(Version::v1_1_0), schemas = schema_formats(Version::v1_1_0);
        xml += "  <ows:OperationsMetadata>\n";
        xml += operation("GetCapabilities", url, list("Parameter", "AcceptVersions", {"1.1.0", "1.0.0", "2.0.0"}) + list("Parameter", "AcceptFormats", {"text/xml"}) +
                         list("Parameter", "Sections", {"ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"}));
        xml += operation("DescribeFeatureType", url, list("Parameter", "outputFormat", schemas));
        xml += operation("GetFeature", url, list("Parameter", "resultType", {"results", "hits"}) + list("Parameter", "outputFormat", formats));
        xml += list("Constraint", "DefaultMaxFeatures", {std::to_string(context.limits.max_features)}) + "  </ows:OperationsMetadata>\n";
    }
    if (wanted(sections, "FeatureTypeList")) {
        xml += "  <wfs:FeatureTypeList>\n    <wfs:Operations><wfs:Operation>Query</wfs:Operation></wfs:Operations>\n";
        for (const FeatureType& type : feature_types(model)) xml += type_1_1(type, model);
        xml += "  </wfs:FeatureTypeList>\n";
    }
    // Not one of the optional parts here.
    return xml + filter_1_1() + "</wfs:WFS_Capabilities>\n";
}

std::string capabilities_1_0(const ows::FaceContext& context, const std::string& url)
{
    const project::ProjectModel& model = context.model;
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<WFS_Capabilities version=\"1.0.0\" xmlns=\"http://www.opengis.net/wfs\" xmlns:ogc=\"http://www.opengis.net/ogc\" "
                      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:" +
                      std::string(prefix) + "=\"" + xml_escaped(ows::feature_namespace(model.id)) +
                      "\" xsi:schemaLocation=\"http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd\">\n  <Service><Name>WFS</Name>" +
                      element("Title", model.title.empty() ? model.id : model.title) + element("Abstract", model.abstract) + element("Keywords", joined(model.keywords)) +
                      element("OnlineResource", model.online_resource.empty() ? url : model.online_resource) + element("Fees", model.fees.empty() ? "NONE" : model.fees) +
                      element("AccessConstraints", model.access_constraints.empty() ? "NONE" : model.access_constraints) + "</Service>\n  <Capability>\n    <Request>\n";
    xml += request_1_0("GetCapabilities", "", url) + request_1_0("DescribeFeatureType", "<SchemaDescriptionLanguage><XMLSCHEMA/></SchemaDescriptionLanguage>", url) +
           request_1_0("GetFeature", "<ResultFormat><GML2/></ResultFormat>", url);
    xml += "    </Request>\n  </Capability>\n  <FeatureTypeList>\n    <Operations><Query/></Operations>\n";
    for (const FeatureType& type : feature_types(model)) xml += type_1_0(type);
    xml += "  </FeatureTypeList>\n  <ogc:Filter_Capabilities>\n    <ogc:Spatial_Capabilities><ogc:Spatial_Operators>";
    for (const char* name : {"BBOX", "Equals", "Disjoint", "Intersect", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond", "DWithin"}) xml += std::string("<ogc:") + name + "/>";
    return xml + "</ogc:Spatial_Operators></ogc:Spatial_Capabilities>\n    <ogc:Scalar_Capabilities><ogc:Logical_Operators/><ogc:Comparison_Operators><ogc:Simple_Comparisons/><ogc:Like/>"
                 "<ogc:Between/><ogc:NullCheck/></ogc:Comparison_Operators><ogc:Arithmetic_Operators><ogc:Simple_Arithmetic/></ogc:Arithmetic_Operators></ogc:Scalar_Capabilities>\n  </ogc:Filter_Capabilities>\n</WFS_Capabilities>\n";
}

}  // namespace stadtgdi::wfs
