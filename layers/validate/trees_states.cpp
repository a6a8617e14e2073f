// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/check.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_set>

namespace stadtgdi::validate::detail {

namespace {

constexpr std::int64_t day_us = 86'400'000'000;

int year_of(std::int64_t day)
{
    return static_cast<int>(std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day))).year());
}

}  // namespace

void inspection_missing(Check& check)
{
    const Layer* inspections = check.layers.find("trees_inspection");
    if (!inspections || inspections->rows() == 0)
        return;  // kept elsewhere
    std::unordered_set<std::string_view> inspected;
    for (std::size_t row = 0; row < inspections->rows(); ++row)
        inspected.insert(inspections->text("tree_uuid", row));
    // The phase of youth ends about 15 years after planting (FLL); where the year is not known nothing can be said.
    constexpr int mature_years = 15;
    std::vector<std::size_t> missing;
    std::size_t mature = 0;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const std::string_view status = check.layer.text("status", row);
        const auto planted = check.layer.number("planting_year", row);
        if ((!status.empty() && status != "standing") || !planted || check.layers.reference_year() - *planted <= mature_years)
            continue;
        ++mature;
        if (!inspected.contains(check.layer.text("uuid", row)))
            missing.push_back(row);
    }
    // As long as most trees have none, the inspections have not all been delivered.
    check.report_missing(missing, mature, Severity::warning, "uuid",
                         {"The tree stands, is older than 15 years and has no inspection; inspect it or enter the inspection.",
                          "Der Baum steht, ist älter als 15 Jahre und hat keine Baumkontrolle; bitte kontrollieren oder die Kontrolle nachtragen."},
                         {"{0} of {1} standing trees older than 15 years (the first is row {2}) have no inspection; complete the layer of inspections.",
                          "Für {0} von {1} stehenden Bäumen über 15 Jahre (der erste in Zeile {2}) gibt es keine Baumkontrolle; bitte die Kontrollen vervollständigen."});
}

void girth_shrank(Check& check)
{
    const Layer* inspections = check.layers.find("trees_inspection");
    const Layer* trees = check.layers.find("trees_tree");
    const Column* day = inspections ? inspections->column("inspected_on") : nullptr;
    if (!trees || !day || day->type() != table::Type::date)
        return;
    struct State {
        std::int64_t day, row;   // row -1: the tree itself
        double girth_cm;
    };
    std::map<std::int64_t, std::vector<State>> states;  // by row of the tree
    const auto* rows = check.layers.rows_by("trees_tree", "uuid");
    for (std::size_t row = 0; row < day->size(); ++row) {
        const auto girth = inspections->number("trunk_circ_cm", row);
        const auto tree = girth && *girth > 0 && day->valid(row) ? rows->find(inspections->text("tree_uuid", row)) : rows->end();
        if (tree == rows->end())
            continue;
        // What was measured before the present tree was planted was another tree.
        const auto planted = trees->number("planting_year", static_cast<std::size_t>(tree->second));
        if (!planted || year_of(day->dates()[row]) >= *planted)
            states[tree->second].push_back({day->dates()[row], static_cast<std::int64_t>(row), *girth});
    }
    const Column* recorded = trees->column("recorded_at");
    const bool of_trees = &check.layer == trees;
    for (auto& [tree, measured] : states) {
        const auto at = static_cast<std::size_t>(tree);
        const auto girth = trees->number("trunk_circ_cm", at);
        if (girth && *girth > 0 && recorded && recorded->type() == table::Type::datetime && recorded->valid(at) && trees->text("status", at) == "standing")
            measured.push_back({recorded->datetimes()[at] / day_us, -1, *girth});
        std::ranges::stable_sort(measured, {}, &State::day);
        for (std::size_t i = 1; i < measured.size(); ++i) {
            const State &before = measured[i - 1], &after = measured[i];
            if (after.girth_cm >= 0.95 * before.girth_cm || (after.row < 0) != of_trees)
                continue;
            check.report(static_cast<std::size_t>(of_trees ? tree : after.row), "trunk_circ_cm",
                         base::filled({"The trunk has shrunk by more than 5 %: {0} cm before; check both measures and whether it is the same tree.",
                                       "Der Stamm ist um mehr als 5 % geschrumpft: vorher {0} cm; bitte beide Maße prüfen und ob es derselbe Baum ist."},
                                      table::number_text(before.girth_cm)));
        }
    }
}

