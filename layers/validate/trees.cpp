// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace stadtgdi::validate::detail {

namespace {

// Stems of a group are summed up: measures of groups say nothing about one tree.
bool is_group(const Layer& trees, std::size_t row) { return trees.text("status", row) == "group"; }

std::optional<double> age(const Check& check, std::size_t row)
{
    const auto year = check.layer.number("planting_year", row);
    return year ? std::optional(check.layers.reference_year() - *year) : std::nullopt;
}

// Calls use(row, value) for each row that has the number.
template <class Use> void each(const Check& check, std::string_view field, Use use)
{
    if (!check.layer.column(field))
        return;
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (const auto value = check.layer.number(field, row))
            use(row, *value);
}

Text expected(double least, double most, const std::string& unit)
{
    return base::filled({"{0} to {1} {2} is expected.", "Erwartet wird {0} bis {1} {2}."}, table::number_text(least), table::number_text(most), unit);
}

}  // namespace

void planting_year_in_future(Check& check)
{
    const int year = check.layers.reference_year();
    each(check, "planting_year", [&](std::size_t row, double planted) {
        if (planted > year + 1)
            check.report(row, "planting_year", {"The year of planting lies in the future.", "Das Pflanzjahr liegt in der Zukunft."});
        else if (planted == year + 1)
            check.report(static_cast<std::int64_t>(row), Severity::info, "planting_year", table::number_text(planted),
                         {"The tree is planted next year only.", "Der Baum wird erst im nächsten Jahr gepflanzt."});
    });
}

void planting_year_too_old(Check& check)
{
    each(check, "planting_year", [&](std::size_t row, double planted) {
        if (planted < 1800)
            check.report(static_cast<std::int64_t>(row), planted < 1500 ? Severity::error : Severity::warning, "planting_year", table::number_text(planted),
                         {"So old a tree is rare; check the year of planting.", "So alte Bäume sind selten; bitte das Pflanzjahr prüfen."});
    });
}

void tree_too_old(Check& check)
{
    each(check, "planting_year", [&](std::size_t row, double planted) {
        if (check.layers.reference_year() - planted > 500)
            check.report(row, "planting_year", {"The tree would be older than 500 years.", "Der Baum wäre älter als 500 Jahre."});
    });
}

void crown_range(Check& check)
{
    each(check, "crown_diam_m", [&](std::size_t row, double crown) {
        const auto years = age(check, row);
        if (crown < 0.5 || crown > 40)
            check.report(row, "crown_diam_m", expected(0.5, 40, "m"));
        else if (crown == 2.0 && years && *years > 15)
            check.report(static_cast<std::int64_t>(row), Severity::info, "crown_diam_m", "2",
                         {"Exactly 2 m for a tree older than 15 years: probably a default value.", "Genau 2 m bei einem mehr als 15 Jahre alten Baum: vermutlich ein Vorgabewert."});
    });
}

void height_range(Check& check)
{
    each(check, "height_m", [&](std::size_t row, double height) {
        if (height < 0.5 || height > 50)
            check.report(row, "height_m", expected(0.5, 50, "m"));
    });
}

void girth_range(Check& check)
{
    each(check, "trunk_circ_cm", [&](std::size_t row, double girth) {
        const auto years = age(check, row);
        if (girth < 6 && years && *years > 10)
            check.report(static_cast<std::int64_t>(row), girth < 3 ? Severity::error : Severity::warning, "trunk_circ_cm", table::number_text(girth),
                         {"Too small for a tree of more than 10 years: probably metres instead of centimetres.",
                          "Zu klein für einen mehr als 10 Jahre alten Baum: vermutlich Meter statt Zentimeter."});
        else if (girth < 3 || girth > 1500)
            check.report(row, "trunk_circ_cm", expected(3, 1500, "cm"));
    });
}

void crown_against_height(Check& check)
{
    each(check, "crown_diam_m", [&](std::size_t row, double crown) {
        const auto height = check.layer.number("height_m", row);
        if (height && *height > 0 && crown > 2.5 * *height)
            check.report(row, "crown_diam_m",
                         base::filled({"Wider than two and a half times the height of {0} m.", "Breiter als das Zweieinhalbfache der Höhe von {0} m."}, table::number_text(*height)));
    });
}

void girth_against_diameter(Check& check)
{
    each(check, "trunk_circ_cm", [&](std::size_t row, double girth) {
        const auto diameter = check.layer.number("trunk_diam_cm", row);
        if (!diameter || *diameter <= 0)
            return;
        const double derived = girth / std::numbers::pi;
        // Both are whole centimetres in most registers: what rounding explains is no contradiction.
        const double difference = std::abs(derived - *diameter);
        if (difference > 0.1 * *diameter && difference > 0.5)
            check.report(row, "trunk_circ_cm",
                         base::filled({"Girth and trunk diameter of {0} cm do not fit: {1} cm follow from the girth.",
                                       "Umfang und Stammdurchmesser von {0} cm passen nicht zusammen: aus dem Umfang folgen {1} cm."},
                                      table::number_text(*diameter), table::number_text(std::round(derived * 10) / 10)));
    });
}

void slenderness(Check& check)
{
    each(check, "height_m", [&](std::size_t row, double height) {
        const auto girth = check.layer.number("trunk_circ_cm", row);
        const auto typed = check.layer.number("trunk_diam_cm", row);
        const double diameter_m = (typed ? *typed : girth ? *girth / std::numbers::pi : 0) / 100;
        if (diameter_m > 0 && height / diameter_m > 120)
            check.report(row, "height_m", {"The tree is very slender: height over trunk diameter exceeds 120.", "Der Baum ist sehr schlank: Höhe zu Stammdurchmesser über 120."});
    });
}

void girth_growth(Check& check)
{
    each(check, "trunk_circ_cm", [&](std::size_t row, double girth) {
        const auto years = age(check, row);
        // Young trees come with 16 to 30 cm from the nursery.
        if (years && *years >= 5 && girth / *years > 8 && !is_group(check.layer, row))
            check.report(row, "trunk_circ_cm",
                         base::filled({"Grown by more than 8 cm a year since {0}; check girth and year.", "Mehr als 8 cm Zuwachs im Jahr seit {0}; bitte Umfang und Pflanzjahr prüfen."},
                                      table::number_text(check.layers.reference_year() - *years)));
    });
}

void inspection_overdue(Check& check)
{
    const Column* due = check.layer.column("due_date");
    if (!due || due->type() != table::Type::date)
        return;
    for (std::size_t row = 0; row < due->size(); ++row) {
        const int late = due->valid(row) ? check.layers.reference_day - due->dates()[row] : 0;
        if (late > 0)
            check.report(static_cast<std::int64_t>(row), late > 90 ? Severity::error : Severity::warning, "due_date", due->as_text(row),
                         base::filled({"The inspection is overdue by {0} days.", "Die Kontrolle ist seit {0} Tagen überfällig."}, std::to_string(late)));
    }
}

}  // namespace stadtgdi::validate::detail
