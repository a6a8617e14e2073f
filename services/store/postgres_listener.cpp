// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/postgres_listener.hpp>

#include <libpq-fe.h>

#include <chrono>
#include <map>
#include <optional>

namespace stadtgdi::store {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds pause_between_attempts(5), pause_between_questions(2);

// Oid and columns: another text after DROP, CREATE and ALTER. What was written: another text after INSERT, UPDATE, DELETE, TRUNCATE and
// REFRESH; none where it is not counted, as for views, partitions and tables that others inherit from.
constexpr const char* question = "SELECT n.nspname || '.' || c.relname, c.oid || ' ' || string_agg(a.attname || ' ' || a.atttypid, ',' ORDER BY a.attnum), "
                                 "CASE WHEN c.relkind IN ('r', 'm') AND NOT c.relhassubclass AND current_setting('track_counts')::bool AND current_setting('server_version_num')::int >= 150000 "
                                 "THEN c.relfilenode || ' ' || pg_stat_get_tuples_inserted(c.oid) || ' ' || pg_stat_get_tuples_updated(c.oid) || ' ' || pg_stat_get_tuples_deleted(c.oid) END "
                                 "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                                 "WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY n.nspname, c.relname, c.oid";

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Finish>;

std::string as_array(const std::set<std::string>& texts)
{
    std::string array;
    for (const std::string& text : texts) {
        array += array.empty() ? "{\"" : ",\"";
        for (const char c : text) {
            if (c == '"' || c == '\\')
                array += '\\';
            array += c;
        }
        array += '"';
    }
    return array.empty() ? "{}" : array + "}";
}

}  // namespace

struct PostgresListener::State {
    std::string text;
    std::unique_ptr<PGconn, Finish> connection;
    Clock::time_point next_attempt{}, next_question{};
    bool was_connected = false, asking = false;
    std::set<std::string> schemas;
    std::map<std::string, bool> expected;       // by "schema.table": whether it is there
    struct Table {
        std::string shape, writes;
    };
    std::map<std::string, Table> tables;        // by "schema.table"
    bool tables_known = false;
    std::optional<std::map<std::string, Table>> at_first;  // before any row was read
    std::map<std::string, std::string> counted; // tables whose writes are news, and what they were

    bool connect()
    {
        if (connection && PQstatus(connection.get()) == CONNECTION_OK)
            return true;
        const auto now = Clock::now();
        if (now < next_attempt)
            return false;
        next_attempt = now + pause_between_attempts;
        asking = false;
        connection.reset(PQconnectdb((text + " connect_timeout=3 application_name=stadtgdi").c_str()));
        if (PQstatus(connection.get()) != CONNECTION_OK)
            return false;
        const Result result(PQexec(connection.get(), "LISTEN stadtgdi_changed"));
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
            connection.reset();
        return connection != nullptr;
    }

    bool ask()
    {
        const std::string array = as_array(schemas);
        const char* values[] = {array.c_str()};
        return PQsendQueryParams(connection.get(), question, 1, nullptr, values, nullptr, nullptr, 0) == 1;
    }

    std::optional<std::map<std::string, Table>> answer()
    {
        std::map<std::string, Table> now;
        bool complete = false;
        while (const Result result{PQgetResult(connection.get())}) {
            complete = PQresultStatus(result.get()) == PGRES_TUPLES_OK;
            for (int row = 0; row < PQntuples(result.get()); ++row)
                now[PQgetvalue(result.get(), row, 0)] = {PQgetvalue(result.get(), row, 1), PQgetvalue(result.get(), row, 2)};
        }
        return complete ? std::optional(std::move(now)) : std::nullopt;
    }

    /// Which tables are not what they were. The question goes its way while nobody waits for the answer.
    void compare_tables(News& news)
    {
        if (!asking) {
            if (schemas.empty() || Clock::now() < next_question)
                return;
            asking = ask();
            next_question = Clock::now() + pause_between_questions;
            return;
        }
        if (PQisBusy(connection.get()) != 0)
            return;
        asking = false;
        std::optional<std::map<std::string, Table>> answered = answer();
        if (!answered)
            return;
        std::map<std::string, Table>& now = *answered;
        for (auto& [table, writes] : counted)
            if (const auto found = now.find(table); found != now.end() && (found->second.writes != writes || writes.empty())) {
                news.tables.insert(table);
                writes = found->second.writes;
            }
        if (!tables_known) {
            for (const auto& [table, there] : expected)
                if (now.contains(table) != there) {
                    news.tables.insert(table);
                    news.gone = news.gone || there;
                }
        } else {
            for (const auto& [table, before] : tables)
                if (const auto found = now.find(table); found == now.end() || found->second.shape != before.shape) {
                    news.tables.insert(table);
                    news.gone = news.gone || (found == now.end() && expected.contains(table));
                }
            for (const auto& [table, after] : now)
                if (!tables.contains(table))
                    news.tables.insert(table);
        }
        tables = std::move(now);
        tables_known = true;
    }
};

PostgresListener::PostgresListener(std::string connection) : m_state(std::make_unique<State>())
{
    m_state->text = std::move(connection);
    m_state->was_connected = m_state->connect();
}

PostgresListener::~PostgresListener() = default;
PostgresListener::PostgresListener(PostgresListener&&) noexcept = default;

void PostgresListener::watch(const std::string& schema, const std::string& table, bool there)
{
    m_state->schemas.insert(schema);
    m_state->expected[schema + "." + table] = there;
}

bool PostgresListener::counts(const std::string& schema, const std::string& table)
{
    State& state = *m_state;
    if (!state.at_first) {
        if (!state.connect() || !state.ask())
            return false;
        state.at_first = state.answer().value_or(std::map<std::string, State::Table>());
    }
    const auto found = state.at_first->find(schema + "." + table);
    if (found == state.at_first->end() || found->second.writes.empty())
        return false;
    state.counted[found->first] = found->second.writes;
    return true;
}

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
    state.compare_tables(news);
    while (const std::unique_ptr<PGnotify, void (*)(void*)> note{PQnotifies(state.connection.get()), PQfreemem})
        news.tables.insert(note->extra);
    return news;
}

}  // namespace stadtgdi::store
