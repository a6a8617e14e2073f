// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace stadtgdi::ows {

// Numbers as text, without locale and allocation. The room must be there: 24 bytes for integers, 32 for doubles.

namespace detail {

struct DigitPairs {
    std::array<char, 200> text{};
    constexpr DigitPairs()
    {
        for (std::size_t i = 0; i < 100; ++i) {
            text[2 * i] = static_cast<char>('0' + i / 10);
            text[2 * i + 1] = static_cast<char>('0' + i % 10);
        }
    }
};
inline constexpr DigitPairs digit_pairs;

inline void put_pair(char* out, std::uint32_t below_100) { std::memcpy(out, digit_pairs.text.data() + 2 * below_100, 2); }

inline void put_four(char* out, std::uint32_t below_10000)
{
    put_pair(out, below_10000 / 100);
    put_pair(out + 2, below_10000 % 100);
}

}  // namespace detail

inline char* put_integer(char* out, std::int64_t value) { return std::to_chars(out, out + 24, value).ptr; }

/// Shortest text that reads back as the same number; integers without a point. Not for NaN or infinity.
inline char* put_double(char* out, double value)
{
    // Most measured values have at most three decimals: where value * 1000 is whole and reads back exactly, its digits
    // are the shortest text, since two decimals of up to 15 digits never share a double.
    const double scaled = value * 1000.0;
    if (scaled > -1e14 && scaled < 1e14) {
        const auto whole = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
        if (static_cast<double>(whole) / 1000.0 == value) {
            const auto magnitude = static_cast<std::uint64_t>(whole < 0 ? -whole : whole);
            if (whole < 0) *out++ = '-';
            out = std::to_chars(out, out + 24, magnitude / 1000).ptr;
            if (const auto rest = static_cast<std::uint32_t>(magnitude % 1000); rest != 0) {
                *out++ = '.';
                *out++ = static_cast<char>('0' + rest / 100);
                detail::put_pair(out, rest % 100);
                out += 2;
                while (out[-1] == '0') --out;
            }
            return out;
        }
    }
    return std::to_chars(out, out + 32, value).ptr;
}

/// The same with a point in whole numbers too: readers of JSON that tell the type of a property by its first values (GDAL, QGIS) take 12 for an integer, and 12.5 below it is lost.
inline char* put_real(char* out, double value)
{
    char* const end = put_double(out, value);
    for (const char* c = out; c != end; ++c)
        if (*c == '.' || *c == 'e') return end;
    end[0] = '.';
    end[1] = '0';
    return end + 2;
}

/// Rounded to 3 or 8 decimals, zeros at the end left out. Not for NaN or infinity.
template <int decimals> char* put_fixed(char* out, double value)
{
    static_assert(decimals == 3 || decimals == 8);
    constexpr std::uint64_t unit = decimals == 3 ? 1000 : 100'000'000;
    const double scaled = value * static_cast<double>(unit);
    if (!(scaled > -9e17 && scaled < 9e17)) return put_double(out, value);
    const auto whole = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
    const auto magnitude = static_cast<std::uint64_t>(whole < 0 ? -whole : whole);
    if (whole < 0) *out++ = '-';
    out = std::to_chars(out, out + 24, magnitude / unit).ptr;
    const auto rest = static_cast<std::uint32_t>(magnitude % unit);
    if (rest == 0) return out;
    *out++ = '.';
    if constexpr (decimals == 3) {
        *out = static_cast<char>('0' + rest / 100);
        detail::put_pair(out + 1, rest % 100);
    } else {
        detail::put_four(out, rest / 10000);
        detail::put_four(out + 4, rest % 10000);
    }
    out += decimals;
    while (out[-1] == '0') --out;
    return out;
}

/// "2024-06-07": years 0000 to 9999; others keep their sign and digits.
inline char* put_date(char* out, std::int64_t days)
{
    // Civil date from days, H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    const std::int64_t z = days + 719468;
    const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const auto doe = static_cast<std::uint32_t>(z - era * 146097);
    const std::uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const std::uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const std::uint32_t mp = (5 * doy + 2) / 153;
    const std::uint32_t day = doy - (153 * mp + 2) / 5 + 1;
    const std::uint32_t month = mp < 10 ? mp + 3 : mp - 9;
    const std::int64_t year = static_cast<std::int64_t>(yoe) + era * 400 + (month <= 2 ? 1 : 0);
    if (year >= 0 && year <= 9999) {
        detail::put_four(out, static_cast<std::uint32_t>(year));
        out += 4;
    } else {
        out = put_integer(out, year);
    }
    *out++ = '-';
    detail::put_pair(out, month);
    out[2] = '-';
    detail::put_pair(out + 3, day);
    return out + 5;
}

/// "2024-06-07T19:05:41Z", with microseconds where they are not zero.
inline char* put_datetime(char* out, std::int64_t microseconds)
{
    constexpr std::int64_t day = 86'400'000'000;
    std::int64_t days = microseconds / day;
    std::int64_t rest = microseconds % day;
    if (rest < 0) {
        rest += day;
        --days;
    }
    out = put_date(out, days);
    const auto seconds = static_cast<std::uint32_t>(rest / 1'000'000);
    const auto micros = static_cast<std::uint32_t>(rest % 1'000'000);
    *out++ = 'T';
    detail::put_pair(out, seconds / 3600);
    out[2] = ':';
    detail::put_pair(out + 3, seconds / 60 % 60);
    out[5] = ':';
    detail::put_pair(out + 6, seconds % 60);
    out += 8;
    if (micros != 0) {
        *out++ = '.';
        detail::put_pair(out, micros / 10000);
        detail::put_four(out + 2, micros % 10000);
        out += 6;
    }
    *out++ = 'Z';
    return out;
}

/// A text known when compiling, without its final zero.
template <std::size_t n> char* put_literal(char* out, const char (&text)[n])
{
    std::memcpy(out, text, n - 1);
    return out + (n - 1);
}

}  // namespace stadtgdi::ows
