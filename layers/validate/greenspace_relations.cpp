// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/validate/detail/check.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace stadtgdi::validate::detail {

namespace {

std::string square_metres(double area) { return table::number_text(std::round(area * 10) / 10) + " m2"; }

// Units of one site that lie on each other, or beyond the border of their site.
void check_units(Check& check)
{
    const Layer* sites = check.layers.find("greenspace_site");
    const auto* site_rows = check.layers.rows_by("greenspace_site", "uuid");
    const GeometryColumn& units = check.layer.table.geometry();
    const index::PackedRTree& index = check.layers.index_of(check.layer);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        check.layers.run().throw_if_stopped();
        const std::string_view site = check.layer.text("site_uuid", row);
        if (site.empty() || !check.layer.drawn(row))
            continue;
        for (const std::int64_t other : index.search(units.box(row))) {
            const auto at = static_cast<std::size_t>(other);
            if (at >= row || check.layer.text("site_uuid", at) != site)
                continue;
            const double area = geometry::intersection_area(units, row, units, at);
            if (area > 0.5)
                check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", square_metres(area),
                             base::filled({"Overlaps the unit of row {0} of the same green space by this area; correct the border.",
                                           "Überlappt die Pflegeeinheit in Zeile {0} derselben Grünanlage um diese Fläche; bitte die Grenze berichtigen."},
                                          row_number(other)));
        }
        if (!sites || !site_rows || !sites->table.has_geometry())
            continue;
        const auto found = site_rows->find(site);
        if (found == site_rows->end() || !sites->drawn(static_cast<std::size_t>(found->second)))
            continue;
        const double beyond = geometry::area(units, row) - geometry::intersection_area(units, row, sites->table.geometry(), static_cast<std::size_t>(found->second));
        if (beyond > 0.5)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", square_metres(beyond),
                         base::filled({"Reaches beyond its green space (row {0}) by this area; correct the border or the green space.",
                                       "Ragt um diese Fläche über die Grünanlage (Zeile {0}) hinaus; bitte die Grenze oder die Grünanlage berichtigen."},
                                      row_number(found->second)));
    }
}

// The units of a site cover it without gaps.
void check_sums(Check& check)
{
    const Layer* units = check.layers.find("greenspace_unit");
    const auto* rows = check.layers.rows_by("greenspace_site", "uuid");
    if (!units || !rows || !units->table.has_geometry())
        return;
    std::vector<double> sum(check.layer.rows());
    for (std::size_t row = 0; row < units->rows(); ++row)
        if (const auto site = rows->find(units->text("site_uuid", row)); site != rows->end() && units->drawn(row))
            sum[static_cast<std::size_t>(site->second)] += geometry::area(units->table.geometry(), row);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (sum[row] <= 0 || !check.layer.drawn(row))
            continue;
        const double area = geometry::area(check.layer.table.geometry(), row), difference = sum[row] - area;
        if (std::abs(difference) > std::max(0.5, 0.01 * area))
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", square_metres(difference),
                         base::filled({"The care units add up to {0}, the green space has {1}; complete or correct the units.",
                                       "Die Pflegeeinheiten ergeben {0}, die Grünanlage hat {1}; bitte die Pflegeeinheiten vervollständigen oder berichtigen."},
                                      square_metres(sum[row]), square_metres(area)));
    }
}

// Whether a line comes as near to the area as that, looked at every five metres.
bool comes_near(const GeometryColumn& lines, std::size_t line, const GeometryColumn& areas, std::size_t area, double reach_m)
{
    const auto [begin, end] = lines.coordinates(line);
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t next = std::min(i + 1, end - 1);
        const double dx = lines.x()[next] - lines.x()[i], dy = lines.y()[next] - lines.y()[i];
        const int steps = std::max(1, static_cast<int>(std::hypot(dx, dy) / 5));
        for (int step = 0; step < steps; ++step)
            if (const double share = static_cast<double>(step) / steps; geometry::distance(areas, area, lines.x()[i] + share * dx, lines.y()[i] + share * dy) <= reach_m)
                return true;
    }
    return false;
}

table::Box grown(table::Box box, double by) { return {box.xmin - by, box.ymin - by, box.xmax + by, box.ymax + by}; }

bool usable(const Layer* layer, const GeometryColumn& with) { return layer && layer->rows() > 0 && layer->table.has_geometry() && layer->table.geometry().crs() == with.crs(); }

}  // namespace

