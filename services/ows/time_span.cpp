// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/column.hpp>
#include <services/ows/time_span.hpp>
#include <chrono>
#include <string>

namespace stadtgdi::ows {

std::optional<TimeSpan> span_of_time(std::string_view text)
{
    constexpr std::int64_t minute = 60'000'000, day = 24 * 60 * minute;
    constexpr std::int32_t furthest_day = 100'000'000;  // beyond it microseconds do not fit
    std::string_view given = text;
    if (given.ends_with('Z')) given.remove_suffix(1);
    std::string whole(given);
    const int months = given.size() == 4 ? 12 : given.size() == 7 ? 1 : 0;
    if (months > 0) whole += months == 12 ? "-01-01" : "-01";
    if (std::int32_t first = 0; table::parse_date(whole, first)) {
        if (first < -furthest_day || first > furthest_day) return {};
        const std::chrono::sys_days begin{std::chrono::days{first}};
        const std::int64_t days = months == 0 ? 1 : (std::chrono::sys_days{std::chrono::year_month_day{begin} + std::chrono::months{months}} - begin).count();
        return TimeSpan{first * day, (first + days) * day - 1};
    }
    const std::int64_t precision = given.size() == 13 ? 60 * minute : given.size() == 16 ? minute : 1;
    if (precision == 60 * minute) whole += ":00";
    std::int64_t at = 0;
    if (!table::parse_datetime(precision > 1 ? std::string_view(whole) : text, at)) return {};
    return TimeSpan{at, at + precision - 1};
}

}  // namespace stadtgdi::ows
