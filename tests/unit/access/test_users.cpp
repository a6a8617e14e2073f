// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/authenticator.hpp>
#include <services/access/password.hpp>

#include <layers/base/error.hpp>

#include <gtest/gtest.h>
#include <thread>

namespace stadtgdi::access {

namespace {

// Made by Python: crypt.crypt("Grünfläche 7", crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1024))
constexpr const char* by_python = "$2b$10$5wmatIlRCMWivkQ1g3BZceVd0Afhle0/DtgEZTE0q4nhFKgyMVtka";

AccessSettings with_users()
{
    AccessSettings s;
    s.users = {{"ada", by_python, {"netz"}}, {"bob", password_hash("other word"), {}}};
    s.max_failures = 3;
    return s;
}

std::string base64(std::string_view bytes)
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned bits = 0, count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            text += digits[bits >> (count - 6) & 63];
    }
    if (count > 0)
        text += digits[bits << (6 - count) & 63];
    while (text.size() % 4 != 0)
        text += '=';
    return text;
}

http::Request basic(const std::string& name, const std::string& password, std::string remote = "127.0.0.1")
{
    http::Request r;
    r.headers = {{"authorization", "Basic " + base64(name + ":" + password)}};
    r.remote = std::move(remote);
    return r;
}

}  // namespace

TEST(Passwords, are_checked_as_other_programs_do)
{
    EXPECT_EQ(fault_of_password_hash(by_python), std::nullopt);
    EXPECT_TRUE(fits_password("Grünfläche 7", by_python));
    EXPECT_FALSE(fits_password("Grünfläche 8", by_python));
    EXPECT_FALSE(fits_password("", by_python));
}

TEST(Passwords, have_hashes_with_a_salt_of_their_own)
{
    const std::string one = password_hash("a word"), other = password_hash("a word");
    EXPECT_NE(one, other);
    EXPECT_EQ(fault_of_password_hash(one), std::nullopt);
    EXPECT_TRUE(fits_password("a word", one) && fits_password("a word", other));
    EXPECT_THROW(password_hash(""), Error);
    EXPECT_THROW(password_hash(std::string(73, 'x')), Error) << "bcrypt would look at 72 bytes alone";
}

TEST(Passwords, longer_than_bcrypt_looks_at_never_fit)
{
    const std::string long_one(72, 'x');
    const std::string hash = password_hash(long_one);
    EXPECT_TRUE(fits_password(long_one, hash));
    EXPECT_FALSE(fits_password(long_one + "y", hash));
    EXPECT_FALSE(fits_password(long_one + std::string(1, '\0'), hash));
}

TEST(Passwords, other_hashes_are_refused)
{
    const std::string good = by_python;
    for (const std::string& bad : {std::string(), std::string("word"), good.substr(0, 59), good + "x", "$6$salt$" + std::string(86, 'x'), "$y$j9T$salt$" + std::string(43, 'x'),
                                   "$2x$" + good.substr(4), "$2b$04$" + good.substr(7), "$2b$20$" + good.substr(7), good.substr(0, 59) + "!"})
        EXPECT_NE(fault_of_password_hash(bad), std::nullopt) << bad;
}

TEST(Users, are_known_by_name_and_password)
{
    Authenticator doors(with_users());
    const Identified ada = doors.identify(basic("ada", "Grünfläche 7"));
    EXPECT_EQ(ada.outcome, Outcome::known);
    EXPECT_EQ(ada.identity.name, "ada");
    EXPECT_EQ(ada.identity.roles, std::set<std::string>{"netz"});
    EXPECT_EQ(doors.identify(basic("bob", "Grünfläche 7")).outcome, Outcome::wrong) << "the password of somebody else";
    EXPECT_EQ(doors.identify(basic("carl", "Grünfläche 7")).outcome, Outcome::wrong) << "nobody of that name";
    EXPECT_EQ(doors.identify(basic("ada", "")).outcome, Outcome::anonymous);
    EXPECT_EQ(doors.identify(basic("", "Grünfläche 7")).outcome, Outcome::wrong);
    EXPECT_EQ(doors.identify(basic("ada", "Grünfläche 7")).outcome, Outcome::throttled);
}

