// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/value_relations.hpp>

#include <qgsapplication.h>
#include <qgseditorwidgetsetup.h>
#include <qgsexpression.h>
#include <qgsexpressioncontext.h>
#include <qgsproject.h>
#include <qgsrelation.h>
#include <qgsrelationmanager.h>
#include <qgsvaluemapfieldformatter.h>
#include <qgsvaluerelationfieldformatter.h>
#include <qgsvectorlayer.h>

#include <optional>

namespace stadtgdi::project {

namespace {

constexpr int most_values = 10'000;

/// Where the values of a field are looked up.
struct Lookup {
    const QgsVectorLayer* related = nullptr;
    QString key;     // a field
    QString shown;   // an expression
    QString filter;

    QStringList read() const
    {
        QStringList names = QgsExpression(shown).referencedColumns().values();
        names.removeAll(QgsFeatureRequest::ALL_ATTRIBUTES);
        names.removeAll(key);
        names.prepend(key);
        return names;
    }
};

std::optional<Lookup> value_relation(const QVariantMap& config, const QgsProject& project)
{
    const auto text = [&config](const char* name) { return config.value(QString::fromLatin1(name)).toString(); };
    Lookup lookup{qobject_cast<const QgsVectorLayer*>(project.mapLayer(text("Layer"))), text("Key"), QgsExpression::quotedColumnRef(text("Value")), text("FilterExpression")};
    if (config.value(QStringLiteral("AllowMulti")).toBool() || QgsValueRelationFieldFormatter::expressionRequiresFormScope(lookup.filter) ||
        QgsValueRelationFieldFormatter::expressionRequiresParentFormScope(lookup.filter) || lookup.related == nullptr || lookup.related->fields().lookupField(text("Value")) < 0)
        return {};
    return lookup;
}

std::optional<Lookup> relation_reference(const QgsVectorLayer& layer, int place, const QVariantMap& config, const QgsProject& project)
{
    const QgsRelation relation = project.relationManager()->relation(config.value(QStringLiteral("Relation")).toString());
    if (!relation.isValid() || relation.referencingLayer() != &layer || relation.fieldPairs().size() != 1)
        return {};
    const QgsRelation::FieldPair keys = relation.fieldPairs().constFirst();
    if (layer.fields().lookupField(keys.referencingField()) != place)
        return {};
    return Lookup{relation.referencedLayer(), keys.referencedField(), relation.referencedLayer()->displayExpression(), {}};
}

std::optional<Lookup> lookup_of(const QgsVectorLayer& layer, int place, const QgsEditorWidgetSetup& setup, const QgsProject& project)
{
    if (setup.type() == QLatin1String("ValueRelation"))
        return value_relation(setup.config(), project);
    if (setup.type() == QLatin1String("RelationReference"))
        return relation_reference(layer, place, setup.config(), project);
    return {};
}

/// As a value map has it, in the order of the table; nothing where it is too long or the expression fails.
std::optional<QVariantList> values_of(const Lookup& lookup)
{
    QgsExpression shown(lookup.shown);
    QgsExpressionContext context;
    context.setFields(lookup.related->fields());
    if (shown.hasParserError() || !shown.prepare(&context))
        return {};
    QgsFeatureRequest request;
    if (!shown.needsGeometry())
        request.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    request.setLimit(most_values + 1);
    if (!lookup.filter.isEmpty())
        request.setFilterExpression(lookup.filter);
    if (!shown.referencedColumns().contains(QgsFeatureRequest::ALL_ATTRIBUTES))
        request.setSubsetOfAttributes(lookup.read(), lookup.related->fields());
    QVariantList values;
    QgsFeatureIterator rows = lookup.related->getFeatures(request);
    for (QgsFeature row; rows.nextFeature(row);) {
        context.setFeature(row);
        const QString value = shown.evaluate(&context).toString();
        values.append(QVariantMap{{shown.hasEvalError() ? row.attribute(lookup.key).toString() : value, row.attribute(lookup.key).toString()}});
    }
    if (values.size() > most_values)
        return {};
    values.append(QVariantMap{{QgsApplication::nullRepresentation(), QgsValueMapFieldFormatter::NULL_VALUE}});
    return values;
}

}  // namespace

std::vector<LookedUpField> resolve_value_relations(QgsVectorLayer& layer, const QgsProject& project,
                                                   const std::function<bool(const QgsVectorLayer& related, const QString& shown)>& may_be_shown)
{
    std::vector<LookedUpField> found;
    for (int i = 0; i < layer.fields().count(); ++i) {
        const QgsEditorWidgetSetup setup = layer.editorWidgetSetup(i);
        const std::optional<Lookup> lookup = lookup_of(layer, i, setup, project);
        if (!lookup || !lookup->related->isValid() || lookup->related->fields().lookupField(lookup->key) < 0 || !may_be_shown(*lookup->related, lookup->shown))
            continue;
        if (const std::optional<QVariantList> values = values_of(*lookup)) {
            layer.setEditorWidgetSetup(i, QgsEditorWidgetSetup(QStringLiteral("ValueMap"), {{QStringLiteral("map"), *values}}));
            found.push_back({i, setup.type(), lookup->related, lookup->read()});
        }
    }
    return found;
}

}  // namespace stadtgdi::project
