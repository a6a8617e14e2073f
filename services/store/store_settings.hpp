// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/read_project.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace stadtgdi::store {

struct ProjectFile {
    std::string path;  ///< .qgz or .qgs
    std::string id{};  ///< in addresses; empty: the file's name without ending

    std::string name() const;
    bool operator==(const ProjectFile&) const = default;
};

struct StoreSettings {
    std::vector<ProjectFile> projects;
    project::ReadSettings reading;                         ///< disclosure of sources outside of city stores
    std::int64_t max_snapshot_rows = 10'000'000;           ///< a layer with more is queried at its source
    std::size_t max_snapshot_bytes = std::size_t{4} << 30; ///< the same for its size
    std::size_t max_coordinate_bytes = std::size_t{1} << 30; ///< of coordinates in other CRS, all layers together
    bool read_ahead = false;                               ///< rows are read as soon as a project is loaded, not when a layer is first asked for
    std::chrono::milliseconds poll{500};                   ///< how often files are looked at
};

}  // namespace stadtgdi::store
