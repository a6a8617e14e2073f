// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stadtgdi::http {

/// One request as plain values; knows no OGC. Names of headers are lower case; path segments and parameters are
/// percent-decoded and valid UTF-8 (others were refused with 400 before).
struct Request {
    std::string method;                                            ///< GET, HEAD, POST, OPTIONS
    std::string path;                                              ///< decoded, without query
    std::vector<std::string> segments;                             ///< of the path, without empty ones
    std::vector<std::pair<std::string, std::string>> parameters;   ///< of the query, in order, names as sent
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string base_url;   ///< "https://gdi.example.de/maps": public base from the settings, else scheme and Host; no slash at the end
    std::string remote;     ///< address of the client, for throttling and the (shortened) log

    /// Case-insensitive; the first one.
    std::optional<std::string> parameter(std::string_view name) const;
    std::string header(std::string_view lower_case_name) const;
};

/// Gives the next piece of a body; false: there is no more (the piece is not sent). Called on a worker thread, one call at a
/// time; destroyed when the client has gone.
using BodyStream = std::function<bool(std::string& piece)>;

struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<const std::string> shared_body;  // a body kept by its maker (capabilities, static files), sent instead of `body`
    BodyStream stream;                               ///< used instead of `body` where set; sent chunked
    std::string etag;                                ///< without quotes; the listener answers 304 and adds the header
    bool compressible = true;                        ///< false for images

    void set_header(std::string name, std::string value);
};

using Handler = std::function<Response(const Request&)>;

/// "a b/ü" -> "a%20b%2F%C3%BC"
std::string percent_encoded(std::string_view text);
std::string html_escaped(std::string_view text);
std::string xml_escaped(std::string_view text);   ///< also drops characters XML 1.0 forbids

}  // namespace stadtgdi::http
