// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/store/published_project.hpp>
#include <functional>

namespace stadtgdi::store {

/// Gives the layers of a reduced model extents without the rows that are not seen, and the project one around them. False where a
/// source could not be asked: its layer has no extent for now.
bool narrow_extents(project::ProjectModel& seen, const PublishedProject& project, base::RunContext& run);

/// A project as somebody sees it who may not see all rows of its layers: what the services get for one request, so that no
/// request of any kind can reach other rows. Where a layer has no rows of a stricter class everything is as in the project itself.
class SeenProject : public PublishedProject {
public:
    /// Taken for each map and given back when it is drawn; waits until it is this request's turn.
    using Turn = std::function<std::shared_ptr<void>(base::RunContext& run)>;

    /// `model`: reduced by access::visible, which says which rows are seen.
    SeenProject(std::shared_ptr<const PublishedProject> project, std::shared_ptr<const project::ProjectModel> model, Turn turn = {});
    ~SeenProject() override;

    const project::ProjectModel& model() const override { return *m_model; }
    std::shared_ptr<const Snapshot> snapshot(const std::string& layer, base::RunContext& run) const override;
    /// Of what is seen: when other layers change is nobody's business.
    std::string version() const override;
    std::string layer_version(const std::string& layer) const override { return m_project->layer_version(visible(layer).name); }
    bool rows_stand_alone(const std::string& layer) const override { return m_project->rows_stand_alone(visible(layer).name); }
    render::MapDrawer& drawer() const override;
    bool watched(const std::string& layer) const override { return m_project->watched(layer); }
    bool rows_held(const std::string& layer) const override { return m_project->rows_held(visible(layer).name); }
    std::unique_ptr<Snapshot> query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const override;
    std::vector<std::optional<double>> raster_values(const std::string& layer, const project::RasterPlace& place, base::RunContext& run) const override;
    std::int64_t count(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const override;
    bool has_unseen(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const override;
    std::optional<std::set<std::string>> entries_in(const std::string& layer, const std::string& style, const project::LegendContent& content, base::RunContext& run) const override;
    table::Box extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const override;

private:
    class Drawer;
    const project::PublishedLayer& visible(const std::string& layer) const;

    std::shared_ptr<const PublishedProject> m_project;      // shared with other requests
    std::shared_ptr<const project::ProjectModel> m_model;   // the same
    std::unique_ptr<Drawer> m_drawer;
};

}  // namespace stadtgdi::store
