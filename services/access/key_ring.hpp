// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/access/rights.hpp>
#include <services/access/throttle.hpp>
#include <services/http/message.hpp>

namespace stadtgdi::access {

enum class KeyState {
    none,       ///< no key was sent: anonymous
    known,
    wrong,      ///< 401
    throttled,  ///< too many wrong keys from this address: 429
    in_query    ///< a key in the address, where it ends in logs: 400, and the key is not looked at
};

struct Identified {
    KeyState state = KeyState::none;
    Identity identity;
};

/// Finds out who asks: by the header X-API-Key or the password of HTTP Basic (the user name does not matter; an empty password
/// is no key). Any thread.
class KeyRing {
public:
    explicit KeyRing(const AccessSettings& settings);
    Identified identify(const http::Request& request);
    /// Whether there are keys at all: then answers vary by them.
    bool has_keys() const { return !m_keys.empty(); }

private:
    std::vector<Key> m_keys;
    Throttle m_throttle;
};

/// The password of "Basic dXNlcjpwYXNz"; nullopt where the header is something else.
std::optional<std::string> basic_password(std::string_view authorization);

}  // namespace stadtgdi::access
