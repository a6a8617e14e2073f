// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/column.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <gtest/gtest.h>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace stadtgdi::ows {
namespace {

std::string fixed3(double v)
{
    char text[80];
    return {text, put_fixed<3>(text, v)};
}
std::string fixed8(double v)
{
    char text[80];
    return {text, put_fixed<8>(text, v)};
}
std::string shortest(double v)
{
    char text[80];
    return {text, put_double(text, v)};
}

TEST(NumberText, CoordinatesAreRoundedAndZerosLeftOut)
{
    EXPECT_EQ(fixed3(318000.12345), "318000.123");
    EXPECT_EQ(fixed3(318000.5), "318000.5");
    EXPECT_EQ(fixed3(318000), "318000");
    EXPECT_EQ(fixed3(-0.0004), "0");
    EXPECT_EQ(fixed3(-0.0006), "-0.001");
    EXPECT_EQ(fixed3(0.9996), "1");
    EXPECT_EQ(fixed8(12.37388889), "12.37388889");
    EXPECT_EQ(fixed8(-12.00000001), "-12.00000001");
    EXPECT_EQ(fixed8(1e300), "1e+300");
}

TEST(NumberText, FixedTextAgreesWithPrintf)
{
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> degrees(-180, 180), metres(-1e7, 1e7);
    for (int i = 0; i < 20000; ++i) {
        const double d = degrees(random), m = metres(random);
        EXPECT_NEAR(std::stod(fixed8(d)), d, 0.51e-8);
        EXPECT_NEAR(std::stod(fixed3(m)), m, 0.51e-3);
    }
}

std::string real(double v)
{
    char text[80];
    return {text, put_real(text, v)};
}

TEST(NumberText, RealsHaveAPointInWholeNumbersToo)
{
    EXPECT_EQ(real(12), "12.0");
    EXPECT_EQ(real(-3), "-3.0");
    EXPECT_EQ(real(0), "0.0");
    EXPECT_EQ(real(12.5), "12.5");
    EXPECT_EQ(real(1e15), "1e+15");
    EXPECT_EQ(real(123456789012345680), "123456789012345680.0");
    EXPECT_EQ(real(1e300), "1e+300");
}

TEST(NumberText, DoublesAreShortestAndReadBackEqual)
{
    EXPECT_EQ(shortest(0.1), "0.1");
    EXPECT_EQ(shortest(12), "12");
    EXPECT_EQ(shortest(-2.5), "-2.5");
    EXPECT_EQ(shortest(1.0 / 3), "0.3333333333333333");
    EXPECT_EQ(shortest(1e21), "1e+21");
    std::mt19937_64 random(3);
    for (int i = 0; i < 50000; ++i) {
        const double decimals = static_cast<double>(static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000) / 1000.0;
        EXPECT_EQ(shortest(decimals), table::number_text(decimals));
        double any;
        const std::uint64_t bits = random();
        std::memcpy(&any, &bits, 8);
        if (!std::isfinite(any)) continue;
        EXPECT_EQ(std::strtod(shortest(any).c_str(), nullptr), any);
    }
}

TEST(NumberText, DatesAndTimesAgreeWithTheTables)
{
    char text[80];
    for (const std::int32_t days : {0, 1, -1, 19881, -719468, 59, 11016, 2932896})
        EXPECT_EQ(std::string(text, put_date(text, days)), table::date_text(days)) << days;
    for (const std::int64_t t : {0LL, -1LL, 1'717'787'141'000'000LL, 1'717'787'141'000'250LL, -86'400'000'001LL})
        EXPECT_EQ(std::string(text, put_datetime(text, t)), table::datetime_text(t)) << t;
}

TEST(Escape, JsonEscapesWhatItMust)
{
    EXPECT_EQ(json_string("a\"b\\c\n\t\x01 ä/é"), "\"a\\\"b\\\\c\\n\\t\\u0001 ä/é\"");
    EXPECT_EQ(json_string(std::string("\0", 1)), "\"\\u0000\"");
}

TEST(Escape, XmlEscapesAndDropsWhatIsForbidden)
{
    EXPECT_EQ(xml_text("a<b>&\"c]]>\x01\x1f ä\n"), "a&lt;b&gt;&amp;&quot;c]]&gt; ä\n");
    EXPECT_EQ(xml_text("\xef\xbf\xbe|\xef\xbf\xbf|\xef\xbf\xbd"), "||\xef\xbf\xbd");
}

/// Every byte at every place of a block, against an implementation that looks at one byte after the other.
TEST(Escape, BlocksGiveTheSameAsSingleBytes)
{
    const auto plain_json = [](const std::string& text) {
        std::string out;
        for (const char ch : text) {
            const auto c = static_cast<unsigned char>(ch);
            char code[8];
            if (c == '"' || c == '\\') out += '\\', out += ch;
            else if (c == '\n') out += "\\n";
            else if (c == '\r') out += "\\r";
            else if (c == '\t') out += "\\t";
            else if (c < 32) std::snprintf(code, sizeof code, "\\u%04x", c), out += code;
            else out += ch;
        }
        return "\"" + out + "\"";
    };
    for (int byte = 0; byte < 128; ++byte)
        for (std::size_t place = 0; place < 20; ++place) {
            std::string text(20, 'x');
            text[place] = static_cast<char>(byte);
            EXPECT_EQ(json_string(text), plain_json(text)) << byte << " at " << place;
            if (byte < 32 || byte == '<' || byte == '>' || byte == '&' || byte == '"') continue;
            EXPECT_EQ(xml_text(text), text);
        }
}

TEST(XmlNames, AreValidReadableAndUnique)
{
    EXPECT_EQ(xml_name("Baumart deutsch"), "Baumart_deutsch");
    EXPECT_EQ(xml_name("Höhe"), "Höhe");
    EXPECT_EQ(xml_name("2024"), "_2024");
    EXPECT_EQ(xml_name("a:b<c>"), "a_b_c_");
    EXPECT_EQ(xml_name(""), "_");
    EXPECT_EQ(xml_names({"a b", "a_b", "a-b", "a:b"}), (std::vector<std::string>{"a_b", "a_b_2", "a-b", "a_b_3"}));
}

}  // namespace
}  // namespace stadtgdi::ows
