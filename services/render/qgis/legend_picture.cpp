// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/legend_picture.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>
#include <services/render/qgis/image_of.hpp>
#include <services/render/qgis/kept_styles.hpp>
#include <services/render/qgis/legend_symbol.hpp>
#include <services/render/qgis/legend_texts.hpp>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <qgsexpressioncontextutils.h>
#include <qgslayertree.h>
#include <qgslayertreemodel.h>
#include <qgslayertreemodellegendnode.h>
#include <qgslegendrenderer.h>
#include <qgslegendsettings.h>
#include <qgsmaplayer.h>
#include <qgsmaplayerlegend.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgssymbol.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace stadtgdi::render {

using bridge::compat::qstring;

namespace {

constexpr double mm_per_inch = 25.4, margin_mm = 2;
constexpr int most_columns = 4096, most_pixels = 16'000'000;  // a layer with thousands of categories is cut there

/// QGIS keeps room for what would stand above the first entry, and none below the last: here both have the margin.
QImage with_even_margins(const QImage& picture, double dpi)
{
    const QRgb ground = picture.pixel(0, 0);
    const auto is_empty = [&](int y) {
        const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
        return std::all_of(row, row + picture.width(), [&](QRgb pixel) { return pixel == ground; });
    };
    int top = 0, bottom = picture.height();
    while (top < bottom && is_empty(top))
        ++top;
    while (bottom > top && is_empty(bottom - 1))
        --bottom;
    if (top == bottom)
        return picture;
    const int margin = static_cast<int>(std::lround(margin_mm * dpi / mm_per_inch));
    QImage even(picture.width(), bottom - top + 2 * margin, picture.format());
    even.fill(ground == 0 ? QColor(Qt::transparent) : QColor::fromRgba(ground));
    for (int y = top; y < bottom; ++y)
        std::copy_n(picture.constScanLine(y), picture.bytesPerLine(), even.scanLine(y - top + margin));
    return even;
}

/// The layers asked for, as a layer tree of their own with a model over it.
struct Tree {
    QgsLayerTree root;
    std::vector<QgsLayerTreeLayer*> nodes;  // owned by root
    QMap<QString, QString> styles;
    std::vector<QHash<QString, QString>> texts;  // of each node, by the project's own

    Tree(const project::LoadedProject& project, const LegendSpec& spec)
    {
        for (auto wanted = spec.layers.rbegin(); wanted != spec.layers.rend(); ++wanted) {
            const auto found = project.layers.find(wanted->name);
            if (found == project.layers.end())
                throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, wanted->name));
            QgsMapLayer* layer = found->second;
            QgsLayerTreeLayer* node = root.addLayer(layer);
            // What the project says about its legend (hidden entries, own labels) is kept at the project's own node.
            if (const QgsLayerTreeLayer* own = project.project->layerTreeRoot()->findLayer(layer->id())) {
                const QStringList keys = own->customProperties();
                for (const QString& key : keys)
                    node->setCustomProperty(key, own->customProperty(key));
            }
            const QString style = qstring(wanted->style);
            if (!style.isEmpty() && style != layer->styleManager()->currentStyle())
                styles[layer->id()] = layer->styleManager()->style(style).xmlData();
            const project::PublishedLayer& published = *project.model.find(wanted->name);
            const catalogue::LayerDefinition* definition = spec.language ? catalogue::find_layer(published.definition) : nullptr;
            texts.push_back(definition != nullptr ? legend_texts(*definition, *spec.language) : QHash<QString, QString>());
            node->setUseLayerName(false);  // else the layer itself would be renamed
            node->setName(text(texts.size() - 1, qstring(published.title)));
            QgsLegendRenderer::setNodeLegendStyle(node, spec.layer_titles ? QgsLegendStyle::Subgroup : QgsLegendStyle::Hidden);
            nodes.push_back(node);
        }
    }

    /// A text of a node as it is shown.
    QString text(std::size_t node, const QString& own) const { return texts[node].value(own, own); }
};

QString key_of(const QgsLayerTreeModelLegendNode& entry)
{
    return entry.data(static_cast<int>(QgsLayerTreeModelLegendNode::CustomRole::RuleKey)).toString();
}

