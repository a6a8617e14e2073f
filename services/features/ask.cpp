// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/ask.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>

namespace stadtgdi::features {

namespace {

base::ErrorKind kind_of(int status)
{
    return status == 404 ? base::ErrorKind::not_found : status == 501 ? base::ErrorKind::unsupported : base::ErrorKind::invalid_argument;
}

}  // namespace

Problem::Problem(int status, base::Text message) : base::Error(kind_of(status), std::move(message)), m_status(status) {}

double weight(const std::string& accept, std::string_view type)
{
    double best = 0;
    for (const std::string& range : ows::split(accept, ',')) {
        const auto parts = ows::split(range, ';');
        const std::string_view name = ows::trimmed(parts[0]);
        double q = 1;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const std::string_view part = ows::trimmed(parts[i]);
            if (part.substr(0, 2) == "q=") q = ows::parse_number(part.substr(2)).value_or(0);
        }
        // A range of anything counts a little less than the type itself, so that a browser's list gives HTML.
        if (ows::equal_ignoring_case(name, type))
            best = std::max(best, q);
        else if (name == "*/*" || ows::equal_ignoring_case(name, std::string(type.substr(0, type.find('/'))) + "/*"))
            best = std::max(best, q * 0.9);
    }
    return best;
}

std::optional<std::string> Ask::parameter(std::string_view name) const
{
    for (const auto& [key, value] : context.request.parameters)
        if (key == name) return value;
    return std::nullopt;
}

std::string Ask::page_url(const std::string& below_root) const
{
    const auto chosen = parameter("lang");
    if (!chosen) return root + below_root;
    return root + below_root + (below_root.find('?') == std::string::npos ? "?" : "&") + "lang=" + http::percent_encoded(*chosen);
}

std::string Ask::with_parameters(const std::vector<std::pair<std::string, std::string>>& changes) const
{
    std::string query;
    const auto add = [&](const std::string& name, const std::string& value) { query += (query.empty() ? "?" : "&") + http::percent_encoded(name) + "=" + http::percent_encoded(value); };
    for (const auto& [name, value] : context.request.parameters)
        if (std::none_of(changes.begin(), changes.end(), [&, key = name](const auto& change) { return change.first == key; })) add(name, value);
    for (const auto& [name, value] : changes)
        if (!value.empty()) add(name, value);
    return root + path + query;
}

bool wants_html(const http::Request& request)
{
    for (const auto& [name, value] : request.parameters) {
        if (name != "f") continue;
        if (value == "html") return true;
        if (value == "json" || value == "geojson") return false;
        throw Problem(400, base::filled({"f is '{0}'; expected is json or html.", "f ist '{0}'; erwartet wird json oder html."}, value));
    }
    const std::string accept = request.header("accept");
    if (accept.empty()) return false;
    const double html = weight(accept, "text/html");
    double json = 0;
    for (const char* type : {"application/json", "application/geo+json", "application/schema+json", "application/vnd.oai.openapi+json", "application/problem+json"})
        json = std::max(json, weight(accept, type));
    if (html == 0 && json == 0) throw Problem(406, {"JSON and HTML are offered.", "Angeboten werden JSON und HTML."});
    return html > json;
}

void expect_parameters(const Ask& ask, const std::vector<std::string>& known)
{
    std::vector<std::string> seen;
    for (const auto& [name, value] : ask.context.request.parameters) {
        if (name != "f" && name != "lang" && std::find(known.begin(), known.end(), name) == known.end())
            throw Problem(400, base::filled({"Parameter '{0}' is not known here.", "Der Parameter '{0}' ist hier nicht bekannt."}, name));
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            throw Problem(400, base::filled({"Parameter '{0}' is given twice.", "Der Parameter '{0}' ist zweimal angegeben."}, name));
        seen.push_back(name);
    }
}

Json link(std::string_view rel, std::string_view type, const std::string& href, const std::string& title)
{
    Json json{{"rel", rel}, {"type", type}, {"href", href}};
    if (!title.empty()) json["title"] = title;
    return json;
}

void add_self_links(Json& links, const Ask& ask, std::string_view json_type)
{
    const std::string json = ask.with_parameters({{"f", "json"}}), html = ask.with_parameters({{"f", "html"}});
    links.push_back(link(ask.html ? "alternate" : "self", json_type, json, ask.say({"This document", "Dieses Dokument"})));
    links.push_back(link(ask.html ? "self" : "alternate", "text/html", html, ask.say({"This document as HTML", "Dieses Dokument als HTML"})));
}

http::Response json_response(const Json& document, std::string_view type)
{
    http::Response response;
    response.content_type = type;
    response.body = document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

}  // namespace stadtgdi::features
