// SPDX-License-Identifier: GPL-2.0-or-later
// Reading and running requests; connection_answer.cpp writes the answers.
#include <services/http/connection_work.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace stadtgdi::http::detail {

namespace {

constexpr std::chrono::milliseconds first_request_grace{500};
constexpr std::chrono::milliseconds unwatched{50};   // what is answered sooner is not worth to look whether the client is there

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string lower_case(beast::string_view text)
{
    std::string lower(text.data(), text.size());
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

}  // namespace

Connection::Connection(Tcp::socket socket, Shared& shared) : m_shared(shared), m_socket(std::move(socket))
{
    error_code ignored;
    m_socket.set_option(Tcp::no_delay(true), ignored);
    const auto peer = m_socket.remote_endpoint(ignored);
    m_peer = ignored ? std::string() : peer.address().to_string(ignored);
    if (m_peer.starts_with("::ffff:") && m_peer.find('.') != std::string::npos)
        m_peer.erase(0, 7);
    const std::lock_guard lock(m_shared.mutex);
    m_shared.connections.insert(this);
}

Connection::~Connection()
{
    if (m_work && m_work->counted)
        --m_shared.in_flight;
    const std::lock_guard lock(m_shared.mutex);
    m_shared.connections.erase(this);
}

void Connection::start(bool overloaded)
{
    const auto self = shared_from_this();
    locked([&] {
        if (!overloaded)
            return wait_for_request();
        m_work = std::make_shared<Work>();
        refuse({503, {"Too many connections; please try again in a moment.", "Zu viele Verbindungen; bitte gleich noch einmal versuchen."}}, true);
    });
}

void Connection::end_soon()
{
    locked([this] {
        m_close_after = true;
        if (m_work)
            return;
        if (m_asked)
            return close();
        close_after(first_request_grace);   // a client that has just come is about to ask: its first request is answered
    });
}

void Connection::end_now()
{
    locked([this] { close(); });
}

void Connection::wait_for_request()
{
    if (m_asked && (m_close_after || m_shared.ending))
        return close();
    if (m_buffer.size() > 0)
        return read_header();
    close_after(m_shared.ending ? first_request_grace : m_shared.options.idle_timeout);
    m_socket.async_read_some(m_buffer.prepare(16 * 1024), then([this](error_code error, std::size_t bytes) {
        if (error)
            return close();
        m_buffer.commit(bytes);
        read_header();
    }));
}

void Connection::read_header()
{
    m_parser.emplace();
    m_parser->header_limit(static_cast<std::uint32_t>(m_shared.options.header_bytes));
    m_parser->body_limit(m_shared.options.body_bytes);
    error_code error;
    m_buffer.consume(m_parser->put(m_buffer.data(), error));   // most headers come at once
    if (error != beast::http::error::need_more)
        return on_header(error);
    close_after(m_shared.ending ? first_request_grace : m_shared.options.header_timeout);
    beast::http::async_read_header(m_socket, m_buffer, *m_parser, then([this](error_code failed, std::size_t) { on_header(failed); }));
}

void Connection::on_header(error_code error)
{
    if (error == beast::http::error::end_of_stream || (error && m_closed))
        return close();
    m_asked = true;
    m_work = std::make_shared<Work>();
    Work& work = *m_work;
    work.request.stop = work.stop.get_token();
    work.request.remote = m_peer;
    if (error)
        return refuse_parse_error(error);

    const auto& message = m_parser->get();
    const int minor = message.version() == 10 ? 0 : 1;
    work.http_1_0 = minor == 0;
    work.keep_alive = message.keep_alive();
    work.request.method = std::string(message.method_string());
    for (const auto& field : message)
        work.request.headers.emplace_back(lower_case(field.name_string()), std::string(field.value()));
    if (const auto refusal = read_target(std::string_view(message.target().data(), message.target().size()), m_shared.options.target, work.request))
        return refuse(*refusal, !m_parser->is_done());
    if (const auto refusal = check_headers(work.request, minor))
        return refuse(*refusal, true);
    find_base_url(m_shared.base_url, work.request);
    const bool has_accept = std::any_of(work.request.headers.begin(), work.request.headers.end(), [](const auto& h) { return h.first == "accept-encoding"; });
    work.coding = preferred_coding(work.request.header("accept-encoding"), has_accept, m_shared.options.compression);

    if (m_parser->is_done())
        return begin_work();
    const std::string expect = lower_case(work.request.header("expect"));
    if (expect.empty())
        return read_body();
    if (expect != "100-continue")
        return refuse({400, {"Only Expect: 100-continue is understood.", "Nur Expect: 100-continue wird verstanden."}}, true);
    close_after(m_shared.options.write_timeout);
    asio::async_write(m_socket, asio::buffer(go_on.data(), go_on.size()), then([this](error_code failed, std::size_t) { return failed ? finish(false) : read_body(); }));
}

void Connection::read_body()
{
    close_after(m_shared.options.body_timeout);
    beast::http::async_read(m_socket, m_buffer, *m_parser, then([this](error_code error, std::size_t) { on_body(error); }));
}

void Connection::on_body(error_code error)
{
    if (error)
        return refuse_parse_error(error);
    m_work->request.body = std::move(m_parser->get().body());
    begin_work();
}

void Connection::refuse_parse_error(error_code error)
{
    using Http = beast::http::error;
    const ListenerOptions& options = m_shared.options;
    if (error == Http::header_limit || error == Http::buffer_overflow) {
        if (m_parser->get().target().empty())   // the limit came within the first line
            return refuse({414, base::filled({"The address is longer than {0} bytes; send long requests by POST.",
                                              "Die Adresse ist länger als {0} Bytes; lange Anfragen bitte mit POST senden."},
                                             std::to_string(options.target.bytes))}, true);
        return refuse({431, base::filled({"The header is longer than {0} bytes.", "Der Kopf der Anfrage ist länger als {0} Bytes."},
                                         std::to_string(options.header_bytes))}, true);
    }
    if (error == Http::body_limit)
        return refuse({413, base::filled({"The body is longer than {0} bytes.", "Der Inhalt der Anfrage ist länger als {0} Bytes."},
                                         std::to_string(options.body_bytes))}, true);
    if (error == Http::bad_version)
        return refuse({505, {"Only HTTP/1.0 and HTTP/1.1 are understood.", "Nur HTTP/1.0 und HTTP/1.1 werden verstanden."}}, true);
    if (error.category() == make_error_code(Http::bad_target).category() && error != Http::partial_message)
        return refuse({400, {"The request is not valid HTTP.", "Die Anfrage ist kein gültiges HTTP."}}, true);
    finish(false);   // too slow, or the client has gone
}

Response Connection::refusal_answer(const Refusal& refusal)
{
    if (m_shared.calls.refuse)
        return m_shared.calls.refuse(m_work->request, refusal);
    Response response;
    response.status = refusal.status;
    response.body = refusal.text.en + "\n" + refusal.text.de + "\n";
    return response;
}

void Connection::refuse(const Refusal& refusal, bool close)
{
    m_work->response = refusal_answer(refusal);
    m_work->head_only = m_work->request.method == "HEAD";
    if (refusal.status == 503)
        m_work->response.set_header("Retry-After", "2");
    if (close)
        m_work->keep_alive = false;
    answer();
}

void Connection::begin_work()
{
    Work& work = *m_work;
    ++m_shared.in_flight;
    work.counted = true;
    work.begin = Clock::now();
    set_nothing_due();
    std::string& method = work.request.method;
    const bool takes_post = !m_shared.calls.takes_post || m_shared.calls.takes_post(work.request);
    const char* allowed = takes_post ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
    if (method == "OPTIONS") {
        work.response.status = 204;
        work.response.set_header("Allow", allowed);
        work.response.set_header("Access-Control-Allow-Methods", allowed);
        const bool takes_keys = page_access(work.request, m_shared.options.origins, false).with_credentials();
        work.response.set_header("Access-Control-Allow-Headers", takes_keys ? "X-API-Key, Authorization, Content-Type" : "Content-Type");
        work.response.set_header("Access-Control-Max-Age", "86400");
        return answer();
    }
    if (method != "GET" && method != "HEAD" && (method != "POST" || !takes_post)) {
        work.response = refusal_answer({405, {"This method is not allowed here.", "Diese Methode ist hier nicht erlaubt."}});
        work.response.set_header("Allow", allowed);
        return answer();
    }
    if (method == "HEAD") {
        work.head_only = true;
        method = "GET";
    }
    if (!work.coding)
        return refuse({406, {"The client takes the answer in none of the codings that are offered.", "Der Client nimmt die Antwort in keiner der angebotenen Kodierungen an."}}, false);
    if (m_shared.calls.quick) {
        if (auto response = m_shared.calls.quick(work.request)) {
            work.response = std::move(*response);
            return answer();
        }
    }
    set_due(work.begin + std::min<Clock::duration>(unwatched, m_shared.options.request_timeout), Due::watch);
    WorkQueue::Task task = [self = shared_from_this()] { self->run_work(); };
    switch (m_shared.queue->try_submit(work.request.remote, task)) {
    case WorkQueue::Admission::now: m_now = std::move(task); break;
    case WorkQueue::Admission::waits: break;
    case WorkQueue::Admission::refused:
        return refuse({503, {"The service is busy; please try again in a moment.", "Der Dienst ist ausgelastet; bitte gleich noch einmal versuchen."}}, false);
    }
}

/// In the queue, without the lock.
void Connection::run_work()
{
    const std::shared_ptr<Work> work = m_work;   // stays: only this request's answer can end it
    if (work->request.stop.stop_requested()) {   // it waited too long, or the client has gone
        work->response = refusal_answer({503, {"The service is busy; please try again in a moment.",
                                               "Der Dienst ist ausgelastet; bitte gleich noch einmal versuchen."}});
        work->response.set_header("Retry-After", "2");
    } else {
        try {
            work->response = m_shared.calls.handler(work->request);
            Response& response = work->response;
            const std::string& bytes = response.bytes();
            if (!response.stream && response.compressible && !work->head_only && work->coding != Coding::identity
                && bytes.size() >= m_shared.options.compressed_from_bytes && !has_etag(work->request, response.etag))
                work->compressed = compressed(*work->coding, bytes, m_shared.options.compression);
        } catch (...) {
            if (m_shared.calls.trouble)
                m_shared.calls.trouble("a handler threw");
            work->response = Response{};
            work->response.status = 500;
            work->response.body = "Internal error.\nInterner Fehler.\n";
        }
    }
    locked([this] { answer(); });
}

void Connection::set_due(Clock::time_point when, Due what)
{
    m_what_is_due = what;
    m_due.store(when.time_since_epoch().count(), std::memory_order_relaxed);
}

void Connection::set_nothing_due()
{
    m_due.store(std::numeric_limits<Clock::rep>::max(), std::memory_order_relaxed);
}

void Connection::on_due()
{
    locked([this] {
        if (m_closed || !is_due(Clock::now()))   // it has been put off
            return;
        set_nothing_due();
        switch (m_what_is_due) {
        case Due::close: {
            error_code ignored;
            m_socket.close(ignored);   // what reads or writes comes back with an error
            break;
        }
        case Due::watch:
            watch_client();
            if (!m_work->answered)
                set_due(m_work->begin + m_shared.options.request_timeout, Due::stop);
            break;
        case Due::stop: m_work->stop.request_stop(); break;
        }
    });
}

/// Sees a client that goes while its answer is being made, so that the work can stop.
void Connection::watch_client()
{
    if (m_watching || m_buffer.size() > 0)
        return;
    m_watching = true;
    m_socket.async_wait(Tcp::socket::wait_read, then([this](error_code error) {
        m_watching = false;
        if (error || m_closed || !m_work)
            return;
        char byte = 0;
        const auto seen = ::recv(m_socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
            m_work->stop.request_stop();
            m_close_after = true;
            if (m_work->answered)
                finish(false);
        }
    }));
}

}  // namespace stadtgdi::http::detail
