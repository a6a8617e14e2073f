// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

namespace stadtgdi::catalogue {

/// What a field is good for: facts are read first; who captured the object and how, and its identifiers, only where asked for.
enum class FieldRole { fact, capture, identifier };

/// Of the fields that the layers of all families have in common; a fact for any other name.
FieldRole common_role(std::string_view field);

}  // namespace stadtgdi::catalogue
