// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/file_watch.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <sys/stat.h>

namespace stadtgdi::store {

namespace {

namespace fs = std::filesystem;

/// Another file under the same name.
std::string identity_of(const std::string& file)
{
    struct stat info{};
    if (stat(file.c_str(), &info) != 0)
        return {};
    return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
}

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database open_database(const std::string& file)
{
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(raw);
    if (result != SQLITE_OK)
        return nullptr;
    sqlite3_busy_timeout(raw, 200);
    return database;
}

/// -1: cannot be asked.
std::int64_t data_version(sqlite3* database)
{
    sqlite3_stmt* raw = nullptr;
    if (database == nullptr || sqlite3_prepare_v2(database, "PRAGMA data_version", -1, &raw, nullptr) != SQLITE_OK)
        return -1;
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
    return sqlite3_step(raw) == SQLITE_ROW ? sqlite3_column_int64(raw, 0) : -1;
}

bool is_database(const std::string& file)
{
    const std::string ending = fs::path(file).extension().string();
    return ending == ".gpkg" || ending == ".sqlite" || ending == ".db";
}

}  // namespace

std::string stamp_of(const std::vector<std::string>& files)
{
    std::string stamp;
    for (const std::string& file : files) {
        std::error_code error;
        const auto time = fs::last_write_time(file, error);
        if (!error)
            stamp += std::to_string(time.time_since_epoch().count()) + "/" + std::to_string(fs::file_size(file, error));
        stamp += ';';
    }
    return stamp;
}

struct FileWatch::State {
    std::vector<std::string> files;
    Database database;
    std::int64_t version = -1;
    std::string identity;
    std::string stamp;

    void look()
    {
        identity = identity_of(files.front());
        database = is_database(files.front()) ? open_database(files.front()) : nullptr;
        version = data_version(database.get());
        stamp = stamp_of(files);
    }
};

FileWatch::FileWatch(std::vector<std::string> files) : m_state(std::make_unique<State>())
{
    m_state->files = std::move(files);
    m_state->look();
}

FileWatch::~FileWatch() = default;
FileWatch::FileWatch(FileWatch&&) noexcept = default;
FileWatch& FileWatch::operator=(FileWatch&&) noexcept = default;

bool FileWatch::changed()
{
    State& state = *m_state;
    if (identity_of(state.files.front()) != state.identity) {
        state.look();
        return !state.identity.empty();  // a file that has gone is no news: the last good data stay
    }
    if (state.version >= 0) {
        const std::int64_t now = data_version(state.database.get());
        const bool news = now >= 0 && now != state.version;
        if (news)
            state.version = now;
        return news;
    }
    const std::string now = stamp_of(state.files);
    const bool news = now != state.stamp && !state.identity.empty();
    state.stamp = now;
    return news;
}

}  // namespace stadtgdi::store
