// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/help.hpp>
#include <plugins/bridge/texts.hpp>
#include <QRegularExpression>

namespace stadtgdi::processing {

using base::Language;
using bridge::text;
using bridge::compat::qstring;

namespace {

/// The little Markdown that abstracts use: **bold**, *italic*, `code`.
QString html_of(const QString& markdown)
{
    static const QRegularExpression bold(QStringLiteral(R"(\*\*(.+?)\*\*)"));
    static const QRegularExpression italic(QStringLiteral(R"(\*(.+?)\*)"));
    static const QRegularExpression code(QStringLiteral("`(.+?)`"));
    QString html = markdown.toHtmlEscaped();
    html.replace(bold, QStringLiteral("<b>\\1</b>")).replace(italic, QStringLiteral("<i>\\1</i>")).replace(code, QStringLiteral("<code>\\1</code>"));
    return html;
}

QString with_unit(const QString& label, const std::string& unit)
{
    return unit.empty() ? label : QStringLiteral("%1 [%2]").arg(label, qstring(unit));
}

}  // namespace

QString help_of(const operation::Operation& operation, Language language)
{
    const bool german = language == Language::de;
    QString html = QStringLiteral("<p>%1</p>").arg(html_of(text(operation.abstract, language)));
    html += QStringLiteral("<h2>%1</h2>").arg(german ? QStringLiteral("Parameter") : QStringLiteral("Parameters"));
    for (const operation::Parameter& parameter : operation.parameters) {
        html += QStringLiteral("<h3>%1</h3>").arg(with_unit(text(parameter.label, language), parameter.unit).toHtmlEscaped());
        if (!parameter.help.empty()) html += QStringLiteral("<p>%1</p>").arg(html_of(text(parameter.help, language)));
    }
    html += QStringLiteral("<h2>%1</h2>").arg(german ? QStringLiteral("Ergebnisse") : QStringLiteral("Outputs"));
    for (const operation::Output& output : operation.outputs) {
        html += QStringLiteral("<h3>%1</h3><ul>").arg(text(output.label, language).toHtmlEscaped());
        for (const operation::OutputField& field : output.fields) {
            html += QStringLiteral("<li><code>%1</code>: %2</li>").arg(qstring(field.name), with_unit(text(field.label, language), field.unit).toHtmlEscaped());
        }
        html += QStringLiteral("</ul>");
    }
    if (!operation.source.empty()) html += QStringLiteral("<p>%1: %2</p>").arg(german ? QStringLiteral("Quelle") : QStringLiteral("Source"), qstring(operation.source).toHtmlEscaped());
    return html;
}

}  // namespace stadtgdi::processing
