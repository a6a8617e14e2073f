// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::ows {

/// Unicode's full case folding, composed: "STRASSE" and "Straße" give the same text.
std::string without_case(std::string_view utf8);
/// Without combining marks: "Größe" gives "Große"; letters that are no base with a mark (ß, ø) stay.
std::string without_accents(std::string_view utf8);
/// UTF-8 as code points; damaged bytes give U+FFFD.
std::u32string code_points(std::string_view utf8);

/// A pattern of LIKE. Takes time in proportion to text times pattern at most.
class LikePattern {
public:
    LikePattern(std::string_view pattern, char32_t wildcard, char32_t single, char32_t escape, bool fold_case);
    bool matches(std::string_view text) const;

private:
    struct Token {
        enum class Kind { character, single, any } kind;
        char32_t character = 0;
    };
    std::vector<Token> m_tokens;
    bool m_fold_case;
};

}  // namespace stadtgdi::ows
