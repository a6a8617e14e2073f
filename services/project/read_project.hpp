// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/data_source.hpp>
#include <services/project/disclosure.hpp>
#include <services/project/project_model.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QgsMapLayer;
class QgsProject;

namespace stadtgdi::project {

struct ReadSettings {
    DisclosureSettings disclosure;
};

/// A project as QGIS holds it, beside the plain values read from it. Made, used and destroyed on the main thread; only `model`,
/// `sources` and `watched_files` may be read by others.
struct LoadedProject {
    struct Source {
        DataSource data;
        std::vector<DataSource> joined;  ///< tables its rows also depend on
        bool plain = false;              ///< rows are those of one table: no subset, joins or virtual fields
        bool fleeting = false;           ///< virtual fields that depend on more than the row (time, other layers)
        bool in_city = false;            ///< a table of a city store
    };
    std::unique_ptr<QgsProject> project;
    ProjectModel model;
    std::map<std::string, QgsMapLayer*> layers;  ///< by name of the model; owned by `project`
    std::map<std::string, Source> sources;       ///< by name of the model
    std::vector<std::string> failed_files;       ///< files of layers that could not be opened: the project is read again when they change

    LoadedProject();
    ~LoadedProject();
};

/// Error(io) where QGIS cannot read the file. Broken layers are in model.failed_layers. Main thread.
std::unique_ptr<LoadedProject> read_project(const std::string& path, const ReadSettings& settings);

/// The model with the extents of the layers named, whose data changed. None where their columns changed too: then the project
/// must be read again. Main thread.
std::optional<ProjectModel> refreshed(const LoadedProject& loaded, const ProjectModel& model, const std::vector<std::string>& names);

}  // namespace stadtgdi::project
