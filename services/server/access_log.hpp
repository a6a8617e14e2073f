// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/listener.hpp>
#include <services/server/settings.hpp>
#include <memory>

namespace spdlog {
class logger;
}

namespace stadtgdi::server {

/// "192.0.2.17" -> "192.0.2.0"; IPv6: the last 80 bits zero. Anything else: "-".
std::string shortened_address(const std::string& address);

/// Path and query as they may stand in the log, without control characters, keys and, where `query` says so, without what
/// can tell about people.
std::string logged_target(const http::Request& request, LoggedQuery query);

/// The log of the process: one line for each event, nothing in it can forge another line. Any thread.
class Log {
public:
    explicit Log(const LogSettings& settings);
    ~Log();
    void debug(const std::string& text);
    void info(const std::string& text);
    void warning(const std::string& text);
    void error(const std::string& text);
    void answer(const http::Exchange& exchange);

private:
    LogSettings m_settings;
    std::shared_ptr<spdlog::logger> m_logger;   // spdlog's sinks are shared by design
};

}  // namespace stadtgdi::server
