// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <services/cli/command_line.hpp>

namespace stadtgdi::cli {

/// The city; where its store had to be brought to a newer layout, stderr says so and where the copy lies.
catalogue::City open_city(const std::string& path, const Call& call);

/// SQLite makes the files -wal and -shm for who reads a GeoPackage in WAL mode and cannot remove them without the right to
/// write. Made before a reader, this removes them at the end where they were not there before and nobody else uses the file.
class LeaveNoLog {
public:
    explicit LeaveNoLog(std::string path);
    LeaveNoLog(const LeaveNoLog&) = delete;
    LeaveNoLog& operator=(const LeaveNoLog&) = delete;
    ~LeaveNoLog();

private:
    std::string m_path;   // empty: nothing to remove
};

}  // namespace stadtgdi::cli
