// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/picture_box.hpp>
#include <services/ows/reader_text.hpp>
#include <services/tiles/resources.hpp>

#include <algorithm>
#include <cmath>

namespace stadtgdi::tiles {

using features::anchor;
using features::html_escaped;
using features::link;
using features::Page;
using features::Problem;
using project::PublishedLayer;

namespace {

constexpr const char* web_mercator = "WebMercatorQuad";
constexpr const char* tiling_scheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

std::string template_url(const Ask& ask, const TiledData& data, const TileMatrixSet& set, std::string_view format, std::string_view place = "{tileMatrix}/{tileRow}/{tileCol}")
{
    return ask.root + data.url("/" + set.id + "/" + std::string(place), "f=" + std::string(format));
}

base::Text kind_of(const TiledData& data)
{
    return data.map ? base::Text{"map tiles", "Kartenkacheln"} : base::Text{"vector tiles", "Vektorkacheln"};
}

Json summary(const Ask& ask, const TiledData& data, const TileMatrixSet& set)
{
    const auto url = [&](const char* format) { return ask.root + data.url("/" + set.id, std::string("f=") + format); };
    Json json{{"title", data.title + ", " + set.id}, {"dataType", data.map ? "map" : "vector"}, {"crs", ows::uri_name(set.crs)}};
    if (!set.uri.empty())
        json["tileMatrixSetURI"] = set.uri;
    Json links = Json::array();
    links.push_back(link("self", "application/json", url("json"), ask.say({"This set of tiles", "Dieser Kachelsatz"})));
    links.push_back(link("alternate", "text/html", url("html"), ask.say({"This set of tiles as HTML", "Dieser Kachelsatz als HTML"})));
    links.push_back(link(tiling_scheme, "application/json", ask.root + "/tileMatrixSets/" + set.id + "?f=json", ask.say(set.title)));
    json["links"] = std::move(links);
    return json;
}

int dimension_of(const PublishedLayer& layer)
{
    const table::GeometryKind kind = table::single_of(*layer.geometry);
    return kind == table::GeometryKind::point ? 0 : kind == table::GeometryKind::line ? 1 : 2;
}

Json layers_json(const Ask& ask, const TiledData& data)
{
    Json layers = Json::array();
    for (const PublishedLayer* layer : data.layers) {
        Json one{{"id", layer->name_of_features()}, {"title", features::title_of(*layer)}, {"dataType", data.map ? "map" : "vector"}};
        if (!layer->abstract.empty())
            one["description"] = layer->abstract;
        if (!data.map) {
            one["geometryDimension"] = dimension_of(*layer);
            one["propertiesSchema"] = {{"type", "object"}, {"properties", features::property_schemas(ask, *layer)}};
        }
        layers.push_back(std::move(one));
    }
    return layers;
}

std::string credit_of(const TiledData& data)
{
    std::string credit;
    for (const PublishedLayer* layer : data.layers)
        if (const std::string also = ows::credit_text(layer->attribution); !also.empty() && credit.find(also) == std::string::npos)
            credit += (credit.empty() ? "" : " · ") + also;
    return credit;
}

Json limits_json(const TileMatrixSet& set, const table::Box& extent)
{
    Json all = Json::array();
    for (std::size_t level = 0; level < set.matrices.size(); ++level)
        if (const auto limits = limits_of(set, level, extent, limits_margin_pixels))
            all.push_back({{"tileMatrix", set.matrices[level].id}, {"minTileRow", limits->first_row}, {"maxTileRow", limits->last_row},
                           {"minTileCol", limits->first_column}, {"maxTileCol", limits->last_column}});
    return all;
}

Json tileset_json(const Ask& ask, const TiledData& data, const TileMatrixSet& set)
{
    Json json = summary(ask, data, set);
    if (const std::string credit = credit_of(data); !credit.empty())
        json["attribution"] = credit;
    if (const table::Box extent = extent_in(data.layers, set.crs); !extent.empty()) {
        json["tileMatrixSetLimits"] = limits_json(set, extent);
        const bool swapped = crs::info(set.crs).northing_first;
        const auto corner = [&](double x, double y) { return swapped ? Json{y, x} : Json{x, y}; };
        json["boundingBox"] = {{"lowerLeft", corner(extent.xmin, extent.ymin)}, {"upperRight", corner(extent.xmax, extent.ymax)}, {"crs", ows::uri_name(set.crs)}};
    }
    json["layers"] = layers_json(ask, data);
    Json& links = json["links"];
    if (set.id == web_mercator)
        links.push_back(link("describedby", "application/json", ask.root + data.url("/" + set.id, "f=tilejson"), "TileJSON"));
    for (const Format& format : tile_formats(data.map)) {
        Json item = link("item", format.type, template_url(ask, data, set, format.name), ask.say(kind_of(data)) + ", " + std::string(format.name));
        item["templated"] = true;
        links.push_back(std::move(item));
    }
    return json;
}

std::string_view tilejson_type(table::Type type)
{
    switch (type) {
    case table::Type::boolean: return "Boolean";
    case table::Type::int64:
    case table::Type::float64: return "Number";
    default: return "String";
    }
}

Json tilejson(const Ask& ask, const TiledData& data, const TileMatrixSet& set)
{
    const int deepest = static_cast<int>(set.matrices.size()) - 1;
    Json json{{"tilejson", "3.0.0"}, {"name", data.title}, {"version", "1.0.0"}, {"scheme", "xyz"}};
    if (const std::string credit = credit_of(data); !credit.empty())
        json["attribution"] = html_escaped(credit);
    json["tiles"] = Json::array({template_url(ask, data, set, tile_formats(data.map).front().name, "{z}/{y}/{x}")});
    json["minzoom"] = 0;
    json["maxzoom"] = deepest;
    if (const table::Box world = extent_in(data.layers, "OGC:CRS84"); !world.empty())
        json["bounds"] = {std::max(-180.0, world.xmin), std::max(-90.0, world.ymin), std::min(180.0, world.xmax), std::min(90.0, world.ymax)};
    if (data.map)
        return json;
    json["vector_layers"] = Json::array();
    for (const PublishedLayer* layer : data.layers) {
        Json fields = Json::object();
        for (const project::PublishedField* field : features::shown_fields(*layer))
            fields[field->name] = tilejson_type(field->type);
        json["vector_layers"].push_back({{"id", layer->name_of_features()}, {"description", features::title_of(*layer)}, {"minzoom", 0}, {"maxzoom", deepest}, {"fields", std::move(fields)}});
    }
    return json;
}

std::vector<std::pair<std::string, std::string>> way_to(const Ask& ask, const TiledData& data)
{
    const auto& model = ask.context.model;
    std::vector<std::pair<std::string, std::string>> way{{ask.page_url(""), model.title.empty() ? model.id : model.title}};
    if (data.collection != nullptr) {
        way.emplace_back(ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"}));
        way.emplace_back(ask.page_url(features::collection_path(*data.collection)), data.title);
    }
    return way;
}

std::string page_title(const Ask& ask, const TiledData& data)
{
    return data.title + ": " + ask.say(kind_of(data));
}

http::Response tileset_page(const Ask& ask, const TiledData& data, const TileMatrixSet& set)
{
    Page page{set.id, way_to(ask, data), ""};
    page.way.emplace_back(ask.page_url(data.url("", "")), page_title(ask, data));
    page.content = "<p class=\"lead\">" + html_escaped(page_title(ask, data)) + "</p>\n<h2>" + ask.say({"For programs", "Für Programme"}) + "</h2>\n<dl>\n";
    for (const Format& format : tile_formats(data.map))
        page.content += "<dt>" + html_escaped(format.type) + "</dt><dd>" + html_escaped(template_url(ask, data, set, format.name)) + "</dd>\n";
    if (set.id == web_mercator)
        page.content += "<dt>TileJSON</dt><dd>" + anchor(ask.root + data.url("/" + set.id, "f=tilejson"), ask.root + data.url("/" + set.id, "")) + "</dd>\n";
    page.content += "<dt>" + ask.say({"Tile matrix set", "Kachelschema"}) + "</dt><dd>" + anchor(ask.page_url("/tileMatrixSets/" + set.id), ask.say(set.title)) + "</dd>\n</dl>\n<h2>" + ask.say({"Layers", "Ebenen"}) + "</h2>\n<ul>\n";
    for (const PublishedLayer* layer : data.layers)
        page.content += "<li>" + html_escaped(features::title_of(*layer)) + "</li>\n";
    page.content += "</ul>\n";
    return features::html_response(ask, page);
}

}  // namespace

http::Response tilesets(const Ask& asked, const TiledData& data)
{
    Ask ask = asked;
    ask.html = features::wants_html(ask.context.request);
    features::expect_parameters(ask, data.parameters());
    if (ask.html) {
        Page page{page_title(ask, data), way_to(ask, data), "<ul class=\"cards\">\n"};
        for (const TileMatrixSet& set : tile_matrix_sets())
            page.content += "<li>" + anchor(ask.page_url(data.url("/" + set.id, "")), set.id) + "<p>" + html_escaped(ask.say(set.title) + " · " + set.crs) + "</p></li>\n";
        page.content += "</ul>\n";
        return features::html_response(ask, page);
    }
    Json json{{"links", Json::array()}, {"tilesets", Json::array()}};
    features::add_self_links(json["links"], ask);
    for (const TileMatrixSet& set : tile_matrix_sets())
        json["tilesets"].push_back(summary(ask, data, set));
    http::Response response = features::json_response(json);
    response.set_header("Vary", "Accept, Accept-Language");
    return response;
}

http::Response tileset(const Ask& asked, const TiledData& data, const TileMatrixSet& set)
{
    Ask ask = asked;
    features::expect_parameters(ask, data.parameters());
    if (ask.parameter("f") == "tilejson") {
        if (set.id != web_mercator)
            throw Problem(400, base::filled({"TileJSON knows {0} alone.", "TileJSON kennt nur {0}."}, std::string(web_mercator)));
        http::Response response = features::json_response(tilejson(ask, data, set));
        response.set_header("Vary", "Accept-Language");
        return response;
    }
    ask.html = features::wants_html(ask.context.request);
    if (ask.html)
        return tileset_page(ask, data, set);
    http::Response response = features::json_response(tileset_json(ask, data, set));
    response.set_header("Vary", "Accept, Accept-Language");
    return response;
}

}  // namespace stadtgdi::tiles
