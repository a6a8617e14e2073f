// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/kvp.hpp>
#include <services/ows/property_path.hpp>
#include <algorithm>

namespace stadtgdi::ows {

std::string_view local_part(std::string_view name)
{
    const std::string_view plain = trimmed(name);
    const auto colon = plain.find(':');
    return colon == std::string_view::npos ? plain : plain.substr(colon + 1);
}

std::optional<std::string_view> below_type(std::string_view path, std::initializer_list<std::string_view> type_names)
{
    path = trimmed(path);
    if (path.starts_with('/')) path.remove_prefix(1);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return path;
    if (std::ranges::find(type_names, local_part(path.substr(0, slash))) == type_names.end()) return std::nullopt;
    return path.substr(slash + 1);
}

std::optional<std::string_view> property_in(std::string_view path, std::initializer_list<std::string_view> type_names)
{
    const auto below = below_type(path, type_names);
    if (!below) return std::nullopt;
    std::string_view name = local_part(*below);
    if (name.ends_with("[1]")) name.remove_suffix(3);
    return name;
}

}  // namespace stadtgdi::ows
