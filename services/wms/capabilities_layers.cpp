// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/capabilities_layers.hpp>

#include <layers/crs/transform.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/kvp.hpp>
#include <services/wms/dimensions.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
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

using Boxes = std::map<std::string, table::Box>;  // by coordinate reference system

class Writer {
public:
    Writer(const ows::FaceContext& context, const CapabilitiesDocument& document)
        : m_context(context), m_model(context.model), m_old(document.old()), m_settings(document.project_settings), m_language(document.language), m_url(document.url),
          m_offered(ows::offered_crs(context.model))
    {
    }

    bool complete() const { return m_complete; }

    void write_root(pugi::xml_node capability)
    {
        pugi::xml_node layer = capability.append_child("Layer");
        if (is_queryable(m_model.root_name))
            layer.append_attribute("queryable") = "1";
        append_text(layer, "Name", m_model.root_name);
        append_text(layer, "Title", m_model.title);
        if (!m_model.abstract.empty())
            append_text(layer, "Abstract", m_model.abstract);
        append_keywords(layer, m_model.keywords);
        for (const std::string& crs : m_offered)
            append_text(layer, m_old ? "SRS" : "CRS", ows::wms_name(crs));
        write_boxes(layer, m_model.extent, m_model.crs);
        if (m_settings)
            append_text(layer, "TreeName", m_model.tree.shown_name);
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

    /// By the layers that the name of a group or of the root stands for.
    bool is_queryable(const std::string& name) const
    {
        return std::ranges::any_of(resolve(m_model, name, "LAYERS").layers, &PublishedLayer::queryable);
    }

    void write_node(pugi::xml_node parent, const TreeNode& node)
    {
        if (!any_offered(node))
            return;
        if (!node.layer.empty()) {
            write_layer(parent, *m_model.find(node.layer), node);
            return;
        }
        pugi::xml_node group = parent.append_child("Layer");
        if (is_queryable(node.name))
            group.append_attribute("queryable") = "1";
        append_text(group, "Name", node.name);
        append_text(group, "Title", node.title.empty() ? node.name : node.title);
        if (!node.abstract.empty())
            append_text(group, "Abstract", node.abstract);
        if (m_settings) {
            write_state(group, node);
            group.append_attribute("mutuallyExclusive") = node.mutually_exclusive ? "1" : "0";
        }
        Boxes boxes;
        add_boxes(node, boxes);
        write_boxes(group, boxes, m_model.crs);
        if (m_settings)
            append_text(group, "TreeName", node.shown_name);
        for (const TreeNode& child : node.children)
            write_node(group, child);
    }

    /// Of what lies in a group, by coordinate reference system: put together in one of them, boxes would grow.
    void add_boxes(const TreeNode& node, Boxes& boxes) const
    {
        if (const PublishedLayer* layer = node.layer.empty() ? nullptr : m_model.find(node.layer); layer != nullptr && is_offered(*layer) && !layer->extent.empty())
            boxes.try_emplace(layer->crs, table::Box::none()).first->second.grow(layer->extent);
        for (const TreeNode& child : node.children)
            add_boxes(child, boxes);
    }

    static void write_state(pugi::xml_node layer, const TreeNode& node)
    {
        layer.append_attribute("visible") = node.visible ? "1" : "0";
        layer.append_attribute("visibilityChecked") = node.checked ? "1" : "0";
        layer.append_attribute("expanded") = node.expanded ? "1" : "0";
    }

    /// What web clients of QGIS's own want to know beyond the standard.
    void write_settings(pugi::xml_node layer, const PublishedLayer& published, const TreeNode& node) const
    {
        append_text(layer, "TreeName", node.shown_name);
        if (!published.key_fields.empty()) {
            pugi::xml_node key = layer.append_child("PrimaryKey");
            for (const std::string& name : published.key_fields)
                if (const project::PublishedField* field = seen_field(published, name))
                    append_text(key, "PrimaryKeyAttribute", field->name);
        }
        if (published.type != project::LayerType::vector)
            return;
        pugi::xml_node attributes = layer.append_child("Attributes");
        for (const project::PublishedField& field : published.fields) {
            if (!field.in_wms)
                continue;
            pugi::xml_node attribute = attributes.append_child("Attribute");
            attribute.append_attribute("name") = field.name.c_str();
            attribute.append_attribute("type") = qt_type(field.type);
            attribute.append_attribute("typeName") = field.source_type.c_str();
            attribute.append_attribute("precision") = field.precision;
            attribute.append_attribute("length") = field.length;
            attribute.append_attribute("comment") = field.comment.c_str();
            attribute.append_attribute("editType") = (field.editor.empty() ? std::string("TextEdit") : field.editor).c_str();
            if (!field.alias.empty())
                attribute.append_attribute("alias") = field.alias.c_str();
        }
    }

    static const project::PublishedField* seen_field(const PublishedLayer& layer, const std::string& name)
    {
        const auto field = std::ranges::find_if(layer.fields, [&](const project::PublishedField& one) { return one.in_wms && one.name == name; });
        return field == layer.fields.end() ? nullptr : &*field;
    }

    static const char* qt_type(table::Type type)
    {
        switch (type) {
        case table::Type::int64: return "qlonglong";
        case table::Type::float64: return "double";
        case table::Type::boolean: return "bool";
        case table::Type::date: return "QDate";
        case table::Type::datetime: return "QDateTime";
        default: return "QString";
        }
    }

    static const char* geometry_type(const PublishedLayer& layer)
    {
        if (!layer.geometry)
            return "NoGeometry";
        using table::GeometryKind;
        switch (*layer.geometry) {
        case GeometryKind::point: return "Point";
        case GeometryKind::multi_point: return "MultiPoint";
        case GeometryKind::line: return "LineString";
        case GeometryKind::multi_line: return "MultiLineString";
        case GeometryKind::polygon: return "Polygon";
        case GeometryKind::multi_polygon: return "MultiPolygon";
        }
        return "Unknown";
    }

    void write_dimensions(pugi::xml_node layer, const PublishedLayer& published)
    {
        const std::vector<project::Dimension> dimensions = offered_dimensions(published);
        if (dimensions.empty())
            return;
        std::shared_ptr<const store::Snapshot> rows;
        try {
            rows = m_context.project.snapshot(published.name, m_context.run);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled)
                throw;
            m_complete = m_complete && error.kind() == ErrorKind::unsupported;
            return;  // of a layer that is not held, rows cannot be chosen
        }
        m_complete = m_complete && m_context.project.watched(published.name);
        std::vector<DimensionExtent> extents;
        std::vector<project::Dimension> told;
        for (const project::Dimension& dimension : dimensions) {
            DimensionExtent extent = wms::extent_of(*rows, dimension, m_context.run);
            if (extent.values.empty())
                continue;
            extents.push_back(std::move(extent));
            told.push_back(dimension);
            pugi::xml_node node = layer.append_child("Dimension");
            node.append_attribute("name") = dimension.name.c_str();
            node.append_attribute("units") = (extents.back().is_time ? std::string("ISO8601") : dimension.units).c_str();
            if (!dimension.unit_symbol.empty())
                node.append_attribute("unitSymbol") = dimension.unit_symbol.c_str();
            if (m_settings) {
                node.append_attribute("fieldName") = dimension.field.c_str();
                node.append_attribute("endFieldName") = dimension.end_field.c_str();
            }
            if (!m_old)
                write_values(node, extents.back());
        }
        for (std::size_t i = 0; m_old && i < told.size(); ++i) {
            pugi::xml_node node = layer.append_child("Extent");
            node.append_attribute("name") = told[i].name.c_str();
            write_values(node, extents[i]);
        }
    }

