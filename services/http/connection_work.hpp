// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/connection.hpp>

namespace stadtgdi::http::detail {

/// One request from its header to the end of its answer; under the connection's lock, but for what the handler and the stream fill while they run.
struct Connection::Work {
    Request request;
    Response response;
    std::stop_source stop;
    Clock::time_point begin = Clock::now();
    bool head_only = false;
    bool keep_alive = true;
    bool http_1_0 = false;
    bool counted = false;         // in Shared::in_flight
    bool answered = false;        // the handler has returned
    std::optional<Coding> coding = Coding::identity;
    Framing framing;
    std::uint64_t sent = 0;

    std::string head;
    std::string compressed;       // whole body
    std::string_view rest;        // of a whole body
    std::unique_ptr<Compressor> compressor;  // of a stream
    std::deque<std::string> ready;
    std::size_t offset = 0;       // in ready.front()
    std::string chunk;            // head of the chunk being written
    bool pulling = false, ended = false, writing = false;
};

/// A step of the connection; what it leaves to do in m_now comes after it, without the lock.
template <class Step> void Connection::locked(Step step)
{
    WorkQueue::Task now;
    {
        const std::lock_guard lock(m_mutex);
        step();
        now = std::exchange(m_now, nullptr);
    }
    if (now)
        now();
}

/// A handler that takes the lock for its step and keeps the connection as long.
template <class Step> struct Connection::Then {
    std::shared_ptr<Connection> self;
    Step step;

    template <class... Results> void operator()(Results... results)
    {
        self->locked([&] { step(results...); });
    }
    /// What is done at once comes next on the same thread, as does what follows a step: Asio would wake another for it.
    friend bool asio_handler_is_continuation(Then*) { return true; }
};

template <class Step> Connection::Then<Step> Connection::then(Step step)
{
    return {shared_from_this(), std::move(step)};
}

}  // namespace stadtgdi::http::detail
