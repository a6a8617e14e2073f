// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace stadtgdi::ows {

/// The longest a byte of text can become, in JSON ("\u001f") and in XML ("&quot;").
inline constexpr std::size_t longest_escape = 6;

/// Content of a JSON string. `out` has room for longest_escape bytes a byte.
char* put_json(char* out, std::string_view utf8);
/// Content of an XML element or attribute; characters that XML 1.0 forbids are left out.
char* put_xml(char* out, std::string_view utf8);

/// Content of a quoted value in CSV.
char* put_csv(char* out, std::string_view utf8);

std::string json_string(std::string_view utf8);  ///< with its quotes
std::string xml_text(std::string_view utf8);

}  // namespace stadtgdi::ows