void inspection_of_no_tree(Check& check)
{
    const Layer* trees = check.layers.find("trees_tree");
    const auto* rows = check.layers.rows_by("trees_tree", "uuid");
    const Column* day = check.layer.column("inspected_on");
    if (!trees || !rows || !day || day->type() != table::Type::date)
        return;
    const Column* felled = trees->column("felled_on");
    const Column* recorded = trees->column("recorded_at");
    for (std::size_t row = 0; row < day->size(); ++row) {
        const auto tree = day->valid(row) ? rows->find(check.layer.text("tree_uuid", row)) : rows->end();
        if (tree == rows->end())
            continue;
        const auto at = static_cast<std::size_t>(tree->second);
        const std::string_view status = trees->text("status", at);
        if (status != "felled" && status != "gap")
            continue;
        // Without the day of felling the tree was gone when its state was recorded.
        const bool dated = felled && felled->type() == table::Type::date && felled->valid(at);
        if (!dated && (!recorded || recorded->type() != table::Type::datetime || !recorded->valid(at)))
            continue;
        const std::int64_t gone = dated ? felled->dates()[at] : recorded->datetimes()[at] / day_us;
        if (day->dates()[row] > gone)
            check.report(row, "inspected_on",
                         base::filled({"Inspected after the tree was gone ({0} in row {1} of trees_tree since {2}); correct the date, the tree or its state.",
                                       "Kontrolliert, als der Baum nicht mehr stand (trees_tree, Zeile {1}: {0} seit {2}); bitte Datum, Baum oder Standortzustand berichtigen."},
                                      status, row_number(at), dated ? felled->as_text(at) : recorded->as_text(at).substr(0, 10)));
    }
}

namespace {

/// What a new tree must keep away from.
struct Obstacle {
    double distance_m;   ///< to the outer wall
    double least_m = 0;
    Text what;
};

// The first obstacle of a row whose distance is too small; nothing where there is none.
template <class Judge> std::optional<Obstacle> nearest_of(Check& check, const Layer* layer, double x, double y, double reach_m, Judge judge)
{
    std::optional<Obstacle> worst;
    if (!layer || layer->rows() == 0 || !layer->table.has_geometry() || layer->table.geometry().crs() != check.layer.table.geometry().crs())
        return worst;
    for (const std::int64_t one : check.layers.index_of(*layer).within(x, y, reach_m)) {
        const auto row = static_cast<std::size_t>(one);
        std::optional<Obstacle> found = judge(*layer, row, geometry::distance(layer->table.geometry(), row, x, y));
        if (found && found->distance_m < found->least_m - 1e-6 && (!worst || found->least_m - found->distance_m > worst->least_m - worst->distance_m))
            worst = std::move(found);
    }
    return worst;
}

bool gone(std::string_view status) { return status == "removed" || status == "abandoned"; }

}  // namespace

void planned_tree_blocked(Check& check)
{
    if (!check.layer.table.has_geometry() || check.layer.table.geometry().kind() != table::GeometryKind::point)
        return;
    const Layer* lines = check.layers.find("utilities_line");
    const Layer* nodes = check.layers.find("utilities_node");
    const Layer* buildings = check.layers.find("buildings_building");
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (check.layer.text("status", row) != "planned" || !check.layer.drawn(row))
            continue;
        const double x = check.layer.table.geometry().x()[row], y = check.layer.table.geometry().y()[row];
        const auto tell = [&](const std::optional<Obstacle>& obstacle) {
            if (obstacle)
                check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", metres(std::max(0.0, obstacle->distance_m)),
                             base::filled({"The planned tree is this far from {0}; {2} m are needed. Move the site or plan a root barrier.",
                                           "Der geplante Baum hat diesen Abstand zu {1}; nötig sind {2} m. Bitte den Standort verschieben oder Schutz vorsehen."},
                                          obstacle->what.en, obstacle->what.de, table::number_text(obstacle->least_m)));
        };
        // DVGW GW 125 and DWA-M 162: from the stem's axis to the outer wall of the line.
        tell(nearest_of(check, lines, x, y, 2.5 + 4, [](const Layer& layer, std::size_t one, double axis_m) -> std::optional<Obstacle> {
            if (gone(layer.text("status", one)) || layer.text("line_type", one) == "overhead")
                return {};
            const double width_mm = layer.number("outer_diam_mm", one).value_or(layer.number("diameter_mm", one).value_or(0));
            return Obstacle{axis_m - width_mm / 2000, 2.5,
                            base::filled({"the utility line of row {0} ({1})", "der Leitung in Zeile {0} ({1})"}, row_number(one), layer.text("medium", one))};
        }));
        tell(nearest_of(check, nodes, x, y, 3, [](const Layer& layer, std::size_t one, double distance_m) -> std::optional<Obstacle> {
            const std::string_view type = layer.text("node_type", one);
            if (gone(layer.text("status", one)) || (type != "hydrant" && type != "street_light"))
                return {};
            return type == "hydrant" ? Obstacle{distance_m, 1.5, base::filled({"the hydrant of row {0}", "dem Hydranten in Zeile {0}"}, row_number(one))}
                                     : Obstacle{distance_m, 3, base::filled({"the street light of row {0}", "der Straßenleuchte in Zeile {0}"}, row_number(one))};
        }));
        tell(nearest_of(check, buildings, x, y, 4, [](const Layer&, std::size_t one, double distance_m) -> std::optional<Obstacle> {
            return Obstacle{distance_m, 4, base::filled({"the building of row {0}", "dem Gebäude in Zeile {0}"}, row_number(one))};
        }));
    }
}

}  // namespace stadtgdi::validate::detail
