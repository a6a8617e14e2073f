// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/reached_layers.hpp>

#include <plugins/bridge/compat.hpp>

#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>
#include <qgseditorwidgetsetup.h>
#include <qgsexpression.h>
#include <qgsexpressionnodeimpl.h>
#include <qgslayertree.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>
#include <qgsrelation.h>
#include <qgsrelationmanager.h>
#include <qgsvectorlayer.h>

namespace stadtgdi::project {

namespace {

/// Functions of QGIS that look beyond the feature and the layer they are asked for.
const QSet<QString>& reaching_functions()
{
    static const QSet<QString> names{
        QStringLiteral("aggregate"),         QStringLiteral("relation_aggregate"), QStringLiteral("get_feature"),      QStringLiteral("get_feature_by_id"),
        QStringLiteral("overlay_contains"),  QStringLiteral("overlay_crosses"),    QStringLiteral("overlay_disjoint"), QStringLiteral("overlay_equals"),
        QStringLiteral("overlay_intersects"), QStringLiteral("overlay_nearest"),   QStringLiteral("overlay_touches"),  QStringLiteral("overlay_within"),
        QStringLiteral("layer_property"),    QStringLiteral("decode_uri"),         QStringLiteral("load_layer"),       QStringLiteral("map_credits"),
        QStringLiteral("raster_statistic"),  QStringLiteral("raster_value"),       QStringLiteral("raster_attributes"), QStringLiteral("represent_value"),
        QStringLiteral("represent_attributes"), QStringLiteral("maptip"),          QStringLiteral("display_expression"), QStringLiteral("eval"),
        QStringLiteral("eval_template"),     QStringLiteral("num_selected"),       QStringLiteral("is_selected"),      QStringLiteral("attributes"),
        QStringLiteral("sqlite_fetch_and_increment")};
    return names;
}

/// One of these names as a word.
const QRegularExpression& reaching_word()
{
    static const QRegularExpression word(QStringLiteral("\\b(%1)\\b").arg(QStringList(reaching_functions().values()).join(QLatin1Char('|'))),
                                         QRegularExpression::CaseInsensitiveOption);
    return word;
}

/// Parts of a style that are drawn; the rest is for forms and tables on the desktop.
bool is_drawn(QStringView element)
{
    for (const char* name : {"renderer-v2", "labeling", "SingleCategoryDiagramRenderer", "LinearlyInterpolatedDiagramRenderer", "StackedDiagramRenderer",
                             "DiagramLayerSettings", "legend", "pipe"})
        if (element == QLatin1String(name))
            return true;
    return false;
}

class Search {
public:
    Search(const QgsMapLayer& layer, const QgsProject& project) : m_layer(layer), m_project(project) {}

    void look_at_style(const QString& xml)
    {
        QXmlStreamReader reader(xml);
        reader.readNextStartElement();  // the style itself
        int depth = 0;
        while (!reader.atEnd()) {
            const QXmlStreamReader::TokenType token = reader.readNext();
            if (token == QXmlStreamReader::EndElement)
                --depth;
            if (token == QXmlStreamReader::Characters && !reader.isWhitespace())
                look_at_style_text(reader.text().toString());
            if (token != QXmlStreamReader::StartElement)
                continue;
            if (depth == 0 && !is_drawn(reader.name())) {
                reader.skipCurrentElement();
                continue;
            }
            ++depth;
            const QXmlStreamAttributes attributes = reader.attributes();
            for (const QXmlStreamAttribute& attribute : attributes)
                look_at_style_text(attribute.value().toString());
        }
        if (reader.hasError())
            reach_all();
    }

    void look_at_style_text(const QString& text)
    {
        m_found.style_texts << text;
        look_at(text);
    }

    void look_at_field(const QString& expression)
    {
        m_found.field_texts << expression;
        look_at(expression);
    }

    /// A text that may be an expression, or hold some in "[% %]".
    void look_at(const QString& text)
    {
        if (!reaching_word().match(text).hasMatch())
            return;
        const QgsExpression expression(text);
        if (!expression.hasParserError()) {
            look_at(expression);
            return;
        }
        static const QRegularExpression call(reaching_word().pattern() + QStringLiteral("\\s*\\("), QRegularExpression::CaseInsensitiveOption);
        if (call.match(text).hasMatch())
            reach_all();
    }

    ReachedLayers found()
    {
        for (const QgsMapLayer* layer : std::as_const(m_reached))
            if (layer != &m_layer)
                m_found.layers.push_back(layer);
        return std::move(m_found);
    }

private:
    void look_at(const QgsExpression& expression)
    {
        const auto calls = expression.findNodes<QgsExpressionNodeFunction>();
        for (const QgsExpressionNodeFunction* call : calls)
            look_at_call(*call);
    }