TEST(Users, are_remembered_for_a_minute_without_their_password)
{
    UserList users(with_users().users);
    const auto start = UserList::Clock::now();
    EXPECT_NE(users.find("ada", "Grünfläche 7", start).user, nullptr);
    EXPECT_EQ(users.checks(), 1);
    EXPECT_NE(users.find("ada", "Grünfläche 7", start + std::chrono::seconds(59)).user, nullptr);
    EXPECT_EQ(users.checks(), 1);
    EXPECT_EQ(users.find("ada", "Grünfläche 8", start).user, nullptr) << "the name alone is not enough";
    EXPECT_EQ(users.checks(), 2);
    EXPECT_EQ(users.find("ada", "Grünfläche 8", start).user, nullptr);
    EXPECT_EQ(users.checks(), 3) << "what was wrong is not remembered";
    EXPECT_NE(users.find("ada", "Grünfläche 7", start + std::chrono::seconds(61)).user, nullptr);
    EXPECT_EQ(users.checks(), 4);
}

TEST(Users, that_are_unknown_cost_as_much_work)
{
    UserList users(with_users().users);
    EXPECT_EQ(users.find("carl", "word").user, nullptr);
    EXPECT_EQ(users.checks(), 1);
}

TEST(Users, who_ask_for_many_things_at_once_are_checked_once)
{
    UserList users(with_users().users);
    std::vector<std::jthread> requests;
    std::atomic<int> known = 0;
    for (int i = 0; i < 12; ++i)
        requests.emplace_back([&] { known += users.find("ada", "Grünfläche 7").user != nullptr ? 1 : 0; });
    requests.clear();
    EXPECT_EQ(known, 12);
    EXPECT_EQ(users.checks(), 1);
}

TEST(Users, more_than_can_be_checked_are_sent_away)
{
    UserList users(with_users().users);
    std::vector<std::jthread> requests;
    std::atomic<int> busy = 0, looked_at = 0;
    for (int i = 0; i < 40; ++i)
        requests.emplace_back([&, i] { ++(users.find("ada", "guess " + std::to_string(i)).busy ? busy : looked_at); });
    requests.clear();
    EXPECT_GT(busy, 0);
    EXPECT_EQ(looked_at, users.checks());
    EXPECT_NE(users.find("ada", "Grünfläche 7").user, nullptr) << "afterwards it goes on";
}

TEST(Users, beside_whom_keys_go_on_to_work)
{
    AccessSettings s = with_users();
    s.keys = {{"Amt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", {}}};  // of "abc"
    Authenticator doors(s);
    EXPECT_EQ(doors.identify(basic("ada", "abc")).identity.name, "Amt");
    EXPECT_EQ(doors.identify(basic("ada", "Grünfläche 7")).identity.name, "ada");
}

TEST(Secrets, are_not_looked_at_when_they_came_unencrypted)
{
    Authenticator doors(with_users());
    http::Request request = basic("ada", "Grünfläche 7", "192.0.2.1");
    request.base_url = "https://gdi.example";  // what links say is nothing about this request
    EXPECT_EQ(doors.identify(request).outcome, Outcome::not_encrypted);
    request.encrypted = true;
    EXPECT_EQ(doors.identify(request).outcome, Outcome::known);
    AccessSettings plain = with_users();
    plain.plain_http = true;
    request.encrypted = false;
    EXPECT_EQ(Authenticator(plain).identify(request).outcome, Outcome::known);
}

TEST(Secrets, of_others_do_not_become_those_of_the_machine_by_a_proxy_on_it)
{
    Authenticator doors(with_users());
    http::Request request = basic("ada", "Grünfläche 7", "127.0.0.1");
    EXPECT_EQ(doors.identify(request).outcome, Outcome::known);
    request.proxied = true;
    EXPECT_EQ(doors.identify(request).outcome, Outcome::not_encrypted);
    request.proxied = false;
    request.headers.emplace_back("x-forwarded-proto", "http");
    EXPECT_EQ(doors.identify(request).outcome, Outcome::not_encrypted);
    request.encrypted = true;
    EXPECT_EQ(doors.identify(request).outcome, Outcome::known);
}

