// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <qgsprocessingprovider.h>

namespace stadtgdi::processing {

/// The provider "stadtgdi" of QGIS Processing: one algorithm for each operation of the visible list.
class Provider : public QgsProcessingProvider {
    Q_OBJECT
public:
    using QgsProcessingProvider::QgsProcessingProvider;
    QString id() const override { return QStringLiteral("stadtgdi"); }
    QString name() const override { return QStringLiteral("StadtGDI"); }
    QString longName() const override;
    void loadAlgorithms() override;
};

/// Adds the provider to QGIS's registry unless it is there; the registry owns it.
Provider* register_provider();

}  // namespace stadtgdi::processing
