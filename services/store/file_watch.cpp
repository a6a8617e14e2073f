// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/file_watch.hpp>

#include <layers/io/commit_watch.hpp>

#include <filesystem>
#include <optional>
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
    std::optional<io::CommitWatch> commits;
    std::int64_t version = -1;
    std::string identity;
    std::string stamp;

    void look()
    {
        identity = identity_of(files.front());
        commits.reset();
        if (is_database(files.front()))
            commits.emplace(files.front());
        version = commits ? commits->version() : -1;
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
        const std::int64_t now = state.commits->version();
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
