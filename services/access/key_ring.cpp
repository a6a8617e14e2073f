// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/key_ring.hpp>

#include <services/access/digest.hpp>

namespace stadtgdi::access {

namespace {

constexpr std::size_t max_key_bytes = 1024;

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
    for (const char* name : {"x-api-key", "api_key", "apikey", "api-key"})
        if (request.parameter(name))
            return true;
    return false;
}

}  // namespace

std::optional<std::string> basic_password(std::string_view authorization)
{
    const std::size_t space = authorization.find(' ');
    if (space != 5)
        return std::nullopt;
    constexpr std::string_view basic = "basic";
    for (std::size_t i = 0; i < basic.size(); ++i)
        if ((authorization[i] | 0x20) != basic[i])
            return std::nullopt;
    const auto pair = base64_decoded(authorization.substr(6));
    if (!pair)
        return std::nullopt;
    const std::size_t colon = pair->find(':');
    return colon == std::string::npos ? std::nullopt : std::optional(pair->substr(colon + 1));
}

KeyRing::KeyRing(const AccessSettings& settings) : m_keys(settings.keys), m_throttle(settings.max_failures) {}

Identified KeyRing::identify(const http::Request& request)
{
    if (has_key_in_query(request))
        return {KeyState::in_query, {}};
    std::string key = request.header("x-api-key");
    const std::string authorization = request.header("authorization");
    if (key.empty() && authorization.empty())
        return {};
    if (key.empty()) {
        const std::optional<std::string> password = basic_password(authorization);
        if (password && password->empty())
            return {};  // no key: browsers keep the last one until this takes its place
        key = password.value_or("");
    }
    if (m_throttle.blocked(request.remote))
        return {KeyState::throttled, {}};
    // Every key is compared, whichever fits, so that the time tells nothing.
    const Key* found = nullptr;
    if (!key.empty() && key.size() <= max_key_bytes) {
        const std::string digest = sha256_hex(key);
        for (const Key& known : m_keys)
            if (equal_in_constant_time(known.sha256, digest))
                found = &known;
    }
    if (!found) {
        m_throttle.failed(request.remote);
        return {KeyState::wrong, {}};
    }
    return {KeyState::known, {found->name, {found->roles.begin(), found->roles.end()}}};
}

}  // namespace stadtgdi::access
