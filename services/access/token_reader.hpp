// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/access/rights.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace stadtgdi::access {

enum class TokenState { good, expired, bad };

struct ReadToken {
    TokenState state = TokenState::bad;
    Identity identity;
};

/// Reads signed tokens (JWT, RFC 7519). Each key has one algorithm, RS256 or ES256, and the token must name exactly that: what a token
/// says of itself never chooses how it is checked. It must have an expiry and the key's issuer and audience. Any thread.
class TokenReader {
public:
    explicit TokenReader(std::vector<TokenKey> keys) : m_keys(std::move(keys)) {}
    bool empty() const { return m_keys.empty(); }
    ReadToken read(const std::string& token, std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const;

private:
    std::vector<TokenKey> m_keys;
};

}  // namespace stadtgdi::access
