// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/parameters.hpp>
#include <plugins/bridge/texts.hpp>
#include <algorithm>
#include <limits>

namespace stadtgdi::processing {

using base::Language;
using bridge::text;
using bridge::compat::qstring;
using operation::Geometry;
using operation::Kind;
using operation::Output;
using operation::Parameter;

namespace {

QString label_of(const Parameter& parameter, Language language)
{
    const QString label = text(parameter.label, language);
    if (parameter.unit.empty()) return label;
    const std::string unit = parameter.unit == "m2" ? "m²" : parameter.unit == "m3" ? "m³" : parameter.unit;
    return QStringLiteral("%1 [%2]").arg(label, qstring(unit));
}

Qgis::ProcessingSourceType source_type(Geometry geometry)
{
    switch (geometry) {
    case Geometry::any: return Qgis::ProcessingSourceType::VectorAnyGeometry;
    case Geometry::none: return Qgis::ProcessingSourceType::Vector;
    case Geometry::point: return Qgis::ProcessingSourceType::VectorPoint;
    case Geometry::line: return Qgis::ProcessingSourceType::VectorLine;
    case Geometry::polygon: return Qgis::ProcessingSourceType::VectorPolygon;
    }
    return Qgis::ProcessingSourceType::Vector;
}

QVariant fallback_of(const Parameter& parameter)
{
    if (const auto* flag = std::get_if<bool>(&parameter.fallback)) return *flag;
    if (const auto* whole = std::get_if<std::int64_t>(&parameter.fallback)) return static_cast<qlonglong>(*whole);
    if (const auto* number = std::get_if<double>(&parameter.fallback)) return *number;
    if (const auto* words = std::get_if<std::string>(&parameter.fallback)) return qstring(*words);
    return {};
}

/// QGIS asks for the number of a choice.
QVariant fallback_choice(const Parameter& parameter)
{
    const auto* wanted = std::get_if<std::string>(&parameter.fallback);
    for (std::size_t i = 0; wanted && i < parameter.choices.size(); ++i)
        if (parameter.choices[i].value == *wanted) return static_cast<int>(i);
    return {};
}

QStringList choice_labels(const Parameter& parameter, Language language)
{
    QStringList labels;
    for (const operation::Choice& choice : parameter.choices) labels << (choice.label.empty() ? qstring(choice.value) : text(choice.label, language));
    return labels;
}

Qgis::ProcessingFieldParameterDataType field_type(const Parameter& parameter)
{
    const auto all = [&](auto fits) { return !parameter.types.empty() && std::all_of(parameter.types.begin(), parameter.types.end(), fits); };
    if (all([](table::Type type) { return type == table::Type::int64 || type == table::Type::float64; })) return Qgis::ProcessingFieldParameterDataType::Numeric;
    if (all([](table::Type type) { return type == table::Type::text; })) return Qgis::ProcessingFieldParameterDataType::String;
    if (all([](table::Type type) { return type == table::Type::date || type == table::Type::datetime; })) return Qgis::ProcessingFieldParameterDataType::DateTime;
    return Qgis::ProcessingFieldParameterDataType::Any;
}

std::unique_ptr<QgsProcessingParameterDefinition> number(const Parameter& parameter, const QString& name, const QString& label, Qgis::ProcessingNumberParameterType type)
{
    return std::make_unique<QgsProcessingParameterNumber>(name, label, type, fallback_of(parameter), parameter.optional,
                                                          parameter.minimum.value_or(std::numeric_limits<double>::lowest() + 1),
                                                          parameter.maximum.value_or(std::numeric_limits<double>::max()));
}

std::unique_ptr<QgsProcessingParameterDefinition> made(const Parameter& parameter, Language language)
{
    const QString name = qstring(parameter.name);
    const QString label = label_of(parameter, language);
    switch (parameter.kind) {
    case Kind::layer:
        return std::make_unique<QgsProcessingParameterFeatureSource>(name, label, QList<int>{static_cast<int>(source_type(parameter.geometry))}, QVariant(), parameter.optional);
    case Kind::field:
        return std::make_unique<QgsProcessingParameterField>(name, label, fallback_of(parameter), qstring(parameter.of), field_type(parameter), false, parameter.optional);
    case Kind::number: return number(parameter, name, label, Qgis::ProcessingNumberParameterType::Double);
    case Kind::integer: return number(parameter, name, label, Qgis::ProcessingNumberParameterType::Integer);
    case Kind::boolean: return std::make_unique<QgsProcessingParameterBoolean>(name, label, fallback_of(parameter), parameter.optional);
    case Kind::text: return std::make_unique<QgsProcessingParameterString>(name, label, fallback_of(parameter), false, parameter.optional);
    case Kind::choice:
        return std::make_unique<QgsProcessingParameterEnum>(name, label, choice_labels(parameter, language), false, fallback_choice(parameter), parameter.optional);
    case Kind::crs: return std::make_unique<QgsProcessingParameterCrs>(name, label, fallback_of(parameter), parameter.optional);
    case Kind::extent: return std::make_unique<QgsProcessingParameterExtent>(name, label, QVariant(), parameter.optional);
    }
    return {};
}

}  // namespace

std::unique_ptr<QgsProcessingParameterDefinition> parameter_of(const Parameter& parameter, Language language)
{
    auto definition = made(parameter, language);
    QString help = text(parameter.help, language);
    if (parameter.kind == Kind::field && parameter.optional && definition->defaultValue().isValid()) {
        // A layer without the usual column must not be refused: the operation does without, as its declaration says.
        const QString usual = definition->defaultValue().toString();
        help += (language == Language::de ? QStringLiteral(" Üblich: %1.") : QStringLiteral(" Usually: %1.")).arg(usual);
    }
    definition->setHelp(help.trimmed());
    return definition;
}

QString output_name(const Output& output, const operation::Operation& operation)
{
    return operation.find(output.name) ? qstring(output.name) + QStringLiteral("_result") : qstring(output.name);
}

std::unique_ptr<QgsProcessingParameterDefinition> output_of(const Output& output, const operation::Operation& operation, Language language)
{
    Geometry geometry = output.geometry;
    if (const Parameter* copied = operation.find(output.copies)) geometry = copied->geometry;
    return std::make_unique<QgsProcessingParameterFeatureSink>(output_name(output, operation), text(output.label, language), source_type(geometry), QVariant(), output.optional,
                                                               !output.optional);
}

}  // namespace stadtgdi::processing
