// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <tuple>

namespace stadtgdi::features {

namespace {

Json ref(std::string_view kind, std::string_view name) { return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}}; }

Json answer(const std::string& description, const std::vector<std::string_view>& types)
{
    Json content = Json::object();
    for (const std::string_view type : types) {
        Json schema{{"type", type.find("json") == std::string_view::npos ? "string" : "object"}};
        if (schema["type"] == "string" && !type.starts_with("text/")) schema["format"] = "binary";
        content[std::string(type)] = {{"schema", std::move(schema)}};
    }
    return {{"description", description}, {"content", std::move(content)}};
}

/// `format`: which of the parameters called f.
Json get(const std::string& id, const std::string& summary, Json parameters, Json success, std::string_view format = "f")
{
    parameters.push_back(ref("parameters", format));
    parameters.push_back(ref("parameters", "lang"));
    return {{"get", {{"operationId", id}, {"summary", summary}, {"parameters", std::move(parameters)},
                     {"responses", {{"200", std::move(success)}, {"400", ref("responses", "Problem")}, {"404", ref("responses", "Problem")}, {"406", ref("responses", "Problem")}, {"500", ref("responses", "Problem")}}}}}};
}

Json numbers(std::string_view name, const std::string& description, Json schema)
{
    return {{"name", name}, {"in", "query"}, {"description", description}, {"required", false}, {"schema", std::move(schema)}, {"style", "form"}, {"explode", false}};
}

Json components(const Ask& ask)
{
    const ows::ServiceLimits& limits = ask.context.limits;
    Json parameters = Json::object();
    parameters["f"] = numbers("f", ask.say({"Format of the answer", "Format der Antwort"}), {{"type", "string"}, {"enum", {"json", "html"}}});
    parameters["f-items"] = numbers("f", ask.say({"Format of the answer", "Format der Antwort"}), {{"type", "string"}, {"enum", {"json", "html", "csv", "flatgeobuf"}}});
    parameters["f-rows"] = numbers("f", ask.say({"Format of the answer", "Format der Antwort"}), {{"type", "string"}, {"enum", {"json", "html", "csv"}}});
    parameters["lang"] = numbers("lang", ask.say({"Language of texts", "Sprache der Texte"}), {{"type", "string"}, {"enum", {"de", "en"}}});
    parameters["limit"] = numbers("limit", ask.say({"Most features in the answer", "Höchstzahl der Objekte in der Antwort"}), {{"type", "integer"}, {"minimum", 1}, {"maximum", limits.max_items}, {"default", limits.default_items}});
    parameters["offset"] = numbers("offset", ask.say({"Features to pass over", "Zu überspringende Objekte"}), {{"type", "integer"}, {"minimum", 0}, {"default", 0}});
    parameters["bbox"] = numbers("bbox", ask.say({"Only features that share a point with this box", "Nur Objekte, die diesen Ausschnitt berühren"}),
                                 {{"type", "array"}, {"oneOf", {{{"minItems", 4}, {"maxItems", 4}}, {{"minItems", 6}, {"maxItems", 6}}}}, {"items", {{"type", "number"}}}});
    parameters["bbox-crs"] = numbers("bbox-crs", ask.say({"CRS of the box; CRS84 where it is missing", "Bezugssystem des Ausschnitts; ohne Angabe CRS84"}), {{"type", "string"}, {"format", "uri"}});
    parameters["crs"] = numbers("crs", ask.say({"CRS of the coordinates; CRS84 where it is missing", "Bezugssystem der Koordinaten; ohne Angabe CRS84"}), {{"type", "string"}, {"format", "uri"}});
    parameters["datetime"] = numbers("datetime", ask.say({"A time or an interval; features without a time match", "Ein Zeitpunkt oder Zeitraum; Objekte ohne Zeit gehören dazu"}), {{"type", "string"}});
    parameters["filter"] = numbers("filter", ask.say({"Only features for which this condition in CQL2 is true", "Nur Objekte, für die diese Bedingung in CQL2 gilt"}), {{"type", "string"}});
    parameters["filter-lang"] = numbers("filter-lang", ask.say({"Form of the filter", "Form des Filters"}), {{"type", "string"}, {"enum", {"cql2-text", "cql2-json"}}, {"default", "cql2-text"}});
    parameters["filter-crs"] = numbers("filter-crs", ask.say({"CRS of geometries in the filter; CRS84 where it is missing", "Bezugssystem der Geometrien im Filter; ohne Angabe CRS84"}), {{"type", "string"}, {"format", "uri"}});
    parameters["sortby"] = numbers("sortby", ask.say({"Properties to sort by, descending after '-'", "Sortierung nach diesen Eigenschaften, absteigend nach '-'"}), {{"type", "array"}, {"items", {{"type", "string"}}}});
    parameters["collections"] = numbers("collections", ask.say({"Only of these collections", "Nur aus diesen Datensammlungen"}), {{"type", "array"}, {"items", {{"type", "string"}}}});
    parameters["featureId"] = {{"name", "featureId"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}};
    for (const char* name : {"tileMatrixSetId", "tileMatrix"}) parameters[name] = {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}};
    for (const char* name : {"tileRow", "tileCol"}) parameters[name] = {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "integer"}, {"minimum", 0}}}};
    parameters["f-map"] = numbers("f", ask.say({"Format of the tile", "Format der Kachel"}), {{"type", "string"}, {"enum", {"png", "jpeg", "webp"}}});
    parameters["f-vector"] = numbers("f", ask.say({"Format of the tile", "Format der Kachel"}), {{"type", "string"}, {"enum", {"mvt"}}});
    Json json = Json::object();
    json["parameters"] = std::move(parameters);
    json["responses"]["Problem"] = answer(ask.say({"What was wrong with the request", "Was an der Anfrage falsch war"}), {"application/problem+json"});
    return json;
}

