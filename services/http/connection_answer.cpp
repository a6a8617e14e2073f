// SPDX-License-Identifier: GPL-2.0-or-later
// Writing answers: whole bodies, streams in chunks, and the end of the connection.
#include <services/http/connection_work.hpp>

#include <array>
#include <cstdio>

namespace stadtgdi::http::detail {

namespace {

constexpr std::size_t slice_bytes = 256 * 1024;     // one write, one write_timeout
constexpr std::size_t pieces_ahead = 2;             // made while others are being sent
constexpr std::size_t drain_limit = 1024 * 1024;    // read and thrown away before closing

std::string chunk_head(std::size_t size)
{
    char text[24];
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%zx\r\n", size))};
}

}  // namespace

void Connection::answer()
{
    Work& work = *m_work;
    work.answered = true;
    set_nothing_due();
    if (m_closed || (m_close_after && work.stop.stop_requested()))
        return finish(false);
    Response& response = work.response;
    const bool would_be = work.head_only && response.bytes().size() >= m_shared.options.compressed_from_bytes;
    if (!work.compressed.empty() || (response.compressible && (response.stream || would_be)))
        work.framing.coding = work.coding.value_or(Coding::identity);
    work.framing.varies = response.compressible;
    if (response.status < 300 && has_etag(work.request, response.etag)) {
        response.status = 304;
        response.stream = nullptr;
        work.compressed.clear();
    }
    if (response.status == 304)
        work.framing.coding = Coding::identity;
    write_head();
}

void Connection::write_head()
{
    Work& work = *m_work;
    Response& response = work.response;
    const bool no_body = response.status == 204 || response.status == 304;
    const bool streams = response.stream && !no_body;
    if (streams) {
        work.framing.chunked = !work.http_1_0;
        work.keep_alive = work.keep_alive && !work.http_1_0;
        if (work.framing.coding != Coding::identity && !work.head_only)
            work.compressor = compressor(work.framing.coding, m_shared.options.compression);
    } else if (!no_body) {
        work.rest = work.compressed.empty() ? std::string_view(response.bytes()) : std::string_view(work.compressed);
        // The length of a compressed body that HEAD does not make is not known.
        if (!work.head_only || work.framing.coding == Coding::identity)
            work.framing.length = work.rest.size();
    }
    if (no_body || work.head_only)
        work.rest = {};
    if (m_close_after || m_shared.ending)
        work.keep_alive = false;
    Framing framing = work.framing;
    framing.keep_alive = work.keep_alive;
    framing.pages = page_access(work.request, m_shared.options.origins, response.personal);
    work.head = head_of(response, framing);
    if (no_body || work.head_only || !streams) {
        work.ended = true;
        response.stream = nullptr;
    }
    write_next();
    pull_stream();
}

void Connection::pull_stream()
{
    Work& work = *m_work;
    if (work.pulling || work.ended || work.ready.size() >= pieces_ahead)
        return;
    work.pulling = true;
    m_shared.queue->submit([self = shared_from_this(), &work] {
        std::string piece;
        bool more = false, failed = false;
        try {
            do {
                piece.clear();
                more = work.response.stream(piece);
                if (work.compressor)
                    piece = work.compressor->add(more ? std::string_view(piece) : std::string_view(), !more);
            } while (more && piece.empty() && !work.request.stop.stop_requested());
            if (!more && !work.compressor)
                piece.clear();
        } catch (const std::exception& error) {
            failed = true;
            if (self->m_shared.calls.trouble && !work.request.stop.stop_requested())
                self->m_shared.calls.trouble(std::string("an answer broke off: ") + error.what());
        }
        self->locked([&] { self->on_piece(std::move(piece), more, failed); });
    });
}

void Connection::on_piece(std::string piece, bool more, bool failed)
{
    Work& work = *m_work;
    work.pulling = false;
    if (failed || m_closed)
        return finish(false);
    if (!piece.empty())
        work.ready.push_back(std::move(piece));
    work.ended = !more;
    pull_stream();
    write_next();
}

/// Writes the head, then a slice of the body, then the end of the chunks: one write at a time.
void Connection::write_next()
{
    Work& work = *m_work;
    if (work.writing)
        return;
    const bool chunked = work.framing.chunked && !work.head_only;
    std::array<asio::const_buffer, 4> buffers;
    std::string_view slice = work.rest.substr(0, slice_bytes);
    if (!work.ready.empty())
        slice = std::string_view(work.ready.front()).substr(work.offset, slice_bytes);
    const bool last = chunked && work.ended && work.ready.empty();
    if (work.head.empty() && slice.empty() && !last)
        return work.ended ? finish(true) : void();
    buffers[0] = asio::buffer(work.head);
    if (chunked && !slice.empty()) {
        work.chunk = chunk_head(slice.size());
        buffers[1] = asio::buffer(work.chunk);
        buffers[3] = asio::buffer("\r\n", 2);
    } else if (last) {
        buffers[3] = asio::buffer("0\r\n\r\n", 5);
    }
    buffers[2] = asio::buffer(slice.data(), slice.size());
    work.writing = true;
    close_after(m_shared.options.write_timeout);
    asio::async_write(m_socket, buffers, then([this, size = slice.size(), last](error_code error, std::size_t) {
        Work& now = *m_work;
        now.writing = false;
        set_due(Clock::now(), Due::watch);   // while the next piece is being made
        if (error || m_closed)
            return finish(false);
        now.head.clear();
        now.sent += size;
        if (!now.ready.empty()) {
            now.offset += size;
            if (now.offset == now.ready.front().size()) {
                now.ready.pop_front();
                now.offset = 0;
            }
        } else {
            now.rest.remove_prefix(size);
        }
        if (last)
            return finish(true);
        pull_stream();
        write_next();
    }));
}

void Connection::finish(bool complete)
{
    if (!m_work)
        return;
    const std::shared_ptr<Work> work = m_work;
    if (!complete) {
        work->stop.request_stop();
        // A worker may still be inside the stream, or a write on its way: they come back and finish.
        error_code ignored;
        m_socket.shutdown(Tcp::socket::shutdown_both, ignored);
        m_closed = true;
        if (work->pulling || work->writing)
            return;
    }
    if (m_shared.calls.done && work->answered) {
        const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - work->begin);
        m_shared.calls.done({work->request, work->response.status, work->sent, duration, complete});
    }
    if (work->counted)
        --m_shared.in_flight;
    m_work.reset();
    m_parser.reset();
    if (!complete)
        return close();
    if (!work->keep_alive)
        return close_slowly();
    wait_for_request();
}

/// Says that no more is sent and reads on for a moment: closing with unread bytes would make the system throw away the
/// answer that the client has not read yet.
void Connection::close_slowly()
{
    error_code ignored;
    m_socket.shutdown(Tcp::socket::shutdown_send, ignored);
    m_drain_buffer.resize(16 * 1024);
    close_after(std::chrono::seconds(2));
    drain();
}

void Connection::drain()
{
    m_socket.async_read_some(asio::buffer(m_drain_buffer), then([this](error_code error, std::size_t bytes) {
        m_drained += bytes;
        if (error || m_drained > drain_limit || m_shared.ending)
            return close();
        drain();
    }));
}

void Connection::close()
{
    m_closed = true;
    if (m_work)
        m_work->stop.request_stop();
    error_code ignored;
    m_socket.close(ignored);
}

}  // namespace stadtgdi::http::detail
