// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/strict_xml.hpp>
#include <services/ows/xml_body.hpp>
#include <algorithm>

namespace stadtgdi::ows {

namespace {

/// Elements of a few bytes need many times as much when they are read.
constexpr std::ptrdiff_t max_tags = 100'000;

OwsException unreadable(const base::Text& why)
{
    return {Code::operation_parsing_failed, "", {"The request cannot be read: " + why.en + ".", "Die Anfrage ist nicht lesbar: " + why.de + "."}};
}

/// "text/xml; charset=UTF-16" gives "UTF-16".
std::string charset_of(const std::string& content_type)
{
    for (const std::string& part : split(content_type, ';')) {
        const std::string_view text = trimmed(part);
        if (!equal_ignoring_case(text.substr(0, 8), "charset=")) continue;
        std::string_view value = text.substr(8);
        if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return {};
}

/// encoding="..." of the declaration of a document whose bytes are ASCII so far.
std::string declared_encoding(std::string_view text)
{
    if (text.substr(0, 5) != "<?xml") return {};
    const std::string_view declaration = text.substr(0, text.find("?>"));
    const auto at = declaration.find("encoding");
    if (at == std::string_view::npos) return {};
    const auto begin = declaration.find_first_of("\"'", at);
    if (begin == std::string_view::npos) return {};
    const auto end = declaration.find(declaration[begin], begin + 1);
    return std::string(declaration.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1));
}

/// The byte order mark comes first, then what was said beside the document, then what it says itself.
pugi::xml_encoding encoding_of(std::string_view body, const std::string& charset)
{
    const auto begins = [&](std::string_view mark) { return body.substr(0, mark.size()) == mark; };
    if (begins("\xef\xbb\xbf")) return pugi::encoding_utf8;
    if (begins("\xff\xfe") || begins(std::string_view("<\0", 2))) return pugi::encoding_utf16_le;
    if (begins("\xfe\xff") || begins(std::string_view("\0<", 2))) return pugi::encoding_utf16_be;
    std::string name = charset.empty() ? declared_encoding(body) : charset;
    if (name.empty()) return pugi::encoding_utf8;
    name = upper(name);
    for (const char* known : {"UTF-8", "UTF8", "US-ASCII", "ASCII"})
        if (name == known) return pugi::encoding_utf8;
    for (const char* known : {"ISO-8859-1", "ISO_8859-1", "LATIN1", "LATIN-1"})
        if (name == known) return pugi::encoding_latin1;
    throw unreadable({"its encoding is not UTF-8, UTF-16 or ISO-8859-1", "ihre Kodierung ist nicht UTF-8, UTF-16 oder ISO-8859-1"});
}

/// Every half of a pair beside its other half: parsers do not agree on what a single one is.
bool is_utf16(std::string_view body, bool little_endian)
{
    bool open = false;
    for (std::size_t i = 0; i + 1 < body.size(); i += 2) {
        const unsigned high = static_cast<unsigned char>(body[little_endian ? i + 1 : i]);
        if (open != (high >= 0xdc && high < 0xe0)) return false;
        open = high >= 0xd8 && high < 0xdc;
    }
    return !open && body.size() % 2 == 0;
}

}  // namespace

bool has_xml_body(const http::Request& request)
{
    if (request.method != "POST" || request.body.empty()) return false;
    const std::string type = request.header("content-type");
    if (type.empty()) return trimmed(request.body).starts_with('<');
    const std::string media = upper(trimmed(std::string_view(type).substr(0, type.find(';'))));
    return media == "TEXT/XML" || media == "APPLICATION/XML" || media.ends_with("+XML");
}

pugi::xml_document read_xml_body(const http::Request& request)
{
    const std::string& body = request.body;
    const pugi::xml_encoding encoding = encoding_of(body, charset_of(request.header("content-type")));
    const bool little_endian = encoding == pugi::encoding_utf16_le;
    if ((little_endian || encoding == pugi::encoding_utf16_be) && !is_utf16(body, little_endian))
        throw unreadable({"it has bytes that are no characters", "sie enthält Bytes, die keine Zeichen sind"});
    if (std::ranges::count(body, '<') > max_tags)
        throw unreadable({"it has more than 100000 tags", "sie hat mehr als 100000 Tags"});
    pugi::xml_document document;
    if (const auto fault = read_strictly(body, document, pugi::parse_default, encoding)) throw unreadable(*fault);
    if (local_name(document.document_element()) == "Envelope")
        throw OwsException(Code::operation_not_supported, "", {"SOAP is not offered; send the request itself.", "SOAP wird nicht angeboten; bitte die Anfrage selbst senden."});
    return document;
}

std::string_view local_name(const pugi::xml_node& node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_of(const pugi::xml_node& node, std::string_view local)
{
    for (const pugi::xml_node& one : node.children())
        if (one.type() == pugi::node_element && local_name(one) == local) return one;
    return {};
}

std::string namespace_of(const pugi::xml_node& node, std::string_view prefix)
{
    const std::string name = prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix);
    for (pugi::xml_node at = node; at; at = at.parent())
        if (const pugi::xml_attribute attribute = at.attribute(name.c_str())) return attribute.value();
    return {};
}

}  // namespace stadtgdi::ows