/// Leaves only some of a layer's entries, in their order; how many.
int keep_entries(QgsLayerTreeModel& model, QgsLayerTreeLayer& node, const std::function<bool(const QgsLayerTreeModelLegendNode&)>& wanted)
{
    // The project may have put them into another order than the layer's, by their places there.
    const QList<int> before = QgsMapLayerLegendUtils::hasLegendNodeOrder(&node) ? QgsMapLayerLegendUtils::legendNodeOrder(&node) : QList<int>();
    const QList<QgsLayerTreeModelLegendNode*> entries = model.layerOriginalLegendNodes(&node);
    QList<int> order;
    for (int i = 0; i < entries.size(); ++i)
        if (wanted(*entries[i]))
            order.push_back(i < before.size() ? before[i] : i);
    if (order.size() < entries.size()) {
        QgsMapLayerLegendUtils::setLegendNodeOrder(&node, order);
        model.refreshLayerLegend(&node);
    }
    return static_cast<int>(order.size());
}

void leave_out_unseen(QgsLayerTreeModel& model, const Tree& tree, const LegendSpec& spec)
{
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const MapSpec::Layer& layer = spec.layers[spec.layers.size() - 1 - i];  // the tree has the top first
        if (layer.unseen_entries.empty() && !layer.entries)
            continue;
        bool sizes = false;  // of symbols that are as large as their rows say
        const auto wanted = [&](const QgsLayerTreeModelLegendNode& entry) {
            const std::string key = bridge::compat::utf8(key_of(entry));
            return !layer.unseen_entries.contains(key) && (!layer.entries || layer.entries->contains(key));
        };
        for (const QgsLayerTreeModelLegendNode* entry : model.layerOriginalLegendNodes(tree.nodes[i]))
            if (const auto* symbol = qobject_cast<const QgsSymbolLegendNode*>(entry); symbol != nullptr && wanted(*entry))
                if (const auto* marker = dynamic_cast<const QgsMarkerSymbol*>(symbol->symbol()))
                    sizes = sizes || marker->dataDefinedSize().isActive();
        keep_entries(model, *tree.nodes[i], [&](const QgsLayerTreeModelLegendNode& entry) {
            if (qobject_cast<const QgsDataDefinedSizeLegendNode*>(&entry) != nullptr && layer.entries)
                return sizes;
            return qobject_cast<const QgsSymbolLegendNode*>(&entry) == nullptr || wanted(entry);
        });
    }
}

/// Leaves only the entries with the label or rule key asked for; gives one of them.
QgsLayerTreeModelLegendNode* keep_rule(QgsLayerTreeModel& model, const Tree& tree, const QString& rule)
{
    QgsLayerTreeModelLegendNode* kept = nullptr;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        QgsLayerTreeLayer* node = tree.nodes[i];
        const int count = keep_entries(model, *node, [&](const QgsLayerTreeModelLegendNode& entry) {
            const QString label = entry.data(Qt::DisplayRole).toString();
            return label == rule || tree.text(i, label) == rule || key_of(entry) == rule;
        });
        if (count > 0)
            kept = model.layerOriginalLegendNodes(node).constLast();
    }
    return kept;
}

QgsRenderContext context_of(QPainter& painter, const project::LoadedProject& project, const LegendSpec& spec)
{
    QgsRenderContext context = QgsRenderContext::fromQPainter(&painter);
    context.setScaleFactor(spec.dpi / mm_per_inch);
    const double scale = spec.scale_denominator > 0 ? spec.scale_denominator : 1000;
    context.setRendererScale(scale);
    context.setMapToPixel(QgsMapToPixel(scale * mm_per_inch / 1000 / spec.dpi));
    context.setFlag(Qgis::RenderContextFlag::Antialiasing, true);
    context.setFlag(Qgis::RenderContextFlag::RenderSymbolPreview, true);
    QgsExpressionContext expressions;
    expressions << QgsExpressionContextUtils::globalScope() << QgsExpressionContextUtils::projectScope(project.project.get());
    context.setExpressionContext(expressions);
    return context;
}

QImage empty_picture(int width, int height, const LegendSpec& spec)
{
    const int columns = std::clamp(width, 1, most_columns);
    QImage picture(columns, std::clamp(height, 1, most_pixels / columns), QImage::Format_ARGB32_Premultiplied);
    picture.fill(spec.transparent ? QColor(Qt::transparent) : QColor(Qt::white));
    const int dots_per_metre = static_cast<int>(std::lround(spec.dpi / mm_per_inch * 1000));
    picture.setDotsPerMeterX(dots_per_metre);
    picture.setDotsPerMeterY(dots_per_metre);
    return picture;
}

/// A project may have given an entry a symbol of its own.
const QgsSymbol& shown_symbol(const QgsSymbolLegendNode& entry)
{
    return entry.customSymbol() != nullptr ? *entry.customSymbol() : *entry.symbol();
}

