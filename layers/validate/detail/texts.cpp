// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/column.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace stadtgdi::validate::detail {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool has_email(std::string_view text)
{
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        if (at == 0 || (!is_letter(text[at - 1]) && !is_digit(text[at - 1])))
            continue;
        // word . word behind the sign
        std::size_t i = at + 1;
        while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]) || text[i] == '-'))
            ++i;
        if (i > at + 1 && i + 2 < text.size() && text[i] == '.' && is_letter(text[i + 1]) && is_letter(text[i + 2]))
            return true;
    }
    return false;
}

// +49 341 ... or 0341/...: at least nine digits in a row but for blanks, slashes, hyphens and brackets. A zero behind a
// hyphen or point is part of a date or time.
bool has_telephone(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = text.substr(i, 3) == "+49" || text.substr(i, 4) == "0049" ||
                            (text[i] == '0' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9');
        if (!starts || (i > 0 && (is_digit(text[i - 1]) || is_letter(text[i - 1]) || std::string_view(".,:-/").find(text[i - 1]) != std::string_view::npos)))
            continue;
        std::size_t digits = 0, end = i;
        for (; end < text.size() && (is_digit(text[end]) || std::string_view("+ /-()").find(text[end]) != std::string_view::npos); ++end)
            digits += is_digit(text[end]);
        if (digits >= 9)
            return true;
    }
    return false;
}

}  // namespace

std::string folded(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '_')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

bool is_garbled(std::string_view text)
{
    static constexpr std::array<std::string_view, 9> signs = {"\xEF\xBF\xBD", "Ã¤", "Ã¶", "Ã¼", "Ã„", "Ã–", "Ãœ", "ÃŸ", "â€"};
    return std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

bool has_personal_data(std::string_view text) { return has_email(text) || has_telephone(text); }

std::string metres(double value) { return table::number_text(std::round(value * 100) / 100) + " m"; }

}  // namespace stadtgdi::validate::detail
