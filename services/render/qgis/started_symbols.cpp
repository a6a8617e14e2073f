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
#include <array>
#include <cmath>

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
    const bool plain_pen = step.pen.style() == Qt::NoPen || (is_plain(step.pen.brush()) && !step.pen.isCosmetic());
    return step.kind == SymbolRecorder::Step::Kind::path && step.antialiased && is_plain(step.brush) && plain_pen;
}

SymbolLayerDrawing::Ink ink_of(const QPen& pen, const QBrush& brush)
{
    SymbolLayerDrawing::Ink ink{pen, brush, {}, {}, false};
    if (brush.style() == Qt::NoBrush)
        ink.fill_colour = 0;
    else if (brush.style() == Qt::SolidPattern && brush.color().spec() != QColor::ExtendedRgb)
        ink.fill_colour = brush.color().rgba64().premultiplied().toArgb32();
    if (pen.style() == Qt::NoPen || pen.brush().style() == Qt::NoBrush) {
        ink.line_colour = 0;
    } else if (pen.style() == Qt::SolidLine && pen.widthF() > 0 && pen.widthF() <= 1 && pen.color().spec() != QColor::ExtendedRgb) {
        ink.line_colour = pen.color().rgba64().premultiplied().toArgb32();
        ink.caps = pen.capStyle() != Qt::FlatCap;
    }
    return ink;
}

/// A cubic curve as lines: halved until it is hardly further than a quarter of a pixel from its chord, as QPainter does it when it fills.
void add_curve(std::array<QPointF, 4> curve, int halvings, std::vector<PixelPoint>& points)
{
    const auto& [a, b, c, d] = curve;
    const double dx = d.x() - a.x(), dy = d.y() - a.y();
    double length = std::abs(dx) + std::abs(dy), away;
    if (length > 1) {
        away = std::abs(dx * (a.y() - b.y()) - dy * (a.x() - b.x())) + std::abs(dx * (a.y() - c.y()) - dy * (a.x() - c.x()));
    } else {
        away = std::abs(a.x() - b.x()) + std::abs(a.y() - b.y()) + std::abs(a.x() - c.x()) + std::abs(a.y() - c.y());
        length = 1;
    }
    if (away < 0.25 * length || halvings == 0) {
        points.push_back({d.x(), d.y()});
        return;
    }
    const auto middle = [](QPointF p, QPointF q) { return (p + q) * 0.5; };
    const QPointF ab = middle(a, b), bc = middle(b, c), cd = middle(c, d), abc = middle(ab, bc), bcd = middle(bc, cd), half = middle(abc, bcd);
    add_curve({a, ab, abc, half}, halvings - 1, points);
    add_curve({half, bcd, cd, d}, halvings - 1, points);
}

SymbolLayerDrawing::MarkerPath marker_path_of(const SymbolRecorder::Step& step)
{
    SymbolLayerDrawing::MarkerPath marker{step.path.translated(step.offset), ink_of(step.pen, step.brush), {}, {}, {}};
    if (const QPolygonF corners = marker.path.toFillPolygon(); step.polygon && is_upright_rectangle(corners))
        marker.rectangle = corners;
    bool has_curves = false;
    for (int i = 0; i < marker.path.elementCount(); ++i) {
        const QPainterPath::Element here = marker.path.elementAt(i);
        if (here.type == QPainterPath::CurveToElement) {
            has_curves = true;
            const PixelPoint last = marker.corners.back();
            add_curve({QPointF(last.x, last.y), here, marker.path.elementAt(i + 1), marker.path.elementAt(i + 2)}, 9, marker.corners);
            i += 2;
            continue;
        }
        if (here.type == QPainterPath::MoveToElement)
            marker.rings.push_back(marker.corners.size());
        marker.corners.push_back({here.x, here.y});
    }
    if (marker.path.fillRule() != Qt::OddEvenFill && marker.ink.fill_colour != 0U)
        marker.ink.fill_colour.reset();
    if (has_curves && marker.ink.line_colour != 0U)
        marker.ink.line_colour.reset();  // thin curves are halved in another way
    return marker;
}

/// The shape itself with a pen and a brush, all rings at once or one after the other.
std::optional<SymbolLayerDrawing> as_path(const std::vector<SymbolRecorder::Step>& steps, const std::vector<QPolygonF>& rings)
{
    if (steps.empty() || !std::all_of(steps.begin(), steps.end(), [&](const SymbolRecorder::Step& step) { return is_plain_path(step) && same_style(step, steps.front()); }))
        return {};
    SymbolLayerDrawing drawing;
    drawing.kind = SymbolLayerDrawing::Kind::path;
    drawing.ink = ink_of(steps.front().pen, steps.front().brush);
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

bool is_upright_rectangle(const QPolygonF& ring)
{
    if (ring.size() != 4 && ring.size() != 5)
        return false;
    table::Box box = table::Box::none();
    for (const QPointF& corner : ring)
        box.grow(corner.x(), corner.y());
    return std::all_of(ring.begin(), ring.end(), [&box](const QPointF& corner) {
        return (corner.x() == box.xmin || corner.x() == box.xmax) && (corner.y() == box.ymin || corner.y() == box.ymax);
    });
}

void SymbolLayerDrawing::MarkerPath::rings_at(QPointF point, std::vector<PixelPoint>& moved, std::vector<std::size_t>& begins) const
{
    for (const std::size_t ring : rings)
        begins.push_back(moved.size() + ring);
    for (const PixelPoint& corner : corners)
        moved.push_back({corner.x + point.x(), corner.y + point.y()});
}

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
    ++m_started;
    started.symbol.reset(m_classes->symbols[place]->clone());
    QgsSymbol& symbol = *started.symbol;
    symbol.startRender(m_context, m_style.fields);
    started.clips = symbol.clipFeaturesToExtent();
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        started.layers.push_back(drawing_of(symbol, i));
        if (symbol.symbolLayer(i)->flags().testFlag(Qgis::SymbolLayerFlag::DisableFeatureClipping))
            started.clips = false;
    }
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
    SymbolRecorder recorder(m_context.scaleFactor() * 25.4);
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
        if (std::all_of(steps.begin(), steps.end(), is_plain_path) && !steps.empty()) {
            drawing.kind = SymbolLayerDrawing::Kind::paths;
            for (const SymbolRecorder::Step& step : steps)
                drawing.marker_paths.push_back(marker_path_of(step));
            return drawing;
        }
        if (!std::all_of(steps.begin(), steps.end(), [](const SymbolRecorder::Step& step) { return step.kind == SymbolRecorder::Step::Kind::image; }))
            return drawing;
        drawing.kind = steps.empty() ? SymbolLayerDrawing::Kind::nothing : SymbolLayerDrawing::Kind::images;
        for (const SymbolRecorder::Step& step : steps)
            drawing.sprites.push_back({step.image, step.corner + step.offset});
        return drawing;
    }
    return as_path(steps, rings).value_or(drawing);
}

bool StartedSymbols::depends_on_scale(const StyleClasses& classes, const CompiledStyle& style)
{
    // Fewer antialiased shapes are a matter of the scale too.
    return style.renderer->referenceScale() > 0 || style.simplify.simplifyHints().testFlag(Qgis::VectorRenderingSimplificationFlag::AntialiasingSimplification) ||
           std::any_of(classes.symbols.begin(), classes.symbols.end(), [](const std::unique_ptr<QgsSymbol>& symbol) { return has_map_units(*symbol); });
}

}  // namespace stadtgdi::render
