// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/layer_copies.hpp>

#include <qgsmaplayer.h>
#include <qgsproject.h>
#include <qgsrenderer.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>

#include <algorithm>
#include <set>

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

/// Null where a layer has no copy that draws the same at little cost.
QgsMapLayer* copy_of(const QgsMapLayer& layer)
{
    const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer);
    if (vector == nullptr || layer.project() == nullptr || (layer.providerType() != QLatin1String("ogr") && layer.providerType() != QLatin1String("postgres")))
        return nullptr;
    QgsVectorLayer* copy = vector->clone();
    if (!copy->isValid() || !copy->setId(own(layer.id()))) {
        delete copy;
        return nullptr;
    }
    own_symbols(*copy);
    copy->setParent(layer.parent());  // the store of layers: expressions of a copy know the project
    return copy;
}

}  // namespace

QList<QgsMapLayer*> LayerCopies::take(const QList<QgsMapLayer*>& layers)
{
    std::map<QgsMapLayer*, QgsMapLayer*> taken;
    QList<QgsMapLayer*> result;
    for (QgsMapLayer* layer : layers) {
        const auto [found, is_new] = taken.try_emplace(layer, nullptr);
        if (is_new)
            found->second = take(*layer);
        result.push_back(found->second);
    }
    return result;
}

QgsMapLayer* LayerCopies::take(QgsMapLayer& layer)
{
    const auto [found, is_new] = m_copies.try_emplace(&layer);
    Copies& copies = found->second;
    if (is_new) {
        copies.push_back({&layer});
        connect(&layer, &QgsMapLayer::dataChanged, this, [this, &layer] { forget(layer); }, Qt::DirectConnection);
    }
    auto least = std::min_element(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return a.users < b.users; });
    if (least->users > 0)
        if (QgsMapLayer* copy = copy_of(layer))
            least = copies.insert(copies.end(), {copy});
    ++least->users;
    return least->layer;
}

void LayerCopies::give_back(const QList<QgsMapLayer*>& taken)
{
    const std::set<QgsMapLayer*> once(taken.begin(), taken.end());
    for (QgsMapLayer* layer : once) {
        bool known = false;
        for (auto& [original, copies] : m_copies)
            for (Copy& copy : copies)
                if (copy.layer == layer) {
                    --copy.users;
                    known = true;
                }
        if (!known)
            delete layer;
    }
}

void LayerCopies::forget(QgsMapLayer& layer)
{
    Copies& copies = m_copies[&layer];
    for (auto copy = std::next(copies.begin()); copy != copies.end(); ++copy)
        if (copy->users == 0)
            delete copy->layer;  // those in use are deleted when they are given back
    copies.erase(std::next(copies.begin()), copies.end());
}

}  // namespace stadtgdi::render
