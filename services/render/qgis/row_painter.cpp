// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/row_painter.hpp>

#include <plugins/bridge/table_writer.hpp>
#include <services/render/qgis/image_of.hpp>

#include <qgsexception.h>
#include <qgsgeometry.h>
#include <qgssymbollayer.h>

#include <algorithm>
#include <cmath>

namespace stadtgdi::render {

RowPainter::RowPainter(const CompiledStyle& style, const StyleClasses& classes, StartedSymbols& symbols, const store::Snapshot& snapshot,
                       std::shared_ptr<const table::GeometryColumn> mapped, Image& picture, double dpi)
    : m_style(style), m_classes(classes), m_symbols(symbols), m_snapshot(snapshot),
      m_shapes(snapshot.table.geometry(), std::move(mapped), symbols.context()), m_picture(picture),
      m_image(image_over(picture, dpi)), m_painter(&m_image),
      m_raster(reinterpret_cast<std::uint32_t*>(picture.pixels.data()), picture.width, picture.height)
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    symbols.context().setPainter(&m_painter);
}

void RowPainter::draw(std::span<const std::int32_t> rows, base::RunContext& run)
{
    std::size_t drawn = 0;
    const auto look = [&] {
        if (++drawn % 256 == 0)
            run.throw_if_stopped();
    };
    if (m_style.symbol_levels) {
        std::uint32_t families = 0;
        int most_layers = 0;
        for (const std::uint32_t family : m_classes.families)
            families = std::max(families, family + 1);
        for (const auto& symbol : m_classes.symbols)
            most_layers = std::max(most_layers, symbol->symbolLayerCount());
        std::vector<std::vector<std::pair<std::int32_t, std::uint32_t>>> rows_of(families);  // row and symbol
        for (const std::int32_t row : rows)
            for (const StyleClasses::Part& part : m_classes.classes[m_classes.of_row[static_cast<std::size_t>(row)]])
                rows_of[m_classes.families[part.symbol]].emplace_back(row, part.symbol);
        for (const int level : m_classes.levels)
            for (const auto& family : rows_of)
                for (int layer = 0; layer < most_layers && !family.empty(); ++layer)
                    for (const auto& [row, symbol] : family) {
                        const QgsSymbol& made = *m_classes.symbols[symbol];
                        if (layer >= made.symbolLayerCount() || const_cast<QgsSymbol&>(made).symbolLayer(layer)->renderingPass() != level)
                            break;  // the same for all of a family
                        look();
                        draw_row(row, symbol, layer);
                    }
        return;
    }
    if (m_style.kind == CompiledStyle::Kind::rules) {
        for (const int level : m_classes.levels)
            for (const std::int32_t row : rows)
                for (const StyleClasses::Part& part : m_classes.classes[m_classes.of_row[static_cast<std::size_t>(row)]]) {
                    if (part.level != level)
                        continue;
                    QgsSymbol& symbol = *m_classes.symbols[part.symbol];
                    for (int layer = 0; layer < symbol.symbolLayerCount(); ++layer)
                        if (symbol.symbolLayer(layer)->renderingPass() == level) {
                            look();
                            draw_row(row, part.symbol, layer);
                        }
                }
        return;
    }
    for (const std::int32_t row : rows) {
        look();
        for (const StyleClasses::Part& part : m_classes.classes[m_classes.of_row[static_cast<std::size_t>(row)]])
            draw_row(row, part.symbol, -1);
    }
}

void RowPainter::draw_row(std::int32_t row, std::uint32_t place, int layer)
{
    StartedSymbols::Symbol& symbol = m_symbols.symbol(place);
    if (layer >= 0)
        return draw_layer(row, symbol, layer);
    for (int i = 0; i < static_cast<int>(symbol.layers.size()); ++i)
        draw_layer(row, symbol, i);
}

void RowPainter::draw_layer(std::int32_t row, StartedSymbols::Symbol& symbol, int layer)
{
    const SymbolLayerDrawing& drawing = symbol.layers[static_cast<std::size_t>(layer)];
    switch (drawing.kind) {
    case SymbolLayerDrawing::Kind::images: return draw_images(row, drawing);
    case SymbolLayerDrawing::Kind::paths: return draw_marker_paths(row, drawing);
    case SymbolLayerDrawing::Kind::path: return draw_paths(row, symbol, drawing);
    case SymbolLayerDrawing::Kind::nothing: return;
    case SymbolLayerDrawing::Kind::symbol_layer: return draw_by_symbol_layer(row, *symbol.symbol, layer);
    }
}

void RowPainter::draw_images(std::int32_t row, const SymbolLayerDrawing& drawing)
{
    for (const QPointF& point : m_shapes.points(static_cast<std::size_t>(row))) {
        if (!std::isfinite(point.x()) || !std::isfinite(point.y()) || std::abs(point.x()) > 1e6 || std::abs(point.y()) > 1e6)
            continue;
        for (const SymbolLayerDrawing::Sprite& sprite : drawing.sprites) {
            const double left = point.x() + sprite.corner.x(), top = point.y() + sprite.corner.y();
            if (left <= m_picture.width - 1 && top <= m_picture.height - 1 && left + sprite.image.width() >= 0 && top + sprite.image.height() >= 0)  // before rounding, as QPainter
                m_raster.lay(reinterpret_cast<const std::uint32_t*>(sprite.image.constBits()), sprite.image.width(), sprite.image.height(), qRound(left), qRound(top));
        }
    }
}