QgsLegendSettings settings_of(const LegendSpec& spec)
{
    QgsLegendSettings settings;
    settings.setTitle(QString());
    settings.setBoxSpace(margin_mm);
    settings.setWrapChar(QStringLiteral("\n"));
    settings.setSynchronousLegendRequests(true);
    if (spec.width > 0 && spec.height > 0)
        settings.setSymbolSize(QSizeF(spec.width * mm_per_inch / spec.dpi, spec.height * mm_per_inch / spec.dpi));
    return settings;
}

/// By which the markers of a kind are enlarged in the entries of a layer.
using MarkerFactors = std::map<std::pair<const QgsLayerTreeLayer*, QString>, double>;

double factor_of(const MarkerFactors& factors, const QgsLayerTreeModelLegendNode& entry, const QgsSymbol& symbol)
{
    const auto found = factors.find({entry.layerNode(), marker_kind(symbol)});
    return found == factors.end() ? 0 : found->second;
}

/// Of all entries that may be seen, whether the legend shows them or not: symbols do not change their size with what stands beside them.
MarkerFactors marker_factors(QgsLayerTreeModel& model, const Tree& tree, const project::LoadedProject& project, const LegendSpec& spec)
{
    QImage probe = empty_picture(1, 1, spec);
    QPainter painter(&probe);
    QgsRenderContext context = context_of(painter, project, spec);
    const QSizeF box_mm = settings_of(spec).symbolSize();
    MarkerFactors factors;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const MapSpec::Layer& layer = spec.layers[spec.layers.size() - 1 - i];  // the tree has the top first
        for (const QgsLayerTreeModelLegendNode* entry : model.layerOriginalLegendNodes(tree.nodes[i])) {
            const auto* symbol = qobject_cast<const QgsSymbolLegendNode*>(entry);
            if (symbol == nullptr || symbol->symbol() == nullptr || layer.unseen_entries.contains(bridge::compat::utf8(key_of(*entry))))
                continue;
            const double factor = marker_factor(shown_symbol(*symbol), box_mm, context);
            if (!(factor > 0))
                continue;
            double& least = factors.try_emplace({tree.nodes[i], marker_kind(shown_symbol(*symbol))}, factor).first->second;
            least = std::min(least, factor);
        }
    }
    return factors;
}

QImage symbol_alone(const QgsLayerTreeModelLegendNode& entry, const MarkerFactors& factors, const project::LoadedProject& project, const LegendSpec& spec)
{
    QImage picture = empty_picture(spec.width, spec.height, spec);
    const auto* symbol_entry = qobject_cast<const QgsSymbolLegendNode*>(&entry);
    if (symbol_entry == nullptr || symbol_entry->symbol() == nullptr)
        return picture;
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    QgsRenderContext context = context_of(painter, project, spec);
    const std::unique_ptr<QgsSymbol> symbol = legend_symbol(shown_symbol(*symbol_entry), QSizeF(spec.width, spec.height) * mm_per_inch / spec.dpi, context,
                                                            factor_of(factors, entry, shown_symbol(*symbol_entry)));
    symbol->drawPreviewIcon(&painter, picture.size(), &context);
    return picture;
}

void give_texts(QgsLayerTreeModel& model, const Tree& tree, RuleLabels labels)
{
    const QString nothing(QLatin1Char(' '));  // an empty text would be none of its own
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const QList<QgsLayerTreeModelLegendNode*> entries = model.layerLegendNodes(tree.nodes[i], false);
        for (QgsLayerTreeModelLegendNode* entry : entries) {
            const QString own = entry->data(Qt::DisplayRole).toString();
            if (labels == RuleLabels::none || (labels == RuleLabels::of_several && entries.size() == 1))
                entry->setUserLabel(nothing);
            else if (const QString shown = tree.text(i, own); shown != own)
                entry->setUserLabel(shown);
        }
    }
}

/// Entries show their symbol in the size of a legend: on the map it may be far away, very large or nearly nothing.
void fit_symbols(QgsLayerTreeModel& model, const Tree& tree, const MarkerFactors& factors, QSizeF box_mm, const project::LoadedProject& project, const LegendSpec& spec)
{
    QImage probe = empty_picture(1, 1, spec);
    QPainter painter(&probe);
    QgsRenderContext context = context_of(painter, project, spec);
    for (QgsLayerTreeLayer* node : tree.nodes) {
        const QList<QgsLayerTreeModelLegendNode*> entries = model.layerLegendNodes(node, false);
        for (QgsLayerTreeModelLegendNode* entry : entries) {
            auto* symbol_entry = qobject_cast<QgsSymbolLegendNode*>(entry);
            if (symbol_entry == nullptr || symbol_entry->symbol() == nullptr)
                continue;
            symbol_entry->setCustomSymbol(legend_symbol(shown_symbol(*symbol_entry), box_mm, context, factor_of(factors, *entry, shown_symbol(*symbol_entry))).release());
        }
    }
}

}  // namespace

