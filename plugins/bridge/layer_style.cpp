// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/layer_style.hpp>
#include <layers/base/data_folders.hpp>
#include <plugins/bridge/layer_form.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsmaplayer.h>
#include <QDir>
#include <QDomDocument>
#include <QFile>
#include <QRegularExpression>
#include <algorithm>

namespace stadtgdi::bridge {

using base::Error;
using base::ErrorKind;
using base::Language;
using catalogue::LayerDefinition;

namespace {

QString text_of_code(const QString& path, const LayerDefinition& layer, Language language)
{
    const auto* field = layer.find(compat::utf8(path.section(QLatin1Char('.'), 0, 0)));
    if (!field) return {};
    const std::string value = compat::utf8(path.section(QLatin1Char('.'), 1));
    const auto code = std::find_if(field->codes.begin(), field->codes.end(), [&](const catalogue::Code& each) { return each.value == value; });
    return code == field->codes.end() ? QString() : text(code->label, language);
}

/// "en:Lime|de:Linde"
QString text_of_languages(const QString& both, Language language)
{
    const QString wanted = language == Language::de ? QStringLiteral("de:") : QStringLiteral("en:");
    for (const QString& one : both.split(QLatin1Char('|')))
        if (one.startsWith(wanted)) return one.mid(wanted.size());
    return {};
}

/// For XML; null stays null.
QString escaped(const QString& plain)
{
    return plain.isNull() ? plain : plain.toHtmlEscaped();
}

QString text_of_token(const QString& token, const LayerDefinition& layer, Language language)
{
    if (token == QLatin1String("title")) return escaped(text(layer.title, language));
    const QString kind = token.section(QLatin1Char(':'), 0, 0);
    const QString rest = token.section(QLatin1Char(':'), 1);
    if (kind == QLatin1String("code")) return escaped(text_of_code(rest, layer, language));
    if (kind == QLatin1String("field")) {
        const auto* field = layer.find(compat::utf8(rest));
        return field ? escaped(alias_of(*field, language)) : QString();
    }
    return text_of_languages(token, language);  // stands in the XML already escaped
}

}  // namespace

QString style_folder()
{
    std::string looked_in;
    for (const std::filesystem::path& place : base::data_folders("styles", "STADTGDI_STYLES", STADTGDI_SOURCE_STYLES)) {
        const QString folder = QString::fromStdU16String(place.u16string());
        if (QDir(folder + QStringLiteral("/qml")).exists()) return folder;
        looked_in += (looked_in.empty() ? "" : ", ") + compat::utf8(folder);
    }
    throw Error(ErrorKind::not_found, base::filled({"The folder of the styles was not found (looked in: {0}). Install StadtGDI as a whole or set STADTGDI_STYLES.",
                                                    "Der Ordner mit den Stilen wurde nicht gefunden (gesucht in: {0}). StadtGDI vollständig installieren oder STADTGDI_STYLES setzen."},
                                                   looked_in.empty() ? "-" : looked_in));
}

QString with_texts(const QString& qml, const LayerDefinition& layer, Language language)
{
    static const QRegularExpression token(QStringLiteral(R"(\{(title|code:[^{}]+|field:[^{}]+|en:[^{}]*\|de:[^{}]*)\})"));
    QString result;
    result.reserve(qml.size());
    decltype(qml.size()) from = 0;
    for (auto it = token.globalMatch(qml); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString found = text_of_token(match.captured(1), layer, language);
        result += qml.mid(from, match.capturedStart() - from);
        result += found.isNull() ? match.captured(0) : found;
        from = match.capturedEnd();
    }
    return result + qml.mid(from);
}

bool apply_style(QgsMapLayer& map_layer, const LayerDefinition& layer, Language language)
{
    if (layer.style.empty()) return false;
    const QString path = QStringLiteral("%1/qml/%2/%3.qml")
                             .arg(style_folder(), compat::qstring(catalogue::family_of(layer).name), compat::qstring(layer.style));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        throw Error(ErrorKind::not_found, base::filled({"Layer {0}: the style {1} cannot be read.", "Ebene {0}: der Stil {1} ist nicht lesbar."},
                                                       layer.name, compat::utf8(path)));
    }
    QDomDocument document;
    QString why;
    const bool parsed = compat::parse(document, with_texts(QString::fromUtf8(file.readAll()), layer, language), why);
    if (!parsed || !map_layer.importNamedStyle(document, why, QgsMapLayer::Symbology | QgsMapLayer::Labeling)) {
        throw Error(ErrorKind::bad_data, base::filled({"Layer {0}: QGIS does not understand the style {1}: {2}",
                                                       "Ebene {0}: QGIS versteht den Stil {1} nicht: {2}"}, layer.name, compat::utf8(path), compat::utf8(why)));
    }
    return true;
}

}  // namespace stadtgdi::bridge
