// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/base/text.hpp>
#include <services/render/map_spec.hpp>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::render {

/// Whose labels a legend shows: of all entries, of none, or of none where a layer has but one.
enum class RuleLabels { all, none, of_several };

struct LegendSpec {
    std::string project;
    std::vector<MapSpec::Layer> layers;
    std::string rule;                 ///< only this entry
    double scale_denominator = 0;     ///< 0: all entries
    int width = 0, height = 0;        ///< of a symbol alone, 0: natural size
    double dpi = 90.714285714285714;
    bool transparent = false;
    bool layer_titles = false;
    RuleLabels rule_labels = RuleLabels::all;
    std::optional<base::Language> language = {};  ///< of the texts of layers of a city store; else as the project has them
};

/// Encoded bytes. Error(unsupported) where this build lacks the format.
std::string encode(const Image& image, ImageFormat format, int quality = -1);
std::string mime_type(ImageFormat format);
/// A part of a picture, which must lie inside of it.
Image cut_out(const Image& picture, int left, int top, int width, int height);

/// Which way the symbols of a layer take.
struct LayerDrawing {
    std::string layer, style;
    bool compiled = false;
    base::Text why_not = {};          ///< where QGIS draws them
};

/// Draws maps and legends; called from any thread, returns when the picture is done. Implemented by
/// render/qgis (QgisMapDrawer); compiled styles implement the same interface.
class MapDrawer {
public:
    virtual ~MapDrawer() = default;
    virtual Image draw(const MapSpec& spec, base::RunContext& run) = 0;
    virtual Image draw_legend(const LegendSpec& spec, base::RunContext& run) = 0;
    /// The same as the bytes of a picture.
    virtual std::string encoded_legend(const LegendSpec& spec, ImageFormat format, base::RunContext& run) { return encode(draw_legend(spec, run), format); }
    /// The same legend for those who lay it out themselves, as QGIS writes it: {"nodes": [{"title", "symbols": [{"icon", "title"}]}]}.
    /// With `details` the keys of the rules and their scales.
    virtual std::string legend_json(const LegendSpec& /*spec*/, bool /*details*/, base::RunContext& /*run*/) { return {}; }
    /// The style of a layer as StyledLayerDescriptor 1.1.0, as QGIS writes it, without the rules of `unseen_entries`, none where those cannot be
    /// told from the others, and without labels where not every row may be seen.
    virtual std::string style_document(const MapSpec::Layer& /*layer*/, base::RunContext& /*run*/) { return {}; }
    /// The map tips of rows, as HTML without scripts; empty where the layer has none.
    virtual std::vector<std::string> map_tips(const std::string& /*layer*/, const std::vector<std::int64_t>& /*fids*/, base::RunContext& /*run*/) { return {}; }
    /// Whether a map has a symbol for each of these rows of a layer, in one of the styles that it shows the layer in; yes where that cannot be
    /// said, and for all rows of a style that has no symbols at all. Without a box at a scale of 1:1. A row of any id stands for a raster.
    virtual std::vector<bool> draws(const MapSpec& /*spec*/, const std::string& /*layer*/, const std::vector<std::int64_t>& fids, base::RunContext& /*run*/)
    {
        return std::vector<bool>(fids.size(), true);
    }
    /// A text on a plain ground, wrapped: exceptions inside an image.
    virtual Image draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background) = 0;
    /// Whether a place may look different on a map with another box at the same scale: where there are labels, or symbols that QGIS draws.
    virtual bool depends_on_window(const MapSpec& /*spec*/, base::RunContext& /*run*/) { return true; }
    /// Of every style of every vector layer, as far as can be said without its rows.
    virtual std::vector<LayerDrawing> drawings(base::RunContext& /*run*/) { return {}; }
};

}  // namespace stadtgdi::render
