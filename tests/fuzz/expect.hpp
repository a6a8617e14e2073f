// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <services/http/utf8.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace stadtgdi::fuzz {

/// What must hold whatever comes in; where it does not, the program ends and libFuzzer keeps the input.
inline void expect(bool holds, std::string_view what)
{
    if (holds) return;
    std::fprintf(stderr, "Not so: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

/// A text that a client may have sent: readers of requests let no other through.
inline bool is_text(std::string_view bytes) { return http::is_utf8(bytes) && bytes.find('\0') == std::string_view::npos; }

inline void expect_readable(const base::Text& text)
{
    constexpr std::size_t longest = 2000;  // of what a client sent no more is said back
    for (const std::string& one : {text.en, text.de}) {
        expect(!one.empty(), "an error says something");
        expect(one.size() <= longest, "an error is short: " + one);
        expect(http::is_utf8(one), "an error is UTF-8: " + one);
    }
}

/// An error that is the client's.
inline void expect_refusal(const base::Error& error)
{
    expect(error.kind() == base::ErrorKind::invalid_argument || error.kind() == base::ErrorKind::unsupported || error.kind() == base::ErrorKind::not_found,
           "what is wrong with an input is no fault of ours: " + error.message().en);
    expect_readable(error.message());
}

}  // namespace stadtgdi::fuzz
