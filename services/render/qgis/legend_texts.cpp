// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/legend_texts.hpp>

#include <layers/catalogue/shown_texts.hpp>
#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/layer_style.hpp>

#include <QFile>
#include <QRegularExpression>

namespace stadtgdi::render {

using base::Language;
using bridge::compat::qstring;

namespace {

QStringList labels_of(const QString& template_text, const catalogue::LayerDefinition& layer, Language language)
{
    static const QRegularExpression label(QStringLiteral("\\blabel=\"([^\"]*)\""));
    QStringList labels;
    for (auto found = label.globalMatch(bridge::with_texts(template_text, layer, language)); found.hasNext();) {
        QString text = found.next().captured(1);
        for (const auto& [escaped, plain] : {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&quot;", "\""), std::pair("&amp;", "&")})
            text.replace(QLatin1String(escaped), QLatin1String(plain));
        labels.push_back(text);
    }
    return labels;
}

}  // namespace

QHash<QString, QString> legend_texts(const catalogue::LayerDefinition& layer, Language language)
{
    QHash<QString, QString> texts;
    const auto add = [&](const base::Text& both) { texts.insert(qstring(both.in(language == Language::de ? Language::en : Language::de)), qstring(both.in(language))); };
    for (const catalogue::FieldDefinition& field : layer.fields) {
        add(catalogue::label_with_unit(field));
        for (const catalogue::Code& code : field.codes)
            add(code.label);
    }
    add(layer.title);
    QFile file(QStringLiteral("%1/qml/%2/%3.qml").arg(bridge::style_folder(), qstring(catalogue::family_of(layer).name), qstring(layer.style)));
    if (layer.style.empty() || !file.open(QIODevice::ReadOnly))
        return texts;
    const QString text = QString::fromUtf8(file.readAll());
    const QStringList from = labels_of(text, layer, language == Language::de ? Language::en : Language::de), to = labels_of(text, layer, language);
    for (int i = 0; i < from.size() && i < to.size(); ++i)
        texts.insert(from[i], to[i]);
    return texts;
}

}  // namespace stadtgdi::render
