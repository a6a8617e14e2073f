// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/provider.hpp>
#include <layers/operation/operation.hpp>
#include <plugins/bridge/texts.hpp>
#include <plugins/processing/operation_algorithm.hpp>
#include <qgsapplication.h>
#include <qgsprocessingregistry.h>

namespace stadtgdi::processing {

QString Provider::longName() const
{
    return bridge::text({"StadtGDI: analyses of city layers", "StadtGDI: Analysen städtischer Fachdaten"});
}

void Provider::loadAlgorithms()
{
    for (const operation::Operation& operation : operation::all_operations()) addAlgorithm(new OperationAlgorithm(operation));
}

Provider* register_provider()
{
    QgsProcessingRegistry* registry = QgsApplication::processingRegistry();
    if (registry->providerById(QStringLiteral("stadtgdi"))) return nullptr;
    auto* provider = new Provider;
    return registry->addProvider(provider) ? provider : nullptr;
}

}  // namespace stadtgdi::processing
