// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/qgis/style_classes.hpp>
#include <services/render/qgis/symbol_recorder.hpp>
#include <services/render/shape_raster.hpp>

#include <QBrush>
#include <QImage>
#include <QPen>
#include <qgsrendercontext.h>

#include <memory>
#include <optional>
#include <vector>

namespace stadtgdi::render {

/// A symbol layer at one resolution, as simple as it gets. Found by letting QGIS draw it for a made-up shape: what does not come out as
/// one of the first three is drawn by the symbol layer itself.
struct SymbolLayerDrawing {
    enum class Kind {
        images,       ///< of a marker: unscaled images at whole pixels
        paths,        ///< of a marker: paths, moved to the point
        path,         ///< of a line or polygon: the shape itself with a pen and a brush
        nothing,
        symbol_layer  ///< QgsSymbolLayer
    } kind = Kind::symbol_layer;
    struct Sprite {
        QImage image;     ///< ARGB32_Premultiplied
        QPointF corner;   ///< from the point, before rounding
    };
    std::vector<Sprite> sprites;
    /// A pen and a brush, and what of them ShapeRaster can draw.
    struct Ink {
        QPen pen;
        QBrush brush;
        std::optional<std::uint32_t> fill_colour;  ///< premultiplied; 0: nothing
        std::optional<std::uint32_t> line_colour;  ///< of pens of at most a pixel; 0: no line
        bool caps = false;
    };
    Ink ink;
    QPointF offset;
    bool rings_apart = false;  ///< every ring is a path of its own
    struct MarkerPath {
        QPainterPath path;  ///< around the point
        Ink ink;
        std::vector<PixelPoint> corners;   ///< of the path, curves as lines
        std::vector<std::size_t> rings;    ///< where each begins
        QPolygonF rectangle;  ///< an upright one, drawn as a polygon; empty: the path is drawn

        /// Appended, moved to a point.
        void rings_at(QPointF point, std::vector<PixelPoint>& moved, std::vector<std::size_t>& begins) const;
    };
    std::vector<MarkerPath> marker_paths;
};

/// Which QPainter draws in another way as a polygon than as a path.
bool is_upright_rectangle(const QPolygonF& ring);

/// The symbols of a style started for one resolution, for one thread at a time.
class StartedSymbols {
public:
    StartedSymbols(std::shared_ptr<const StyleClasses> classes, const CompiledStyle& style);
    ~StartedSymbols();
    StartedSymbols(const StartedSymbols&) = delete;
    StartedSymbols& operator=(const StartedSymbols&) = delete;

    /// For the next map; of the same resolution as the first and, where pictures of symbols depend on it, the same scale.
    void aim(const QgsRenderContext& context);
    QgsRenderContext& context() { return m_context; }

    struct Symbol {
        std::unique_ptr<QgsSymbol> symbol;
        std::vector<SymbolLayerDrawing> layers;
        bool clips = true;        ///< lines and polygons are cut near the edge of the map
    };
    Symbol& symbol(std::uint32_t place);
    std::size_t started() const { return m_started; }   ///< how many were

    /// Whether pictures of symbols depend on the scale, or on the resolution in dots per inch alone.
    static bool depends_on_scale(const StyleClasses& classes, const CompiledStyle& style);

private:
    SymbolLayerDrawing drawing_of(QgsSymbol& symbol, int layer);

    std::shared_ptr<const StyleClasses> m_classes;  // shared with other resolutions
    const CompiledStyle& m_style;
    QgsRenderContext m_context;
    std::vector<std::optional<Symbol>> m_symbols;
    std::size_t m_started = 0;
};

}  // namespace stadtgdi::render
