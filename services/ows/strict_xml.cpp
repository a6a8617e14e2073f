// SPDX-License-Identifier: GPL-2.0-or-later
#include <expat.h>
#include <services/ows/strict_xml.hpp>
#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <string>

namespace stadtgdi::ows {

namespace {

const char* name_of(pugi::xml_encoding encoding)
{
    switch (encoding) {
    case pugi::encoding_utf16_le: return "UTF-16LE";
    case pugi::encoding_utf16_be: return "UTF-16BE";
    case pugi::encoding_latin1: return "ISO-8859-1";
    default: return "UTF-8";
    }
}

base::Text not_well_formed(const std::string& what, std::ptrdiff_t byte)
{
    return base::filled({"the XML is not well-formed ({0} at byte {1})", "das XML ist nicht wohlgeformt ({0} bei Byte {1})"}, what, std::to_string(byte));
}

std::optional<base::Text> fault_of(std::string_view text, pugi::xml_encoding encoding)
{
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return base::Text{"it is too long", "das XML ist zu lang"};
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(name_of(encoding)), &XML_ParserFree);
    if (!parser) throw std::bad_alloc();
    XML_UseParserAsHandlerArg(parser.get());
    // Comes before anything within the DOCTYPE is read.
    XML_SetStartDoctypeDeclHandler(parser.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) { XML_StopParser(static_cast<XML_Parser>(self), XML_FALSE); });
    // In one piece: a long tag that comes in many would be begun anew with each.
    if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK) return std::nullopt;
    const XML_Error error = XML_GetErrorCode(parser.get());
    if (error == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    if (error == XML_ERROR_ABORTED) return base::Text{"a DOCTYPE is not accepted", "ein DOCTYPE wird nicht angenommen"};
    return not_well_formed(error == XML_ERROR_INVALID_TOKEN ? "invalid token" : XML_ErrorString(error), std::max<XML_Index>(0, XML_GetErrorByteIndex(parser.get())));
}

}  // namespace

std::optional<base::Text> read_strictly(std::string_view text, pugi::xml_document& document, unsigned options, pugi::xml_encoding encoding)
{
    if (auto fault = fault_of(text, encoding)) return fault;
    const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size(), options, encoding);
    if (result.status == pugi::status_out_of_memory) throw std::bad_alloc();
    if (!result) return not_well_formed(result.description(), result.offset);
    return std::nullopt;
}

}  // namespace stadtgdi::ows
