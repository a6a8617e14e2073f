// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/utf8.hpp>

#include <cstddef>

namespace stadtgdi::http {

namespace {

unsigned char byte_at(std::string_view text, std::size_t i)
{
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool continues(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/// Length of the well-formed sequence at `i`, 0 where there is none.
std::size_t sequence_length(std::string_view text, std::size_t i)
{
    const unsigned char first = byte_at(text, i), second = byte_at(text, i + 1);
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0;
    if (first < 0xe0)
        return continues(second) ? 2 : 0;
    const bool third = continues(byte_at(text, i + 2));
    if (first < 0xf0) {
        const bool in_range = (first == 0xe0 ? second >= 0xa0 : true) && (first == 0xed ? second < 0xa0 : true);
        return continues(second) && in_range && third ? 3 : 0;
    }
    if (first < 0xf5) {
        const bool in_range = (first == 0xf0 ? second >= 0x90 : true) && (first == 0xf4 ? second < 0x90 : true);
        return continues(second) && in_range && third && continues(byte_at(text, i + 3)) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequence_length(text, i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

}  // namespace stadtgdi::http
