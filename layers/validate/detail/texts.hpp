// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

namespace stadtgdi::validate::detail {

/// Lower case without blanks, hyphens and underscores: how spellings of one code are compared.
std::string folded(std::string_view text);
/// UTF-8 read as Latin-1 ("Ã¤", "StraÃŸe") or replaced characters.
bool is_garbled(std::string_view text);
/// An e-mail address or a German telephone number.
bool has_personal_data(std::string_view text);
/// A length as findings show it, to the centimetre: "12.34 m".
std::string metres(double value);

}  // namespace stadtgdi::validate::detail
