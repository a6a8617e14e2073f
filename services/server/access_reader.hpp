// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/server/toml_reader.hpp>

namespace stadtgdi::server::detail {

/// [access]: roles, areas, hidden fields, and who is known by which key, password, token or proxy.
void read_access(TomlReader& table, access::AccessSettings& settings);

/// By its name; refuses others as the value of `key`.
catalogue::Disclosure disclosure(TomlReader& table, const char* key, const std::string& name);

}  // namespace stadtgdi::server::detail
