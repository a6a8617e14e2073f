// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <gtest/gtest.h>
#include <functional>
#include <limits>

namespace stadtgdi::ows {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Code code_of(const std::function<void()>& action)
{
    try {
        action();
    } catch (const OwsException& error) {
        return error.code();
    }
    return Code::no_applicable_code;
}

TEST(KeyValues, NamesAreFoundInAnyCaseAndValuesAreKept)
{
    const KeyValues kv(Pairs{{"ReQuest", "GetMap"}, {"layers", "Bäume,b"}});
    EXPECT_EQ(kv.get("REQUEST"), "GetMap");
    EXPECT_EQ(kv.list("LAYERS"), (std::vector<std::string>{"Bäume", "b"}));
    EXPECT_FALSE(kv.has("STYLES"));
}

TEST(KeyValues, AMissingOrEmptyRequiredParameterIsNamed)
{
    const KeyValues kv(Pairs{{"CRS", ""}});
    try {
        kv.required("CRS");
        FAIL();
    } catch (const OwsException& error) {
        EXPECT_EQ(error.code(), Code::missing_parameter_value);
        EXPECT_EQ(error.locator(), "CRS");
        EXPECT_EQ(error.status(), 400);
    }
}

TEST(KeyValues, TwoDifferentValuesOfOneParameterAreRefused)
{
    EXPECT_EQ(code_of([] { KeyValues(Pairs{{"LAYERS", "a"}, {"layers", "b"}}); }), Code::invalid_parameter_value);
    EXPECT_EQ(KeyValues(Pairs{{"LAYERS", "a"}, {"layers", "a"}}).all().size(), 1U);
}

TEST(KeyValues, ListsAreLimitedBeforeTheyAreTakenApart)
{
    EXPECT_EQ(KeyValues(Pairs{{"RESOURCEID", std::string(100'000, ',')}}).list("RESOURCEID").size(), 100'001U);
    for (const char sign : {',', ';', '('}) {
        try {
            KeyValues(Pairs{{"Bbox", std::string(100'001, sign)}});
            FAIL() << sign;
        } catch (const OwsException& error) {
            EXPECT_EQ(error.code(), Code::invalid_parameter_value);
            EXPECT_EQ(error.locator(), "Bbox");
            EXPECT_EQ(error.message().en, "Bbox has more than 100000 members.");
        }
    }
}

TEST(KeyValues, WholeNumbersAreReadStrictly)
{
    for (const char* bad : {"1.5", "abc", "12abc", " 3", "4294967297", "1e3", "0", "-5", "+7", "0x10"}) {
        const KeyValues kv(Pairs{{"WIDTH", bad}});
        EXPECT_EQ(code_of([&] { kv.integer("WIDTH", 1, 4096); }), Code::invalid_parameter_value) << bad;
    }
    EXPECT_EQ(KeyValues(Pairs{{"WIDTH", "4096"}}).integer("WIDTH", 1, 4096), 4096);
    EXPECT_EQ(KeyValues().integer_or("WIDTH", 7, 1, 4096), 7);
}

TEST(KeyValues, SayWhichNumbersAreExpected)
{
    const auto told = [](std::int64_t maximum) -> std::string {
        try {
            (void)KeyValues(Pairs{{"COUNT", "x"}}).integer("COUNT", 0, maximum);
        } catch (const OwsException& error) {
            return error.message().en;
        }
        return "";
    };
    EXPECT_EQ(told(100), "COUNT is 'x'; expected is a number [0, 100].");
    EXPECT_EQ(told(std::numeric_limits<std::int64_t>::max()), "COUNT is 'x'; expected is a number >= 0.");
}

TEST(KeyValues, NumbersMustBeFinite)
{
    for (const char* bad : {"nan", "inf", "1e999", "1,5", ""}) EXPECT_FALSE(parse_number(bad)) << bad;
    EXPECT_DOUBLE_EQ(*parse_number("-1.5e3"), -1500.0);
}

TEST(KeyValues, GroupsOfNamesAreTakenApart)
{
    EXPECT_EQ(KeyValues(Pairs{{"T", "(a,b)(c)"}}).groups("T"), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}));
    EXPECT_EQ(KeyValues(Pairs{{"T", "a,b"}}).groups("T"), (std::vector<std::vector<std::string>>{{"a", "b"}}));
    EXPECT_EQ(code_of([] { KeyValues(Pairs{{"T", "(a"}}).groups("T"); }), Code::invalid_parameter_value);
}

TEST(KeyValues, BracketsEndWhereTheNextOneBegins)
{
    constexpr auto nowhere = std::string_view::npos;
    const std::pair<std::string_view, std::size_t> cases[] = {
        {"", nowhere}, {"a", nowhere}, {"(a", nowhere}, {"(", nowhere}, {"()", 1}, {"(a)(b)", 2}, {"(a", nowhere}, {"( <a/> ) ( <b/> )", 7}, {"(<a/>)", 5}, {"(<a>(b)</a>)", 11},
        {"(<a>-&gt;)->)</a>)", 17}, {"(<a/>)()", 5}, {"(<a>b>)(</a>)(<c/>)", 12}, {"(<a/>) ", 5}, {"(<a/>)x", nowhere}, {"( <a/>", nowhere}};
    for (const auto& [text, end] : cases)
        EXPECT_EQ(end_of_bracket(text), end) << text;
    // Blanks are not looked at again and again.
    EXPECT_EQ(end_of_bracket("(" + std::string(400'000, ' ') + "<" + std::string(400'000, ')') + std::string(400'000, ' ')), nowhere);
}

TEST(KeyValues, ColoursAreSixDigits)
{
    EXPECT_EQ(parse_colour("1b7837"), 0xff1b7837U);
    EXPECT_EQ(parse_colour("FFffFF"), 0xffffffffU);
    for (const char* wrong : {"", "1b783", "1b78377", "-b7837", "1b783g", "0x1b78", " b7837"})
        EXPECT_FALSE(parse_colour(wrong)) << wrong;
}

TEST(KeyValues, AFormSentByPostIsRead)
{
    http::Request request;
    request.method = "POST";
    request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
    request.body = "SERVICE=WFS&TYPENAMES=B%C3%A4ume+und+mehr";
    EXPECT_EQ(KeyValues::of(request).get("typenames"), "Bäume und mehr");
    request.body = "A=%C3%28";
    EXPECT_EQ(code_of([&] { KeyValues::of(request); }), Code::operation_parsing_failed);
    request.headers = {{"content-type", "text/xml"}};
    EXPECT_EQ(code_of([&] { KeyValues::of(request); }), Code::operation_not_supported);
}

TEST(KeyValues, AFormOfManyParametersIsNotTakenApartToItsEnd)
{
    EXPECT_EQ(parse_form("&&a=1&&b&c=&")->size(), 3U);
    EXPECT_EQ(parse_form(std::string(1000, '&'))->size(), 0U);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a=1&";
    EXPECT_EQ(parse_form(many)->size(), 201U) << "one more than are taken";
    EXPECT_THROW(KeyValues(*parse_form(many)), OwsException);
}

TEST(KeyValues, AQueryIsWrittenBackWithoutSomeParameters)
{
    const KeyValues kv(Pairs{{"a", "x y"}, {"COUNT", "5"}, {"b", "ü&"}});
    EXPECT_EQ(kv.query_without({"count"}), "A=x%20y&B=%C3%BC%26");
}

}  // namespace
}  // namespace stadtgdi::ows
