// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/access/rights.hpp>

namespace stadtgdi::access {

/// Rights from the roles of the settings: open layers for everybody, all else only by a role that names the class. What several
/// roles give adds up. A role with an area gives no rasters and no tables without geometry: of them no part can be told.
class RoleRights : public Rights {
public:
    RoleRights(const AccessSettings& settings, const Identity& identity, std::string project);
    bool may_see(const project::PublishedLayer& layer) const override;
    Sight sight_of(const project::PublishedLayer& layer) const override;
    bool may_see_field(const project::PublishedLayer& layer, const std::string& field) const override;
    const std::string& key() const override { return m_key; }

private:
    std::vector<Role> m_roles;
    std::vector<std::string> m_hidden_fields;
    std::string m_project;
    std::string m_key;
};

/// '*' stands for any characters, also none.
bool fits_pattern(std::string_view pattern, std::string_view text);

/// Patterns for layers and fields, by their setting, that fit nothing in the projects: mistyped, or of something that was renamed since.
std::vector<std::string> patterns_without_use(const AccessSettings& settings, const std::vector<std::shared_ptr<const project::ProjectModel>>& projects);

}  // namespace stadtgdi::access
