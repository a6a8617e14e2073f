// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/shown_texts.hpp>

namespace stadtgdi::catalogue {

std::string shown_unit(const std::string& unit)
{
    if (unit == "m2") return "m²";
    if (unit == "m3") return "m³";
    return unit;
}

Text label_with_unit(const FieldDefinition& field)
{
    Text label = field.label.empty() ? Text::same(field.name) : field.label;
    if (field.unit.empty()) return label;
    const std::string unit = " [" + shown_unit(field.unit) + "]";
    return {label.in(base::Language::en) + unit, label.in(base::Language::de) + unit};
}

Text demonstration_abstract(const Text& abstract)
{
    const std::string blank = abstract.empty() ? "" : " ";
    return {abstract.in(base::Language::en) + blank + "Demonstration data: not this city's own.",
            abstract.in(base::Language::de) + blank + "Demonstrationsdaten: nicht die Daten dieser Stadt."};
}

const Text& other_tables()
{
    static const Text title{"Other tables", "Weitere Tabellen"};
    return title;
}

Text service_title(const std::string& city)
{
    return base::filled({"Geodata of the city of {0}", "Geodaten der Stadt {0}"}, city);
}

std::string in_language(const std::string& text, std::initializer_list<Text> declared, base::Language language)
{
    for (const Text& one : declared)
        if (!text.empty() && (text == one.de || text == one.en)) return one.in(language);
    return text;
}

std::string family_text(const std::string& text, base::Language language)
{
    for (const LayerFamily& family : all_families())
        if (std::string found = in_language(text, {family.title, family.abstract}, language); found != text) return found;
    return in_language(text, {other_tables()}, language);
}

}  // namespace stadtgdi::catalogue
