// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/compiled_style.hpp>

#include <plugins/bridge/compat.hpp>

#include <qgscategorizedsymbolrenderer.h>
#include <qgsexpression.h>
#include <qgsexpressioncontextutils.h>
#include <qgsexpressionnodeimpl.h>
#include <qgsgraduatedsymbolrenderer.h>
#include <qgsmapclippingutils.h>
#include <qgsmaplayerstylemanager.h>
#include <qgspainteffect.h>
#include <qgspallabeling.h>
#include <qgsproject.h>
#include <qgsrenderer.h>
#include <qgsrulebasedlabeling.h>
#include <qgsrulebasedrenderer.h>
#include <qgsscaleutils.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerfeatureiterator.h>
#include <qgsvectorlayerlabeling.h>
#include <qgsvectorlayerutils.h>

#include <algorithm>
#include <optional>

namespace stadtgdi::render {

using bridge::compat::utf8;

namespace {

using Reason = std::optional<base::Text>;

/// Symbol layers that draw a row by its geometry and their own settings alone.
bool known(const QgsSymbolLayer& layer)
{
    static const QSet<QString> types = {
        QStringLiteral("SimpleMarker"), QStringLiteral("FilledMarker"), QStringLiteral("SvgMarker"), QStringLiteral("FontMarker"), QStringLiteral("EllipseMarker"),
        QStringLiteral("RasterMarker"), QStringLiteral("SimpleLine"), QStringLiteral("MarkerLine"), QStringLiteral("HashLine"), QStringLiteral("ArrowLine"),
        QStringLiteral("SimpleFill"), QStringLiteral("SVGFill"), QStringLiteral("LinePatternFill"), QStringLiteral("PointPatternFill"),
        QStringLiteral("CentroidFill"), QStringLiteral("GradientFill"), QStringLiteral("RasterFill"), QStringLiteral("ShapeburstFill"), QStringLiteral("FilledLine")};
    return types.contains(layer.layerType());
}

/// What of the rows and of the map an expression depends on.
class Dependencies {
public:
    explicit Dependencies(CompiledStyle& style) : m_style(style) {}

    Reason add(const QgsExpression& expression)
    {
        const QSet<QString> variables = expression.referencedVariables();
        for (const QString& variable : variables)
            if (!may_use(variable))
                return base::filled({"an expression uses @{0}", "ein Ausdruck benutzt @{0}"}, utf8(variable));
        const QSet<QString> functions = expression.referencedFunctions();
        for (const QString& function : functions)
            if (!may_call(function))
                return base::filled({"an expression calls {0}()", "ein Ausdruck ruft {0}() auf"}, utf8(function));
        if (Reason reason = add_scale_limits(expression))
            return reason;
        const QSet<QString> columns = expression.referencedColumns();
        for (const QString& column : columns) {
            if (column == QgsFeatureRequest::ALL_ATTRIBUTES) {
                for (int i = 0; i < m_style.fields.count(); ++i)
                    m_style.used_fields.insert(i);
            } else if (const int field = m_style.fields.lookupField(column); field >= 0) {
                m_style.used_fields.insert(field);
            }
        }
        m_style.uses_geometry = m_style.uses_geometry || expression.needsGeometry();
        for (const char* whole_row : {"id", "feature"})
            m_style.uses_id = m_style.uses_id || variables.contains(QLatin1String(whole_row));
        for (const char* whole_row : {"$id", "$currentfeature"})
            m_style.uses_id = m_style.uses_id || functions.contains(QLatin1String(whole_row));
        return {};
    }

    Reason add(const QString& field_or_expression)
    {
        if (field_or_expression.isEmpty())
            return {};
        if (const int field = m_style.fields.lookupField(field_or_expression); field >= 0) {
            m_style.used_fields.insert(field);
            return {};
        }
        return add(QgsExpression(field_or_expression));
    }

private:
    /// Variables that do not change from map to map, and the row itself.
    static bool may_use(const QString& variable)
    {
        static const QSet<QString> fixed = {QStringLiteral("map_scale"), QStringLiteral("feature"), QStringLiteral("id"), QStringLiteral("geometry"), QStringLiteral("layer"),
                                            QStringLiteral("qgis_version"), QStringLiteral("qgis_version_no"), QStringLiteral("qgis_short_version")};
        return fixed.contains(variable) || variable.startsWith(QLatin1String("layer_")) || variable.startsWith(QLatin1String("project_"));
    }

