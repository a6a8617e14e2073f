// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/error_funnel.hpp>
#include <services/server/languages.hpp>

#include <gtest/gtest.h>

namespace stadtgdi::server {

namespace {

http::Request asking(const std::string& accept, const std::string& language = "en")
{
    http::Request request;
    request.headers = {{"accept", accept}, {"accept-language", language}};
    return request;
}

}  // namespace

TEST(ErrorFunnel, kinds_have_their_status)
{
    EXPECT_EQ(status_of(ErrorKind::invalid_argument), 400);
    EXPECT_EQ(status_of(ErrorKind::not_found), 404);
    EXPECT_EQ(status_of(ErrorKind::unsupported), 501);
    EXPECT_EQ(status_of(ErrorKind::bad_data), 500);
    EXPECT_EQ(status_of(ErrorKind::io), 503);
    EXPECT_EQ(status_of(ErrorKind::internal), 500);
}

TEST(ErrorFunnel, what_the_client_did_is_said_in_its_language)
{
    const auto work = []() -> http::Response { throw Error(ErrorKind::invalid_argument, {"WIDTH is 0.", "WIDTH ist 0."}); };
    EXPECT_EQ(guarded(asking("text/plain", "de"), work, {}).body, "WIDTH ist 0.\n");
    EXPECT_EQ(guarded(asking("application/json"), work, {}).body, "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"WIDTH is 0.\"}\n");
    const http::Response page = guarded(asking("text/html"), work, {});
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("WIDTH is 0."), std::string::npos);
}

TEST(ErrorFunnel, errors_of_ogc_api_are_problems_or_pages)
{
    const auto type_of = [](const std::string& accept, const std::string& face) {
        http::Request request = asking(accept);
        request.segments = {"town", face, "collections"};
        const http::Response response = error_answer(request, 429, base::Text::same("Slower."));
        EXPECT_EQ(response.status, 429);
        return response.content_type;
    };
    for (const char* accept : {"", "*/*", "application/json", "application/geo+json", "text/plain", "image/png", "application/problem+json"}) EXPECT_EQ(type_of(accept, "ogcapi"), "application/problem+json") << accept;
    EXPECT_EQ(type_of("text/html", "ogcapi"), "text/html; charset=utf-8");
    EXPECT_EQ(type_of("*/*", "ows"), "text/plain; charset=utf-8");
    EXPECT_EQ(type_of("application/json", "ows"), "application/problem+json");
}

TEST(ErrorFunnel, the_inside_stays_inside_and_is_found_by_its_id)
{
    std::string logged;
    const auto log = [&](const std::string& line) { logged = line; };
    for (const ErrorKind kind : {ErrorKind::io, ErrorKind::internal, ErrorKind::bad_data}) {
        const http::Response response = guarded(asking("text/plain"), [&]() -> http::Response { throw Error(kind, {"/srv/secret.gpkg is gone", "x"}); }, log);
        EXPECT_EQ(response.body.find("secret"), std::string::npos);
        EXPECT_NE(logged.find("secret"), std::string::npos);
        const std::string id = logged.substr(6, 8);
        EXPECT_NE(response.body.find(id), std::string::npos) << response.body;
    }
    EXPECT_EQ(guarded(asking("*/*"), []() -> http::Response { throw std::bad_alloc(); }, log).status, 500);
    EXPECT_EQ(guarded(asking("*/*"), []() -> http::Response { throw 5; }, log).status, 500);
}

TEST(ErrorFunnel, hostile_text_is_escaped_in_pages)
{
    const auto work = []() -> http::Response { throw Error(ErrorKind::not_found, base::Text::same("<script>alert(1)</script>")); };
    EXPECT_EQ(guarded(asking("text/html"), work, {}).body.find("<script>"), std::string::npos);
}

TEST(Languages, follow_wish_header_and_place)
{
    http::Request request;
    EXPECT_EQ(language_of(request), base::Language::de) << "a German city";
    request.headers = {{"accept-language", "fr-FR,en;q=0.8,de;q=0.9"}};
    EXPECT_EQ(language_of(request), base::Language::de);
    request.headers = {{"accept-language", "fr, en-GB;q=0.5"}};
    EXPECT_EQ(language_of(request), base::Language::en);
    request.headers = {{"accept-language", "fr"}};
    EXPECT_EQ(language_of(request), base::Language::en);
    request.parameters = {{"lang", "de"}};
    EXPECT_EQ(language_of(request), base::Language::de);
}

TEST(Forms, follow_wish_and_weights)
{
    EXPECT_EQ(form_of(asking("text/html,application/xhtml+xml,*/*;q=0.8"), Form::json), Form::html);
    EXPECT_EQ(form_of(asking("application/json;q=0.9, text/html;q=0.5"), Form::text), Form::json);
    EXPECT_EQ(form_of(asking("*/*"), Form::json), Form::json);
    http::Request request = asking("text/html");
    request.parameters = {{"f", "json"}};
    EXPECT_EQ(form_of(request, Form::text), Form::json);
}

}  // namespace stadtgdi::server
