// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/repair.hpp>
#include <layers/table/column.hpp>
#include <layers/validate/detail/check.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace stadtgdi::validate::detail {

using catalogue::FieldDefinition;
using table::Type;

void geometry_missing(Check& check)
{
    const Layer& layer = check.layer;
    if (!layer.definition || !layer.definition->geometry || !layer.table.has_geometry())
        return;
    const GeometryColumn& geometry = layer.table.geometry();
    for (std::size_t row = 0; row < layer.rows(); ++row) {
        if (geometry.valid(row) && geometry.part_count(row) > 0)
            continue;
        // A place may be known by its address alone; what belongs to it has no position of its own then.
        if (!layer.text("place_uuid", row).empty())
            continue;
        const bool place = layer.name == "buildings_place";
        check.report(static_cast<std::int64_t>(row), place ? Severity::warning : Severity::error, "geom", {},
                     {"The object has no geometry; draw it or delete the row.", "Das Objekt hat keine Geometrie; bitte zeichnen oder die Zeile löschen."});
    }
}

void geometry_invalid(Check& check)
{
    const Layer& layer = check.layer;
    if (!layer.table.has_geometry() || table::single_of(layer.table.geometry().kind()) == table::GeometryKind::point)
        return;
    std::vector<geometry::Invalidity> found(layer.rows());
    base::parallel_for(check.layers.run(), layer.rows(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            if (layer.table.geometry().valid(row))
                found[row] = geometry::invalidity(layer.table.geometry(), row);
    });
    for (std::size_t row = 0; row < layer.rows(); ++row)
        if (!found[row].reason.empty())
            check.report(static_cast<std::int64_t>(row), Severity::error, "geom", found[row].reason,
                         base::filled({"The geometry is not valid near {0} {1}; repair it.", "Die Geometrie ist bei {0} {1} nicht gültig; bitte reparieren."},
                                      table::number_text(found[row].x), table::number_text(found[row].y)));
}

void uuid_repeated(Check& check)
{
    const Column* column = check.layer.column("uuid");
    if (!column || column->type() != Type::text)
        return;
    std::unordered_map<std::string_view, std::size_t> first;
    for (std::size_t row = 0; row < column->size(); ++row) {
        if (!column->valid(row))
            continue;
        const auto [known, fresh] = first.emplace(column->text(row), row);
        if (!fresh)
            check.report(row, "uuid",
                         base::filled({"The id is that of row {0} too; give this object a new one.", "Die ID hat auch Zeile {0}; bitte diesem Objekt eine neue geben."},
                                      row_number(known->second)));
    }
}

namespace {

bool is_empty(const Column& column, std::size_t row) { return !column.valid(row) || (column.type() == Type::text && column.text(row).empty()); }

void expected_missing(Check& check, const FieldDefinition& field, const Column& column)
{
    const catalogue::Expected& expected = *field.expected;
    std::vector<std::size_t> missing;
    std::size_t asked = 0;
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (!expected.field.empty() && std::ranges::find(expected.values, check.layer.text(expected.field, row)) == expected.values.end())
            continue;
        ++asked;
        if (is_empty(column, row))
            missing.push_back(row);
    }
    check.report_missing(missing, asked, Severity::warning, field.name,
                         base::filled({"The field '{0}' should have a value; complete it.", "Das Feld „{1}“ sollte einen Wert haben; bitte ergänzen."}, field.label.en, field.label.de),
                         {"The field '" + field.label.en + "' should have a value; {0} of {1} objects (the first is row {2}) have none. Ask who delivers the data.",
                          "Das Feld „" + field.label.de + "“ sollte einen Wert haben; bei {0} von {1} Objekten (das erste in Zeile {2}) fehlt er. Bitte bei der liefernden Stelle nachfragen."});
}

}  // namespace

void required_missing(Check& check)
{
    if (!check.layer.definition)
        return;
    for (const FieldDefinition& field : check.layer.definition->fields) {
        const Column* column = check.layer.column(field.name);
        if (column && field.expected)
            expected_missing(check, field, *column);
        for (std::size_t row = 0; column && field.required && row < column->size(); ++row)
            if (is_empty(*column, row))
                check.report(row, field.name,
                             base::filled({"The field '{0}' must have a value.", "Das Feld „{1}“ muss einen Wert haben."}, field.label.en, field.label.de));
    }
}

void code_unknown(Check& check)
{
    if (!check.layer.definition)
        return;
    for (const FieldDefinition& field : check.layer.definition->fields) {
        const Column* column = field.codes.empty() ? nullptr : check.layer.column(field.name);
        if (!column)
            continue;
        std::set<std::string, std::less<>> known;
        for (const catalogue::Code& code : field.codes)
            known.insert(code.value);
        const bool as_text = column->type() == Type::text;
        for (std::size_t row = 0; row < column->size(); ++row) {
            if (!column->valid(row) || (as_text ? known.contains(column->text(row)) : known.contains(column->as_text(row))))
                continue;
            const std::string value = column->as_text(row);
            const auto near = std::ranges::find_if(known, [&](const std::string& code) { return folded(code) == folded(value); });
            if (near != known.end())
                check.report(static_cast<std::int64_t>(row), Severity::warning, field.name, value,
                             base::filled({"Not written as in the code list; '{0}' is meant.", "Anders geschrieben als in der Codeliste; gemeint ist „{0}“."}, *near));
            else
                check.report(row, field.name, base::filled({"Not in the code list of '{0}'.", "Nicht in der Codeliste von „{1}“."}, field.label.en, field.label.de));
        }
    }
}

