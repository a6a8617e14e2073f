// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/section_output.hpp>

namespace stadtgdi::catalogue::detail {

using base::Finding;
using base::Severity;

namespace {

// Is it a fact about an object? Yes and no, 0 and "unknown" are what forms hold of objects that are not there.
bool says_something(const Value& value)
{
    if (std::holds_alternative<bool>(value))
        return false;
    if (const auto* text = std::get_if<std::string>(&value))
        return *text != "unknown" && *text != "none";
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number != 0;
    if (const auto* number = std::get_if<double>(&value))
        return *number != 0;
    return !is_null(value);
}

}  // namespace

// Values that only a table reads whose condition does not hold.
void Section::report_skipped(const Output& output, std::size_t row, std::vector<Finding>& findings)
{
    std::string fields, values;
    for (const std::size_t i : output.own) {
        const Reading& reading = output.slots[i].reader->read(row);
        if (!says_something(reading.value))
            continue;
        fields += (fields.empty() ? "" : ", ") + output.slots[i].field->name;
        values += (values.empty() ? "" : ", ") + text_of(reading.value);
    }
    if (fields.empty())
        return;
    findings.push_back(finding(nullptr, row, Severity::info, "import.when",
                               {"By the mapping's condition this row has no such object, yet it has values for it; they are left out.",
                                "Nach der Bedingung der Importabbildung hat diese Zeile kein solches Objekt, aber Werte dafür; sie werden nicht übernommen."}));
    findings.back().layer = output.rule->layer->name;
    findings.back().field = std::move(fields);
    findings.back().value = base::shortened(values, 200);
}

void Section::report_repeated()
{
    for (const auto& [file, count] : m_repeated) {
        Finding one;
        one.rule = "import.repeated";
        one.severity = Severity::info;
        one.file = file;
        one.layer = m_outputs.front()->rule->layer->name;
        one.message = base::filled({"Rows with the key and the content of an earlier row: {0}. Each object is stored once.",
                                    "Zeilen mit Schlüssel und Inhalt einer früheren Zeile: {0}. Jedes Objekt wird einmal gespeichert."},
                                   std::to_string(count));
        m_state->report.findings.push_back(std::move(one));
    }
}

}  // namespace stadtgdi::catalogue::detail
