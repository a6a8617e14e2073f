// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/read_project.hpp>
#include <services/render/qgis/qgis_map_drawer.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_project.hpp>

#include <gtest/gtest.h>
#include <qgsproject.h>

#include <functional>
#include <memory>
#include <string>

namespace stadtgdi::render {

/// The sample project loaded as the store does it, destroyed on the main thread.
class DrawingTest : public testing::Test {
protected:
    void open(const std::function<void(QgsProject&, const std::string& gpkg)>& change)
    {
        const std::string gpkg = m_folder / "data.gpkg", qgz = m_folder / "sample.qgz";
        m_project = test::qgis().call_on_main([&] {
            test::write_sample_data(gpkg);
            test::write_sample_project(qgz, gpkg, [&](QgsProject& project) { change(project, gpkg); });
            std::unique_ptr<project::LoadedProject> loaded = project::read_project(qgz, {});
            return std::shared_ptr<const project::LoadedProject>(loaded.release(), [](const project::LoadedProject* p) { test::qgis().post([p] { delete p; }); });
        });
        m_drawer = std::make_unique<QgisMapDrawer>(test::qgis(), m_project);
    }

    void TearDown() override
    {
        m_drawer.reset();
        m_project.reset();
        test::qgis().call_on_main([] {});  // the project is gone before its files are
    }

    test::TemporaryFolder m_folder;
    std::shared_ptr<const project::LoadedProject> m_project;
    std::unique_ptr<QgisMapDrawer> m_drawer;
    base::RunContext m_run;
};

}  // namespace stadtgdi::render
