// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/values.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <vector>

namespace stadtgdi::catalogue::detail {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

struct Unit {
    std::string_view name;
    int dimension;  // only equal dimensions convert
    double factor;  // to the first unit of the dimension
};

constexpr std::array units = {
    Unit{"m", 1, 1},        Unit{"mm", 1, 0.001},   Unit{"cm", 1, 0.01},   Unit{"dm", 1, 0.1},    Unit{"km", 1, 1000},   Unit{"ft", 1, 0.3048},
    Unit{"m2", 2, 1},       Unit{"m²", 2, 1},       Unit{"qm", 2, 1},      Unit{"ha", 2, 10000},  Unit{"km2", 2, 1e6},   Unit{"km²", 2, 1e6},
    Unit{"m3", 3, 1},       Unit{"m³", 3, 1},       Unit{"l", 3, 0.001},   Unit{"kv", 4, 1},      Unit{"v", 4, 0.001},   Unit{"bar", 5, 1},
    Unit{"mbar", 5, 0.001}, Unit{"hpa", 5, 0.001},  Unit{"kw", 6, 1},      Unit{"w", 6, 0.001},   Unit{"mw", 6, 1000},   Unit{"kva", 7, 1},
    Unit{"va", 7, 0.001},   Unit{"mva", 7, 1000},   Unit{"a", 8, 1},       Unit{"ka", 8, 1000},   Unit{"kwh/a", 9, 1},   Unit{"mwh/a", 9, 1000},
    Unit{"%", 10, 1},       Unit{"m3/a", 11, 1},    Unit{"m³/a", 11, 1},
};

const Unit* unit_of(std::string_view name)
{
    const std::string wanted = lower(name);
    const auto found = std::ranges::find(units, std::string_view(wanted), &Unit::name);
    return found == units.end() ? nullptr : &*found;
}

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t hour_us = 3600 * second_us;

// Last Sunday of a month, 01:00 UTC: where the European Union changes its clocks.
std::int64_t change_us(std::chrono::year year, unsigned month)
{
    using namespace std::chrono;
    const sys_days day = year / std::chrono::month{month} / Sunday[last];
    return duration_cast<microseconds>((day + hours{1}).time_since_epoch()).count();
}

std::int64_t central_european_offset_us(std::int64_t utc_us)
{
    using namespace std::chrono;
    const auto day = floor<days>(sys_time<microseconds>{microseconds{utc_us}});
    const year in = year_month_day{day}.year();
    const bool summer = utc_us >= change_us(in, 3) && utc_us < change_us(in, 10) && static_cast<int>(in) >= 1980;
    return summer ? 2 * hour_us : hour_us;
}

std::optional<std::int64_t> parse_pattern(std::string_view text, std::string_view format)
{
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            if (at >= text.size() || text[at] != format[i])
                return {};
            ++at;
            continue;
        }
        const char which = format[++i];
        const std::size_t most = which == 'Y' ? 4 : 2;
        std::size_t end = at;
        while (end < text.size() && end - at < most && is_digit(text[end]))
            ++end;
        int value = 0;
        if (end == at || std::from_chars(text.data() + at, text.data() + end, value).ec != std::errc{} || (which == 'Y' && end - at != 4))
            return {};
        at = end;
        switch (which) {
        case 'Y': year = value; break;
        case 'm': month = value; break;
        case 'd': day = value; break;
        case 'H': hour = value; break;
        case 'M': minute = value; break;
        case 'S': second = value; break;
        default: return {};
        }
    }
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)}, std::chrono::day{static_cast<unsigned>(day)}};
    if (at != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 60)
        return {};
    return duration_cast<microseconds>(sys_days{date}.time_since_epoch()).count() + ((hour * 60 + minute) * 60 + second) * second_us;
}

}  // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::optional<Measure> parse_measure(std::string_view text)
{
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.' || text[end] == ',' || ((text[end] == '-' || text[end] == '+') && end == 0)))
        ++end;
    // An exponent only where digits follow it: "1e+01" has one, "1 ea" has none.
    if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
        std::size_t digits = end + 1;
        if (digits < text.size() && (text[digits] == '-' || text[digits] == '+'))
            ++digits;
        if (digits < text.size() && is_digit(text[digits])) {
            while (digits < text.size() && is_digit(text[digits]))
                ++digits;
            end = digits;
        }
    }
    std::string number(text.substr(0, end));
    if (!number.empty() && number.front() == '+')
        number.erase(0, 1);
    const std::size_t mark = number.find_last_of(".,");
    if (mark != std::string::npos) {
        // Marks before the last one group thousands; the same mark twice groups thousands only.
        const bool both = number.find('.') != std::string::npos && number.find(',') != std::string::npos;
        if (!both && number.find(number[mark]) != mark)
            return {};
        std::string plain;
        for (std::size_t i = 0; i < number.size(); ++i)
            if (i == mark)
                plain += '.';
            else if (number[i] != '.' && number[i] != ',')
                plain += number[i];
        number = plain;
    }
    double value = 0;
    const auto [last, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || last != number.data() + number.size() || !std::isfinite(value))
        return {};
    return Measure{value, std::string(trimmed(text.substr(end)))};
}

