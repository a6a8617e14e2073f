// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/project_list.hpp>

#include <services/server/languages.hpp>
#include <services/server/page.hpp>

#include <nlohmann/json.hpp>

namespace stadtgdi::server {

namespace {

using base::Language;
using http::html_escaped;
using project::ProjectModel;

struct Link {
    std::string rel, href, type;
    base::Text title;
};

std::vector<Link> links_of(const ProjectModel& model, const std::string& base_url)
{
    const std::string url = base_url + "/" + http::percent_encoded(model.id);
    return {{"alternate", url + "/map", "text/html", {"Map", "Karte"}},
            {"service", url + "/ows?SERVICE=WMS&REQUEST=GetCapabilities", "text/xml", {"WMS", "WMS"}},
            {"service", url + "/ows?SERVICE=WFS&REQUEST=GetCapabilities", "application/gml+xml", {"WFS", "WFS"}},
            {"service", url + "/ogcapi", "application/json", {"OGC API Features", "OGC API Features"}}};
}

const std::string& title_of(const ProjectModel& model)
{
    return model.title.empty() ? model.id : model.title;
}

std::string as_json(const http::Request& request, const std::vector<std::shared_ptr<const ProjectModel>>& projects, const std::string& title, Language language)
{
    nlohmann::json list = nlohmann::json::array();
    for (const auto& model : projects) {
        nlohmann::json links = nlohmann::json::array();
        for (const Link& link : links_of(*model, request.base_url))
            links.push_back({{"rel", link.rel}, {"href", link.href}, {"type", link.type}, {"title", link.title.in(language)}});
        list.push_back({{"id", model->id}, {"title", title_of(*model)}, {"abstract", model->abstract}, {"layers", model->layers.size()}, {"links", links}});
    }
    return nlohmann::json{{"title", title}, {"projects", list}}.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string as_html(const http::Request& request, const std::vector<std::shared_ptr<const ProjectModel>>& projects, const Settings& settings, const access::Visitor& visitor, Language language)
{
    const bool german = language == Language::de;
    const std::string title = settings.title.in(language);
    std::string html = "<h1>" + html_escaped(title) + "</h1>\n";
    if (projects.empty())
        html += std::string("<p class=\"lead\">") + (german ? "Zurzeit wird kein Projekt bereitgestellt." : "No project is served at the moment.") + "</p>\n";
    else
        html += std::string("<p class=\"lead\">")
                + (german ? "Karten zum Ansehen und dieselben Daten als Dienste für QGIS und andere Programme."
                          : "Maps to look at, and the same data as services for QGIS and other programs.")
                + "</p>\n<ul class=\"projects\">\n";
    for (const auto& model : projects) {
        const auto links = links_of(*model, request.base_url);
        const std::string name = html_escaped(title_of(*model));
        html += "<li><h2>" + name + "</h2>\n";
        if (!model->abstract.empty())
            html += "<p>" + html_escaped(model->abstract) + "</p>\n";
        const std::size_t layers = model->layers.size();
        html += "<p class=\"facts\">" + std::to_string(layers) + (german ? (layers == 1 ? " Ebene" : " Ebenen") : (layers == 1 ? " layer" : " layers")) + " · "
                + html_escaped(model->crs) + "</p>\n";
        html += "<a class=\"go\" href=\"" + html_escaped(links[0].href) + "\">" + (german ? "Karte öffnen" : "Open map") + "<span class=\"skip\">: " + name + "</span></a>\n";
        html += "<ul class=\"services\">";
        for (std::size_t i = 1; i < links.size(); ++i)
            html += "<li><a href=\"" + html_escaped(links[i].href) + "\">" + html_escaped(links[i].title.in(language)) + "</a></li>";
        html += "</ul></li>\n";
    }
    if (!projects.empty())
        html += "</ul>\n";
    return page({.language = language,
                 .title = title,
                 .base_url = request.base_url,
                 .imprint_url = settings.imprint_url,
                 .privacy_url = settings.privacy_url,
                 .other_language_url = request.base_url + "/?lang=" + (german ? "en" : "de"),
                 .visitor = visitor},
                html);
}

}  // namespace

http::Response project_list(const http::Request& request, const std::vector<std::shared_ptr<const ProjectModel>>& projects, const Settings& settings, const access::Visitor& visitor)
{
    const Language language = language_of(request);
    http::Response response;
    if (form_of(request, Form::json) == Form::html) {
        response.content_type = "text/html; charset=utf-8";
        response.body = as_html(request, projects, settings, visitor, language);
    } else {
        response.content_type = "application/json";
        response.body = as_json(request, projects, settings.title.in(language), language);
    }
    response.set_header("Content-Language", language == Language::de ? "de" : "en");
    return response;
}

}  // namespace stadtgdi::server
