// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/layer_copies.hpp>

#include <QDomDocument>
#include <QSet>
#include <QThreadPool>
#include <qgsauxiliarystorage.h>
#include <qgsdiagramrenderer.h>
#include <qgsmaplayer.h>
#include <qgsproject.h>
#include <qgsrenderer.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace stadtgdi::render {

namespace {

/// The same text, not shared.
QString own(const QString& text)
{
    return QString(text.constData(), text.size());
}

void own_ids(QgsSymbol* symbol)
{
    for (int i = 0; symbol != nullptr && i < symbol->symbolLayerCount(); ++i) {
        QgsSymbolLayer* layer = symbol->symbolLayer(i);
        layer->setId(own(layer->id()));
        own_ids(layer->subSymbol());
    }
}

void own_symbols(QgsVectorLayer& layer)
{
    if (layer.renderer() == nullptr)
        return;
    QgsRenderContext context;
    const QgsSymbolList symbols = layer.renderer()->symbols(context);
    for (QgsSymbol* symbol : symbols)
        own_ids(symbol);
}

/// Formats that are read as they are drawn; others (GeoJSON) would be held in memory once more.
bool is_read_in_place(const QgsVectorLayer& layer)
{
    static const QSet<QString> formats = {QStringLiteral("GPKG"), QStringLiteral("ESRI Shapefile"), QStringLiteral("FlatGeobuf")};
    return layer.providerType() == QLatin1String("postgres") || (layer.providerType() == QLatin1String("ogr") && formats.contains(layer.storageType()));
}

/// Expressions that compare layers themselves: a copy is another one.
bool asks_for_layers(const QgsVectorLayer& layer)
{
    QDomDocument style;
    QString error;
    layer.exportNamedStyle(style, error);
    const QString text = style.toString();
    return text.contains(QLatin1String("is_layer_visible")) || text.contains(QLatin1String("map_layers"));
}

/// Null where a layer has no copy that draws the same at little cost.
QgsMapLayer* copy_of(const QgsMapLayer& layer)
{
    const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer);
    // Places of labels set by hand lie in a table of the project, which every copy would write again.
    if (vector == nullptr || layer.project() == nullptr || vector->auxiliaryLayer() != nullptr || !is_read_in_place(*vector) || asks_for_layers(*vector))
        return nullptr;
    std::unique_ptr<QgsVectorLayer> copy(vector->clone());
    if (!copy->isValid() || !copy->setId(own(layer.id())))
        return nullptr;
    // A copy reads its style from XML, which replaces fonts that are not there in another way; and a default style of the source may
    // bring along what the layer has not.
    if (vector->renderer() != nullptr)
        copy->setRenderer(vector->renderer()->clone());
    copy->setDiagramRenderer(vector->diagramRenderer() != nullptr ? vector->diagramRenderer()->clone() : nullptr);
    copy->setLabeling(vector->labeling() != nullptr ? vector->labeling()->clone() : nullptr);
    own_symbols(*copy);
    copy->setParent(layer.parent());  // the store of layers: expressions of a copy know the project
    return copy.release();
}

}  // namespace

QgsMapLayer* LayerCopies::take(QgsMapLayer& layer)
{
    const auto [found, is_new] = m_copies.try_emplace(&layer);
    Copies& copies = found->second;
    if (is_new) {
        copies.all.push_back({&layer});
        connect(&layer, &QgsMapLayer::dataChanged, this, [this, &layer] { forget(layer); }, Qt::DirectConnection);
    }
    const auto order = [](const Copy& copy) { return std::pair(copy.old, copy.users); };
    auto least = std::min_element(copies.all.begin(), copies.all.end(), [&](const Copy& a, const Copy& b) { return order(a) < order(b); });
    // More than are drawn at the same time are of no use.
    const bool may_copy = !copies.no_more && copies.all.size() < m_most;
    if (least->users > 0 && may_copy) {
        if (QgsMapLayer* copy = copy_of(layer))
            least = copies.all.insert(copies.all.end(), {copy});
        else
            copies.no_more = true;
    }
    ++least->users;
    return least->layer;
}

void LayerCopies::give_back(QgsMapLayer& taken)
{
    for (auto& [original, copies] : m_copies) {
        const auto copy = std::find_if(copies.all.begin(), copies.all.end(), [&](const Copy& one) { return one.layer == &taken; });
        if (copy == copies.all.end())
            continue;
        if (--copy->users > 0 || !copy->old)
            return;
        delete copy->layer;
        copies.all.erase(copy);
        return;
    }
}

void LayerCopies::forget(QgsMapLayer& layer)
{
    Copies& copies = m_copies[&layer];
    copies.no_more = false;
    for (auto copy = std::next(copies.all.begin()); copy != copies.all.end();) {
        copy->old = true;
        if (copy->users > 0) {
            ++copy;
            continue;
        }
        delete copy->layer;
        copy = copies.all.erase(copy);
    }
}

}  // namespace stadtgdi::render
