// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace stadtgdi::base {

/// Where data files that belong to the program lie ("styles", "mappings"): first the folder that the environment variable
/// names, then one of: share/stadtgdi/<name> of the installation that this program or library is part of, wherever it was
/// moved to; the folder of the source tree; that of the configured prefix. Folders that do not exist are left out.
///     data_folders("mappings", "STADTGDI_MAPPINGS", STADTGDI_SOURCE_MAPPINGS)
std::vector<std::filesystem::path> data_folders(const std::string& name, const char* variable, const std::filesystem::path& in_source_tree);

/// share/stadtgdi/<name> below the parents of a program or library; empty where there is none.
std::filesystem::path installed_beside(const std::filesystem::path& binary, const std::string& name);

}  // namespace stadtgdi::base
