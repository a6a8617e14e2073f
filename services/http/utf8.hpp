// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

namespace stadtgdi::http {

/// Well-formed UTF-8 by the table of RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace stadtgdi::http
