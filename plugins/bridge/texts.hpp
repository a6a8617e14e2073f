// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <layers/base/finding.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsprocessingutils.h>
#include <string>
#include <vector>

class QgsProcessingFeedback;

namespace stadtgdi::bridge {

/// The language of QGIS's user interface: German where its locale is, else English.
base::Language language();

inline QString text(const base::Text& text, base::Language in)
{
    return compat::qstring(text.in(in));
}
inline QString text(const base::Text& both)
{
    return text(both, language());
}

/// An error as a Processing algorithm throws it.
QgsProcessingException processing_exception(const base::Error& error);

/// Into QGIS's log panel, tab "StadtGDI".
void log(const base::Error& error);
void log(const QString& message, Qgis::MessageLevel level = Qgis::MessageLevel::Info);

/// One line of a finding: "Zeile 12, crown_diam_m = 91: ...".
QString line_of(const base::Finding& finding, base::Language in);

/// Findings into the log of a run: all up to `limit` of a rule, then how many more there are.
void push_findings(const std::vector<base::Finding>& findings, QgsProcessingFeedback& feedback, std::size_t limit = 20);

}  // namespace stadtgdi::bridge
