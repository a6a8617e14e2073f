// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/section_output.hpp>
#include <layers/crs/crs.hpp>
#include <layers/geometry/measure.hpp>
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

std::string text_of(const Value& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&value))
        return table::number_text(*number);
    return {};
}

Value measured(const SourceGeometry& geometry, std::size_t row, const std::string& measure)
{
    if (geometry.places.empty() || geometry.places[row] != Place::fine || crs::info(geometry.column.crs()).geographic)
        return {};
    const double value = measure == "area" ? geometry::area(geometry.column, row) : geometry::length(geometry.column, row);
    return std::round(value * 1000) / 1000;
}

bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

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
        report_heights(*output);
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

void Section::report_heights(const Output& output)
{
    if (output.geometry.heights == 0)
        return;
    Finding one;
    one.rule = "import.height";
    one.severity = Severity::info;
    one.file = m_source->rows() > 0 ? m_source->file(0) : std::string();
    one.layer = output.rule->layer->name;
    one.field = "geom";
    one.message = base::filled({"Rows whose geometries have heights (z): {0}. The layer is plane and does not keep them; heights that matter need a field.",
                                "Zeilen, deren Geometrien Höhen (z) haben: {0}. Die Ebene ist zweidimensional und behält sie nicht; Höhen, die zählen, brauchen ein Feld."},
                               std::to_string(output.geometry.heights));
    m_state->report.findings.push_back(std::move(one));
}

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

// The row's uuid; false: an appending import finds the object in the store.
bool Section::read_key(Output& output, std::size_t row, std::vector<Finding>& findings)
{
    const std::string& layer = output.rule->layer->name;
    std::string key = output.rule->key.empty() ? std::string() : m_source->filled(output.rule->key, row);
    const bool has_key = !key.empty();
    if (!has_key)
        key = m_source->file(row) + "#" + std::to_string(m_source->row_in_file(row));
    output.uuid = object_uuid(m_state->mapping.info.name, layer, key);
    if (m_state->earlier[layer].contains(output.uuid)) {
        findings.push_back(finding(&output, row, Severity::error, "import.key",
                                   {"An object with this key was imported before; appending does not store it again. Without --append the earlier delivery is replaced.",
                                    "Ein Objekt mit diesem Schlüssel wurde schon importiert; beim Anfügen wird es nicht noch einmal gespeichert. Ohne --append wird die "
                                    "frühere Lieferung ersetzt."}));
        findings.back().value = key;
        return false;
    }
    const auto& taken = m_state->uuids[layer];
    bool repeated = false;
    for (int again = 2; taken.contains(output.uuid); ++again) {
        output.uuid = object_uuid(m_state->mapping.info.name, layer, key + "#" + std::to_string(again));
        repeated = true;
    }
    if (!has_key && !output.rule->key.empty())
        findings.push_back(finding(&output, row, Severity::warning, "import.key",
                                       {"The row has no key; its id follows from its place in the file and changes when rows are inserted.",
                                        "Die Zeile hat keinen Schlüssel; ihre ID folgt aus der Stelle in der Datei und ändert sich, wenn Zeilen eingefügt werden."}));
    if (repeated) {
        findings.push_back(finding(&output, row, Severity::warning, "import.key",
                                   base::filled({"The key '{0}' occurs more than once; this row is kept as an object of its own.",
                                                 "Der Schlüssel „{0}“ kommt mehrfach vor; diese Zeile bleibt als eigenes Objekt erhalten."},
                                                key)));
        findings.back().value = key;
    }
    return true;
}

// Some sources give an object once for each of its parts or tiles: rows of the same key and content are one object.
bool Section::repeats(std::size_t row)
{
    m_key.clear();
    for (const auto& output : m_outputs)
        if (output->active && m_key.empty() && !output->rule->key.empty())
            m_key = m_source->filled(output->rule->key, row);
    const auto first = m_key.empty() ? m_row_of_key.end() : m_row_of_key.find(m_key);
    if (first == m_row_of_key.end() || !m_source->same(first->second, row))
        return false;
    ++m_repeated[m_source->file(row)];
    return true;
}

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
    findings.back().value = values.substr(0, 200);
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
            one.value += (one.value.empty() ? "" : " ") + std::string(m_source->text(m_source->column(*name), row, {}, scratch)).substr(0, 80);
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
                one.value = reading.found.substr(0, 200);
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
    finish(run);
}

}  // namespace stadtgdi::catalogue::detail
