// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/settings.hpp>

#include <layers/crs/crs.hpp>
#include <services/server/access_reader.hpp>
#include <services/server/toml_reader.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace stadtgdi::server {

namespace {

using detail::disclosure;
using detail::TomlReader;

constexpr std::int64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

void seconds(TomlReader& table, const char* key, std::chrono::milliseconds& to, std::int64_t most)
{
    std::int64_t value = to.count() / 1000;
    table.integer(key, value, 1, most);
    to = std::chrono::seconds(value);
}

bool is_address(const std::string& text)
{
    in6_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

/// "https://maps.example.de" or "http://localhost:3000" as browsers write them: lower case, without path.
bool is_origin(std::string_view text)
{
    std::string_view host;
    for (const std::string_view scheme : {"https://", "http://"})
        if (text.starts_with(scheme))
            host = text.substr(scheme.size());
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
    });
}

void read_server(TomlReader& table, Settings& settings)
{
    http::ListenerOptions& listener = settings.listener;
    std::string listen;
    table.text("listen", listen);
    if (!listen.empty())
        set_listen(listener, listen);
    table.text("public_url", listener.public_url);
    const std::string& url = listener.public_url;
    const bool good_url = (url.starts_with("http://") || url.starts_with("https://")) && url.find_first_of(" \"<>?#\r\n") == std::string::npos;
    if (!url.empty() && !good_url)
        table.refuse("public_url", {"an address without query, \"https://gdi.example.de/maps\"", "eine Adresse ohne Abfrage, \"https://gdi.example.de/karten\""});
    table.texts("trusted_proxies", listener.trusted_proxies);
    for (const std::string& proxy : listener.trusted_proxies)
        if (!is_address(proxy))
            table.refuse("trusted_proxies", {"IP addresses, [\"127.0.0.1\", \"::1\"]", "IP-Adressen, [\"127.0.0.1\", \"::1\"]"});
    table.texts("origins", listener.origins);
    for (const std::string& origin : listener.origins)
        if (!is_origin(origin))
            table.refuse("origins", {"origins of web pages without path, [\"https://maps.example.de\"]", "Herkünfte von Webseiten ohne Pfad, [\"https://karten.example.de\"]"});
    table.number("io_threads", listener.io_threads, 1, 64);
    table.number("workers", listener.workers, 0, 1024);
    table.number("render_threads", settings.render_threads, 0, 256);
    table.number("gzip_level", listener.compression.gzip, 0, 9);
    table.number("brotli_quality", listener.compression.brotli, 0, 11);
    const std::vector<std::string> unset{""};
    std::vector<std::string> metrics_from = unset;
    table.texts("metrics_from", metrics_from);
    if (metrics_from != unset)
        settings.metrics_from = std::move(metrics_from);
}

void read_pages(TomlReader& table, Settings& settings)
{
    table.text("title_en", settings.title.en);
    table.text("title_de", settings.title.de);
    table.text("imprint_url", settings.imprint_url);
    table.text("privacy_url", settings.privacy_url);
    for (const auto& [key, url] : {std::pair{"imprint_url", &settings.imprint_url}, std::pair{"privacy_url", &settings.privacy_url}})
        if (!url->empty() && !url->starts_with("https://") && !url->starts_with("http://") && !url->starts_with("mailto:"))
            table.refuse(key, {"a web address", "eine Webadresse"});
}

