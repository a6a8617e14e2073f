// SPDX-License-Identifier: GPL-2.0-or-later
// Reading and running requests; connection_answer.cpp writes the answers.
#include <services/http/connection_work.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace stadtgdi::http::detail {

namespace {

constexpr std::chrono::milliseconds first_request_grace{500};

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

Connection::Connection(Tcp::socket socket, Shared& shared) : m_shared(shared), m_stream(std::move(socket)), m_deadline(m_stream.get_executor())
{
    error_code ignored;
    m_stream.socket().set_option(Tcp::no_delay(true), ignored);
    const auto peer = m_stream.socket().remote_endpoint(ignored);
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
    asio::dispatch(m_stream.get_executor(), [self = shared_from_this(), overloaded] {
        if (!overloaded)
            return self->wait_for_request();
        self->m_work = std::make_shared<Work>();
        self->refuse({503, {"Too many connections; please try again in a moment.", "Zu viele Verbindungen; bitte gleich noch einmal versuchen."}}, true);
    });
}

void Connection::end_soon()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        self->m_close_after = true;
        if (self->m_work)
            return;
        if (self->m_asked)
            return self->close();
        // A client that has just come is about to ask: its first request is answered.
        self->m_deadline.expires_after(first_request_grace);
        self->m_deadline.async_wait([self](error_code error) {
            if (!error && !self->m_asked)
                self->close();
        });
    });
}

void Connection::end_now()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] { self->close(); });
}

void Connection::wait_for_request()
{
    if (m_asked && (m_close_after || m_shared.ending))
        return close();
    if (m_buffer.size() > 0)
        return read_header();
    if (m_shared.ending)
        m_stream.expires_after(first_request_grace);
    else
        m_stream.expires_after(m_shared.options.idle_timeout);
    m_stream.async_read_some(m_buffer.prepare(16 * 1024), [self = shared_from_this()](error_code error, std::size_t bytes) {
        if (error)
            return self->close();
        self->m_buffer.commit(bytes);
        self->read_header();
    });
}

void Connection::read_header()
{
    m_parser.emplace();
    m_parser->header_limit(static_cast<std::uint32_t>(m_shared.options.header_bytes));
    m_parser->body_limit(m_shared.options.body_bytes);
    m_stream.expires_after(m_shared.options.header_timeout);
    beast::http::async_read_header(m_stream, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
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
    m_stream.expires_after(m_shared.options.write_timeout);
    asio::async_write(m_stream, asio::buffer(go_on.data(), go_on.size()), [self = shared_from_this()](error_code failed, std::size_t) {
        return failed ? self->finish(false) : self->read_body();
    });
}

void Connection::read_body()
{
    m_stream.expires_after(m_shared.options.body_timeout);
    beast::http::async_read(m_stream, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
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
    finish(false);   // too slow (the stream has closed itself), or the client has gone
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
    work.begin = std::chrono::steady_clock::now();
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
    const bool taken = m_shared.pool->try_submit(work.request.remote, [self = shared_from_this()] { self->run_work(); });
    if (!taken)
        return refuse({503, {"The service is busy; please try again in a moment.", "Der Dienst ist ausgelastet; bitte gleich noch einmal versuchen."}}, false);
    start_deadline();
    watch_client();
}

/// On a worker.
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
    asio::post(m_stream.get_executor(), [self = shared_from_this()] { self->answer(); });
}

void Connection::start_deadline()
{
    m_deadline.expires_after(m_shared.options.request_timeout);
    m_deadline.async_wait([self = shared_from_this(), work = std::weak_ptr<Work>(m_work)](error_code error) {
        if (const auto still = work.lock(); !error && still && !still->answered)
            still->stop.request_stop();
    });
}

/// Sees a client that goes while its answer is being made, so that the work can stop.
void Connection::watch_client()
{
    if (m_watching || m_buffer.size() > 0)
        return;
    m_watching = true;
    m_stream.socket().async_wait(Tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
        self->m_watching = false;
        if (error || self->m_closed || !self->m_work)
            return;
        char byte = 0;
        const auto seen = ::recv(self->m_stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
            self->m_work->stop.request_stop();
            self->m_close_after = true;
            if (self->m_work->answered)
                self->finish(false);
        }
    });
}

}  // namespace stadtgdi::http::detail