/// "Vector tiles: Tree sites"; the project's own without its name.
std::string summary(const Ask& ask, const base::Text& what, const std::string& title) { return ask.say(what) + (title.empty() ? "" : ": " + title); }

/// Sets of tiles, one set, its tiles. `path` and `title`: of a collection, or "".
void add_tiles(const Ask& ask, Json& paths, const std::string& path, const std::string& id, const std::string& title, bool map)
{
    const base::Text sets = map ? base::Text{"Sets of map tiles", "Kachelsätze der Karte"} : base::Text{"Sets of vector tiles", "Sätze von Vektorkacheln"};
    const base::Text one_set = map ? base::Text{"One set of map tiles", "Ein Kachelsatz der Karte"} : base::Text{"One set of vector tiles", "Ein Satz von Vektorkacheln"};
    const base::Text one_tile = map ? base::Text{"One map tile", "Eine Kartenkachel"} : base::Text{"One vector tile", "Eine Vektorkachel"};
    const std::string root = path + (map ? "/map/tiles" : "/tiles"), name = (map ? "MapTile" : "VectorTile") + id;
    Json chosen = Json::array();
    if (path.empty()) chosen.push_back(ref("parameters", "collections"));
    Json set = chosen;
    set.push_back(ref("parameters", "tileMatrixSetId"));
    paths[root] = get("get" + name + "sets", summary(ask, sets, title), chosen, answer("OK", {"application/json", "text/html"}));
    paths[root + "/{tileMatrixSetId}"] = get("get" + name + "set", summary(ask, one_set, title), set, answer("OK", {"application/json", "text/html"}));
    Json place = set;
    for (const char* parameter : {"tileMatrix", "tileRow", "tileCol"}) place.push_back(ref("parameters", parameter));
    Json tile = get("get" + name, summary(ask, one_tile, title), Json::array(), map ? answer("OK", {"image/png", "image/jpeg", "image/webp"}) : answer("OK", {"application/vnd.mapbox-vector-tile"}));
    place.push_back(ref("parameters", map ? "f-map" : "f-vector"));
    tile["get"]["parameters"] = std::move(place);
    if (!map) tile["get"]["responses"]["204"] = {{"description", ask.say({"Nothing is there", "Dort ist nichts"})}};
    paths[root + "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"] = std::move(tile);
}

