// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/capabilities_layers.hpp>

#include <layers/crs/transform.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/kvp.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace stadtgdi::wms {

using project::PublishedLayer;
using project::TreeNode;

pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text)
{
    pugi::xml_node node = parent.append_child(name);
    // pugixml escapes; characters that XML forbids are left out.
    std::string clean;
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' || c == '\r')
            clean += c;
    node.text().set(clean.c_str());
    return node;
}

void append_keywords(pugi::xml_node parent, const std::vector<std::string>& keywords)
{
    if (keywords.empty())
        return;
    pugi::xml_node list = parent.append_child("KeywordList");
    for (const std::string& keyword : keywords)
        append_text(list, "Keyword", keyword);
}

void append_online_resource(pugi::xml_node parent, const std::string& url)
{
    pugi::xml_node node = parent.append_child("OnlineResource");
    node.append_attribute("xmlns:xlink") = "http://www.w3.org/1999/xlink";
    node.append_attribute("xlink:type") = "simple";
    node.append_attribute("xlink:href") = url.c_str();
}

namespace {

/// With an area, as the standard demands, also around a single point.
table::Box with_area(table::Box box, double least)
{
    if (box.xmax - box.xmin < least) {
        box.xmin -= least / 2;
        box.xmax += least / 2;
    }
    if (box.ymax - box.ymin < least) {
        box.ymin -= least / 2;
        box.ymax += least / 2;
    }
    return box;
}

class Writer {
public:
    Writer(const ows::FaceContext& context, std::string version, std::string url)
        : m_context(context), m_model(context.model), m_old(version == "1.1.1"), m_url(std::move(url)), m_offered(ows::offered_crs(context.model))
    {
    }

    void write_root(pugi::xml_node capability)
    {
        pugi::xml_node layer = capability.append_child("Layer");
        if (any_queryable(m_model.tree))
            layer.append_attribute("queryable") = "1";
        append_text(layer, "Name", m_model.root_name);
        append_text(layer, "Title", m_model.title);
        if (!m_model.abstract.empty())
            append_text(layer, "Abstract", m_model.abstract);
        append_keywords(layer, m_model.keywords);
        for (const std::string& crs : m_offered)
            append_text(layer, m_old ? "SRS" : "CRS", ows::wms_name(crs));
        write_boxes(layer, m_model.extent, m_model.crs);
        for (const TreeNode& child : m_model.tree.children)
            write_node(layer, child);
    }

private:
    bool any_offered(const TreeNode& node) const
    {
        if (!node.layer.empty()) {
            const PublishedLayer* layer = m_model.find(node.layer);
            return layer != nullptr && is_offered(*layer);
        }
        return std::any_of(node.children.begin(), node.children.end(), [this](const TreeNode& child) { return any_offered(child); });
    }

    bool any_queryable(const TreeNode& node) const
    {
        if (!node.layer.empty()) {
            const PublishedLayer* layer = m_model.find(node.layer);
            return layer != nullptr && is_offered(*layer) && layer->queryable;
        }
        return std::any_of(node.children.begin(), node.children.end(), [this](const TreeNode& child) { return any_queryable(child); });
    }

    void write_node(pugi::xml_node parent, const TreeNode& node)
    {
        if (!any_offered(node))
            return;
        if (!node.layer.empty()) {
            write_layer(parent, *m_model.find(node.layer));
            return;
        }
        pugi::xml_node group = parent.append_child("Layer");
        if (any_queryable(node))
            group.append_attribute("queryable") = "1";
        append_text(group, "Name", node.name);
        append_text(group, "Title", node.title.empty() ? node.name : node.title);
        if (!node.abstract.empty())
            append_text(group, "Abstract", node.abstract);
        write_boxes(group, extent_of(node), m_model.crs);
        for (const TreeNode& child : node.children)
            write_node(group, child);
    }

    table::Box extent_of(const TreeNode& node) const
    {
        table::Box box = table::Box::none();
        if (const PublishedLayer* layer = node.layer.empty() ? nullptr : m_model.find(node.layer);
            layer != nullptr && is_offered(*layer) && !layer->extent.empty())
            box.grow(crs::transformed(layer->extent, layer->crs, m_model.crs));
        for (const TreeNode& child : node.children)
            box.grow(extent_of(child));
        return box;
    }

    void write_layer(pugi::xml_node parent, const PublishedLayer& published)
    {
        pugi::xml_node layer = parent.append_child("Layer");
        if (published.queryable)
            layer.append_attribute("queryable") = "1";
        if (published.opaque)
            layer.append_attribute("opaque") = "1";
        append_text(layer, "Name", published.name);
        append_text(layer, "Title", published.title.empty() ? published.name : published.title);
        if (!published.abstract.empty())
            append_text(layer, "Abstract", published.abstract);
        append_keywords(layer, published.keywords);
        const std::string own_crs = ows::wms_name(published.crs);
        if (std::find(m_offered.begin(), m_offered.end(), published.crs) == m_offered.end() && published.crs.find(':') != std::string::npos &&
            published.crs.size() < 40)
            append_text(layer, m_old ? "SRS" : "CRS", own_crs);
        // A layer without rows has no place of its own.
        if (published.extent.empty())
            write_boxes(layer, m_model.extent, m_model.crs);
        else
            write_boxes(layer, published.extent, published.crs);
        if (!published.attribution.empty()) {
            pugi::xml_node attribution = layer.append_child("Attribution");
            append_text(attribution, "Title", published.attribution);
            if (!published.attribution_url.empty())
                append_online_resource(attribution, published.attribution_url);
        }
        for (const auto& [format, url] : published.metadata_urls) {
            pugi::xml_node metadata = layer.append_child("MetadataURL");
            metadata.append_attribute("type") = m_old ? "TC211" : "ISO19115:2003";
            append_text(metadata, "Format", format.empty() ? "text/xml" : format);
            append_online_resource(metadata, url);
        }
        for (const std::string& style : published.styles)
            write_style(layer, published, style);
        write_scales(layer, published);
    }

