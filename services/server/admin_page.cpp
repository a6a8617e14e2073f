// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/admin_page.hpp>

#include <services/server/languages.hpp>
#include <services/server/page.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace stadtgdi::server {

namespace {

using base::Language;
using base::Text;
using http::html_escaped;

struct ProjectReport {
    std::shared_ptr<const store::PublishedProject> project;  // shared with the requests of this moment
    const project::ProjectModel* model;
    std::vector<render::LayerDrawing> drawings;
    std::vector<std::string> odd_names;  // of layers and groups
};

/// What every client can ask for in a list of names, unescaped too.
bool is_plain(const std::string& name)
{
    return std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || std::string_view(".-_: +").find(c) != std::string_view::npos; });
}

void add_odd_names(const project::TreeNode& node, std::vector<std::string>& names)
{
    const std::string& name = node.layer.empty() ? node.name : node.layer;
    if (!is_plain(name) && std::ranges::find(names, name) == names.end())
        names.push_back(name);
    for (const project::TreeNode& child : node.children)
        add_odd_names(child, names);
}

using Faults = std::vector<store::ProjectFault>;

std::string as_json(const std::vector<ProjectReport>& reports, const Faults& faults, const base::Text& fault, const std::vector<std::string>& unused_patterns)
{
    nlohmann::json projects = nlohmann::json::array();
    for (const ProjectReport& report : reports) {
        nlohmann::json layers = nlohmann::json::array(), failed = nlohmann::json::array(), grids = nlohmann::json::array();
        for (const render::LayerDrawing& drawing : report.drawings)
            layers.push_back({{"layer", drawing.layer},
                              {"style", drawing.style},
                              {"compiled", drawing.compiled},
                              {"in_memory", report.project->rows_held(drawing.layer)},
                              {"why_not", drawing.compiled ? nlohmann::json() : nlohmann::json{{"en", drawing.why_not.en}, {"de", drawing.why_not.de}}}});
        for (const auto& [name, reason] : report.model->failed_layers)
            failed.push_back({{"name", name}, {"reason", {{"en", reason.en}, {"de", reason.de}}}});
        for (const auto& [grid, crs] : report.model->missing_grids)
            grids.push_back({{"grid", grid}, {"crs", crs}});
        projects.push_back({{"id", report.model->id}, {"loaded", report.model->version}, {"layers", layers}, {"failed_layers", failed}, {"missing_grids", grids}, {"odd_names", report.odd_names}});
    }
    nlohmann::json not_loaded = nlohmann::json::array();
    for (const store::ProjectFault& one : faults)
        not_loaded.push_back({{"id", one.id}, {"reason", {{"en", one.reason.en}, {"de", one.reason.de}}}, {"last_good_state_served", one.served}});
    nlohmann::json report{{"projects", projects}, {"projects_not_loaded", not_loaded}, {"unused_patterns", unused_patterns}};
    if (!fault.en.empty())
        report["settings"] = {{"en", fault.en}, {"de", fault.de}};
    return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string row_of(std::initializer_list<std::string> cells, const char* tag)
{
    std::string html = "<tr>";
    for (const std::string& cell : cells)
        html += std::string("<") + tag + ">" + html_escaped(cell) + "</" + std::string(tag, 2) + ">";
    return html + "</tr>\n";
}

std::string as_html(const http::Request& request, const std::vector<ProjectReport>& reports, const Faults& faults, const Settings& settings, const base::Text& fault,
                    const std::vector<std::string>& unused_patterns, const access::Visitor& visitor, Language language)
{
    const auto in = [language](const char* english, const char* german) { return Text{english, german}.in(language); };
    const std::string title = in("Operation", "Betrieb");
    std::string html = "<h1>" + title + "</h1>\n<p class=\"lead\">"
                       + in("Symbols of compiled layers are drawn from memory, once their rows have been read; those of the others, and all labels, are drawn by QGIS.",
                            "Symbole übersetzter Ebenen werden aus dem Speicher gezeichnet, sobald ihre Objekte gelesen sind; die der übrigen und alle Beschriftungen zeichnet QGIS.")
                       + "</p>\n";
    if (!fault.en.empty())
        html += "<h2>" + in("Settings", "Einstellungen") + "</h2>\n<p>" + html_escaped(fault.in(language)) + "</p>\n";
    if (!unused_patterns.empty()) {
        html += "<h2>" + in("Settings that fit no layer or field", "Einstellungen, zu denen keine Ebene und kein Feld passt") + "</h2>\n<ul>\n";
        for (const std::string& pattern : unused_patterns)
            html += "<li>" + html_escaped(pattern) + "</li>\n";
        html += "</ul>\n";
    }
    if (!faults.empty()) {
        html += "<h2>" + in("Projects that could not be read", "Projekte, die sich nicht lesen ließen") + "</h2>\n<div class=\"wide\"><table>\n<thead>"
                + row_of({in("Project", "Projekt"), in("Served now", "Jetzt bereitgestellt"), in("Reason", "Grund")}, "th scope=\"col\"") + "</thead>\n<tbody>\n";
        for (const store::ProjectFault& one : faults)
            html += row_of({one.id, one.served ? in("its last good state", "sein letzter guter Stand") : in("no", "nein"), one.reason.in(language)}, "td");
        html += "</tbody></table></div>\n";
    }
    for (const ProjectReport& report : reports) {
        html += "<h2>" + html_escaped(report.model->title.empty() ? report.model->id : report.model->title) + "</h2>\n<p class=\"facts\">" + html_escaped(report.model->id) + " · "
                + in("loaded", "geladen") + " " + html_escaped(report.model->version) + "</p>\n";
        if (!report.model->failed_layers.empty()) {
            html += "<h3>" + in("Not served", "Nicht bereitgestellt") + "</h3>\n<div class=\"wide\"><table>\n<thead>"
                    + row_of({in("Layer", "Ebene"), in("Reason", "Grund")}, "th scope=\"col\"") + "</thead>\n<tbody>\n";
            for (const auto& [name, reason] : report.model->failed_layers)
                html += row_of({name, reason.in(language)}, "td");
            html += "</tbody></table></div>\n";
        }
        if (!report.model->missing_grids.empty()) {
            html += "<h3>" + in("Grids of PROJ that are not installed: places may be metres off", "Gitter von PROJ, die nicht installiert sind: Orte können um Meter abweichen")
                    + "</h3>\n<div class=\"wide\"><table>\n<thead>" + row_of({in("Grid", "Gitter"), in("Coordinate system", "Koordinatensystem")}, "th scope=\"col\"") + "</thead>\n<tbody>\n";
            for (const auto& [grid, crs] : report.model->missing_grids)
                html += row_of({grid, crs}, "td");
            html += "</tbody></table></div>\n";
        }
        if (!report.odd_names.empty()) {
            html += "<h3>" + in("Names that some clients cannot ask for", "Namen, nach denen manche Clients nicht fragen können") + "</h3>\n<p>"
                    + in("Short names of letters, digits and . - _ : + are understood by all; QGIS has them under Properties > QGIS Server.",
                         "Kurznamen aus Buchstaben ohne Umlaute, Ziffern und . - _ : + verstehen alle; in QGIS stehen sie unter Eigenschaften > QGIS-Server.")
                    + "</p>\n<ul>\n";
            for (const std::string& name : report.odd_names)
                html += "<li>" + html_escaped(name) + "</li>\n";
            html += "</ul>\n";
        }
        html += "<h3>" + in("Layers", "Ebenen") + "</h3>\n<div class=\"wide\"><table>\n<thead>"
                + row_of({in("Layer", "Ebene"), in("Style", "Stil"), in("Symbols", "Symbole"), in("In memory", "Im Speicher"), in("Reason", "Grund")}, "th scope=\"col\"") + "</thead>\n<tbody>\n";
        for (const render::LayerDrawing& drawing : report.drawings)
            html += row_of({drawing.layer, drawing.style, !drawing.compiled ? "QGIS" : report.project->rows_held(drawing.layer) ? in("compiled", "übersetzt") : in("compiled, once read", "übersetzt, sobald gelesen"),
                            report.project->rows_held(drawing.layer) ? in("yes", "ja") : in("no", "nein"), drawing.compiled ? std::string() : drawing.why_not.in(language)}, "td");
        html += "</tbody></table></div>\n";
    }
    return page({.language = language,
                 .title = title,
                 .site = settings.title.in(language),
                 .base_url = request.base_url,
                 .imprint_url = settings.imprint_url,
                 .privacy_url = settings.privacy_url,
                 .other_language_url = request.base_url + "/admin?lang=" + (language == Language::de ? "en" : "de"),
                 .visitor = visitor},
                html);
}

}  // namespace