void units_do_not_fit(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    check.layer.name == "greenspace_unit" ? check_units(check) : check_sums(check);
}

void site_without_way_in(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    const GeometryColumn& sites = check.layer.table.geometry();
    const Layer* gates = check.layers.find("greenspace_gate");
    const Layer* paths = check.layers.find("walking_edge");
    // Gates alone are seldom complete: without the paths nobody can say that there is no way in.
    if (!usable(paths, sites))
        return;
    const auto* gate_of = check.layers.rows_by("greenspace_gate", "site_uuid");
    const bool gates_drawn = usable(gates, sites);
    constexpr double gate_reach_m = 5, margin_m = 5, usual_width_m = 10, widest_m = 60;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const std::string_view access = check.layer.text("public_access", row);
        if (access == "none" || !check.layer.drawn(row) || geometry::area(sites, row) < 5000)
            continue;
        const std::string_view uuid = check.layer.text("uuid", row);
        if (gate_of && !uuid.empty() && gate_of->contains(uuid))
            continue;
        bool reached = false;
        if (gates_drawn)
            for (const std::int64_t gate : check.layers.index_of(*gates).search(grown(sites.box(row), gate_reach_m))) {
                const auto at = static_cast<std::size_t>(gate);
                reached = reached || geometry::distance(sites, row, gates->table.geometry().x()[at], gates->table.geometry().y()[at]) <= gate_reach_m;
            }
        if (!reached)
            check.layers.index_of(*paths).visit(grown(sites.box(row), margin_m + widest_m / 2), [&](std::int64_t path) {
                const auto at = static_cast<std::size_t>(path);
                const double reach = margin_m + std::min(widest_m, paths->number("width_m", at).value_or(usual_width_m)) / 2;
                reached = comes_near(paths->table.geometry(), at, sites, row, reach);
                return !reached;
            });
        if (!reached)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", square_metres(geometry::area(sites, row)),
                         {"No gate and no street or path leads to this green space; enter a gate, complete the paths or correct the access.",
                          "Zu dieser Grünanlage führen weder ein Eingang noch eine Straße oder ein Weg; bitte einen Eingang erfassen, die Wege ergänzen oder die Zugänglichkeit berichtigen."});
    }
}

void object_type_against_alkis(Check& check)
{
    // Words of ALKIS land use and the kinds of object that they may stand for. What is not in the list is not judged.
    struct Use {
        std::string_view word;
        std::array<std::string_view, 4> kinds;
    };
    static constexpr std::array<Use, 9> uses = {{{"friedhof", {"cemetery"}},
                                                 {"kleingarten", {"allotment"}},
                                                 {"spielplatz", {"playground", "park", "garden", "sport"}},
                                                 {"sportanlage", {"sport"}},
                                                 {"sportplatz", {"sport"}},
                                                 {"wald", {"wood", "park", "biotope", "compensation"}},
                                                 {"gehölz", {"wood", "park", "biotope", "compensation"}},
                                                 {"gewässer", {"water", "biotope", "compensation"}},
                                                 {"straßenverkehr", {"roadside", "square"}}}};
    const Column* column = check.layer.column("alkis_use");
    if (!column || column->type() != table::Type::text)
        return;
    for (std::size_t row = 0; row < column->size(); ++row) {
        if (!column->valid(row))
            continue;
        std::string text = folded(column->text(row));
        for (const auto& [plain, umlaut] : {std::pair{"strassen", "straßen"}, {"gewaesser", "gewässer"}, {"gehoelz", "gehölz"}})
            if (const auto at = text.find(plain); at != std::string::npos)
                text.replace(at, std::string_view(plain).size(), umlaut);
        const std::string_view kind = check.layer.text("object_type", row);
        const auto use = std::ranges::find_if(uses, [&](const Use& one) { return text.find(one.word) != std::string::npos; });
        if (use != uses.end() && !kind.empty() && kind != "other" && std::ranges::find(use->kinds, kind) == use->kinds.end())
            check.report(row, "object_type",
                         base::filled({"ALKIS has '{0}' here; check which of both is right.", "ALKIS führt hier „{0}“; bitte prüfen, welche Angabe stimmt."}, column->text(row)));
    }
}

}  // namespace stadtgdi::validate::detail
