// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/read_project.hpp>
#include <services/store/published_project.hpp>
#include <services/store/row_loader.hpp>
#include <services/store/snapshot_cache.hpp>
#include <services/store/store_settings.hpp>

#include <map>
#include <mutex>
#include <set>

namespace stadtgdi::render {
class CompiledStyles;
class QgisMapDrawer;
class QgisRuntime;
}

namespace stadtgdi::store {

/// The data of one layer in one state: read once, then shared by all generations until they change.
struct LayerData {
    std::string version;
    std::mutex mutex;                          // held by the one who reads; the others wait for the snapshot
    std::mutex snapshot_mutex;                 // of the following ones; never held for long
    std::shared_ptr<const Snapshot> snapshot;  // shared with requests
    bool too_big = false;
    bool loading = false;                      // the loader was asked for it
    std::optional<base::Text> failed;          // why they could not be read
    std::mutex unseen_mutex;
    std::map<std::string, bool> unseen;        // by filter: whether rows do not pass it
    std::map<std::string, table::Box> extents; // by filter: of the rows that pass it
    std::map<std::string, std::set<std::string>> unseen_entries;  // by style and filter: of the legend
    std::map<std::string, std::optional<std::set<std::string>>> entries_at_scale;  // by style, filter and scale: the same
};

/// What all generations use.
struct StoreParts {
    render::QgisRuntime& runtime;
    const StoreSettings& settings;
    std::shared_ptr<CoordinateBudget> budget;  // shared with every snapshot's cache
    RowLoader& loader;
};

class Generation : public PublishedProject, public std::enable_shared_from_this<Generation> {
public:
    /// The first one of a loaded project.
    Generation(StoreParts parts, std::shared_ptr<const project::LoadedProject> loaded);
    /// After data of some layers changed: the others keep what was read.
    Generation(const Generation& before, project::ProjectModel model, const std::vector<std::string>& changed);

    const project::ProjectModel& model() const override { return m_model; }
    std::shared_ptr<const Snapshot> snapshot(const std::string& layer, base::RunContext& run) const override;
    std::string version() const override { return m_version; }
    std::string layer_version(const std::string& layer) const override;
    bool rows_stand_alone(const std::string& layer) const override { return source_of(layer).alone; }
    render::MapDrawer& drawer() const override { return *m_drawer; }
    bool watched(const std::string& layer) const override;
    bool rows_held(const std::string& layer) const override;
    void expect_source(const std::string& layer) const override;
    /// Whether a file that the layer is read from is not there any more.
    bool source_gone(const std::string& layer) const;
    /// Begins to read the rows of all layers that are not held, one after the other.
    void read_ahead() const;
    std::optional<base::Text> why_not_held(const std::string& layer) const override;
    std::unique_ptr<Snapshot> query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const override;
    std::vector<std::optional<double>> raster_values(const std::string& layer, const project::RasterPlace& place, base::RunContext& run) const override;
    std::int64_t count(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const override;
    bool has_unseen(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const override;
    table::Box extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const override;
    std::set<std::string> unseen_entries(const std::string& layer, const std::string& style, const project::SeenRows& seen, base::RunContext& run) const override;
    std::optional<std::set<std::string>> entries_in(const std::string& layer, const std::string& style, const project::LegendContent& content, base::RunContext& run) const override;

    const project::LoadedProject& loaded() const { return *m_loaded; }

private:
    const project::LoadedProject::Source& source_of(const std::string& layer) const;
    std::set<std::string> watched_layers() const;
    std::unique_ptr<render::MapDrawer> make_drawer() const;
    std::shared_ptr<const Snapshot> rows_at_hand(const std::string& layer) const;
    std::unique_ptr<Snapshot> read(const std::string& layer, const std::string& version, base::RunContext& run) const;
    std::unique_ptr<Snapshot> read_rows(const std::string& layer, const std::string& version, base::RunContext& run) const;

    StoreParts m_parts;
    std::shared_ptr<const project::LoadedProject> m_loaded;  // shared by generations, drawer and maps under way
    project::ProjectModel m_model;
    std::string m_version;
    std::set<std::string> m_watched;                         // layers
    std::map<std::string, std::shared_ptr<LayerData>> m_data;  // shared with later generations
    std::shared_ptr<render::QgisMapDrawer> m_qgis_drawer;      // the same: legends are kept there
    std::shared_ptr<render::CompiledStyles> m_styles;          // the same
    std::unique_ptr<render::MapDrawer> m_drawer;               // of the rows of this generation
};

}  // namespace stadtgdi::store
