// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/validate/detail/check.hpp>
#include <cmath>

namespace stadtgdi::validate::detail {

void steps_against_height(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto steps = check.layer.number("steps", row), height = check.layer.number("step_height_cm", row);
        if (steps && *steps == 0 && height && *height > 0)
            check.report(row, "step_height_cm", {"There are no steps but they have a height.", "Es gibt keine Stufen, aber eine Stufenhöhe."});
        else if (steps && *steps > 0 && !height)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "step_height_cm", {},
                         {"There are steps but their height is missing.", "Es gibt Stufen, aber die Stufenhöhe fehlt."});
    }
}

void entrance_units(Check& check)
{
    struct Range {
        const char* field;
        double least, most;
    };
    for (const Range& range : {Range{"step_height_cm", 0, 40}, Range{"threshold_cm", 0, 20}, Range{"door_width_cm", 40, 400}}) {
        if (!check.layer.column(range.field))
            continue;
        for (std::size_t row = 0; row < check.layer.rows(); ++row)
            if (const auto value = check.layer.number(range.field, row); value && (*value < range.least || *value > range.most))
                check.report(row, range.field,
                             base::filled({"{0} to {1} cm is expected; probably another unit.", "Erwartet werden {0} bis {1} cm; vermutlich eine andere Einheit."},
                                          table::number_text(range.least), table::number_text(range.most)));
    }
}

void ramp_slope(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (check.layer.text("ramp", row) != "fixed")
            continue;
        const auto length = check.layer.number("ramp_len_cm", row), height = check.layer.number("ramp_height_cm", row), slope = check.layer.number("ramp_slope_pct", row);
        if (!slope && (!length || !height)) {
            check.report(row, "ramp_slope_pct", {"The ramp has neither a slope nor length and height.", "Zur Rampe fehlen Neigung oder Länge und Höhe."});
        } else if (slope && length && height && *length > 0) {
            const double derived = *height / *length * 100;
            if (std::abs(derived - *slope) > 1)
                check.report(row, "ramp_slope_pct",
                             base::filled({"Length and height give {0} %.", "Aus Länge und Höhe folgen {0} %."}, table::number_text(std::round(derived * 100) / 100)));
        }
    }
}

void lift_cabin_range(Check& check)
{
    for (const char* field : {"cabin_width_cm", "cabin_depth_cm"})
        for (std::size_t row = 0; row < check.layer.rows(); ++row)
            if (const auto value = check.layer.number(field, row); value && (*value < 60 || *value > 400))
                check.report(row, field, {"60 to 400 cm is expected.", "Erwartet werden 60 bis 400 cm."});
}

void survey_old(Check& check)
{
    const Column* day = check.layer.column("surveyed_on");
    if (!day || day->type() != table::Type::date)
        return;
    for (std::size_t row = 0; row < day->size(); ++row) {
        const double years = day->valid(row) ? (check.layers.reference_day - day->dates()[row]) / 365.25 : 0;
        if (years > 5)
            check.report(static_cast<std::int64_t>(row), years > 10 ? Severity::error : Severity::warning, "surveyed_on", day->as_text(row),
                         years > 10 ? Text{"The survey is older than 10 years; it must not be published as present.", "Die Erhebung ist älter als 10 Jahre und darf nicht als aktuell veröffentlicht werden."}
                                    : Text{"The survey is older than 5 years.", "Die Erhebung ist älter als 5 Jahre."});
    }
}

}  // namespace stadtgdi::validate::detail
