// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/style_classes.hpp>

#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/table_writer.hpp>

#include <QDataStream>
#include <qgsfeature.h>
#include <qgsfeatureiterator.h>
#include <qgsfeaturerequest.h>
#include <qgsgeometry.h>
#include <qgsrendercontext.h>
#include <qgsrenderer.h>
#include <qgsrulebasedrenderer.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayerfeatureiterator.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

namespace stadtgdi::render {

namespace {

constexpr std::size_t most_symbols = 4096;

/// A value as the source gives it, not as the column holds it.
QVariant value_as(const QgsField& field, const table::Column& column, std::size_t row)
{
    if (!column.valid(row))
        return bridge::compat::null_of(field.type());
    QVariant value = bridge::value_of(column, row);
    if (field.type() == QMetaType::Int && bridge::compat::type_of(value) == QMetaType::LongLong)
        return QVariant(static_cast<int>(value.toLongLong()));
    return value;
}

template <class F> void each_collection(QgsSymbol& symbol, F&& work)
{
    work(symbol.dataDefinedProperties(), [&symbol](int key, const QgsProperty& property) { symbol.setDataDefinedProperty(static_cast<QgsSymbol::Property>(key), property); });
    for (int i = 0; i < symbol.symbolLayerCount(); ++i) {
        QgsSymbolLayer& layer = *symbol.symbolLayer(i);
        work(layer.dataDefinedProperties(), [&layer](int key, const QgsProperty& property) { layer.setDataDefinedProperty(static_cast<QgsSymbolLayer::Property>(key), property); });
        if (layer.subSymbol() != nullptr)
            each_collection(*layer.subSymbol(), work);
    }
}

bool is_data_defined(const QgsProperty& property)
{
    return property.isActive() && property.propertyType() != Qgis::PropertyType::Static;
}

/// QGIS writes these into the pen or brush of the symbol layer, and leaves there what was written last where there is no value.
bool keeps_last_value(int key)
{
    using Property = QgsSymbolLayer::Property;
    static const QSet<int> keys = {static_cast<int>(Property::StrokeWidth), static_cast<int>(Property::StrokeStyle), static_cast<int>(Property::JoinStyle),
                                   static_cast<int>(Property::CapStyle), static_cast<int>(Property::CustomDash), static_cast<int>(Property::FillStyle)};
    return keys.contains(key);
}

/// The data-defined values of a symbol for the feature of the context; keys in ascending order.
QVariantList values_of(QgsSymbol& symbol, const QgsExpressionContext& context, bool& keeps_values)
{
    QVariantList values;
    each_collection(symbol, [&](const QgsPropertyCollection& properties, auto&&) {
        const QSet<int> keys = properties.propertyKeys();
        for (const int key : std::set<int>(keys.begin(), keys.end())) {
            if (!is_data_defined(properties.property(key)))
                continue;
            bool is_value = false;
            const QVariant value = properties.property(key).value(context, QVariant(), &is_value);
            values.push_back(is_value ? value : QVariant());
            keeps_values = keeps_values || (keeps_last_value(key) && bridge::compat::is_null(values.back()));
        }
    });
    return values;
}

/// A symbol whose data-defined properties have these values for every feature.
std::unique_ptr<QgsSymbol> with_values(const QgsSymbol& symbol, const QVariantList& values)
{
    std::unique_ptr<QgsSymbol> plain(symbol.clone());
    qsizetype next = 0;
    each_collection(*plain, [&](const QgsPropertyCollection& given, auto&& set) {
        const QgsPropertyCollection properties = given;  // setting one changes it
        const QSet<int> keys = properties.propertyKeys();
        for (const int key : std::set<int>(keys.begin(), keys.end())) {
            if (!is_data_defined(properties.property(key)))
                continue;
            const QVariant& value = values.at(static_cast<int>(next++));
            // No value is another thing than no property: the symbol layer takes its own value, but draws as if it could change.
            set(key, bridge::compat::is_null(value) ? QgsProperty::fromExpression(QStringLiteral("NULL")) : QgsProperty::fromValue(value));
        }
    });
    return plain;
}

bool has_data_defined(QgsSymbol& symbol)
{
    bool any = false;
    each_collection(symbol, [&any](const QgsPropertyCollection& properties, auto&&) {
        const QSet<int> keys = properties.propertyKeys();
        any = any || std::any_of(keys.begin(), keys.end(), [&](int key) { return is_data_defined(properties.property(key)); });
    });
    return any;
}

class Classifier {
public:
    Classifier(const CompiledStyle& style, const store::Snapshot& rows, double scale)
        : m_style(style), m_rows(rows), m_renderer(style.renderer->clone()), m_result(std::make_unique<StyleClasses>())
    {
        m_context.setRendererScale(scale);
        QgsExpressionContext expressions = style.expressions;
        auto* map = new QgsExpressionContextScope();
        map->addVariable(QgsExpressionContextScope::StaticVariable(QStringLiteral("map_scale"), scale, true, true));
        expressions << map;
        m_context.setExpressionContext(expressions);
        m_context.expressionContext().setFields(style.fields);
        m_renderer->startRender(m_context, style.fields);
        const QgsSymbolList symbols = m_renderer->symbols(m_context);
        std::set<int> levels;
        for (QgsSymbol* symbol : symbols) {
            if (symbol == nullptr)
                continue;
            m_families.emplace(symbol, static_cast<std::uint32_t>(m_families.size()));
            for (int i = 0; i < symbol->symbolLayerCount(); ++i)
                levels.insert(symbol->symbolLayer(i)->renderingPass());
        }
        if (style.kind == CompiledStyle::Kind::rules || style.symbol_levels)
            m_result->levels.assign(levels.begin(), levels.end());
        if (style.symbol_levels)
            std::erase_if(m_result->levels, [](int level) { return level < 0 || level >= 1000; });  // QGIS passes over others
        for (const int field : style.used_fields)
            m_columns.emplace_back(field, &rows.table.column(static_cast<std::size_t>(field)));
    }

