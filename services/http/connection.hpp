// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/asio.hpp>
#include <services/http/content_coding.hpp>
#include <services/http/head.hpp>
#include <services/http/listener.hpp>
#include <services/http/work_queue.hpp>
#include <atomic>
#include <deque>
#include <limits>
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
    std::unique_ptr<WorkQueue> queue;
};

using Clock = std::chrono::steady_clock;

/// One client connection. Everything runs under its lock but the handler and the stream; at any time there is at most one request
/// (pipelined ones wait in the buffer). The thread that has read a request goes on with it, when there is a place in the queue:
/// waking another would take longer than a small answer.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(Tcp::socket socket, Shared& shared);
    ~Connection();
    void start(bool overloaded);
    void end_soon();   ///< any thread: ends when idle, else after the present answer
    void end_now();    ///< any thread
    bool is_due(Clock::time_point now) const { return now.time_since_epoch().count() >= m_due.load(std::memory_order_relaxed); }   ///< any thread
    void on_due();     ///< any thread: what is due is done

private:
    struct Work;       // one request, from its header to the end of its answer
    template <class Step> void locked(Step step);
    template <class Step> struct Then;
    template <class Step> Then<Step> then(Step step);

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
    enum class Due { close, watch, stop };
    void set_due(Clock::time_point when, Due what);
    void close_after(std::chrono::milliseconds patience) { set_due(Clock::now() + patience, Due::close); }
    void set_nothing_due();
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
    std::mutex m_mutex;
    WorkQueue::Task m_now;                // what the thread that has the lock is to do after it
    Tcp::socket m_socket;
    beast::flat_buffer m_buffer;
    std::optional<beast::http::request_parser<beast::http::string_body>> m_parser;
    std::atomic<Clock::rep> m_due = std::numeric_limits<Clock::rep>::max();   // looked at by the listener, many times a second
    Due m_what_is_due = Due::close;
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
