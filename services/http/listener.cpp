// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/listener.hpp>

#include <layers/base/error.hpp>
#include <services/http/connection.hpp>

#include <algorithm>
#include <thread>

namespace stadtgdi::http {

namespace {

constexpr std::chrono::milliseconds tick_length{50};
constexpr std::size_t overload_margin = 100;   // connections beyond the limit that still get a polite 503

Tcp::acceptor opened(asio::io_context& context, const ListenerOptions& options)
{
    error_code error;
    Tcp::acceptor acceptor(context);
    if (options.socket >= 0) {
        sockaddr_storage address{};
        socklen_t length = sizeof address;
        ::getsockname(options.socket, reinterpret_cast<sockaddr*>(&address), &length);
        acceptor.assign(address.ss_family == AF_INET6 ? Tcp::v6() : Tcp::v4(), options.socket, error);
    } else {
        const auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
        const Tcp::endpoint endpoint(address, options.port);
        if (!error)
            acceptor.open(endpoint.protocol(), error);
        if (!error)
            acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
        if (!error)
            acceptor.bind(endpoint, error);
        if (!error)
            acceptor.listen(1024, error);
    }
    if (error)
        throw Error(ErrorKind::io, base::filled({"Cannot listen on {0}:{1}: {2}.", "Auf {0}:{1} kann nicht gehört werden: {2}."}, options.host,
                                                std::to_string(options.port), error.message()));
    return acceptor;
}

int workers_of(const ListenerOptions& options)
{
    // More than cores: some wait for a data base or for QGIS's main thread.
    return options.workers > 0 ? options.workers : std::max(4, 2 * static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

struct Listener::State {
    detail::Shared shared;
    asio::io_context context;
    Tcp::acceptor acceptor;
    asio::steady_timer pause, tick;
    std::vector<std::thread> threads;
    std::uint16_t port = 0;
    bool stopped = false;

    State(ListenerOptions options, ListenerCalls calls) : acceptor(opened(context, options)), pause(context), tick(context)
    {
        shared.options = std::move(options);
        shared.calls = std::move(calls);
        error_code ignored;
        const auto local = acceptor.local_endpoint(ignored);
        port = local.port();
        const std::string address = local.address().is_v6() ? "[" + local.address().to_string() + "]" : local.address().to_string();
        shared.base_url = {shared.options.public_url, shared.options.trusted_proxies, address + ":" + std::to_string(local.port())};
        const auto run = [this](WorkQueue::Task task) { asio::post(context, std::move(task)); };
        shared.queue = std::make_unique<WorkQueue>(run, workers_of(shared.options), std::max<std::size_t>(1, shared.options.max_waiting), shared.options.most_for_one);
    }

    std::size_t connections()
    {
        const std::lock_guard lock(shared.mutex);
        return shared.connections.size();
    }

    /// Keeps each alive while it is told something: one may end at any moment.
    template <class Which, class Call> void tell_those(Which which, Call call)
    {
        std::vector<std::shared_ptr<detail::Connection>> told;
        {
            const std::lock_guard lock(shared.mutex);
            for (detail::Connection* connection : shared.connections)
                if (which(*connection))
                    if (auto alive = connection->weak_from_this().lock())
                        told.push_back(std::move(alive));
        }
        for (const auto& connection : told)
            call(*connection);
    }

    template <class Call> void tell_all(Call call)
    {
        tell_those([](const detail::Connection&) { return true; }, call);
    }

    /// One timer for all that may take too long: a timer for each would be set several times with every request.
    void watch()
    {
        tick.expires_after(tick_length);
        tick.async_wait([this](error_code error) {
            if (error)
                return;
            const auto now = detail::Clock::now();
            tell_those([now](const detail::Connection& connection) { return connection.is_due(now); }, [](detail::Connection& connection) { connection.on_due(); });
            watch();
        });
    }

    void accept()
    {
        acceptor.async_accept(context, [this](error_code error, Tcp::socket socket) {
            if (error == asio::error::operation_aborted || (error && shared.ending))
                return;
            if (error) {
                // Out of file descriptors, most likely: wait until some connections have ended.
                pause.expires_after(std::chrono::milliseconds(100));
                pause.async_wait([this](error_code) { accept(); });
                return;
            }
            const std::size_t open = connections();
            if (open < shared.options.max_connections + overload_margin)
                std::make_shared<detail::Connection>(std::move(socket), shared)->start(open >= shared.options.max_connections);
            if (!shared.ending)
                accept();
        });
    }
};

Listener::Listener(ListenerOptions options, ListenerCalls calls) : m_state(std::make_unique<State>(std::move(options), std::move(calls))) {}

Listener::~Listener()
{
    stop(std::chrono::milliseconds(0));
}

void Listener::start()
{
    m_state->accept();
    m_state->watch();
    const int threads = std::max(1, m_state->shared.options.io_threads) + workers_of(m_state->shared.options);
    for (int i = 0; i < threads; ++i)
        m_state->threads.emplace_back([this] { m_state->context.run(); });
}

std::uint16_t Listener::port() const
{
    return m_state->port;
}

void Listener::stop(std::chrono::milliseconds grace)
{
    if (m_state->stopped)
        return;
    m_state->stopped = true;
    m_state->shared.ending = true;
    asio::post(m_state->context, [this] {
        error_code ignored;
        m_state->acceptor.close(ignored);
        m_state->pause.cancel();
    });
    m_state->tell_all([](detail::Connection& connection) { connection.end_soon(); });
    const auto wait_for_all = [this](std::chrono::milliseconds longest) {
        const auto end = std::chrono::steady_clock::now() + longest;
        while (!m_state->threads.empty() && m_state->connections() > 0 && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
    };
    wait_for_all(grace);
    m_state->tell_all([](detail::Connection& connection) { connection.end_now(); });
    wait_for_all(std::chrono::milliseconds(1000));
    m_state->shared.queue->join();   // a handler that ignores its stop is waited for
    m_state->context.stop();
    for (std::thread& thread : m_state->threads)
        thread.join();
    m_state->threads.clear();
}

std::size_t Listener::connections() const
{
    return m_state->connections();
}

std::size_t Listener::requests_in_flight() const
{
    return m_state->shared.in_flight;
}

std::size_t Listener::waiting() const
{
    return m_state->shared.queue->waiting();
}

}  // namespace stadtgdi::http
