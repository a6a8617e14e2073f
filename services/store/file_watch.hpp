// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::store {

/// Size and time of files, "" for one that is not there: differs after any change.
std::string stamp_of(const std::vector<std::string>& files);

/// Notices that somebody changed a data file. GeoPackages are asked by SQLite's data_version, which sees every commit of
/// other connections at once (write-ahead log included) and nothing else; other files are known by size and time.
class FileWatch {
public:
    explicit FileWatch(std::vector<std::string> files);
    ~FileWatch();
    FileWatch(FileWatch&&) noexcept;
    FileWatch& operator=(FileWatch&&) noexcept;
    /// True once after each change.
    bool changed();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::store
