// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/support/read_features.hpp>
#include "town.hpp"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

namespace stadtgdi::testing {

/// What GDAL finds in an answer of ours.
class ReadBack : public ::testing::Test {
protected:
    void SetUp() override
    {
        m_folder = std::filesystem::temp_directory_path() / ("stadtgdi_wfs_" + std::to_string(std::hash<std::string>{}(::testing::UnitTest::GetInstance()->current_test_info()->name()) % 1000000) + "_" + std::to_string(getpid()));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    nlohmann::json read(const std::string& file, int layer = 0) { return read_features(m_folder / file, layer); }
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
