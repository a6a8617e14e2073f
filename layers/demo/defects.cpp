// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/defects.hpp>
#include <layers/demo/planter.hpp>
#include <utility>

namespace stadtgdi::demo {

using table::ColumnBuilder;
using table::Table;

std::vector<Defect> plant_defects(std::map<std::string, Table>& tables, std::uint64_t seed)
{
    std::vector<Defect> defects;
    Planter plant(tables, seed, defects);
    const auto number = [](double value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto whole = [](std::int64_t value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto text = [](const char* value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto has = [](const char* field) { return [field](const Table& t, std::size_t row) { return t.column(field).valid(row); }; };

    plant.without_geometry("trees_tree", 3);
    plant.place("V003", "trees_tree", 2, [](double& x, double&) { x += 60'000; }, "60 km");
    // One wrong value may break two rules; both are listed.
    for (const std::size_t row : plant.place("V004", "trees_tree", 2, [](double& x, double& y) { std::swap(x, y); }, "x, y"))
        plant.note("V003", "trees_tree", plant.uuid("trees_tree", row), "geom", "x, y");
    plant.value("V006", "trees_tree", "status", 2, [](ColumnBuilder& column) { column.add_null(); }, "");
    // What every tree should have; a mere warning.
    plant.value("V006", "trees_tree", "site_no", 2, [](ColumnBuilder& column) { column.add_null(); }, "");
    plant.value("V008", "trees_tree", "valid_to", 2, [](ColumnBuilder& column) { column.add_date(-36'525); }, "1870-01-01");
    plant.value("V007", "trees_tree", "site_type", 3, text("Strasse"), "Strasse");
    plant.value("V011", "trees_tree", "street_name", 2, text("Stra\xEF\xBF\xBD" "enweg"), "Stra\xEF\xBF\xBD" "enweg");
    plant.value("V101", "trees_tree", "planting_year", 3, whole(2099), "2099");
    for (const std::size_t row : plant.value("V102", "trees_tree", "planting_year", 2, whole(1222), "1222"))
        plant.note("V103", "trees_tree", plant.uuid("trees_tree", row), "planting_year", "1222");
    plant.value("V104", "trees_tree", "crown_diam_m", 3, number(85), "85", has("crown_diam_m"));
    plant.value("V105", "trees_tree", "height_m", 3, number(800), "800", has("height_m"));
    plant.value("V106", "trees_tree", "trunk_circ_cm", 2, number(2400), "2400", has("trunk_circ_cm"));
    // A stem in the middle of a house.
    const auto house = plant.pick("buildings_building", 1);
    for (const std::size_t row : plant.pick("trees_tree", house.empty() ? 0 : 1)) {
        const table::Box box = plant.table("buildings_building").geometry().box(house[0]);
        plant.move("trees_tree", row, (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2);
        plant.note("V111", "trees_tree", plant.uuid("trees_tree", row), "geom", plant.uuid("buildings_building", house[0]));
    }
    plant.value("V221", "utilities_line", "install_year", 2, whole(1750), "1750");
    plant.value("V222", "utilities_line", "outer_diam_mm", 2, number(10), "10");
    plant.value("V403", "buildings_entrance", "steps", 2, whole(0), "0", has("step_height_cm"));
    plant.value("V404", "buildings_entrance", "door_width_cm", 2, number(900), "900");
    plant_relations(plant);
    return defects;
}

}  // namespace stadtgdi::demo
