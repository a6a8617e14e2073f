// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/reader_text.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <services/ows/number_text.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace stadtgdi::ows {

namespace {

using base::Language;

template <std::size_t n> bool is_one_of(std::string_view name, const std::array<std::string_view, n>& names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// "-1234567.25" with the signs of the language.
std::string with_signs(std::string_view plain, Language language)
{
    if (plain.find('e') != std::string_view::npos) return std::string(plain);
    const bool german = language == Language::de;
    const std::size_t sign = plain.substr(0, 1) == "-" ? 1 : 0;
    const std::size_t point = std::min(plain.find('.'), plain.size());
    const std::size_t digits = point - sign;
    std::string text = sign != 0 ? "−" : "";
    for (std::size_t i = 0; i < digits; ++i) {
        text += plain[sign + i];
        const std::size_t left = digits - i - 1;
        if (digits > 4 && left > 0 && left % 3 == 0) text += german ? '.' : ',';
    }
    if (point < plain.size()) {
        text += german ? ',' : '.';
        text += plain.substr(point + 1);
    }
    return text;
}

/// "2024-06-07" as "07.06.2024" or "7 June 2024".
std::string day_text(std::string_view iso, Language language)
{
    static constexpr std::array<std::string_view, 12> months{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    if (iso.size() != 10) return std::string(iso);  // years beyond 9999
    const std::string year(iso.substr(0, 4)), month(iso.substr(5, 2)), of_month(iso.substr(8, 2));
    if (language == Language::de) return of_month + "." + month + "." + year;
    const std::size_t number = static_cast<std::size_t>((month[0] - '0') * 10 + (month[1] - '0'));
    return (of_month[0] == '0' ? of_month.substr(1) : of_month) + " " + std::string(months[(number + 11) % 12]) + " " + year;
}

std::string moment_text(const std::string& iso, Language language)
{
    const std::size_t t = iso.find('T');
    if (t == std::string::npos || iso.size() < t + 6) return iso;
    return day_text(std::string_view(iso).substr(0, t), language) + ", " + iso.substr(t + 1, 5) + (language == Language::de ? " Uhr (UTC)" : " UTC");
}

}  // namespace

FieldRole role_of(const project::PublishedLayer& layer, const project::PublishedField& field)
{
    static constexpr std::array<std::string_view, 5> keys{"fid", "ogc_fid", "objectid", "OBJECTID", "gml_id"};  // as stores and formats call theirs
    const FieldRole common = catalogue::common_role(field.name);
    if (field.name == layer.display_field) return FieldRole::fact;
    if (common == FieldRole::identifier || is_one_of(field.name, keys)) return FieldRole::identifier;
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    if (definition == nullptr) return FieldRole::fact;  // in another project 'source' may be the spring of a river
    if (common == FieldRole::capture) return FieldRole::capture;
    const catalogue::FieldDefinition* declared = definition->find(field.name);
    return declared != nullptr && !declared->references.empty() ? FieldRole::identifier : FieldRole::fact;
}

FieldLabel label_of(const project::PublishedField& field)
{
    const std::string& whole = field.alias.empty() ? field.name : field.alias;
    const std::size_t open = whole.rfind(" [");
    if (open == std::string::npos || open == 0 || whole.back() != ']') return {whole, ""};
    return {whole.substr(0, open), whole.substr(open + 2, whole.size() - open - 3)};
}

std::string number_text(std::int64_t value, Language language) { return with_signs(std::to_string(value), language); }

std::string number_text(double value, Language language)
{
    if (!std::isfinite(value)) return "";
    char text[40];
    const std::string plain(text, put_fixed<3>(text, value));
    // A small measure keeps its digits: 0.0004 is not 0.
    return with_signs(plain == "0" && value != 0 ? table::number_text(value) : plain, language);
}

std::string value_text(const project::PublishedLayer& layer, const project::PublishedField& field, const table::Column& column, std::size_t row, Language language)
{
    if (!column.valid(row)) return "";
    const std::string stored = column.as_text(row);
    for (const auto& [value, label] : field.codes)
        if (value == stored && !label.empty()) return label;
    switch (column.type()) {
    case table::Type::boolean: return base::Text{column.bools()[row] != 0 ? "yes" : "no", column.bools()[row] != 0 ? "ja" : "nein"}.in(language);
    case table::Type::int64: return role_of(layer, field) == FieldRole::identifier ? stored : number_text(column.ints()[row], language);
    case table::Type::float64: return number_text(column.doubles()[row], language);
    case table::Type::date: return day_text(stored, language);
    case table::Type::datetime: return moment_text(stored, language);
    case table::Type::text: break;
    }
    return stored;
}

std::string credit_text(const std::string& attribution)
{
    static constexpr std::string_view sign = "©";
    std::string_view rest = attribution;
    for (;;) {
        while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        if (rest.substr(0, sign.size()) != sign) break;
        rest.remove_prefix(sign.size());
    }
    return rest.empty() ? "" : std::string(sign) + " " + std::string(rest);
}

}  // namespace stadtgdi::ows