void read_limits(TomlReader& table, Settings& settings)
{
    http::ListenerOptions& listener = settings.listener;
    ows::ServiceLimits& limits = settings.limits;
    table.number("connections", listener.max_connections, 1, 100'000);
    table.number("waiting_requests", listener.max_waiting, 1, 100'000);
    table.number("requests_per_address", listener.most_for_one, 0, 1024);
    table.number("maps_per_address", settings.maps_for_one, 0, 256);
    table.number("header_bytes", listener.header_bytes, 1 * kib, 1 * mib);
    table.number("url_bytes", listener.target.bytes, 256, 1 * mib);
    table.number("url_parameters", listener.target.parameters, 10, 100'000);
    table.number("body_bytes", listener.body_bytes, 1 * kib, 1 * gib);
    seconds(table, "idle_seconds", listener.idle_timeout, 3600);
    seconds(table, "header_seconds", listener.header_timeout, 600);
    seconds(table, "body_seconds", listener.body_timeout, 3600);
    seconds(table, "write_seconds", listener.write_timeout, 3600);
    seconds(table, "request_seconds", listener.request_timeout, 86400);
    std::int64_t shutdown = settings.shutdown_time.count();
    table.integer("shutdown_seconds", shutdown, 1, 3600);
    settings.shutdown_time = std::chrono::seconds(shutdown);
    table.number("map_width", limits.max_width, 16, 32768);
    table.number("map_height", limits.max_height, 16, 32768);
    table.number("map_dpi", limits.max_dpi, 72, 2400);
    table.number("features", limits.max_features, 1, std::numeric_limits<std::int64_t>::max());
    table.number("file_bytes", limits.max_file_bytes, 1 * mib, std::numeric_limits<std::int64_t>::max());
    table.number("items_default", limits.default_items, 1, 1'000'000);
    table.number("items", limits.max_items, 1, 10'000'000);
    table.number("tile_features", limits.tile_features, 1, 10'000'000);
    table.number("tile_bytes", limits.vector_tile_bytes, 1 * kib, 1 * gib);
    if (limits.default_items > limits.max_items)
        table.refuse("items_default", {"not more than limits.items", "nicht mehr als limits.items"});
}

void read_crs(TomlReader& table, Settings& settings)
{
    table.texts("additional", settings.more_crs);
    for (std::string& code : settings.more_crs) {
        try {
            code = crs::normalized(code);
        } catch (const Error& error) {
            table.refuse("additional", error.message());
        }
    }
}

void read_cache(TomlReader& table, Settings& settings)
{
    store::StoreSettings& store = settings.store;
    constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
    table.integer("rows_per_layer", store.max_snapshot_rows, 0, any);
    table.number("bytes_per_layer", store.max_snapshot_bytes, 0, any);
    table.number("coordinate_bytes", store.max_coordinate_bytes, 0, any);
    table.flag("read_ahead", store.read_ahead);
    std::int64_t poll = store.poll.count();
    table.integer("look_for_changes_ms", poll, 50, 3'600'000);
    store.poll = std::chrono::milliseconds(poll);
    table.number("bytes_of_tiles", settings.limits.tile_cache_bytes, 0, any);
    table.number("tile_seconds", settings.limits.tile_seconds, 0, 31'536'000);
}

void read_disclosure(TomlReader& table, project::DisclosureSettings& settings)
{
    std::string other;
    table.text("other_sources", other);
    if (!other.empty())
        settings.other = disclosure(table, "other_sources", other);
    table.tables("sources", [&](TomlReader& source, const std::string&) {
        project::SourceRule rule;
        std::string name;
        source.text("contains", rule.contains);
        source.text("class", name);
        if (rule.contains.empty())
            source.refuse("contains", {"a part of the data source's path or connection", "ein Teil des Pfads oder der Verbindung der Datenquelle"});
        rule.disclosure = disclosure(source, "class", name);
        settings.rules.push_back(std::move(rule));
    });
}

/// Relative to the folder of the settings file.
void read_project_file(TomlReader& table, const std::filesystem::path& folder, std::vector<store::ProjectFile>& projects)
{
    store::ProjectFile project;
    table.text("file", project.path);
    table.text("id", project.id);
    if (!project.path.ends_with(".qgz") && !project.path.ends_with(".qgs"))
        table.refuse("file", {"a QGIS project, FILE.qgz or FILE.qgs", "ein QGIS-Projekt, DATEI.qgz oder DATEI.qgs"});
    if (project.id.find_first_of("/\\?#\n") != std::string::npos || project.id.starts_with('.'))
        table.refuse("id", {"a name for addresses, without / and ?", "ein Name für Adressen, ohne / und ?"});
    project.path = (folder / project.path).string();
    projects.push_back(std::move(project));
}

void read_log(TomlReader& table, LogSettings& log)
{
    table.choice("level", {"debug", "info", "warning", "error"}, log.level);
    table.flag("access", log.access);
    std::string query = "main";
    table.choice("query", {"none", "main", "full"}, query);
    log.query = query == "none" ? LoggedQuery::none : query == "full" ? LoggedQuery::full : LoggedQuery::main;
    table.flag("full_addresses", log.full_addresses);
    table.text("file", log.file);
    table.number("keep_days", log.keep_days, 1, 3650);
}

}  // namespace

void set_listen(http::ListenerOptions& options, const std::string& listen)
{
    const std::size_t colon = listen.rfind(':');
    std::string host = colon == std::string::npos ? options.host : listen.substr(0, colon);
    const std::string port = colon == std::string::npos ? listen : listen.substr(colon + 1);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        host = "?";   // IPv6 without brackets: where does the port begin?
    if (host.empty())
        host = "0.0.0.0";
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    const bool good_host = host.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos || host == "localhost";
    if (error != std::errc() || end != port.data() + port.size() || number > 65535 || !good_host)
        throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' is no address to listen on; expected HOST:PORT, for instance 127.0.0.1:8080 or [::1]:8080.",
                                                               "'{0}' ist keine Adresse zum Lauschen; erwartet wird HOST:PORT, zum Beispiel 127.0.0.1:8080 oder [::1]:8080."}, listen));
    options.host = host;
    options.port = static_cast<std::uint16_t>(number);
}

