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

std::string Ask::with_language(const std::string& url) const
{
    if (!parameter("lang")) return url;
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "lang=" + (language == base::Language::de ? "de" : "en");
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

const Format& asked_format(const http::Request& request, const std::vector<Format>& offered)
{
    for (const auto& [name, value] : request.parameters) {
        if (name != "f") continue;
        std::string names;
        for (const Format& format : offered) {
            if (format.name == value) return format;
            if (names.find(format.name) == std::string::npos) names += (names.empty() ? "" : ", ") + std::string(format.name);
        }
        throw Problem(400, base::filled({"f is '{0}'; expected is one of {1}.", "f ist '{0}'; erwartet wird eines von {1}."}, value, names));
    }
    const std::string accept = request.header("accept");
    if (accept.empty()) return offered.front();
    const Format* best = nullptr;
    double best_weight = 0;
    std::string types;
    for (const Format& format : offered) {
        types += (types.empty() ? "" : ", ") + std::string(format.type);
        if (const double weight = features::weight(accept, format.type); weight > best_weight) {
            best_weight = weight;
            best = &format;
        }
    }
    if (best == nullptr) throw Problem(406, base::filled({"{0} are offered.", "Angeboten werden {0}."}, types));
    return *best;
}

const std::vector<Format>& document_formats()
{
    static const std::vector<Format> formats{{"json", "application/json"}, {"geojson", "application/geo+json"}, {"json", "application/schema+json"}, {"json", "application/vnd.oai.openapi+json"},
                                             {"json", "application/problem+json"}, {"html", "text/html"}};
    return formats;
}

bool wants_html(const http::Request& request) { return asked_format(request, document_formats()).name == "html"; }

void expect_parameters(const Ask& ask, const std::vector<std::string>& known)
{
    std::vector<std::string> seen;
    for (const auto& [name, value] : ask.context.request.parameters) {
        if (name != "f" && name != "lang" && std::find(known.begin(), known.end(), name) == known.end())
            throw Problem(400, base::filled({"Parameter '{0}' is not known here.", "Der Parameter '{0}' ist hier nicht bekannt."}, name));
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            throw Problem(400, base::filled({"Parameter '{0}' is given twice.", "Der Parameter '{0}' ist zweimal angegeben."}, name));
        if (name == "lang" && value != "de" && value != "en") throw Problem(400, base::filled({"lang is '{0}'; expected is one of de, en.", "lang ist '{0}'; erwartet wird eines von de, en."}, base::shortened(value, 60)));
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
