// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/access/rights.hpp>

namespace stadtgdi::access {

/// Rights from the roles of the settings: open layers for everybody, all else only by a role that names the class.
class RoleRights : public Rights {
public:
    RoleRights(const AccessSettings& settings, const Identity& identity, std::string project);
    bool may_see(const project::PublishedLayer& layer) const override;
    const std::string& key() const override { return m_key; }

private:
    std::vector<Role> m_roles;
    std::string m_project;
    std::string m_key;
};

/// '*' stands for any characters, also none.
bool fits_pattern(std::string_view pattern, std::string_view text);

}  // namespace stadtgdi::access
