// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_client.hpp"

#include <gtest/gtest.h>
#include <random>

namespace stadtgdi::http::testing {

namespace {
Handler greeting = [](const Request& request) { return text("hello " + request.body); };
}

// Each of these could be read differently by a proxy in front: none may be served, and the connection must end.
TEST(Parsing, requests_that_could_be_smuggled_are_refused_and_the_connection_closed)
{
    TestServer server(greeting);
    const std::string start = "POST /x HTTP/1.1\r\nHost: a\r\n";
    for (const std::string& rest : {
             std::string("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"),
             std::string("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nG"),
             std::string("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
             std::string("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
             std::string("Content-Length: 5, 5\r\n\r\nhello"),
             std::string("Content-Length: +5\r\n\r\nhello"),
             std::string("Content-Length: -5\r\n\r\nhello"),
             std::string("Content-Length: 0x5\r\n\r\nhello"),
             std::string("Content-Length: 5 5\r\n\r\nhello"),
             std::string("Content-Length: 99999999999999999999999\r\n\r\nhello"),
             std::string("Content-Length:\r\n\r\n"),
             std::string("Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding: chunked, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding : chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
             std::string("Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
         }) {
        RawClient client(server.port());
        client.send(start + rest);
        const Answer answer = client.read();
        EXPECT_TRUE(answer.status == 400 || answer.status == 501 || answer.status == 413) << answer.status << " for " << rest;
        EXPECT_TRUE(client.at_end()) << rest;
    }
}

TEST(Parsing, damaged_requests_are_refused)
{
    TestServer server(greeting);
    for (const std::string& request : {
             std::string("GET /x HTTP/1.1\r\n\r\n"),                                   // no Host
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a/b\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: \"><script>\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nX-API-Key: a\r\nX-API-Key: b\r\n\r\n"),
             std::string("GET  /x HTTP/1.1\r\nHost: a\r\n\r\n"),
             std::string("GET\r\n\r\n"),
             std::string("/x\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nbad name: x\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 44),
             std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(100, 'x') + "\r\n\r\n",  // TLS
         }) {
        RawClient client(server.port());
        client.send(request);
        EXPECT_EQ(client.read().status, 400) << request;
    }
    for (const char* line : {"GET /x HTTP/2.0", "GET /x y HTTP/1.1"}) {
        RawClient client(server.port());
        client.send(std::string(line) + "\r\nHost: a\r\n\r\n");
        EXPECT_EQ(client.read().status, 505);
    }
}

TEST(Parsing, noise_never_stops_the_listener)
{
    TestServer server(greeting);
    std::mt19937 random(11);
    const std::string seed = "POST /leipzig/ows?SERVICE=WMS&X=%C3%BC HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nAccept-Encoding: gzip\r\n\r\nabc";
    for (int round = 0; round < 200; ++round) {
        std::string bytes = seed;
        for (std::size_t i = 0; i < 1 + random() % 6; ++i)
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        RawClient client(server.port());
        client.send(bytes.substr(0, 1 + random() % bytes.size()));
    }
    EXPECT_EQ(RawClient(server.port()).get("/").status, 200);
}

}  // namespace stadtgdi::http::testing
