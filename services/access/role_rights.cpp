// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/role_rights.hpp>

#include <services/access/digest.hpp>

#include <algorithm>

namespace stadtgdi::access {

bool fits_pattern(std::string_view pattern, std::string_view text)
{
    // Two markers instead of recursion: linear for the patterns people write, never exponential.
    std::size_t p = 0, t = 0, star = std::string_view::npos, after_star = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after_star = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

namespace {

bool fits_any(const std::vector<std::string>& patterns, const std::string& text)
{
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) { return fits_pattern(pattern, text); });
}

}  // namespace

RoleRights::RoleRights(const AccessSettings& settings, const Identity& identity, std::string project)
    : m_hidden_fields(settings.hidden_fields), m_project(std::move(project))
{
    std::string description;   // of what the roles mean, so that a tag made under other settings never fits
    for (const std::string& field : m_hidden_fields)
        description += "-" + field + "\n";
    for (const std::string& name : identity.roles) {
        const auto role = settings.roles.find(name);
        if (role == settings.roles.end())
            continue;
        m_roles.push_back(role->second);
        for (const catalogue::Disclosure disclosure : role->second.disclosures)
            description += std::string(catalogue::name_of(disclosure)) + ",";
        for (const std::string& layer : role->second.layers)
            description += layer + "\n";
        for (const std::string& field : role->second.fields)
            description += "+" + field + "\n";
        if (role->second.area)
            description += role->second.area->crs + " " + role->second.area->wkt;
        description += ";";
    }
    m_key = description.empty() ? "public" : sha256_hex(description).substr(0, 16);
}

Sight RoleRights::sight_of(const project::PublishedLayer& layer) const
{
    if (layer.disclosure == catalogue::Disclosure::open)
        return {true};
    const std::string name = m_project + "/" + layer.name;
    Sight sight;
    for (const Role& role : m_roles) {
        if (role.disclosures.count(layer.disclosure) == 0 || !(role.layers.empty() || fits_any(role.layers, name)))
            continue;
        if (!role.area)
            return {true};
        if (layer.type == project::LayerType::vector && layer.geometry)
            sight.areas.push_back(&*role.area);
    }
    return sight;
}

bool RoleRights::may_see(const project::PublishedLayer& layer) const
{
    const Sight sight = sight_of(layer);
    return sight.everywhere || !sight.areas.empty();
}

bool RoleRights::may_see_field(const project::PublishedLayer& layer, const std::string& field) const
{
    const std::string name = m_project + "/" + layer.name + "/" + field;
    return !fits_any(m_hidden_fields, name) || std::any_of(m_roles.begin(), m_roles.end(), [&](const Role& role) { return fits_any(role.fields, name); });
}

std::vector<std::string> patterns_without_use(const AccessSettings& settings, const std::vector<std::shared_ptr<const project::ProjectModel>>& projects)
{
    std::vector<std::string> layers, fields;
    for (const auto& project : projects)
        for (const project::PublishedLayer& layer : project->layers) {
            layers.push_back(project->id + "/" + layer.name);
            for (const project::PublishedField& field : layer.fields)
                fields.push_back(layers.back() + "/" + field.name);
        }
    std::vector<std::string> unused;
    const auto look = [&unused](const std::string& setting, const std::vector<std::string>& patterns, const std::vector<std::string>& names) {
        for (const std::string& pattern : patterns)
            if (std::ranges::none_of(names, [&](const std::string& name) { return fits_pattern(pattern, name); }))
                unused.push_back(setting + ": " + pattern);
    };
    look("access.hidden_fields", settings.hidden_fields, fields);
    for (const auto& [name, role] : settings.roles) {
        look("access.roles." + name + ".layers", role.layers, layers);
        look("access.roles." + name + ".fields", role.fields, fields);
    }
    return unused;
}

}  // namespace stadtgdi::access
