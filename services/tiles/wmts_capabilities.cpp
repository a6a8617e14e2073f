// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/exception.hpp>
#include <services/tiles/resources.hpp>
#include <services/tiles/wmts_requests.hpp>
#include <services/wms/capabilities_layers.hpp>
#include <services/wms/feature_info_formats.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <sstream>

namespace stadtgdi::tiles {

using ows::FaceContext;
using project::ProjectModel;
using wms::append_text;

namespace {

const std::vector<std::string>& section_names()
{
    static const std::vector<std::string> names{"ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes"};
    return names;
}

void add_keywords(pugi::xml_node parent, const std::vector<std::string>& keywords)
{
    if (keywords.empty())
        return;
    pugi::xml_node list = parent.append_child("ows:Keywords");
    for (const std::string& keyword : keywords)
        append_text(list, "ows:Keyword", keyword);
}

std::string pair_text(double a, double b) { return table::number_text(a) + " " + table::number_text(b); }

void add_identification(pugi::xml_node root, const ProjectModel& model)
{
    pugi::xml_node node = root.append_child("ows:ServiceIdentification");
    append_text(node, "ows:Title", model.title.empty() ? model.id : model.title);
    if (!model.abstract.empty())
        append_text(node, "ows:Abstract", model.abstract);
    add_keywords(node, model.keywords);
    append_text(node, "ows:ServiceType", "OGC WMTS");
    append_text(node, "ows:ServiceTypeVersion", "1.0.0");
    append_text(node, "ows:Fees", model.fees.empty() ? "none" : model.fees);
    append_text(node, "ows:AccessConstraints", model.access_constraints.empty() ? "none" : model.access_constraints);
}

void add_provider(pugi::xml_node root, const ProjectModel& model)
{
    const project::ContactInfo& contact = model.contact;
    pugi::xml_node node = root.append_child("ows:ServiceProvider");
    append_text(node, "ows:ProviderName", contact.organization.empty() ? "StadtGDI" : contact.organization);
    if (!model.online_resource.empty())
        node.append_child("ows:ProviderSite").append_attribute("xlink:href") = model.online_resource.c_str();
    pugi::xml_node person = node.append_child("ows:ServiceContact");
    if (!contact.person.empty())
        append_text(person, "ows:IndividualName", contact.person);
    if (!contact.position.empty())
        append_text(person, "ows:PositionName", contact.position);
    if (contact.phone.empty() && contact.email.empty())
        return;
    pugi::xml_node info = person.append_child("ows:ContactInfo");
    if (!contact.phone.empty())
        append_text(info.append_child("ows:Phone"), "ows:Voice", contact.phone);
    if (!contact.email.empty())
        append_text(info.append_child("ows:Address"), "ows:ElectronicMailAddress", contact.email);
}

void add_values(pugi::xml_node parent, const char* element, const char* name, const std::vector<std::string>& values)
{
    pugi::xml_node node = parent.append_child(element);
    node.append_attribute("name") = name;
    pugi::xml_node allowed = node.append_child("ows:AllowedValues");
    for (const std::string& value : values)
        append_text(allowed, "ows:Value", value);
}

void add_operations(pugi::xml_node root, const FaceContext& context)
{
    pugi::xml_node node = root.append_child("ows:OperationsMetadata");
    const auto add = [&](const char* name, const std::string& address) {
        pugi::xml_node operation = node.append_child("ows:Operation");
        operation.append_attribute("name") = name;
        pugi::xml_node http = operation.append_child("ows:DCP").append_child("ows:HTTP");
        for (const auto& [url, encoding] : {std::pair<std::string, const char*>{context.project_url + "/ows?", "KVP"}, {address, "RESTful"}}) {
            pugi::xml_node get = http.append_child("ows:Get");
            get.append_attribute("xlink:href") = url.c_str();
            add_values(get, "ows:Constraint", "GetEncoding", {encoding});
        }
        return operation;
    };
    const std::string rest = context.project_url + "/wmts/1.0.0/";
    pugi::xml_node capabilities = add("GetCapabilities", rest + "WMTSCapabilities.xml");
    add_values(capabilities, "ows:Parameter", "AcceptVersions", {"1.0.0"});
    add_values(capabilities, "ows:Parameter", "AcceptFormats", {"application/xml", "text/xml"});
    add_values(capabilities, "ows:Parameter", "Sections", section_names());
    add("GetTile", rest);
    add("GetFeatureInfo", rest);
}

void add_style(pugi::xml_node parent, const FaceContext& context, const WmtsLayer& layer, const std::string& name)
{
    pugi::xml_node style = parent.append_child("Style");
    style.append_attribute("isDefault") = name == layer.styles.front() ? "true" : "false";
    append_text(style, "ows:Title", name);
    append_text(style, "ows:Identifier", name);
    pugi::xml_node legend = style.append_child("LegendURL");
    legend.append_attribute("format") = "image/png";
    legend.append_attribute("xlink:href") = (context.project_url + "/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=" + http::percent_encoded(layer.name) + "&STYLE=" +
                                             http::percent_encoded(name) + "&FORMAT=image/png&LANGUAGE=" + (ows::language_of(context) == base::Language::de ? "ger" : "eng")).c_str();
}

void add_limits(pugi::xml_node parent, const WmtsLayer& layer)
{
    for (const TileMatrixSet& set : tile_matrix_sets()) {
        const table::Box extent = extent_in(layer.layers, set.crs);
        pugi::xml_node link = parent.append_child("TileMatrixSetLink");
        append_text(link, "TileMatrixSet", set.id);
        if (extent.empty())
            continue;
        pugi::xml_node all = link.append_child("TileMatrixSetLimits");
        for (std::size_t level = 0; level < set.matrices.size(); ++level) {
            const auto limits = limits_of(set, level, extent, limits_margin_pixels);
            if (!limits)
                continue;
            pugi::xml_node one = all.append_child("TileMatrixLimits");
            append_text(one, "TileMatrix", set.matrices[level].id);
            append_text(one, "MinTileRow", std::to_string(limits->first_row));
            append_text(one, "MaxTileRow", std::to_string(limits->last_row));
            append_text(one, "MinTileCol", std::to_string(limits->first_column));
            append_text(one, "MaxTileCol", std::to_string(limits->last_column));
        }
        if (!all.first_child())
            parent.remove_child(link);  // it lies elsewhere
    }
}

void add_layer(pugi::xml_node contents, const FaceContext& context, const WmtsLayer& layer)
{
    pugi::xml_node node = contents.append_child("Layer");
    append_text(node, "ows:Title", layer.title);
    if (!layer.abstract.empty())
        append_text(node, "ows:Abstract", layer.abstract);
    add_keywords(node, layer.keywords);
    if (const table::Box world = extent_in(layer.layers, "OGC:CRS84"); !world.empty()) {
        pugi::xml_node box = node.append_child("ows:WGS84BoundingBox");
        append_text(box, "ows:LowerCorner", pair_text(std::max(-180.0, world.xmin), std::max(-90.0, world.ymin)));
        append_text(box, "ows:UpperCorner", pair_text(std::min(180.0, world.xmax), std::min(90.0, world.ymax)));
    }
    append_text(node, "ows:Identifier", layer.name);
    for (const std::string& style : layer.styles)
        add_style(node, context, layer, style);
    for (const Ending& format : picture_endings())
        append_text(node, "Format", format.type);
    if (layer.queryable)
        for (const std::string& format : wms::feature_info_formats())
            append_text(node, "InfoFormat", format);
    add_limits(node, layer);
    const std::string address = context.project_url + "/wmts/1.0.0/" + http::percent_encoded(layer.name) + "/{style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}";
    const auto add_address = [&](const char* kind, const Ending& format, const std::string& url) {
        pugi::xml_node resource = node.append_child("ResourceURL");
        resource.append_attribute("format") = format.type;
        resource.append_attribute("resourceType") = kind;
        resource.append_attribute("template") = url.c_str();
    };
    for (const Ending& format : picture_endings())
        add_address("tile", format, address + "." + format.ending);
    if (layer.queryable)
        for (const Ending& format : info_endings())
            add_address("FeatureInfo", format, address + "/{J}/{I}." + format.ending);
}

void add_matrix_set(pugi::xml_node contents, const TileMatrixSet& set, base::Language language)
{
    pugi::xml_node node = contents.append_child("TileMatrixSet");
    append_text(node, "ows:Title", set.title.in(language));
    append_text(node, "ows:Identifier", set.id);
    append_text(node, "ows:SupportedCRS", ows::urn_name(set.crs));
    if (!set.well_known_scale_set.empty())
        append_text(node, "WellKnownScaleSet", "urn:ogc:def:wkss:OGC:1.0:" + set.well_known_scale_set.substr(set.well_known_scale_set.rfind('/') + 1));
    const std::string corner = crs::info(set.crs).northing_first ? pair_text(set.top, set.left) : pair_text(set.left, set.top);
    for (const TileMatrix& matrix : set.matrices) {
        pugi::xml_node one = node.append_child("TileMatrix");
        append_text(one, "ows:Identifier", matrix.id);
        append_text(one, "ScaleDenominator", table::number_text(matrix.scale_denominator));
        append_text(one, "TopLeftCorner", corner);
        append_text(one, "TileWidth", std::to_string(tile_size));
        append_text(one, "TileHeight", std::to_string(tile_size));
        append_text(one, "MatrixWidth", std::to_string(matrix.width));
        append_text(one, "MatrixHeight", std::to_string(matrix.height));
    }
}

/// The tree of layers; groups without a layer that is offered are left out.
void add_themes(pugi::xml_node parent, const ProjectModel& model, const project::TreeNode& node)
{
    for (const project::TreeNode& child : node.children) {
        const project::PublishedLayer* layer = child.layer.empty() ? nullptr : model.find(child.layer);
        if (!child.layer.empty() && (layer == nullptr || !wms::is_offered(*layer)))
            continue;
        pugi::xml_node theme = parent.append_child("Theme");
        const std::string& name = layer != nullptr ? layer->name : child.name;
        const std::string& title = layer != nullptr ? layer->title : child.title;
        append_text(theme, "ows:Title", title.empty() ? name : title);
        append_text(theme, "ows:Identifier", name);
        if (layer != nullptr)
            append_text(theme, "LayerRef", name);
        else
            add_themes(theme, model, child);
        if (layer == nullptr && !theme.child("Theme"))
            parent.remove_child(theme);
    }
}

/// The sections asked for; empty: all.
std::vector<std::string> asked_sections(const ows::KeyValues& kv)
{
    if (!kv.has("sections"))
        return {};
    kv.required("sections");
    std::vector<std::string> sections = kv.list("sections");
    for (const std::string& section : sections) {
        if (section == "All")
            return {};
        if (std::ranges::find(section_names(), section) == section_names().end())
            throw ows::invalid_parameter("sections", base::filled({"There is no section '{0}'.", "Einen Abschnitt '{0}' gibt es nicht."}, section));
    }
    return sections;
}

}  // namespace

http::Response wmts_capabilities(const FaceContext& context, const ows::KeyValues& kv)
{
    const std::vector<std::string> versions = kv.list("AcceptVersions");
    if (!versions.empty() && std::ranges::find(versions, "1.0.0") == versions.end())
        throw ows::OwsException(ows::Code::version_negotiation_failed, "", {"Of WMTS only version 1.0.0 is offered.", "Vom WMTS wird nur Version 1.0.0 angeboten."});
    const std::vector<std::string> sections = asked_sections(kv);
    const auto wanted = [&](std::string_view name) { return sections.empty() || std::ranges::find(sections, name) != sections.end(); };
    const std::string current = context.project.version(), known = kv.get("updateSequence");
    if (known > current)  // ISO times compare as texts
        throw ows::OwsException(ows::Code::invalid_update_sequence, "updateSequence", {"updateSequence is later than the current one.", "updateSequence ist neuer als der aktuelle Stand."});

    pugi::xml_document document;
    pugi::xml_node root = document.append_child("Capabilities");
    root.append_attribute("xmlns") = "http://www.opengis.net/wmts/1.0";
    root.append_attribute("xmlns:ows") = "http://www.opengis.net/ows/1.1";
    root.append_attribute("xmlns:xlink") = "http://www.w3.org/1999/xlink";
    root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    root.append_attribute("xsi:schemaLocation") = "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd";
    root.append_attribute("version") = "1.0.0";
    root.append_attribute("updateSequence") = current.c_str();
    if (known != current) {
        const ProjectModel& model = context.model;
        if (wanted("ServiceIdentification"))
            add_identification(root, model);
        if (wanted("ServiceProvider"))
            add_provider(root, model);
        if (wanted("OperationsMetadata"))
            add_operations(root, context);
        if (wanted("Contents")) {
            pugi::xml_node contents = root.append_child("Contents");
            for (const WmtsLayer& layer : wmts_layers(model))
                add_layer(contents, context, layer);
            for (const TileMatrixSet& set : tile_matrix_sets())
                add_matrix_set(contents, set, ows::language_of(context));
        }
        if (wanted("Themes"))
            if (pugi::xml_node themes = root.append_child("Themes"); add_themes(themes, model, model.tree), !themes.first_child())
                root.remove_child(themes);
        if (sections.empty())
            root.append_child("ServiceMetadataURL").append_attribute("xlink:href") = (context.project_url + "/wmts/1.0.0/WMTSCapabilities.xml").c_str();
    }
    std::ostringstream out;
    document.save(out, " ", pugi::format_default, pugi::encoding_utf8);
    http::Response response;
    const bool as_text = kv.get("AcceptFormats").starts_with("text/xml");
    response.content_type = as_text ? "text/xml; charset=utf-8" : "application/xml; charset=utf-8";
    response.set_header("Vary", "Accept-Language");
    response.body = out.str();
    return response;
}

}  // namespace stadtgdi::tiles
