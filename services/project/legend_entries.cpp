// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/legend_entries.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/read_project.hpp>

#include <QDomDocument>
#include <qgsexpression.h>
#include <qgsexpressioncontextutils.h>
#include <qgsfeatureiterator.h>
#include <qgsfeaturerequest.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>
#include <qgsreadwritecontext.h>
#include <qgsrendercontext.h>
#include <qgsrenderer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerfeatureiterator.h>

namespace stadtgdi::project {

using bridge::compat::qstring;
using bridge::compat::utf8;

struct LegendEntries::State {
    std::unique_ptr<QgsVectorLayerFeatureSource> source;
    std::unique_ptr<QgsFeatureRenderer> renderer;
    QgsExpressionContext expressions;
};

namespace {

std::unique_ptr<QgsFeatureRenderer> renderer_of(const QgsVectorLayer& layer, const QString& style)
{
    if (style.isEmpty() || style == layer.styleManager()->currentStyle())
        return std::unique_ptr<QgsFeatureRenderer>(layer.renderer() != nullptr ? layer.renderer()->clone() : nullptr);
    QDomDocument document;
    QString why;
    if (!bridge::compat::parse(document, layer.styleManager()->style(style).xmlData(), why))
        return {};
    QDomElement element = document.documentElement().firstChildElement(QStringLiteral("renderer-v2"));
    return std::unique_ptr<QgsFeatureRenderer>(element.isNull() ? nullptr : bridge::compat::owned(QgsFeatureRenderer::load(element, QgsReadWriteContext())));
}

}  // namespace

LegendEntries::LegendEntries(const LoadedProject& project, const std::string& layer, const std::string& style) : m_state(std::make_unique<State>())
{
    QgsVectorLayer& vector = vector_layer_of(project, layer);
    m_state->source = std::make_unique<QgsVectorLayerFeatureSource>(&vector);
    m_state->renderer = renderer_of(vector, qstring(style));
    m_state->expressions << QgsExpressionContextUtils::globalScope() << QgsExpressionContextUtils::projectScope(project.project.get())
                         << QgsExpressionContextUtils::layerScope(&vector);
}

LegendEntries::~LegendEntries() = default;

/// `take` says whether it wants more.
void LegendEntries::each_key(const std::string& filter, const LegendContent& content, const std::function<bool(std::string)>& take, base::RunContext& run)
{
    QgsRenderContext context;
    context.setRendererScale(content.scale_denominator);  // 0: entries of all scales
    context.setExpressionContext(m_state->expressions);
    if (content.scale_denominator > 0) {
        auto* map = new QgsExpressionContextScope;
        map->setVariable(QStringLiteral("map_scale"), content.scale_denominator);
        context.expressionContext().appendScope(map);
    }
    m_state->renderer->startRender(context, m_state->source->fields());
    QgsFeatureRequest wanted;
    if (!filter.empty())
        wanted.setFilterExpression(qstring(filter));
    if (!content.box.empty())
        wanted.setFilterRect(QgsRectangle(content.box.xmin, content.box.ymin, content.box.xmax, content.box.ymax));
    const bool filter_needs_geometry = wanted.filterExpression() != nullptr && wanted.filterExpression()->needsGeometry();   // an area
    if (!m_state->renderer->filterNeedsGeometry() && !filter_needs_geometry && content.box.empty())
        wanted.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    QgsFeatureIterator features = m_state->source->getFeatures(wanted);
    QgsFeature feature;
    bool more = true;
    for (std::int64_t rows = 0; more && features.nextFeature(feature); ++rows) {
        if (rows % 4096 == 0)
            run.throw_if_stopped();
        context.expressionContext().setFeature(feature);
        const QSet<QString> keys = m_state->renderer->legendKeysForFeature(feature, context);
        for (const QString& key : keys)
            more = take(utf8(key)) && more;
    }
    m_state->renderer->stopRender(context);
}

std::set<std::string> LegendEntries::unseen(const SeenRows& seen, base::RunContext& run)
{
    if (seen.all() || !m_state->renderer)
        return {};
    std::set<std::string> unseen;
    const std::string filter = filter_expression(seen);
    each_key("NOT (" + filter + ")", {}, [&](std::string key) {
        unseen.insert(std::move(key));
        return true;
    }, run);
    if (!unseen.empty())
        each_key(filter, {}, [&](const std::string& key) {
            unseen.erase(key);
            return !unseen.empty();  // the rest of the rows cannot change anything
        }, run);
    return unseen;
}

std::optional<std::set<std::string>> LegendEntries::shown(const LegendContent& content, base::RunContext& run)
{
    static const QSet<QString> tell = {QStringLiteral("singleSymbol"), QStringLiteral("categorizedSymbol"), QStringLiteral("graduatedSymbol"), QStringLiteral("RuleRenderer")};
    if (!m_state->renderer || !tell.contains(m_state->renderer->type()))
        return {};
    if (content.box.empty()) {
        QDomDocument document;
        QDomElement written = m_state->renderer->save(document, QgsReadWriteContext());
        document.appendChild(written);
        if (!document.toString(-1).contains(QLatin1String("@map_scale")))
            return {};
    }
    std::set<std::string> shown;
    const auto all = static_cast<std::size_t>(m_state->renderer->legendSymbolItems().size());
    each_key(filter_expression(content.seen), content, [&](std::string key) {
        shown.insert(std::move(key));
        return shown.size() < all;
    }, run);
    return shown;
}

}  // namespace stadtgdi::project
