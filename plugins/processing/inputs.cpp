// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/inputs.hpp>
#include <plugins/bridge/table_reader.hpp>
#include <plugins/bridge/texts.hpp>
#include <plugins/processing/parameters.hpp>
#include <qgsprocessingalgorithm.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingparameters.h>
#include <qgsprocessingutils.h>

namespace stadtgdi::processing {

using bridge::compat::qstring;
using bridge::compat::utf8;
using operation::Inputs;
using operation::Kind;
using operation::Parameter;
using operation::Value;

namespace {

/// What one run hands over; the parse functions of QgsProcessingParameters read it.
struct Given {
    const QgsProcessingAlgorithm& algorithm;
    const operation::Operation& operation;
    const QVariantMap& parameters;
    QgsProcessingContext& context;

    const QgsProcessingParameterDefinition* definition(const std::string& name) const { return algorithm.parameterDefinition(qstring(name)); }
    bool has(const std::string& name) const
    {
        const QVariant value = parameters.value(qstring(name));
        if (!value.isValid() || bridge::compat::is_null(value)) return false;
        return bridge::compat::type_of(value) != QMetaType::QString || !value.toString().isEmpty();
    }
};

table::Table read_layer(const Given& given, const Parameter& parameter, base::RunContext& run)
{
    const std::unique_ptr<QgsProcessingFeatureSource> source(
        QgsProcessingParameters::parameterAsSource(given.definition(parameter.name), given.parameters, given.context));
    if (!source) {
        throw base::Error(base::ErrorKind::not_found, base::filled({"The layer for '{0}' could not be opened.", "Die Ebene für „{0}“ konnte nicht geöffnet werden."},
                                                                   parameter.name));
    }
    // Invalid shapes are the operation's business: it repairs them or reports a finding.
    source->setInvalidGeometryCheck(Qgis::InvalidGeometryCheck::NoCheck);
    return bridge::read_features(*source, run).table;
}

/// The extent in the CRS of the parameter that it belongs to.
Value read_extent(const Given& given, const Parameter& parameter, const Inputs& inputs)
{
    QgsCoordinateReferenceSystem crs;
    const Parameter* owner = given.operation.find(parameter.of);
    if (owner && owner->kind == Kind::crs) crs = QgsProcessingParameters::parameterAsCrs(given.definition(owner->name), given.parameters, given.context);
    if (owner && owner->kind == Kind::layer && inputs.tables.contains(owner->name) && inputs.table(owner->name).has_geometry())
        crs = QgsCoordinateReferenceSystem::fromOgcWmsCrs(qstring(inputs.table(owner->name).geometry().crs()));
    const QgsRectangle box = QgsProcessingParameters::parameterAsExtent(given.definition(parameter.name), given.parameters, given.context, crs);
    if (box.isNull()) return {};
    return table::Box{box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()};
}

Value read_value(const Given& given, const Parameter& parameter)
{
    const QgsProcessingParameterDefinition* definition = given.definition(parameter.name);
    switch (parameter.kind) {
    case Kind::number: return QgsProcessingParameters::parameterAsDouble(definition, given.parameters, given.context);
    case Kind::integer: return static_cast<std::int64_t>(QgsProcessingParameters::parameterAsInt(definition, given.parameters, given.context));
    case Kind::boolean: return QgsProcessingParameters::parameterAsBoolean(definition, given.parameters, given.context);
    case Kind::choice: {
        const int place = QgsProcessingParameters::parameterAsEnum(definition, given.parameters, given.context);
        if (place < 0 || static_cast<std::size_t>(place) >= parameter.choices.size()) return {};
        return parameter.choices[static_cast<std::size_t>(place)].value;
    }
    case Kind::crs: return bridge::crs_text(QgsProcessingParameters::parameterAsCrs(definition, given.parameters, given.context));
    default: return utf8(QgsProcessingParameters::parameterAsString(definition, given.parameters, given.context));
    }
}

}  // namespace

Inputs inputs_of(const QgsProcessingAlgorithm& algorithm, const operation::Operation& operation, const QVariantMap& parameters,
                 QgsProcessingContext& context, base::RunContext& run)
{
    const Given given{algorithm, operation, parameters, context};
    Inputs inputs;
    for (const Parameter& parameter : operation.parameters)
        if (parameter.kind == Kind::layer && given.has(parameter.name)) inputs.tables.emplace(parameter.name, read_layer(given, parameter, run));
    for (const Parameter& parameter : operation.parameters) {
        // What was not given gets the default of the declaration, the same as at every other door.
        if (parameter.kind == Kind::layer || !given.has(parameter.name)) continue;
        Value value = parameter.kind == Kind::extent ? read_extent(given, parameter, inputs) : read_value(given, parameter);
        // The dialog fills in the usual column; an optional one that this layer lacks counts as not given.
        const bool absent = parameter.kind == Kind::field && parameter.optional && inputs.tables.contains(parameter.of) &&
                            value == parameter.fallback && !inputs.table(parameter.of).find(std::get<std::string>(value));
        if (!absent) inputs.values[parameter.name] = std::move(value);
    }
    for (const operation::Output& output : operation.outputs)
        if (output.optional && given.has(utf8(output_name(output, operation)))) inputs.wanted.push_back(output.name);
    return inputs;
}

}  // namespace stadtgdi::processing
