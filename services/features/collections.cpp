// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/picture_box.hpp>
#include <services/ows/selection.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

namespace stadtgdi::features {

namespace {

// Outwards: everything lies within.
double rounded_down(double degrees) { return std::floor(degrees * 1e7) / 1e7; }
double rounded_up(double degrees) { return std::ceil(degrees * 1e7) / 1e7; }

Json extent_of(const project::PublishedLayer& layer)
{
    Json extent = Json::object();
    if (layer.geometry && !layer.crs.empty() && !layer.extent.empty()) {
        const table::Box box = layer.crs == "OGC:CRS84" ? layer.extent : crs::transformed(layer.extent, layer.crs, "OGC:CRS84");
        if (!box.empty() && std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax))
            extent["spatial"] = {{"bbox", {{rounded_down(box.xmin), rounded_down(box.ymin), rounded_up(box.xmax), rounded_up(box.ymax)}}}, {"crs", ows::uri_name("OGC:CRS84")}};
    }
    if (time_field(layer) != nullptr) extent["temporal"] = {{"interval", {{nullptr, nullptr}}}, {"trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}};
    return extent;
}

Json collection_json(const Ask& ask, const project::PublishedLayer& layer)
{
    const std::string url = ask.root + collection_path(layer);
    Json json{{"id", layer.name_of_features()}, {"title", title_of(layer)}};
    if (!layer.abstract.empty()) json["description"] = layer.abstract;
    if (!layer.keywords.empty()) json["keywords"] = layer.keywords;
    if (!layer.attribution.empty()) json["attribution"] = layer.attribution;
    if (Json extent = extent_of(layer); !extent.empty()) json["extent"] = std::move(extent);
    json["itemType"] = "feature";
    json["crs"] = crs_uris(ask, layer);
    if (layer.geometry && !layer.crs.empty()) json["storageCrs"] = ows::uri_name(layer.crs);
    Json links = Json::array();
    links.push_back(link("self", "application/json", url + "?f=json", title_of(layer)));
    links.push_back(link("alternate", "text/html", url + "?f=html", title_of(layer)));
    for (const Format& format : item_encodings(layer))
        links.push_back(link("items", format.type, url + "/items?f=" + std::string(format.name), ask.say({"Features as ", "Objekte als "}) + std::string(format.title)));
    for (const auto& [rel, resource, title] : {std::tuple{queryables_rel, "/queryables", base::Text{"Queryable properties", "Abfragbare Eigenschaften"}},
                                               {std::string_view("http://www.opengis.net/def/rel/ogc/1.0/sortables"), "/sortables", {"Properties to sort by", "Sortierbare Eigenschaften"}},
                                               {std::string_view("http://www.opengis.net/def/rel/ogc/1.0/schema"), "/schema", {"Schema of the features", "Schema der Objekte"}}})
        for (const auto& [type, format] : {std::pair{"application/schema+json", "json"}, {"text/html", "html"}}) links.push_back(link(rel, type, url + resource + "?f=" + format, ask.say(title)));
    for (Json& one : tile_links(ask, collection_path(layer), layer.geometry.has_value(), layer.in_wms && layer.drawable)) links.push_back(std::move(one));
    for (const auto& [type, format, address] : layer.metadata_urls) links.push_back(link("describedby", format.empty() ? "text/xml" : format, address, ask.say({"Metadata", "Metadaten"})));
    json["links"] = std::move(links);
    return json;
}

std::string row(std::string_view name, const std::string& html) { return "<dt>" + html_escaped(name) + "</dt><dd>" + html + "</dd>\n"; }

/// "<wbr>" after each underscore: a name breaks there and not within a word.
std::string breakable(const std::string& name)
{
    std::string html;
    for (const char c : html_escaped(name)) {
        html += c;
        if (c == '_') html += "<wbr>";
    }
    return html;
}

std::string_view type_label(const Ask& ask, table::Type type)
{
    static const base::Text labels[] = {{"yes/no", "ja/nein"}, {"whole number", "ganze Zahl"}, {"number", "Zahl"}, {"text", "Text"}, {"date", "Datum"}, {"date and time", "Datum und Uhrzeit"}};
    return ask.say(labels[static_cast<std::size_t>(type)]);
}

struct PropertyRow {
    std::string label, name;
    std::string_view type;
};

std::string property_table(const Ask& ask, const std::vector<PropertyRow>& rows)
{
    std::string html = "<div class=\"card\"><table class=\"names\"><thead><tr><th scope=\"col\">" + ask.say({"Label", "Bezeichnung"}) + "</th><th scope=\"col\">" + ask.say({"Name", "Name"}) +
                       "</th><th scope=\"col\">" + ask.say({"Type", "Typ"}) + "</th></tr></thead><tbody>\n";
    for (const PropertyRow& row : rows)
        html += "<tr><th scope=\"row\">" + html_escaped(row.label) + "</th><td>" + breakable(row.name) + "</td><td>" + std::string(row.type) + "</td></tr>\n";
    return html + "</tbody></table></div>\n";
}

std::string_view format_of(table::GeometryKind kind)
{
    switch (kind) {
    case table::GeometryKind::point: return "geometry-point";
    case table::GeometryKind::line: return "geometry-linestring";
    case table::GeometryKind::polygon: return "geometry-polygon";
    case table::GeometryKind::multi_point: return "geometry-multipoint";
    case table::GeometryKind::multi_line: return "geometry-multilinestring";
    case table::GeometryKind::multi_polygon: return "geometry-multipolygon";
    }
    return "geometry-any";
}

/// A JSON schema of some of the properties, or a page that lists them.
http::Response schema_answer(const Ask& ask, const project::PublishedLayer& layer, const std::string& resource, const base::Text& title, const std::function<bool(const project::PublishedField&)>& takes, bool with_geometry, Json more)
{
    expect_parameters(ask, {});
    const std::string geometry = with_geometry ? geometry_name(layer) : std::string();
    if (ask.html) {
        const auto& model = ask.context.model;
        Page page{ask.say(title), {{ask.page_url(""), model.title.empty() ? model.id : model.title}, {ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"})}, {ask.page_url(collection_path(layer)), title_of(layer)}}, ""};
        std::vector<PropertyRow> rows;
        for (const auto field : shown_fields(layer))
            if (takes(*field)) rows.push_back({label_of(*field), field->name, type_label(ask, field->type)});
        if (!geometry.empty()) rows.push_back({ask.say({"Geometry", "Geometrie"}), geometry, ask.say({"geometry", "Geometrie"})});
        page.content = property_table(ask, rows);
        return html_response(ask, page);
    }
    Json json{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", ask.root + collection_path(layer) + resource}, {"type", "object"}, {"title", title_of(layer)}};
    json["properties"] = property_schemas(ask, layer);
    for (const auto field : shown_fields(layer))
        if (!takes(*field)) json["properties"].erase(field->name);
    if (!geometry.empty()) json["properties"][geometry] = {{"title", ask.say({"Geometry", "Geometrie"})}, {"format", format_of(ows::written_kind(ask.context, layer))}, {"x-ogc-role", "primary-geometry"}};
    json.update(more);
    return json_response(json, "application/schema+json");
}

}  // namespace

Problem nothing_here() { return {404, {"There is nothing here.", "Hier ist nichts."}}; }

const project::PublishedLayer& collection_named(const project::ProjectModel& model, const std::string& name)
{
    for (const project::PublishedLayer* layer : collection_layers(model))
        if (layer->name_of_features() == name) return *layer;
    throw Problem(404, base::filled({"There is no collection '{0}'.", "Eine Datensammlung '{0}' gibt es nicht."}, name));
}

std::vector<const project::PublishedLayer*> collection_layers(const project::ProjectModel& model)
{
    std::vector<const project::PublishedLayer*> layers;
    for (const project::PublishedLayer& layer : model.layers)
        if (layer.in_wfs && layer.type == project::LayerType::vector) layers.push_back(&layer);
    return layers;
}

const std::string& title_of(const project::PublishedLayer& layer) { return layer.title.empty() ? layer.name_of_features() : layer.title; }

std::string label_of(const project::PublishedField& field) { return field.alias.empty() ? field.name : field.alias; }

std::string collection_card(const Ask& ask, const project::PublishedLayer& layer)
{
    return "<li>" + anchor(ask.page_url(collection_path(layer)), title_of(layer)) + (layer.abstract.empty() ? "" : "<p>" + html_escaped(layer.abstract) + "</p>") + "</li>\n";
}

std::string collection_path(const project::PublishedLayer& layer) { return "/collections/" + http::percent_encoded(layer.name_of_features()); }

std::vector<const project::PublishedField*> shown_fields(const project::PublishedLayer& layer)
{
    std::vector<const project::PublishedField*> fields;
    for (const project::PublishedField& field : layer.fields)
        if (field.in_wfs) fields.push_back(&field);
    return fields;
}

const project::PublishedField* time_field(const project::PublishedLayer& layer)
{
    for (const project::PublishedField* field : shown_fields(layer))
        if (field->type == table::Type::date || field->type == table::Type::datetime) return field;
    return nullptr;
}

std::vector<std::string> crs_uris(const Ask& ask, const project::PublishedLayer& layer)
{
    std::vector<std::string> uris{ows::uri_name("OGC:CRS84")};
    auto codes = ows::offered_crs(ask.context.model);
    if (!layer.crs.empty()) codes.push_back(layer.crs);
    for (const std::string& code : codes)
        if (std::string uri = ows::uri_name(code); std::find(uris.begin(), uris.end(), uri) == uris.end()) uris.push_back(std::move(uri));
    return uris;
}

Json property_schemas(const Ask&, const project::PublishedLayer& layer)
{
    Json properties = Json::object();
    for (const project::PublishedField* field : shown_fields(layer)) {
        Json schema = Json::object();
        if (!field->alias.empty()) schema["title"] = field->alias;
        switch (field->type) {
        case table::Type::boolean: schema["type"] = "boolean"; break;
        case table::Type::int64: schema["type"] = "integer"; break;
        case table::Type::float64: schema["type"] = "number"; break;
        case table::Type::text: schema["type"] = "string"; break;
        case table::Type::date:
            schema["type"] = "string";
            schema["format"] = "date";
            break;
        case table::Type::datetime:
            schema["type"] = "string";
            schema["format"] = "date-time";
            break;
        }
        if (!field->codes.empty() && field->type == table::Type::text) {
            Json one_of = Json::array();
            for (const auto& [value, label] : field->codes) one_of.push_back({{"const", value}, {"title", label}});
            schema["oneOf"] = std::move(one_of);
        }
        properties[field->name] = std::move(schema);
    }
    return properties;
}

http::Response collections(const Ask& ask)
{
    expect_parameters(ask, {});
    const auto layers = collection_layers(ask.context.model);
    if (ask.html) {
        Page page{ask.say({"Collections", "Datensammlungen"}), {{ask.page_url(""), ask.context.model.title.empty() ? ask.context.model.id : ask.context.model.title}}, "<ul class=\"cards\">\n"};
        for (const auto layer : layers) page.content += collection_card(ask, *layer);
        page.content += "</ul>\n";
        return html_response(ask, page);
    }
    Json json{{"links", Json::array()}};
    add_self_links(json["links"], ask);
    json["crs"] = Json::array();
    for (const std::string& code : ows::offered_crs(ask.context.model)) json["crs"].push_back(ows::uri_name(code));
    json["collections"] = Json::array();
    for (const auto layer : layers) json["collections"].push_back(collection_json(ask, *layer));
    return json_response(json);
}

http::Response collection(const Ask& ask, const project::PublishedLayer& layer)
{
    expect_parameters(ask, {});
    if (!ask.html) return json_response(collection_json(ask, layer));
    const auto& model = ask.context.model;
    Page page{title_of(layer), {{ask.page_url(""), model.title.empty() ? model.id : model.title}, {ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"})}}, ""};
    if (!layer.abstract.empty()) page.content += "<p class=\"lead\">" + html_escaped(layer.abstract) + "</p>\n";
    page.content += "<p class=\"paging\">" + anchor(ask.page_url(collection_path(layer) + "/items"), ask.say({"Show the features", "Objekte ansehen"})) + "</p>\n<div class=\"split\"><div>\n<h2>" +
                    ask.say({"Properties", "Eigenschaften"}) + "</h2>\n";
    std::vector<PropertyRow> rows;
    for (const auto field : shown_fields(layer)) rows.push_back({label_of(*field), field->name, type_label(ask, field->type)});
    page.content += property_table(ask, rows) + "<h2>" + ask.say({"About", "Angaben"}) + "</h2>\n<dl>\n" + row(ask.say({"Id", "Kennung"}), html_escaped(layer.name_of_features()));
    std::string files;
    for (const Format& format : item_encodings(layer))
        if (format.name != "html") files += (files.empty() ? "" : ", ") + anchor(ask.page_url(collection_path(layer) + "/items?f=" + std::string(format.name)), format.title);
    page.content += row(ask.say({"Features as", "Objekte als"}), files);
    if (!layer.crs.empty()) page.content += row(ask.say({"Stored in", "Gespeichert in"}), html_escaped(layer.crs + " · " + crs::info(layer.crs).name));
    if (!layer.attribution.empty())
        page.content += row(ask.say({"Source", "Quelle"}), layer.attribution_url.rfind("http", 0) == 0 ? anchor(layer.attribution_url, layer.attribution) : html_escaped(layer.attribution));
    std::string words;
    for (const std::string& word : layer.keywords) words += (words.empty() ? "" : ", ") + word;
    if (!words.empty()) page.content += row(ask.say({"Keywords", "Schlagwörter"}), html_escaped(words));
    page.content += "</dl>\n</div>\n" + (layer.drawable && layer.geometry ? map_image(ask, layer, ows::places_of(ask.context, layer)) : "") + "</div>\n";
    return html_response(ask, page);
}

std::string geometry_name(const project::PublishedLayer& layer)
{
    if (!layer.geometry) return {};
    const auto fields = shown_fields(layer);
    for (const std::string& name : {layer.geometry_name, std::string("geometry")})
        if (!name.empty() && !is_reserved(name) && std::ranges::none_of(fields, [&](const project::PublishedField* field) { return field->name == name; })) return name;
    return {};
}

http::Response queryables(const Ask& ask, const project::PublishedLayer& layer)
{
    return schema_answer(ask, layer, "/queryables", {"Queryable properties", "Abfragbare Eigenschaften"}, [](const project::PublishedField& field) { return !is_reserved(field.name); }, true, {{"additionalProperties", false}});
}

http::Response sortables(const Ask& ask, const project::PublishedLayer& layer)
{
    return schema_answer(ask, layer, "/sortables", {"Properties to sort by", "Sortierbare Eigenschaften"}, [](const project::PublishedField&) { return true; }, false, {{"additionalProperties", false}});
}

http::Response schema(const Ask& ask, const project::PublishedLayer& layer)
{
    return schema_answer(ask, layer, "/schema", {"Schema of the features", "Schema der Objekte"}, [](const project::PublishedField&) { return true; }, true, Json::object());
}

}  // namespace stadtgdi::features
