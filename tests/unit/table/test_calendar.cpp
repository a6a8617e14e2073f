// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/table/column.hpp>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <cstdlib>
#include <random>

using namespace stadtgdi::table;

namespace {

std::int32_t days(std::string_view text)
{
    std::int32_t out = -99;
    EXPECT_TRUE(parse_date(text, out)) << text;
    return out;
}

std::int64_t instant(std::string_view text)
{
    std::int64_t out = -99;
    EXPECT_TRUE(parse_datetime(text, out)) << text;
    return out;
}

}  // namespace

TEST(Calendar, KnownDays)
{
    EXPECT_EQ(days("1970-01-01"), 0);
    EXPECT_EQ(days("1969-12-31"), -1);
    EXPECT_EQ(days("2000-02-29"), 11016);
    EXPECT_EQ(days("2024-06-07"), 19881);
    EXPECT_EQ(days("1600-01-01"), -135140);
    EXPECT_EQ(date_text(19881), "2024-06-07");
    EXPECT_EQ(date_text(-1), "1969-12-31");
}

TEST(Calendar, EveryDayOfEightHundredYearsFollowsTheOneBefore)
{
    // An independent walk through the calendar.
    int year = 1600, month = 1, day = 1;
    for (std::int32_t d = -135140; d < -135140 + 2 * 146097; ++d) {
        char expected[40];
        std::snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month, day);
        ASSERT_EQ(date_text(d), expected);
        ASSERT_EQ(days(expected), d);
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int length = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        if (++day > length) {
            day = 1;
            if (++month > 12) {
                month = 1;
                ++year;
            }
        }
    }
}

TEST(Calendar, YearsBeyondFourDigitsCarryASignAndReadBack)
{
    for (const std::int32_t d : {-719529, -800000, 2932897, 5000000, INT32_MIN / 8, INT32_MAX / 8}) EXPECT_EQ(days(date_text(d)), d) << date_text(d);
}

TEST(Calendar, RefusesWhatIsNoDate)
{
    std::int32_t out = 0;
    for (const char* text : {"", "2024", "2024-6-7", "2024-13-01", "2024-00-10", "2023-02-29", "1900-02-29", "2024-04-31", "2024-01-00", "2024-01-01 ",
                             "01.02.2024", "2024/01/02", "2024-01-01T00:00:00", "20240101", "+999-01-01", "aaaa-bb-cc"})
        EXPECT_FALSE(parse_date(text, out)) << text;
}

TEST(Calendar, DatetimesWithAndWithoutOffset)
{
    EXPECT_EQ(instant("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(instant("2024-06-07T19:05:41Z"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07 19:05:41"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07T21:05:41+02:00"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07T21:05:41+0200"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07T21:05:41+02"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07T14:35:41-04:30"), 1717787141000000);
    EXPECT_EQ(instant("2024-06-07T19:05:41.25Z"), 1717787141250000);
    EXPECT_EQ(instant("2024-06-07T19:05:41.1234567Z"), 1717787141123456);
    EXPECT_EQ(instant("2024-06-07T24:00:00Z"), instant("2024-06-08T00:00:00Z"));
    EXPECT_EQ(instant("2024-06-07T19:05"), instant("2024-06-07T19:05:00Z"));
    EXPECT_EQ(datetime_text(1717787141000000), "2024-06-07T19:05:41Z");
    EXPECT_EQ(datetime_text(1717787141250000), "2024-06-07T19:05:41.250000Z");
    EXPECT_EQ(datetime_text(-1), "1969-12-31T23:59:59.999999Z");
}

TEST(Calendar, RefusesWhatIsNoDatetime)
{
    std::int64_t out = 0;
    for (const char* text : {"", "2024-06-07", "2024-06-07T", "2024-06-07T25:00:00", "2024-06-07T19:60:00", "2024-06-07T19:05:61", "2024-06-07T19:05:41.",
                             "2024-06-07T19:05:41Zx", "2024-06-07T19:05:41+", "2024-06-07T24:00:01", "2024-06-07x19:05:41"})
        EXPECT_FALSE(parse_datetime(text, out)) << text;
}

TEST(Calendar, RandomInstantsReadBack)
{
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::int64_t> any(-8'000'000'000'000'000, 8'000'000'000'000'000);
    for (int i = 0; i < 20000; ++i) {
        const std::int64_t value = any(random);
        ASSERT_EQ(instant(datetime_text(value)), value);
    }
}

TEST(NumberText, IsShortAndReadsBack)
{
    EXPECT_EQ(number_text(0.0), "0");
    EXPECT_EQ(number_text(-0.0), "0");
    EXPECT_EQ(number_text(3.0), "3");
    EXPECT_EQ(number_text(100000.0), "100000");
    EXPECT_EQ(number_text(-12.5), "-12.5");
    EXPECT_EQ(number_text(0.1), "0.1");
    EXPECT_EQ(number_text(0.00012), "0.00012");
    EXPECT_EQ(number_text(1e300), "1e+300");
    EXPECT_EQ(number_text(318123.123456), "318123.123456");
    std::mt19937_64 random(2);
    for (int i = 0; i < 20000; ++i) {
        const double value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        ASSERT_EQ(std::strtod(number_text(std::abs(value)).c_str(), nullptr), std::abs(value)) << number_text(value);
    }
}
