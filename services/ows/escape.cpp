// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/escape.hpp>
#include <array>

namespace stadtgdi::ows {

namespace {

struct SpecialBytes {
    std::array<bool, 256> json{}, xml{};
    constexpr SpecialBytes()
    {
        for (std::size_t i = 0; i < 32; ++i) json[i] = xml[i] = true;
        json['"'] = json['\\'] = true;
        xml['&'] = xml['<'] = xml['>'] = xml['"'] = true;
        xml[0xef] = true;  // may begin U+FFFE or U+FFFF
    }
};
constexpr SpecialBytes special;

constexpr std::uint64_t repeated(std::uint8_t byte) { return 0x0101010101010101ULL * byte; }
constexpr std::uint64_t zero_bytes(std::uint64_t v) { return (v - repeated(1)) & ~v & repeated(0x80); }

/// Whether one of eight bytes may be special; may also say yes where none is.
template <bool json> bool suspicious(std::uint64_t v)
{
    const std::uint64_t control = (v - repeated(0x20)) & ~v & repeated(0x80);
    if constexpr (json)
        return (control | zero_bytes(v ^ repeated('"')) | zero_bytes(v ^ repeated('\\'))) != 0;
    else
        return (control | zero_bytes(v ^ repeated('&')) | zero_bytes(v ^ repeated('"')) | zero_bytes((v & ~repeated(2)) ^ repeated('<')) |
                zero_bytes(v ^ repeated(0xef))) != 0;
}

char* put_text(char* out, std::string_view text)
{
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

template <bool json, class Escape> char* put_escaped(char* out, std::string_view text, Escape&& escape)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        if (end - at >= 8) {
            std::uint64_t block;
            std::memcpy(&block, at, 8);
            std::memcpy(out, at, 8);
            if (!suspicious<json>(block)) {
                at += 8;
                out += 8;
                continue;
            }
        }
        const char* const stop = end - at >= 8 ? at + 8 : end;
        while (at < stop) {
            const auto c = static_cast<unsigned char>(*at);
            if (json ? special.json[c] : special.xml[c])
                out = escape(out, at, end);
            else
                *out++ = *at++;
        }
    }
    return out;
}

}  // namespace

char* put_json(char* out, std::string_view utf8)
{
    return put_escaped<true>(out, utf8, [](char* to, const char*& at, const char*) {
        const auto c = static_cast<unsigned char>(*at++);
        switch (c) {
        case '"': return put_text(to, "\\\"");
        case '\\': return put_text(to, "\\\\");
        case '\n': return put_text(to, "\\n");
        case '\r': return put_text(to, "\\r");
        case '\t': return put_text(to, "\\t");
        default: {
            constexpr char digits[] = "0123456789abcdef";
            to = put_text(to, "\\u00");
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
            return to;
        }
        }
    });
}

char* put_xml(char* out, std::string_view utf8)
{
    return put_escaped<false>(out, utf8, [](char* to, const char*& at, const char* end) {
        const auto c = static_cast<unsigned char>(*at);
        if (c == 0xef && end - at >= 3 && static_cast<unsigned char>(at[1]) == 0xbf && static_cast<unsigned char>(at[2]) >= 0xbe) {
            at += 3;
            return to;
        }
        ++at;
        switch (c) {
        case '&': return put_text(to, "&amp;");
        case '<': return put_text(to, "&lt;");
        case '>': return put_text(to, "&gt;");
        case '"': return put_text(to, "&quot;");
        case '\r': return put_text(to, "&#13;");
        case '\n':
        case '\t':
        case 0xef: *to++ = static_cast<char>(c); return to;
        default: return to;
        }
    });
}

char* put_csv(char* out, std::string_view utf8)
{
    for (;;) {
        const auto quote = utf8.find('"');
        out = put_text(out, utf8.substr(0, quote));
        if (quote == std::string_view::npos) return out;
        out = put_text(out, "\"\"");
        utf8.remove_prefix(quote + 1);
    }
}

std::string json_string(std::string_view utf8)
{
    std::string text(utf8.size() * longest_escape + 10, '\0');
    text[0] = '"';
    char* end = put_json(text.data() + 1, utf8);
    *end++ = '"';
    text.resize(static_cast<std::size_t>(end - text.data()));
    return text;
}

std::string xml_text(std::string_view utf8)
{
    std::string text(utf8.size() * longest_escape + 8, '\0');
    text.resize(static_cast<std::size_t>(put_xml(text.data(), utf8) - text.data()));
    return text;
}

}  // namespace stadtgdi::ows
