// SPDX-License-Identifier: GPL-2.0-or-later
#include <tests/support/qgis_test.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <thread>

namespace stadtgdi::test {

namespace {

render::QgisRuntime* the_runtime = nullptr;

}  // namespace

render::QgisRuntime& qgis()
{
    return *the_runtime;
}

TemporaryFolder::TemporaryFolder()
{
    std::random_device random;
    m_path = std::filesystem::temp_directory_path() / ("stadtgdi_test_" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(m_path);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

}  // namespace stadtgdi::test

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    stadtgdi::render::QgisRuntimeOptions options;
    options.log = [](int level, const std::string& text) {
        if (level >= 2)
            std::cerr << text << '\n';
    };
    stadtgdi::render::QgisRuntime runtime(options);
    stadtgdi::test::the_runtime = &runtime;
    int result = 1;
    std::thread tests([&] {
        result = RUN_ALL_TESTS();
        runtime.quit();
    });
    runtime.run();
    tests.join();
    return result;
}
