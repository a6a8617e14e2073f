// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/server.hpp>

#include <layers/base/run_context.hpp>
#include <services/access/role_rights.hpp>
#include <services/ows/exception.hpp>
#include <services/project/in_language.hpp>
#include <services/server/admin_page.hpp>
#include <services/server/error_funnel.hpp>
#include <services/server/languages.hpp>
#include <services/server/page.hpp>
#include <services/server/project_list.hpp>
#include <services/store/seen_project.hpp>

#include <algorithm>
#include <thread>

namespace stadtgdi::server {

namespace {

using http::Request;
using http::Response;

// Pages of ours and of the faces need no more than this; what the map needs beyond (data: images) is in it.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors *";

const base::Text nothing_here{"There is nothing at this address.", "Unter dieser Adresse gibt es nichts."};

Response plain(int status, std::string body, std::string type = "text/plain; charset=utf-8")
{
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.content_type = std::move(type);
    return response;
}

constexpr const char* challenge = "Basic realm=\"StadtGDI\", charset=\"UTF-8\"";
constexpr const char* token_challenge = "Bearer realm=\"StadtGDI\", error=\"invalid_token\"";

/// 401 without a word on what there is to see. A browser asks for name and password then.
Response challenged(const Request& request, const base::Text& text, const char* how = challenge)
{
    Response answer = error_answer(request, 401, text);
    answer.set_header("WWW-Authenticate", how);
    return answer;
}

Response slowed_down(const Request& request, const base::Text& text, const char* seconds)
{
    Response answer = error_answer(request, 429, text);
    answer.set_header("Retry-After", seconds);
    return answer;
}

/// "/login" or "/{project}/login".
bool is_for_visitors(const Request& request, std::string_view name)
{
    return !request.segments.empty() && request.segments.size() <= 2 && request.segments.back() == name;
}

/// Where a visitor goes on to: the project's map or data, or the list of projects.
std::string place_of_visit(const Request& request)
{
    if (request.segments.size() < 2)
        return request.base_url + "/";
    return request.base_url + "/" + http::percent_encoded(request.segments[0]) + (request.parameter("to") == "ogcapi" ? "/ogcapi?f=html" : "/map");
}

/// A browser keeps a key until it is turned away with it and something else takes its place: the empty password, which is none.
Response logged_out(const Request& request, const access::Visitor& visitor)
{
    const base::Language language = language_of(request);
    const std::string title = base::Text{"Logged out", "Abgemeldet"}.in(language);
    const base::Text text{"The browser does not send your key any more. If it asks for one, choose \"Cancel\".",
                          "Der Browser sendet Ihren Schlüssel nicht mehr. Falls er nach einem fragt, wählen Sie „Abbrechen“."};
    const bool done = !visitor.known && !request.header("authorization").empty();
    Response answer = plain(done ? 200 : 401,
                            page({.language = language, .title = title, .base_url = request.base_url, .visitor = {visitor.can_log_in}},
                                 "<h1>" + title + "</h1>\n<p>" + http::html_escaped(text.in(language)) + "</p>\n<p><a href=\"" + http::html_escaped(place_of_visit(request)) + "\">"
                                     + base::Text{"Go on without a key", "Ohne Schlüssel weiter"}.in(language) + "</a></p>\n"),
                            "text/html; charset=utf-8");
    if (!done)
        answer.set_header("WWW-Authenticate", challenge);
    answer.set_header("Cache-Control", "no-store");
    return answer;
}

/// Whether the client called this machine by a name that only works on it.
bool called_locally(const Request& request)
{
    const std::string host = request.header("host");
    for (const char* name : {"localhost", "[::1]"})
        if (host == name || host.starts_with(std::string(name) + ":"))
            return true;
    return host.starts_with("127.") && host.find_first_not_of("0123456789.:") == std::string::npos;
}

int maps_for_one(const Settings& settings)
{
    if (settings.maps_for_one > 0)
        return settings.maps_for_one;
    return settings.render_threads > 0 ? settings.render_threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

bool is_admin(const access::AccessSettings& settings, const access::Identity& identity)
{
    return std::any_of(identity.roles.begin(), identity.roles.end(), [&](const std::string& name) {
        const auto role = settings.roles.find(name);
        return role != settings.roles.end() && role->second.admin;
    });
}

/// WMTS, and what OGC API Tiles has below the API: tileMatrixSets, tiles and map/tiles, these also of a collection.
bool is_for_tiles(const Request& request)
{
    const auto& segments = request.segments;
    if (segments[1] == "wmts")
        return true;
    if (segments[1] != "ogcapi")
        return false;
    const std::size_t place = segments.size() > 4 && segments[2] == "collections" ? 4 : 2;
    if (segments.size() <= place)
        return false;
    return segments[place] == "tiles" || segments[place] == "map" || (place == 2 && segments[place] == "tileMatrixSets");
}

/// For metrics: from a fixed list, whatever was asked for.
std::string face_of(const Request& request)
{
    const auto& segments = request.segments;
    if (segments.empty())
        return request.path == "/" ? "list" : "refused";
    if (segments.size() == 1)
        return segments[0] == "healthz" || segments[0] == "readyz" || segments[0] == "metrics" ? "health" : "other";
    if (is_for_tiles(request))
        return "tiles";
    for (const char* face : {"ows", "ogcapi", "map"})
        if (segments[1] == face)
            return face;
    return "other";
}

}  // namespace

struct Server::Seen {
    access::RoleRights rights;
    Model model;
    store::SeenProject project;
    base::RunContext run;
    ows::FaceContext context;