Settings parse_settings(std::string_view toml, const std::string& name)
{
    toml::table root;
    try {
        root = toml::parse(toml, name);
    } catch (const toml::parse_error& error) {
        const auto begin = error.source().begin;
        throw Error(ErrorKind::invalid_argument, base::filled({"{0}, line {1}, column {2} is not valid TOML: {3}.", "{0}, Zeile {1}, Spalte {2} ist kein gültiges TOML: {3}."}, name,
                                                      std::to_string(begin.line), std::to_string(begin.column), std::string(error.description())));
    }
    Settings settings;
    TomlReader reader(root, "");
    reader.table("server", [&](TomlReader& table) { read_server(table, settings); });
    reader.table("pages", [&](TomlReader& table) { read_pages(table, settings); });
    reader.table("limits", [&](TomlReader& table) { read_limits(table, settings); });
    reader.table("crs", [&](TomlReader& table) { read_crs(table, settings); });
    reader.table("cache", [&](TomlReader& table) { read_cache(table, settings); });
    reader.table("disclosure", [&](TomlReader& table) { read_disclosure(table, settings.store.reading.disclosure); });
    reader.table("access", [&](TomlReader& table) { detail::read_access(table, settings.access); });
    if (!settings.access.proxy.header.empty() && settings.listener.trusted_proxies.empty())
        throw Error(ErrorKind::invalid_argument, {"Setting 'access.proxy.header' is for the proxies of 'server.trusted_proxies', of which there are none.",
                                                  "Einstellung 'access.proxy.header' gilt für die Proxys von 'server.trusted_proxies', und dort steht keiner."});
    const std::filesystem::path folder = std::filesystem::path(name).parent_path();
    reader.tables("projects", [&](TomlReader& table, const std::string&) { read_project_file(table, folder, settings.store.projects); });
    reader.table("log", [&](TomlReader& table) { read_log(table, settings.log); });
    reader.finish();
    return settings;
}

Settings read_settings(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorKind::not_found, base::filled({"The settings file '{0}' cannot be read.", "Die Einstellungsdatei '{0}' lässt sich nicht lesen."}, path));
    std::ostringstream text;
    text << file.rdbuf();
    return parse_settings(text.str(), path);
}

}  // namespace stadtgdi::server
