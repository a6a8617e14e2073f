// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/asio.hpp>
#include <services/http/content_coding.hpp>
#include <services/http/head.hpp>
#include <services/http/listener.hpp>
#include <services/http/worker_pool.hpp>
#include <atomic>
#include <deque>
#include <unordered_set>

namespace stadtgdi::http::detail {

class Connection;

/// What all connections of a listener share; outlives them.
struct Shared {
    ListenerOptions options;
    ListenerCalls calls;
    BaseUrlOptions base_url;
    std::atomic<bool> ending = false;
    std::atomic<std::size_t> in_flight = 0;
    std::mutex mutex;
    std::unordered_set<Connection*> connections;
    std::unique_ptr<WorkerPool> pool;   // last: its threads end first
};

/// One client connection. Everything runs on its strand but the handler and the stream, which run on workers; at any
/// time there is at most one request (pipelined ones wait in the buffer).
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(Tcp::socket socket, Shared& shared);
    ~Connection();
    void start(bool overloaded);
    void end_soon();   ///< any thread: ends when idle, else after the present answer
    void end_now();    ///< any thread

private:
    struct Work;       // one request, from its header to the end of its answer

    void wait_for_request();
    void read_header();
    void on_header(error_code error);
    void read_body();
    void on_body(error_code error);
    void refuse_parse_error(error_code error);
    Response refusal_answer(const Refusal& refusal);
    void refuse(const Refusal& refusal, bool close);
    void begin_work();
    void run_work();
    void watch_client();
    void start_deadline();
    void answer();
    void write_head();
    void pull_stream();
    void on_piece(std::string piece, bool more, bool failed);
    void write_next();
    void finish(bool complete);
    void close_slowly();
    void drain();
    void close();

    Shared& m_shared;
    beast::tcp_stream m_stream;
    beast::flat_buffer m_buffer;
    std::optional<beast::http::request_parser<beast::http::string_body>> m_parser;
    asio::steady_timer m_deadline;
    std::string m_peer;
    std::shared_ptr<Work> m_work;
    bool m_watching = false;
    bool m_close_after = false;
    bool m_asked = false;  // something; before that its client knows nothing of an end
    bool m_closed = false;
    std::size_t m_drained = 0;
    std::string m_drain_buffer;
};

}  // namespace stadtgdi::http::detail
