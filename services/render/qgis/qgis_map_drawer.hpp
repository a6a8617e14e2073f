// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_drawer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace stadtgdi::project {
struct LoadedProject;
}

namespace stadtgdi::render {

class LayerCopies;
class MapTask;
class QgisRuntime;

/// What QGIS draws into a picture that others draw into as well.
enum class MapPart { symbols, labels, all };

/// Draws with QGIS: prepared on the main thread (QGIS demands it), rendered on Qt's pool, so that several maps are drawn at a
/// time; the caller's thread waits. The pictures are those of QgsMapRendererSequentialJob. draw() must not be called on the
/// main thread while no event loop runs there.
class QgisMapDrawer : public MapDrawer {
public:
    /// The project lives as long as drawers and jobs use it, and is destroyed on the main thread.
    QgisMapDrawer(QgisRuntime& runtime, std::shared_ptr<const project::LoadedProject> project);
    ~QgisMapDrawer() override;
    Image draw(const MapSpec& spec, base::RunContext& run) override;
    /// Onto what is there; `spec` has the size of the picture, in which pixels are squares on the ground. Highlights come last and whole.
    void draw_onto(Image& picture, const MapSpec& spec, MapPart part, base::RunContext& run);
    Image draw_legend(const LegendSpec& spec, base::RunContext& run) override;
    std::string encoded_legend(const LegendSpec& spec, ImageFormat format, base::RunContext& run) override;
    std::string legend_json(const LegendSpec& spec, bool details, base::RunContext& run) override;
    std::string style_document(const MapSpec::Layer& layer, base::RunContext& run) override;
    std::vector<std::string> map_tips(const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run) override;
    Image draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background) override;

private:
    std::string kept_text(const std::string& key, const std::function<std::string()>& make);
    Image done(const std::shared_ptr<MapTask>& task, base::RunContext& run);

    QgisRuntime& m_runtime;
    std::shared_ptr<const project::LoadedProject> m_project;  // shared with the generation of the store and with jobs under way
    std::shared_ptr<LayerCopies> m_copies;  // shared with jobs under way; used and destroyed on the main thread
    std::mutex m_mutex;
    std::map<std::string, Image> m_legends;  // by what was asked for; legends do not change before the project does
    std::size_t m_legend_bytes = 0;
    std::map<std::string, std::string> m_texts;  // legends encoded and as JSON, styles as SLD, the same way
    std::size_t m_text_bytes = 0;
};

}  // namespace stadtgdi::render
