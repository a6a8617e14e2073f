// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/started_symbols.hpp>

#include <QPainter>
#include <QRgba64>
#include <qgsfillsymbol.h>
#include <qgslinesymbol.h>
#include <qgsmarkersymbol.h>
#include <qgsrenderer.h>
#include <qgssymbollayer.h>

#include <algorithm>

namespace stadtgdi::render {

namespace {

QPolygonF probe_ring()
{
    return QPolygonF({{203.25, 301.5}, {290.75, 281.25}, {333.5, 322.25}, {361.75, 402.5}, {318.25, 433.75}, {255.5, 441.25}, {207.75, 418.5}, {191.25, 355.5}, {203.25, 301.5}});
}

QPolygonF probe_hole()
{
    return QPolygonF({{251.5, 341.25}, {291.25, 333.5}, {313.75, 371.5}, {299.5, 391.25}, {262.25, 388.75}, {244.75, 366.25}, {251.5, 341.25}});
}

QPolygonF probe_line()
{
    return QPolygonF({{203.25, 301.5}, {290.75, 281.25}, {333.5, 322.25}, {361.75, 402.5}, {318.25, 433.75}, {255.5, 441.25}});
}

QPainterPath path_of(const std::vector<QPolygonF>& rings)
{
    QPainterPath path;
    for (const QPolygonF& ring : rings)
        path.addPolygon(ring);
    return path;
}

bool is_plain(const QBrush& brush)
{
    return brush.style() == Qt::NoBrush || brush.style() == Qt::SolidPattern;
}

bool same_style(const SymbolRecorder::Step& a, const SymbolRecorder::Step& b)
{
    return a.pen == b.pen && a.brush == b.brush && a.offset == b.offset;
}

bool is_plain_path(const SymbolRecorder::Step& step)
{
    return step.kind == SymbolRecorder::Step::Kind::path && step.antialiased && is_plain(step.brush) && is_plain(step.pen.brush()) && !step.pen.isCosmetic();
}

void look_at_colours(SymbolLayerDrawing& drawing)
{
    if (drawing.brush.style() == Qt::NoBrush)
        drawing.fill_colour = 0;
    else if (drawing.brush.style() == Qt::SolidPattern && drawing.brush.color().spec() != QColor::ExtendedRgb)
        drawing.fill_colour = drawing.brush.color().rgba64().premultiplied().toArgb32();
    const QPen& pen = drawing.pen;
    if (pen.style() == Qt::NoPen || pen.brush().style() == Qt::NoBrush) {
        drawing.line_colour = 0;
    } else if (pen.style() == Qt::SolidLine && pen.widthF() > 0 && pen.widthF() <= 1 && pen.color().spec() != QColor::ExtendedRgb) {
        drawing.line_colour = pen.color().rgba64().premultiplied().toArgb32();
        drawing.caps = pen.capStyle() != Qt::FlatCap;
    }
}

/// The shape itself with a pen and a brush, all rings at once or one after the other.
std::optional<SymbolLayerDrawing> as_path(const std::vector<SymbolRecorder::Step>& steps, const std::vector<QPolygonF>& rings)
{
    if (steps.empty() || !std::all_of(steps.begin(), steps.end(), [&](const SymbolRecorder::Step& step) { return is_plain_path(step) && same_style(step, steps.front()); }))
        return {};
    SymbolLayerDrawing drawing;
    drawing.kind = SymbolLayerDrawing::Kind::path;
    drawing.pen = steps.front().pen;
    drawing.brush = steps.front().brush;
    drawing.offset = steps.front().offset;
    if (steps.size() == 1 && steps.front().path == path_of(rings))
        return drawing;
    drawing.rings_apart = true;
    if (steps.size() != rings.size())
        return {};
    for (std::size_t i = 0; i < rings.size(); ++i)
        if (!(steps[i].path == path_of({rings[i]})))
            return {};
    return drawing;
}

bool has_map_units(const QgsSymbol& symbol)
{
    if (symbol.usesMapUnits())
        return true;
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        auto* layer = const_cast<QgsSymbolLayer*>(symbol.symbolLayer(i));  // subSymbol() is not const
        const QVariantMap properties = layer->properties();
        for (auto property = properties.begin(); property != properties.end(); ++property)
            if (property.key().contains(QLatin1String("unit")) && (property.value().toString() == QLatin1String("MapUnit") || property.value().toString() == QLatin1String("RenderMetersInMapUnits")))
                return true;
        if (layer->subSymbol() != nullptr && has_map_units(*layer->subSymbol()))
            return true;
    }
    return false;
}

}  // namespace

