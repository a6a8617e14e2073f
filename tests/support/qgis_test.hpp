// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/qgis/qgis_runtime.hpp>
#include <filesystem>
#include <string>

namespace stadtgdi::test {

/// The runtime of a test program with tests/support/qgis_test_main.cpp: QGIS on the main thread, the tests on another,
/// as in the server.
render::QgisRuntime& qgis();

/// A folder of its own for each test, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string operator/(const std::string& name) const { return (m_path / name).string(); }

private:
    std::filesystem::path m_path;
};

}  // namespace stadtgdi::test
