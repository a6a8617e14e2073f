// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <qgsprocessingparameters.h>
#include <memory>

namespace stadtgdi::processing {

/// The parameter of QGIS's dialog for a declared one: label with unit, default, range, choices, help.
std::unique_ptr<QgsProcessingParameterDefinition> parameter_of(const operation::Parameter& parameter, base::Language language);

/// An output and a parameter may have the same name (zones in, zones out); QGIS wants them apart: "zones_result".
QString output_name(const operation::Output& output, const operation::Operation& operation);

/// The output layer of a declared output; optional ones are made only where a place for them is given.
std::unique_ptr<QgsProcessingParameterDefinition> output_of(const operation::Output& output, const operation::Operation& operation, base::Language language);

}  // namespace stadtgdi::processing
