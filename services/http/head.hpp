// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/content_coding.hpp>
#include <services/http/message.hpp>
#include <services/http/origins.hpp>
#include <cstdint>
#include <ctime>
#include <optional>

namespace stadtgdi::http {

struct Framing {
    std::optional<std::uint64_t> length;   ///< of the body; none: chunked, or until the end of the connection
    bool chunked = false;
    Coding coding = Coding::identity;
    bool varies = false;                   ///< by Accept-Encoding
    bool keep_alive = true;
    PageAccess pages;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT", independent of the locale.
std::string http_date(std::time_t when);
/// The same back; nothing for other forms, whose conditions are passed over.
std::optional<std::time_t> read_http_date(std::string_view text);
std::string_view reason_of(int status);
/// Status line and header, with the empty line at the end.
std::string head_of(const Response& response, const Framing& framing);

}  // namespace stadtgdi::http
