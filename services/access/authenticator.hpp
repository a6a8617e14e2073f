// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <services/access/access_settings.hpp>
#include <services/access/rights.hpp>
#include <services/access/throttle.hpp>
#include <services/access/token_reader.hpp>
#include <services/access/user_list.hpp>
#include <services/http/message.hpp>

namespace stadtgdi::access {

enum class Outcome {
    anonymous,     ///< nothing was sent to find out who asks
    known,
    wrong,         ///< 401
    throttled,     ///< too much that was wrong from this address: 429
    busy,          ///< too many passwords are being looked at: 429
    in_query,      ///< a key in the address, where it ends in logs: 400, and the key is not looked at
    not_encrypted  ///< sent over plain HTTP from another machine: 403, and not looked at
};

struct Identified {
    Outcome outcome = Outcome::anonymous;
    Identity identity;
    bool by_token = false;         ///< Authorization: Bearer
    bool by_proxy = false;         ///< logged in there, and can log out there alone
};

/// Finds out who asks: by the header of a trusted proxy, by the header X-API-Key, by HTTP Basic (a user's password, or a key as the password
/// with any name; an empty password is none) or by a token (Bearer). Any thread.
class Authenticator {
public:
    /// `before`: of other settings, whose wrong tries count on.
    explicit Authenticator(const AccessSettings& settings, const Authenticator* before = nullptr);
    Identified identify(const http::Request& request);
    /// Whether anybody can be known at all: then answers vary by who asks.
    bool knows_anybody() const { return !m_keys.empty() || !m_users.empty() || !m_tokens.empty() || !m_proxy.header.empty(); }
    /// Whether there is something to give to a browser that asks for name and password.
    bool takes_passwords() const { return !m_keys.empty() || !m_users.empty(); }
    /// Whether secrets may come the way this request came: encrypted, from this machine, or as the settings allow.
    bool takes_secrets_of(const http::Request& request) const;
    bool has_users() const { return !m_users.empty(); }

private:
    const Key* key_of(const std::string& key) const;
    Identified by_proxy(const http::Request& request) const;
    Identified by_key(const std::string& key) const;
    Identified by_basic(const std::string& name, const std::string& password);

    std::vector<Key> m_keys;
    UserList m_users;
    TokenReader m_tokens;
    ProxyHeader m_proxy;
    bool m_plain_http;
    std::shared_ptr<Throttle> m_throttle;  // shared with those of earlier settings
};

/// What is throttled as one: an IPv4 address, the first 64 bits of an IPv6 address (a household has that many).
std::string network_of(const std::string& address);

/// Name and password of "Basic dXNlcjpwYXNz"; nullopt where the header is something else.
std::optional<std::pair<std::string, std::string>> basic_credentials(std::string_view authorization);

}  // namespace stadtgdi::access
