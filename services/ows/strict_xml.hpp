// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <pugixml.hpp>
#include <optional>
#include <string_view>

namespace stadtgdi::ows {

/// Reads a document of a client, or says why not: it has a DOCTYPE, or is not well-formed. pugixml alone would take what other parsers refuse,
/// and guess. Prefixes need not be bound; no entity is expanded, nothing is fetched. The encoding counts, whatever the document names. O(n).
std::optional<base::Text> read_strictly(std::string_view text, pugi::xml_document& document, unsigned options = pugi::parse_default, pugi::xml_encoding encoding = pugi::encoding_utf8);

}  // namespace stadtgdi::ows