    Seen(const Request& request, std::shared_ptr<const store::PublishedProject> whole, access::RoleRights the_rights, Model the_model,
         const ows::ServiceLimits& limits, std::string project_url, access::Visitor visitor, MapTurns& turns)
        : rights(std::move(the_rights)), model(std::move(the_model)),
          project(std::move(whole), model, [&turns, address = request.remote](base::RunContext& asking) { return turns.take(address, asking); }),
          run(0, request.stop), context{request, project, *model, rights, limits, std::move(project_url), run, std::move(visitor)}
    {
    }
};

Server::Server(const Settings& settings, const store::Catalogue& catalogue, Faces faces, Log& log)
    : m_settings(settings), m_catalogue(catalogue), m_faces(std::move(faces)), m_log(log), m_turns(maps_for_one(settings)), m_access(std::make_shared<Access>(settings.access))
{
}

http::ListenerCalls Server::calls()
{
    http::ListenerCalls calls;
    calls.handler = [this](const Request& request) { return handle(request); };
    calls.quick = [this](const Request& request) { return quick(request); };
    calls.refuse = [this](const Request& request, const http::Refusal& refusal) {
        Response response = error_answer(request, refusal.status, refusal.text);
        finish(false, response);
        return response;
    };
    calls.takes_post = [](const Request& request) { return request.segments.size() == 2 && request.segments[1] == "ows"; };
    calls.done = [this](const http::Exchange& exchange) {
        m_metrics.count(face_of(exchange.request), exchange);
        m_log.answer(exchange);
    };
    calls.trouble = [this](const std::string& line) { m_log.error(line); };
    return calls;
}

std::optional<Response> Server::quick(const Request& request)
{
    if (request.segments.size() != 1)
        return std::nullopt;
    const std::string& name = request.segments[0];
    if (name == "healthz")
        return plain(200, "ok\n");
    if (name == "readyz")
        return m_catalogue.ready() ? plain(200, "ready\n") : plain(503, "not ready\n");
    if (name != "metrics")
        return std::nullopt;
    if (!may_read_metrics(request))
        return error_answer(request, 404, nothing_here);
    Metrics::Load load = m_load ? m_load() : Metrics::Load{};
    load.ready = m_catalogue.ready();
    load.projects_not_loaded = m_catalogue.faults().size();
    for (const std::string& id : m_catalogue.project_ids())
        if (const auto project = m_catalogue.project(id)) {
            ++load.projects;
            for (const auto& [layer, reason] : project->model().failed_layers)
                load.layers_not_served.emplace_back(id, layer);
            load.missing_grids += project->model().missing_grids.size();
        }
    return plain(200, m_metrics.text(load), "text/plain; version=0.0.4; charset=utf-8");
}

/// A proxy on this machine that does not say for whom it asks looks like the machine itself, so without a word of the settings
/// the metrics are given to those alone who call by a local name, and to nobody once the service has a public address.
bool Server::may_read_metrics(const Request& request) const
{
    if (request.proxied)
        return false;
    if (const auto& from = m_settings.metrics_from)
        return std::find(from->begin(), from->end(), request.remote) != from->end();
    return m_settings.listener.public_url.empty() && called_locally(request) && (request.remote == "::1" || request.remote.starts_with("127."));
}

std::shared_ptr<Server::Access> Server::access() const
{
    const std::lock_guard lock(m_access_mutex);
    return m_access;
}

void Server::set_access(const access::AccessSettings& settings)
{
    auto fresh = std::make_shared<Access>(settings, &access()->authenticator);
    {
        const std::lock_guard lock(m_access_mutex);
        m_access = std::move(fresh);
    }
    // What roles meant before is no key of anything any more.
    {
        const std::lock_guard lock(m_mutex);
        m_models.clear();
    }
    tell_unused_patterns();
}

std::vector<std::string> Server::unused_patterns() const
{
    std::vector<std::shared_ptr<const project::ProjectModel>> models;
    for (const std::string& id : m_catalogue.project_ids())
        if (const auto project = m_catalogue.project(id))
            models.emplace_back(project, &project->model());
    return access::patterns_without_use(access()->settings, models);
}

void Server::tell_unused_patterns() const
{
    for (const std::string& pattern : unused_patterns())
        m_log.warning("no layer or field fits the setting " + pattern);
}

void Server::set_settings_fault(const base::Text& fault)
{
    const std::lock_guard lock(m_access_mutex);
    m_settings_fault = fault;
}

Response Server::handle(const Request& request)
{
    bool known = false;
    Response response = guarded(request, [&] {
        const std::shared_ptr<Access> access = this->access();
        const access::Identified who = access->authenticator.identify(request);
        known = who.outcome == access::Outcome::known;
        return known || who.outcome == access::Outcome::anonymous ? answer(request, *access, who) : refused(request, *access, who);
    }, [this](const std::string& line) { m_log.error(line); });
    finish(known, response);
    return response;
}

Response Server::refused(const Request& request, const Access& access, const access::Identified& who)
{
    switch (who.outcome) {
    case access::Outcome::in_query:
        return error_answer(request, 400, {"A key must not be part of the address; send it as header X-API-Key or as Basic password.",
                                           "Ein Schlüssel darf nicht in der Adresse stehen; bitte als Kopfzeile X-API-Key oder Basic-Passwort senden."});
    case access::Outcome::not_encrypted:
        return error_answer(request, 403, {"Keys, passwords and tokens are accepted over HTTPS only; treat this one as known to others.",
                                           "Schlüssel, Passwörter und Tokens werden nur über HTTPS angenommen; dieser kann nun anderen bekannt sein."});
    case access::Outcome::throttled:
        m_log.warning("too many wrong keys from " + shortened_address(request.remote));
        return slowed_down(request, {"Too many wrong keys; please wait a minute.", "Zu viele falsche Schlüssel; bitte eine Minute warten."}, "60");
    case access::Outcome::busy:
        return slowed_down(request, {"Too many people log in at this moment; please try again.", "Gerade melden sich zu viele an; bitte erneut versuchen."}, "2");
    default: break;
    }
    m_log.warning((who.by_token ? "refused token from " : "wrong key from ") + shortened_address(request.remote));
    if (who.by_token)
        return challenged(request, {"The token is not valid, or no longer.", "Das Token ist nicht oder nicht mehr gültig."}, token_challenge);
    if (access.authenticator.has_users())
        return challenged(request, {"The key, or the name with its password, is not known.", "Der Schlüssel oder der Name mit seinem Passwort ist nicht bekannt."});
    return challenged(request, {"The key is not known.", "Der Schlüssel ist nicht bekannt."});
}

Response Server::answer(const Request& request, const Access& access, const access::Identified& who)
{
    const bool known = who.outcome == access::Outcome::known;
    const bool takes_secrets = access.authenticator.takes_secrets_of(request);
    const access::Visitor visitor{access.authenticator.takes_passwords() && takes_secrets && !who.by_proxy, known, who.identity.name};
    if (is_for_visitors(request, "logout"))
        return logged_out(request, visitor);
    if (is_for_visitors(request, "login")) {
        if (!known && !takes_secrets)   // a browser would send the password at once
            return error_answer(request, 403, {"Logging in is possible over HTTPS only.", "Anmelden ist nur über HTTPS möglich."});
        if (!known && access.authenticator.has_users())
            return challenged(request, {"Please give your name and password, or a key as the password.",
                                        "Bitte Namen und Passwort angeben oder einen Schlüssel als Passwort."});
        if (!known)
            return challenged(request, {"Please give your key as the password; the user name does not matter.",
                                        "Bitte den Schlüssel als Passwort angeben; der Benutzername ist beliebig."});
        Response answer = plain(302, "");
        answer.set_header("Location", place_of_visit(request));
        return answer;
    }
    if (auto file = static_file(request))
        return std::move(*file);
    if (request.segments.empty())
        return list(request, access, who.identity, visitor);
    if (request.segments.size() == 1 && request.segments[0] == "admin" && is_admin(access.settings, who.identity)) {
        base::Text fault;
        {
            const std::lock_guard lock(m_access_mutex);
            fault = m_settings_fault;
        }
        base::RunContext run(0, request.stop);
        return admin_page(request, m_catalogue, m_settings, fault, unused_patterns(), visitor, run);
    }
    return project_face(request, access, who.identity, visitor);
}

std::optional<Response> Server::static_file(const Request& request) const
{
    if (request.segments.size() != 1)
        return std::nullopt;
    const std::string& name = request.segments[0];
    if (name != "stadtgdi.css" && name != "favicon.svg" && name != "favicon.ico" && name != "robots.txt")
        return std::nullopt;
    Response response;
    if (name == "stadtgdi.css")
        response = plain(200, std::string(style_sheet()), "text/css; charset=utf-8");
    else if (name == "robots.txt")
        response = plain(200, "User-agent: *\nDisallow: /*/ows\nDisallow: /*/wmts\nDisallow: /*/ogcapi/collections/*/items\nDisallow: /*/ogcapi/*tiles\n");
    else
        response = plain(200, std::string(icon_svg()), "image/svg+xml");
    response.set_header("Cache-Control", "public, max-age=3600");
    return response;
}

Response Server::list(const Request& request, const Access& access, const access::Identity& identity, const access::Visitor& visitor)
{
    std::vector<Model> models;
    base::RunContext run(0, request.stop);
    for (const std::string& id : m_catalogue.project_ids())
        if (const auto project = m_catalogue.project(id))
            if (auto model = visible_model(request, *project, access::RoleRights(access.settings, identity, id), run))
                models.push_back(std::move(model));
    Response response = project_list(request, models, m_settings, visitor);
    response.set_header("Vary", "Accept, Accept-Language");
    return response;
}

Server::Model Server::visible_model(const Request& request, const store::PublishedProject& project, const access::Rights& rights, base::RunContext& run)
{
    const std::string& id = project.model().id;
    const base::Language language = ows::language_of(request, project.model());
    const std::string place = id + "\n" + rights.key() + (language == base::Language::de ? "\nde" : "\nen");
    const std::string version = project.version() + "\n" + project.model().version;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_models.find(place); known != m_models.end() && known->second.first == version)
            return known->second.second;
    }
    auto model = std::make_shared<project::ProjectModel>(project::in_language(access::visible(project.model(), rights), language));
    for (const std::string& crs : m_settings.more_crs)
        if (std::find(model->offered_crs.begin(), model->offered_crs.end(), crs) == model->offered_crs.end())
            model->offered_crs.push_back(crs);
    const bool complete = store::narrow_extents(*model, project, run);
    // A project of which nothing may be seen is not there: its title could tell as much as its layers.
    Model seen = model->layers.empty() && !project.model().layers.empty() ? nullptr : std::move(model);
    const std::lock_guard lock(m_mutex);
    if (complete)
        m_models[place] = {version, seen};
    return seen;
}

