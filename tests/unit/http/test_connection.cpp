// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <stdexcept>

namespace stadtgdi::http::testing {

namespace {
Response echo(const Request& request)
{
    std::string body = request.method + " " + request.path;
    for (const auto& [name, value] : request.parameters)
        body += " " + name + "=" + value;
    Response response = text(body + " [" + request.body + "] " + request.base_url);
    response.etag = "v1";
    return response;
}

ListenerOptions named_origin()
{
    ListenerOptions options;
    options.origins = {"https://a.de"};
    return options;
}
}  // namespace

TEST(Connection, answers_many_requests_on_one_connection)
{
    TestServer server(echo);
    RawClient client(server.port());
    for (int i = 0; i < 5; ++i) {
        const Answer answer = client.get("/a/" + std::to_string(i) + "?x=%C3%BC");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "GET /a/" + std::to_string(i) + " x=ü [] http://localhost");
        EXPECT_EQ(answer.headers.at("connection"), "keep-alive");
        EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
        EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "*");
    }
}

TEST(Connection, pipelined_requests_are_answered_in_their_order)
{
    TestServer server([](const Request& request) {
        if (request.path == "/0")
            ::usleep(50'000);
        return text(request.path);
    });
    RawClient client(server.port());
    std::string all;
    for (int i = 0; i < 20; ++i)
        all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(all);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(client.read().body, "/" + std::to_string(i));
}

TEST(Connection, head_has_the_headers_of_get_and_no_body)
{
    TestServer server(echo);
    RawClient client(server.port());
    const Answer get = client.get("/x");
    client.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const Answer head = client.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), get.headers.at("content-length"));
    EXPECT_EQ(head.headers.at("etag"), "\"v1\"");
    EXPECT_EQ(client.get("/y").body, "GET /y [] http://localhost") << "nothing of the first body is left over";
}

TEST(Connection, an_unchanged_answer_is_not_sent_again)
{
    TestServer server(echo);
    RawClient client(server.port());
    const Answer answer = client.get("/x", "If-None-Match: \"v0\", \"v1\"\r\n");
    EXPECT_EQ(answer.status, 304);
    EXPECT_EQ(answer.headers.at("etag"), "\"v1\"");
    EXPECT_EQ(answer.headers.count("content-length"), 0u);
    EXPECT_EQ(client.get("/x", "If-None-Match: \"v2\"\r\n").status, 200);
}

TEST(Connection, options_tells_what_browsers_may_send)
{
    TestServer server(echo, named_origin());
    RawClient client(server.port());
    for (const auto& [origin, allowed, headers] : {std::tuple{"https://a.de", "https://a.de", "X-API-Key, Authorization, Content-Type"}, std::tuple{"https://b.de", "*", "Content-Type"}}) {
        client.send(std::string("OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nOrigin: ") + origin + "\r\nAccess-Control-Request-Headers: x-api-key\r\n\r\n");
        const Answer answer = client.read();
        EXPECT_EQ(answer.status, 204);
        EXPECT_EQ(answer.headers.at("access-control-allow-origin"), allowed);
        EXPECT_EQ(answer.headers.at("access-control-allow-headers"), headers);
        EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding, Origin");
        EXPECT_EQ(answer.headers.count("access-control-allow-credentials"), origin == std::string(allowed) ? 1u : 0u);
    }
}

TEST(Connection, pages_of_other_sites_read_what_is_open_and_named_ones_what_their_visitor_may_see)
{
    const Handler handler = [](const Request& request) {
        Response response = text("x");
        response.personal = request.path == "/known";
        return response;
    };
    TestServer nobody(handler), one(handler, named_origin());
    const auto told = [](TestServer& server, const std::string& target, const std::string& headers) {
        const Answer answer = RawClient(server.port()).get(target, headers);
        const auto header = [&](const char* name) { return answer.headers.count(name) ? answer.headers.at(name) : std::string("-"); };
        return header("access-control-allow-origin") + " " + header("access-control-allow-credentials") + " " + header("vary");
    };
    const std::string a = "Origin: https://a.de\r\n", b = "Origin: https://b.de\r\n";
    EXPECT_EQ(told(nobody, "/", a), "* - Accept-Encoding");
    EXPECT_EQ(told(nobody, "/known", a), "- - Accept-Encoding");
    EXPECT_EQ(told(one, "/", ""), "* - Accept-Encoding, Origin");
    EXPECT_EQ(told(one, "/", b), "* - Accept-Encoding, Origin");
    EXPECT_EQ(told(one, "/known", b), "- - Accept-Encoding, Origin");
    EXPECT_EQ(told(one, "/known", ""), "- - Accept-Encoding, Origin");
    for (const char* secret : {"Authorization: Basic YTpi\r\n", "Authorization: Bearer x\r\n", "X-API-Key: k\r\n"}) {
        EXPECT_EQ(told(nobody, "/", a + secret), "- - Accept-Encoding") << secret;
        EXPECT_EQ(told(one, "/", b + secret), "- - Accept-Encoding, Origin") << secret;
        EXPECT_EQ(told(one, "/", "Origin: null\r\n" + std::string(secret)), "- - Accept-Encoding, Origin") << secret;
        EXPECT_EQ(told(one, "/", a + secret), "https://a.de true Accept-Encoding, Origin") << secret;
    }
    EXPECT_EQ(told(one, "/", a), "https://a.de true Accept-Encoding, Origin") << "a browser that asks with what it keeps takes no *";
}