    /// Functions of their arguments and the row.
    static bool may_call(const QString& function)
    {
        static const QSet<QString> not_these = {QStringLiteral("rand"), QStringLiteral("randf"), QStringLiteral("now"), QStringLiteral("uuid"), QStringLiteral("env"),
                                                QStringLiteral("is_selected"), QStringLiteral("num_selected"), QStringLiteral("sqlite_fetch_and_increment"),
                                                QStringLiteral("get_feature"), QStringLiteral("get_feature_by_id"), QStringLiteral("eval"), QStringLiteral("eval_template"),
                                                QStringLiteral("feature_id"), QStringLiteral("is_layer_visible"), QStringLiteral("is_attribute_valid"),
                                                QStringLiteral("is_feature_valid"), QStringLiteral("maptip"), QStringLiteral("display_expression"),
                                                QStringLiteral("load_layer"), QStringLiteral("layer_property"), QStringLiteral("decode_uri")};
        static const QSet<QString> groups = {QStringLiteral("GeometryGroup"), QStringLiteral("Arrays"), QStringLiteral("Math"), QStringLiteral("String"),
                                             QStringLiteral("Color"), QStringLiteral("Date and Time"), QStringLiteral("Record and Attributes"), QStringLiteral("Maps"),
                                             QStringLiteral("Conversions"), QStringLiteral("Conditionals"), QStringLiteral("Fuzzy Matching")};
        if (function == QLatin1String("var"))
            return true;  // by its variable
        if (not_these.contains(function) || function.startsWith(QLatin1String("overlay_")))
            return false;
        const int place = QgsExpression::functionIndex(function);
        return place >= 0 && groups.contains(QgsExpression::Functions().at(place)->group());
    }

    static bool is_map_scale(const QgsExpressionNode* node)
    {
        if (node->nodeType() != QgsExpressionNode::ntFunction)
            return false;
        const auto* call = static_cast<const QgsExpressionNodeFunction*>(node);
        if (QgsExpression::Functions().at(call->fnIndex())->name() != QLatin1String("var") || call->args() == nullptr || call->args()->count() != 1)
            return false;
        const QgsExpressionNode* name = call->args()->at(0);
        return name->nodeType() == QgsExpressionNode::ntLiteral && static_cast<const QgsExpressionNodeLiteral*>(name)->value().toString() == QLatin1String("map_scale");
    }

    static std::optional<double> number_in(const QgsExpressionNode* node)
    {
        if (node->nodeType() != QgsExpressionNode::ntLiteral)
            return {};
        bool is_number = false;
        const double number = static_cast<const QgsExpressionNodeLiteral*>(node)->value().toDouble(&is_number);
        return is_number ? std::optional(number) : std::nullopt;
    }

    /// The scale may be compared with numbers: the answer changes at these.
    Reason add_scale_limits(const QgsExpression& expression)
    {
        const Reason refused = base::Text{"an expression works out something from the scale", "ein Ausdruck rechnet mit dem Maßstab"};
        int uses = 0, compared = 0;
        const QList<const QgsExpressionNode*> nodes = expression.nodes();
        for (const QgsExpressionNode* node : nodes) {
            if (is_map_scale(node))
                ++uses;
            if (node->nodeType() != QgsExpressionNode::ntBinaryOperator)
                continue;
            const auto* comparison = static_cast<const QgsExpressionNodeBinaryOperator*>(node);
            const QgsExpressionNodeBinaryOperator::BinaryOperator op = comparison->op();
            if (op < QgsExpressionNodeBinaryOperator::boEQ || op > QgsExpressionNodeBinaryOperator::boGT)
                continue;
            for (const auto& [scale, limit] : {std::pair(comparison->opLeft(), comparison->opRight()), std::pair(comparison->opRight(), comparison->opLeft())})
                if (const std::optional<double> number = number_in(limit); number && is_map_scale(scale)) {
                    m_style.scale_limits.push_back(*number);
                    ++compared;
                }
        }
        // A variable named by an expression may be the scale too.
        for (const QgsExpressionNode* node : nodes)
            if (node->nodeType() == QgsExpressionNode::ntFunction) {
                const auto* call = static_cast<const QgsExpressionNodeFunction*>(node);
                if (QgsExpression::Functions().at(call->fnIndex())->name() == QLatin1String("var") && call->args() != nullptr && call->args()->count() == 1 &&
                    call->args()->at(0)->nodeType() != QgsExpressionNode::ntLiteral)
                    return refused;
            }
        return uses == compared ? Reason() : refused;
    }

