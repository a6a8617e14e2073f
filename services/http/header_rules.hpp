// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>
#include <services/http/refusal.hpp>

namespace stadtgdi::http {

/// What must hold of the header of a request beyond its grammar: no contradicting duplicates, no framing that two
/// servers could read differently (request smuggling), a Host that can stand in a link.
std::optional<Refusal> check_headers(const Request& request, int http_minor);

struct BaseUrlOptions {
    std::string public_url;                    ///< used as it is where set
    std::vector<std::string> trusted_proxies;  ///< addresses whose X-Forwarded headers are believed
    std::string own_address;                   ///< "127.0.0.1:8080", where the request names no host
};

/// Fills base_url, remote (behind trusted proxies: the first address before them), proxied and from_trusted_proxy. request.remote must
/// be the peer's address.
void find_base_url(const BaseUrlOptions& options, Request& request);

}  // namespace stadtgdi::http
