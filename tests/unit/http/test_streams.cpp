// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_client.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

namespace stadtgdi::http::testing {

using namespace std::chrono_literals;

namespace {

std::string piece_of(int i)
{
    return std::string(10'000, static_cast<char>('a' + i % 26));
}

Response streamed(int pieces, std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0), int fail_at = -1)
{
    Response response;
    response.stream = [=](std::string& piece) {
        const int i = (*asked)++;
        if (i == fail_at)
            throw std::runtime_error("the source has gone");
        if (i == pieces)
            return false;
        piece = piece_of(i);
        return true;
    };
    return response;
}

std::string whole(int pieces)
{
    std::string all;
    for (int i = 0; i < pieces; ++i)
        all += piece_of(i);
    return all;
}

}  // namespace

TEST(Streams, come_in_chunks_and_the_connection_goes_on)
{
    TestServer server([](const Request&) { return streamed(100); });
    RawClient client(server.port());
    for (int i = 0; i < 3; ++i) {
        const Answer answer = client.get("/");
        EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
        EXPECT_TRUE(answer.complete);
        EXPECT_EQ(answer.body, whole(100));
    }
}

TEST(Streams, may_have_big_and_empty_pieces_or_none)
{
    TestServer server([](const Request& request) {
        Response response;
        auto step = std::make_shared<int>(0);
        const bool none = request.path == "/none";
        response.stream = [step, none](std::string& piece) {
            piece = *step == 1 ? std::string(3'000'000, 'x') : "";
            return ++*step < 4 && !none;
        };
        return response;
    });
    RawClient client(server.port());
    EXPECT_EQ(client.get("/").body, std::string(3'000'000, 'x'));
    const Answer none = client.get("/none");
    EXPECT_TRUE(none.complete);
    EXPECT_EQ(none.body, "");
}

TEST(Streams, are_compressed_on_wish)
{
    TestServer server([](const Request&) { return streamed(100); });
    const Answer answer = RawClient(server.port()).get("/", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(answer.headers.at("content-encoding"), "gzip");
    EXPECT_TRUE(answer.complete);
    std::string out(2'000'000, '\0');
    z_stream zlib{};
    inflateInit2(&zlib, 15 + 16);
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(answer.body.data()));
    zlib.avail_in = static_cast<uInt>(answer.body.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&zlib, Z_FINISH), Z_STREAM_END);
    out.resize(zlib.total_out);
    inflateEnd(&zlib);
    EXPECT_EQ(out, whole(100));
}

TEST(Streams, end_with_the_connection_for_http_1_0)
{
    TestServer server([](const Request&) { return streamed(20); });
    RawClient client(server.port());
    client.send("GET / HTTP/1.0\r\n\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(answer.headers.count("transfer-encoding"), 0u);
    EXPECT_EQ(answer.body, whole(20));
}

TEST(Streams, are_not_started_for_head_or_an_unchanged_answer)
{
    auto asked = std::make_shared<std::atomic<int>>(0);
    TestServer server([asked](const Request&) {
        Response response = streamed(100, asked);
        response.etag = "s";
        return response;
    });
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    const Answer head = client.read(true);
    EXPECT_EQ(head.headers.at("transfer-encoding"), "chunked");
    EXPECT_EQ(client.get("/", "If-None-Match: \"s\"\r\n").status, 304);
    EXPECT_EQ(asked->load(), 0);
    EXPECT_EQ(client.get("/").body, whole(100));
}

TEST(Streams, that_fail_break_off_so_that_the_client_notices)
{
    std::atomic<int> incomplete = 0;
    ListenerCalls calls;
    calls.done = [&](const Exchange& exchange) { incomplete += exchange.complete ? 0 : 1; };
    TestServer server([](const Request&) { return streamed(100, std::make_shared<std::atomic<int>>(0), 50); }, {}, calls);
    RawClient client(server.port());
    const Answer answer = client.get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete);
    EXPECT_TRUE(eventually([&] { return incomplete == 1; }));
}

TEST(Streams, wait_for_a_slow_reader_and_end_when_it_goes)
{
    auto asked = std::make_shared<std::atomic<int>>(0);
    std::weak_ptr<std::atomic<int>> alive;
    auto owner = std::make_shared<std::atomic<int>>(0);
    alive = owner;
    TestServer server([&](const Request&) {
        Response response;
        response.stream = [asked, kept = std::move(owner)](std::string& piece) {
            ++*asked;
            piece = std::string(100'000, 'x');
            return true;   // endless
        };
        return response;
    });
    {
        RawClient client(server.port(), 4096);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        ASSERT_TRUE(eventually([&] { return *asked > 2; }));
        // the socket's buffers are full at some point; then no more pieces are made
        int before = -1;
        EXPECT_TRUE(eventually([&] {
            const bool still = before == *asked;
            before = *asked;
            std::this_thread::sleep_for(200ms);
            return still;
        }));
        EXPECT_LT(*asked, 200) << "not 20 MB for a client that reads nothing";
    }
    EXPECT_TRUE(eventually([&] { return alive.expired(); })) << "the stream is destroyed";
    EXPECT_TRUE(eventually([&] { return server.listener().connections() == 0; }));
}

TEST(Streams, to_a_reader_that_stops_reading_are_given_up)
{
    ListenerOptions options;
    options.write_timeout = 300ms;
    TestServer server([](const Request&) { return streamed(10'000); }, options);
    RawClient client(server.port(), 4096);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return server.listener().connections() == 1; }));
    EXPECT_TRUE(eventually([&] { return server.listener().connections() == 0; }));
}

TEST(Streams, to_many_clients_at_once_are_all_whole)
{
    TestServer server([](const Request&) { return streamed(50); });
    std::vector<std::thread> clients;
    std::atomic<int> good = 0;
    for (int i = 0; i < 16; ++i)
        clients.emplace_back([&] {
            RawClient client(server.port());
            for (int round = 0; round < 5; ++round)
                good += client.get("/").body == whole(50) ? 1 : 0;
        });
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(good, 80);
}

}  // namespace stadtgdi::http::testing
