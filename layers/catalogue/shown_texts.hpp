// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <initializer_list>

namespace stadtgdi::catalogue {

// What the project of a city says of it, in both languages: who writes a project takes one, who serves it gives the other.

/// "Baumhöhe [m]"; a field without a label goes by its name.
Text label_with_unit(const FieldDefinition& field);
/// Square and cubic metres as people write them.
std::string shown_unit(const std::string& unit);

/// Of a layer whose data are not the city's own.
Text demonstration_abstract(const Text& abstract);
/// The group of tables without a definition.
const Text& other_tables();
/// "Geodaten der Stadt Musterstadt"
Text service_title(const std::string& city);

/// A text in the other language where it is one of those declared; else as it is.
std::string in_language(const std::string& text, std::initializer_list<Text> declared, base::Language language);
/// The same of the titles and abstracts of families.
std::string family_text(const std::string& text, base::Language language);

}  // namespace stadtgdi::catalogue
