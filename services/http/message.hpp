// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stadtgdi::http {

/// One request as plain values; knows no OGC. Names of headers are lower case; path segments and parameters are
/// percent-decoded and valid UTF-8 (others were refused with 400 before).
struct Request {
    std::string method;                                            ///< GET or POST (HEAD arrives as GET, the listener answers OPTIONS)
    std::string path;                                              ///< decoded, without query
    std::vector<std::string> segments;                             ///< of the path, without empty ones
    std::vector<std::pair<std::string, std::string>> parameters;   ///< of the query, in order, names as sent
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string base_url;   ///< "https://gdi.example.de/maps": public base from the settings, else scheme and Host; no slash at the end
    std::string remote;     ///< address of the client, for throttling and the (shortened) log
    std::string target;     ///< as sent: path and query, for the log
    bool encrypted = false; ///< a trusted proxy has taken it over HTTPS
    bool proxied = false;   ///< came through a proxy: Forwarded or X-Forwarded-For was there
    bool from_trusted_proxy = false;   ///< the peer is one of the trusted proxies: what its headers say of the client is believed
    std::stop_token stop;   ///< asked for when the client has gone, the deadline has passed or the server ends

    /// Case-insensitive; the first one.
    std::optional<std::string> parameter(std::string_view name) const;
    std::string header(std::string_view lower_case_name) const;
};

/// Gives the next piece of a body; false: there is no more (the piece is not sent). Called on any thread, one call at a
/// time; destroyed when all is sent or the client has gone. An exception breaks the connection off, so that the client sees
/// that the answer is not complete. Pieces of 64 KiB to 1 MiB serve best. The request lives as long as the stream.
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
    bool personal = false;                           ///< made for somebody known: web pages of other sites may not read it, but for those of ListenerOptions::origins

    /// Replaces one of the same name. Error(invalid_argument) for control characters, which could split the answer.
    void set_header(std::string name, std::string value);
    const std::string& bytes() const { return shared_body ? *shared_body : body; }
};

using Handler = std::function<Response(const Request&)>;

/// A tag of these very bytes (FNV-1a, 64 bit): only tells versions of one answer from each other.
std::string tag_of(std::string_view bytes);
/// True where If-None-Match of the request names this tag: a handler that knows its tag early answers not_modified(tag).
bool has_etag(const Request& request, std::string_view etag);
Response not_modified(std::string etag);

/// "a b/ü" -> "a%20b%2F%C3%BC"
std::string percent_encoded(std::string_view text);
std::string html_escaped(std::string_view text);
std::string xml_escaped(std::string_view text);   ///< also drops characters XML 1.0 forbids

}  // namespace stadtgdi::http
