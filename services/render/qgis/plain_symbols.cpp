// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/plain_symbols.hpp>

#include <plugins/bridge/compat.hpp>

#include <qgsfeature.h>
#include <qgsfillsymbol.h>
#include <qgsfillsymbollayer.h>
#include <qgsgeometry.h>
#include <qgslinesymbol.h>
#include <qgslinesymbollayer.h>
#include <qgsmarkersymbol.h>
#include <qgsmarkersymbollayer.h>
#include <qgsnullsymbolrenderer.h>
#include <qgspallabeling.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

#include <algorithm>
#include <map>

namespace stadtgdi::render {

using bridge::compat::qstring;

namespace {

constexpr double mm_per_pixel = 0.28;

struct Measure {
    Qgis::RenderUnit unit;
    double factor;
    explicit Measure(const PlainSymbol& symbol) : unit(symbol.metres ? Qgis::RenderUnit::MetersInMapUnits : Qgis::RenderUnit::Millimeters), factor(symbol.metres ? 1.0 : mm_per_pixel) {}
};

QColor colour_of(std::uint32_t argb)
{
    return QColor::fromRgba(argb);
}

Qt::PenJoinStyle join_of(const PlainSymbol::Stroke& stroke)
{
    switch (stroke.join) {
    case PlainSymbol::Stroke::Join::round: return Qt::RoundJoin;
    case PlainSymbol::Stroke::Join::bevel: return Qt::BevelJoin;
    default: return Qt::MiterJoin;
    }
}

std::unique_ptr<QgsLineSymbolLayer> line_of(const PlainSymbol& symbol)
{
    const Measure measure(symbol);
    const PlainSymbol::Stroke& stroke = *symbol.stroke;
    auto line = std::make_unique<QgsSimpleLineSymbolLayer>(colour_of(stroke.colour), stroke.width * measure.factor);
    line->setOutputUnit(measure.unit);
    line->setPenJoinStyle(join_of(stroke));
    line->setPenCapStyle(stroke.cap == PlainSymbol::Stroke::Cap::round ? Qt::RoundCap : stroke.cap == PlainSymbol::Stroke::Cap::square ? Qt::SquareCap : Qt::FlatCap);
    line->setOffset(stroke.offset * measure.factor);
    if (!stroke.dashes.empty()) {
        QVector<qreal> dashes;
        for (const double dash : stroke.dashes)
            dashes.push_back(dash * measure.factor);
        if (dashes.size() % 2 != 0)
            dashes += QVector<qreal>(dashes);
        line->setCustomDashVector(dashes);
        line->setUseCustomDashPattern(true);
        line->setDashPatternOffset(stroke.dash_offset * measure.factor);
    }
    return line;
}

std::unique_ptr<QgsMarkerSymbolLayer> marker_of(const PlainSymbol& symbol)
{
    static const std::map<std::string, Qgis::MarkerShape> shapes = {{"square", Qgis::MarkerShape::Square}, {"circle", Qgis::MarkerShape::Circle},
                                                                    {"triangle", Qgis::MarkerShape::Triangle}, {"star", Qgis::MarkerShape::Star},
                                                                    {"cross", Qgis::MarkerShape::Cross}, {"x", Qgis::MarkerShape::Cross2}};
    const Measure measure(symbol);
    const auto shape = shapes.find(symbol.mark);
    auto marker = std::make_unique<QgsSimpleMarkerSymbolLayer>(shape != shapes.end() ? shape->second : Qgis::MarkerShape::Square, symbol.size * measure.factor, symbol.rotation);
    marker->setOutputUnit(measure.unit);
    marker->setFillColor(symbol.fill ? colour_of(*symbol.fill) : QColor(Qt::transparent));
    if (symbol.stroke) {
        marker->setStrokeColor(colour_of(symbol.stroke->colour));
        marker->setStrokeWidth(symbol.stroke->width * measure.factor);
        marker->setPenJoinStyle(join_of(*symbol.stroke));
    } else {
        marker->setStrokeStyle(Qt::NoPen);
    }
    marker->setOffset(QPointF(symbol.dx, symbol.dy) * measure.factor);
    return marker;
}

void append_fill(QgsSymbolLayerList& layers, const PlainSymbol& symbol)
{
    if (symbol.fill) {
        auto fill = std::make_unique<QgsSimpleFillSymbolLayer>(colour_of(*symbol.fill));
        fill->setStrokeStyle(Qt::NoPen);
        layers.push_back(fill.release());
    }
    if (symbol.stroke)
        layers.push_back(line_of(symbol).release());
}

QgsTextFormat format_of(const Highlight& highlight)
{
    QgsTextFormat format;
    QFont font = highlight.font.empty() ? QFont() : QFont(qstring(highlight.font));
    font.setBold(highlight.bold);
    format.setFont(font);
    format.setSize(highlight.size_points);
    format.setSizeUnit(Qgis::RenderUnit::Points);
    format.setColor(colour_of(highlight.colour));
    QgsTextBufferSettings buffer;
    buffer.setEnabled(highlight.buffer_mm > 0);
    buffer.setSize(highlight.buffer_mm);
    buffer.setColor(colour_of(highlight.buffer_colour));
    format.setBuffer(buffer);
    return format;
}

std::unique_ptr<QgsAbstractVectorLayerLabeling> labeling_of(const Highlight& highlight, const QgsGeometry& geometry)
{
    using Property = QgsPalLayerSettings::Property;
    QgsPalLayerSettings settings;
    settings.fieldName = QStringLiteral("label");
    settings.isExpression = false;
    settings.setFormat(format_of(highlight));
    settings.placementSettings().setOverlapHandling(Qgis::LabelOverlapHandling::AllowOverlapIfRequired);
    const Qgis::GeometryType type = geometry.type();
    settings.placement = type == Qgis::GeometryType::Point ? Qgis::LabelPlacement::AroundPoint
                         : type == Qgis::GeometryType::Line ? Qgis::LabelPlacement::Line
                                                            : Qgis::LabelPlacement::OverPoint;
    if (highlight.distance_mm) {
        settings.dist = *highlight.distance_mm;
        settings.distUnits = Qgis::RenderUnit::Millimeters;
    }
    QgsPropertyCollection properties;
    if (!highlight.horizontal.empty() || !highlight.vertical.empty()) {
        const QgsGeometry place = type == Qgis::GeometryType::Polygon ? geometry.pointOnSurface() : geometry.centroid();
        properties.setProperty(Property::PositionX, place.asPoint().x());
        properties.setProperty(Property::PositionY, place.asPoint().y());
        properties.setProperty(Property::Hali, qstring(highlight.horizontal.empty() ? "center" : highlight.horizontal));
        properties.setProperty(Property::Vali, qstring(highlight.vertical.empty() ? "half" : highlight.vertical));
    }
    if (highlight.rotation != 0)
        properties.setProperty(Property::LabelRotation, highlight.rotation);
    settings.setDataDefinedProperties(properties);
    return std::make_unique<QgsVectorLayerSimpleLabeling>(settings);
}

}  // namespace

PlainSymbol::Kind kind_of(Qgis::GeometryType type)
{
    return type == Qgis::GeometryType::Point ? PlainSymbol::Kind::marker : type == Qgis::GeometryType::Line ? PlainSymbol::Kind::line : PlainSymbol::Kind::fill;
}

std::unique_ptr<QgsFeatureRenderer> renderer_of(const PlainSymbols& symbols, PlainSymbol::Kind kind)
{
    QgsSymbolLayerList layers;
    for (const PlainSymbol& symbol : symbols) {
        switch (kind) {
        case PlainSymbol::Kind::marker:
            if (symbol.kind == PlainSymbol::Kind::marker)
                layers.push_back(marker_of(symbol).release());
            break;
        case PlainSymbol::Kind::line:
            if (symbol.kind == PlainSymbol::Kind::line && symbol.stroke)
                layers.push_back(line_of(symbol).release());
            break;
        case PlainSymbol::Kind::fill:
            if (symbol.kind == PlainSymbol::Kind::fill)
                append_fill(layers, symbol);
            else if (symbol.kind == PlainSymbol::Kind::line && symbol.stroke)
                layers.push_back(line_of(symbol).release());  // along the border
            break;
        }
    }
    if (layers.empty())
        return std::make_unique<QgsNullSymbolRenderer>();
    std::unique_ptr<QgsSymbol> symbol;
    switch (kind) {
    case PlainSymbol::Kind::marker: symbol = std::make_unique<QgsMarkerSymbol>(layers); break;
    case PlainSymbol::Kind::line: symbol = std::make_unique<QgsLineSymbol>(layers); break;
    case PlainSymbol::Kind::fill: symbol = std::make_unique<QgsFillSymbol>(layers); break;
    }
    return std::make_unique<QgsSingleSymbolRenderer>(symbol.release());
}

std::vector<std::unique_ptr<QgsMapLayer>> highlight_layers(const std::vector<Highlight>& highlights, const QgsCoordinateReferenceSystem& crs)
{
    std::vector<std::unique_ptr<QgsMapLayer>> layers;
    for (auto highlight = highlights.rbegin(); highlight != highlights.rend(); ++highlight) {
        const QgsGeometry geometry = QgsGeometry::fromWkt(qstring(highlight->wkt));
        if (geometry.isEmpty())
            continue;
        auto layer = std::make_unique<QgsVectorLayer>(QgsWkbTypes::displayString(geometry.wkbType()) + QStringLiteral("?field=label:string"), QStringLiteral("highlight"),
                                                      QStringLiteral("memory"), QgsVectorLayer::LayerOptions(false));
        layer->setCrs(crs);
        QgsFeature feature(layer->fields());
        feature.setGeometry(geometry);
        feature.setAttribute(0, qstring(highlight->label));
        layer->dataProvider()->addFeature(feature);
        layer->setRenderer(renderer_of(highlight->symbols, kind_of(geometry.type())).release());
        if (!highlight->label.empty()) {
            layer->setLabeling(labeling_of(*highlight, geometry).release());
            layer->setLabelsEnabled(true);
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

}  // namespace stadtgdi::render
