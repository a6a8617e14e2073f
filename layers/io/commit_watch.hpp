// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace stadtgdi::io {

/// Asks an SQLite file (GeoPackage) whether others have committed, without reading their rows and hardly waiting for
/// writers. Not for several threads at once.
///     CommitWatch watch("city.gpkg");
///     const auto before = watch.version();  ...  if (watch.version() != before) read_again();
class CommitWatch {
public:
    explicit CommitWatch(const std::string& path);
    CommitWatch(CommitWatch&&) noexcept;
    CommitWatch& operator=(CommitWatch&&) noexcept;
    ~CommitWatch();
    /// Another number after each commit of another connection; -1: the file cannot be asked.
    std::int64_t version();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::io
