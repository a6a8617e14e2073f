// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <qgsprocessingalgorithm.h>

namespace stadtgdi::processing {

/// Any declared operation as an algorithm of QGIS Processing: dialog, help and outputs come from the declaration. Layers
/// are read into tables in prepareAlgorithm (QGIS's thread of the layers), the rest runs on tables alone.
class OperationAlgorithm : public QgsProcessingAlgorithm {
public:
    explicit OperationAlgorithm(const operation::Operation& operation) : m_operation(operation) {}

    QString name() const override;
    QString displayName() const override;
    QString group() const override;
    QString groupId() const override;
    QString shortDescription() const override;
    QString shortHelpString() const override;
    QStringList tags() const override;
    void initAlgorithm(const QVariantMap& configuration) override;
    bool checkParameterValues(const QVariantMap& parameters, QgsProcessingContext& context, QString* message) const override;

protected:
    OperationAlgorithm* createInstance() const override;
    bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
    QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;

private:
    const operation::Operation& m_operation;  // of the list that lives as long as the program
    operation::Inputs m_inputs;
};

}  // namespace stadtgdi::processing