    CompiledStyle& m_style;
};

Reason add_properties(const QgsPropertyCollection& properties, Dependencies& dependencies)
{
    const QSet<int> keys = properties.propertyKeys();
    for (const int key : keys) {
        const QgsProperty property = properties.property(key);
        if (!property.isActive())
            continue;
        if (property.propertyType() == Qgis::PropertyType::Field)
            dependencies.add(property.field());
        else if (property.propertyType() == Qgis::PropertyType::Expression)
            if (Reason reason = dependencies.add(QgsExpression(property.expressionString())))
                return reason;
    }
    return {};
}

Reason look_at(QgsSymbol& symbol, Dependencies& dependencies)
{
    if (symbol.bufferSettings() != nullptr && symbol.bufferSettings()->enabled())
        return base::Text{"a symbol has a buffer", "ein Symbol hat einen Puffer"};
    if (symbol.animationSettings().isAnimated())
        return base::Text{"a symbol is animated", "ein Symbol ist animiert"};
    if (Reason reason = add_properties(symbol.dataDefinedProperties(), dependencies))
        return reason;
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        QgsSymbolLayer& layer = *symbol.symbolLayer(i);
        if (!known(layer))
            return base::filled({"symbol layer {0}", "Symbollayer {0}"}, utf8(layer.layerType()));
        if (layer.paintEffect() != nullptr && layer.paintEffect()->enabled())
            return base::Text{"a symbol layer has an effect", "ein Symbollayer hat einen Effekt"};
        if (Reason reason = add_properties(layer.dataDefinedProperties(), dependencies))
            return reason;
        if (layer.subSymbol() != nullptr)
            if (Reason reason = look_at(*layer.subSymbol(), dependencies))
                return reason;
    }
    return {};
}

Reason look_at_rule(const QgsRuleBasedRenderer::Rule& rule, CompiledStyle& style, Dependencies& dependencies)
{
    if (rule.dependsOnScale()) {
        for (const double limit : {rule.minimumScale(), rule.maximumScale()})
            if (limit != 0)
                style.scale_limits.push_back(limit);
    }
    if (Reason reason = dependencies.add(rule.filterExpression()))
        return reason;
    for (const QgsRuleBasedRenderer::Rule* child : rule.children())
        if (Reason reason = look_at_rule(*child, style, dependencies))
            return reason;
    return {};
}

Reason look_at_renderer(CompiledStyle& style)
{
    Dependencies dependencies(style);
    const QString type = style.renderer->type();
    if (type == QLatin1String("nullSymbol")) {
        style.kind = CompiledStyle::Kind::nothing;
        return {};
    }
    style.kind = CompiledStyle::Kind::symbols;
    Reason reason;
    if (type == QLatin1String("categorizedSymbol")) {
        reason = dependencies.add(static_cast<QgsCategorizedSymbolRenderer&>(*style.renderer).classAttribute());
    } else if (type == QLatin1String("graduatedSymbol")) {
        reason = dependencies.add(static_cast<QgsGraduatedSymbolRenderer&>(*style.renderer).classAttribute());
    } else if (type == QLatin1String("RuleRenderer")) {
        style.kind = CompiledStyle::Kind::rules;
        reason = look_at_rule(*static_cast<QgsRuleBasedRenderer&>(*style.renderer).rootRule(), style, dependencies);
    } else if (type != QLatin1String("singleSymbol")) {
        return base::filled({"renderer {0}", "Darstellung {0}"}, utf8(type));
    }
    if (reason)
        return reason;
    if (style.renderer->paintEffect() != nullptr && style.renderer->paintEffect()->enabled())
        return base::Text{"the layer has an effect", "der Layer hat einen Effekt"};
    if (style.renderer->orderByEnabled())
        return base::Text{"the rows are drawn in an order of their own", "die Objekte werden in eigener Reihenfolge gezeichnet"};
    QgsRenderContext context;
    const QgsSymbolList symbols = style.renderer->symbols(context);
    for (QgsSymbol* symbol : symbols)
        if (symbol != nullptr)
            if ((reason = look_at(*symbol, dependencies)))
                return reason;
    return {};
}

Reason look_at_layer(const QgsVectorLayer& layer, const project::PublishedLayer& published, const CompiledStyle& style)
{
    if (!published.geometry)
        return base::Text{"geometries of several kinds", "Geometrien mehrerer Arten"};
    if (QgsWkbTypes::isCurvedType(layer.wkbType()))
        return base::Text{"curved geometries", "gekrümmte Geometrien"};
    if (layer.featureBlendMode() != QPainter::CompositionMode_SourceOver || layer.blendMode() != QPainter::CompositionMode_SourceOver)
        return base::Text{"a blend mode", "ein Mischmodus"};
    if (!layer.featureRendererGenerators().isEmpty())
        return base::Text{"further renderers", "weitere Darstellungen"};
    if (layer.isEditable())
        return base::Text{"the layer is being edited", "der Layer wird bearbeitet"};
    if (layer.customProperty(QStringLiteral("_noset_layer_expression_context")).toBool())
        return base::Text{"expressions without the layer", "Ausdrücke ohne den Layer"};
    if (style.simplifies && (style.simplify.simplifyAlgorithm() != Qgis::VectorSimplificationAlgorithm::Distance || !style.simplify.forceLocalOptimization()))
        return base::Text{"another way of simplifying", "eine andere Vereinfachung"};
    return {};
}

/// Expressions must see the very values of the source; the columns of a snapshot give these for plain types only.
Reason look_at_fields(const CompiledStyle& style)
{
    static const QSet<int> plain = {QMetaType::Bool, QMetaType::Int, QMetaType::LongLong, QMetaType::Double, QMetaType::QString, QMetaType::QDate, QMetaType::QDateTime};
    for (const int field : style.used_fields)
        if (!plain.contains(static_cast<int>(style.fields.at(field).type())))
            return base::filled({"field {0} of type {1}", "Feld {0} vom Typ {1}"}, utf8(style.fields.at(field).name()), utf8(style.fields.at(field).typeName()));
    return {};
}

using Ranges = std::vector<ScaleRange>;

void add_label_range(CompiledStyle& style, const QgsPalLayerSettings& settings, Ranges ranges)
{
    const QgsPropertyCollection& properties = settings.dataDefinedProperties();
    const bool by_row = properties.isActive(QgsPalLayerSettings::Property::ScaleVisibility) || properties.isActive(QgsPalLayerSettings::Property::MinimumScale) ||
                        properties.isActive(QgsPalLayerSettings::Property::MaximumScale);
    if (!by_row && settings.scaleVisibility && settings.minimumScale >= 0 && settings.maximumScale >= 0)
        ranges.push_back({settings.minimumScale, settings.maximumScale});
    style.label_ranges.push_back(std::move(ranges));
}

void add_label_rule(CompiledStyle& style, const QgsRuleBasedLabeling::Rule& rule, Ranges ranges)
{
    if (!rule.active())
        return;
    ranges.push_back({rule.minimumScale(), rule.maximumScale()});
    if (rule.settings() != nullptr)
        add_label_range(style, *rule.settings(), ranges);
    for (const QgsRuleBasedLabeling::Rule* child : rule.children())
        add_label_rule(style, *child, ranges);
}

void look_at_labels(const QgsVectorLayer& layer, CompiledStyle& style)
{
    if (layer.diagramsEnabled())
        style.label_ranges.emplace_back();
    if (layer.labelsEnabled() && layer.labeling() != nullptr) {
        if (layer.labeling()->type() == QLatin1String("simple"))
            add_label_range(style, layer.labeling()->settings(), {});
        else if (const auto* rules = dynamic_cast<const QgsRuleBasedLabeling*>(layer.labeling()))
            add_label_rule(style, *rules->rootRule(), {});
        else
            style.label_ranges.emplace_back();
    }
    style.masks = !QgsVectorLayerUtils::labelMasks(&layer).isEmpty() || !QgsVectorLayerUtils::symbolLayerMasks(&layer).isEmpty();
    style.above_labels = layer.customProperty(QStringLiteral("rendering/renderAboveLabels")).toBool();
}

std::unique_ptr<CompiledStyle> compile(QgsVectorLayer& layer, const project::PublishedLayer& published, std::unique_ptr<QgsFeatureRenderer> renderer,
                                       const QgsExpressionContext& scopes, bool with_labels)
{
    auto compiled = std::make_unique<CompiledStyle>();
    compiled->fields = layer.fields();
    compiled->subset = !layer.subsetString().isEmpty();
    compiled->crs = layer.crs();
    compiled->opacity = layer.opacity();
    compiled->simplify = layer.simplifyMethod();
    compiled->simplifies = layer.isSpatial() && layer.geometryType() != Qgis::GeometryType::Point &&
                           layer.simplifyMethod().simplifyHints().testFlag(Qgis::VectorRenderingSimplificationFlag::GeometrySimplification);
    compiled->scale_range_set = layer.hasScaleBasedVisibility();
    compiled->scale_range = {layer.minimumScale(), layer.maximumScale()};
    compiled->expressions = scopes;
    if (with_labels)
        look_at_labels(layer, *compiled);

    Reason reason;
    compiled->renderer = std::move(renderer);
    if (!compiled->renderer)
        reason = base::Text{"no renderer", "keine Darstellung"};
    if (!reason)
        reason = look_at_layer(layer, published, *compiled);
    if (!reason)
        reason = look_at_renderer(*compiled);
    if (!reason)
        reason = look_at_fields(*compiled);
    if (reason) {
        compiled->why_not = std::make_shared<const base::Text>(*reason);
        return compiled;
    }
    compiled->symbol_levels = compiled->kind == CompiledStyle::Kind::symbols && compiled->renderer->capabilities().testFlag(QgsFeatureRenderer::SymbolLevels) &&
                              compiled->renderer->usingSymbolLevels();
    compiled->rasterized = compiled->renderer->forceRasterRender();
    compiled->source = std::make_unique<QgsVectorLayerFeatureSource>(&layer);
    std::sort(compiled->scale_limits.begin(), compiled->scale_limits.end());
    compiled->scale_limits.erase(std::unique(compiled->scale_limits.begin(), compiled->scale_limits.end()), compiled->scale_limits.end());
    return compiled;
}

}  // namespace

