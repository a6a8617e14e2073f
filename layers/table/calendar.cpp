// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/column.hpp>
#include <charconv>
#include <cmath>

// Civil calendar by days of 400-year eras, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain).
namespace stadtgdi::table {

namespace {

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t microseconds_per_second = 1'000'000;

struct Civil {
    std::int64_t year;
    int month, day;
};

std::int64_t days_of(std::int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

Civil civil_of(std::int64_t days)
{
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

void append_padded(std::string& out, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

void append_date(std::string& out, std::int64_t days)
{
    const Civil civil = civil_of(days);
    // ISO 8601: years of other than four digits carry a sign.
    if (civil.year < 0) out += '-';
    if (civil.year > 9999) out += '+';
    append_padded(out, std::abs(civil.year), 4);
    out += '-';
    append_padded(out, civil.month, 2);
    out += '-';
    append_padded(out, civil.day, 2);
}

/// Takes exactly `digits` digits off the front.
bool take_number(std::string_view& text, std::size_t digits, int& value)
{
    if (text.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return true;
}

bool take_char(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool take_date(std::string_view& text, std::int64_t& days)
{
    std::size_t year_digits = 4;
    int sign = 1;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
        const auto dash = text.find('-');
        if (dash == std::string_view::npos || dash < 4 || dash > 7) return false;
        year_digits = dash;
    }
    int year = 0, month = 0, day = 0;
    if (!take_number(text, year_digits, year) || !take_char(text, '-') || !take_number(text, 2, month) || !take_char(text, '-')
        || !take_number(text, 2, day))
        return false;
    year *= sign;
    if (month < 1 || month > 12 || day < 1) return false;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (day > lengths[month - 1] + (month == 2 && leap ? 1 : 0)) return false;
    days = days_of(year, month, day);
    return true;
}

bool take_fraction(std::string_view& text, std::int64_t& microseconds)
{
    microseconds = 0;
    std::int64_t unit = microseconds_per_second / 10;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        microseconds += (text.front() - '0') * unit;  // digits after the sixth are cut off
        unit /= 10;
        ++digits;
        text.remove_prefix(1);
    }
    return digits > 0;
}

/// Seconds east of UTC: "Z", "+hh", "+hhmm", "+hh:mm" or nothing.
bool take_offset(std::string_view& text, std::int64_t& seconds)
{
    seconds = 0;
    if (text.empty() || take_char(text, 'Z') || take_char(text, 'z')) return true;
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take_char(text, '+') && !take_char(text, '-')) return false;
    int hours = 0, minutes = 0;
    if (!take_number(text, 2, hours)) return false;
    const bool colon = take_char(text, ':');
    if ((colon || !text.empty()) && !take_number(text, 2, minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

}  // namespace

std::string date_text(std::int32_t days)
{
    std::string out;
    append_date(out, days);
    return out;
}

std::string datetime_text(std::int64_t microseconds)
{
    constexpr std::int64_t per_day = seconds_per_day * microseconds_per_second;
    std::int64_t days = microseconds / per_day;
    std::int64_t rest = microseconds % per_day;
    if (rest < 0) {
        rest += per_day;
        --days;
    }
    std::string out;
    append_date(out, days);
    const std::int64_t seconds = rest / microseconds_per_second;
    out += 'T';
    append_padded(out, seconds / 3600, 2);
    out += ':';
    append_padded(out, seconds / 60 % 60, 2);
    out += ':';
    append_padded(out, seconds % 60, 2);
    if (const std::int64_t fraction = rest % microseconds_per_second; fraction != 0) {
        out += '.';
        append_padded(out, fraction, 6);
    }
    out += 'Z';
    return out;
}

bool parse_date(std::string_view text, std::int32_t& days)
{
    std::int64_t wide = 0;
    if (!take_date(text, wide) || !text.empty()) return false;
    if (wide < INT32_MIN || wide > INT32_MAX) return false;
    days = static_cast<std::int32_t>(wide);
    return true;
}

bool parse_datetime(std::string_view text, std::int64_t& microseconds)
{
    std::int64_t days = 0, fraction = 0, offset = 0;
    int hour = 0, minute = 0, second = 0;
    if (!take_date(text, days)) return false;
    if (!take_char(text, 'T') && !take_char(text, ' ') && !take_char(text, 't')) return false;
    if (!take_number(text, 2, hour) || !take_char(text, ':') || !take_number(text, 2, minute)) return false;
    if (take_char(text, ':')) {
        if (!take_number(text, 2, second)) return false;
        if (take_char(text, '.') && !take_fraction(text, fraction)) return false;
    }
    if (!take_offset(text, offset) || !text.empty()) return false;
    const bool midnight_at_end = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if ((hour > 23 && !midnight_at_end) || minute > 59 || second > 59) return false;
    if (days < -100'000'000 || days > 100'000'000) return false;  // beyond what microseconds can hold
    microseconds = (days * seconds_per_day + hour * 3600 + minute * 60 + second - offset) * microseconds_per_second + fraction;
    return true;
}

std::string number_text(double value)
{
    char digits[64];
    const double magnitude = std::abs(value);
    if (magnitude < 9e15 && value == std::trunc(value)) {
        const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(value));
        return {digits, end.ptr};
    }
    // People read 0.00012 and 123456.5 more easily than to_chars' shortest form with an exponent.
    const bool plain = magnitude >= 1e-5 && magnitude < 1e16;
    const auto end = plain ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
                           : std::to_chars(digits, digits + sizeof digits, value);
    return {digits, end.ptr};
}

}  // namespace stadtgdi::table
