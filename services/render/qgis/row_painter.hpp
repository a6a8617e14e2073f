// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>
#include <services/render/qgis/row_shapes.hpp>
#include <services/render/qgis/started_symbols.hpp>
#include <services/render/shape_raster.hpp>

#include <QPainter>
#include <qgsfeature.h>

#include <span>

namespace stadtgdi::render {

/// Draws rows of a snapshot into a picture with the symbols of their classes. For one layer of one map.
class RowPainter {
public:
    /// `symbols` must have been aimed at the map.
    RowPainter(const CompiledStyle& style, const StyleClasses& classes, StartedSymbols& symbols, const store::Snapshot& snapshot,
               std::shared_ptr<const table::GeometryColumn> mapped, Image& picture, double dpi);

    /// In this order, as far as symbol levels do not ask for another one.
    void draw(std::span<const std::int32_t> rows, base::RunContext& run);

private:
    void draw_row(std::int32_t row, std::uint32_t symbol, int layer);
    void draw_layer(std::int32_t row, StartedSymbols::Symbol& symbol, int layer);
    void draw_images(std::int32_t row, const SymbolLayerDrawing& drawing);
    void draw_paths(std::int32_t row, const StartedSymbols::Symbol& symbol, const SymbolLayerDrawing& drawing);
    void draw_path(std::span<const QPolygonF> rings, const SymbolLayerDrawing& drawing);
    /// What of the fill and the line of m_spans the raster can draw; both say what is left.
    void draw_spans(const SymbolLayerDrawing::Ink& ink, bool& fills, bool& strokes);
    void draw_marker_paths(std::int32_t row, const SymbolLayerDrawing& drawing);
    void draw_by_symbol_layer(std::int32_t row, QgsSymbol& symbol, int layer);
    void take(const SymbolLayerDrawing::Ink& ink, QPointF offset, bool fills, bool strokes);

    const CompiledStyle& m_style;
    const StyleClasses& m_classes;
    StartedSymbols& m_symbols;
    const store::Snapshot& m_snapshot;
    RowShapes m_shapes;
    Image& m_picture;
    QImage m_image;            // the same memory
    QPainter m_painter;
    ShapeRaster m_raster;
    const SymbolLayerDrawing::Ink* m_taken = nullptr;  // whose pen and brush the painter has
    bool m_fills = false, m_strokes = false;
    std::vector<std::span<const PixelPoint>> m_spans;
    std::vector<PixelPoint> m_corners;
    std::vector<std::size_t> m_rings;
    QgsFeature m_feature;
    std::int32_t m_feature_row = -1;
    QPainterPath m_path;
};

}  // namespace stadtgdi::render