namespace {

/// A legend with the entries that were asked for.
struct Legend {
    Tree tree;
    std::unique_ptr<KeptStyles> kept;
    QgsLayerTreeModel model;
    MarkerFactors factors;
    const QgsLayerTreeModelLegendNode* of_rule = nullptr;

    Legend(const project::LoadedProject& project, const LegendSpec& spec) : tree(project, spec), kept(keep_styles(tree)), model(&tree.root)
    {
        model.setLayerStyleOverrides(tree.styles);
        for (QgsLayerTreeLayer* node : tree.nodes)
            model.refreshLayerLegend(node);
        factors = marker_factors(model, tree, project, spec);
        leave_out_unseen(model, tree, spec);
        if (spec.scale_denominator > 0)
            model.setLegendFilterByScale(spec.scale_denominator);
        if (spec.rule.empty())
            return;
        of_rule = keep_rule(model, tree, qstring(spec.rule));
        if (of_rule == nullptr)
            throw Error(ErrorKind::not_found, base::filled({"The legend has no entry '{0}'.", "Die Legende hat keinen Eintrag „{0}“."}, spec.rule));
    }

private:
    static std::unique_ptr<KeptStyles> keep_styles(const Tree& tree)
    {
        QList<QgsMapLayer*> in_other_styles;
        for (QgsLayerTreeLayer* node : tree.nodes)
            if (tree.styles.contains(node->layerId()))
                in_other_styles.push_back(node->layer());
        return std::make_unique<KeptStyles>(in_other_styles);
    }
};

/// Expressions of rules are the project's own; they may name fields that are not shown.
QJsonValue without_expressions(const QJsonValue& value)
{
    if (value.isArray()) {
        QJsonArray array;
        const QJsonArray all = value.toArray();
        for (const QJsonValue& one : all)
            array.push_back(without_expressions(one));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object = value.toObject();
    object.remove(QStringLiteral("expression"));
    const QStringList keys = object.keys();
    for (const QString& key : keys)
        object[key] = without_expressions(object[key]);
    return object;
}

}  // namespace

std::string legend_json(const project::LoadedProject& project, const LegendSpec& spec, bool details)
{
    Legend legend(project, spec);
    QgsLegendSettings settings = settings_of(spec);
    if (details)
        settings.setJsonRenderFlags(Qgis::LegendJsonRenderFlag::ShowRuleDetails);
    give_texts(legend.model, legend.tree, spec.rule_labels);
    fit_symbols(legend.model, legend.tree, legend.factors, settings.symbolSize(), project, spec);
    QgsLegendRenderer renderer(&legend.model, settings);
    QImage probe = empty_picture(1, 1, spec);
    QPainter painter(&probe);
    const QgsRenderContext context = context_of(painter, project, spec);
    const QJsonObject object = without_expressions(renderer.exportLegendToJson(context)).toObject();
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Image legend_picture(const project::LoadedProject& project, const LegendSpec& spec)
{
    Legend legend(project, spec);
    if (legend.of_rule != nullptr && spec.width > 0 && spec.height > 0)
        return image_of(symbol_alone(*legend.of_rule, legend.factors, project, spec));

    const QgsLegendSettings settings = settings_of(spec);
    give_texts(legend.model, legend.tree, spec.rule_labels);
    fit_symbols(legend.model, legend.tree, legend.factors, settings.symbolSize(), project, spec);
    QgsLegendRenderer renderer(&legend.model, settings);
    QImage probe = empty_picture(1, 1, spec);
    QSizeF size_mm;
    {
        QPainter painter(&probe);
        QgsRenderContext context = context_of(painter, project, spec);
        size_mm = renderer.minimumSize(&context);
    }
    const double pixels_per_mm = spec.dpi / mm_per_inch;
    QImage picture = empty_picture(static_cast<int>(std::ceil(size_mm.width() * pixels_per_mm)),
                                   static_cast<int>(std::ceil(size_mm.height() * pixels_per_mm)), spec);
    {
        QPainter painter(&picture);
        QgsRenderContext context = context_of(painter, project, spec);
        painter.scale(pixels_per_mm, pixels_per_mm);  // QGIS places in millimetres
        renderer.drawLegend(context);
    }
    return image_of(with_even_margins(picture, spec.dpi));
}

}  // namespace stadtgdi::render
