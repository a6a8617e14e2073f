// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace stadtgdi::ows {

/// Whether a request comes as a document: POST of text/xml, application/xml or another type that ends in +xml; without a type
/// the first letter tells.
bool has_xml_body(const http::Request& request);

/// The document, in UTF-8 whatever it came in (UTF-8, UTF-16, ISO-8859-1). OperationParsingFailed for damaged documents, other
/// encodings and anything with a DOCTYPE; OperationNotSupported for SOAP.
pugi::xml_document read_xml_body(const http::Request& request);

/// Name without its prefix.
std::string_view local_name(const pugi::xml_node& node);
/// The first child element of that local name.
pugi::xml_node child_of(const pugi::xml_node& node, std::string_view local);
/// What the prefix ("": none) is bound to at this element; "" where it is not.
std::string namespace_of(const pugi::xml_node& node, std::string_view prefix);

}  // namespace stadtgdi::ows
