// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/locate.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace stadtgdi::validate::detail {

namespace {

/// Classes in order; what is not known never makes a class worse.
enum class Access { none, partial, full };

std::optional<Access> access_of(std::string_view code)
{
    return code == "full" ? std::optional(Access::full) : code == "partial" ? std::optional(Access::partial) : code == "none" ? std::optional(Access::none) : std::nullopt;
}

/// The best class that the measures of a row allow, and what limits it.
struct Measured {
    Access access = Access::full;
    Text reason;

    void limit(Access to, Text why)
    {
        if (to < access) {
            access = to;
            reason = std::move(why);
        }
    }
    /// At least `full` for full access, at least `partial` for partial access.
    void at_least(const std::optional<double>& value, double full, double partial, const Text& what)
    {
        if (value && *value < full)
            limit(*value < partial ? Access::none : Access::partial, base::filled(Text{what.en + " {0} cm", what.de + " {0} cm"}, table::number_text(*value)));
    }
};

// The rules of the building navigator of Leipzig: level (up to 3 cm), ramp up to 6 % and a door of 90 cm for full access, one
// step or a ramp up to 12 % and a door of 70 cm for partial access.
Measured entrance_measured(const Layer& layer, std::size_t row)
{
    Measured out;
    out.at_least(layer.number("door_width_cm", row), 90, 70, {"door", "Tür"});
    // Another entrance for wheelchairs is measured by nobody here.
    if (layer.number("alternative", row).value_or(0) != 0 || layer.text("ramp", row) == "mobile")
        return out;
    const auto steps = layer.number("steps", row);
    if (steps && *steps == 0) {
        if (const auto threshold = layer.number("threshold_cm", row); threshold && *threshold > 3)
            out.limit(Access::partial, base::filled({"threshold {0} cm", "Schwelle {0} cm"}, table::number_text(*threshold)));
        return out;
    }
    if (layer.text("ramp", row) == "fixed") {
        auto slope = layer.number("ramp_slope_pct", row);
        const auto length = layer.number("ramp_len_cm", row), height = layer.number("ramp_height_cm", row);
        if (!slope && length && height && *length > 0)
            slope = *height / *length * 100;
        if (slope && *slope > 6)
            out.limit(*slope <= 12 || (steps && *steps == 1) ? Access::partial : Access::none, base::filled({"ramp {0} %", "Rampe {0} %"}, table::number_text(std::round(*slope * 10) / 10)));
        return out;
    }
    const auto height = layer.number("step_height_cm", row);
    if (steps && !(*steps == 1 && height && *height <= 3))
        out.limit(*steps == 1 ? Access::partial : Access::none, base::filled({"{0} steps without a ramp", "{0} Stufen ohne Rampe"}, table::number_text(*steps)));
    return out;
}

// Cabins of type 2 of EN 81-70 (110 by 140 cm) for full, of type 1 (100 by 125 cm) for partial access.
Measured lift_measured(const Layer& layer, std::size_t row)
{
    Measured out;
    out.at_least(layer.number("door_width_cm", row), 90, 80, {"door", "Tür"});
    const auto width = layer.number("cabin_width_cm", row), depth = layer.number("cabin_depth_cm", row);
    if (width && depth) {  // which of both is the depth is often mixed up
        out.at_least(std::min(*width, *depth), 110, 100, {"cabin, shorter side", "Kabine, kürzere Seite"});
        out.at_least(std::max(*width, *depth), 140, 125, {"cabin, longer side", "Kabine, längere Seite"});
    }
    return out;
}

Measured toilet_measured(const Layer& layer, std::size_t row)
{
    Measured out;
    out.at_least(layer.number("door_width_cm", row), 90, 70, {"door", "Tür"});
    const auto depth = layer.number("front_depth_cm", row), width = layer.number("front_width_cm", row);
    if (depth && width)
        out.at_least(std::min(*depth, *width), 150, 100, {"space in front", "Bewegungsfläche davor"});
    const auto left = layer.number("left_width_cm", row), right = layer.number("right_width_cm", row);
    if (left && right)
        out.at_least(std::max(*left, *right), 90, 70, {"space beside", "Bewegungsfläche daneben"});
    return out;
}

double to_edge(const GeometryColumn& areas, std::size_t row, double px, double py)
{
    double nearest = std::numeric_limits<double>::infinity();
    const auto [first, last] = areas.rings(row);
    for (std::size_t ring = first; ring < last; ++ring)
        for (auto i = static_cast<std::size_t>(areas.ring_offsets()[ring]); i + 1 < static_cast<std::size_t>(areas.ring_offsets()[ring + 1]); ++i) {
            const double x = areas.x()[i], y = areas.y()[i], dx = areas.x()[i + 1] - x, dy = areas.y()[i + 1] - y;
            const double square = dx * dx + dy * dy;
            const double share = square > 0 ? std::clamp(((px - x) * dx + (py - y) * dy) / square, 0.0, 1.0) : 0;
            nearest = std::min(nearest, std::hypot(x + share * dx - px, y + share * dy - py));
        }
    return nearest;
}

// Whether a field is named in est_fields, a list with commas.
bool estimated(const Layer& layer, std::size_t row, std::string_view field)
{
    std::string_view list = layer.text("est_fields", row);
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, comma);
        while (one.starts_with(' '))
            one.remove_prefix(1);
        while (one.ends_with(' '))
            one.remove_suffix(1);
        if (one == field)
            return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

}  // namespace