CompiledStyle::CompiledStyle() = default;

CompiledStyle::~CompiledStyle() = default;

bool ScaleRange::contains(double scale) const
{
    return (most_denominator == 0 || !QgsScaleUtils::equalToOrGreaterThanMinimumScale(scale, most_denominator)) &&
           (least_denominator == 0 || !QgsScaleUtils::lessThanMaximumScale(scale, least_denominator));
}

bool CompiledStyle::has_labels_at(double scale) const
{
    return std::any_of(label_ranges.begin(), label_ranges.end(), [scale](const std::vector<ScaleRange>& ranges) {
        return std::all_of(ranges.begin(), ranges.end(), [scale](const ScaleRange& range) { return range.contains(scale); });
    });
}

std::unique_ptr<CompiledStyle> compile_style(QgsVectorLayer& layer, const project::PublishedLayer& published, const std::string& style,
                                             const QgsExpressionContext& scopes)
{
    if (const QString name = bridge::compat::qstring(style); !name.isEmpty() && name != layer.styleManager()->currentStyle()) {
        // On a copy: QGIS does not give a layer exactly the style back that it had.
        const std::unique_ptr<QgsVectorLayer> copy(layer.clone());
        if (!copy->isValid() || !copy->setId(layer.id()))
            return {};
        layer.styleManager()->style(name).writeToLayer(copy.get());
        copy->setParent(layer.parent());  // expressions know the project by it
        std::unique_ptr<CompiledStyle> of_copy = compile_style(*copy, published, std::string(), scopes);
        // A style brings its own virtual fields; the rows that are held have those of the layer.
        if (of_copy && copy->fields() != layer.fields())
            of_copy->why_not = std::make_shared<const base::Text>(base::Text{"the style has other fields than the layer", "der Stil hat andere Felder als der Layer"});
        return of_copy;
    }
    return compile(layer, published, std::unique_ptr<QgsFeatureRenderer>(layer.renderer() == nullptr ? nullptr : layer.renderer()->clone()), scopes, true);
}

std::unique_ptr<CompiledStyle> compile_style(QgsVectorLayer& layer, const project::PublishedLayer& published, std::unique_ptr<QgsFeatureRenderer> renderer,
                                             const QgsExpressionContext& scopes)
{
    return compile(layer, published, std::move(renderer), scopes, false);
}

}  // namespace stadtgdi::render
