// SPDX-License-Identifier: GPL-2.0-or-later
#include "tokens.hpp"

#include <services/access/authenticator.hpp>

#include <gtest/gtest.h>

namespace stadtgdi::access {

namespace {

TokenKey rsa_key()
{
    TokenKey key;
    key.name = "Login";
    key.public_key = tokens::rsa_key;
    key.issuer = "https://login.example";
    key.audience = "stadtgdi";
    key.roles = {"netz", "amt"};
    key.leeway = std::chrono::seconds(0);
    return key;
}

TokenKey p256_key()
{
    TokenKey key = rsa_key();
    key.algorithm = TokenAlgorithm::es256;
    key.public_key = tokens::p256_key;
    return key;
}

ReadToken token_read(const std::string& token, const std::vector<TokenKey>& keys = {rsa_key(), p256_key()}, double seconds = 1500)
{
    const auto now = std::chrono::system_clock::time_point(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
    return TokenReader(keys).read(token, now);
}

TokenState state_of(const std::string& token, double seconds = 1500)
{
    return token_read(token, {rsa_key(), p256_key()}, seconds).state;
}

}  // namespace

TEST(Tokens, of_the_pinned_algorithms_are_read)
{
    for (const char* token : {tokens::rs256, tokens::es256}) {
        const ReadToken read_token = token_read(token);
        EXPECT_EQ(read_token.state, TokenState::good);
        EXPECT_EQ(read_token.identity.name, "ada");
        EXPECT_EQ(read_token.identity.roles, std::set<std::string>{"netz"}) << "only roles that its tokens may give";
    }
    EXPECT_EQ(token_read(tokens::without_subject).identity.name, "Login");
}

TEST(Tokens, never_choose_how_they_are_checked)
{
    for (const char* token : {tokens::unsigned_none, tokens::unsigned_none_in_capitals, tokens::hs256_by_the_public_key, tokens::rs512, tokens::es384, tokens::with_crit})
        EXPECT_EQ(state_of(token), TokenState::bad) << token;
    EXPECT_EQ(token_read(tokens::es256, {rsa_key()}).state, TokenState::bad);
    EXPECT_EQ(token_read(tokens::rs256, {p256_key()}).state, TokenState::bad);
    TokenKey mistaken = rsa_key();   // refused by the settings; not believed here either
    mistaken.algorithm = TokenAlgorithm::es256;
    EXPECT_EQ(token_read(tokens::rs256, {mistaken}).state, TokenState::bad);
    EXPECT_EQ(token_read(tokens::es256, {mistaken}).state, TokenState::bad);
}

TEST(Tokens, of_others_or_changed_ones_are_bad)
{
    for (const char* token : {tokens::rs256_of_another_key, tokens::changed_afterwards, tokens::of_another_issuer, tokens::without_issuer, tokens::for_others,
                              tokens::without_audience, "", ".", "..", "...", "a.b.c", "e30.e30.", "e30.e30.e30"})
        EXPECT_EQ(state_of(token), TokenState::bad) << token;
    EXPECT_EQ(state_of(tokens::for_several), TokenState::good);
    std::string cut = tokens::rs256;
    cut.pop_back();
    cut.pop_back();
    EXPECT_EQ(state_of(cut), TokenState::bad);
    EXPECT_EQ(state_of(std::string(tokens::rs256) + "." + tokens::rs256), TokenState::bad);
    EXPECT_EQ(state_of(std::string(9000, 'a') + "." + tokens::rs256), TokenState::bad);
}

TEST(Tokens, hold_for_their_time)
{
    EXPECT_EQ(state_of(tokens::rs256, 1999.9), TokenState::good);
    EXPECT_EQ(state_of(tokens::rs256, 2000), TokenState::expired);
    EXPECT_EQ(state_of(tokens::with_exp_of_a_fraction, 2000.4), TokenState::good);
    EXPECT_EQ(state_of(tokens::with_nbf, 999), TokenState::bad);
    EXPECT_EQ(state_of(tokens::with_nbf, 1000), TokenState::good);
    for (const char* token : {tokens::without_exp, tokens::exp_as_text, tokens::nbf_as_text})
        EXPECT_EQ(state_of(token), TokenState::bad) << token;
    TokenKey key = rsa_key();
    key.leeway = std::chrono::seconds(30);
    EXPECT_EQ(token_read(tokens::rs256, {key}, 2029).state, TokenState::good);
    EXPECT_EQ(token_read(tokens::rs256, {key}, 2030).state, TokenState::expired);
    EXPECT_EQ(token_read(tokens::with_nbf, {key}, 970).state, TokenState::good);
    EXPECT_EQ(token_read(tokens::with_nbf, {key}, 969).state, TokenState::bad);
}

TEST(Tokens, are_for_the_key_they_name)
{
    TokenKey old_key = rsa_key(), new_key = rsa_key();
    old_key.kid = "2025";
    old_key.public_key = tokens::other_rsa_key;
    new_key.kid = "2026";
    EXPECT_EQ(token_read(tokens::rs256_with_kid, {old_key, new_key}).state, TokenState::good);
    EXPECT_EQ(token_read(tokens::rs256_with_kid, {old_key}).state, TokenState::bad);
    EXPECT_EQ(token_read(tokens::rs256_of_another_key, {old_key, new_key}).state, TokenState::bad) << "it names none";
    EXPECT_EQ(token_read(tokens::rs256_with_kid, {rsa_key()}).state, TokenState::good) << "a key without a name takes any";
}

TEST(Tokens, say_their_roles_where_the_settings_say)
{
    EXPECT_EQ(token_read(tokens::with_one_role).identity.roles, std::set<std::string>{"netz"});
    EXPECT_TRUE(token_read(tokens::with_nested_roles).identity.roles.empty());
    TokenKey key = rsa_key();
    key.roles_claim = "/realm_access/roles";
    EXPECT_EQ(token_read(tokens::with_nested_roles, {key}).identity.roles, std::set<std::string>{"netz"});
    EXPECT_TRUE(token_read(tokens::rs256, {key}).identity.roles.empty());
    key.roles_claim = "/roles/0";
    EXPECT_EQ(token_read(tokens::rs256, {key}).identity.roles, std::set<std::string>{"netz"});
    key.roles_claim = "/sub/x";
    EXPECT_TRUE(token_read(tokens::rs256, {key}).identity.roles.empty());
}

TEST(Tokens, that_are_bad_count_as_wrong_keys_and_those_that_ran_out_do_not)
{
    AccessSettings settings;
    settings.tokens = {rsa_key()};
    settings.max_failures = 2;
    Authenticator doors(settings);
    const auto identify = [&](const std::string& authorization) {
        http::Request request;
        request.headers = {{"authorization", authorization}};
        request.remote = "127.0.0.1";
        return doors.identify(request);
    };
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(identify(std::string("Bearer ") + tokens::rs256).outcome, Outcome::wrong) << "it ran out in 1970";
    for (int i = 0; i < 2; ++i) {
        const Identified who = identify(std::string("bearer ") + tokens::changed_afterwards);
        EXPECT_EQ(who.outcome, Outcome::wrong);
        EXPECT_TRUE(who.by_token);
    }
    EXPECT_EQ(identify(std::string("Bearer ") + tokens::changed_afterwards).outcome, Outcome::throttled);
    EXPECT_FALSE(doors.takes_passwords());
    EXPECT_TRUE(doors.knows_anybody());
}

TEST(PublicKeys, must_be_public_and_strong_and_for_the_algorithm)
{
    EXPECT_EQ(fault_of_public_key(tokens::rsa_key, TokenAlgorithm::rs256), std::nullopt);
    EXPECT_EQ(fault_of_public_key(tokens::p256_key, TokenAlgorithm::es256), std::nullopt);
    EXPECT_NE(fault_of_public_key(tokens::rsa_key, TokenAlgorithm::es256), std::nullopt);
    EXPECT_NE(fault_of_public_key(tokens::p256_key, TokenAlgorithm::rs256), std::nullopt);
    EXPECT_NE(fault_of_public_key(tokens::small_rsa_key, TokenAlgorithm::rs256), std::nullopt);
    EXPECT_NE(fault_of_public_key(tokens::p384_key, TokenAlgorithm::es256), std::nullopt);
    EXPECT_NE(fault_of_public_key("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", TokenAlgorithm::rs256), std::nullopt);
    EXPECT_NE(fault_of_public_key("", TokenAlgorithm::rs256), std::nullopt);
    EXPECT_NE(fault_of_public_key("secret", TokenAlgorithm::rs256), std::nullopt);
}

}  // namespace stadtgdi::access
