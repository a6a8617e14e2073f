// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/legend_entries.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/read_project.hpp>

#include <QDomDocument>
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

std::set<std::string> LegendEntries::unseen(const SeenRows& seen, base::RunContext& run)
{
    if (seen.all() || !m_state->renderer)
        return {};
    QgsRenderContext context;
    context.setRendererScale(0);  // entries of all scales
    context.setExpressionContext(m_state->expressions);
    m_state->renderer->startRender(context, m_state->source->fields());

    const auto each_key = [&](const QString& filter, auto&& take) {
        QgsFeatureRequest wanted;
        wanted.setFilterExpression(filter);
        if (seen.areas.empty() && !m_state->renderer->filterNeedsGeometry())
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
    };
    std::set<std::string> unseen;
    const QString filter = qstring(filter_expression(seen));
    each_key(QStringLiteral("NOT (%1)").arg(filter), [&](std::string key) {
        unseen.insert(std::move(key));
        return true;
    });
    if (!unseen.empty())
        each_key(filter, [&](const std::string& key) {
            unseen.erase(key);
            return !unseen.empty();  // the rest of the rows cannot change anything
        });
    m_state->renderer->stopRender(context);
    return unseen;
}

}  // namespace stadtgdi::project
