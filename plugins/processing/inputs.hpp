// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <QVariantMap>

class QgsProcessingAlgorithm;
class QgsProcessingContext;

namespace stadtgdi::processing {

/// Values of a run as QGIS's dialog, batch, model or script gives them. Layers are read into tables, with the selection
/// and the filter that the user asked for.
operation::Inputs inputs_of(const QgsProcessingAlgorithm& algorithm, const operation::Operation& operation, const QVariantMap& parameters,
                            QgsProcessingContext& context, base::RunContext& run);

}  // namespace stadtgdi::processing
