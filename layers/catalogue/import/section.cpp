// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/section_output.hpp>
#include <layers/crs/crs.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/geometry/wkt.hpp>
#include <algorithm>
#include <cmath>
#include <iterator>

namespace stadtgdi::catalogue::detail {

using base::Finding;
using base::Severity;
using base::Text;

namespace {

// What an import writes where the mapping says nothing: the declared default, or what is true of every import.
Value fallback_of(const FieldDefinition& field, const ImportState& state)
{
    if (field.name == "source")
        return std::string("import");
    if (field.name == "source_ref")
        return state.mapping.info.name;
    if (field.fallback.empty() || field.fallback == "uuid()")
        return {};
    if (field.fallback == "now()")
        return state.now_us;
    if (field.fallback == "today()")
        return {};  // the day of the import is no fact of the source
    return typed_literal(field, field.fallback).value;
}

Value measured(const SourceGeometry& geometry, std::size_t row, const std::string& measure)
{
    if (geometry.places.empty() || geometry.places[row] != Place::fine || crs::info(geometry.column.crs()).geographic)
        return {};
    const double value = measure == "area" ? geometry::area(geometry.column, row) : geometry::length(geometry.column, row);
    return std::round(value * 1000) / 1000;
}

// What becomes of a field whose value could not be read.
Text with_outcome(const Text& reason, const FieldDefinition& field, const Value& stored)
{
    if (is_null(stored))
        return {reason.en + "; the field stays empty.", reason.de + "; das Feld bleibt leer."};
    if (field.fallback == "now()")
        return {reason.en + "; the time of the import is stored.", reason.de + "; gespeichert wird der Zeitpunkt des Imports."};
    return base::filled({reason.en + "; the default '{0}' is stored.", reason.de + "; gespeichert wird der Vorgabewert „{0}“."}, field.fallback);
}

}  // namespace

Section::Section(ImportState& state, const SourceRule& rule, SourceRows& source, base::RunContext& run)
    : m_state(&state), m_rule(&rule), m_source(&source)
{
    for (const TableRule& one : rule.tables) {
        auto output = std::make_unique<Output>();
        output->rule = &one;
        if (one.layer->geometry && one.geometry.from != GeometryFrom::none)
            output->geometry = read_geometry(source, one.geometry,
                                             {.kind = *one.layer->geometry,
                                              .crs = one.layer->crs.empty() ? state.city_crs : one.layer->crs,
                                              .city_crs = state.city_crs,
                                              .shift_x_m = state.options.shift_x_m,
                                              .shift_y_m = state.options.shift_y_m},
                                             run);
        for (const FieldDefinition& field : one.layer->fields) {
            Output::Slot slot{.field = &field,
                              .reader = {},
                              .fallback = fallback_of(field, state),
                              .is_uuid = field.name == "uuid",
                              .measure = {},
                              .column = table::ColumnBuilder(field.type),
                              .value = nullptr,
                              .own = {},
                              .seen = {}};
            const auto found = std::ranges::find(one.fields, &field, &FieldRule::field);
            if (found != one.fields.end() && !found->measure.empty())
                slot.measure = found->measure;
            else if (found != one.fields.end())
                slot.reader = std::make_unique<FieldReader>(*found, source, state.mapping.info.name);
            slot.column.reserve(source.rows());
            output->slots.push_back(std::move(slot));
        }
        m_outputs.push_back(std::move(output));
    }
    std::set<const table::Column*> always;
    for (const auto& output : m_outputs)
        for (const Output::Slot& slot : output->slots)
            if (slot.reader && output->rule->when.empty())
                always.insert(slot.reader->columns().begin(), slot.reader->columns().end());
    for (const auto& output : m_outputs) {
        if (output->rule->when.empty())
            continue;
        for (const Condition& condition : output->rule->when)
            always.insert(source.column(condition.column));
        for (std::size_t i = 0; i < output->slots.size(); ++i) {
            const FieldReader* reader = output->slots[i].reader.get();
            if (reader && reader->rule().object_layer.empty() && std::ranges::any_of(reader->columns(), [&](const table::Column* one) { return one && !always.contains(one); }))
                output->own.push_back(i);
        }
    }
    m_unmapped = report_columns(state, rule, source);
}

Section::~Section() = default;

Finding Section::finding(const Output* output, std::size_t row, Severity severity, std::string rule, Text message) const
{
    Finding finding;
    finding.rule = std::move(rule);
    finding.severity = severity;
    finding.file = m_source->file(row);
    finding.row = m_source->row_in_file(row);
    finding.message = std::move(message);
    if (!output)
        return finding;
    finding.layer = output->rule->layer->name;
    finding.uuid = output->uuid;
    if (!output->geometry.places.empty() && output->geometry.places[row] == Place::fine) {
        const auto at = output->geometry.column.coordinates(row).first;
        finding.x = output->geometry.column.x()[at];
        finding.y = output->geometry.column.y()[at];
    }
    return finding;
}

bool Section::read_place(Output& output, std::size_t row, std::vector<Finding>& findings)
{
    if (output.geometry.places.empty() || output.geometry.places[row] == Place::fine)
        return true;
    Text reason;
    switch (output.geometry.places[row]) {
    case Place::fine:
    case Place::missing: reason = {"The row has no position", "Die Zeile hat keine Lage"}; break;
    case Place::damaged: reason = {"The position cannot be read", "Die Lage lässt sich nicht lesen"}; break;
    case Place::several_parts: reason = {"The geometry has several parts, the layer takes one", "Die Geometrie hat mehrere Teile, die Ebene nimmt nur einen"}; break;
    case Place::outside: reason = {"The position lies outside the coordinate reference system", "Die Lage liegt außerhalb des Koordinatenreferenzsystems"}; break;
    }
    const bool required = output.rule->geometry.required;
    // One position that several tables share is reported once.
    if (!required && std::ranges::any_of(findings, [](const Finding& one) { return one.rule == "import.geometry"; }))
        return true;
    reason.en += required ? "; the row is left out." : "; the row is kept without geometry.";
    reason.de += required ? "; die Zeile wird nicht übernommen." : "; die Zeile wird ohne Geometrie übernommen.";
    Finding one = finding(&output, row, required ? Severity::error : Severity::warning, "import.geometry", std::move(reason));
    one.field = "geom";
    std::string scratch;
    for (const std::string* name : {&output.rule->geometry.x, &output.rule->geometry.y, &output.rule->geometry.column})
        if (!name->empty())
            one.value += (one.value.empty() ? "" : " ") + base::shortened(std::string(m_source->text(m_source->column(*name), row, {}, scratch)), 80);
    if (const table::Table& read = m_source->table(); one.value.empty() && read.has_geometry() && read.geometry().valid(row))
        one.value = base::shortened(geometry::wkt(read.geometry(), row), 80);
    findings.push_back(std::move(one));
    return !required;
}

// Values of a row's fields; false: the row cannot be stored.
bool Section::read_output(Output& output, std::size_t row, std::vector<Finding>& findings)
{
    if (!read_key(output, row, findings))
        return false;
    bool fine = read_place(output, row, findings);
    for (Output::Slot& slot : output.slots) {
        if (slot.is_uuid) {
            slot.own = output.uuid;
            slot.value = &slot.own;
            continue;
        }
        if (!slot.measure.empty()) {
            slot.own = measured(output.geometry, row, slot.measure);
            slot.value = &slot.own;
        } else if (!slot.reader) {
            slot.value = &slot.fallback;
        } else {
            const Reading& reading = slot.reader->read(row);
            slot.value = &reading.value;
            if (is_null(*slot.value) && slot.field->required)
                slot.value = &slot.fallback;
            if (!reading.problem.empty()) {
                Finding one = finding(&output, row, Severity::warning, reading.problem, with_outcome(reading.message, *slot.field, *slot.value));
                one.field = slot.field->name;
                one.value = base::shortened(reading.found, 200);
                findings.push_back(std::move(one));
            }
        }
        if (is_null(*slot.value) && slot.field->required) {
            Finding one = finding(&output, row, Severity::error, "import.required",
                                  base::filled({"The field {0} must have a value; the row is left out.", "Das Feld {0} muss einen Wert haben; die Zeile wird nicht übernommen."},
                                               slot.field->name));
            one.field = slot.field->name;
            findings.push_back(std::move(one));
            fine = false;
        }
    }
    return unique_values(output, row, findings) && fine;
}

bool Section::unique_values(Output& output, std::size_t row, std::vector<Finding>& findings)
{
    bool fine = true;
    for (Output::Slot& slot : output.slots) {
        if (!slot.field->unique || slot.is_uuid || is_null(*slot.value))
            continue;
        const std::string value = text_of(*slot.value);
        if (!slot.seen.contains(value))
            continue;
        Finding one = finding(&output, row, Severity::error, "import.unique",
                              base::filled({"The value of {0} must be unique and was read before; the row is left out.",
                                            "Der Wert von {0} muss eindeutig sein und kam schon vor; die Zeile wird nicht übernommen."},
                                           slot.field->name));
        one.field = slot.field->name;
        one.value = value;
        findings.push_back(std::move(one));
        fine = false;
    }
    return fine;
}

void Section::read(base::RunContext& run)
{
    std::vector<Finding> findings;
    for (std::size_t row = 0; row < m_source->rows(); ++row) {
        if (row % 4096 == 0) {
            run.throw_if_stopped();
            const double share = static_cast<double>(row) / static_cast<double>(m_source->rows());
            run.progress(m_state->progress_from + share * (m_state->progress_to - m_state->progress_from),
                         base::filled({"Mapping row {0} of {1}", "Zeile {0} von {1} wird übertragen"}, std::to_string(row), std::to_string(m_source->rows())));
        }
        ++m_state->report.rows_read;
        findings.clear();
        bool any = false, fine = true;
        for (const auto& output : m_outputs) {
            const auto& when = output->rule->when;
            output->active = when.empty() || std::ranges::any_of(when, [&](const Condition& one) { return m_source->holds(one, row); });
            any = any || output->active;
        }
        if (repeats(row)) {
            ++m_state->report.rows_repeated;
            continue;
        }
        for (const auto& output : m_outputs) {
            if (output->active)
                fine = read_output(*output, row, findings) && fine;
            else if (any)
                report_skipped(*output, row, findings);
        }
        if (!any)
            findings.push_back(finding(nullptr, row, Severity::error, "import.row",
                                       {"None of the mapping's conditions holds; the row is left out.", "Keine Bedingung der Importabbildung trifft zu; die Zeile wird nicht übernommen."}));
        std::ranges::move(findings, std::back_inserter(m_state->report.findings));
        if (!any || !fine) {
            ++m_state->report.rows_rejected;
            continue;
        }
        ++m_state->report.rows_stored;
        if (!m_key.empty())
            m_row_of_key.emplace(m_key, row);
        for (const auto& output : m_outputs) {
            if (!output->active)
                continue;
            output->rows.push_back(static_cast<std::int64_t>(row));
            m_state->uuids[output->rule->layer->name].insert(output->uuid);
            for (Output::Slot& slot : output->slots) {
                add_to(slot.column, *slot.value);
                if (slot.field->unique && !slot.is_uuid && !is_null(*slot.value))
                    slot.seen.insert(text_of(*slot.value));
            }
        }
    }
    report_repeated();
    finish(run);
}

}  // namespace stadtgdi::catalogue::detail