Response Server::project_face(const Request& request, const Access& access, const access::Identity& identity, const access::Visitor& visitor)
{
    const std::string& id = request.segments[0];
    const auto project = m_catalogue.project(id);
    const auto not_there = [&] {  // the same for what one may not see
        return m_catalogue.ready() ? error_answer(request, 404, nothing_here, visitor)
                                   : error_answer(request, 503, {"Not all projects have been read yet; please try again in a moment.",
                                                                 "Noch sind nicht alle Projekte gelesen; bitte gleich noch einmal versuchen."}, visitor);
    };
    if (!project)
        return not_there();
    access::RoleRights rights(access.settings, identity, id);
    base::RunContext run(0, request.stop);
    Model model = visible_model(request, *project, rights, run);
    if (!model)
        return not_there();
    const std::string project_url = request.base_url + "/" + http::percent_encoded(id);
    if (request.segments.size() == 1) {
        Response response = plain(302, "");
        response.set_header("Location", project_url + "/map");
        return response;
    }
    const std::string& face = request.segments[1];
    static const std::function<Response(const ows::FaceContext&)> none;
    const auto& handler = is_for_tiles(request)                             ? m_faces.tiles
                          : face == "ows" && request.segments.size() == 2 ? m_faces.ows
                          : face == "ogcapi"                              ? m_faces.features
                          : face == "map"                                 ? m_faces.map
                                                                          : none;
    if (!handler)
        return error_answer(request, 404, nothing_here, visitor);
    // Shared with the stream of the answer, which looks at all of it until its last piece.
    const auto seen = std::make_shared<Seen>(request, project, std::move(rights), std::move(model), m_settings.limits, project_url, visitor, m_turns);
    Response response = handler(seen->context);
    if (response.stream)
        response.stream = [seen, stream = std::move(response.stream)](std::string& piece) { return stream(piece); };
    return response;
}