    ~Classifier() { m_renderer->stopRender(m_context); }
    Classifier(const Classifier&) = delete;
    Classifier& operator=(const Classifier&) = delete;

    std::unique_ptr<StyleClasses> run(base::RunContext& run)
    {
        const std::size_t rows = m_rows.table.rows();
        m_result->of_row.resize(rows);
        std::unordered_map<std::string, std::uint32_t> known;
        std::string key;
        for (std::size_t row = 0; row < rows; ++row) {
            if (row % 1024 == 0)
                run.throw_if_stopped();
            if (m_style.uses_geometry || m_style.uses_id) {
                m_result->of_row[row] = class_of(row);
            } else {
                key_of(row, key);
                const auto [found, is_new] = known.try_emplace(key);
                if (is_new)
                    found->second = class_of(row);
                m_result->of_row[row] = found->second;
            }
            if (m_keeps_values) {
                m_result->why_not = std::make_shared<const base::Text>(base::Text{"a pen or brush without a data-defined value keeps that of the row before",
                                                                                  "ein Stift oder Pinsel ohne datendefinierten Wert behält den des Objekts davor"});
                break;
            }
            if (m_result->symbols.size() > most_symbols) {
                m_result->why_not = std::make_shared<const base::Text>(base::filled({"data-defined values give more than {0} symbols", "datendefinierte Werte ergeben mehr als {0} Symbole"},
                                                                                    std::to_string(most_symbols)));
                break;
            }
        }
        m_result->in_window_order = !m_result->why_not && is_in_window_order();
        return std::move(m_result);
    }

private:
    /// Where the source has a filter, or QGIS asks it for that of the renderer, the database may then go by its rows instead of by its spatial index. Which
    /// of both it does is seen by asking it.
    bool is_in_window_order() const
    {
        const QString filter = m_renderer->filter(m_style.fields);
        const bool filters = !filter.isEmpty() && filter != QLatin1String("TRUE");
        if (m_rows.window_order.empty() || (!filters && !m_style.subset))
            return true;
        QgsRectangle window(m_rows.whole.xmin, m_rows.whole.ymin, m_rows.whole.xmax, m_rows.whole.ymax);
        window.scale(0.95);
        QgsFeatureRequest wanted;
        wanted.setFilterRect(window);
        if (filters)
            wanted.setFilterExpression(filter);
        wanted.setSubsetOfAttributes(QgsAttributeList(m_style.used_fields.begin(), m_style.used_fields.end()));
        QgsFeatureIterator features = m_style.source->getFeatures(wanted);
        QgsFeature feature;
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        for (int i = 0; i < 1000 && features.nextFeature(feature); ++i) {
            if (feature.id() < last)
                return true;
            last = feature.id();
        }
        return false;
    }