http::Response admin_page(const http::Request& request, const store::Catalogue& catalogue, const Settings& settings, const base::Text& fault, const std::vector<std::string>& unused_patterns,
                          const access::Visitor& visitor, base::RunContext& run)
{
    std::vector<ProjectReport> reports;
    for (const std::string& id : catalogue.project_ids()) {
        const auto project = catalogue.project(id);
        if (!project)
            continue;
        ProjectReport report{project, &project->model(), project->drawer().drawings(run), {}};
        add_odd_names(report.model->tree, report.odd_names);
        for (render::LayerDrawing& drawing : report.drawings)
            if (const auto why_not = project->why_not_held(drawing.layer); drawing.compiled && why_not) {
                drawing.compiled = false;
                drawing.why_not = *why_not;
            }
        reports.push_back(std::move(report));
    }
    const Faults faults = catalogue.faults();
    const Language language = language_of(request);
    http::Response response;
    if (form_of(request, Form::html) == Form::json) {
        response.content_type = "application/json";
        response.body = as_json(reports, faults, fault, unused_patterns);
    } else {
        response.content_type = "text/html; charset=utf-8";
        response.body = as_html(request, reports, faults, settings, fault, unused_patterns, visitor, language);
        response.set_header("Content-Language", language == Language::de ? "de" : "en");
    }
    response.set_header("Cache-Control", "no-store");
    return response;
}

}  // namespace stadtgdi::server
