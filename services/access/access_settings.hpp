// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace stadtgdi::access {

/// What a role may see beyond what is open to everybody: layers of these classes, and of them only those named where
/// `layers` names any ("leipzig/utilities_line", "*/utilities_*": '*' stands for any characters).
struct Role {
    std::set<catalogue::Disclosure> disclosures;
    std::vector<std::string> layers;
    bool admin = false;             ///< may see how the service is doing (/admin), with the names of all layers
};

struct Key {
    std::string name;               ///< who has it, for the log
    std::string sha256;             ///< of the key, 64 lower-case hexadecimal digits
    std::vector<std::string> roles;
};

struct AccessSettings {
    std::map<std::string, Role> roles;
    std::vector<Key> keys;
    int max_failures = 10;          ///< wrong keys of one address within a minute; then 429
};

}  // namespace stadtgdi::access
