// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <layers/io/database.hpp>
#include <span>
#include <sqlite3.h>
#include <string_view>

namespace stadtgdi::io::detail {

/// One prepared statement; values are bound by place (from 1).
class SqliteStatement {
public:
    SqliteStatement(sqlite3* connection, const std::string& sql, const std::string& path);
    ~SqliteStatement() { sqlite3_finalize(m_statement); }
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    void bind_null(int place) { sqlite3_bind_null(m_statement, place); }
    void bind(int place, std::int64_t value) { sqlite3_bind_int64(m_statement, place, value); }
    void bind(int place, double value) { sqlite3_bind_double(m_statement, place, value); }
    /// The bytes must live until the next step.
    void bind(int place, std::string_view value) { sqlite3_bind_text64(m_statement, place, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8); }
    void bind(int place, std::span<const std::uint8_t> bytes) { sqlite3_bind_blob64(m_statement, place, bytes.data(), bytes.size(), SQLITE_STATIC); }
    /// True: a row is there. False: done, ready for the next values.
    bool step();
    sqlite3_stmt* get() const { return m_statement; }

private:
    sqlite3* m_connection;
    sqlite3_stmt* m_statement = nullptr;
    std::string m_path;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(const std::string& path, Access access);
    ~SqliteDatabase() override;
    void execute(const std::string& sql) override;
    std::vector<Row> query(const std::string& sql, const std::vector<Value>& values) override;
    bool has_table(const std::string& name) override;

    sqlite3* connection() const { return m_connection; }
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
    sqlite3* m_connection = nullptr;
};

/// Rolls back what a writer left that was killed before its commit: who may only read could not open the file.
void recover(const std::string& path);

/// ST_MinX and the like, which the triggers of a GeoPackage's spatial index call.
void add_geopackage_functions(sqlite3* connection);

}  // namespace stadtgdi::io::detail