void life_span_backward(Check& check)
{
    const Column* from = check.layer.column("valid_from");
    const Column* to = check.layer.column("valid_to");
    if (!from || !to || from->type() != Type::date || to->type() != Type::date)
        return;
    for (std::size_t row = 0; row < from->size(); ++row)
        if (from->valid(row) && to->valid(row) && to->dates()[row] < from->dates()[row])
            check.report(row, "valid_to", {"The end lies before the beginning.", "Das Ende liegt vor dem Anfang."});
}

void recorded_in_future(Check& check)
{
    const Column* column = check.layer.column("recorded_at");
    if (!column || column->type() != Type::datetime)
        return;
    for (std::size_t row = 0; row < column->size(); ++row)
        if (column->valid(row) && column->datetimes()[row] > check.layers.reference_time_us)
            check.report(row, "recorded_at", {"The time of recording lies in the future.", "Der Erfassungszeitpunkt liegt in der Zukunft."});
}

void number_implausible(Check& check)
{
    // Fields whose ranges have rules of their own.
    static const std::set<std::string, std::less<>> others = {"planting_year", "height_m",       "crown_diam_m",    "trunk_circ_cm", "install_year", "depth_m",
                                                              "step_height_cm", "threshold_cm",   "door_width_cm",   "cabin_width_cm", "cabin_depth_cm", "sealing_deg",  "incline_pct",   "kerb_cm"};
    if (!check.layer.definition)
        return;
    for (const FieldDefinition& field : check.layer.definition->fields) {
        const Column* column = check.layer.column(field.name);
        if (!column || (!field.minimum && !field.maximum) || others.contains(field.name) || column->type() == Type::text)
            continue;
        for (std::size_t row = 0; row < column->size(); ++row) {
            if (!column->valid(row))
                continue;
            const double value = column->number(row);
            if ((field.minimum && value < *field.minimum) || (field.maximum && value > *field.maximum))
                check.report(row, field.name,
                             base::filled({"The number is not plausible; {0} to {1} {2} is expected.", "Die Zahl ist nicht plausibel; erwartet wird {0} bis {1} {2}."},
                                          field.minimum ? table::number_text(*field.minimum) : std::string("-"),
                                          field.maximum ? table::number_text(*field.maximum) : std::string("-"), field.unit));
        }
    }
}

namespace {

// Calls use(row, text) for each text; equal texts of a dictionary are looked at once.
template <class Wanted, class Use> void each_text(const Column& column, Wanted wanted, Use use)
{
    if (!column.is_dictionary()) {
        for (std::size_t row = 0; row < column.size(); ++row)
            if (column.valid(row) && wanted(column.text(row)))
                use(row);
        return;
    }
    std::vector<bool> hit(column.dictionary().size());
    for (std::size_t code = 0; code < hit.size(); ++code)
        hit[code] = wanted(column.dictionary().text(code));
    for (std::size_t row = 0; row < column.size(); ++row)
        if (column.valid(row) && hit[static_cast<std::size_t>(column.codes()[row])])
            use(row);
}

}  // namespace

void text_garbled(Check& check)
{
    for (std::size_t i = 0; i < check.layer.table.columns().size(); ++i) {
        const Column& column = check.layer.table.column(i);
        const std::string& name = check.layer.table.schema().fields[i].name;
        if (column.type() == Type::text && name != "uuid")
            each_text(column, is_garbled, [&](std::size_t row) {
                check.report(row, name, {"The text was read with a wrong character set.", "Der Text wurde mit falschem Zeichensatz gelesen."});
            });
    }
}

void personal_data(Check& check)
{
    const catalogue::LayerDefinition* definition = check.layer.definition;
    if (!definition || definition->disclosure != catalogue::Disclosure::open)
        return;
    for (const FieldDefinition& field : definition->fields) {
        // Ids and addresses of web pages are no texts about people.
        const bool id = field.name == "uuid" || field.name == "website" || field.name.ends_with("_no") || field.name.ends_with("_id") || field.name.ends_with("_uuid") ||
                        field.name.ends_with("_code") || field.name == "source_ref" || field.name == "postcode" || !field.codes.empty() || !field.references.empty();
        const Column* column = check.layer.column(field.name);
        if (!column || id || column->type() != Type::text || field.disclosure != catalogue::Disclosure::open)
            continue;
        each_text(*column, has_personal_data, [&](std::size_t row) {
            check.report(row, field.name,
                         {"A public field holds an e-mail address or telephone number; remove it.", "Ein öffentliches Feld enthält eine E-Mail-Adresse oder Telefonnummer; bitte entfernen."});
        });
    }
}

void reference_dangling(Check& check)
{
    if (!check.layer.definition)
        return;
    for (const FieldDefinition& field : check.layer.definition->fields) {
        const std::size_t dot = field.references.find('.');
        const Column* column = dot == std::string::npos ? nullptr : check.layer.column(field.name);
        if (!column)
            continue;
        const auto* rows = check.layers.rows_by(field.references.substr(0, dot), field.references.substr(dot + 1));
        for (std::size_t row = 0; row < column->size(); ++row)
            if (column->valid(row) && !column->text(row).empty() && (!rows || !rows->contains(column->text(row))))
                check.report(row, field.name, base::filled({"No object has this id in {0}.", "In {0} gibt es kein Objekt mit dieser ID."}, field.references));
    }
}

}  // namespace stadtgdi::validate::detail
