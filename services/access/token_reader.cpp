// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/token_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <jwt.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace stadtgdi::access {

namespace {

using nlohmann::json;

constexpr std::size_t max_token_bytes = 8192, max_name_bytes = 100;

using Jwt = std::unique_ptr<jwt_t, void (*)(jwt_t*)>;

/// Without a key the signature is not looked at.
Jwt decoded(const std::string& token, const std::string& key)
{
    jwt_t* jwt = nullptr;
    const auto* bytes = key.empty() ? nullptr : reinterpret_cast<const unsigned char*>(key.data());
    if (jwt_decode(&jwt, token.c_str(), bytes, static_cast<int>(key.size())) != 0)
        jwt = nullptr;   // freed by libjwt
    return {jwt, jwt_free};
}

json parsed(char* text)
{
    const std::unique_ptr<char, void (*)(void*)> owner(text, std::free);
    return text == nullptr ? json() : json::parse(text, nullptr, false);
}

std::string text_of(const json& object, const char* member)
{
    const auto found = object.is_object() ? object.find(member) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> seconds_of(const json& claims, const char* member)
{
    const auto found = claims.find(member);
    return found != claims.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

bool is_for(const json& claims, const std::string& audience)
{
    const auto found = claims.find("aud");
    if (found == claims.end())
        return false;
    const auto same = [&](const json& one) { return one.is_string() && one.get_ref<const std::string&>() == audience; };
    return found->is_array() ? std::any_of(found->begin(), found->end(), same) : same(*found);
}

std::set<std::string> roles_of(const json& claims, const TokenKey& key)
{
    const json* value = nullptr;
    if (key.roles_claim.starts_with('/')) {
        const json::json_pointer pointer(key.roles_claim);
        value = claims.contains(pointer) ? &claims.at(pointer) : nullptr;
    } else if (const auto found = claims.find(key.roles_claim); found != claims.end()) {
        value = &*found;
    }
    std::set<std::string> roles;
    const auto add = [&](const json& one) {
        if (one.is_string() && std::find(key.roles.begin(), key.roles.end(), one.get_ref<const std::string&>()) != key.roles.end())
            roles.insert(one.get<std::string>());
    };
    if (value != nullptr && value->is_array())
        std::for_each(value->begin(), value->end(), add);
    else if (value != nullptr)
        add(*value);
    return roles;
}

ReadToken judged(const json& claims, const TokenKey& key, double now)
{
    const auto leeway = static_cast<double>(key.leeway.count());
    const auto expiry = seconds_of(claims, "exp");
    const bool has_begin = claims.contains("nbf");
    const auto begin = seconds_of(claims, "nbf");
    if (!expiry || (has_begin && !begin) || text_of(claims, "iss") != key.issuer || !is_for(claims, key.audience) || (begin && now + leeway < *begin))
        return {};
    if (now - leeway >= *expiry)
        return {TokenState::expired, {}};
    std::string name = text_of(claims, "sub");
    return {TokenState::good, {name.empty() || name.size() > max_name_bytes ? key.name : std::move(name), roles_of(claims, key)}};
}

}  // namespace

ReadToken TokenReader::read(const std::string& token, std::chrono::system_clock::time_point now) const
{
    if (m_keys.empty() || token.size() > max_token_bytes || std::count(token.begin(), token.end(), '.') != 2 || token.find('\0') != std::string::npos)
        return {};
    // libjwt takes the algorithm from the token, and would take a public key for the secret of HS256: so the head is read first.
    const Jwt unchecked = decoded(token, {});
    if (!unchecked)
        return {};
    const json head = parsed(jwt_get_headers_json(unchecked.get(), nullptr));
    if (!head.is_object() || head.contains("crit"))
        return {};
    const std::string algorithm = text_of(head, "alg"), kid = text_of(head, "kid");
    ReadToken best;
    for (const TokenKey& key : m_keys) {
        const bool rs256 = key.algorithm == TokenAlgorithm::rs256;
        if (algorithm != (rs256 ? "RS256" : "ES256") || (!key.kid.empty() && key.kid != kid))
            continue;
        const Jwt checked = decoded(token, key.public_key);
        if (!checked || jwt_get_alg(checked.get()) != (rs256 ? JWT_ALG_RS256 : JWT_ALG_ES256))
            continue;
        const json claims = parsed(jwt_get_grants_json(checked.get(), nullptr));
        if (!claims.is_object())
            continue;
        ReadToken read = judged(claims, key, std::chrono::duration<double>(now.time_since_epoch()).count());
        if (read.state == TokenState::good)
            return read;
        if (read.state == TokenState::expired)
            best = std::move(read);
    }
    return best;
}

}  // namespace stadtgdi::access
