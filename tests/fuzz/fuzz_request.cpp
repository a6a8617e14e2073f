// SPDX-License-Identifier: GPL-2.0-or-later
// A request as it stands on the wire, from its first line to its body: what is ours between Beast's parser and the faces.
#include <services/access/authenticator.hpp>
#include <services/http/content_coding.hpp>
#include <services/http/header_rules.hpp>
#include <services/http/preferences.hpp>
#include <services/http/target.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/xml_body.hpp>
#include <tests/fuzz/expect.hpp>
#include <tests/unit/access/tokens.hpp>
#include <algorithm>

namespace {

using namespace stadtgdi;

/// The line up to "\n", without it and a "\r" before it.
std::string_view next_line(std::string_view& rest)
{
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

access::Authenticator& gate()
{
    static access::Authenticator authenticator = [] {
        access::AccessSettings settings;
        settings.keys = {{"key", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", {"netz"}}};  // of "test"
        access::TokenKey key;
        key.name = "Login";
        key.public_key = access::tokens::rsa_key;
        key.issuer = "https://login.example";
        key.audience = "stadtgdi";
        key.roles = {"netz"};
        settings.tokens.push_back(key);
        key.algorithm = access::TokenAlgorithm::es256;
        key.public_key = access::tokens::p256_key;
        settings.tokens.push_back(key);
        settings.proxy = {"x-remote-user", "x-remote-roles", {"netz", "amt"}};
        settings.max_failures = 10'000;
        return access::Authenticator(settings);
    }();
    return authenticator;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view rest = fuzz::text_of(data, size);
    const std::string_view first = next_line(rest);
    http::Request request;
    request.method = std::string(first.substr(0, first.find(' ')));
    request.remote = "10.0.0.1";
    while (!rest.empty()) {
        const std::string_view line = next_line(rest);
        if (line.empty()) break;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || line.find('\0') != std::string_view::npos) return 0;  // Beast refuses it
        std::string name(line.substr(0, colon));
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        request.headers.emplace_back(std::move(name), std::string(ows::trimmed(line.substr(colon + 1))));
    }
    request.body = std::string(rest);

    auto refusal = http::read_target(first.substr(std::min(first.find(' ') + 1, first.size())), {}, request);
    if (!refusal) refusal = http::check_headers(request, 1);
    if (refusal) {
        fuzz::expect_readable(refusal->text);
        fuzz::expect((refusal->status >= 400 && refusal->status < 500) || refusal->status == 501, "a request that is refused is wrong");
        return 0;
    }
    for (const auto& [name, value] : request.parameters) fuzz::expect(fuzz::is_text(name) && fuzz::is_text(value), "parameters are text");
    for (const std::string& segment : request.segments)
        fuzz::expect(fuzz::is_text(segment) && segment != "." && segment != "..", "segments lead nowhere else");
    http::find_base_url({.public_url = "", .trusted_proxies = {"10.0.0.1", "10.0.0.2"}, .own_address = "127.0.0.1:8080"}, request);
    fuzz::expect(request.base_url.find_first_of("\r\n\"'<>") == std::string::npos, "links can be written: " + request.base_url);
    (void)http::preferred_coding(request.header("accept-encoding"), true);
    (void)http::language_of(request);
    const access::Identified who = gate().identify(request);
    fuzz::expect(who.outcome == access::Outcome::known || who.identity.roles.empty(), "who is not known has no roles");
    try {
        const ows::KeyValues kv = ows::KeyValues::of(request);
        http::Request again;
        fuzz::expect(!http::read_target("/?" + kv.query_without({}), {.bytes = 100'000}, again), "a link can be followed");
        fuzz::expect(ows::KeyValues(again.parameters).all() == kv.all(), "a link says the same");
        if (ows::has_xml_body(request)) (void)ows::read_xml_body(request);
    } catch (const base::Error& error) {
        fuzz::expect_refusal(error);
    }
    return 0;
}
