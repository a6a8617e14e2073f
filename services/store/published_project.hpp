// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <layers/base/run_context.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/project_model.hpp>
#include <services/project/legend_entries.hpp>
#include <services/project/raster_reader.hpp>
#include <services/render/map_drawer.hpp>
#include <services/store/snapshot.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace stadtgdi::store {

/// One generation of one project: the model, its snapshots, its drawer. Requests take it once at their start and keep
/// it to their end; a reload makes a new one and never changes this.
class PublishedProject {
public:
    virtual ~PublishedProject() = default;
    virtual const project::ProjectModel& model() const = 0;
    /// The snapshot of a vector layer, read on first use (the caller waits) and renewed when its data change.
    /// Error(not_found) for a name not in the model, Error(unsupported) for layers above the row or byte limit (query them at
    /// their source) and rasters, Error(io) where the source fails.
    virtual std::shared_ptr<const Snapshot> snapshot(const std::string& layer, base::RunContext& run) const = 0;
    /// Changes with the model or with any layer's data: for ETag of maps and UPDATESEQUENCE.
    virtual std::string version() const = 0;
    /// The same for one layer: changes with everything that its features and pictures depend on. An ISO time.
    virtual std::string layer_version(const std::string& /*layer*/) const { return version(); }
    /// Whether a picture of the layer depends on the rows that are in it alone: no expression looks at others.
    virtual bool rows_stand_alone(const std::string& /*layer*/) const { return false; }
    virtual render::MapDrawer& drawer() const = 0;
    /// Whether a change of the layer's data is noticed. If not there is no snapshot, and its pictures have no ETag.
    virtual bool watched(const std::string& /*layer*/) const { return true; }
    /// Whether the rows of a layer are in memory now.
    virtual bool rows_held(const std::string& /*layer*/) const { return false; }
    /// Error(io) where the rows must be read and the file they are in has gone.
    virtual void expect_source(const std::string& /*layer*/) const {}
    /// Why they never are, so that QGIS reads them for every map; nothing: they are, or will be when they are asked for.
    virtual std::optional<base::Text> why_not_held(const std::string& /*layer*/) const { return {}; }

    /// Rows of a layer that is not held as a snapshot, queried at its source. Error(unsupported) for more than the store's row limit.
    virtual std::unique_ptr<Snapshot> query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const = 0;
    /// Values of the bands of a raster layer at a place. Error(unsupported) for layers of other types.
    virtual std::vector<std::optional<double>> raster_values(const std::string& /*layer*/, const project::RasterPlace& /*place*/, base::RunContext& /*run*/) const
    {
        throw Error(ErrorKind::unsupported, {"There are no rasters here.", "Raster gibt es hier nicht."});
    }
    /// How many rows such a query would give, by box and rows seen alone.
    virtual std::int64_t count(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const = 0;
    /// Around the rows seen; none where a change of them would go unnoticed.
    virtual table::Box extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const;
    /// Keys of those entries of a style's legend that rows have which are not seen, and no row that is.
    virtual std::set<std::string> unseen_entries(const std::string& /*layer*/, const std::string& /*style*/, const project::SeenRows& /*seen*/,
                                                 base::RunContext& /*run*/) const
    {
        return {};
    }
    /// Keys of those entries of a style's legend that rows have which the map shows; nothing: all are to be shown.
    virtual std::optional<std::set<std::string>> entries_in(const std::string& /*layer*/, const std::string& /*style*/, const project::LegendContent& /*content*/, base::RunContext& /*run*/) const
    {
        return {};
    }
    /// Whether the layer has others than the rows seen; a false yes does no harm.
    virtual bool has_unseen(const std::string& /*layer*/, const project::SeenRows& seen, base::RunContext& /*run*/) const { return !seen.all(); }
};

/// A project that could not be read as it is now.
struct ProjectFault {
    std::string id;
    base::Text reason;
    bool served = false;  ///< its last good state
};

/// All served projects.
class Catalogue {
public:
    virtual ~Catalogue() = default;
    virtual std::vector<std::string> project_ids() const = 0;   ///< sorted; those that loaded
    /// nullptr where there is none of that id.
    virtual std::shared_ptr<const PublishedProject> project(const std::string& id) const = 0;
    virtual bool ready() const = 0;                             ///< every project is served whose file is there
    virtual std::vector<ProjectFault> faults() const { return {}; }
};

}  // namespace stadtgdi::store
