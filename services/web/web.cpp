// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/web/assets.hpp>
#include <services/web/project_json.hpp>
#include <services/web/web.hpp>

namespace stadtgdi::web {

namespace {

std::string_view asset_name(std::string_view type)
{
    for (const Asset& asset : all_assets())
        if (asset.type.rfind(type, 0) == 0) return asset.name;
    return {};
}

http::Response text(int status, const base::Text& message, base::Language language)
{
    http::Response response;
    response.status = status;
    response.body = message.in(language) + "\n";
    return response;
}

http::Response page(const ows::FaceContext& context, base::Language language)
{
    const project::ProjectModel& model = context.model;
    const bool german = language == base::Language::de;
    const std::string name = http::html_escaped(model.title.empty() ? model.id : model.title);
    const std::string title = name + (german ? " · Karte" : " · Map");
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.set_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'");
    response.set_header("Vary", "Accept-Language");
    response.set_header("Cache-Control", "no-cache");
    // Addresses are relative to /{project}/, so that the page works behind any prefix.
    response.body = std::string("<!DOCTYPE html>\n<html lang=\"") + (german ? "de" : "en") + "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + title +
                    "</title>\n<link rel=\"stylesheet\" href=\"map/static/" + std::string(asset_name("text/css")) + "\">\n<script type=\"module\" src=\"map/static/" + std::string(asset_name("text/javascript")) +
                    "\"></script>\n</head>\n<body>\n<div id=\"app\" data-project=\"map/project.json\"><div class=\"start\"><h1>" + name + "</h1><p role=\"status\">" +
                    (german ? "Karte wird geladen …" : "Loading the map …") + "</p><div class=\"work\"></div></div></div>\n<noscript><p>" +
                    (german ? "Die Karte braucht JavaScript. Alle Daten gibt es auch als " : "The map needs JavaScript. All data are also there as ") + "<a href=\"ogcapi?f=html&amp;lang=" + (german ? "de" : "en") + "\">" + (german ? "Tabellen" : "tables") +
                    "</a>.</p></noscript>\n</body>\n</html>\n";
    response.etag = ows::tag_of(response.body);
    return response;
}

http::Response asset(const std::string& name, base::Language language)
{
    for (const Asset& one : all_assets())
        if (one.name == name) {
            http::Response response;
            response.content_type = one.type;
            response.body.assign(reinterpret_cast<const char*>(one.bytes), one.size);
            response.etag = ows::tag_of(name);
            response.set_header("Cache-Control", "public, max-age=31536000, immutable");
            return response;
        }
    return text(404, {"There is nothing here.", "Hier ist nichts."}, language);
}

}  // namespace

http::Response handle(const ows::FaceContext& context)
{
    const auto& segments = context.request.segments;
    const base::Language language = ows::language_of(context);
    if (all_assets().empty()) return text(501, {"This build has no map.", "Diese Fassung enthält keine Karte."}, language);
    if (segments.size() == 2) {
        if (context.request.path.back() != '/') return page(context, language);
        http::Response response = text(301, {"The map is at /map.", "Die Karte liegt unter /map."}, language);
        response.set_header("Location", context.project_url + "/map");
        return response;
    }
    if (segments.size() == 3 && segments[2] == "project.json") {
        http::Response response;
        response.content_type = "application/json";
        response.body = project_json(context.model, context.visitor);
        response.set_header("Vary", "Accept-Language");
        response.etag = ows::tag_of(response.body);
        response.set_header("Cache-Control", "no-cache");
        return response;
    }
    if (segments.size() == 3 && segments[2] == "extent.json") {
        const project::PublishedLayer* layer = context.model.find(context.request.parameter("layer").value_or(""));
        if (layer == nullptr) return text(404, {"There is no such layer.", "Einen solchen Layer gibt es nicht."}, language);
        http::Response response;
        response.content_type = "application/json";
        response.body = extent_json(context, *layer);
        response.etag = ows::tag_of(response.body);
        response.set_header("Cache-Control", "no-cache");
        return response;
    }
    if (segments.size() == 4 && segments[2] == "static") return asset(segments[3], language);
    return text(404, {"There is nothing here.", "Hier ist nichts."}, language);
}

}  // namespace stadtgdi::web
