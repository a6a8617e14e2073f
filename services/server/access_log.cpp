// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/access_log.hpp>

#include <layers/base/error.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <spdlog/sinks/daily_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace stadtgdi::server {

namespace {

// What was asked for, not where or about whom.
constexpr std::array<std::string_view, 22> harmless = {"service", "request",  "version", "layers",       "layer",  "query_layers", "styles", "style",
                                                       "crs",     "srs",      "srsname", "format",       "width",  "height",       "info_format",
                                                       "typenames", "typename", "outputformat", "count", "startindex", "f",        "limit"};

std::string lower_case(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    return text;
}

std::string one_line(std::string_view text)
{
    static constexpr char digits[] = "0123456789abcdef";
    constexpr std::size_t longest = 2000;
    std::string line;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            line += c;
        } else {
            line += "\\x";
            line += digits[byte >> 4];
            line += digits[byte & 15];
        }
    }
    return text.size() > longest ? line + "..." : line;
}

}  // namespace

std::string shortened_address(const std::string& address)
{
    char text[INET6_ADDRSTRLEN];
    in_addr v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
        v4.s_addr &= htonl(0xffffff00);
        return inet_ntop(AF_INET, &v4, text, sizeof text);
    }
    in6_addr v6{};
    if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) {
        std::fill(v6.s6_addr + 6, v6.s6_addr + 16, std::uint8_t{0});
        return inet_ntop(AF_INET6, &v6, text, sizeof text);
    }
    return "-";
}

std::string logged_target(const http::Request& request, LoggedQuery query)
{
    std::string target = one_line(request.path.empty() ? "-" : request.path);
    if (query == LoggedQuery::none)
        return target;
    char separator = '?';
    for (const auto& [name, value] : request.parameters) {
        const std::string known = lower_case(name);
        const bool is_key = known.find("key") != std::string::npos || known.find("token") != std::string::npos || known.find("password") != std::string::npos;
        const bool is_harmless = std::find(harmless.begin(), harmless.end(), known) != harmless.end();
        if (is_key || (query == LoggedQuery::main && !is_harmless))
            continue;
        target += separator;
        target += http::percent_encoded(std::string_view(name).substr(0, 100)) + "=" + http::percent_encoded(std::string_view(value).substr(0, 200));
        separator = '&';
    }
    return target;
}

Log::Log(const LogSettings& settings) : m_settings(settings)
{
    try {
        if (settings.file.empty())
            m_logger = std::make_shared<spdlog::logger>("stadtgdi", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        else
            m_logger = std::make_shared<spdlog::logger>(
                "stadtgdi", std::make_shared<spdlog::sinks::daily_file_sink_mt>(settings.file, 0, 0, false, static_cast<std::uint16_t>(settings.keep_days)));
    } catch (const spdlog::spdlog_ex&) {
        throw Error(ErrorKind::io, base::filled({"The log file '{0}' (setting log.file) cannot be written.",
                                                 "Die Protokolldatei '{0}' (Einstellung log.file) lässt sich nicht schreiben."}, settings.file));
    }
    m_logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    m_logger->set_level(settings.level == "debug" ? spdlog::level::debug : settings.level == "warning" ? spdlog::level::warn
                        : settings.level == "error" ? spdlog::level::err : spdlog::level::info);
    m_logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(m_logger);   // for the rooms that log by themselves
}

Log::~Log() = default;

void Log::debug(const std::string& text)
{
    m_logger->debug("{}", one_line(text));
}

void Log::info(const std::string& text)
{
    m_logger->info("{}", one_line(text));
}

void Log::warning(const std::string& text)
{
    m_logger->warn("{}", one_line(text));
}

void Log::error(const std::string& text)
{
    m_logger->error("{}", one_line(text));
}

void Log::answer(const http::Exchange& exchange)
{
    if (!m_settings.access)
        return;
    const http::Request& request = exchange.request;
    // Health checks come every few seconds for years: only where somebody looks closely.
    const bool is_health = request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
    m_logger->log(is_health ? spdlog::level::debug : spdlog::level::info, "{} {} {} {} {} bytes {:.1f} ms{}", m_settings.full_addresses ? one_line(request.remote) : shortened_address(request.remote),
                   one_line(request.method.empty() ? "-" : request.method), logged_target(request, m_settings.query), exchange.status, exchange.body_bytes,
                   static_cast<double>(exchange.duration.count()) / 1000.0, exchange.complete ? "" : " broken off");
}

}  // namespace stadtgdi::server
