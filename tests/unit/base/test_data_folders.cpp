// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/data_folders.hpp>
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
#include <random>

namespace fs = std::filesystem;
using namespace stadtgdi::base;

namespace {

class DataFolders : public testing::Test {
protected:
    void SetUp() override
    {
        m_prefix = fs::canonical(fs::temp_directory_path()) / ("stadtgdi_data_folders_" + std::to_string(std::random_device()()));
        fs::create_directories(m_prefix / "share/stadtgdi/styles");
    }
    void TearDown() override { fs::remove_all(m_prefix); }

    fs::path installed(const char* binary)
    {
        const fs::path path = m_prefix / binary;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << "binary";
        return path;
    }

    fs::path m_prefix;
};

TEST_F(DataFolders, belong_to_the_program_beside_them)
{
    EXPECT_EQ(installed_beside(installed("bin/stadtgdi"), "styles"), m_prefix / "share/stadtgdi/styles");
}

TEST_F(DataFolders, are_found_from_a_plugin_and_from_a_python_module)
{
    EXPECT_EQ(installed_beside(installed("lib/x86_64-linux-gnu/qgis/plugins/libstadtgdi_processing.so"), "styles"), m_prefix / "share/stadtgdi/styles");
    EXPECT_EQ(installed_beside(installed("lib/python3.11/dist-packages/stadtgdi/_stadtgdi.so"), "styles"), m_prefix / "share/stadtgdi/styles");
}

TEST_F(DataFolders, are_found_through_a_link_to_the_program)
{
    installed("bin/stadtgdi");
    fs::create_directories(m_prefix / "elsewhere/deep/down/in/the/tree/bin");
    const fs::path link = m_prefix / "elsewhere/deep/down/in/the/tree/bin/stadtgdi";
    fs::create_symlink(m_prefix / "bin/stadtgdi", link);
    EXPECT_EQ(installed_beside(link, "styles"), m_prefix / "share/stadtgdi/styles");
}

TEST_F(DataFolders, do_not_belong_to_a_build_far_below)
{
    EXPECT_EQ(installed_beside(installed("src/main/build/release/services/cli/stadtgdi"), "styles"), fs::path());
}

TEST_F(DataFolders, named_by_the_environment_come_before_the_source_trees)
{
    const fs::path source = m_prefix / "source";
    fs::create_directories(source);
    const fs::path named = m_prefix / "share/stadtgdi/styles";
    ASSERT_EQ(setenv("STADTGDI_TEST_FOLDER", named.c_str(), 1), 0);
    const auto folders = data_folders("test", "STADTGDI_TEST_FOLDER", source);
    unsetenv("STADTGDI_TEST_FOLDER");
    ASSERT_EQ(folders.size(), 2U);
    EXPECT_EQ(folders[0], named);
    EXPECT_EQ(folders[1], source);
    EXPECT_TRUE(data_folders("test", "STADTGDI_TEST_FOLDER", m_prefix / "nowhere").empty());
}

}  // namespace
