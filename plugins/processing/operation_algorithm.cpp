// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/operation_algorithm.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <plugins/bridge/run_context.hpp>
#include <plugins/bridge/table_writer.hpp>
#include <plugins/bridge/texts.hpp>
#include <plugins/processing/findings.hpp>
#include <plugins/processing/help.hpp>
#include <plugins/processing/inputs.hpp>
#include <plugins/processing/parameters.hpp>
#include <qgscoordinatereferencesystem.h>
#include <qgsfeaturesink.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingfeedback.h>
#include <qgsprocessingutils.h>

namespace stadtgdi::processing {

using base::Error;
using base::ErrorKind;
using bridge::text;
using bridge::compat::qstring;

namespace {

const QString findings_name = QStringLiteral("findings");

/// Runs the work and turns our errors into QGIS's; a cancelled run ends quietly.
template <class Work> bool guarded(Work work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled) return false;
        throw bridge::processing_exception(error);
    }
}

}  // namespace

QString OperationAlgorithm::name() const
{
    return qstring(m_operation.id);
}

QString OperationAlgorithm::displayName() const
{
    return text(m_operation.title);
}

QString OperationAlgorithm::groupId() const
{
    return qstring(m_operation.id.substr(0, m_operation.id.find('.')));
}

QString OperationAlgorithm::group() const
{
    const QString id = groupId();
    for (const catalogue::LayerFamily& family : catalogue::all_families())
        if (qstring(family.name) == id) return text(family.title);
    return id;
}

QString OperationAlgorithm::shortDescription() const
{
    return text(m_operation.abstract);
}

QString OperationAlgorithm::shortHelpString() const
{
    return help_of(m_operation, bridge::language());
}

QStringList OperationAlgorithm::tags() const
{
    // Found in both languages, whatever the interface speaks.
    return {qstring(m_operation.id), qstring(m_operation.title.en), qstring(m_operation.title.de), QStringLiteral("StadtGDI")};
}

OperationAlgorithm* OperationAlgorithm::createInstance() const
{
    return new OperationAlgorithm(m_operation);
}

void OperationAlgorithm::initAlgorithm(const QVariantMap&)
{
    const base::Language language = bridge::language();
    for (const operation::Parameter& parameter : m_operation.parameters) addParameter(parameter_of(parameter, language).release());
    for (const operation::Output& output : m_operation.outputs) addParameter(output_of(output, m_operation, language).release());
    addParameter(new QgsProcessingParameterFeatureSink(findings_name, text({"Findings", "Befunde"}, language), Qgis::ProcessingSourceType::Vector, QVariant(), true, false));
}

bool OperationAlgorithm::checkParameterValues(const QVariantMap& parameters, QgsProcessingContext& context, QString* message) const
{
    QVariantMap given = parameters;
    // The usual column of an optional field is filled in by the dialog although the layer may lack it: prepareAlgorithm
    // drops it, so it must not be refused here.
    for (const operation::Parameter& parameter : m_operation.parameters) {
        const auto* usual = std::get_if<std::string>(&parameter.fallback);
        if (parameter.kind == operation::Kind::field && parameter.optional && usual && given.value(qstring(parameter.name)).toString() == qstring(*usual))
            given.remove(qstring(parameter.name));
    }
    return QgsProcessingAlgorithm::checkParameterValues(given, context, message);
}

bool OperationAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback)
{
    return guarded([&] {
        bridge::FeedbackRun run(feedback);
        m_inputs = inputs_of(*this, m_operation, parameters, context, run.context());
        bridge::push_findings(run.context().take_findings(), *feedback);
    });
}

QVariantMap OperationAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback)
{
    QVariantMap written;
    const auto write = [&](const QString& name, const table::Table& table, base::RunContext& run) {
        QString id;
        const std::unique_ptr<QgsFeatureSink> sink(parameterAsSink(parameters, name, context, id, bridge::fields_of(table.schema()),
                                                                   bridge::wkb_type_of(table.schema()), bridge::crs_of(table.schema())));
        if (!sink) return;  // an optional output nobody asked for
        bridge::write_features(table, *sink, run);
        sink->flushBuffer();
        written.insert(name, id);
    };
    guarded([&] {
        bridge::FeedbackRun run(feedback);
        const std::string crs = crs_of_layers(m_inputs);
        operation::Results results = operation::run(m_operation, std::move(m_inputs), run.context());
        for (const operation::Output& output : m_operation.outputs)
            if (const auto made = results.tables.find(output.name); made != results.tables.end()) write(output_name(output, m_operation), made->second, run.context());
        bridge::push_findings(results.findings, *feedback);
        write(findings_name, findings_table(results.findings, crs, bridge::language()), run.context());
    });
    m_inputs = {};
    return written;
}

}  // namespace stadtgdi::processing
