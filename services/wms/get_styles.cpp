// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_body.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/requests.hpp>

#include <pugixml.hpp>

#include <algorithm>
#include <sstream>

namespace stadtgdi::wms {

namespace {

/// A field that is not shown is not named either: rules and symbols that ask for it are left out.
bool names_hidden_field(const project::PublishedLayer& layer, const pugi::xml_node& node)
{
    const pugi::xml_node found = node.find_node([&](const pugi::xml_node& one) {
        return ows::local_name(one) == "PropertyName" && std::ranges::any_of(layer.fields, [&](const project::PublishedField& field) { return !field.in_wms && field.name == one.child_value(); });
    });
    return !found.empty();
}

/// Of a file, where it lies is nobody's concern.
bool hide_path(pugi::xml_node node)
{
    for (pugi::xml_attribute attribute : node.attributes()) {
        const std::string value = attribute.value();
        if (std::string_view(attribute.name()).ends_with("href") && !value.starts_with("http://") && !value.starts_with("https://"))
            attribute = value.substr(value.find_last_of("/\\") + 1).c_str();
    }
    return false;
}

void append_style(pugi::xml_node named_layer, const project::PublishedLayer& layer, const std::string& style, const std::string& document)
{
    pugi::xml_document written;
    if (!written.load_buffer(document.data(), document.size(), pugi::parse_default, pugi::encoding_utf8))
        return;
    const pugi::xml_node from = written.find_node([](const pugi::xml_node& node) { return ows::local_name(node) == "UserStyle"; });
    pugi::xml_node user = named_layer.append_child("UserStyle");
    user.append_child("se:Name").text().set(style.c_str());
    bool any = false;
    for (const pugi::xml_node& part : from.children()) {
        if (ows::local_name(part) != "FeatureTypeStyle")
            continue;
        pugi::xml_node copied = user.append_copy(part);
        for (pugi::xml_node rule = copied.first_child(); rule;) {
            const pugi::xml_node next = rule.next_sibling();
            if (names_hidden_field(layer, rule))
                copied.remove_child(rule);
            else
                any = any || ows::local_name(rule) == "Rule";
            rule = next;
        }
        copied.find_node(hide_path);
    }
    if (!any)
        named_layer.remove_child(user);
}

}  // namespace

http::Response get_styles(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version)
{
    kv.required("LAYERS");
    const std::vector<std::string> names = kv.list("LAYERS");
    expect_few(names.size(), "LAYERS");
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("StyledLayerDescriptor");
    root.append_attribute("version") = "1.1.0";
    for (const auto& [name, value] : {std::pair("xmlns", "http://www.opengis.net/sld"), std::pair("xmlns:se", "http://www.opengis.net/se"), std::pair("xmlns:ogc", "http://www.opengis.net/ogc"),
                                      std::pair("xmlns:xlink", "http://www.w3.org/1999/xlink"), std::pair("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                                      std::pair("xsi:schemaLocation", "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd")})
        root.append_attribute(name) = value;
    for (const std::string& name : names)
        for (const project::PublishedLayer* layer : resolve(context.model, name, "LAYERS").layers) {
            pugi::xml_node named_layer = root.append_child("NamedLayer");
            named_layer.append_child("se:Name").text().set(layer->name.c_str());
            if (layer->type == project::LayerType::other)
                continue;
            for (const std::string& style : layer->styles)
                append_style(named_layer, *layer, style, context.project.drawer().style_document({layer->name, style}, context.run));
        }
    std::ostringstream out;
    document.save(out, " ", pugi::format_default, pugi::encoding_utf8);
    http::Response response;
    response.content_type = version == "1.1.1" ? "application/vnd.ogc.sld+xml; charset=utf-8" : "text/xml; charset=utf-8";
    response.body = out.str();
    return response;
}

}  // namespace stadtgdi::wms
