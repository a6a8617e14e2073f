// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/authenticator.hpp>

#include <services/access/digest.hpp>
#include <services/http/utf8.hpp>

#include <algorithm>
#include <arpa/inet.h>

namespace stadtgdi::access {

namespace {

constexpr std::size_t max_key_bytes = 1024, max_user_bytes = 256;

int value_of_base64(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::optional<std::string> base64_decoded(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string bytes;
    unsigned bits = 0, count = 0;
    for (const char c : text) {
        const int value = value_of_base64(c);
        if (value < 0)
            return std::nullopt;
        bits = bits << 6 | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 255);
        }
    }
    return bytes;
}

bool has_key_in_query(const http::Request& request)
{
    for (const char* name : {"x-api-key", "api_key", "apikey", "api-key", "access_token"})
        if (request.parameter(name))
            return true;
    return false;
}

/// What follows the scheme ("Basic", "Bearer"), whose case does not matter.
std::optional<std::string_view> after_scheme(std::string_view authorization, std::string_view scheme)
{
    if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ')
        return std::nullopt;
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((authorization[i] | 0x20) != (scheme[i] | 0x20))
            return std::nullopt;
    return authorization.substr(scheme.size() + 1);
}

std::string trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return std::string(text);
}

}  // namespace

std::string network_of(const std::string& address)
{
    in6_addr v6{};
    if (inet_pton(AF_INET6, address.c_str(), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return address;
    std::fill(v6.s6_addr + 8, v6.s6_addr + 16, std::uint8_t{0});
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(AF_INET6, &v6, text, sizeof text);
}

std::optional<std::pair<std::string, std::string>> basic_credentials(std::string_view authorization)
{
    const auto coded = after_scheme(authorization, "Basic");
    const auto pair = coded ? base64_decoded(*coded) : std::nullopt;
    const std::size_t colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    return std::pair(pair->substr(0, colon), pair->substr(colon + 1));
}

Authenticator::Authenticator(const AccessSettings& settings, const Authenticator* before)
    : m_keys(settings.keys), m_users(settings.users), m_tokens(settings.tokens), m_proxy(settings.proxy), m_plain_http(settings.plain_http),
      m_throttle(before != nullptr ? before->m_throttle : std::make_shared<Throttle>(settings.max_failures))
{
    m_throttle->set_max_failures(settings.max_failures);
}

Identified Authenticator::identify(const http::Request& request)
{
    if (has_key_in_query(request))
        return {Outcome::in_query, {}};
    if (Identified known = by_proxy(request); known.outcome != Outcome::anonymous)
        return known;
    const std::string key = request.header("x-api-key");
    const std::string authorization = request.header("authorization");
    if (key.empty() && authorization.empty())
        return {};
    const auto basic = basic_credentials(authorization);
    if (key.empty() && basic && basic->second.empty())
        return {};  // no key: browsers keep the last one until this takes its place
    if (!takes_secrets_of(request))
        return {Outcome::not_encrypted, {}};
    const std::string network = network_of(request.remote);
    if (m_throttle->blocked(network))
        return {Outcome::throttled, {}};
    Identified who{Outcome::wrong, {}};
    bool counts = true;
    if (!key.empty()) {
        who = by_key(key);
    } else if (const auto token = after_scheme(authorization, "Bearer")) {
        ReadToken read = m_tokens.read(trimmed(*token));
        if (read.state == TokenState::good)
            who = {Outcome::known, std::move(read.identity)};
        who.by_token = true;
        counts = read.state == TokenState::bad;   // a program whose token ran out is no burglar
    } else if (basic) {
        who = by_basic(basic->first, basic->second);
    }
    if (who.outcome == Outcome::wrong && counts)
        m_throttle->failed(network);
    return who;
}

bool Authenticator::takes_secrets_of(const http::Request& request) const
{
    // What this machine sends to itself crosses no wire; a proxy on it speaks for others, unless it says nothing at all.
    const bool local = !request.proxied && request.header("x-forwarded-proto").empty() && (request.remote.starts_with("127.") || request.remote == "::1");
    return m_plain_http || request.encrypted || local;
}

Identified Authenticator::by_proxy(const http::Request& request) const
{
    if (m_proxy.header.empty() || !request.from_trusted_proxy)
        return {};
    const auto values_of = [&](const std::string& name) {
        return std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& header) { return header.first == name; });
    };
    const std::string name = trimmed(request.header(m_proxy.header));
    if (name.empty())
        return {};
    // Twice: the proxy added its word to the client's instead of taking its place. Which is whose nobody knows.
    if (name.size() > max_user_bytes || !http::is_utf8(name) || values_of(m_proxy.header) > 1 || (!m_proxy.roles_header.empty() && values_of(m_proxy.roles_header) > 1))
        return {Outcome::wrong, {}};
    if (m_proxy.roles_header.empty())
        return {Outcome::known, {name, {m_proxy.roles.begin(), m_proxy.roles.end()}}, false, true};
    Identified who{Outcome::known, {name, {}}, false, true};
    const std::string header = request.header(m_proxy.roles_header);
    for (std::string_view list = header; !list.empty();) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string role = trimmed(list.substr(0, comma));
        if (std::find(m_proxy.roles.begin(), m_proxy.roles.end(), role) != m_proxy.roles.end())
            who.identity.roles.insert(role);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return who;
}

const Key* Authenticator::key_of(const std::string& key) const
{
    // Every key is compared, whichever fits, so that the time tells nothing.
    const Key* found = nullptr;
    if (key.empty() || key.size() > max_key_bytes)
        return found;
    const std::string digest = sha256_hex(key);
    for (const Key& known : m_keys)
        if (equal_in_constant_time(known.sha256, digest))
            found = &known;
    return found;
}

Identified Authenticator::by_key(const std::string& key) const
{
    if (const Key* known = key_of(key))
        return {Outcome::known, {known->name, {known->roles.begin(), known->roles.end()}}};
    return {Outcome::wrong, {}};
}

Identified Authenticator::by_basic(const std::string& name, const std::string& password)
{
    if (Identified known = by_key(password); known.outcome == Outcome::known)
        return known;
    const UserList::Found found = m_users.find(name, password);
    if (found.busy)
        return {Outcome::busy, {}};
    if (found.user == nullptr)
        return {Outcome::wrong, {}};
    return {Outcome::known, {found.user->name, {found.user->roles.begin(), found.user->roles.end()}}};
}

}  // namespace stadtgdi::access
