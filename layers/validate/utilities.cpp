// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_map>

namespace stadtgdi::validate::detail {

void line_without_length(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const bool same_node = !check.layer.text("from_node", row).empty() && check.layer.text("from_node", row) == check.layer.text("to_node", row);
        if (same_node || (check.layer.drawn(row) && geometry::length(check.layer.table.geometry(), row) < 0.001))
            check.report(row, "from_node", {"The line has no length or ends where it begins.", "Die Leitung hat keine Länge oder endet an ihrem Anfang."});
    }
}

void line_repeated(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    const GeometryColumn& lines = check.layer.table.geometry();
    // Equal to the millimetre, whatever the direction of drawing.
    std::unordered_map<std::string, std::size_t> first;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (!check.layer.drawn(row))
            continue;
        const auto [begin, end] = lines.coordinates(row);
        std::string there, back;
        const auto add = [&](std::string& key, std::size_t i) {
            key += std::to_string(std::llround(lines.x()[i] * 1000)) + " " + std::to_string(std::llround(lines.y()[i] * 1000)) + ",";
        };
        for (std::size_t i = begin; i < end; ++i) {
            add(there, i);
            add(back, begin + end - 1 - i);
        }
        const std::string key = std::string(check.layer.text("medium", row)) + std::string(check.layer.text("sub_medium", row)) +
                                (check.layer.column("level") ? check.layer.column("level")->as_text(row) : std::string()) + std::min(there, back);
        const auto [known, fresh] = first.emplace(key, row);
        if (!fresh)
            check.report(row, "local_id",
                         base::filled({"The same line as row {0}.", "Dieselbe Leitung wie Zeile {0}."}, row_number(known->second)));
    }
}

void node_dangling(Check& check)
{
    for (const char* field : {"from_node", "to_node"}) {
        const Column* column = check.layer.column(field);
        const auto* nodes = check.layers.rows_by("utilities_node", "uuid");
        for (std::size_t row = 0; column && row < column->size(); ++row)
            if (column->valid(row) && !column->text(row).empty() && (!nodes || !nodes->contains(column->text(row))))
                check.report(row, field, {"The node of this line does not exist.", "Den Knoten dieser Leitung gibt es nicht."});
    }
}

void counter_slope(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto from = check.layer.number("invert_from_m", row), to = check.layer.number("invert_to_m", row);
        if (!from || !to || check.layer.text("medium", row) != "sewage" || !check.layer.drawn(row))
            continue;
        const double length = geometry::length(check.layer.table.geometry(), row);
        // Slope in per mille, positive downhill in the direction of flow.
        const bool backward = check.layer.text("flow_dir", row) == "backward";
        const double slope = length > 0 ? (backward ? *to - *from : *from - *to) / length * 1000 : 0;
        if (slope < -0.01)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "invert_to_m", table::number_text(std::round(slope * 100) / 100) + " ‰",
                         {"The sewer rises in the direction of flow.", "Der Kanal hat Gegengefälle."});
    }
}

void medium_mismatch(Check& check)
{
    const Layer* nodes = check.layers.find("utilities_node");
    const auto* rows = check.layers.rows_by("utilities_node", "uuid");
    if (!nodes || !rows)
        return;
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        for (const char* field : {"from_node", "to_node"}) {
            const auto node = rows->find(check.layer.text(field, row));
            if (node == rows->end())
                continue;
            const std::string_view other = nodes->text("medium", static_cast<std::size_t>(node->second));
            if (!other.empty() && other != check.layer.text("medium", row))
                check.report(row, field, base::filled({"The node belongs to another medium: {0}.", "Der Knoten gehört zu einer anderen Sparte: {0}."}, other));
        }
}

void material_impossible(Check& check)
{
    using Set = std::set<std::string_view>;
    static const Set cables = {"copper", "aluminium", "steel", "mixed", "other", "unknown"};
    static const Set optical = {"glass_fibre", "copper", "pe", "plastic", "mixed", "other", "unknown"};
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const std::string_view medium = check.layer.text("medium", row), material = check.layer.text("material", row), type = check.layer.text("line_type", row);
        if (material.empty() || type == "protective_duct" || type == "empty_duct")
            continue;
        const bool impossible = medium == "electricity" ? !cables.contains(material)
                                : medium == "telecom"   ? !optical.contains(material)
                                : medium == "gas"       ? Set{"concrete", "reinforced_concrete", "vitrified_clay", "brick", "aluminium", "glass_fibre"}.contains(material)
                                : medium == "heat"      ? Set{"concrete", "reinforced_concrete", "vitrified_clay", "brick", "glass_fibre", "aluminium"}.contains(material)
                                : medium == "water" || medium == "sewage" ? Set{"aluminium", "glass_fibre"}.contains(material)
                                                                          : false;
        if (impossible)
            check.report(row, "material", base::filled({"Lines of the medium '{0}' are not made of this.", "Leitungen der Sparte „{0}“ bestehen nicht aus diesem Werkstoff."}, medium));
    }
}

void install_year_range(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto year = check.layer.number("install_year", row);
        if (year && (*year < 1800 || (*year > check.layers.reference_year() && check.layer.text("status", row) == "in_operation")))
            check.report(row, "install_year", {"The year of installation is before 1800 or in the future.", "Das Baujahr liegt vor 1800 oder in der Zukunft."});
    }
}

void outer_diameter_too_small(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto outer = check.layer.number("outer_diam_mm", row), inner = check.layer.number("diameter_mm", row);
        if (outer && inner && *outer < *inner)
            check.report(row, "outer_diam_mm", base::filled({"Smaller than the inner diameter of {0} mm.", "Kleiner als der Innendurchmesser von {0} mm."}, table::number_text(*inner)));
    }
}

void cover_range(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto depth = check.layer.number("depth_m", row);
        if (depth && (*depth < 0 || *depth > 30))
            check.report(row, "depth_m", {"0 to 30 m is expected.", "Erwartet werden 0 bis 30 m."});
    }
}

void connection_without_building(Check& check)
{
    const Layer* buildings = check.layers.find("buildings_building");
    if (!buildings || buildings->rows() == 0 || !buildings->table.has_geometry() || !check.layer.table.has_geometry())
        return;
    const GeometryColumn& points = check.layer.table.geometry();
    const GeometryColumn& footprints = buildings->table.geometry();
    const index::PackedRTree& index = check.layers.index_of(*buildings);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (check.layer.text("node_type", row) != "house_connection" || !check.layer.drawn(row))
            continue;
        const double x = points.x()[row], y = points.y()[row];
        const std::vector<std::int64_t> near = index.within(x, y, 30);
        if (std::ranges::none_of(near, [&](std::int64_t one) { return geometry::distance(footprints, static_cast<std::size_t>(one), x, y) <= 30; }))
            check.report(row, "node_type", {"There is no building within 30 m.", "Im Umkreis von 30 m steht kein Gebäude."});
    }
}

void accuracy_missing(Check& check)
{
    const Column* column = check.layer.column("pos_acc_m");
    const std::size_t missing = column ? column->validity().null_count() : check.layer.rows();
    if (missing == 0)
        return;
    // A delivery lacks it as a whole, so it is said once.
    check.report(-1, Severity::warning, "pos_acc_m", std::to_string(missing),
                 base::filled({"{0} of {1} objects do not say how accurate their position is; dig enquiries need it.",
                               "Bei {0} von {1} Objekten fehlt die Lagegenauigkeit; die Leitungsauskunft braucht sie."},
                              std::to_string(missing), std::to_string(check.layer.rows())));
}

}  // namespace stadtgdi::validate::detail
