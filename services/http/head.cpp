// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/head.hpp>

#include <services/http/content_coding.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iterator>

namespace stadtgdi::http {

namespace {

constexpr const char* day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void add_line(std::string& head, std::string_view name, std::string_view value)
{
    head += name;
    head += ": ";
    // Last guard against split answers: whatever wrote the header, a line stays one line.
    std::copy_if(value.begin(), value.end(), std::back_inserter(head), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    head += "\r\n";
}

}  // namespace

std::string http_date(std::time_t when)
{
    std::tm utc{};
    gmtime_r(&when, &utc);
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", day_names[utc.tm_wday], utc.tm_mday, month_names[utc.tm_mon], utc.tm_year + 1900,
                  utc.tm_hour, utc.tm_min, utc.tm_sec);
    return text;
}

std::optional<std::time_t> read_http_date(std::string_view text)
{
    if (text.size() != 29)
        return std::nullopt;
    const auto number = [text](std::size_t at, std::size_t digits) {
        int value = 0;
        std::from_chars(text.data() + at, text.data() + at + digits, value);
        return value;
    };
    const auto month = std::find(std::begin(month_names), std::end(month_names), text.substr(8, 3)) - std::begin(month_names) + 1;
    const std::chrono::year_month_day date{std::chrono::year(number(12, 4)), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(number(5, 2)))};
    if (!date.ok())
        return std::nullopt;
    const std::time_t when = std::chrono::sys_days(date).time_since_epoch().count() * std::time_t{86400} + number(17, 2) * 3600 + number(20, 2) * 60 + number(23, 2);
    return http_date(when) == text ? std::optional(when) : std::nullopt;  // whatever else is wrong is not written so
}

std::string_view reason_of(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return status < 400 ? "OK" : "Error";
    }
}

std::string head_of(const Response& response, const Framing& framing)
{
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head += reason_of(response.status);
    head += "\r\n";
    add_line(head, "Date", http_date(std::time(nullptr)));
    add_line(head, "Server", "StadtGDI");
    const bool has_body = response.status != 204 && response.status != 304;
    if (has_body && !response.content_type.empty())
        add_line(head, "Content-Type", response.content_type);
    if (has_body && framing.length)
        add_line(head, "Content-Length", std::to_string(*framing.length));
    if (framing.chunked)
        add_line(head, "Transfer-Encoding", "chunked");
    if (framing.coding != Coding::identity)
        add_line(head, "Content-Encoding", name_of(framing.coding));
    if (!response.etag.empty()) {
        std::string tag(1, '"');
        tag += response.etag;
        tag += etag_suffix_of(framing.coding);
        tag += '"';
        add_line(head, "ETag", tag);
    }
    std::string vary = framing.varies ? "Accept-Encoding" : "";
    const auto varies_by = [&](std::string_view what) {
        vary += vary.empty() ? "" : ", ";
        vary += what;
    };
    for (const auto& [name, value] : response.headers) {
        if (name == "Vary")
            varies_by(value);
        else
            add_line(head, name, value);
    }
    if (framing.pages.varies)
        varies_by("Origin");
    if (!vary.empty())
        add_line(head, "Vary", vary);
    if (!framing.pages.origin.empty()) {
        add_line(head, "Access-Control-Allow-Origin", framing.pages.origin);
        if (framing.pages.with_credentials())
            add_line(head, "Access-Control-Allow-Credentials", "true");
        add_line(head, "Access-Control-Expose-Headers", "ETag, Link, OGC-NumberMatched, OGC-NumberReturned, Retry-After, Content-Crs");
    }
    add_line(head, "X-Content-Type-Options", "nosniff");
    add_line(head, "Connection", framing.keep_alive ? "keep-alive" : "close");
    head += "\r\n";
    return head;
}

}  // namespace stadtgdi::http
