// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/content_coding.hpp>
#include <services/http/header_rules.hpp>
#include <services/http/message.hpp>
#include <services/http/target.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

namespace stadtgdi::http {

struct ListenerOptions {
    std::string host = "127.0.0.1";        ///< address to listen on: IPv4, IPv6, or "localhost"
    std::uint16_t port = 8080;             ///< 0: any free one
    int socket = -1;                       ///< a listening socket inherited from the parent, instead of host and port
    int io_threads = 1;                    ///< threads that are left for reading and writing when all workers are busy
    int workers = 0;                       ///< handlers that run at the same time; 0: two for each core, at least 4
    int most_for_one = 0;                  ///< of the workers for requests of one address; 0: three quarters of them
    std::size_t max_waiting = 256;         ///< requests in the queue; more get 503 with Retry-After
    std::size_t max_connections = 1000;    ///< more get 503
    std::size_t header_bytes = 32768;
    std::size_t body_bytes = 10 * 1024 * 1024;
    TargetLimits target;
    std::chrono::milliseconds idle_timeout{60'000};     ///< between two requests of a connection
    std::chrono::milliseconds header_timeout{10'000};   ///< for a whole header, however slowly it trickles
    std::chrono::milliseconds body_timeout{60'000};     ///< for a whole body
    std::chrono::milliseconds write_timeout{60'000};    ///< for each slice of an answer (256 KiB)
    std::chrono::milliseconds request_timeout{120'000}; ///< then the request's stop is asked for
    CodingLevels compression;
    std::size_t compressed_from_bytes = 1024;
    std::string public_url;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> origins;      ///< of web pages that may read answers to keys, passwords and tokens, see page_access
};

/// One request and what became of it, for log and metrics.
struct Exchange {
    const Request& request;
    int status = 0;
    std::uint64_t body_bytes = 0;          ///< sent
    std::chrono::microseconds duration{};  ///< from the last byte of the request to the last byte of the answer
    bool complete = true;                  ///< false: the client went, or the answer broke off
};

struct ListenerCalls {
    Handler handler = {};                                             ///< on any thread of the listener; must not throw
    /// Asked first, even when the queue is full: for health checks. Must be quick and not throw.
    std::function<std::optional<Response>(const Request&)> quick = {};
    /// A refusal of the listener itself as a full answer; unset: plain text.
    std::function<Response(const Request&, const Refusal&)> refuse = {};
    std::function<bool(const Request&)> takes_post = {};                ///< whether a place may be asked by POST too; unset: all may
    std::function<void(const Exchange&)> done = {};                    ///< after each answer, any thread
    std::function<void(const std::string&)> trouble = {};                ///< a line for the log
};

/// HTTP/1.1 for one address: keep-alive, pipelining, HEAD, OPTIONS, gzip, brotli, ETag, streams with back pressure, and limits
/// on everything a client can make long, big or slow.
///     Listener listener(options, {.handler = [](const Request&) { return Response{}; }});
///     listener.start(); ... listener.stop(10s);
class Listener {
public:
    /// Opens the socket; Error(io) where the address is taken or unknown.
    Listener(ListenerOptions options, ListenerCalls calls);
    ~Listener();   ///< stop(0)

    void start();
    std::uint16_t port() const;
    /// Takes no more connections, lets requests in flight end for so long, then breaks them off. Returns when all threads have ended.
    void stop(std::chrono::milliseconds grace);
    std::size_t connections() const;
    std::size_t requests_in_flight() const;
    std::size_t waiting() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::http
