// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/legend_symbol.hpp>

#include <qgsellipsesymbollayer.h>
#include <qgsfillsymbollayer.h>
#include <qgslinesymbol.h>
#include <qgslinesymbollayer.h>
#include <qgsmapunitscale.h>
#include <qgsmarkersymbol.h>
#include <qgsmarkersymbollayer.h>
#include <qgsrendercontext.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <numeric>

namespace stadtgdi::render {

namespace {

constexpr Qgis::RenderUnit mm = Qgis::RenderUnit::Millimeters;

// Of the height of the box: what is smaller is not recognised, what is larger touches the entries above and below.
constexpr double least_marker = 0.97, most_marker = 1.0, most_line = 0.6;  // QGIS counts a pixel around a marker too
constexpr double least_of_several = 0.35;  // of a marker beside a larger one of its kind
constexpr double most_pattern = 0.6;  // of its width: dashes that do not come again say nothing
constexpr double least_line_mm = 0.3, least_border_mm = 0.2, most_border_mm = 1.0, least_distance_mm = 0.8, most_distance_mm = 2.5;

/// Converts measures of symbol layers to millimetres as they are at the scale of the context.
class Millimetres {
public:
    explicit Millimetres(const QgsRenderContext& context) : m_context(context) {}

    double of(double value, Qgis::RenderUnit unit, const QgsMapUnitScale& limits) const
    {
        return m_context.convertToPainterUnits(value, unit, limits) / m_context.scaleFactor();
    }

    void convert(QgsSymbolLayer& layer) const
    {
        if (auto* marker = dynamic_cast<QgsMarkerSymbolLayer*>(&layer)) convert_marker(*marker);
        if (auto* line = dynamic_cast<QgsLineSymbolLayer*>(&layer)) convert_line(*line);
        if (auto* fill = dynamic_cast<QgsSimpleFillSymbolLayer*>(&layer)) {
            fill->setStrokeWidth(of(fill->strokeWidth(), fill->strokeWidthUnit(), fill->strokeWidthMapUnitScale()));
            fill->setStrokeWidthUnit(mm);
            fill->setStrokeWidthMapUnitScale(QgsMapUnitScale());
        }
        if (auto* hatch = dynamic_cast<QgsLinePatternFillSymbolLayer*>(&layer)) {
            hatch->setDistance(std::clamp(of(hatch->distance(), hatch->distanceUnit(), hatch->distanceMapUnitScale()), least_distance_mm, most_distance_mm));
            hatch->setDistanceUnit(mm);
            hatch->setDistanceMapUnitScale(QgsMapUnitScale());
        }
        if (auto* points = dynamic_cast<QgsPointPatternFillSymbolLayer*>(&layer)) {
            points->setDistanceX(std::clamp(of(points->distanceX(), points->distanceXUnit(), points->distanceXMapUnitScale()), least_distance_mm, most_distance_mm));
            points->setDistanceY(std::clamp(of(points->distanceY(), points->distanceYUnit(), points->distanceYMapUnitScale()), least_distance_mm, most_distance_mm));
            points->setDistanceXUnit(mm);
            points->setDistanceYUnit(mm);
            points->setDistanceXMapUnitScale(QgsMapUnitScale());
            points->setDistanceYMapUnitScale(QgsMapUnitScale());
        }
    }

private:
    template <class Layer>
    void convert_stroke(Layer& layer) const
    {
        layer.setStrokeWidth(of(layer.strokeWidth(), layer.strokeWidthUnit(), layer.strokeWidthMapUnitScale()));
        layer.setStrokeWidthUnit(mm);
        layer.setStrokeWidthMapUnitScale(QgsMapUnitScale());
    }

    void convert_marker(QgsMarkerSymbolLayer& layer) const
    {
        if (auto* ellipse = dynamic_cast<QgsEllipseSymbolLayer*>(&layer)) {
            const double width = of(ellipse->symbolWidth(), ellipse->symbolWidthUnit(), ellipse->symbolWidthMapUnitScale());
            const double height = of(ellipse->symbolHeight(), ellipse->symbolHeightUnit(), ellipse->symbolHeightMapUnitScale());
            ellipse->setSymbolWidth(width);
            ellipse->setSymbolHeight(height);
            ellipse->setSymbolWidthUnit(mm);
            ellipse->setSymbolHeightUnit(mm);
            ellipse->setSymbolWidthMapUnitScale(QgsMapUnitScale());
            ellipse->setSymbolHeightMapUnitScale(QgsMapUnitScale());
            convert_stroke(*ellipse);
        } else {
            layer.setSize(of(layer.size(), layer.sizeUnit(), layer.sizeMapUnitScale()));
        }
        layer.setSizeUnit(mm);
        layer.setSizeMapUnitScale(QgsMapUnitScale());
        const QPointF offset = layer.offset();
        layer.setOffset({of(offset.x(), layer.offsetUnit(), layer.offsetMapUnitScale()), of(offset.y(), layer.offsetUnit(), layer.offsetMapUnitScale())});
        layer.setOffsetUnit(mm);
        layer.setOffsetMapUnitScale(QgsMapUnitScale());
        if (auto* simple = dynamic_cast<QgsSimpleMarkerSymbolLayer*>(&layer)) convert_stroke(*simple);
        if (auto* svg = dynamic_cast<QgsSvgMarkerSymbolLayer*>(&layer)) convert_stroke(*svg);
    }