TEST(Connection, other_methods_are_not_allowed)
{
    TestServer server(echo);
    for (const char* method : {"TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "FOO"}) {
        RawClient client(server.port());
        client.send(std::string(method) + " /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const Answer answer = client.read();
        EXPECT_EQ(answer.status, 405) << method;
        EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, POST, OPTIONS");
    }
}

TEST(Connection, bodies_come_by_length_by_chunks_and_after_a_go_on)
{
    TestServer server(echo);
    RawClient client(server.port());
    client.send("POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.read().body, "POST /p [hello] http://localhost");
    client.send("POST /p HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
    EXPECT_EQ(client.read().body, "POST /p [hello] http://localhost");
    client.send("POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read(true).status, 100);
    client.send("hello");
    EXPECT_EQ(client.read().body, "POST /p [hello] http://localhost");
}

TEST(Connection, http_1_0_is_answered_and_closed)
{
    TestServer server(echo);
    RawClient client(server.port());
    client.send("GET /old HTTP/1.0\r\n\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_NE(answer.body.find("http://127.0.0.1:" + std::to_string(server.port())), std::string::npos);
    EXPECT_TRUE(client.at_end());
}

TEST(Connection, big_texts_are_compressed_on_wish)
{
    TestServer server([](const Request&) {
        Response response = text(std::string(100'000, 'a'));
        response.etag = "big";
        return response;
    });
    RawClient client(server.port());
    const Answer plain = client.get("/");
    EXPECT_EQ(plain.body.size(), 100'000u);
    EXPECT_EQ(plain.headers.at("vary"), "Accept-Encoding");
    const Answer small = client.get("/", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(small.headers.at("content-encoding"), "gzip");
    EXPECT_EQ(small.headers.at("etag"), "\"big-gz\"");
    EXPECT_LT(small.body.size(), 1000u);
    EXPECT_EQ(client.get("/", "Accept-Encoding: gzip;q=0\r\n").headers.count("content-encoding"), 0u);
    EXPECT_EQ(client.get("/", "Accept-Encoding: gzip\r\nIf-None-Match: \"big-gz\"\r\n").status, 304);
    EXPECT_EQ(client.get("/", "Accept-Encoding: *;q=0\r\n").status, 406);
}

TEST(Connection, images_are_sent_as_they_are)
{
    TestServer server([](const Request&) {
        Response response = text(std::string(100'000, 'a'));
        response.compressible = false;
        return response;
    });
    const Answer answer = RawClient(server.port()).get("/", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(answer.body.size(), 100'000u);
    EXPECT_EQ(answer.headers.count("vary"), 0u);
}

TEST(Connection, the_public_address_comes_from_settings_or_a_trusted_proxy_only)
{
    ListenerOptions plain, trusting, fixed;
    trusting.trusted_proxies = {"127.0.0.1"};
    fixed.public_url = "https://gdi.example.de/maps/";
    const std::string forwarded = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: karte.example.de\r\nX-Forwarded-For: 10.9.8.7, 198.51.100.7\r\n";
    const auto handler = [](const Request& request) { return text(request.base_url + " " + request.remote + (request.proxied ? " proxied" : "")); };
    TestServer a(handler, plain), b(handler, trusting), c(handler, fixed);
    EXPECT_EQ(RawClient(a.port()).get("/", forwarded).body, "http://localhost 127.0.0.1 proxied");
    EXPECT_EQ(RawClient(b.port()).get("/", forwarded).body, "https://karte.example.de 198.51.100.7 proxied");
    EXPECT_EQ(RawClient(b.port()).get("/", "X-Forwarded-Host: \"><script>\r\nX-Forwarded-Proto: javascript\r\n").body, "http://localhost 127.0.0.1");
    EXPECT_EQ(RawClient(c.port()).get("/", forwarded).body, "https://gdi.example.de/maps 127.0.0.1 proxied");
}

TEST(Connection, ports_behind_addresses_are_left_out)
{
    ListenerOptions options;
    options.trusted_proxies = {"127.0.0.1"};
    TestServer server([](const Request& request) { return text(request.remote); }, options);
    const auto told = [&](const std::string& from) { return RawClient(server.port()).get("/", "X-Forwarded-For: " + from + "\r\n").body; };
    EXPECT_EQ(told("203.0.113.9:40001"), "203.0.113.9");
    EXPECT_EQ(told("[2001:db8::1]:40001"), "2001:db8::1");
    EXPECT_EQ(told("2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(told("[2001:db8::1]"), "2001:db8::1");
    for (const char* none : {"unknown", "1.2.3", "1.2.3.4.5", "[", "]", "::ffff::1", "203.0.113.9x"})
        EXPECT_EQ(told(none), "127.0.0.1") << none;
}

TEST(Connection, a_request_is_encrypted_where_a_trusted_proxy_says_so)
{
    const auto told = [](bool trusted, const std::string& public_url, const std::string& headers) {
        ListenerOptions options;
        if (trusted)
            options.trusted_proxies = {"127.0.0.1"};
        options.public_url = public_url;
        TestServer server([](const Request& request) { return text(request.encrypted ? "yes" : "no"); }, options);
        return RawClient(server.port()).get("/", headers).body;
    };
    const std::string https = "X-Forwarded-Proto: https\r\n", http = "X-Forwarded-Proto: http\r\n", open = "https://gdi.example.de";
    EXPECT_EQ(told(true, "", https), "yes");
    EXPECT_EQ(told(true, "", http), "no");
    EXPECT_EQ(told(true, "", ""), "no");
    EXPECT_EQ(told(true, open, ""), "yes");
    EXPECT_EQ(told(true, open, http), "no");
    EXPECT_EQ(told(true, "", "X-Forwarded-Proto: https, http\r\n"), "no") << "the last one is the trusted proxy's own word";
    EXPECT_EQ(told(false, open, https), "no");
}

TEST(Connection, the_client_is_the_first_address_before_the_trusted_proxies)
{
    ListenerOptions options;
    options.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
    TestServer server([](const Request& request) { return text(request.remote + (request.from_trusted_proxy ? " trusted" : "")); }, options);
    const auto remote = [&](const std::string& headers) { return RawClient(server.port()).get("/", headers).body; };
    EXPECT_EQ(remote(""), "127.0.0.1 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.0.0.1\r\n"), "198.51.100.7 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.7\r\n"), "198.51.100.7 trusted") << "the client's own line comes first";
    EXPECT_EQ(remote("X-Forwarded-For: 10.0.0.1\r\n"), "10.0.0.1 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: nonsense, 10.0.0.1\r\n"), "10.0.0.1 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: 198.51.100.7, nonsense\r\n"), "127.0.0.1 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: ,,\r\n"), "127.0.0.1 trusted");
    EXPECT_EQ(remote("X-Forwarded-For: 2001:db8::7\r\n"), "2001:db8::7 trusted");
}

TEST(Connection, a_handler_that_throws_gives_500_and_nothing_about_the_inside)
{
    TestServer server([](const Request&) -> Response { throw std::runtime_error("/secret/path"); });
    RawClient client(server.port());
    const Answer answer = client.get("/");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_EQ(client.get("/").status, 500) << "the connection goes on";
}

TEST(Connection, every_answer_is_told_once)
{
    std::mutex mutex;
    std::vector<std::string> seen;
    ListenerCalls calls;
    calls.done = [&](const Exchange& exchange) {
        const std::lock_guard lock(mutex);
        seen.push_back(exchange.request.target + " " + std::to_string(exchange.status) + " " + std::to_string(exchange.body_bytes));
    };
    TestServer server([](const Request&) { return text("hello"); }, {}, calls);
    {
        RawClient client(server.port());
        client.get("/a?b");
        client.get("/%zz");
    }
    ASSERT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return seen.size() == 2;
    }));
    EXPECT_EQ(seen[0], "/a?b 200 5");
    EXPECT_TRUE(seen[1].starts_with("/%zz 400"));
}

}  // namespace stadtgdi::http::testing
