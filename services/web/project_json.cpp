// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <nlohmann/json.hpp>
#include <services/http/message.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/picture_box.hpp>
#include <services/ows/reader_text.hpp>
#include <services/web/project_json.hpp>
#include <cmath>

namespace stadtgdi::web {

namespace {

using Json = nlohmann::ordered_json;

Json box_json(const table::Box& box, const std::string& from, const std::string& to)
{
    if (box.empty() || from.empty()) return nullptr;
    const table::Box there = from == to ? box : crs::transformed(box, from, to);
    if (there.empty() || !std::isfinite(there.xmin + there.ymin + there.xmax + there.ymax)) return nullptr;
    return {there.xmin, there.ymin, there.xmax, there.ymax};
}

Json layer_json(const project::PublishedLayer& layer, const std::string& crs)
{
    Json json{{"type", "layer"}, {"name", layer.name}, {"title", layer.title.empty() ? layer.name : layer.title}};
    if (!layer.abstract.empty()) json["abstract"] = layer.abstract;
    if (!layer.attribution.empty()) json["attribution"] = ows::credit_text(layer.attribution);
    json["visible"] = layer.visible;
    json["queryable"] = layer.queryable;
    json["minScale"] = layer.min_scale;
    json["maxScale"] = layer.max_scale;
    if (Json extent = box_json(layer.extent, layer.crs, crs); !extent.is_null()) json["extent"] = std::move(extent);
    if (!layer.in_wfs || layer.type != project::LayerType::vector) return json;
    json["collection"] = layer.name_of_features();
    Json labels = Json::object(), units = Json::object(), codes = Json::object(), folded = Json::array();
    for (const project::PublishedField& field : layer.fields) {
        if (!field.in_wfs) continue;
        if (field.name == layer.display_field) json["displayField"] = field.name;
        const ows::FieldLabel shown = ows::label_of(field);
        if (shown.text != field.name) labels[field.name] = shown.text;
        if (!shown.unit.empty()) units[field.name] = shown.unit;
        if (ows::role_of(layer, field) != ows::FieldRole::fact) folded.push_back(field.name);
        for (const auto& [value, label] : field.codes) codes[field.name][value] = label;
    }
    if (!labels.empty()) json["labels"] = std::move(labels);
    if (!units.empty()) json["units"] = std::move(units);
    if (!folded.empty()) json["folded"] = std::move(folded);
    if (!codes.empty()) json["codes"] = std::move(codes);
    return json;
}

/// Layers that are drawn, with the groups that hold any.
Json tree_json(const project::ProjectModel& model, const project::TreeNode& node, const std::string& crs)
{
    Json children = Json::array();
    for (const project::TreeNode& child : node.children) {
        if (!child.layer.empty()) {
            const project::PublishedLayer* layer = model.find(child.layer);
            if (layer != nullptr && layer->drawable) children.push_back(layer_json(*layer, crs));
            continue;
        }
        Json inner = tree_json(model, child, crs);
        if (inner.empty()) continue;
        children.push_back({{"type", "group"}, {"title", child.title.empty() ? child.name : child.title}, {"exclusive", child.mutually_exclusive}, {"children", std::move(inner)}});
    }
    return children;
}

}  // namespace

std::string view_crs(const project::ProjectModel& model)
{
    for (const char* known : {"EPSG:25833", "EPSG:25832", "EPSG:3857"})
        if (model.crs == known) return known;
    return "EPSG:3857";
}

std::string extent_json(const ows::FaceContext& context, const project::PublishedLayer& layer)
{
    const std::vector<table::Box> places = ows::places_of(context, layer);
    const std::string crs = view_crs(context.model);
    const Json json{{"extent", box_json(ows::usual_extent(places), layer.crs, crs)}, {"dense", box_json(ows::picture_of(layer, places).box, layer.crs, crs)}};
    return json.dump() + "\n";
}

std::string project_json(const project::ProjectModel& model, const access::Visitor& visitor)
{
    const std::string crs = view_crs(model);
    Json extent = box_json(model.extent, model.crs, crs);
    if (extent.is_null()) extent = {0, 0, 1, 1};
    Json json{{"id", model.id}, {"title", model.title.empty() ? model.id : model.title}, {"abstract", model.abstract}, {"crs", crs}, {"crsName", crs::info(crs).name},
                    {"crsUri", ows::uri_name(crs)}, {"extent", std::move(extent)}, {"tree", tree_json(model, model.tree, crs)}, {"ows", "ows"}, {"ogcapi", "ogcapi"}};
    if (visitor.known)
        json["visitor"] = visitor.name;
    else if (visitor.can_log_in)
        json["login"] = "login";
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stadtgdi::web
