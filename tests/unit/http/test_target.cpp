// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/target.hpp>

#include <gtest/gtest.h>
#include <random>

namespace stadtgdi::http {

namespace {
int status_of(std::string_view target)
{
    Request request;
    const auto refusal = read_target(target, {}, request);
    return refusal ? refusal->status : 200;
}
}  // namespace

TEST(Target, is_split_and_decoded)
{
    Request request;
    ASSERT_FALSE(read_target("/leipzig//b%C3%A4ume%2F1/?A=1+2&b=%2B&&c&d=x=y&%C3%BC=%26", {}, request));
    EXPECT_EQ(request.segments, (std::vector<std::string>{"leipzig", "bäume/1"}));
    const std::vector<std::pair<std::string, std::string>> expected = {{"A", "1 2"}, {"b", "+"}, {"c", ""}, {"d", "x=y"}, {"ü", "&"}};
    EXPECT_EQ(request.parameters, expected);
}

TEST(Target, the_absolute_form_counts_like_its_path)
{
    Request request;
    ASSERT_FALSE(read_target("http://example.de:80/a?b=c", {}, request));
    EXPECT_EQ(request.path, "/a");
    ASSERT_FALSE(read_target("http://example.de", {}, request));
    EXPECT_EQ(request.path, "/");
    EXPECT_EQ(status_of("ftp://x/a"), 400);
    EXPECT_EQ(status_of("*"), 400);
}

TEST(Target, bad_codes_are_refused)
{
    for (const char* bad : {"/%zz", "/%4", "/a?%", "/a?b=%C3%28", "/%C3%28", "/%00", "/a?x=%00", "/a%0d%0ab", "/a#b"})
        EXPECT_EQ(status_of(bad), 400) << bad;
    EXPECT_EQ(status_of("/a?x=%0d%0a"), 200) << "filters and SLD bodies have lines";
    EXPECT_EQ(status_of("/a?x=%2527"), 200) << "decoded once";
}

TEST(Target, nobody_climbs_out)
{
    for (const char* bad : {"/..", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/a/./b", "/static/..%5c..", "/x%2f..%2fsecret", "/..%2f", "/a\\b"})
        EXPECT_EQ(status_of(bad), 404) << bad;
    EXPECT_EQ(status_of("//etc/passwd"), 200) << "empty segments say nothing";
    EXPECT_EQ(status_of("/a..b/...c"), 200);
}

TEST(Target, has_limits)
{
    EXPECT_EQ(status_of("/" + std::string(20000, 'a')), 414);
    std::string many = "/?";
    for (int i = 0; i < 1001; ++i)
        many += "a&";
    EXPECT_EQ(status_of(many), 400);
}

TEST(Target, what_was_encoded_comes_back)
{
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (int i = 0; i < 40; ++i)
            text += static_cast<char>(random() % 256);
        EXPECT_EQ(percent_decoded(percent_encoded(text), true), text);
    }
}

}  // namespace stadtgdi::http