void Server::finish(bool known, Response& response) const
{
    const auto has = [&](std::string_view name) {
        return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& header) { return header.first == name; });
    };
    const auto vary = [&](const std::string& more) {
        std::string all;
        for (const auto& [name, value] : response.headers)
            if (name == "Vary")
                all = value + ", ";
        response.set_header("Vary", all + more);
    };
    // Whole answers that no face gave a tag: clients need not fetch again what has not changed.
    if (response.status == 200 && !response.stream && response.etag.empty())
        response.etag = http::tag_of(response.bytes());
    if (access()->authenticator.knows_anybody())
        vary("Authorization, X-API-Key");
    response.personal = known;
    if (known) {
        // Whatever a face said: no shared cache keeps what a role may see. Its own time stays.
        std::string rule = "private";
        for (const auto& [name, value] : response.headers)
            if (const auto age = value.find(", max-age="); name == "Cache-Control" && age != std::string::npos)
                rule += value.substr(age);
        response.set_header("Cache-Control", rule);
    }
    if (response.content_type.starts_with("text/html") || response.content_type.starts_with("application/xhtml")) {
        if (!has("Content-Security-Policy"))
            response.set_header("Content-Security-Policy", content_security_policy);
        response.set_header("Referrer-Policy", "same-origin");
    }
}

}  // namespace stadtgdi::server
