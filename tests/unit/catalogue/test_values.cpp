// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/catalogue/import/mapping_file.hpp>
#include <layers/catalogue/import/values.hpp>

using namespace stadtgdi::catalogue::detail;

namespace {

std::string time_text(std::string_view text, const std::vector<std::string>& formats, bool cet = false)
{
    const auto time = parse_time(text, formats, cet);
    return time ? stadtgdi::table::datetime_text(*time) : "none";
}

}  // namespace

TEST(Measure, ReadsWhatMunicipalFilesWrite)
{
    struct Case {
        const char* text;
        double value;
        const char* unit;
    };
    for (const Case& one : {Case{"12", 12, ""}, {" 12 ", 12, ""}, {"12,5", 12.5, ""}, {"12.5", 12.5, ""}, {"1.234,5", 1234.5, ""}, {"1,234.5", 1234.5, ""},
                            {"1,00000000e+01", 10, ""}, {"18 cm", 18, "cm"}, {"2.5m", 2.5, "m"}, {"-3", -3, ""}, {"+7", 7, ""}, {"2014.0", 2014, ""}, {"5e", 5, "e"}}) {
        const auto found = parse_measure(one.text);
        ASSERT_TRUE(found) << one.text;
        EXPECT_DOUBLE_EQ(found->value, one.value) << one.text;
        EXPECT_EQ(found->unit, one.unit) << one.text;
    }
    for (const char* text : {"", "-", "abc", "1.2.3", "1,2,3", ".", "e5", "--1"})
        EXPECT_FALSE(parse_measure(text)) << text;
}

TEST(Measure, KeepsTrailingTextAsUnitThatConvertsToNothing)
{
    const auto levels = parse_measure("4;3;1");
    ASSERT_TRUE(levels);
    EXPECT_EQ(levels->unit, ";3;1");
    EXPECT_FALSE(conversion(levels->unit, "m"));
}

TEST(Conversion, KnowsLengthsAreasAndWhatDoesNotMix)
{
    EXPECT_DOUBLE_EQ(*conversion("cm", "m"), 0.01);
    EXPECT_DOUBLE_EQ(*conversion("m", "mm"), 1000);
    EXPECT_DOUBLE_EQ(*conversion("ha", "m2"), 10000);
    EXPECT_DOUBLE_EQ(*conversion("MW", "kW"), 1000);
    EXPECT_DOUBLE_EQ(*conversion("MVA", "kVA"), 1000);
    EXPECT_FALSE(conversion("cm", "m2"));
    EXPECT_FALSE(conversion("furlong", "m"));
}

TEST(Bool, IsReadInBothLanguages)
{
    EXPECT_EQ(parse_bool("true"), true);
    EXPECT_EQ(parse_bool(" Ja "), true);
    EXPECT_EQ(parse_bool("NEIN"), false);
    EXPECT_EQ(parse_bool("0"), false);
    EXPECT_EQ(parse_bool("vielleicht"), std::nullopt);
}

TEST(Time, IsReadByPattern)
{
    EXPECT_EQ(time_text("20240607190552", {"%Y%m%d%H%M%S"}), "2024-06-07T19:05:52Z");
    EXPECT_EQ(time_text("10.05.2004 00:00:00", {"%d.%m.%Y %H:%M:%S"}), "2004-05-10T00:00:00Z");
    EXPECT_EQ(time_text("7.5.2004", {"%d.%m.%Y"}), "2004-05-07T00:00:00Z");
    EXPECT_EQ(time_text("2022-09-18", {}), "2022-09-18T00:00:00Z");
    EXPECT_EQ(time_text("1677294901000", {"epoch_ms"}), "2023-02-25T03:15:01Z");
    for (const char* text : {"31.02.2004 00:00:00", "10.05.04 00:00:00", "10.05.2004", "", "heute"})
        EXPECT_EQ(time_text(text, {"%d.%m.%Y %H:%M:%S"}), "none") << text;
}

TEST(Time, KnowsTheClockOfCentralEurope)
{
    EXPECT_EQ(time_text("20240607190552", {"%Y%m%d%H%M%S"}, true), "2024-06-07T17:05:52Z");
    EXPECT_EQ(time_text("20240107190552", {"%Y%m%d%H%M%S"}, true), "2024-01-07T18:05:52Z");
    // Midnight of 19 September 2022 in Leipzig is still the 18th in UTC.
    const auto midnight = parse_time("1663538400000", {"epoch_ms"}, true);
    ASSERT_TRUE(midnight);
    EXPECT_EQ(stadtgdi::table::date_text(day_of(*midnight, true)), "2022-09-19");
    EXPECT_EQ(stadtgdi::table::date_text(day_of(*midnight, false)), "2022-09-18");
    // A plain day stays that day.
    EXPECT_EQ(stadtgdi::table::date_text(day_of(*parse_time("2022-09-18", {}, true), true)), "2022-09-18");
    EXPECT_EQ(stadtgdi::table::date_text(day_of(-1, false)), "1969-12-31");
}

TEST(Hex, BecomesBytes)
{
    EXPECT_EQ(parse_hex("01Ff"), (std::vector<std::uint8_t>{1, 255}));
    EXPECT_FALSE(parse_hex("012"));
    EXPECT_FALSE(parse_hex("0g"));
    EXPECT_FALSE(parse_hex(""));
}

TEST(FilePattern, MatchesStarsAndQuestionMarks)
{
    EXPECT_TRUE(matches("*ortsteile.geojson", "leipzig_ortsteile.geojson"));
    EXPECT_TRUE(matches("dh_*.geojson", "dh_HAST.geojson"));
    EXPECT_TRUE(matches("a?c", "abc"));
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(matches("contact:*", "contact:phone"));
    EXPECT_FALSE(matches("*.csv", "a.csv.gz"));
    EXPECT_FALSE(matches("a?c", "ac"));
    EXPECT_FALSE(matches("", "a"));
}

TEST(Template, NamesItsColumns)
{
    EXPECT_EQ(columns_of("{a}/{b c}x"), (std::vector<std::string>{"a", "b c"}));
    EXPECT_TRUE(columns_of("plain {").empty());
}
