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

std::string shortened(std::string text, std::size_t bytes)
{
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    text.resize(bytes);
    return text;
}

void detail::fill(std::string& text, std::initializer_list<std::string_view> values)
{
    // In one pass, so that a value that happens to hold "{1}" stays as it is.
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t place = i + 2 < text.size() && text[i] == '{' && text[i + 2] == '}' ? static_cast<std::size_t>(text[i + 1] - '0') : values.size();
        if (place < values.size()) {
            out += values.begin()[place];
            i += 2;
        } else {
            out += text[i];
        }
    }
    text = std::move(out);
}

}  // namespace stadtgdi::base