    void write_style(pugi::xml_node layer, const PublishedLayer& published, const std::string& name)
    {
        pugi::xml_node style = layer.append_child("Style");
        append_text(style, "Name", name);
        append_text(style, "Title", name);
        render::LegendSpec spec;
        spec.project = m_model.id;
        spec.layers.push_back({published.name, name, 1.0});
        try {
            // The size must be told; the drawer keeps legends, so that this costs once per project.
            const render::Image legend = m_context.project.drawer().draw_legend(spec, m_context.run);
            pugi::xml_node url = style.append_child("LegendURL");
            url.append_attribute("width") = legend.width;
            url.append_attribute("height") = legend.height;
            append_text(url, "Format", "image/png");
            append_online_resource(url, m_url + "SERVICE=WMS&VERSION=" + (m_old ? "1.1.1" : "1.3.0") + "&REQUEST=GetLegendGraphic&LAYER=" +
                                            http::percent_encoded(published.name) + "&STYLE=" + http::percent_encoded(name) + "&FORMAT=image/png");
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled)
                throw;
        }
    }

    void write_scales(pugi::xml_node layer, const PublishedLayer& published) const
    {
        if (published.min_scale <= 0 && published.max_scale <= 0)
            return;
        if (m_old) {
            // Diagonal of a pixel of 0.28 mm on the ground, in metres.
            const auto hint = [](double denominator) { return table::number_text(denominator * 0.00028 * std::numbers::sqrt2); };
            pugi::xml_node node = layer.append_child("ScaleHint");
            node.append_attribute("min") = hint(published.max_scale).c_str();
            node.append_attribute("max") = hint(published.min_scale > 0 ? published.min_scale : 1e12).c_str();
            return;
        }
        if (published.max_scale > 0)
            append_text(layer, "MinScaleDenominator", table::number_text(published.max_scale));
        if (published.min_scale > 0)
            append_text(layer, "MaxScaleDenominator", table::number_text(published.min_scale));
    }

    static std::optional<table::Box> in_crs(const table::Box& box, const std::string& from, const std::string& to)
    {
        try {
            const table::Box result = crs::transformed(box, from, to);
            const bool finite = std::isfinite(result.xmin) && std::isfinite(result.ymin) && std::isfinite(result.xmax) && std::isfinite(result.ymax);
            if (result.empty() || !finite)
                return {};
            return with_area(result, crs::info(to).geographic ? 1e-5 : 1.0);
        } catch (const Error&) {
            return {};  // nothing of it can be shown in that CRS
        }
    }

    void write_boxes(pugi::xml_node layer, const table::Box& box, const std::string& crs) const
    {
        if (box.empty())
            return;
        if (auto world = in_crs(box, crs, "OGC:CRS84")) {
            world = table::Box{std::max(-180.0, world->xmin), std::max(-90.0, world->ymin), std::min(180.0, world->xmax), std::min(90.0, world->ymax)};
            if (m_old) {
                write_box(layer.append_child("LatLonBoundingBox"), *world, false, 8);
            } else {
                pugi::xml_node geographic = layer.append_child("EX_GeographicBoundingBox");
                append_text(geographic, "westBoundLongitude", number(world->xmin, 8));
                append_text(geographic, "eastBoundLongitude", number(world->xmax, 8));
                append_text(geographic, "southBoundLatitude", number(world->ymin, 8));
                append_text(geographic, "northBoundLatitude", number(world->ymax, 8));
            }
        }
        std::vector<std::string> all = m_offered;
        if (std::find(all.begin(), all.end(), crs) == all.end())
            all.push_back(crs);
        for (const std::string& code : all) {
            const auto there = in_crs(box, crs, code);
            if (!there)
                continue;
            pugi::xml_node node = layer.append_child("BoundingBox");
            node.append_attribute(m_old ? "SRS" : "CRS") = ows::wms_name(code).c_str();
            const crs::CrsInfo& info = crs::info(code);
            write_box(node, *there, !m_old && code != "OGC:CRS84" && info.northing_first, ows::decimals_of(code));
        }
    }

    static std::string number(double value, int decimals)
    {
        const double factor = std::pow(10.0, decimals);
        return table::number_text(std::round(value * factor) / factor);
    }

    static void write_box(pugi::xml_node node, const table::Box& box, bool swapped, int decimals)
    {
        node.append_attribute("minx") = number(swapped ? box.ymin : box.xmin, decimals).c_str();
        node.append_attribute("miny") = number(swapped ? box.xmin : box.ymin, decimals).c_str();
        node.append_attribute("maxx") = number(swapped ? box.ymax : box.xmax, decimals).c_str();
        node.append_attribute("maxy") = number(swapped ? box.xmax : box.ymax, decimals).c_str();
    }

    const ows::FaceContext& m_context;
    const project::ProjectModel& m_model;
    bool m_old;
    std::string m_url;
    std::vector<std::string> m_offered;
};

}  // namespace

void append_layers(pugi::xml_node capability, const ows::FaceContext& context, const std::string& version, const std::string& url)
{
    Writer(context, version, url).write_root(capability);
}

}  // namespace stadtgdi::wms