Json document(const Ask& ask)
{
    const project::ProjectModel& model = ask.context.model;
    Json json{{"openapi", "3.0.3"}};
    json["info"] = {{"title", model.title.empty() ? model.id : model.title}, {"version", "1.0.0"}};
    if (!model.abstract.empty()) json["info"]["description"] = model.abstract;
    json["servers"] = Json::array({{{"url", ask.root}}});
    Json paths = Json::object();
    paths["/"] = get("getLandingPage", ask.say({"Entry page", "Startseite"}), Json::array(), answer("OK", {"application/json", "text/html"}));
    paths["/api"] = get("getApi", ask.say({"This description", "Diese Beschreibung"}), Json::array(), answer("OK", {"application/vnd.oai.openapi+json;version=3.0", "text/html"}));
    paths["/conformance"] = get("getConformance", ask.say({"Conformance classes", "Konformitätsklassen"}), Json::array(), answer("OK", {"application/json", "text/html"}));
    paths["/collections"] = get("getCollections", ask.say({"Collections", "Datensammlungen"}), Json::array(), answer("OK", {"application/json", "text/html"}));
    paths["/tileMatrixSets"] = get("getTileMatrixSetsList", ask.say({"Tile matrix sets", "Kachelschemata"}), Json::array(), answer("OK", {"application/json", "text/html"}));
    paths["/tileMatrixSets/{tileMatrixSetId}"] = get("getTileMatrixSet", ask.say({"Tile matrix set", "Kachelschema"}), Json::array({ref("parameters", "tileMatrixSetId")}), answer("OK", {"application/json", "text/html"}));
    if (has_vector_tiles(model)) add_tiles(ask, paths, "", "", "", false);
    if (has_map_tiles(model)) add_tiles(ask, paths, "", "", "", true);
    for (const project::PublishedLayer* layer : collection_layers(model)) {
        if (layer->geometry) add_tiles(ask, paths, collection_path(*layer), "." + layer->name_of_features() + ".", title_of(*layer), false);
        if (layer->in_wms && layer->drawable) add_tiles(ask, paths, collection_path(*layer), "." + layer->name_of_features() + ".", title_of(*layer), true);
        const std::string path = collection_path(*layer), id = layer->name_of_features();
        paths[path] = get("getCollection." + id, title_of(*layer), Json::array(), answer("OK", {"application/json", "text/html"}));
        for (const auto& [resource, name, what] : {std::tuple{"/queryables", "getQueryables.", base::Text{"Queryable properties", "Abfragbare Eigenschaften"}},
                                                   {"/sortables", "getSortables.", {"Properties to sort by", "Sortierbare Eigenschaften"}},
                                                   {"/schema", "getSchema.", {"Schema of the features", "Schema der Objekte"}}})
            paths[path + resource] = get(name + id, summary(ask, what, title_of(*layer)), Json::array(), answer("OK", {"application/schema+json", "text/html"}));
        Json parameters = Json::array();
        for (const char* name : {"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby"}) parameters.push_back(ref("parameters", name));
        const Json schemas = property_schemas(ask, *layer);
        for (const auto field : shown_fields(*layer))
            if (!is_reserved(field->name)) {
                Json schema = schemas[field->name];
                schema.erase("oneOf");
                parameters.push_back(numbers(field->name, label_of(*field), std::move(schema)));
            }
        std::vector<std::string_view> types;
        for (const Format& format : item_encodings(*layer)) types.push_back(format.type);
        paths[path + "/items"] = get("getFeatures." + id, summary(ask, {"Features", "Objekte"}, title_of(*layer)), std::move(parameters), answer("OK", types), layer->geometry ? "f-items" : "f-rows");
        paths[path + "/items/{featureId}"] =
            get("getFeature." + id, summary(ask, {"One feature", "Ein Objekt"}, title_of(*layer)), Json::array({ref("parameters", "featureId"), ref("parameters", "crs")}), answer("OK", {"application/geo+json", "text/html"}));
    }
    json["paths"] = std::move(paths);
    json["components"] = components(ask);
    return json;
}

/// What features come as besides, where any collection has it.
std::string more_formats(const Ask& ask)
{
    if (collection_layers(ask.context.model).empty()) return {};
    if (!has_vector_tiles(ask.context.model)) return ask.say({" Features come as CSV too (f=csv).", " Objekte gibt es auch als CSV (f=csv)."});
    return ask.say({" Features come as CSV too (f=csv), and as FlatGeobuf where they have a geometry (f=flatgeobuf).",
                    " Objekte gibt es auch als CSV (f=csv) und, wo sie eine Geometrie haben, als FlatGeobuf (f=flatgeobuf)."});
}

}  // namespace

http::Response api_description(const Ask& ask)
{
    expect_parameters(ask, {});
    if (!ask.html) return json_response(document(ask), "application/vnd.oai.openapi+json;version=3.0");
    const auto& model = ask.context.model;
    Page page{ask.say({"Interface description", "Schnittstellenbeschreibung"}), {{ask.page_url(""), model.title.empty() ? model.id : model.title}}, ""};
    page.content = "<p class=\"lead\">" + ask.say({"All requests are GET. Answers come as JSON or as a page (f=json, f=html).", "Alle Anfragen sind GET. Antworten gibt es als JSON oder als Seite (f=json, f=html)."}) + more_formats(ask) +
                   "</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + ask.say({"Requests", "Anfragen"}) + "\"><table><thead><tr><th scope=\"col\">" + ask.say({"Path", "Pfad"}) + "</th><th scope=\"col\">" +
                   ask.say({"Meaning", "Bedeutung"}) + "</th><th scope=\"col\">" + ask.say({"Parameters", "Parameter"}) + "</th></tr></thead><tbody>\n";
    const Json described = document(ask);
    for (const auto& [path, methods] : described["paths"].items()) {
        std::string names;
        for (const auto& parameter : methods["get"]["parameters"]) {
            const Json& shown = parameter.contains("name") ? parameter : described.at(Json::json_pointer(parameter["$ref"].get<std::string>().substr(1)));
            names += (names.empty() ? "" : ", ") + shown["name"].get<std::string>();
        }
        page.content += "<tr><th scope=\"row\">" + html_escaped(path) + "</th><td>" + html_escaped(methods["get"]["summary"].get<std::string>()) + "</td><td class=\"text\">" + html_escaped(names) + "</td></tr>\n";
    }
    page.content += "</tbody></table></div>\n";
    return html_response(ask, page);
}

}  // namespace stadtgdi::features
