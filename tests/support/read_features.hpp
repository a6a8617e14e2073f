// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/support/source_folder.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <cstdio>
#include <filesystem>

namespace stadtgdi::testing {

/// What GDAL finds in a file of features.
inline nlohmann::json read_features(const std::filesystem::path& file, int layer = 0)
{
    const std::string command = "/usr/bin/python3 '" + (source_folder() / "tests/support/read_features.py").string() + "' '" + file.string() + "' " + std::to_string(layer) + " 2>&1";
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    char block[4096];
    for (std::size_t n; (n = fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, n);
    EXPECT_EQ(pclose(pipe), 0) << text;
    return nlohmann::json::parse(text, nullptr, false);
}

}  // namespace stadtgdi::testing
