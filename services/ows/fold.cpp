// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/fold.hpp>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace stadtgdi::ows {

namespace {

std::string mapped(std::string_view text, int options)
{
    bool ascii = true;
    for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (ascii) {
        std::string lower(text);
        if ((options & UTF8PROC_CASEFOLD) != 0)
            for (char& c : lower)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        return lower;
    }
    utf8proc_uint8_t* out = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &out, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
    if (size < 0) return std::string(text);  // damaged: compared as it is
    return std::string(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
}

}  // namespace

std::string without_case(std::string_view utf8) { return mapped(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD); }

std::string without_accents(std::string_view utf8) { return mapped(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK); }

std::u32string code_points(std::string_view utf8)
{
    std::u32string points;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    auto left = static_cast<utf8proc_ssize_t>(utf8.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t used = utf8proc_iterate(at, left, &point);
        if (used < 1) {
            used = 1;
            point = 0xfffd;
        }
        points.push_back(static_cast<char32_t>(point));
        at += used;
        left -= used;
    }
    return points;
}

LikePattern::LikePattern(std::string_view pattern, char32_t wildcard, char32_t single, char32_t escape, bool fold_case) : m_fold_case(fold_case)
{
    const std::u32string points = code_points(pattern);
    std::u32string plain;
    const auto add_plain = [&] {
        if (fold_case && !plain.empty()) {
            std::string text;
            for (const char32_t point : plain) {
                utf8proc_uint8_t bytes[4];
                text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes)));
            }
            plain = code_points(without_case(text));
        }
        for (const char32_t point : plain) m_tokens.push_back({Token::Kind::character, point});
        plain.clear();
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i] == escape && i + 1 < points.size()) {
            plain.push_back(points[++i]);
        } else if (points[i] == wildcard) {
            add_plain();
            if (m_tokens.empty() || m_tokens.back().kind != Token::Kind::any) m_tokens.push_back({Token::Kind::any});
        } else if (points[i] == single) {
            add_plain();
            m_tokens.push_back({Token::Kind::single});
        } else {
            plain.push_back(points[i]);
        }
    }
    add_plain();
}

bool LikePattern::matches(std::string_view text) const
{
    const std::u32string points = code_points(m_fold_case ? without_case(text) : std::string(text));
    std::size_t token = 0, point = 0, last_any = m_tokens.size(), from = 0;
    while (point < points.size()) {
        const bool more = token < m_tokens.size();
        if (more && m_tokens[token].kind == Token::Kind::any) {
            last_any = token++;
            from = point;
        } else if (more && (m_tokens[token].kind == Token::Kind::single || m_tokens[token].character == points[point])) {
            ++token;
            ++point;
        } else if (last_any < m_tokens.size()) {
            token = last_any + 1;
            point = ++from;
        } else {
            return false;
        }
    }
    while (token < m_tokens.size() && m_tokens[token].kind == Token::Kind::any) ++token;
    return token == m_tokens.size();
}

}  // namespace stadtgdi::ows
