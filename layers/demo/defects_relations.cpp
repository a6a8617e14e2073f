// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/planter.hpp>
#include <cmath>
#include <set>

namespace stadtgdi::demo {

using table::ColumnBuilder;
using table::Table;

namespace {

/// Nodes and how many lines end at each.
std::map<std::string, std::vector<std::size_t>> lines_by_node(const Table& lines)
{
    std::map<std::string, std::vector<std::size_t>> out;
    for (std::size_t row = 0; row < lines.rows(); ++row)
        for (const char* field : {"from_node", "to_node"}) out[std::string(lines.column(field).text(row))].push_back(row);
    return out;
}

void networks(Planter& plant)
{
    const Table lines = plant.table("utilities_line"), nodes = plant.table("utilities_node");
    const auto ends = lines_by_node(lines);
    const auto medium = [](const Table& table, std::size_t row) { return table.column("medium").text(row); };
    const auto line_of = [&](std::size_t node) {
        const auto found = ends.find(std::string(nodes.column("uuid").text(node)));
        return found == ends.end() || found->second.size() != 1 ? lines.rows() : found->second.front();
    };
    std::map<std::string_view, table::Box> extent;
    for (std::size_t row = 0; row < lines.rows(); ++row) extent.emplace(medium(lines, row), table::Box::none()).first->second.grow(lines.geometry().box(row));
    // Not at the edge of the network, where lines may end.
    const auto inside = [&](const Table& table, std::size_t row) {
        const table::Box& box = extent.at(medium(table, row));
        const double x = table.geometry().x()[row], y = table.geometry().y()[row];
        return x > box.xmin + 20 && x < box.xmax - 20 && y > box.ymin + 20 && y < box.ymax - 20;
    };
    const auto is_house = [](const Table& table, std::size_t row) { return table.column("node_type").text(row) == "house_connection"; };
    const auto is_end = [&](const Table& table, std::size_t row) { return line_of(row) < lines.rows() && medium(table, row) != "sewage" && !table.column("is_source").bools()[row] && !is_house(table, row); };

    // A node moved to 3 cm from another one of its medium.
    const auto pair = plant.pick("utilities_node", 2, [&](const Table& t, std::size_t row) { return medium(t, row) == "gas" && !is_house(t, row); });
    if (pair.size() == 2) {
        const auto& at = plant.table("utilities_node").geometry();
        plant.move("utilities_node", pair[1], at.x()[pair[0]] + 0.03, at.y()[pair[0]]);
        plant.note("V203", "utilities_node", plant.uuid("utilities_node", pair[1]), "geom", "3 cm");
    }
    // A node moved to the middle of a pipe that does not end there.
    const auto beside = plant.pick("utilities_node", 1, [&](const Table& t, std::size_t row) { return medium(t, row) == "heat" && !is_house(t, row); });
    const auto pipe = plant.pick("utilities_line", 1, [&](const Table& t, std::size_t row) {
        const auto [begin, end] = t.geometry().coordinates(row);
        return medium(t, row) == "heat" && end - begin >= 4 && std::hypot(t.geometry().x()[begin + 2] - t.geometry().x()[begin + 1], t.geometry().y()[begin + 2] - t.geometry().y()[begin + 1]) > 5;
    });
    if (!beside.empty() && !pipe.empty()) {
        const std::size_t first = lines.geometry().coordinates(pipe[0]).first + 1;
        plant.move("utilities_node", beside[0], (lines.geometry().x()[first] + lines.geometry().x()[first + 1]) / 2 + 0.005, (lines.geometry().y()[first] + lines.geometry().y()[first + 1]) / 2);
        plant.note("V204", "utilities_node", plant.uuid("utilities_node", beside[0]), "geom", "1 cm");
    }
    // The device at the end of a street, entered as a mere junction.
    for (const std::size_t row : plant.pick("utilities_node", 1, [&](const Table& t, std::size_t node) { return is_end(t, node) && inside(t, node) && t.column("node_type").text(node) != "junction"; })) {
        plant.set_text("utilities_node", "node_type", {row}, "junction");
        plant.note("V206", "utilities_node", plant.uuid("utilities_node", row), "node_type", "junction");
    }
    // A house whose connection has been taken out.
    for (const std::size_t row : plant.pick("utilities_node", 2, [&](const Table& t, std::size_t node) { return is_house(t, node) && medium(t, node) != "sewage"; })) {
        plant.set_text("utilities_line", "status", {line_of(row)}, "removed");
        plant.note("V225", "utilities_node", plant.uuid("utilities_node", row), "node_type", "house_connection");
    }
    plant.value("V210", "utilities_line", "flow_dir", 2, [](ColumnBuilder& column) { column.add("both"); }, "both",
                [&](const Table& t, std::size_t row) { return medium(t, row) == "sewage"; });
    // The only sewer that leaves a manhole, narrower than what comes in.
    plant.value("V212", "utilities_line", "diameter_mm", 2, [](ColumnBuilder& column) { column.add(80.0); }, "80", [&](const Table& t, std::size_t row) {
        if (medium(t, row) != "sewage") return false;
        int in = 0, out = 0;
        for (const std::size_t other : ends.at(std::string(t.column("from_node").text(row)))) (t.column("from_node").text(other) == t.column("from_node").text(row) ? out : in) += t.column("flow_dir").text(other) == "forward";
        return out == 1 && in > 0;
    });
    // The rule tells it at the invert.
    plant.value("V214", "utilities_node", "cover_m", 2, [](ColumnBuilder& column) { column.add(50.0); }, "50",
                [](const Table& t, std::size_t row) { return t.column("invert_m").valid(row) && t.column("invert_m").number(row) > 60; });
}

void trees_and_green(Planter& plant)
{
    // A planned tree on a water main.
    const auto main = plant.pick("utilities_line", 1, [](const Table& t, std::size_t row) { return t.column("medium").text(row) == "water"; });
    for (const std::size_t row : plant.pick("trees_tree", 1)) {
        const std::size_t at = plant.table("utilities_line").geometry().coordinates(main.at(0)).first;
        plant.move("trees_tree", row, plant.table("utilities_line").geometry().x()[at] + 1.5, plant.table("utilities_line").geometry().y()[at]);
        plant.set_text("trees_tree", "status", {row}, "planned");
        plant.note("V119", "trees_tree", plant.uuid("trees_tree", row), "geom", "1.5 m");
    }
    // Inspections of trees that were felled before, and of no other.
    const auto felled = plant.pick("trees_tree", 2);
    plant.set_text("trees_tree", "status", felled, "felled");
    std::int32_t day = 0;
    table::parse_date("2020-03-01", day);
    plant.set("trees_tree", "felled_on", felled, [&](ColumnBuilder& column) { column.add_date(day); });
    std::vector<std::map<std::string, std::string>> inspections;
    const auto inspect = [&](std::size_t tree, const char* date, const char* girth_cm) {
        inspections.push_back({{"tree_uuid", plant.uuid("trees_tree", tree)}, {"inspected_on", date}, {"trunk_circ_cm", girth_cm}, {"valid_from", date}, {"responsible_unit", "Grünflächenamt"}, {"disclosure_class", "internal"}});
    };
    for (const std::size_t row : felled) inspect(row, "2024-05-01", "");
    // An old tree whose trunk was half as thick the next year.
    for (const std::size_t row : plant.pick("trees_tree", 1, [](const Table& t, std::size_t tree) {
             return t.column("trunk_circ_cm").valid(tree) && t.column("trunk_circ_cm").number(tree) > 100 && t.column("planting_year").valid(tree) && t.column("planting_year").number(tree) < 2010;
         })) {
        inspect(row, "2023-05-01", "180");
        inspect(row, "2024-05-01", "90");
    }
    plant.add_layer("trees_inspection", inspections);
    for (std::size_t row = 0; row < felled.size(); ++row) plant.note("V117", "trees_inspection", plant.uuid("trees_inspection", row), "inspected_on", "2024-05-01");
    plant.note("V118", "trees_inspection", plant.uuid("trees_inspection", felled.size() + 1), "trunk_circ_cm", "90");
    plant.note("V115", "trees_tree", "", "uuid", "");  // all the others
    plant.value("V227", "trees_tree", "disclosure_class", 1, [](ColumnBuilder& column) { column.add("kritis"); }, "kritis");

    plant.value("V307", "greenspace_site", "alkis_use", 1, [](ColumnBuilder& column) { column.add("AX_Friedhof"); }, "AX_Friedhof",
                [](const Table& t, std::size_t row) { return t.column("object_type").text(row) == "park"; });
    // A care unit drawn where the one beside it is.
    const Table sites = plant.table("greenspace_site");
    std::map<std::string, double, std::less<>> area_of_site;
    for (std::size_t row = 0; row < sites.rows(); ++row) area_of_site.emplace(sites.column("uuid").text(row), sites.column("area_m2").number(row));
    const auto beside = [&](const Table& t, std::size_t row) {
        if (row == 0 || t.column("site_uuid").text(row) != t.column("site_uuid").text(row - 1)) return false;
        return std::abs(t.column("area_m2").number(row) - t.column("area_m2").number(row - 1)) > 0.015 * area_of_site.find(t.column("site_uuid").text(row))->second;
    };
    for (const std::size_t row : plant.pick("greenspace_unit", 1, beside)) {
        plant.copy_geometry("greenspace_unit", row - 1, row);
        plant.note("V302", "greenspace_unit", plant.uuid("greenspace_unit", row), "geom", "");
        plant.note("V302", "greenspace_site", std::string(plant.table("greenspace_unit").column("site_uuid").text(row)), "geom", "");
    }
}

void access(Planter& plant)
{
    // An entrance that lost its place.
    for (const std::size_t row : plant.pick("buildings_entrance", 1)) {
        const std::string place(plant.table("buildings_entrance").column("place_uuid").text(row));
        for (const char* field : {"place_uuid", "building_uuid"}) plant.set("buildings_entrance", field, {row}, [](ColumnBuilder& column) { column.add_null(); });
        plant.note("V401", "buildings_place", place, "entrance_access", "");
    }
    plant.place("V402", "buildings_entrance", 1, [](double& x, double&) { x += 400; }, "400 m");
    for (const std::size_t row : plant.pick("buildings_entrance", 1)) {
        plant.set_text("buildings_entrance", "access", {row}, "full");
        plant.set_text("buildings_entrance", "ramp", {row}, "none");
        plant.set("buildings_entrance", "steps", {row}, [](ColumnBuilder& column) { column.add(5); });
        plant.set("buildings_entrance", "step_height_cm", {row}, [](ColumnBuilder& column) { column.add(16.0); });
        plant.note("V406", "buildings_entrance", plant.uuid("buildings_entrance", row), "access", "full");
    }
    std::set<std::string, std::less<>> with_lift;
    const Table lifts = plant.table("buildings_lift");
    for (std::size_t row = 0; row < lifts.rows(); ++row) with_lift.emplace(lifts.column("place_uuid").text(row));
    plant.value("V409", "buildings_place", "lift_available", 1, [](ColumnBuilder& column) { column.add(true); }, "true",
                [&](const Table& t, std::size_t row) { return !with_lift.contains(t.column("uuid").text(row)); });
    // Upstairs without a lift.
    plant.value("V409", "buildings_place", "public_floors", 1, [](ColumnBuilder& column) { column.add("0,1"); }, "0,1",
                [&](const Table& t, std::size_t row) { return !with_lift.contains(t.column("uuid").text(row)); });
    for (const std::size_t row : plant.pick("buildings_place", 1)) {
        plant.set_text("buildings_place", "help_text", {row}, "Begleitung vom Eingang bis zum Schalter");
        plant.note("V411", "buildings_place", plant.uuid("buildings_place", row), "help_text_en", "");
    }
    for (const std::size_t row : plant.pick("buildings_place", 1, [](const Table& t, std::size_t one) { return t.column("entrance_access").text(one) == "full"; })) {
        const std::string building(plant.table("buildings_place").column("building_uuid").text(row));
        const Table& buildings = plant.table("buildings_building");
        std::size_t at = 0;
        while (at < buildings.rows() && buildings.column("uuid").text(at) != building) ++at;
        plant.set_text("buildings_building", "wheelchair", {at}, "no");
        plant.note("V410", "buildings_place", plant.uuid("buildings_place", row), "entrance_access", "full");
    }
}

void ways_and_cells(Planter& plant)
{
    for (const std::size_t row : plant.pick("walking_edge", 1)) {
        plant.set_text("walking_edge", "kind", {row}, "steps");
        plant.set_text("walking_edge", "wheelchair", {row}, "full");
        plant.note("V501", "walking_edge", plant.uuid("walking_edge", row), "wheelchair", "full");
    }
    plant.value("V502", "walking_edge", "incline_pct", 1, [](ColumnBuilder& column) { column.add(95.0); }, "95");
    plant.value("V503", "walking_node", "kerb_cm", 1, [](ColumnBuilder& column) { column.add(120.0); }, "120");

    const Table& cells = plant.table("population_cell");
    std::int64_t all = 0;
    std::size_t fullest = 0;  // certainly not at the border of the city
    for (std::size_t row = 0; row < cells.rows(); ++row) {
        all += static_cast<std::int64_t>(cells.column("inhabitants").number(row));
        if (cells.column("inhabitants").number(row) > cells.column("inhabitants").number(fullest)) fullest = row;
    }
    plant.set("population_cell", "inhabitants", {fullest}, [&](ColumnBuilder& column) { column.add(all); });
    plant.note("V605", "population_cell", "", "inhabitants", std::to_string(all));
    plant.add_layer("statgrid_value", {{{"cell_code", std::string(plant.table("statgrid_cell").column("cell_code").text(0))}, {"indicator", "unemployed"}, {"period", "2025"}, {"value", "2"}, {"n_base", "2"}, {"valid_from", "2025-01-01"}, {"responsible_unit", "Amt für Statistik"}}});
    plant.note("V604", "statgrid_value", plant.uuid("statgrid_value", 0), "n_base", "2");
}

}  // namespace

void plant_relations(Planter& plant)
{
    networks(plant);
    trees_and_green(plant);
    access(plant);
    ways_and_cells(plant);
}

}  // namespace stadtgdi::demo