void entrance_missing(Check& check)
{
    const Layer* entrances = check.layers.find("buildings_entrance");
    if (!entrances || entrances->rows() == 0)
        return;
    std::unordered_map<std::string_view, bool> main;  // by place or building: one of its entrances is the main one
    for (std::size_t row = 0; row < entrances->rows(); ++row)
        for (const char* field : {"place_uuid", "building_uuid"})
            if (const std::string_view owner = entrances->text(field, row); !owner.empty())
                main[owner] |= entrances->number("is_main", row).value_or(0) != 0;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        auto found = main.find(check.layer.text("uuid", row));
        if (found == main.end())
            found = main.find(check.layer.text("building_uuid", row));
        if (found == main.end()) {
            // A class of the entrance without an entrance cannot have been surveyed.
            const bool surveyed = access_of(check.layer.text("entrance_access", row)).has_value();
            check.report(static_cast<std::int64_t>(row), surveyed ? Severity::error : Severity::warning, "entrance_access", std::string(check.layer.text("entrance_access", row)),
                         {"The place has no entrance; enter its main entrance.", "Die Einrichtung hat keinen Eingang; bitte den Haupteingang erfassen."});
        } else if (!found->second) {
            check.report(static_cast<std::int64_t>(row), Severity::warning, "entrance_access", std::string(check.layer.text("entrance_access", row)),
                         {"None of its entrances is the main entrance; mark one.", "Keiner der Eingänge ist der Haupteingang; bitte einen kennzeichnen."});
        }
    }
}

void entrance_off_building(Check& check)
{
    const Layer* buildings = check.layers.find("buildings_building");
    if (!buildings || buildings->rows() == 0 || !buildings->table.has_geometry() || !check.layer.table.has_geometry() ||
        buildings->table.geometry().crs() != check.layer.table.geometry().crs())
        return;
    const GeometryColumn& areas = buildings->table.geometry();
    const index::PackedRTree& index = check.layers.index_of(*buildings);
    const auto* rows = check.layers.rows_by("buildings_building", "uuid");
    constexpr double near_m = 5, far_m = 50;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        // Entrances that took over the position of their place say nothing about the door.
        if (!check.layer.drawn(row) || estimated(check.layer, row, "geom"))
            continue;
        const double x = check.layer.table.geometry().x()[row], y = check.layer.table.geometry().y()[row];
        double distance = std::numeric_limits<double>::infinity();
        const auto own = rows ? rows->find(check.layer.text("building_uuid", row)) : decltype(rows->end()){};
        if (rows && own != rows->end()) {
            if (!buildings->drawn(static_cast<std::size_t>(own->second)))
                continue;
            distance = to_edge(areas, static_cast<std::size_t>(own->second), x, y);
        } else {
            for (const std::int64_t one : index.within(x, y, far_m))
                distance = std::min(distance, to_edge(areas, static_cast<std::size_t>(one), x, y));
        }
        if (distance > near_m)
            check.report(static_cast<std::int64_t>(row), distance > far_m ? Severity::error : Severity::warning, "geom",
                         std::isinf(distance) ? "> 50 m" : table::number_text(std::round(distance * 10) / 10) + " m",
                         {"The entrance lies this far from the outline of its building; 5 m at most are expected. Move it to the door or correct the building.",
                          "Der Eingang liegt so weit vom Umriss seines Gebäudes; erwartet werden höchstens 5 m. Bitte an die Tür setzen oder das Gebäude berichtigen."});
    }
}

