// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/number_text.hpp>
#include <services/wfs/capabilities_parts.hpp>

namespace stadtgdi::wfs {

std::string element(std::string_view name, std::string_view text)
{
    if (text.empty()) return {};
    return "<" + std::string(name) + ">" + http::xml_escaped(text) + "</" + std::string(name) + ">";
}

std::string keywords(const std::vector<std::string>& words)
{
    if (words.empty()) return {};
    std::string xml = "<ows:Keywords>";
    for (const std::string& word : words) xml += element("ows:Keyword", word);
    return xml + "</ows:Keywords>";
}

std::string identification(const project::ProjectModel& model, Version version)
{
    return "  <ows:ServiceIdentification>" + element("ows:Title", model.title.empty() ? model.id : model.title) + element("ows:Abstract", model.abstract) + keywords(model.keywords) +
           "<ows:ServiceType>WFS</ows:ServiceType>" + element("ows:ServiceTypeVersion", text_of(version)) + element("ows:Fees", model.fees.empty() ? "NONE" : model.fees) +
           element("ows:AccessConstraints", model.access_constraints.empty() ? "NONE" : model.access_constraints) + "</ows:ServiceIdentification>\n";
}

std::string provider(const project::ProjectModel& model)
{
    const project::ContactInfo& contact = model.contact;
    std::string xml = "  <ows:ServiceProvider>" + element("ows:ProviderName", contact.organization.empty() ? model.title.empty() ? model.id : model.title : contact.organization);
    if (!model.online_resource.empty()) xml += "<ows:ProviderSite xlink:href=\"" + http::xml_escaped(model.online_resource) + "\"/>";
    xml += "<ows:ServiceContact>" + element("ows:IndividualName", contact.person) + element("ows:PositionName", contact.position);
    if (!contact.phone.empty() || !contact.email.empty()) {
        xml += "<ows:ContactInfo>";
        if (!contact.phone.empty()) xml += "<ows:Phone>" + element("ows:Voice", contact.phone) + "</ows:Phone>";
        if (!contact.email.empty()) xml += "<ows:Address>" + element("ows:ElectronicMailAddress", contact.email) + "</ows:Address>";
        xml += "</ows:ContactInfo>";
    }
    return xml + "</ows:ServiceContact></ows:ServiceProvider>\n";
}

std::string number(double coordinate)
{
    char text[40];
    return {text, ows::put_fixed<8>(text, coordinate)};
}

std::string ows_wgs84_box(const project::PublishedLayer& layer)
{
    if (layer.crs.empty() || layer.extent.empty()) return {};
    const table::Box box = crs::transformed(layer.extent, layer.crs, "OGC:CRS84");
    if (box.empty() || !std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax)) return {};
    return "      <ows:WGS84BoundingBox><ows:LowerCorner>" + number(box.xmin) + " " + number(box.ymin) + "</ows:LowerCorner><ows:UpperCorner>" + number(box.xmax) + " " + number(box.ymax) +
           "</ows:UpperCorner></ows:WGS84BoundingBox>\n";
}

std::string operation(std::string_view name, const std::string& url, const std::string& content)
{
    return "    <ows:Operation name=\"" + std::string(name) + "\">\n      <ows:DCP><ows:HTTP><ows:Get xlink:href=\"" + http::xml_escaped(url) + "?\"/><ows:Post xlink:href=\"" + http::xml_escaped(url) +
           "\"/></ows:HTTP></ows:DCP>\n" + content + "    </ows:Operation>\n";
}

std::vector<std::string_view> output_formats(Version version)
{
    std::vector<std::string_view> formats;
    for (const Format format : {Format::gml_3_2, Format::gml_3_1, Format::gml_2, Format::geojson, Format::csv, Format::flatgeobuf, Format::geopackage, Format::shapefile})
        formats.insert(is_gml(format) && version_of(format) == version ? formats.begin() : formats.end(), media_type(format));
    return formats;
}

std::vector<std::string_view> schema_formats(Version version)
{
    std::vector<std::string_view> formats = output_formats(version);
    formats.resize(3);
    formats.push_back("application/json");
    return formats;
}

bool wanted(const std::vector<std::string>& sections, std::string_view name)
{
    if (sections.empty()) return true;
    for (const std::string& section : sections)
        if (ows::equal_ignoring_case(section, name) || ows::equal_ignoring_case(section, "All")) return true;
    return false;
}

}  // namespace stadtgdi::wfs
