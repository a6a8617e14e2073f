// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/postgres_listener.hpp>

#include <libpq-fe.h>

#include <chrono>

namespace stadtgdi::store {

namespace {

constexpr std::chrono::seconds pause_between_attempts(5);

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

}  // namespace

struct PostgresListener::State {
    std::string text;
    std::unique_ptr<PGconn, Finish> connection;
    std::chrono::steady_clock::time_point next_attempt{};
    bool was_connected = false;

    bool connect()
    {
        if (connection && PQstatus(connection.get()) == CONNECTION_OK)
            return true;
        const auto now = std::chrono::steady_clock::now();
        if (now < next_attempt)
            return false;
        next_attempt = now + pause_between_attempts;
        connection.reset(PQconnectdb((text + " connect_timeout=3 application_name=stadtgdi").c_str()));
        if (PQstatus(connection.get()) != CONNECTION_OK)
            return false;
        const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), "LISTEN stadtgdi_changed"), PQclear);
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
            connection.reset();
        return connection != nullptr;
    }
};

PostgresListener::PostgresListener(std::string connection) : m_state(std::make_unique<State>())
{
    m_state->text = std::move(connection);
    m_state->was_connected = m_state->connect();
}

PostgresListener::~PostgresListener() = default;
PostgresListener::PostgresListener(PostgresListener&&) noexcept = default;

PostgresListener::News PostgresListener::take()
{
    News news;
    State& state = *m_state;
    if (!state.connect()) {
        state.was_connected = false;
        return news;
    }
    if (!state.was_connected) {
        state.was_connected = true;
        news.everything = true;
    }
    if (PQconsumeInput(state.connection.get()) == 0) {
        state.connection.reset();
        state.was_connected = false;
        return news;
    }
    while (const std::unique_ptr<PGnotify, void (*)(void*)> note{PQnotifies(state.connection.get()), PQfreemem})
        news.tables.insert(note->extra);
    return news;
}

}  // namespace stadtgdi::store