void declared_better_than_measured(Check& check)
{
    const auto measured = check.layer.name == "buildings_lift" ? lift_measured : check.layer.name == "buildings_toilet" ? toilet_measured : entrance_measured;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto declared = access_of(check.layer.text("access", row));
        if (!declared || *declared == Access::none)
            continue;
        const Measured best = measured(check.layer, row);
        if (*declared <= best.access)
            continue;
        const bool opposite = *declared == Access::full && best.access == Access::none;
        check.report(static_cast<std::int64_t>(row), opposite ? Severity::error : Severity::warning, "access", std::string(check.layer.text("access", row)),
                     base::filled(best.access == Access::none ? Text{"By its measures this is not accessible ({0}); correct the class or the measures.",
                                                                     "Nach den Maßen ist dies nicht zugänglich ({1}); bitte die Einstufung oder die Maße berichtigen."}
                                                              : Text{"By its measures this is partly accessible at best ({0}); correct the class or the measures.",
                                                                     "Nach den Maßen ist dies höchstens eingeschränkt zugänglich ({1}); bitte die Einstufung oder die Maße berichtigen."},
                                  best.reason.en, best.reason.de));
    }
}

namespace {

/// "-1,0,2" and "0; 1" have a floor above the ground.
bool has_upper_floor(std::string_view floors)
{
    for (std::size_t i = 0; i < floors.size(); ++i)
        if (floors[i] >= '1' && floors[i] <= '9' && (i == 0 || (floors[i - 1] != '-' && (floors[i - 1] < '0' || floors[i - 1] > '9'))))
            return true;
    return false;
}

}  // namespace

void lift_not_described(Check& check)
{
    const Layer* lifts = check.layers.find("buildings_lift");
    const auto* of_place = check.layers.rows_by("buildings_lift", "place_uuid");
    if (!lifts || lifts->rows() == 0 || !of_place)
        return;
    const auto* of_building = check.layers.rows_by("buildings_lift", "building_uuid");
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (of_place->contains(check.layer.text("uuid", row)) || (of_building && of_building->contains(check.layer.text("building_uuid", row))))
            continue;
        if (check.layer.number("lift_available", row).value_or(0) != 0)
            check.report(row, "lift_available",
                         {"The place has a lift but none is described; enter the lift with its door and cabin.",
                          "Die Einrichtung hat einen Aufzug, der nicht erfasst ist; bitte den Aufzug mit Tür und Kabine erfassen."});
        else if (has_upper_floor(check.layer.text("public_floors", row)))
            check.report(row, "public_floors",
                         {"Floors above the ground are open to the public but no lift leads there; enter the lift or check the floors.",
                          "Öffentlich genutzte Obergeschosse, aber kein Aufzug; bitte den Aufzug erfassen oder die Geschosse prüfen."});
    }
}

void text_untranslated(Check& check)
{
    constexpr std::pair<const char*, const char*> languages[]{{"help_text", "help_text_en"}, {"help_text_en", "help_text"}};
    for (const auto& [written, other] : languages) {
        if (!check.layer.column(other))
            continue;
        std::vector<std::size_t> missing;
        std::size_t asked = 0;
        for (std::size_t row = 0; row < check.layer.rows(); ++row) {
            if (check.layer.text(written, row).empty())
                continue;
            ++asked;
            if (check.layer.text(other, row).empty())
                missing.push_back(row);
        }
        check.report_missing(missing, asked, Severity::info, other, {"The text is there in one language only; translate it.", "Den Text gibt es nur in einer Sprache; bitte übersetzen."},
                             {"{0} of {1} texts (the first is row {2}) are there in one language only; translate them.",
                              "{0} von {1} Texten (der erste in Zeile {2}) gibt es nur in einer Sprache; bitte übersetzen."});
    }
}

void wheelchair_contradicts(Check& check)
{
    const Layer* buildings = check.layers.find("buildings_building");
    if (!buildings || !buildings->column("wheelchair") || buildings->rows() == 0)
        return;
    const auto* rows = check.layers.rows_by("buildings_building", "uuid");
    const bool located = check.layer.table.has_geometry() && buildings->table.has_geometry() && check.layer.table.geometry().crs() == buildings->table.geometry().crs();
    const std::vector<std::int64_t> in = located ? geometry::zone_of_points(check.layer.table.geometry().x(), check.layer.table.geometry().y(), buildings->table.geometry(),
                                                                            check.layers.index_of(*buildings), check.layers.run())
                                                 : std::vector<std::int64_t>(check.layer.rows(), -1);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto own = rows->find(check.layer.text("building_uuid", row));
        const std::int64_t building = own != rows->end() ? own->second : in[row];
        if (building < 0)
            continue;
        const std::string_view there = buildings->text("wheelchair", static_cast<std::size_t>(building)), here = check.layer.text("entrance_access", row);
        if ((there == "yes" && here == "none") || (there == "no" && here == "full"))
            check.report(row, "entrance_access",
                         base::filled({"The building (row {0}) says '{1}' for wheelchairs; check which of both is out of date.",
                                       "Am Gebäude (Zeile {0}) steht für Rollstühle „{1}“; bitte prüfen, welche Angabe veraltet ist."},
                                      row_number(building), there));
    }
}

}  // namespace stadtgdi::validate::detail