std::optional<double> conversion(std::string_view from, std::string_view to)
{
    if (lower(from) == lower(to))
        return 1.0;
    const Unit* a = unit_of(from);
    const Unit* b = unit_of(to);
    if (!a || !b || a->dimension != b->dimension)
        return {};
    return a->factor / b->factor;
}

std::optional<bool> parse_bool(std::string_view text)
{
    const std::string value = lower(trimmed(text));
    for (const char* yes : {"true", "yes", "ja", "wahr", "t", "1"})
        if (value == yes)
            return true;
    for (const char* no : {"false", "no", "nein", "falsch", "f", "0"})
        if (value == no)
            return false;
    return {};
}

std::optional<std::int64_t> parse_time(std::string_view text, const std::vector<std::string>& formats, bool central_european_time)
{
    text = trimmed(text);
    const auto as_utc = [&](std::int64_t clock_us) {
        if (!central_european_time)
            return clock_us;
        const std::int64_t winter = clock_us - hour_us;  // the offset follows from the moment itself: try winter time first
        return clock_us - central_european_offset_us(winter);
    };
    for (const std::string& format : formats) {
        if (format == "epoch_ms" || format == "epoch_s") {
            const auto number = parse_measure(text);
            if (number && number->unit.empty() && std::abs(number->value) < 1e15)
                return static_cast<std::int64_t>(number->value * (format == "epoch_ms" ? 1e3 : 1e6));
        } else if (const auto time = parse_pattern(text, format)) {
            return as_utc(*time);
        }
    }
    std::int64_t microseconds = 0;
    if (table::parse_datetime(text, microseconds)) {
        const bool says_offset = text.back() == 'Z' || text.find('+', 10) != std::string_view::npos || text.find('-', 10) != std::string_view::npos;
        return says_offset ? microseconds : as_utc(microseconds);
    }
    std::int32_t days = 0;
    if (table::parse_date(text, days))
        return as_utc(std::int64_t{days} * 24 * hour_us);
    return {};
}

std::int32_t day_of(std::int64_t microseconds, bool central_european_time)
{
    const std::int64_t clock = microseconds + (central_european_time ? central_european_offset_us(microseconds) : 0);
    const std::int64_t day_us = 24 * hour_us;
    return static_cast<std::int32_t>((clock >= 0 ? clock : clock - day_us + 1) / day_us);
}

std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text)
{
    const auto digit = [](char c) { return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    if (text.size() % 2 != 0 || text.empty())
        return {};
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return {};
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

}  // namespace stadtgdi::catalogue::detail
