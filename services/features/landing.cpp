// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <algorithm>

namespace stadtgdi::features {

namespace {

const std::vector<std::string>& classes()
{
    static const std::vector<std::string> list{
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
        "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
        "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
        "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
        "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
        "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/jpeg",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    };
    return list;
}

const std::string& name_of(const project::ProjectModel& model) { return model.title.empty() ? model.id : model.title; }

}  // namespace

bool has_vector_tiles(const project::ProjectModel& model)
{
    const auto layers = collection_layers(model);
    return std::any_of(layers.begin(), layers.end(), [](const project::PublishedLayer* layer) { return layer->geometry.has_value(); });
}

bool has_map_tiles(const project::ProjectModel& model)
{
    return std::any_of(model.layers.begin(), model.layers.end(), [](const project::PublishedLayer& layer) { return layer.in_wms && layer.drawable; });
}

std::vector<Json> tile_links(const Ask& ask, const std::string& path, bool data, bool map)
{
    std::vector<Json> links;
    if (data) links.push_back(link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "application/json", ask.root + path + "/tiles?f=json", ask.say({"Vector tiles", "Vektorkacheln"})));
    if (map) links.push_back(link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-map", "application/json", ask.root + path + "/map/tiles?f=json", ask.say({"Map tiles", "Kartenkacheln"})));
    return links;
}

http::Response landing_page(const Ask& ask)
{
    expect_parameters(ask, {});
    const project::ProjectModel& model = ask.context.model;
    if (ask.html) {
        Page page{name_of(model), {}, ""};
        if (!model.abstract.empty()) page.content += "<p class=\"lead\">" + html_escaped(model.abstract) + "</p>\n";
        page.content += "<p class=\"paging\">" + anchor(ask.with_language(ask.context.project_url + "/map"), ask.say({"Open the map", "Karte öffnen"})) + "</p>\n<h2>" + ask.say({"Collections", "Datensammlungen"}) + "</h2>\n<ul class=\"cards\">\n";
        for (const project::PublishedLayer* layer : collection_layers(model)) page.content += collection_card(ask, *layer);
        page.content += "</ul>\n<h2>" + ask.say({"For programs", "Für Programme"}) + "</h2>\n<dl>\n<dt>OGC API Features</dt><dd>" + anchor(ask.root + "/collections?f=json", ask.root + "/collections") + "</dd>\n<dt>OGC API Tiles</dt><dd>" + anchor(ask.page_url("/tiles"), ask.say({"Vector tiles", "Vektorkacheln"})) + ", " + anchor(ask.page_url("/map/tiles"), ask.say({"Map tiles", "Kartenkacheln"})) +
                        "</dd>\n<dt>WMS 1.3.0, WFS 2.0.0, WMTS 1.0.0</dt><dd>" + html_escaped(ask.context.project_url + "/ows") + "</dd>\n<dt>" + ask.say({"Conformance", "Konformität"}) + "</dt><dd>" + anchor(ask.page_url("/conformance"), ask.root + "/conformance") + "</dd>\n</dl>\n";
        return html_response(ask, page);
    }
    Json json{{"title", name_of(model)}};
    if (!model.abstract.empty()) json["description"] = model.abstract;
    Json links = Json::array();
    add_self_links(links, ask);
    links.push_back(link("service-desc", "application/vnd.oai.openapi+json;version=3.0", ask.root + "/api?f=json", ask.say({"Interface description", "Schnittstellenbeschreibung"})));
    links.push_back(link("service-doc", "text/html", ask.root + "/api?f=html", ask.say({"Interface description as HTML", "Schnittstellenbeschreibung als HTML"})));
    links.push_back(link("conformance", "application/json", ask.root + "/conformance?f=json", ask.say({"Conformance classes", "Konformitätsklassen"})));
    links.push_back(link("http://www.opengis.net/def/rel/ogc/1.0/conformance", "application/json", ask.root + "/conformance?f=json", ask.say({"Conformance classes", "Konformitätsklassen"})));
    links.push_back(link("data", "application/json", ask.root + "/collections?f=json", ask.say({"Collections", "Datensammlungen"})));
    links.push_back(link("data", "text/html", ask.root + "/collections?f=html", ask.say({"Collections as HTML", "Datensammlungen als HTML"})));
    for (Json& one : tile_links(ask, "", has_vector_tiles(model), has_map_tiles(model))) links.push_back(std::move(one));
    links.push_back(link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "application/json", ask.root + "/tileMatrixSets?f=json", ask.say({"Tile matrix sets", "Kachelschemata"})));
    json["links"] = std::move(links);
    return json_response(json);
}

http::Response conformance(const Ask& ask)
{
    expect_parameters(ask, {});
    if (!ask.html) return json_response(Json{{"conformsTo", classes()}});
    Page page{ask.say({"Conformance", "Konformität"}), {{ask.page_url(""), name_of(ask.context.model)}}, "<p class=\"lead\">" + ask.say({"Parts of the standards that this interface follows.", "Teile der Standards, denen diese Schnittstelle folgt."}) + "</p>\n<ul>\n"};
    for (const std::string& name : classes()) page.content += "<li>" + html_escaped(name) + "</li>\n";
    page.content += "</ul>\n";
    return html_response(ask, page);
}

}  // namespace stadtgdi::features
