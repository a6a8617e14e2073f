// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/sqlite_database.hpp>

#include <filesystem>

namespace stadtgdi::io::detail {
namespace {

[[noreturn]] void fail(sqlite3* connection, const std::string& path, int code)
{
    const std::string reason = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    const int kind = code & 0xFF;
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
        throw Error(ErrorKind::io, base::filled({"'{0}' is being written by another program; try again when it has saved. ({1})",
                                                 "'{0}' wird gerade von einem anderen Programm geschrieben; bitte nach dessen Speichern noch einmal versuchen. ({1})"},
                                                path, reason));
    }
    if (kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT) {
        throw Error(ErrorKind::bad_data, base::filled({"'{0}' is damaged or no GeoPackage: {1}",
                                                       "'{0}' ist beschädigt oder kein GeoPackage: {1}"},
                                                      path, reason));
    }
    if (kind == SQLITE_CONSTRAINT) {
        throw Error(ErrorKind::bad_data, base::filled({"'{0}' does not accept a row: {1}", "'{0}' nimmt einen Datensatz nicht an: {1}"}, path, reason));
    }
    throw Error(ErrorKind::io, base::filled({"'{0}': {1}", "'{0}': {1}"}, path, reason));
}

void check(sqlite3* connection, const std::string& path, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        fail(connection, path, code);
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* connection, const std::string& sql, const std::string& path)
    : m_connection(connection), m_path(path)
{
    check(connection, path, sqlite3_prepare_v2(connection, sql.c_str(), static_cast<int>(sql.size()) + 1, &m_statement, nullptr));
}

bool SqliteStatement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE) {
        sqlite3_reset(m_statement);
        fail(m_connection, m_path, code);
    }
    sqlite3_reset(m_statement);
    return false;
}

namespace {

/// "file:..." with the characters escaped that mean something in it.
std::string uri_of(const std::string& path)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?')
            uri += "%3f";
        else if (c == '#')
            uri += "%23";
        else if (c == '%')
            uri += "%25";
        else
            uri += c;
    }
    return uri;
}

}  // namespace

void recover(const std::string& path)
{
    std::error_code error;
    if (std::filesystem::file_size(path + "-journal", error) == 0 || error)
        return;
    try {
        // Reading with the right to write rolls back what a killed writer left.
        SqliteDatabase(path, Database::Access::write).has_table("gpkg_contents");
    } catch (const Error&) {
        // Then the reader says why it cannot read.
    }
}

SqliteDatabase::SqliteDatabase(const std::string& path, Access access) : m_path(path)
{
    if (access == Access::read)
        recover(path);
    std::error_code error;
    if (access != Access::create && !std::filesystem::is_regular_file(path, error))
        throw Error(ErrorKind::not_found, base::filled({"There is no file '{0}'.", "Es gibt keine Datei '{0}'."}, path));
    const int flags = access == Access::read    ? SQLITE_OPEN_READONLY
                      : access == Access::write ? SQLITE_OPEN_READWRITE
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const auto connect = [&](const std::string& name, int more) {
        check(m_connection, m_path, sqlite3_open_v2(name.c_str(), &m_connection, flags | more | SQLITE_OPEN_NOMUTEX, nullptr));
        sqlite3_extended_result_codes(m_connection, 1);
        // QGIS holds the write lock only while it saves.
        sqlite3_busy_timeout(m_connection, 10'000);
        add_geopackage_functions(m_connection);
        query("SELECT count(*) FROM sqlite_master", {});  // says so now if it is no database
    };
    try {
        connect(path, 0);
    } catch (const Error& failure) {
        sqlite3_close_v2(m_connection);
        m_connection = nullptr;
        // In WAL mode SQLite wants to write beside the file; in a folder where it must not, nobody else can change it either.
        if (access != Access::read || failure.kind() != ErrorKind::io || std::filesystem::exists(path + "-wal", error))
            throw;
        try {
            connect(uri_of(path) + "?immutable=1", SQLITE_OPEN_URI);
        } catch (...) {
            sqlite3_close_v2(m_connection);
            throw;
        }
    }
}

SqliteDatabase::~SqliteDatabase()
{
    sqlite3_close_v2(m_connection);
}

void SqliteDatabase::execute(const std::string& sql)
{
    check(m_connection, m_path, sqlite3_exec(m_connection, sql.c_str(), nullptr, nullptr, nullptr));
}

std::vector<Database::Row> SqliteDatabase::query(const std::string& sql, const std::vector<Value>& values)
{
    SqliteStatement statement(m_connection, sql, m_path);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int place = static_cast<int>(i) + 1;
        if (values[i])
            statement.bind(place, std::string_view(*values[i]));
        else
            statement.bind_null(place);
    }
    std::vector<Row> rows;
    while (statement.step()) {
        Row row;
        for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
            const unsigned char* text = sqlite3_column_text(statement.get(), i);
            if (text)
                row.emplace_back(std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), i))));
            else
                row.emplace_back();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

bool SqliteDatabase::has_table(const std::string& name)
{
    return !query("SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower($1)", {name}).empty();
}

}  // namespace stadtgdi::io::detail
