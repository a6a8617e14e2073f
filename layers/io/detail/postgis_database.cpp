// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/postgis_database.hpp>

#include <algorithm>
#include <span>

namespace stadtgdi::io {
namespace {

/// The words of "PG:dbname=x schemas=y" but those that begin with one of `left_out`.
std::string connection_words(const std::string& path, std::span<const std::string_view> left_out)
{
    std::string words;
    std::size_t at = 3;
    while (at < path.size()) {
        std::size_t end = at;
        bool in_quotes = false;
        while (end < path.size() && (in_quotes || path[end] != ' ')) {
            if (path[end] == '\\')
                ++end;
            else if (path[end] == '\'')
                in_quotes = !in_quotes;
            ++end;
        }
        const std::string word = path.substr(at, end - at);
        if (!word.empty() && std::ranges::none_of(left_out, [&](std::string_view key) { return word.starts_with(key); }))
            words += (words.empty() ? "" : " ") + word;
        at = end + 1;
    }
    return words;
}

constexpr std::string_view words_of_gdal[]{"schemas=", "active_schema=", "tables="};  // libpq does not know them
constexpr std::string_view secret_words[]{"password="};

/// Closes a result of libpq.
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

std::string trimmed(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

}  // namespace

std::string schema_of(const std::string& path)
{
    for (const std::string key : {" schemas=", ":schemas=", " active_schema="}) {
        const std::size_t at = path.find(key);
        if (at == std::string::npos)
            continue;
        std::string name = path.substr(at + key.size());
        name = name.substr(0, name.find_first_of(" ,"));
        if (name.size() > 1 && name.front() == '\'' && name.back() == '\'')
            name = name.substr(1, name.size() - 2);
        return name;
    }
    return "public";
}

std::string shown_path(const std::string& path)
{
    return is_postgis(path) ? "PG:" + connection_words(path, secret_words) : path;
}

namespace detail {

PostgisDatabase::PostgisDatabase(const std::string& path, Access access, bool in_transaction) : m_schema(schema_of(path))
{
    // A server that takes connections and never answers would be waited for without end; what the path says comes later and holds.
    m_connection.reset(PQconnectdb(("connect_timeout=3 " + connection_words(path, words_of_gdal)).c_str()));
    if (PQstatus(m_connection.get()) != CONNECTION_OK) {
        throw Error(ErrorKind::io, base::filled({"The database cannot be reached: {0}", "Die Datenbank ist nicht erreichbar: {0}"},
                                                trimmed(PQerrorMessage(m_connection.get()))));
    }
    // Notices ("relation exists, skipping") are of no use to anybody here.
    PQsetNoticeProcessor(m_connection.get(), [](void*, const char*) {}, nullptr);
    execute("SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET lock_timeout = '60s'");
    if (in_transaction)
        execute("BEGIN");
    const bool exists = !query("SELECT 1 FROM pg_namespace WHERE nspname = $1", {m_schema}).empty();
    if (access == Access::create) {
        if (query("SELECT 1 FROM pg_extension WHERE extname = 'postgis'", {}).empty())
            execute("CREATE EXTENSION postgis");
        if (!exists)
            execute("CREATE SCHEMA " + sql_name(m_schema));
    } else if (!exists) {
        throw Error(ErrorKind::not_found,
                    base::filled({"There is no schema '{0}' in the database.", "Das Schema '{0}' fehlt in der Datenbank."}, m_schema));
    }
    execute("SET search_path = " + sql_name(m_schema) + ", public");
    if (access == Access::read)
        execute("SET default_transaction_read_only = on");
}

void PostgisDatabase::fail(const char* state) const
{
    const std::string reason = trimmed(PQerrorMessage(m_connection.get()));
    const std::string_view code = state ? state : "";
    if (code.starts_with("23"))
        throw Error(ErrorKind::bad_data, base::filled({"The database does not accept a row: {0}", "Die Datenbank nimmt einen Datensatz nicht an: {0}"}, reason));
    if (code == "42501")
        throw Error(ErrorKind::io, base::filled({"The database does not allow this: {0}", "Die Datenbank erlaubt dies nicht: {0}"}, reason));
    throw Error(ErrorKind::io, base::filled({"Database error: {0}", "Datenbankfehler: {0}"}, reason));
}

void PostgisDatabase::execute(const std::string& sql)
{
    const Result result(PQexec(m_connection.get(), sql.c_str()));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        fail(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
}

std::vector<Database::Row> PostgisDatabase::query(const std::string& sql, const std::vector<Value>& values)
{
    std::vector<const char*> given;
    given.reserve(values.size());
    for (const Value& value : values)
        given.push_back(value ? value->c_str() : nullptr);
    const Result result(PQexecParams(m_connection.get(), sql.c_str(), static_cast<int>(given.size()), nullptr, given.data(), nullptr, nullptr, 0));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (int c = 0; c < PQnfields(result.get()); ++c) {
            const int row = static_cast<int>(r);
            if (PQgetisnull(result.get(), row, c))
                rows[r].emplace_back();
            else
                rows[r].emplace_back(std::string(PQgetvalue(result.get(), row, c), static_cast<std::size_t>(PQgetlength(result.get(), row, c))));
        }
    }
    return rows;
}

bool PostgisDatabase::has_table(const std::string& name)
{
    return !query("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'v', 'm', 'p', 'f')",
                  {m_schema, name})
                .empty();
}

void PostgisDatabase::begin_copy(const std::string& sql)
{
    const Result result(PQexec(m_connection.get(), sql.c_str()));
    if (PQresultStatus(result.get()) != PGRES_COPY_IN)
        fail(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
}

void PostgisDatabase::copy(std::string_view rows)
{
    if (PQputCopyData(m_connection.get(), rows.data(), static_cast<int>(rows.size())) != 1)
        fail(nullptr);
}

void PostgisDatabase::end_copy()
{
    if (PQputCopyEnd(m_connection.get(), nullptr) != 1)
        fail(nullptr);
    const Result result(PQgetResult(m_connection.get()));
    const std::string state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) ? PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) : "";
    const bool good = PQresultStatus(result.get()) == PGRES_COMMAND_OK;
    while (const Result more{PQgetResult(m_connection.get())}) {
    }
    if (!good)
        fail(state.c_str());
}

}  // namespace detail
}  // namespace stadtgdi::io
