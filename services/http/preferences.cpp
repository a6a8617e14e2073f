// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/preferences.hpp>

#include <algorithm>
#include <cctype>

namespace stadtgdi::http {

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// "de", "de-AT", "ger", "deu" and the same of English; nothing for other languages.
std::optional<base::Language> language_named(const std::string& tag)
{
    const std::string primary = lower(tag.substr(0, tag.find_first_of("-_")));
    if (primary == "de" || primary == "ger" || primary == "deu")
        return base::Language::de;
    if (primary == "en" || primary == "eng")
        return base::Language::en;
    return {};
}

}  // namespace

std::vector<Preference> preferences(std::string_view header)
{
    std::vector<Preference> list;
    while (!header.empty() && list.size() < 50) {
        const std::size_t comma = std::min(header.find(','), header.size());
        std::string item(header.substr(0, comma));
        header.remove_prefix(std::min(comma + 1, header.size()));
        std::erase_if(item, [](char c) { return c == ' ' || c == '\t'; });
        std::transform(item.begin(), item.end(), item.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        Preference one;
        one.name = item.substr(0, item.find(';'));
        if (const std::size_t q = item.find(";q="); q != std::string::npos) {
            // no strtod: its decimal point depends on the locale
            const std::string number = item.substr(q + 3);
            one.weight = number.starts_with('1') ? 1000 : 0;
            for (std::size_t i = 2, unit = 100; number.starts_with("0.") && i < number.size() && unit > 0 && number[i] >= '0' && number[i] <= '9'; ++i, unit /= 10)
                one.weight += static_cast<int>(unit) * (number[i] - '0');
        }
        if (!one.name.empty() && one.weight > 0)
            list.push_back(std::move(one));
    }
    std::stable_sort(list.begin(), list.end(), [](const Preference& a, const Preference& b) { return a.weight > b.weight; });
    return list;
}

base::Language language_of(const Request& request, base::Language otherwise)
{
    for (const char* name : {"lang", "language"})
        if (const auto wish = request.parameter(name))
            if (const auto language = language_named(*wish))
                return *language;
    const std::string header = request.header("accept-language");
    for (const Preference& one : preferences(header)) {
        if (one.name == "*")
            return otherwise;
        if (const auto language = language_named(one.name))
            return *language;
    }
    return header.empty() ? otherwise : base::Language::en;
}

}  // namespace stadtgdi::http
