// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <initializer_list>
#include <optional>
#include <string_view>

namespace stadtgdi::ows {

/// Without its prefix and blanks around it.
std::string_view local_part(std::string_view name);

// The minimum of XPath that FES demands: "app:name", "app:trees/app:name", "/app:trees/app:name", each also with "[1]", since a
// property occurs once.

/// The path below the type's own element, which is left out more often than not; nothing for that of another type.
std::optional<std::string_view> below_type(std::string_view path, std::initializer_list<std::string_view> type_names);
/// The property's name without its prefix.
std::optional<std::string_view> property_in(std::string_view path, std::initializer_list<std::string_view> type_names);

}  // namespace stadtgdi::ows