    /// The values the symbols depend on, as bytes.
    void key_of(std::size_t row, std::string& key) const
    {
        key.clear();
        const auto add = [&key](const auto& value) { key.append(reinterpret_cast<const char*>(&value), sizeof value); };
        for (const auto& [field, column] : m_columns) {
            key.push_back(column->valid(row) ? '1' : '0');
            if (!column->valid(row))
                continue;
            switch (column->type()) {
            case table::Type::boolean: add(column->bools()[row]); break;
            case table::Type::int64: add(column->ints()[row]); break;
            case table::Type::float64: add(column->doubles()[row]); break;
            case table::Type::date: add(column->dates()[row]); break;
            case table::Type::datetime: add(column->datetimes()[row]); break;
            case table::Type::text:
                if (column->is_dictionary()) {
                    add(column->codes()[row]);
                } else {
                    add(column->text(row).size());
                    key.append(column->text(row));
                }
                break;
            }
        }
    }

    QgsFeature feature_of(std::size_t row) const
    {
        QgsFeature feature(m_style.fields, m_rows.fids[row]);
        feature.setValid(true);
        feature.initAttributes(m_style.fields.count());
        for (const auto& [field, column] : m_columns)
            feature.setAttribute(field, value_as(m_style.fields.at(field), *column, row));
        if (m_style.uses_geometry && m_rows.table.geometry().valid(row))
            feature.setGeometry(bridge::geometry_of(m_rows.table.geometry(), row));
        return feature;
    }

    std::uint32_t class_of(std::size_t row)
    {
        const QgsFeature feature = feature_of(row);
        m_context.expressionContext().setFeature(feature);
        std::vector<StyleClasses::Part> parts;
        if (m_style.kind == CompiledStyle::Kind::rules) {
            QgsRuleBasedRenderer::FeatureToRender wanted(feature, 0);
            QgsRuleBasedRenderer::RenderQueue queue;
            for (const int level : m_result->levels)
                queue.append(QgsRuleBasedRenderer::RenderLevel(level));
            static_cast<QgsRuleBasedRenderer&>(*m_renderer).rootRule()->renderFeature(wanted, m_context, queue);
            for (const QgsRuleBasedRenderer::RenderLevel& level : std::as_const(queue))
                for (const QgsRuleBasedRenderer::RenderJob* job : level.jobs)
                    parts.push_back({symbol_for(*job->symbol), level.zIndex});
        } else if (QgsSymbol* symbol = m_renderer->symbolForFeature(feature, m_context)) {
            parts.push_back({symbol_for(*symbol), -1});
        }
        std::string key;
        for (const StyleClasses::Part& part : parts)
            key += std::to_string(part.symbol) + ' ' + std::to_string(part.level) + ' ';
        const auto [found, is_new] = m_classes.try_emplace(key, static_cast<std::uint32_t>(m_result->classes.size()));
        if (is_new)
            m_result->classes.push_back(std::move(parts));
        return found->second;
    }

    std::uint32_t symbol_for(QgsSymbol& symbol)
    {
        const auto [data_defined, is_new] = m_data_defined.try_emplace(&symbol, false);
        if (is_new)
            data_defined->second = has_data_defined(symbol);
        QByteArray values_key;
        QVariantList values;
        if (data_defined->second) {
            values = values_of(symbol, m_context.expressionContext(), m_keeps_values);
            QDataStream stream(&values_key, QIODevice::WriteOnly);
            stream << values;
        }
        const auto [found, is_first] = m_symbols.try_emplace({&symbol, values_key}, static_cast<std::uint32_t>(m_result->symbols.size()));
        if (is_first) {
            m_result->symbols.push_back(with_values(symbol, values));
            m_result->families.push_back(m_families.at(&symbol));
        }
        return found->second;
    }

    const CompiledStyle& m_style;
    const store::Snapshot& m_rows;
    std::unique_ptr<QgsFeatureRenderer> m_renderer;
    QgsRenderContext m_context;
    std::vector<std::pair<int, const table::Column*>> m_columns;  // of the used fields
    std::map<const QgsSymbol*, std::uint32_t> m_families;
    std::map<const QgsSymbol*, bool> m_data_defined;
    bool m_keeps_values = false;  // a row's symbol depends on the row before
    std::map<std::pair<const QgsSymbol*, QByteArray>, std::uint32_t> m_symbols;
    std::map<std::string, std::uint32_t> m_classes;
    std::unique_ptr<StyleClasses> m_result;
};

}  // namespace

std::unique_ptr<StyleClasses> classify(const CompiledStyle& style, const store::Snapshot& rows, double scale, base::RunContext& run)
{
    if (style.kind == CompiledStyle::Kind::nothing) {
        auto nothing = std::make_unique<StyleClasses>();
        nothing->of_row.resize(rows.table.rows());
        nothing->classes.emplace_back();
        return nothing;
    }
    return Classifier(style, rows, scale).run(run);
}

}  // namespace stadtgdi::render
