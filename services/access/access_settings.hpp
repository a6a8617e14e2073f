// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <services/access/public_key.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace stadtgdi::access {

/// A part of the world.
struct Area {
    std::string crs;                ///< "EPSG:25833"
    std::string wkt;                ///< POLYGON or MULTIPOLYGON, easting or longitude first
    friend bool operator==(const Area&, const Area&) = default;
};

/// What a role may see beyond what is open to everybody: layers of these classes, and of them only those named where
/// `layers` names any ("leipzig/utilities_line", "*/utilities_*": '*' stands for any characters).
struct Role {
    std::set<catalogue::Disclosure> disclosures;
    std::vector<std::string> layers = {};
    bool admin = false;             ///< may see how the service is doing (/admin), with the names of all layers
    std::optional<Area> area = {};  ///< of those layers only the rows there
    std::vector<std::string> fields = {};   ///< of AccessSettings::hidden_fields, that it shows: "leipzig/trees_*/inspector"
    friend bool operator==(const Role&, const Role&) = default;
};

struct Key {
    std::string name;               ///< who has it, for the log
    std::string sha256;             ///< of the key, 64 lower-case hexadecimal digits
    std::vector<std::string> roles;
    friend bool operator==(const Key&, const Key&) = default;
};

/// Somebody with a password (HTTP Basic).
struct User {
    std::string name;
    std::string bcrypt;             ///< "$2b$12$...", see password.hpp
    std::vector<std::string> roles;
    friend bool operator==(const User&, const User&) = default;
};

/// A key whose tokens (JWT) are believed.
struct TokenKey {
    std::string name;               ///< for people whose token names nobody
    TokenAlgorithm algorithm = TokenAlgorithm::rs256;
    std::string public_key;         ///< PEM
    std::string kid;                ///< only tokens that name it; empty: any
    std::string issuer, audience;
    std::string roles_claim = "roles";  ///< a member, or a JSON pointer: "/realm_access/roles"
    std::vector<std::string> roles;     ///< those of ours that its tokens may give
    std::chrono::seconds leeway{30};    ///< by which clocks may differ
    friend bool operator==(const TokenKey&, const TokenKey&) = default;
};

/// A proxy that has found out who asks; believed from server.trusted_proxies alone.
struct ProxyHeader {
    std::string header;             ///< lower case, holds the user's name; empty: off
    std::string roles_header;       ///< lower case, holds names of roles, with commas; empty: everybody has all `roles`
    std::vector<std::string> roles; ///< that may come this way
    friend bool operator==(const ProxyHeader&, const ProxyHeader&) = default;
};

struct AccessSettings {
    std::map<std::string, Role> roles;
    std::vector<std::string> hidden_fields; ///< "project/layer/field": for everybody without a role that shows them
    std::vector<Key> keys;
    std::vector<User> users;
    std::vector<TokenKey> tokens;
    ProxyHeader proxy;
    int max_failures = 10;          ///< wrong keys, passwords and tokens of one address within a minute; then 429
    bool plain_http = false;        ///< whether they may come unencrypted from other machines
    std::vector<std::string> files; ///< beside that of the settings: of areas and public keys
    friend bool operator==(const AccessSettings&, const AccessSettings&) = default;
};

}  // namespace stadtgdi::access