    void convert_line(QgsLineSymbolLayer& layer) const
    {
        const double width = of(layer.width(), layer.widthUnit(), layer.widthMapUnitScale());
        const double offset = of(layer.offset(), layer.offsetUnit(), layer.offsetMapUnitScale());
        if (auto* simple = dynamic_cast<QgsSimpleLineSymbolLayer*>(&layer)) {
            QVector<qreal> dashes = simple->customDashVector();
            for (qreal& dash : dashes)
                dash = of(dash, simple->customDashPatternUnit(), simple->customDashPatternMapUnitScale());
            simple->setCustomDashVector(dashes);
            simple->setCustomDashPatternUnit(mm);
            simple->setCustomDashPatternMapUnitScale(QgsMapUnitScale());
        }
        // A marker line keeps its markers' size in its width: they are converted as its sub symbol.
        if (dynamic_cast<QgsTemplatedLineSymbolLayerBase*>(&layer) == nullptr) layer.setWidth(width);
        layer.setWidthUnit(mm);
        layer.setWidthMapUnitScale(QgsMapUnitScale());
        layer.setOffset(offset);
        layer.setOffsetUnit(mm);
        layer.setOffsetMapUnitScale(QgsMapUnitScale());
    }

    const QgsRenderContext& m_context;
};

/// What a feature or the scale would decide: an entry of a legend has neither.
void forget_features(QgsSymbolLayer& layer)
{
    using Property = QgsSymbolLayer::Property;
    for (const Property property : {Property::Size, Property::Width, Property::Height, Property::Offset, Property::OffsetX, Property::OffsetY,
                                    Property::StrokeWidth, Property::Interval, Property::OffsetAlongLine, Property::CustomDash,
                                    Property::DistanceX, Property::DistanceY, Property::LineDistance})
        layer.setDataDefinedProperty(property, QgsProperty());
}

QRectF bounds_mm(const QgsMarkerSymbol& symbol, QgsRenderContext& context)
{
    const QRectF bounds = symbol.bounds(QPointF(0, 0), context);
    const double pixels = context.scaleFactor();
    return QRectF(bounds.topLeft() / pixels, bounds.size() / pixels);
}

double extent_mm(const QgsMarkerSymbol& symbol, QgsRenderContext& context)
{
    const QRectF bounds = bounds_mm(symbol, context);
    return std::max(bounds.width(), bounds.height());
}

/// Lets the longer side become `wanted_mm`.
void resize(QgsMarkerSymbol& symbol, double wanted_mm, QgsRenderContext& context)
{
    // Twice: a border of the symbol keeps its width, so the first step comes near only.
    for (int step = 0; step < 2; ++step) {
        const double factor = wanted_mm / extent_mm(symbol, context);
        if (!(std::abs(factor - 1) > 1e-3) || !(symbol.size() > 0)) break;
        symbol.setSize(symbol.size() * factor);  // offsets between the layers grow alike
    }
}

void fill_box(QgsMarkerSymbol& symbol, double box_mm, QgsRenderContext& context)
{
    if (const double extent = extent_mm(symbol, context); extent > 0) resize(symbol, std::clamp(extent, least_marker * box_mm, most_marker * box_mm), context);
}

/// With the factor of its kind instead of one of its own; 0: there is none.
void fit_marker(QgsMarkerSymbol& symbol, double box_mm, double factor, QgsRenderContext& context)
{
    if (!(factor > 0)) {
        fill_box(symbol, box_mm, context);
    } else if (extent_mm(symbol, context) > 0) {
        symbol.setSize(symbol.size() * factor);
        if (extent_mm(symbol, context) < least_of_several * box_mm) resize(symbol, least_of_several * box_mm, context);
    }
    const QPointF away = bounds_mm(symbol, context).center();
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        auto* layer = dynamic_cast<QgsMarkerSymbolLayer*>(symbol.symbolLayer(i));
        if (layer == nullptr) continue;
        const double turned = -layer->angle() * std::numbers::pi / 180;  // QGIS turns offsets with their marker
        layer->setOffset(layer->offset() - QPointF(away.x() * std::cos(turned) - away.y() * std::sin(turned),
                                                   away.x() * std::sin(turned) + away.y() * std::cos(turned)));
    }
}

void fit_line(QgsLineSymbol& symbol, QSizeF box_mm)
{
    double widest = 0;
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        const auto* line = dynamic_cast<const QgsSimpleLineSymbolLayer*>(symbol.symbolLayer(i));
        if (line != nullptr) widest = std::max(widest, line->width() + 2 * std::abs(line->offset()));
    }
    if (!(widest > 0)) return;
    const double factor = std::clamp(widest, least_line_mm, most_line * box_mm.height()) / widest;
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        auto* line = dynamic_cast<QgsSimpleLineSymbolLayer*>(symbol.symbolLayer(i));
        if (line == nullptr) continue;
        line->setWidth(line->width() * factor);
        line->setOffset(line->offset() * factor);
        QVector<qreal> dashes = line->customDashVector();
        const double length = std::accumulate(dashes.begin(), dashes.end(), 0.0);
        if (!(length > most_pattern * box_mm.width())) continue;
        for (qreal& dash : dashes)
            dash *= most_pattern * box_mm.width() / length;
        line->setCustomDashVector(dashes);
    }
}