void RowPainter::take(const SymbolLayerDrawing::Ink& ink, QPointF offset, bool fills, bool strokes)
{
    if (m_taken == &ink && m_fills == fills && m_strokes == strokes)
        return;
    m_painter.setPen(strokes ? ink.pen : QPen(Qt::NoPen));
    m_painter.setBrush(fills ? ink.brush : QBrush(Qt::NoBrush));
    m_painter.resetTransform();
    if (!offset.isNull())
        m_painter.translate(offset);
    m_taken = &ink;
    m_fills = fills;
    m_strokes = strokes;
}

void RowPainter::draw_spans(const SymbolLayerDrawing::Ink& ink, bool& fills, bool& strokes)
{
    if (fills && ink.fill_colour)
        fills = !m_raster.fill(m_spans, *ink.fill_colour);
    if (!fills && strokes && ink.line_colour)
        strokes = !m_raster.draw_thin(m_spans, ink.pen.widthF(), *ink.line_colour, ink.caps);
}

void RowPainter::draw_marker_paths(std::int32_t row, const SymbolLayerDrawing& drawing)
{
    for (const QPointF& point : m_shapes.points(static_cast<std::size_t>(row))) {
        if (!std::isfinite(point.x()) || !std::isfinite(point.y()))
            continue;
        for (const SymbolLayerDrawing::MarkerPath& marker : drawing.marker_paths) {
            bool fills = marker.ink.brush.style() != Qt::NoBrush, strokes = marker.ink.pen.style() != Qt::NoPen;
            if (!marker.rectangle.isEmpty()) {
                take(marker.ink, {}, fills, strokes);
                m_painter.drawPolygon(marker.rectangle.translated(point));
                continue;
            }
            m_corners.clear();
            m_rings.clear();
            marker.rings_at(point, m_corners, m_rings);
            m_spans.clear();
            for (std::size_t i = 0; i < m_rings.size(); ++i)
                m_spans.push_back(std::span(m_corners).subspan(m_rings[i], (i + 1 < m_rings.size() ? m_rings[i + 1] : m_corners.size()) - m_rings[i]));
            draw_spans(marker.ink, fills, strokes);
            if (!fills && !strokes)
                continue;
            take(marker.ink, {}, fills, strokes);
            m_painter.drawPath(marker.path.translated(point));
        }
    }
}

void RowPainter::draw_paths(std::int32_t row, const StartedSymbols::Symbol& symbol, const SymbolLayerDrawing& drawing)
{
    for (const std::vector<QPolygonF>& rings : m_shapes.parts(static_cast<std::size_t>(row), symbol.clips)) {
        if (!drawing.rings_apart)
            draw_path(rings, drawing);
        else
            for (const QPolygonF& ring : rings)
                draw_path({&ring, 1}, drawing);
    }
}

void RowPainter::draw_path(std::span<const QPolygonF> rings, const SymbolLayerDrawing& drawing)
{
    static_assert(sizeof(QPointF) == sizeof(PixelPoint));
    bool fills = drawing.ink.brush.style() != Qt::NoBrush, strokes = drawing.ink.pen.style() != Qt::NoPen;
    const bool as_polygon = rings.size() == 1 && !strokes;  // as QGIS does it
    if (drawing.offset.isNull() && !(as_polygon && is_upright_rectangle(rings.front()))) {
        m_spans.clear();
        for (const QPolygonF& ring : rings)
            m_spans.emplace_back(reinterpret_cast<const PixelPoint*>(ring.constData()), static_cast<std::size_t>(ring.size()));
        draw_spans(drawing.ink, fills, strokes);
    }
    if (!fills && !strokes)
        return;
    take(drawing.ink, drawing.offset, fills, strokes);
    if (as_polygon) {
        m_painter.drawPolygon(rings.front());
        return;
    }
    m_path.clear();
    for (const QPolygonF& ring : rings)
        m_path.addPolygon(ring);
    m_painter.drawPath(m_path);
}

void RowPainter::draw_by_symbol_layer(std::int32_t row, QgsSymbol& symbol, int layer)
{
    if (m_feature_row != row) {
        m_feature = QgsFeature(m_style.fields, m_snapshot.fids[static_cast<std::size_t>(row)]);
        m_feature.setValid(true);
        m_feature.setGeometry(bridge::geometry_of(m_snapshot.table.geometry(), static_cast<std::size_t>(row)));
        m_feature_row = row;
    }
    if (m_taken != nullptr) {
        m_painter.resetTransform();
        m_taken = nullptr;
    }
    try {
        symbol.renderFeature(m_feature, m_symbols.context(), layer);
    } catch (const QgsCsException&) {
        // as QGIS: a feature that cannot be transformed is not drawn
    }
}

}  // namespace stadtgdi::render