    static void write_values(pugi::xml_node node, const DimensionExtent& extent)
    {
        if (!extent.shown.empty())
            node.append_attribute("default") = extent.shown.c_str();
        node.append_attribute("multipleValues") = "1";
        node.append_attribute("nearestValue") = "0";
        if (extent.is_time)
            node.append_attribute("current") = "1";
        node.text().set(extent.values.c_str());
    }

    /// Where the identifier is an address, what it ends in is the code, and the rest whose code it is.
    void write_identifier(pugi::xml_node layer, const PublishedLayer& published) const
    {
        if (published.identifier.empty())
            return;
        std::string space = m_context.project_url + "/", code = published.identifier, name = m_model.id;
        if (const auto slash = code.rfind('/'); code.starts_with("http") && slash != std::string::npos && slash + 1 < code.size()) {
            space = code.substr(0, slash + 1);
            code = code.substr(slash + 1);
            const auto host = space.find("://") + 3;
            name = space.substr(host, space.find('/', host) - host);
        }
        for (char& c : name)  // a token of names
            if (!(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_'))
                c = '_';
        pugi::xml_node authority = layer.append_child("AuthorityURL");
        authority.append_attribute("name") = name.c_str();
        append_online_resource(authority, space);
        append_text(layer, "Identifier", code).append_attribute("authority") = name.c_str();
    }

    void write_layer(pugi::xml_node parent, const PublishedLayer& published, const TreeNode& tree_node)
    {
        pugi::xml_node layer = parent.append_child("Layer");
        if (published.queryable)
            layer.append_attribute("queryable") = "1";
        if (published.opaque)
            layer.append_attribute("opaque") = "1";
        append_text(layer, "Name", published.name);
        if (m_settings) {
            write_state(layer, tree_node);
            layer.append_attribute("opacity") = table::number_text(published.opacity).c_str();
            if (published.type == project::LayerType::vector) {
                layer.append_attribute("geometryType") = geometry_type(published);
                if (published.display_field.empty())  // an expression: what feature information calls the map tip
                    layer.append_attribute("displayField") = "maptip";
                else if (const project::PublishedField* field = seen_field(published, published.display_field))
                    layer.append_attribute("displayField") = (field->alias.empty() ? field->name : field->alias).c_str();
            }
        }
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
        write_dimensions(layer, published);
        if (!published.attribution.empty()) {
            pugi::xml_node attribution = layer.append_child("Attribution");
            append_text(attribution, "Title", published.attribution);
            if (!published.attribution_url.empty())
                append_online_resource(attribution, published.attribution_url);
        }
        write_identifier(layer, published);
        for (const auto& [type, format, url] : published.metadata_urls) {
            pugi::xml_node metadata = layer.append_child("MetadataURL");
            const bool is_fgdc = type.starts_with("FGDC");
            metadata.append_attribute("type") = m_old ? (is_fgdc ? "FGDC" : "TC211") : (type.empty() || type == "TC211" ? std::string("ISO19115:2003") : type).c_str();
            append_text(metadata, "Format", format.empty() ? "text/xml" : format);
            append_online_resource(metadata, url);
        }
        if (!published.data_url.empty()) {
            pugi::xml_node data = layer.append_child("DataURL");
            append_text(data, "Format", published.data_url_format.empty() ? "text/html" : published.data_url_format);
            append_online_resource(data, published.data_url);
        }
        for (const std::string& style : published.styles)
            write_style(layer, published, style);
        write_scales(layer, published);
        if (m_settings)
            write_settings(layer, published, tree_node);
    }

    void write_style(pugi::xml_node layer, const PublishedLayer& published, const std::string& name)
    {
        pugi::xml_node style = layer.append_child("Style");
        append_text(style, "Name", m_model.inspire && name == published.styles.front() ? inspire_style : name);
        append_text(style, "Title", name);
        if (!published.legend_url.empty() && !m_old) {  // the old version demands its size, which is not known
            pugi::xml_node url = style.append_child("LegendURL");
            append_text(url, "Format", published.legend_url_format.empty() ? "image/png" : published.legend_url_format);
            append_online_resource(url, published.legend_url);
            return;
        }
        render::LegendSpec spec;
        spec.project = m_model.id;
        spec.layers.push_back({published.name, name});
        if (!published.definition.empty())
            spec.language = m_language;
        try {
            // The size must be told; the drawer keeps legends, so that this costs once per project.
            const render::Image legend = m_context.project.drawer().draw_legend(spec, m_context.run);
            pugi::xml_node url = style.append_child("LegendURL");
            url.append_attribute("width") = legend.width;
            url.append_attribute("height") = legend.height;
            append_text(url, "Format", "image/png");
            append_online_resource(url, m_url + "SERVICE=WMS&VERSION=" + (m_old ? "1.1.1" : "1.3.0") + "&REQUEST=GetLegendGraphic&LAYER=" +
                                            http::percent_encoded(published.name) + "&STYLE=" + http::percent_encoded(name) + "&FORMAT=image/png&LANGUAGE=" + (m_language == base::Language::de ? "ger" : "eng"));
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled)
                throw;
            m_complete = false;
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

    static std::optional<table::Box> in_crs(const Boxes& boxes, const std::string& to)
    {
        table::Box there = table::Box::none();
        double least = 1;
        for (const auto& [from, box] : boxes)
            try {
                least = crs::info(to).geographic ? 1e-5 : 1.0;
                const table::Box one = crs::transformed(box, from, to);
                if (std::isfinite(one.xmin) && std::isfinite(one.ymin) && std::isfinite(one.xmax) && std::isfinite(one.ymax))
                    there.grow(one);
            } catch (const Error&) {
                continue;  // nothing of it can be shown in that CRS
            }
        if (there.empty())
            return {};
        return with_area(there, least);
    }

    void write_boxes(pugi::xml_node layer, const table::Box& box, const std::string& crs) const
    {
        if (!box.empty())
            write_boxes(layer, Boxes{{crs, box}}, crs);
    }

    /// In every offered CRS and in `own`.
    void write_boxes(pugi::xml_node layer, const Boxes& boxes, const std::string& own) const
    {
        if (auto world = in_crs(boxes, "OGC:CRS84")) {
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
        if (std::find(all.begin(), all.end(), own) == all.end())
            all.push_back(own);
        for (const std::string& code : all) {
            const auto there = in_crs(boxes, code);
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
    bool m_old, m_settings;
    bool m_complete = true;
    base::Language m_language;
    std::string m_url;
    std::vector<std::string> m_offered;
};

}  // namespace

bool append_layers(pugi::xml_node capability, const ows::FaceContext& context, const CapabilitiesDocument& document)
{
    Writer writer(context, document);
    writer.write_root(capability);
    return writer.complete();
}

}  // namespace stadtgdi::wms