void fit_fill(QgsSymbol& symbol)
{
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        if (auto* fill = dynamic_cast<QgsSimpleFillSymbolLayer*>(symbol.symbolLayer(i)))
            fill->setStrokeWidth(std::clamp(fill->strokeWidth(), least_border_mm, most_border_mm));
        if (auto* border = dynamic_cast<QgsSimpleLineSymbolLayer*>(symbol.symbolLayer(i))) {
            border->setWidth(std::clamp(border->width(), least_border_mm, most_border_mm));
            border->setOffset(std::clamp(border->offset(), 0.0, most_border_mm));
        }
    }
}

void fit(QgsSymbol& symbol, QSizeF box_mm, double factor, QgsRenderContext& context);

void convert(QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context)
{
    const Millimetres millimetres(context);
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        QgsSymbolLayer& layer = *symbol.symbolLayer(i);
        forget_features(layer);
        if (QgsSymbol* inner = layer.subSymbol()) fit(*inner, box_mm * 0.6, 0, context);  // stands inside or along the outer one
        millimetres.convert(layer);
        // Markers that stand further apart than the entry is long would be missing in it.
        auto* repeated = dynamic_cast<QgsTemplatedLineSymbolLayerBase*>(&layer);
        if (repeated != nullptr && millimetres.of(repeated->interval(), repeated->intervalUnit(), repeated->intervalMapUnitScale()) > box_mm.width() / 2)
            repeated->setPlacements(Qgis::MarkerLinePlacement::CentralPoint);
    }
}

void fit(QgsSymbol& symbol, QSizeF box_mm, double factor, QgsRenderContext& context)
{
    convert(symbol, box_mm, context);
    switch (symbol.type()) {
    case Qgis::SymbolType::Marker: fit_marker(static_cast<QgsMarkerSymbol&>(symbol), std::min(box_mm.width(), box_mm.height()), factor, context); break;
    case Qgis::SymbolType::Line: fit_line(static_cast<QgsLineSymbol&>(symbol), box_mm); break;
    case Qgis::SymbolType::Fill: fit_fill(symbol); break;
    case Qgis::SymbolType::Hybrid: break;
    }
}

}  // namespace

QString marker_kind(const QgsSymbol& symbol)
{
    QString kind;
    if (symbol.type() != Qgis::SymbolType::Marker) return kind;
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        const auto* layer = dynamic_cast<const QgsMarkerSymbolLayer*>(symbol.symbolLayer(i));
        if (layer == nullptr) continue;
        kind += layer->layerType() + QLatin1Char(' ') + QString::number(static_cast<int>(layer->sizeUnit())) + QLatin1Char(' ');
        if (const auto* simple = dynamic_cast<const QgsSimpleMarkerSymbolLayerBase*>(layer)) kind += QString::number(static_cast<int>(simple->shape()));
        if (const auto* ellipse = dynamic_cast<const QgsEllipseSymbolLayer*>(layer)) kind += QString::number(static_cast<int>(ellipse->shape()));
        if (const auto* svg = dynamic_cast<const QgsSvgMarkerSymbolLayer*>(layer)) kind += svg->path();
        if (const auto* font = dynamic_cast<const QgsFontMarkerSymbolLayer*>(layer)) kind += font->fontFamily() + font->character();
        kind += QLatin1Char('\n');
    }
    return kind;
}

double marker_factor(const QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context)
{
    if (symbol.type() != Qgis::SymbolType::Marker) return 0;
    const std::unique_ptr<QgsSymbol> copy(symbol.clone());
    convert(*copy, box_mm, context);
    auto& marker = static_cast<QgsMarkerSymbol&>(*copy);
    const double before = marker.size();
    fill_box(marker, std::min(box_mm.width(), box_mm.height()), context);
    return before > 0 ? marker.size() / before : 0;
}

std::unique_ptr<QgsSymbol> legend_symbol(const QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context, double factor)
{
    std::unique_ptr<QgsSymbol> copy(symbol.clone());
    fit(*copy, box_mm, factor, context);
    return copy;
}

}  // namespace stadtgdi::render
