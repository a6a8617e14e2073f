// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/commit_watch.hpp>

#include <sqlite3.h>

namespace stadtgdi::io {

// Not a Database: that one reads a file it must not write beside as if nobody could change it, and then sees no commit.
struct CommitWatch::State {
    sqlite3* connection = nullptr;
    bool good = false;

    ~State() { sqlite3_close_v2(connection); }
};

CommitWatch::CommitWatch(const std::string& path) : m_state(std::make_unique<State>())
{
    m_state->good = sqlite3_open_v2(path.c_str(), &m_state->connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) == SQLITE_OK;
    if (m_state->good)
        sqlite3_busy_timeout(m_state->connection, 200);
}

CommitWatch::CommitWatch(CommitWatch&&) noexcept = default;
CommitWatch& CommitWatch::operator=(CommitWatch&&) noexcept = default;
CommitWatch::~CommitWatch() = default;

std::int64_t CommitWatch::version()
{
    sqlite3_stmt* raw = nullptr;
    if (!m_state->good || sqlite3_prepare_v2(m_state->connection, "PRAGMA data_version", -1, &raw, nullptr) != SQLITE_OK)
        return -1;
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
    return sqlite3_step(raw) == SQLITE_ROW ? sqlite3_column_int64(raw, 0) : -1;
}

}  // namespace stadtgdi::io
