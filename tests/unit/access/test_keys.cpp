// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/authenticator.hpp>
#include <services/access/digest.hpp>

#include <gtest/gtest.h>
#include <set>

namespace stadtgdi::access {

namespace {

AccessSettings settings()
{
    AccessSettings s;
    s.roles["grid"] = {{catalogue::Disclosure::kritis}, {}};
    s.keys = {{"Netzauskunft", sha256_hex("secret-key"), {"grid"}}, {"Other", sha256_hex("other-key"), {}}};
    s.max_failures = 3;
    s.plain_http = true;
    return s;
}

http::Request request(std::vector<std::pair<std::string, std::string>> headers, std::string remote = "192.0.2.1")
{
    http::Request r;
    r.headers = std::move(headers);
    r.remote = std::move(remote);
    return r;
}

}  // namespace

TEST(Keys, digests_are_those_of_the_standard)
{
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Keys, new_ones_are_long_and_different)
{
    std::set<std::string> keys;
    for (int i = 0; i < 100; ++i)
        keys.insert(new_key());
    EXPECT_EQ(keys.size(), 100u);
    for (const std::string& key : keys)
        EXPECT_EQ(key.size(), 43u);
}

TEST(Keys, come_by_header_or_basic_password)
{
    Authenticator ring(settings());
    EXPECT_EQ(ring.identify(request({})).outcome, Outcome::anonymous);
    const Identified by_header = ring.identify(request({{"x-api-key", "secret-key"}}));
    EXPECT_EQ(by_header.outcome, Outcome::known);
    EXPECT_EQ(by_header.identity.name, "Netzauskunft");
    EXPECT_EQ(by_header.identity.roles, std::set<std::string>{"grid"});
    // printf 'anyone:secret-key' | base64
    const Identified by_password = ring.identify(request({{"authorization", "Basic YW55b25lOnNlY3JldC1rZXk="}}));
    EXPECT_EQ(by_password.outcome, Outcome::known);
    EXPECT_EQ(by_password.identity.name, "Netzauskunft");
}

TEST(Keys, never_come_by_the_address)
{
    Authenticator ring(settings());
    for (const char* name : {"X-API-Key", "api_key", "APIKEY"}) {
        http::Request r = request({});
        r.parameters = {{name, "secret-key"}};
        const Identified who = ring.identify(r);
        EXPECT_EQ(who.outcome, Outcome::in_query) << name;
        EXPECT_TRUE(who.identity.roles.empty());
    }
}

TEST(Keys, that_are_wrong_give_no_role)
{
    for (const char* key : {"secret-kez", "secret-key ", "SECRET-KEY", "x"}) {
        Authenticator ring(settings());
        EXPECT_EQ(ring.identify(request({{"x-api-key", key}})).outcome, Outcome::wrong) << key;
    }
    for (const char* header : {"Basic", "Basic %%%", "Basic YW55b25l", "Bearer secret-key"}) {
        Authenticator ring(settings());
        EXPECT_EQ(ring.identify(request({{"authorization", header}})).outcome, Outcome::wrong) << header;
    }
    // An empty password takes the place of a key in a browser: none.
    Authenticator ring(settings());
    EXPECT_EQ(ring.identify(request({{"authorization", "Basic YW55b25lOg=="}})).outcome, Outcome::anonymous);
    AccessSettings nobody;
    nobody.plain_http = true;
    Authenticator empty(nobody);
    EXPECT_EQ(empty.identify(request({{"x-api-key", "secret-key"}})).outcome, Outcome::wrong);
}

TEST(Keys, tried_too_often_are_not_looked_at_any_more)
{
    Authenticator ring(settings());
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(ring.identify(request({{"x-api-key", "guess"}})).outcome, Outcome::wrong);
    EXPECT_EQ(ring.identify(request({{"x-api-key", "guess"}})).outcome, Outcome::throttled);
    EXPECT_EQ(ring.identify(request({{"x-api-key", "secret-key"}})).outcome, Outcome::throttled);
    EXPECT_EQ(ring.identify(request({})).outcome, Outcome::anonymous) << "open data stay open to that address";
    EXPECT_EQ(ring.identify(request({{"x-api-key", "secret-key"}}, "192.0.2.2")).outcome, Outcome::known);
}

TEST(Keys, may_be_tried_again_after_a_minute)
{
    Throttle throttle(2);
    const auto start = Throttle::Clock::now();
    throttle.failed("a", start);
    EXPECT_FALSE(throttle.blocked("a", start));
    throttle.failed("a", start);
    EXPECT_TRUE(throttle.blocked("a", start + std::chrono::seconds(59)));
    EXPECT_FALSE(throttle.blocked("a", start + std::chrono::seconds(60)));
    for (int i = 0; i < 30'000; ++i)
        throttle.failed(std::to_string(i), start);   // does not grow without end
    EXPECT_FALSE(throttle.blocked("b", start));
}

}  // namespace stadtgdi::access
