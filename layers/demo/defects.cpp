// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/defects.hpp>
#include <layers/demo/planter.hpp>
#include <utility>

namespace stadtgdi::demo {

using table::ColumnBuilder;
using table::Table;

namespace {

/// Wrong entries in one field of layers other than the trees.
void plant_entries(Planter& plant)
{
    const auto number = [](double value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto text = [](const char* value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto day = [](const char* value) {
        return [value](ColumnBuilder& column) {
            std::int32_t days = 0;
            table::parse_date(value, days);
            column.add_date(days);
        };
    };
    plant.value("V009", "walking_edge", "recorded_at", 1, [](ColumnBuilder& column) {
        std::int64_t time = 0;
        table::parse_datetime("2099-01-01T00:00:00Z", time);
        column.add(time);
    }, "2099-01-01T00:00:00Z");
    plant.value("V012", "greenspace_playground", "devices", 1, text("Rutsche, Wippe; Pate: 0341 1234567"), "Rutsche, Wippe; Pate: 0341 1234567");
    plant.value("V013", "greenspace_gate", "site_uuid", 1, text("00000000-0000-4000-8000-000000000000"), "00000000-0000-4000-8000-000000000000");
    const auto gas = [](const Table& t, std::size_t row) { return t.column("medium").text(row) == "gas"; };
    plant.value("V220", "utilities_line", "material", 1, text("vitrified_clay"), "vitrified_clay", gas);
    plant.value("V223", "utilities_line", "depth_m", 1, number(45), "45", gas);
    plant.value("V305", "greenspace_site", "public_access", 1, text("unknown"), "unknown");
    plant.value("V308", "greenspace_unit", "sealing_deg", 1, number(85), "85");
    for (const std::size_t row : plant.pick("buildings_entrance", 1)) {
        plant.set_text("buildings_entrance", "ramp", {row}, "fixed");
        plant.set("buildings_entrance", "ramp_slope_pct", {row}, [](ColumnBuilder& column) { column.add_null(); });
        plant.note("V405", "buildings_entrance", plant.uuid("buildings_entrance", row), "ramp_slope_pct", "");
    }
    plant.value("V407", "buildings_lift", "cabin_width_cm", 1, number(1100), "1100");
    plant.value("V408", "buildings_survey", "surveyed_on", 1, day("2009-05-04"), "2009-05-04");
    plant.value("V602", "population_cell", "cell_code", 1, text("CRS3035RES100mN31E42"), "CRS3035RES100mN31E42");
    const std::string first(plant.table("statgrid_cell").column("cell_code").text(0));
    for (const std::size_t row : plant.pick("statgrid_cell", 1, [](const Table&, std::size_t one) { return one > 0; })) {
        plant.set_text("statgrid_cell", "cell_code", {row}, first);
        plant.note("V601", "statgrid_cell", plant.uuid("statgrid_cell", row), "cell_code", first);
        plant.note("V603", "statgrid_cell", plant.uuid("statgrid_cell", row), "cell_code_short", std::string(plant.table("statgrid_cell").column("cell_code_short").text(row)));
    }
}

}  // namespace

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
    plant_entries(plant);
    return defects;
}

}  // namespace stadtgdi::demo
