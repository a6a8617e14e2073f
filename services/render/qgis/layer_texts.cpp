// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/layer_texts.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>

#include <QDomDocument>
#include <QRegularExpression>
#include <qgscategorizedsymbolrenderer.h>
#include <qgsexpression.h>
#include <qgsexpressioncontextutils.h>
#include <qgsfeaturerequest.h>
#include <qgsgraduatedsymbolrenderer.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>
#include <qgsrulebasedrenderer.h>
#include <qgsvectorlayer.h>

#include <map>
#include <memory>

namespace stadtgdi::render {

using bridge::compat::qstring;
using bridge::compat::utf8;

namespace {

QgsMapLayer& layer_of(const project::LoadedProject& project, const std::string& name)
{
    const auto found = project.layers.find(name);
    if (found == project.layers.end())
        throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, name));
    return *found->second;
}

/// What the author of a project wrote and the rows fill in, but nothing that a browser would run.
QString without_scripts(QString html)
{
    static const QRegularExpression elements(QStringLiteral("<\\s*/?\\s*(script|iframe|object|embed|form|link|meta|base)\\b[^>]*>"), QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression bodies(QStringLiteral("<\\s*script\\b.*?<\\s*/\\s*script\\s*>"), QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression handlers(QStringLiteral("[\\s/\"']on\\w+\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s>]+)"), QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression addresses(QStringLiteral("(javascript|vbscript)\\s*:"), QRegularExpression::CaseInsensitiveOption);
    // What is taken out may leave the same behind once more.
    for (QString before; before != html;) {
        before = html;
        html.remove(bodies).remove(elements).remove(handlers).remove(addresses);
    }
    return html;
}

/// A template is text with expressions in [% %].
QString filled_template(const QString& text, QgsExpressionContext& context)
{
    static const QRegularExpression bracketed(QStringLiteral("\\[%(.*?)%\\]"), QRegularExpression::DotMatchesEverythingOption);
    QString filled;
    decltype(QString().size()) from = 0;
    for (QRegularExpressionMatchIterator places = bracketed.globalMatch(text); places.hasNext();) {
        const QRegularExpressionMatch place = places.next();
        filled += text.mid(from, place.capturedStart() - from);
        QgsExpression expression(place.captured(1));
        const QVariant value = expression.hasParserError() || !expression.prepare(&context) ? QVariant() : expression.evaluate(&context);
        filled += value.toString().toHtmlEscaped();
        from = place.capturedEnd();
    }
    return without_scripts(filled + text.mid(from));
}

/// Takes symbols out of a layer's style, by the keys of their entries in the legend. False where not all are found there.
bool remove_entries(QgsMapLayer& layer, const std::set<std::string>& keys)
{
    auto* vector = qobject_cast<QgsVectorLayer*>(&layer);
    if (vector == nullptr || vector->renderer() == nullptr)
        return false;
    std::unique_ptr<QgsFeatureRenderer> renderer(vector->renderer()->clone());
    std::size_t removed = 0;
    if (auto* rules = dynamic_cast<QgsRuleBasedRenderer*>(renderer.get())) {
        for (const std::string& key : keys)
            if (QgsRuleBasedRenderer::Rule* rule = rules->rootRule()->findRuleByKey(qstring(key)); rule != nullptr && rule->parent() != nullptr) {
                rule->setSymbol(nullptr);  // the rules within it may be seen
                if (rule->children().isEmpty())
                    rule->parent()->removeChild(rule);
                ++removed;
            }
    } else if (auto* categories = dynamic_cast<QgsCategorizedSymbolRenderer*>(renderer.get())) {
        for (auto i = categories->categories().size(); i-- > 0;)
            if (keys.contains(utf8(categories->categories().at(i).uuid())))
                removed += categories->deleteCategory(static_cast<int>(i)) ? 1 : 0;
    } else if (auto* graduated = dynamic_cast<QgsGraduatedSymbolRenderer*>(renderer.get())) {
        for (auto i = graduated->ranges().size(); i-- > 0;)
            if (keys.contains(utf8(graduated->ranges().at(i).uuid()))) {
                graduated->deleteClass(static_cast<int>(i));
                ++removed;
            }
    }
    vector->setRenderer(renderer.release());
    return removed == keys.size();
}

}  // namespace

std::string style_document(const project::LoadedProject& project, const MapSpec::Layer& spec)
{
    QgsMapLayer& layer = layer_of(project, spec.name);
    QDomDocument document;
    QString why;
    const QString wanted = qstring(spec.style);
    const bool another = !wanted.isEmpty() && wanted != layer.styleManager()->currentStyle();
    if (another || !spec.unseen_entries.empty() || !spec.seen.all()) {
        // On a copy: QGIS does not give a layer exactly the style back that it had.
        const std::unique_ptr<QgsMapLayer> copy(layer.clone());
        if (another)
            layer.styleManager()->style(wanted).writeToLayer(copy.get());
        if (!spec.unseen_entries.empty() && !remove_entries(*copy, spec.unseen_entries))
            return {};
        // Whose labels a rule is for cannot be told.
        if (auto* vector = qobject_cast<QgsVectorLayer*>(copy.get()); vector != nullptr && !spec.seen.all())
            vector->setLabeling(nullptr);
        copy->exportSldStyle(document, why);
    } else {
        layer.exportSldStyle(document, why);
    }
    return document.toByteArray(1).toStdString();
}

std::vector<std::string> map_tips(const project::LoadedProject& project, const std::string& name, const std::vector<std::int64_t>& fids)
{
    auto* layer = qobject_cast<QgsVectorLayer*>(&layer_of(project, name));
    if (layer == nullptr || layer->mapTipTemplate().isEmpty())
        return {};
    QgsExpressionContext context;
    context << QgsExpressionContextUtils::globalScope() << QgsExpressionContextUtils::projectScope(project.project.get()) << QgsExpressionContextUtils::layerScope(layer);
    std::map<std::int64_t, std::string> by_fid;
    QgsFeatureRequest wanted(QgsFeatureIds(fids.begin(), fids.end()));
    QgsFeatureIterator features = layer->getFeatures(wanted);
    for (QgsFeature feature; features.nextFeature(feature);) {
        context.setFeature(feature);
        by_fid[feature.id()] = utf8(filled_template(layer->mapTipTemplate(), context));
    }
    std::vector<std::string> tips;
    for (const std::int64_t fid : fids)
        tips.push_back(by_fid[fid]);
    return tips;
}

}  // namespace stadtgdi::render
