// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_client.hpp"

#include <layers/base/error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace stadtgdi::http::testing {

using namespace std::chrono_literals;

namespace {
Handler hello = [](const Request&) { return text("hello"); };

/// A handler that holds its worker until the test lets go.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int inside = 0;

    Response operator()(const Request&)
    {
        std::unique_lock lock(mutex);
        ++inside;
        changed.notify_all();
        changed.wait(lock, [this] { return open; });
        return text("through");
    }
    void let_go()
    {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
    bool waits_inside(int count)
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 20s, [&] { return inside == count; });
    }
};
}  // namespace

TEST(Limits, long_addresses_headers_and_bodies_are_refused)
{
    ListenerOptions options;
    options.body_bytes = 1000;
    TestServer server(hello, options);
    EXPECT_EQ(RawClient(server.port()).get("/" + std::string(20'000, 'a')).status, 414);
    EXPECT_EQ(RawClient(server.port()).get("/" + std::string(1'000'000, 'a')).status, 414);
    EXPECT_EQ(RawClient(server.port()).get("/", "X: " + std::string(1'000'000, 'a') + "\r\n").status, 431);
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += "X: a\r\n";
    EXPECT_EQ(RawClient(server.port()).get("/", many).status, 431);
    RawClient by_length(server.port());
    by_length.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(by_length.read().status, 413);
    EXPECT_TRUE(by_length.at_end());
    RawClient endless(server.port());
    endless.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 50 && endless.send("3e8\r\n" + std::string(1000, 'a') + "\r\n"); ++i)
        ;
    EXPECT_EQ(endless.read().status, 413);
}

TEST(Limits, what_does_not_fit_into_the_queue_gets_503_and_health_is_answered_still)
{
    Gate gate;
    ListenerOptions options;
    options.workers = 1;
    options.max_waiting = 1;
    ListenerCalls calls;
    calls.quick = [](const Request& request) { return request.path == "/healthz" ? std::optional(text("ok")) : std::nullopt; };
    TestServer server([&](const Request& r) { return gate(r); }, options, calls);
    RawClient first(server.port()), second(server.port()), third(server.port());
    first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(gate.waits_inside(1));
    second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return server.listener().waiting() == 1; }));
    const Answer refused = third.get("/3");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.at("retry-after"), "2");
    EXPECT_EQ(third.get("/healthz").body, "ok");
    gate.let_go();
    EXPECT_EQ(first.read().body, "through");
    EXPECT_EQ(second.read().body, "through");
    EXPECT_EQ(third.get("/3").status, 200);
}

TEST(Limits, too_many_connections_get_503)
{
    ListenerOptions options;
    options.max_connections = 3;
    TestServer server(hello, options);
    RawClient a(server.port()), b(server.port()), c(server.port());
    ASSERT_TRUE(eventually([&] { return server.listener().connections() == 3; }));
    RawClient d(server.port());
    EXPECT_EQ(d.read().status, 503);
    EXPECT_EQ(a.get("/").status, 200) << "those who were there are served";
    a.close();
    ASSERT_TRUE(eventually([&] { return RawClient(server.port()).get("/").status == 200; }));
}

TEST(Limits, a_header_that_trickles_is_given_up_while_others_are_served)
{
    ListenerOptions options;
    options.header_timeout = 300ms;
    options.idle_timeout = 300ms;
    options.body_timeout = 300ms;
    TestServer server(hello, options);
    RawClient slow(server.port()), idle(server.port()), half(server.port());
    half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    slow.send("GET / HT");
    EXPECT_EQ(RawClient(server.port()).get("/").status, 200);
    for (int i = 0; i < 20; ++i) {   // each byte comes in time, the whole does not
        if (!slow.send("T"))
            break;
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_EQ(slow.read().status, 0);
    EXPECT_TRUE(idle.at_end());
    EXPECT_EQ(half.read().status, 0);
    EXPECT_TRUE(eventually([&] { return server.listener().connections() == 0; }));
}

TEST(Limits, the_deadline_stops_the_work)
{
    ListenerOptions options;
    options.request_timeout = 200ms;
    TestServer server([](const Request& request) {
        const bool stopped = eventually([&] { return request.stop.stop_requested(); });
        return text(stopped ? "stopped" : "not stopped");
    }, options);
    EXPECT_EQ(RawClient(server.port()).get("/").body, "stopped");
}

TEST(Limits, a_client_that_goes_stops_its_work)
{
    std::atomic<bool> begun = false, stopped = false;
    TestServer server([&](const Request& request) {
        begun = true;
        stopped = eventually([&] { return request.stop.stop_requested(); });
        return text("nobody reads this");
    });
    {
        RawClient client(server.port());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        ASSERT_TRUE(eventually([&] { return begun.load(); }));
    }
    EXPECT_TRUE(eventually([&] { return stopped.load(); }));
    EXPECT_TRUE(eventually([&] { return server.listener().connections() == 0 && server.listener().requests_in_flight() == 0; }));
}

TEST(Limits, requests_in_flight_end_before_the_listener_does)
{
    Gate gate;
    TestServer server([&](const Request& r) { return gate(r); });
    RawClient busy(server.port()), idle(server.port());
    idle.send("GET ");
    busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(gate.waits_inside(1));
    std::thread stopper([&] { server.listener().stop(10s); });
    ASSERT_TRUE(eventually([&] { return !RawClient(server.port()).connected(); })) << "no new connections";
    gate.let_go();
    const Answer answer = busy.read();
    EXPECT_EQ(answer.body, "through");
    EXPECT_EQ(answer.headers.at("connection"), "close");
    stopper.join();
}

TEST(Limits, an_address_in_use_is_a_clear_error)
{
    TestServer server(hello);
    ListenerOptions options;
    options.port = server.port();
    try {
        Listener second(options, {.handler = hello});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
        EXPECT_NE(error.message().de.find(std::to_string(server.port())), std::string::npos);
    }
}

}  // namespace stadtgdi::http::testing
