// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/store/published_project.hpp>
#include <services/store/store_settings.hpp>

namespace stadtgdi::render {
class QgisRuntime;
}

namespace stadtgdi::store {

/// The projects of the settings, loaded through QGIS and kept fresh: a changed project file is read again, changed data
/// make a new generation without reading the project. What cannot be loaded leaves the last good generation in place.
///     QgisCatalogue catalogue(runtime, {.projects = {{"leipzig.qgz"}}});
///     catalogue.start();                    // a thread of its own loads and watches
///     auto project = catalogue.project("leipzig");
class QgisCatalogue : public Catalogue {
public:
    QgisCatalogue(render::QgisRuntime& runtime, StoreSettings settings);
    /// Stops watching. The runtime's event loop must still run, or be on this thread.
    ~QgisCatalogue() override;

    void start();
    void stop();
    /// What the thread does every `poll`: loads what was not tried yet, looks for changes. For tests.
    void look_once();

    std::vector<std::string> project_ids() const override;
    std::shared_ptr<const PublishedProject> project(const std::string& id) const override;
    bool ready() const override;
    std::vector<ProjectFault> faults() const override;
    bool tried() const;      ///< every project was read once, or could not be

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::store
