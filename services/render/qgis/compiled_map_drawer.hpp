// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_drawer.hpp>
#include <services/store/snapshot.hpp>

#include <functional>
#include <memory>

namespace stadtgdi::project {
struct LoadedProject;
}

namespace stadtgdi::render {

class QgisMapDrawer;
class QgisRuntime;

/// The compiled styles of a loaded project and what was worked out with them; shared by all who draw it.
class CompiledStyles {
public:
    CompiledStyles(QgisRuntime& runtime, std::shared_ptr<const project::LoadedProject> project);
    ~CompiledStyles();
    CompiledStyles(const CompiledStyles&) = delete;
    CompiledStyles& operator=(const CompiledStyles&) = delete;

    struct State;
    State& state() { return *m_state; }

private:
    std::unique_ptr<State> m_state;
};

/// Draws the symbols of vector layers from snapshots, on the thread that asks; what cannot be compiled and all labels are drawn by
/// QGIS into the same picture.
class CompiledMapDrawer : public MapDrawer {
public:
    /// The rows of a layer; null where they are not held. Called from any thread.
    using RowsOf = std::function<std::shared_ptr<const store::Snapshot>(const std::string& layer, base::RunContext& run)>;

    CompiledMapDrawer(std::shared_ptr<QgisMapDrawer> qgis, std::shared_ptr<CompiledStyles> styles, RowsOf rows_of);
    ~CompiledMapDrawer() override;

    Image draw(const MapSpec& spec, base::RunContext& run) override;
    Image draw_legend(const LegendSpec& spec, base::RunContext& run) override;
    std::string encoded_legend(const LegendSpec& spec, ImageFormat format, base::RunContext& run) override;
    std::string legend_json(const LegendSpec& spec, bool details, base::RunContext& run) override;
    std::string style_document(const MapSpec::Layer& layer, base::RunContext& run) override;
    std::vector<std::string> map_tips(const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run) override;
    std::vector<bool> draws(const MapSpec& spec, const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run) override;
    Image draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background) override;
    bool depends_on_window(const MapSpec& spec, base::RunContext& run) override;
    std::vector<LayerDrawing> drawings(base::RunContext& run) override;

private:
    struct Plan;
    std::vector<bool> draws(const MapSpec& spec, const MapSpec::Layer& layer, const std::vector<std::int64_t>& fids, base::RunContext& run);
    std::shared_ptr<QgisMapDrawer> m_qgis;       // shared by the generations of a project
    std::shared_ptr<CompiledStyles> m_styles;    // the same
    RowsOf m_rows_of;
};

}  // namespace stadtgdi::render
