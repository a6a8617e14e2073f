// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/support/source_folder.hpp>
#include <filesystem>
#include <string>

/// The shared folder of real city data; empty where it is absent.
inline std::string real_data()
{
    const std::filesystem::path folder = source_folder() / ".." / "shared" / "data";
    std::error_code error;
    return std::filesystem::is_directory(folder, error) ? folder.lexically_normal().string() : "";
}

#define REQUIRE_REAL_DATA()                                                       \
    if (real_data().empty()) {                                                    \
        GTEST_SKIP() << "the folder ../shared/data with real city data is absent"; \
    }
