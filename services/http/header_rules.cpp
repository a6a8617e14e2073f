// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/header_rules.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <vector>

namespace stadtgdi::http {

namespace {

constexpr std::size_t max_headers = 100;
constexpr std::array<std::string_view, 8> only_once = {"authorization", "content-length", "content-type", "host", "if-none-match",
                                                       "transfer-encoding", "x-api-key", "x-forwarded-host"};

bool is_host(std::string_view host)
{
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
    });
}

/// An IP address without the port that some proxies write behind it ("203.0.113.9:40001", "[2001:db8::1]:40001"); empty: none.
std::string address_of(std::string text)
{
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text.resize(text.find(':'));
    in6_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1 ? text : std::string();
}

/// Of all headers of a name, in order; without blanks.
std::vector<std::string> list_of(const Request& request, std::string_view name)
{
    std::vector<std::string> entries;
    for (const auto& [header, value] : request.headers) {
        if (header != name)
            continue;
        for (std::size_t begin = 0; begin <= value.size();) {
            const std::size_t end = std::min(value.find(',', begin), value.size());
            std::string entry = value.substr(begin, end - begin);
            entry.erase(0, entry.find_first_not_of(" \t"));
            entry.erase(entry.find_last_not_of(" \t") + 1);
            entries.push_back(std::move(entry));
            begin = end + 1;
        }
    }
    return entries;
}

/// Each proxy writes down at the end who asked it: from there back to the first that is none of ours. What stands before it may be invented.
std::string client_before(const Request& request, const std::vector<std::string>& trusted)
{
    std::string client = request.remote;
    const std::vector<std::string> path = list_of(request, "x-forwarded-for");
    for (auto entry = path.rbegin(); entry != path.rend(); ++entry) {
        const std::string address = address_of(*entry);
        if (address.empty())
            break;
        client = address;
        if (std::find(trusted.begin(), trusted.end(), client) == trusted.end())
            break;
    }
    return client;
}

bool is_chunked(std::string_view value)
{
    constexpr std::string_view chunked = "chunked";
    return std::equal(value.begin(), value.end(), chunked.begin(), chunked.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

std::optional<Refusal> check_headers(const Request& request, int http_minor)
{
    if (request.headers.size() > max_headers)
        return Refusal{431, {"The request has more than 100 headers.", "Die Anfrage hat mehr als 100 Kopfzeilen."}};
    for (const std::string_view name : only_once) {
        const auto count = std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& header) { return header.first == name; });
        if (count > 1)
            return Refusal{400, base::filled({"The header '{0}' must stand only once.", "Die Kopfzeile '{0}' darf nur einmal stehen."}, name)};
    }
    const std::string transfer = request.header("transfer-encoding");
    if (!transfer.empty()) {
        if (http_minor == 0 || !request.header("content-length").empty())
            return Refusal{400, {"Transfer-Encoding contradicts the rest of the header.", "Transfer-Encoding widerspricht dem übrigen Kopf."}};
        if (!is_chunked(transfer))
            return Refusal{501, {"Only Transfer-Encoding: chunked is understood.", "Nur Transfer-Encoding: chunked wird verstanden."}};
    }
    const std::string length = request.header("content-length");
    if (length.find_first_not_of("0123456789") != std::string::npos)
        return Refusal{400, {"Content-Length is not a number.", "Content-Length ist keine Zahl."}};
    const std::string host = request.header("host");
    if (host.empty() && http_minor > 0)
        return Refusal{400, {"The header 'Host' is missing.", "Die Kopfzeile 'Host' fehlt."}};
    if (!host.empty() && !is_host(host))
        return Refusal{400, {"The header 'Host' is not a host name.", "Die Kopfzeile 'Host' ist kein Rechnername."}};
    const std::string coding = request.header("content-encoding");
    if (!coding.empty() && coding != "identity")
        return Refusal{415, {"Bodies must be sent without Content-Encoding.", "Inhalte müssen ohne Content-Encoding gesendet werden."}};
    return std::nullopt;
}

void find_base_url(const BaseUrlOptions& options, Request& request)
{
    request.proxied = !request.header("forwarded").empty() || !request.header("x-forwarded-for").empty() || !request.header("x-real-ip").empty();
    std::string scheme = "http";
    std::string host = request.header("host");
    const auto& trusted = options.trusted_proxies;
    request.from_trusted_proxy = std::find(trusted.begin(), trusted.end(), request.remote) != trusted.end();
    if (request.from_trusted_proxy) {
        request.remote = client_before(request, trusted);
        const auto schemes = list_of(request, "x-forwarded-proto");
        request.encrypted = schemes.empty() ? options.public_url.starts_with("https://") : schemes.back() == "https";
        if (!schemes.empty() && request.encrypted)
            scheme = "https";
        if (const std::string forwarded = request.header("x-forwarded-host"); is_host(forwarded))
            host = forwarded;
    }
    if (!options.public_url.empty())
        request.base_url = options.public_url;
    else
        request.base_url = scheme + "://" + (host.empty() ? options.own_address : host);
    while (request.base_url.ends_with('/'))
        request.base_url.pop_back();
}

}  // namespace stadtgdi::http