StartedSymbols::StartedSymbols(std::shared_ptr<const StyleClasses> classes, const CompiledStyle& style)
    : m_classes(std::move(classes)), m_style(style), m_symbols(m_classes->symbols.size())
{
}

StartedSymbols::~StartedSymbols()
{
    for (std::optional<Symbol>& symbol : m_symbols)
        if (symbol)
            symbol->symbol->stopRender(m_context);
}

void StartedSymbols::aim(const QgsRenderContext& context)
{
    m_context = context;  // symbols that were started look at it
}

StartedSymbols::Symbol& StartedSymbols::symbol(std::uint32_t place)
{
    std::optional<Symbol>& slot = m_symbols[place];
    if (slot)
        return *slot;
    Symbol& started = slot.emplace();
    started.symbol.reset(m_classes->symbols[place]->clone());
    QgsSymbol& symbol = *started.symbol;
    symbol.startRender(m_context, m_style.fields);
    started.clips = symbol.clipFeaturesToExtent();
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        started.layers.push_back(drawing_of(symbol, i));
        if (symbol.symbolLayer(i)->flags().testFlag(Qgis::SymbolLayerFlag::DisableFeatureClipping))
            started.clips = false;
    }
    started.simple = std::none_of(started.layers.begin(), started.layers.end(),
                                  [](const SymbolLayerDrawing& layer) { return layer.kind == SymbolLayerDrawing::Kind::symbol_layer; });
    return started;
}

SymbolLayerDrawing StartedSymbols::drawing_of(QgsSymbol& symbol, int layer)
{
    SymbolLayerDrawing drawing;
    if (!symbol.symbolLayer(layer)->enabled()) {
        drawing.kind = SymbolLayerDrawing::Kind::nothing;
        return drawing;
    }
    if (symbol.forceRHR() || m_context.vectorSimplifyMethod().simplifyHints().testFlag(Qgis::VectorRenderingSimplificationFlag::AntialiasingSimplification))
        return drawing;
    SymbolRecorder recorder;
    QPainter painter(&recorder);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainter* before = m_context.painter();
    m_context.setPainter(&painter);
    std::vector<QPolygonF> rings;
    switch (symbol.type()) {
    case Qgis::SymbolType::Marker: static_cast<QgsMarkerSymbol&>(symbol).renderPoint(QPointF(0, 0), nullptr, m_context, layer); break;
    case Qgis::SymbolType::Line:
        if (symbol.symbolLayer(layer)->layerType() == QLatin1String("SimpleLine")) {
            rings = {probe_line()};
            static_cast<QgsLineSymbol&>(symbol).renderPolyline(rings.front(), nullptr, m_context, layer);
        }
        break;
    case Qgis::SymbolType::Fill:
        if (symbol.symbolLayer(layer)->layerType() == QLatin1String("SimpleFill") || symbol.symbolLayer(layer)->layerType() == QLatin1String("SimpleLine")) {
            rings = {probe_ring(), probe_hole()};
            const QVector<QPolygonF> holes = {rings.back()};
            static_cast<QgsFillSymbol&>(symbol).renderPolygon(rings.front(), &holes, nullptr, m_context, layer);
        }
        break;
    case Qgis::SymbolType::Hybrid: break;
    }
    painter.end();
    m_context.setPainter(before);
    if (!recorder.exact())
        return drawing;
    const std::vector<SymbolRecorder::Step>& steps = recorder.steps();
    if (symbol.type() == Qgis::SymbolType::Marker) {
        if (!std::all_of(steps.begin(), steps.end(), [](const SymbolRecorder::Step& step) { return step.kind == SymbolRecorder::Step::Kind::image; }))
            return drawing;
        drawing.kind = steps.empty() ? SymbolLayerDrawing::Kind::nothing : SymbolLayerDrawing::Kind::images;
        for (const SymbolRecorder::Step& step : steps)
            drawing.sprites.push_back({step.image, step.corner + step.offset});
        return drawing;
    }
    if (std::optional<SymbolLayerDrawing> path = as_path(steps, rings)) {
        look_at_colours(*path);
        return *std::move(path);
    }
    return drawing;
}

bool StartedSymbols::depends_on_scale(const StyleClasses& classes, const CompiledStyle& style)
{
    return style.renderer->referenceScale() > 0 ||
           std::any_of(classes.symbols.begin(), classes.symbols.end(), [](const std::unique_ptr<QgsSymbol>& symbol) { return has_map_units(*symbol); });
}

}  // namespace stadtgdi::render
