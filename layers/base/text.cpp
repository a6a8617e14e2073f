// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/text.hpp>

namespace stadtgdi::base {

Text Text::same(std::string both)
{
    std::string copy = both;
    return {std::move(both), std::move(copy)};
}

Language language_of(std::string_view locale)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (locale.size() < 2 || lower(locale[0]) != 'd' || lower(locale[1]) != 'e') return Language::en;
    if (locale.size() == 2) return Language::de;
    const char next = locale[2];
    return next == '_' || next == '-' || next == '.' || next == '@' || next == ';' || next == ',' ? Language::de : Language::en;
}

void detail::fill(std::string& text, std::size_t place, std::string_view value)
{
    const std::string mark = "{" + std::to_string(place) + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
        text.replace(at, mark.size(), value);
}

}  // namespace stadtgdi::base
