// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/authenticator.hpp>
#include <services/http/listener.hpp>
#include <services/server/access_log.hpp>
#include <services/server/map_turns.hpp>
#include <services/server/metrics.hpp>
#include <services/server/settings.hpp>
#include <services/store/published_project.hpp>
#include <atomic>
#include <memory>
#include <mutex>

namespace stadtgdi::server {

/// What answers below /{project}/; called with everything that the request may look at.
struct Faces {
    std::function<http::Response(const ows::FaceContext&)> ows;        ///< /{project}/ows
    std::function<http::Response(const ows::FaceContext&)> features;   ///< /{project}/ogcapi/...
    std::function<http::Response(const ows::FaceContext&)> map;        ///< /{project}/map/...
    std::function<http::Response(const ows::FaceContext&)> tiles = {}; ///< /{project}/wmts/... and tiles below /{project}/ogcapi
};

/// Routes: / (list of projects), /{project} (to its map), /{project}/ows, /{project}/ogcapi, /{project}/map, /login and
/// /{project}/login (asks for a key), .../logout (makes the browser forget it), /admin (for roles that may), /healthz, /readyz, /metrics. Finds out who asks and what may be seen before any face is called, and is where every error ends.
///     Server server(settings, catalogue, faces, log);
///     http::Listener listener(settings.listener, server.calls());
class Server {
public:
    Server(const Settings& settings, const store::Catalogue& catalogue, Faces faces, Log& log);

    http::Response handle(const http::Request& request);
    std::optional<http::Response> quick(const http::Request& request);
    http::ListenerCalls calls();
    /// Where /metrics finds connections, queue and starts.
    void set_load(std::function<Metrics::Load()> load) { m_load = std::move(load); }
    /// Holds for requests that come from now on.
    void set_access(const access::AccessSettings& settings);
    /// Names layers and fields of the settings that no project has, in the log.
    void tell_unused_patterns() const;
    /// What is wrong with the settings as they stand in the file now, for /admin; empty: nothing.
    void set_settings_fault(const base::Text& fault);

private:
    /// Who is known and what roles mean: what can be changed while requests are answered.
    struct Access {
        access::AccessSettings settings;
        access::Authenticator authenticator;
        explicit Access(const access::AccessSettings& s, const access::Authenticator* before = nullptr) : settings(s), authenticator(s, before) {}
    };
    /// A project as one request sees it; lives until the answer and its stream are gone.
    struct Seen;
    using Model = std::shared_ptr<const project::ProjectModel>;   // shared by all requests with the same rights in one language

    std::vector<std::string> unused_patterns() const;
    std::shared_ptr<Access> access() const;   // of one moment; shared with the requests that began with it
    http::Response answer(const http::Request& request, const Access& access, const access::Identified& who);
    http::Response refused(const http::Request& request, const Access& access, const access::Identified& who);
    http::Response list(const http::Request& request, const Access& access, const access::Identity& identity, const access::Visitor& visitor);
    http::Response project_face(const http::Request& request, const Access& access, const access::Identity& identity, const access::Visitor& visitor);
    /// nullptr: to this client the project does not exist.
    Model visible_model(const http::Request& request, const store::PublishedProject& project, const access::Rights& rights, base::RunContext& run);
    std::optional<http::Response> static_file(const http::Request& request) const;
    bool may_read_metrics(const http::Request& request) const;
    void finish(bool known, http::Response& response) const;

    const Settings& m_settings;
    const store::Catalogue& m_catalogue;
    Faces m_faces;
    Log& m_log;
    Metrics m_metrics;
    MapTurns m_turns;
    std::function<Metrics::Load()> m_load;

    mutable std::mutex m_access_mutex;
    std::shared_ptr<Access> m_access;
    base::Text m_settings_fault;
    std::mutex m_mutex;
    std::map<std::string, std::pair<std::string, Model>> m_models;   // by project, rights and language: version, visible model
};

}  // namespace stadtgdi::server
