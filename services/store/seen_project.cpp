// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/seen_project.hpp>

#include <layers/base/error.hpp>
#include <services/store/snapshot_cache.hpp>

#include <algorithm>

namespace stadtgdi::store {

table::Box PublishedProject::extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const
{
    const project::PublishedLayer* published = model().find(layer);
    return published != nullptr && !has_unseen(layer, seen, run) ? published->extent : table::Box::none();
}

bool narrow_extents(project::ProjectModel& seen, const PublishedProject& project, base::RunContext& run)
{
    bool complete = true, narrower = false;
    for (project::PublishedLayer& layer : seen.layers) {
        if (layer.seen.all())
            continue;
        table::Box extent = table::Box::none();
        try {
            extent = project.extent(layer.name, layer.seen, run);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled)
                throw;
            complete = false;
        }
        narrower = narrower || extent != layer.extent;
        layer.extent = extent;
    }
    if (narrower)
        seen.extent = project::extent_of_layers(seen);
    return complete;
}

/// Adds to each layer which of its rows are drawn, and which entries of its legend.
class SeenProject::Drawer : public render::MapDrawer {
public:
    Drawer(const SeenProject& project, Turn turn) : m_project(project), m_turn(std::move(turn)) {}

    render::Image draw(const render::MapSpec& spec, base::RunContext& run) override
    {
        const render::MapSpec seen = seen_part(spec, run);
        const std::shared_ptr<void> turn = m_turn ? m_turn(run) : nullptr;
        return m_project.m_project->drawer().draw(seen, run);
    }
    bool depends_on_window(const render::MapSpec& spec, base::RunContext& run) override { return m_project.m_project->drawer().depends_on_window(spec, run); }
    render::Image draw_legend(const render::LegendSpec& spec, base::RunContext& run) override
    {
        return m_project.m_project->drawer().draw_legend(seen_part(spec, run), run);
    }
    std::string encoded_legend(const render::LegendSpec& spec, render::ImageFormat format, base::RunContext& run) override
    {
        return m_project.m_project->drawer().encoded_legend(seen_part(spec, run), format, run);
    }
    std::string legend_json(const render::LegendSpec& spec, bool details, base::RunContext& run) override
    {
        return m_project.m_project->drawer().legend_json(seen_part(spec, run), details, run);
    }
    std::string style_document(const render::MapSpec::Layer& layer, base::RunContext& run) override
    {
        render::MapSpec::Layer seen = layer;
        seen.seen = m_project.visible(layer.name).seen;  // whether there are other rows or not: the answer must not tell
        seen.unseen_entries = m_project.m_project->unseen_entries(layer.name, layer.style, seen.seen, run);
        return m_project.m_project->drawer().style_document(seen, run);
    }
    std::vector<std::string> map_tips(const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run) override
    {
        m_project.visible(layer);
        return m_project.m_project->drawer().map_tips(layer, fids, run);
    }
    std::vector<bool> draws(const render::MapSpec& spec, const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run) override
    {
        return m_project.m_project->drawer().draws(seen_part(spec, run), layer, fids, run);
    }
    render::Image draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background) override
    {
        return m_project.m_project->drawer().draw_text(text, width, height, transparent, background);
    }

private:
    render::MapSpec seen_part(render::MapSpec spec, base::RunContext& run) const
    {
        for (render::MapSpec::Layer& layer : spec.layers) {
            layer.seen = m_project.visible(layer.name).seen;
            m_project.m_project->expect_source(layer.name);
            // A filter costs time, so only where there is something to hide.
            if (!layer.seen.all() && !m_project.m_project->has_unseen(layer.name, layer.seen, run))
                layer.seen = {};
        }
        return spec;
    }
    render::LegendSpec seen_part(render::LegendSpec spec, base::RunContext& run) const
    {
        for (render::MapSpec::Layer& layer : spec.layers)
            layer.unseen_entries = m_project.m_project->unseen_entries(layer.name, layer.style, m_project.visible(layer.name).seen, run);
        return spec;
    }

    const SeenProject& m_project;
    Turn m_turn;
};

SeenProject::SeenProject(std::shared_ptr<const PublishedProject> project, std::shared_ptr<const project::ProjectModel> model, Turn turn)
    : m_project(std::move(project)), m_model(std::move(model)), m_drawer(std::make_unique<Drawer>(*this, std::move(turn)))
{
}

SeenProject::~SeenProject() = default;

std::string SeenProject::version() const
{
    std::string latest = m_model->version;
    for (const project::PublishedLayer& layer : m_model->layers)
        latest = std::max(latest, m_project->layer_version(layer.name));
    return latest;
}

render::MapDrawer& SeenProject::drawer() const
{
    return *m_drawer;
}

const project::PublishedLayer& SeenProject::visible(const std::string& layer) const
{
    const project::PublishedLayer* found = m_model->find(layer);
    if (found == nullptr)
        throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, layer));
    return *found;
}

std::shared_ptr<const Snapshot> SeenProject::snapshot(const std::string& layer, base::RunContext& run) const
{
    const project::SeenRows& seen = visible(layer).seen;
    std::shared_ptr<const Snapshot> all = m_project->snapshot(layer, run);
    return seen.all() || !all ? all : seen_part(std::move(all), seen, run);
}

std::unique_ptr<Snapshot> SeenProject::query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const
{
    wanted.seen = visible(layer).seen;
    return m_project->query(layer, std::move(wanted), run);
}

std::vector<std::optional<double>> SeenProject::raster_values(const std::string& layer, const project::RasterPlace& place, base::RunContext& run) const
{
    visible(layer);
    return m_project->raster_values(layer, place, run);
}

std::int64_t SeenProject::count(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const
{
    wanted.seen = visible(layer).seen;
    return m_project->count(layer, std::move(wanted), run);
}

bool SeenProject::has_unseen(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const
{
    return m_project->has_unseen(layer, seen, run);
}

std::optional<std::set<std::string>> SeenProject::entries_in(const std::string& layer, const std::string& style, const project::LegendContent& content, base::RunContext& run) const
{
    project::LegendContent seen = content;
    seen.seen = visible(layer).seen;
    return m_project->entries_in(layer, style, seen, run);
}

table::Box SeenProject::extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const
{
    return m_project->extent(layer, seen, run);
}

}  // namespace stadtgdi::store
