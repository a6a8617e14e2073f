// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stadtgdi::base {

enum class Language { en, de };

/// A text that people see, in both of the project's languages.
///     Text{"Tree sites", "Baumstandorte"}.in(Language::de)
struct Text {
    std::string en;
    std::string de;

    /// For names and other texts that are the same in every language.
    static Text same(std::string both);
    const std::string& in(Language language) const { return language == Language::de && !de.empty() ? de : en; }
    bool empty() const { return en.empty() && de.empty(); }
    friend bool operator==(const Text&, const Text&) = default;
};

/// "de", "de_DE.UTF-8", "de-AT" give German; everything else English.
Language language_of(std::string_view locale);

/// The beginning of a UTF-8 text in at most so many bytes, never a part of a character.
std::string shortened(std::string text, std::size_t bytes);

/// Replaces {0}, {1} ... in both languages:
///     filled({"{0} rows", "{0} Zeilen"}, "12")
template <class... Args> Text filled(Text text, const Args&... args);

namespace detail {
void fill(std::string& text, std::initializer_list<std::string_view> values);
}

template <class... Args> Text filled(Text text, const Args&... args)
{
    detail::fill(text.en, {std::string_view(args)...});
    detail::fill(text.de, {std::string_view(args)...});
    return text;
}

}  // namespace stadtgdi::base
