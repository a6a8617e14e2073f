// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/data_source.hpp>
#include <services/project/disclosure.hpp>
#include <services/project/project_model.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

class QgsMapLayer;
class QgsProject;

namespace stadtgdi::project {

struct ReadSettings {
    DisclosureSettings disclosure;
    std::string id;          ///< of the project; empty: its file's name without ending
};

/// A project as QGIS holds it, beside the plain values read from it. Made, used and destroyed on the main thread; only `model`,
/// `sources` and `failed` may be read by others.
struct LoadedProject {
    struct Source {
        DataSource data;
        std::vector<DataSource> joined;  ///< tables its rows also depend on, and those that these depend on
        std::vector<DataSource> reached; ///< others that expressions show something of
        catalogue::Disclosure shown = catalogue::Disclosure::open;  ///< strictest class of the fields that symbols, labels and expressions show
        bool plain = false;              ///< rows are those of one table: no subset, joins or virtual fields
        bool fleeting = false;           ///< virtual fields that depend on more than the row (time, other layers)
        bool alone = false;              ///< what is drawn of a row depends on nothing but the row
        bool in_city = false;            ///< a table of a city store
    };
    /// A layer that is not served: its source cannot be opened, or has no class.
    struct Failed {
        Source source;
        QgsMapLayer* layer = nullptr;    ///< owned by `project`
        bool opened = false;
        bool store_unreadable = false;
    };
    std::unique_ptr<QgsProject> project;
    ProjectModel model;
    std::map<std::string, QgsMapLayer*> layers;  ///< by name of the model; owned by `project`; invalid once their source has gone
    std::map<std::string, Source> sources;       ///< by name of the model
    std::vector<Failed> failed;
    std::set<std::string> looked_into;           ///< names of the model: layers whose values stand in value maps of others

    LoadedProject();
    ~LoadedProject();
};

/// Error(io) where QGIS cannot read the file. Broken layers are in model.failed_layers. Main thread.
std::unique_ptr<LoadedProject> read_project(const std::string& path, const ReadSettings& settings);

/// What the stores say of the layers' classes now, compared with what they said when the project was read.
struct ClassNews {
    std::set<std::string> layers;  ///< of the model: their class is another one now, or not known any more
    bool more = false;             ///< a layer that was left out for its class can be served now
};
/// Asks every store again. Any thread.
ClassNews class_news(const LoadedProject& loaded, const ProjectModel& model, const ReadSettings& settings);

/// Whether a layer whose source could not be opened can be now. Main thread.
bool opens_now(const LoadedProject& loaded);

/// The model with the extents of the layers named, whose data changed. None where their columns changed too, or a table has
/// gone: then the project must be read again. Main thread.
std::optional<ProjectModel> refreshed(const LoadedProject& loaded, const ProjectModel& model, const std::vector<std::string>& names);

}  // namespace stadtgdi::project