    void look_at_call(const QgsExpressionNodeFunction& call)
    {
        const QString name = QgsExpression::Functions().at(call.fnIndex())->name();
        if (!reaching_functions().contains(name))
            return;
        const int count = call.args() != nullptr ? call.args()->count() : 0;
        const QgsExpressionNode* first = count > 0 ? call.args()->at(0) : nullptr;
        const bool said = first != nullptr && first->nodeType() == QgsExpressionNode::ntLiteral;
        const QString text = said ? static_cast<const QgsExpressionNodeLiteral*>(first)->value().toString() : QString();
        if (name == QLatin1String("load_layer") || name == QLatin1String("sqlite_fetch_and_increment"))
            m_found.others = true;
        else if (name == QLatin1String("represent_value") || name == QLatin1String("represent_attributes"))
            reach_value_relations();
        else if (name == QLatin1String("map_credits"))
            reach_all();
        else if (is_own_layer(first))
            return;
        else if (name == QLatin1String("attributes") || name == QLatin1String("maptip") || name == QLatin1String("display_expression") ||
                 name == QLatin1String("is_selected") || name == QLatin1String("num_selected")) {
            if (said)
                reach(text);
            else if (count > 1)
                reach_all();
        } else if (!said)
            reach_all();
        else if (name == QLatin1String("eval") || name == QLatin1String("eval_template"))
            look_at(text);
        else if (name == QLatin1String("relation_aggregate"))
            reach(m_project.relationManager()->relation(text).referencingLayer());
        else
            reach(text);
    }

    /// "@layer" and its like.
    static bool is_own_layer(const QgsExpressionNode* node)
    {
        if (node == nullptr || node->nodeType() != QgsExpressionNode::ntFunction)
            return false;
        const QString text = node->dump();
        return text == QLatin1String("var('layer')") || text == QLatin1String("var('layer_id')") || text == QLatin1String("var('layer_name')");
    }

    /// By id or name, as expressions call them.
    void reach(const QString& name)
    {
        reach(m_project.mapLayer(name));
        const QList<QgsMapLayer*> named = m_project.mapLayersByName(name);
        for (QgsMapLayer* layer : named)
            reach(layer);
    }

    void reach(QgsMapLayer* layer)
    {
        if (layer != nullptr)
            m_reached.insert(layer);
    }

    void reach_all()
    {
        m_found.unsaid = true;
        const QMap<QString, QgsMapLayer*> all = m_project.mapLayers();
        for (QgsMapLayer* layer : all)
            reach(layer);
    }

    /// Values of a field that stand for rows of another table are shown by a name from there.
    void reach_value_relations()
    {
        const auto* vector = qobject_cast<const QgsVectorLayer*>(&m_layer);
        for (int i = 0; vector != nullptr && i < vector->fields().count(); ++i) {
            const QgsEditorWidgetSetup setup = vector->editorWidgetSetup(i);
            if (setup.type() == QLatin1String("ValueRelation"))
                reach(setup.config().value(QStringLiteral("Layer")).toString());
            else if (setup.type() == QLatin1String("RelationReference"))
                reach(m_project.relationManager()->relation(setup.config().value(QStringLiteral("Relation")).toString()).referencedLayer());
        }
    }

    const QgsMapLayer& m_layer;
    const QgsProject& m_project;
    QSet<QgsMapLayer*> m_reached;
    ReachedLayers m_found;
};

}  // namespace

bool asks_beyond_the_row(const QString& expression)
{
    return reaching_word().match(expression).hasMatch();
}

ReachedLayers reached_layers(const QgsMapLayer& layer, const QgsProject& project)
{
    Search search(layer, project);
    if (const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer)) {
        const QgsFields fields = vector->fields();
        for (int i = 0; i < fields.count(); ++i)
            if (fields.fieldOrigin(i) == Qgis::FieldOrigin::Expression)
                search.look_at_field(vector->expressionField(i));
    }
    const QgsMapLayerStyleManager* manager = layer.styleManager();
    const QStringList styles = manager->styles();
    for (const QString& style : styles)
        search.look_at_style(manager->style(style).xmlData());
    // Texts of the legend.
    if (const QgsLayerTreeLayer* node = project.layerTreeRoot()->findLayer(layer.id())) {
        const QStringList keys = node->customProperties();
        for (const QString& key : keys)
            if (key.startsWith(QLatin1String("legend/")))
                search.look_at_style_text(node->customProperty(key).toString());
        search.look_at_style_text(node->labelExpression());
    }
    return search.found();
}

}  // namespace stadtgdi::project
