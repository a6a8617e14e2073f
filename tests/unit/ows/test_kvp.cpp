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
