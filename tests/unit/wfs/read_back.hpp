// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/support/source_folder.hpp>
#include "town.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

namespace stadtgdi::testing {

/// What GDAL finds in an answer of ours.
class ReadBack : public ::testing::Test {
protected:
    void SetUp() override
    {
        m_folder = std::filesystem::temp_directory_path() / ("stadtgdi_wfs_" + std::to_string(std::hash<std::string>{}(::testing::UnitTest::GetInstance()->current_test_info()->name()) % 1000000));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    nlohmann::json read(const std::string& file, int layer = 0)
    {
        const std::string command = "/usr/bin/python3 '" + source_folder().string() + "/tests/support/read_features.py' '" + (m_folder / file).string() + "' " + std::to_string(layer) + " 2>&1";
        std::string text;
        FILE* pipe = popen(command.c_str(), "r");
        char block[4096];
        for (std::size_t n; (n = fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, n);
        EXPECT_EQ(pclose(pipe), 0) << text;
        return nlohmann::json::parse(text, nullptr, false);
    }
    void write(const std::string& file, const std::string& text) { std::ofstream(m_folder / file, std::ios::binary) << text; }

    nlohmann::json gml(const FakeProject& project, const std::string& type, const std::string& more = "")
    {
        write("a.gml", get_feature(project, "TYPENAMES=" + type + more));
        write("a.xsd", ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=" + type).body);
        return read("a.gml");
    }

    std::filesystem::path m_folder;
};

/// Well-known text without blanks and in capitals: writers differ in those.
inline std::string flat(std::string text)
{
    std::erase(text, ' ');
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

}  // namespace stadtgdi::testing
