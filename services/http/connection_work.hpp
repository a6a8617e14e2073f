// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/connection.hpp>

namespace stadtgdi::http::detail {

/// One request from its header to the end of its answer; belongs to the strand, but for what a worker fills while it runs.
struct Connection::Work {
    Request request;
    Response response;
    std::stop_source stop;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
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

}  // namespace stadtgdi::http::detail
