// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/message.hpp>

#include <layers/base/error.hpp>
#include <services/http/head.hpp>
#include <services/http/problem.hpp>
#include <services/http/utf8.hpp>

#include <gtest/gtest.h>

namespace stadtgdi::http {

TEST(Message, finds_the_first_parameter_whatever_its_case)
{
    Request request;
    request.parameters = {{"Service", "WMS"}, {"SERVICE", "WFS"}};
    EXPECT_EQ(request.parameter("service"), "WMS");
    EXPECT_FALSE(request.parameter("version"));
}

TEST(Message, reads_the_dates_that_it_writes)
{
    for (const std::time_t when : {std::time_t{0}, std::time_t{784887577}, std::time_t{1709164800}, std::time_t{4102444799}}) EXPECT_EQ(read_http_date(http_date(when)), when) << when;
    EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    for (const char* other : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nix 1994 08:49:37 GMT",
                              "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
        EXPECT_FALSE(read_http_date(other)) << other;
}

TEST(Message, problems_are_those_of_rfc_7807)
{
    const Response response = problem(429, "Too \"fast\" \xff.");
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body, "{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,\"detail\":\"Too \\\"fast\\\" \xef\xbf\xbd.\"}\n");
}

TEST(Message, escapes_text_for_html_xml_and_addresses)
{
    EXPECT_EQ(html_escaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    EXPECT_EQ(xml_escaped(std::string("a\x01<\0>", 5)), "a&lt;&gt;");
    EXPECT_EQ(xml_escaped("a\xef\xbf\xbe" "b\xef\xbf\xbd"), "ab\xef\xbf\xbd");
    EXPECT_EQ(percent_encoded("a b/ü"), "a%20b%2F%C3%BC");
}

TEST(Message, a_header_value_with_a_line_end_is_refused)
{
    Response response;
    EXPECT_THROW(response.set_header("X", "a\r\nSet-Cookie: b"), Error);
    response.set_header("X", "a");
    response.set_header("x", "b");
    ASSERT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.headers[0].second, "b");
}

TEST(Message, compares_tags_weakly_and_knows_the_gzip_form)
{
    Request request;
    request.headers = {{"if-none-match", "\"a\", W/\"b\" ,\"c-gz\""}};
    EXPECT_TRUE(has_etag(request, "a"));
    EXPECT_TRUE(has_etag(request, "b"));
    EXPECT_TRUE(has_etag(request, "c"));
    EXPECT_FALSE(has_etag(request, "d"));
    EXPECT_FALSE(has_etag(request, ""));
    request.headers = {{"if-none-match", "*"}};
    EXPECT_TRUE(has_etag(request, "anything"));
}

TEST(Utf8, takes_well_formed_text_only)
{
    for (const char* good : {"", "a", "Straße", "\xed\x9f\xbf", "\xf0\x9f\x8c\xb3", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\xc3\x28", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5", "\xe2\x82", "\xff"})
        EXPECT_FALSE(is_utf8(bad));
}

}  // namespace stadtgdi::http
