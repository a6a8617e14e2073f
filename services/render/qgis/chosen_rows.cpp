// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/chosen_rows.hpp>

#include <QMetaType>
#include <QVariant>
#include <qgsexpression.h>
#include <qgsexpressioncontext.h>
#include <qgsexpressionfunction.h>

#include <algorithm>
#include <utility>

namespace stadtgdi::render {

struct ChosenRows {
    std::vector<std::shared_ptr<const std::vector<std::int64_t>>> of_layer;  // shared with the map
};
using SharedChosenRows = std::shared_ptr<const ChosenRows>;  // shared by copies of the scope

}  // namespace stadtgdi::render

Q_DECLARE_METATYPE(stadtgdi::render::SharedChosenRows)

namespace stadtgdi::render {

namespace {

const char* const chosen_variable = "_stadtgdi_chosen_rows";
const char* const chosen_function = "stadtgdi_is_chosen";

class IsChosen : public QgsExpressionFunction {
public:
    IsChosen() : QgsExpressionFunction(QString::fromLatin1(chosen_function), 2, QString()) {}
    QVariant func(const QVariantList& values, const QgsExpressionContext* context, QgsExpression*, const QgsExpressionNodeFunction*) override
    {
        if (context == nullptr)
            return false;
        const auto chosen = context->variable(QString::fromLatin1(chosen_variable)).value<SharedChosenRows>();
        const int layer = values.at(0).toInt();
        if (!chosen || layer < 0 || std::cmp_greater_equal(layer, chosen->of_layer.size()) || !chosen->of_layer[static_cast<std::size_t>(layer)])
            return false;
        return std::ranges::binary_search(*chosen->of_layer[static_cast<std::size_t>(layer)], static_cast<std::int64_t>(values.at(1).toLongLong()));
    }
};

}  // namespace

void register_chosen_rows()
{
    QgsExpression::registerFunction(new IsChosen, true);
}

QgsExpressionContextScope* chosen_rows_scope(const MapSpec& spec)
{
    auto chosen = std::make_shared<ChosenRows>();
    for (const MapSpec::Layer& layer : spec.layers)
        chosen->of_layer.push_back(layer.chosen);
    if (std::ranges::none_of(chosen->of_layer, [](const auto& rows) { return rows != nullptr; }))
        return nullptr;
    auto* scope = new QgsExpressionContextScope(QStringLiteral("chosen rows"));
    scope->addVariable(QgsExpressionContextScope::StaticVariable(QString::fromLatin1(chosen_variable), QVariant::fromValue(SharedChosenRows(std::move(chosen))), true, true));
    return scope;
}

QString is_chosen_expression(std::size_t layer)
{
    return QStringLiteral("%1(%2, $id)").arg(QString::fromLatin1(chosen_function)).arg(layer);
}

}  // namespace stadtgdi::render
