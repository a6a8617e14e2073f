// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/layer_form.hpp>
#include <layers/catalogue/field_role.hpp>
#include <layers/catalogue/shown_texts.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsattributeeditorcontainer.h>
#include <qgsattributeeditorfield.h>
#include <qgsdefaultvalue.h>
#include <qgseditformconfig.h>
#include <qgseditorwidgetsetup.h>
#include <qgsexpression.h>
#include <qgsvectorlayer.h>
#include <string>

namespace stadtgdi::bridge {

using base::Language;
using catalogue::FieldDefinition;
using table::Type;

namespace {

QgsEditorWidgetSetup code_list(const FieldDefinition& field, Language language)
{
    QVariantList items;  // a list keeps the declared order, a map would sort by label
    for (const catalogue::Code& code : field.codes) {
        const QString label = text(code.label, language);
        items.append(QVariantMap{{label.isEmpty() ? compat::qstring(code.value) : label, compat::qstring(code.value)}});
    }
    return {QStringLiteral("ValueMap"), {{QStringLiteral("map"), items}}};
}

QgsEditorWidgetSetup moment(bool with_time, Language language)
{
    const QString date = language == Language::de ? QStringLiteral("dd.MM.yyyy") : QStringLiteral("yyyy-MM-dd");
    return {QStringLiteral("DateTime"),
            {{QStringLiteral("display_format"), with_time ? date + QStringLiteral(" HH:mm:ss") : date},
             {QStringLiteral("field_format"), with_time ? QStringLiteral("yyyy-MM-dd HH:mm:ss") : QStringLiteral("yyyy-MM-dd")},
             {QStringLiteral("field_iso_format"), false},
             {QStringLiteral("calendar_popup"), true},
             {QStringLiteral("allow_null"), true}}};
}

QgsEditorWidgetSetup range(const FieldDefinition& field)
{
    const bool whole = field.type == Type::int64;
    QVariantMap config{{QStringLiteral("Min"), field.minimum.value_or(-1e9)},
                       {QStringLiteral("Max"), field.maximum.value_or(1e9)},
                       {QStringLiteral("Step"), whole ? 1.0 : 0.1},
                       {QStringLiteral("Precision"), whole ? 0 : 2},
                       {QStringLiteral("AllowNull"), true},
                       {QStringLiteral("Style"), QStringLiteral("SpinBox")}};
    if (!field.unit.empty()) config.insert(QStringLiteral("Suffix"), QStringLiteral(" ") + compat::qstring(catalogue::shown_unit(field.unit)));
    return {QStringLiteral("Range"), config};
}

QgsEditorWidgetSetup widget_of(const FieldDefinition& field, Language language)
{
    if (!field.codes.empty()) return code_list(field, language);
    switch (field.type) {
    case Type::boolean: return {QStringLiteral("CheckBox"), {{QStringLiteral("TextDisplayMethod"), 0}}};
    case Type::date: return moment(false, language);
    case Type::datetime: return moment(true, language);
    case Type::int64:
    case Type::float64:
        if (field.minimum || field.maximum) return range(field);
        [[fallthrough]];
    case Type::text: break;
    }
    return {QStringLiteral("TextEdit"), {{QStringLiteral("IsMultiline"), false}, {QStringLiteral("UseHtml"), false}}};
}

/// Two pages: the facts, then where they come from, which is seldom typed. Columns of the user's own stand with the facts. Names stand above their
/// fields in two columns: beside them the longest name would leave too little room to read what is chosen.
void lay_out(QgsEditFormConfig& form, const QgsVectorLayer& map_layer, const catalogue::LayerDefinition& layer, Language language)
{
    form.clearTabs();
    form.setLayout(Qgis::AttributeFormLayout::DragAndDrop);
    auto* facts = new QgsAttributeEditorContainer(text(layer.title, language), nullptr);  // the form takes them over
    auto* provenance = new QgsAttributeEditorContainer(language == Language::de ? QStringLiteral("Erfassung") : QStringLiteral("Capture"), nullptr);
    const QgsFields fields = map_layer.fields();
    for (int place = 0; place < fields.count(); ++place) {
        const QString name = fields.at(place).name();
        if (name == QLatin1String("fid")) continue;
        form.setLabelOnTop(place, true);
        QgsAttributeEditorContainer* page = catalogue::common_role(compat::utf8(name)) == catalogue::FieldRole::fact ? facts : provenance;
        page->addChildElement(new QgsAttributeEditorField(name, place, page));
    }
    for (QgsAttributeEditorContainer* page : {facts, provenance}) {
        page->setType(Qgis::AttributeEditorContainerType::Tab);
        page->setColumnCount(2);
        form.addTab(page);
    }
}

bool is_identity(const FieldDefinition& field)
{
    return field.fallback == "uuid()" || field.fallback == "now()";
}

void apply_constraints(QgsVectorLayer& map_layer, int place, const FieldDefinition& field, Language language)
{
    if (field.required) map_layer.setFieldConstraint(place, QgsFieldConstraints::ConstraintNotNull);
    if (field.unique) map_layer.setFieldConstraint(place, QgsFieldConstraints::ConstraintUnique);
    if (!field.minimum && !field.maximum) return;
    const QString name = QgsExpression::quotedColumnRef(compat::qstring(field.name));
    QStringList rules;
    QStringList said;
    if (field.minimum) {
        const QString number = compat::qstring(table::number_text(*field.minimum));
        rules << QStringLiteral("%1 >= %2").arg(name, number);
        said << QStringLiteral("≥ %1").arg(number);
    }
    if (field.maximum) {
        const QString number = compat::qstring(table::number_text(*field.maximum));
        rules << QStringLiteral("%1 <= %2").arg(name, number);
        said << QStringLiteral("≤ %1").arg(number);
    }
    map_layer.setConstraintExpression(place, QStringLiteral("%1 IS NULL OR (%2)").arg(name, rules.join(QStringLiteral(" AND "))),
                                      alias_of(field, language) + QStringLiteral(" ") + said.join(QStringLiteral(", ")));
    map_layer.setFieldConstraint(place, QgsFieldConstraints::ConstraintExpression);
}

}  // namespace

QString alias_of(const FieldDefinition& field, Language language)
{
    return text(catalogue::label_with_unit(field), language);
}

QString default_expression(const FieldDefinition& field)
{
    if (field.fallback.empty()) return {};
    if (field.fallback == "uuid()") return QStringLiteral("uuid('WithoutBraces')");
    if (field.fallback == "now()") return QStringLiteral("now()");
    if (field.fallback == "today()") return QStringLiteral("to_date(now())");
    const QString literal = compat::qstring(field.fallback);
    switch (field.type) {
    case Type::boolean: return literal == QLatin1String("true") || literal == QLatin1String("1") ? QStringLiteral("true") : QStringLiteral("false");
    case Type::int64:
    case Type::float64: return literal;
    case Type::date: return QStringLiteral("to_date(%1)").arg(QgsExpression::quotedString(literal));
    case Type::datetime: return QStringLiteral("to_datetime(%1)").arg(QgsExpression::quotedString(literal));
    case Type::text: break;
    }
    return QgsExpression::quotedString(literal);
}

void apply_form(QgsVectorLayer& map_layer, const catalogue::LayerDefinition& layer, Language language)
{
    QgsEditFormConfig form = map_layer.editFormConfig();
    const QgsFields fields = map_layer.fields();
    for (int place = 0; place < fields.count(); ++place) {
        const std::string name = compat::utf8(fields.at(place).name());
        const FieldDefinition* field = layer.find(name);
        if (!field) {
            if (name != "fid") continue;  // a column of the user's own stays as QGIS shows it
            map_layer.setEditorWidgetSetup(place, QgsEditorWidgetSetup(QStringLiteral("Hidden"), {}));
            map_layer.setFieldConfigurationFlag(place, Qgis::FieldConfigurationFlag::HideFromWms, true);
            map_layer.setFieldConfigurationFlag(place, Qgis::FieldConfigurationFlag::HideFromWfs, true);
            continue;
        }
        map_layer.setFieldAlias(place, alias_of(*field, language));
        map_layer.setEditorWidgetSetup(place, widget_of(*field, language));
        apply_constraints(map_layer, place, *field, language);
        const QString expression = default_expression(*field);
        if (!expression.isEmpty()) map_layer.setDefaultValueDefinition(place, QgsDefaultValue(expression, false));
        form.setReadOnly(place, is_identity(*field));
        const bool hidden = field->disclosure != catalogue::Disclosure::open;
        map_layer.setFieldConfigurationFlag(place, Qgis::FieldConfigurationFlag::HideFromWms, hidden);
        map_layer.setFieldConfigurationFlag(place, Qgis::FieldConfigurationFlag::HideFromWfs, hidden);
    }
    lay_out(form, map_layer, layer, language);
    map_layer.setEditFormConfig(form);
}

}  // namespace stadtgdi::bridge
