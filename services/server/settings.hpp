// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/http/listener.hpp>
#include <services/ows/face.hpp>
#include <services/store/store_settings.hpp>
#include <optional>

namespace stadtgdi::server {

/// How much of a request's query stands in the access log: filters and boxes can tell about people.
enum class LoggedQuery { none, main, full };   // main: what was asked for, without boxes, filters and positions

struct LogSettings {
    std::string level = "info";                ///< debug, info, warning, error
    bool access = true;                        ///< a line for each answer
    LoggedQuery query = LoggedQuery::main;
    bool full_addresses = false;               ///< else the last octet (IPv4), the last 80 bits (IPv6) are zero
    std::string file;                          ///< a new one each day; empty: stderr
    int keep_days = 7;
};

/// Everything that can be set, from a TOML file; what is not in the file has these defaults. docs/security.md explains them.
struct Settings {
    base::Text title{"City geodata services", "Geodatendienste der Stadt"};
    std::string imprint_url, privacy_url;      ///< links at the foot of the pages (Impressum, Datenschutz)
    http::ListenerOptions listener;
    std::chrono::seconds shutdown_time{10};    ///< for requests in flight
    int render_threads = 0;                    ///< 0: one a core
    ows::ServiceLimits limits;
    std::vector<std::string> more_crs;         ///< offered beside those of the project and of every service of ours
    store::StoreSettings store;                ///< projects, memory, classes of sources
    access::AccessSettings access;
    /// Addresses that may read /metrics; not set: the machine itself, by an address of its own and without public_url.
    std::optional<std::vector<std::string>> metrics_from;
    int maps_for_one = 0;                      ///< maps drawn at the same time for one address; 0: as many as render threads
    LogSettings log;
};

/// Error(not_found) for a missing file, Error(bad_data) for text that is not TOML (with line), Error(invalid_argument) that
/// names the key, what was found and what is expected; unknown keys too, since a mistyped limit must not be ignored.
Settings read_settings(const std::string& path);
Settings parse_settings(std::string_view toml, const std::string& name = "settings");

/// "127.0.0.1:8080", "[::1]:8080", ":8080" (every address), "8080"; Error(invalid_argument).
void set_listen(http::ListenerOptions& options, const std::string& listen);

}  // namespace stadtgdi::server
