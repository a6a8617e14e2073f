// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/texts.hpp>
#include <qgsapplication.h>
#include <qgsexception.h>
#include <qgsmessagelog.h>
#include <qgsprocessingfeedback.h>
#include <map>

namespace stadtgdi::bridge {

using base::Language;

Language language()
{
    // What the menus were translated to; `qgis --lang de` changes that, not the locale.
    const QString shown = QgsApplication::instance() ? QgsApplication::instance()->translation() : QString();
    return base::language_of(compat::utf8(shown.isEmpty() ? QgsApplication::locale() : shown));
}

QgsProcessingException processing_exception(const base::Error& error)
{
    return QgsProcessingException(text(error.message()));
}

void log(const base::Error& error)
{
    log(text(error.message()), Qgis::MessageLevel::Warning);
}

void log(const QString& message, Qgis::MessageLevel level)
{
    QgsMessageLog::logMessage(message, QStringLiteral("StadtGDI"), level);
}

QString line_of(const base::Finding& finding, Language in)
{
    QStringList place;
    if (!finding.layer.empty()) place << compat::qstring(finding.layer);
    if (finding.row >= 0) place << (in == Language::de ? QStringLiteral("Zeile %1") : QStringLiteral("row %1")).arg(finding.row + 1);
    if (!finding.field.empty()) {
        place << (finding.value.empty() ? compat::qstring(finding.field)
                                        : QStringLiteral("%1 = %2").arg(compat::qstring(finding.field), compat::qstring(finding.value)));
    }
    const QString what = text(finding.message, in);
    return place.isEmpty() ? what : place.join(QStringLiteral(", ")) + QStringLiteral(": ") + what;
}

void push_findings(const std::vector<base::Finding>& findings, QgsProcessingFeedback& feedback, std::size_t limit)
{
    const Language in = language();
    std::map<std::string, std::size_t> seen;
    for (const base::Finding& finding : findings) {
        if (++seen[finding.rule] > limit) continue;
        const QString line = line_of(finding, in);
        if (finding.severity == base::Severity::info) feedback.pushInfo(line);
        else feedback.pushWarning(line);
    }
    for (const auto& [rule, count] : seen) {
        if (count <= limit) continue;
        const QString more = in == Language::de ? QStringLiteral("%1: %2 weitere Befunde dieser Art.") : QStringLiteral("%1: %2 more findings of this kind.");
        feedback.pushWarning(more.arg(compat::qstring(rule)).arg(count - limit));
    }
}

}  // namespace stadtgdi::bridge
