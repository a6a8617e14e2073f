// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/message.hpp>

#include <layers/base/error.hpp>
#include <services/http/content_coding.hpp>

#include <algorithm>
#include <cstdint>

namespace stadtgdi::http {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool may_stand_in_header(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
}

}  // namespace

std::optional<std::string> Request::parameter(std::string_view name) const
{
    for (const auto& [key, value] : parameters)
        if (equal_ignoring_case(key, name))
            return value;
    return std::nullopt;
}

std::string Request::header(std::string_view lower_case_name) const
{
    for (const auto& [name, value] : headers)
        if (name == lower_case_name)
            return value;
    return {};
}

void Response::set_header(std::string name, std::string value)
{
    if (!std::all_of(value.begin(), value.end(), may_stand_in_header))
        throw Error(ErrorKind::invalid_argument, {"A value with control characters cannot be answered.",
                                                  "Auf einen Wert mit Steuerzeichen ist keine Antwort möglich."});
    for (auto& [known, old] : headers) {
        if (equal_ignoring_case(known, name)) {
            old = std::move(value);
            return;
        }
    }
    headers.emplace_back(std::move(name), std::move(value));
}

std::string tag_of(std::string_view bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    std::string digits(16, '0');
    for (std::size_t i = digits.size(); i-- > 0; hash >>= 4)
        digits[i] = "0123456789abcdef"[hash & 15];
    return digits;
}

bool has_etag(const Request& request, std::string_view etag)
{
    if (etag.empty())
        return false;
    const std::string list = request.header("if-none-match");
    const std::string_view view = list;
    for (std::size_t begin = 0; begin < view.size();) {
        const std::size_t comma = std::min(view.find(',', begin), view.size());
        std::string_view tag = view.substr(begin, comma - begin);
        begin = comma + 1;
        while (!tag.empty() && (tag.front() == ' ' || tag.front() == '\t'))
            tag.remove_prefix(1);
        while (!tag.empty() && (tag.back() == ' ' || tag.back() == '\t'))
            tag.remove_suffix(1);
        if (tag == "*")
            return true;
        if (tag.starts_with("W/"))
            tag.remove_prefix(2);
        if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"')
            continue;
        tag = tag.substr(1, tag.size() - 2);
        if (tag == etag || plain_etag(tag) == etag)
            return true;
    }
    return false;
}

Response not_modified(std::string etag)
{
    Response response;
    response.status = 304;
    response.etag = std::move(etag);
    return response;
}

std::string percent_encoded(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return encoded;
}

std::string html_escaped(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

std::string xml_escaped(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        // U+FFFE and U+FFFF: the only forbidden characters beyond the control characters that UTF-8 can hold
        if (byte == 0xef && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) == 0xbf && static_cast<unsigned char>(text[i + 2]) >= 0xbe) {
            i += 2;
            continue;
        }
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&apos;"; break;
        default:
            if (byte >= 0x20 || c == '\t' || c == '\n' || c == '\r')
                escaped += c;
        }
    }
    return escaped;
}

}  // namespace stadtgdi::http
