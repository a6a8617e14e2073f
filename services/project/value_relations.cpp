// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/value_relations.hpp>

#include <qgsapplication.h>
#include <qgseditorwidgetsetup.h>
#include <qgsproject.h>
#include <qgsvaluemapfieldformatter.h>
#include <qgsvaluerelationfieldformatter.h>
#include <qgsvectorlayer.h>

#include <optional>

namespace stadtgdi::project {

namespace {

constexpr int most_values = 10'000;

/// As a value map has it, in the order of the table; nothing where it is too long.
std::optional<QVariantList> values_of(const QgsVectorLayer& related, const QString& key, const QString& value, const QString& filter)
{
    QgsFeatureRequest request;
    request.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    request.setLimit(most_values + 1);
    if (!filter.isEmpty())
        request.setFilterExpression(filter);
    request.setSubsetOfAttributes(QStringList{key, value}, related.fields());
    QVariantList values;
    QgsFeatureIterator rows = related.getFeatures(request);
    for (QgsFeature row; rows.nextFeature(row);)
        values.append(QVariantMap{{row.attribute(value).toString(), row.attribute(key).toString()}});
    if (values.size() > most_values)
        return {};
    values.append(QVariantMap{{QgsApplication::nullRepresentation(), QgsValueMapFieldFormatter::NULL_VALUE}});
    return values;
}

}  // namespace

std::vector<const QgsMapLayer*> resolve_value_relations(QgsVectorLayer& layer, const QgsProject& project, const std::function<bool(const QgsMapLayer&)>& may_be_shown)
{
    std::vector<const QgsMapLayer*> looked_into;
    for (int i = 0; i < layer.fields().count(); ++i) {
        const QgsEditorWidgetSetup setup = layer.editorWidgetSetup(i);
        const QVariantMap config = setup.config();
        const QString filter = config.value(QStringLiteral("FilterExpression")).toString();
        if (setup.type() != QLatin1String("ValueRelation") || config.value(QStringLiteral("AllowMulti")).toBool() || QgsValueRelationFieldFormatter::expressionRequiresFormScope(filter) ||
            QgsValueRelationFieldFormatter::expressionRequiresParentFormScope(filter))
            continue;
        const auto* related = qobject_cast<const QgsVectorLayer*>(project.mapLayer(config.value(QStringLiteral("Layer")).toString()));
        if (related == nullptr || !related->isValid() || !may_be_shown(*related))
            continue;
        const QString key = config.value(QStringLiteral("Key")).toString(), value = config.value(QStringLiteral("Value")).toString();
        if (related->fields().lookupField(key) < 0 || related->fields().lookupField(value) < 0)
            continue;
        if (const std::optional<QVariantList> values = values_of(*related, key, value, filter)) {
            layer.setEditorWidgetSetup(i, QgsEditorWidgetSetup(QStringLiteral("ValueMap"), {{QStringLiteral("map"), *values}}));
            looked_into.push_back(related);
        }
    }
    return looked_into;
}

}  // namespace stadtgdi::project