TEST(Secrets, wrong_tries_count_on_under_other_settings)
{
    AccessSettings settings = with_users();
    settings.max_failures = 2;
    const Authenticator before(settings);
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(const_cast<Authenticator&>(before).identify(basic("ada", "wrong")).outcome, Outcome::wrong);
    EXPECT_EQ(Authenticator(settings, &before).identify(basic("ada", "Grünfläche 7")).outcome, Outcome::throttled);
    settings.max_failures = 3;
    EXPECT_EQ(Authenticator(settings, &before).identify(basic("ada", "Grünfläche 7")).outcome, Outcome::known);
}

TEST(Secrets, are_throttled_by_household)
{
    EXPECT_EQ(network_of("192.0.2.17"), "192.0.2.17");
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    EXPECT_EQ(network_of("::ffff:192.0.2.17"), "::ffff:192.0.2.17");
    EXPECT_EQ(network_of(""), "");
    AccessSettings s = with_users();
    s.plain_http = true;
    Authenticator doors(s);
    for (const char* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"})
        EXPECT_EQ(doors.identify(basic("ada", "guess", address)).outcome, Outcome::wrong);
    EXPECT_EQ(doors.identify(basic("ada", "guess", "2001:db8::4")).outcome, Outcome::throttled);
    EXPECT_EQ(doors.identify(basic("ada", "guess", "2001:db8:0:1::4")).outcome, Outcome::wrong);
}

namespace {

http::Request proxied(std::vector<std::pair<std::string, std::string>> headers, bool trusted = true)
{
    http::Request r;
    r.headers = std::move(headers);
    r.remote = "192.0.2.1";
    r.from_trusted_proxy = trusted;
    return r;
}

AccessSettings behind_proxy(std::string roles_header)
{
    AccessSettings s;
    s.proxy = {"x-remote-user", std::move(roles_header), {"netz", "amt"}};
    return s;
}

}  // namespace

TEST(ProxyHeaders, tell_who_asks_and_with_which_roles)
{
    Authenticator one_for_all(behind_proxy(""));
    const Identified who = one_for_all.identify(proxied({{"x-remote-user", " ada "}}));
    EXPECT_EQ(who.outcome, Outcome::known);
    EXPECT_EQ(who.identity.name, "ada");
    EXPECT_EQ(who.identity.roles, (std::set<std::string>{"amt", "netz"}));
    Authenticator by_list(behind_proxy("x-remote-roles"));
    EXPECT_EQ(by_list.identify(proxied({{"x-remote-user", "ada"}, {"x-remote-roles", "netz, admin ,, "}})).identity.roles, std::set<std::string>{"netz"})
        << "only those that may come this way";
    EXPECT_TRUE(by_list.identify(proxied({{"x-remote-user", "ada"}})).identity.roles.empty());
    EXPECT_EQ(by_list.identify(proxied({{"x-remote-user", ""}, {"x-remote-roles", "netz"}})).outcome, Outcome::anonymous);
}

TEST(ProxyHeaders, of_others_and_without_the_setting_are_nothing)
{
    Authenticator doors(behind_proxy(""));
    EXPECT_EQ(doors.identify(proxied({{"x-remote-user", "ada"}}, false)).outcome, Outcome::anonymous);
    EXPECT_EQ(doors.identify(proxied({{"x_remote_user", "ada"}})).outcome, Outcome::anonymous);
    Authenticator off((AccessSettings()));
    EXPECT_EQ(off.identify(proxied({{"x-remote-user", "ada"}})).outcome, Outcome::anonymous);
    EXPECT_FALSE(off.knows_anybody());
}

TEST(ProxyHeaders, that_come_twice_are_refused)
{
    Authenticator doors(behind_proxy("x-remote-roles"));
    EXPECT_EQ(doors.identify(proxied({{"x-remote-user", "ada"}, {"x-remote-user", "bob"}})).outcome, Outcome::wrong);
    EXPECT_EQ(doors.identify(proxied({{"x-remote-user", "ada"}, {"x-remote-roles", "netz"}, {"x-remote-roles", "amt"}})).outcome, Outcome::wrong);
    EXPECT_EQ(doors.identify(proxied({{"x-remote-user", "\xff"}})).outcome, Outcome::wrong) << "no UTF-8, which no page could show";
}

}  // namespace stadtgdi::access
