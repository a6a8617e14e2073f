// SPDX-License-Identifier: GPL-2.0-or-later
#include "checked.hpp"

#include <map>

using Found = std::vector<std::string>;

namespace {

const std::string here = "POINT (317000 5690000)";
const std::string line = "LINESTRING (0 0, 100 0)";

// One row with the values each, far from one another.
Found of(const std::string& rule, const std::string& layer, const std::vector<std::map<std::string, std::string>>& rows)
{
    std::vector<Row> all;
    for (const auto& values : rows) {
        const double x = 317000 + 100 * static_cast<double>(all.size());
        const std::string point = std::to_string(x) + " 5690000";
        const auto kind = stadtgdi::catalogue::find_layer(layer)->geometry;
        std::string wkt;
        if (kind == stadtgdi::table::GeometryKind::point)
            wkt = "POINT (" + point + ")";
        else if (kind == stadtgdi::table::GeometryKind::line)
            wkt = "LINESTRING (" + point + ", " + std::to_string(x + 100) + " 5690000)";
        all.push_back({values, wkt});
    }
    return found({{layer, make_layer(layer, all)}}, {rule});
}

}  // namespace

TEST(Trees, V101FindsYearsInTheFuture)
{
    EXPECT_EQ(of("V101", "trees_tree", {{{"planting_year", "2026"}}, {{"planting_year", "2027"}}, {{"planting_year", "2028"}}}),
              (Found{"V101 info 1 planting_year", "V101 error 2 planting_year"}));
}

TEST(Trees, V102AndV103FindYearsTooOld)
{
    EXPECT_EQ(of("V102", "trees_tree", {{{"planting_year", "1800"}}, {{"planting_year", "1750"}}, {{"planting_year", "1200"}}}),
              (Found{"V102 warning 1 planting_year", "V102 error 2 planting_year"}));
    EXPECT_EQ(of("V103", "trees_tree", {{{"planting_year", "1600"}}, {{"planting_year", "1500"}}}), Found{"V103 error 1 planting_year"});
}

TEST(Trees, V104FindsCrownsOutOfRangeAndDefaultValues)
{
    EXPECT_EQ(of("V104", "trees_tree", {{{"crown_diam_m", "8"}}, {{"crown_diam_m", "41"}}, {{"crown_diam_m", "2"}, {"planting_year", "1990"}}, {{"crown_diam_m", "2"}, {"planting_year", "2020"}}}),
              (Found{"V104 error 1 crown_diam_m", "V104 info 2 crown_diam_m"}));
}

TEST(Trees, V105FindsHeightsOutOfRange)
{
    EXPECT_EQ(of("V105", "trees_tree", {{{"height_m", "50"}}, {{"height_m", "800"}}, {{"height_m", "0.2"}}}), (Found{"V105 error 1 height_m", "V105 error 2 height_m"}));
}

TEST(Trees, V106FindsGirthsInMetres)
{
    EXPECT_EQ(of("V106", "trees_tree", {{{"trunk_circ_cm", "90"}}, {{"trunk_circ_cm", "5"}, {"planting_year", "1990"}}, {{"trunk_circ_cm", "1600"}}}),
              (Found{"V106 warning 1 trunk_circ_cm", "V106 error 2 trunk_circ_cm"}));
}

TEST(Trees, V107FindsCrownsTooWide)
{
    EXPECT_EQ(of("V107", "trees_tree", {{{"crown_diam_m", "10"}, {"height_m", "4"}}, {{"crown_diam_m", "10.1"}, {"height_m", "4"}}}), Found{"V107 warning 1 crown_diam_m"});
}

TEST(Trees, V108ComparesGirthAndDiameter)
{
    // 100 cm / pi = 31.83 cm; 18 cm girth and 6 cm diameter differ by rounding only.
    EXPECT_EQ(of("V108", "trees_tree", {{{"trunk_circ_cm", "100"}, {"trunk_diam_cm", "32"}}, {{"trunk_circ_cm", "100"}, {"trunk_diam_cm", "40"}}, {{"trunk_circ_cm", "18"}, {"trunk_diam_cm", "6"}}}),
              Found{"V108 warning 1 trunk_circ_cm"});
}

TEST(Trees, V109FindsSlenderTrees)
{
    EXPECT_EQ(of("V109", "trees_tree", {{{"height_m", "12"}, {"trunk_diam_cm", "10"}}, {{"height_m", "12.1"}, {"trunk_diam_cm", "10"}}}), Found{"V109 info 1 height_m"});
}

TEST(Trees, V110FindsGirthThatGrewTooFast)
{
    EXPECT_EQ(of("V110", "trees_tree", {{{"trunk_circ_cm", "80"}, {"planting_year", "2016"}}, {{"trunk_circ_cm", "81"}, {"planting_year", "2016"}}, {{"trunk_circ_cm", "20"}, {"planting_year", "2025"}}}),
              Found{"V110 warning 1 trunk_circ_cm"});
}

TEST(Trees, V111FindsStemsInBuildings)
{
    Store store = {{"buildings_building", make_layer("buildings_building", {{{}, "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0)))"},
                                                                            {{{"function", "roof"}}, "MULTIPOLYGON (((20 0, 30 0, 30 10, 20 10, 20 0)))"}})},
                   {"greenspace_site", make_layer("greenspace_site", {{{{"object_type", "water"}}, "MULTIPOLYGON (((40 0, 50 0, 50 10, 40 10, 40 0)))"},
                                                                     {{{"object_type", "park"}}, "MULTIPOLYGON (((60 0, 70 0, 70 10, 60 10, 60 0)))"}})},
                   {"trees_tree", make_layer("trees_tree", {{{}, "POINT (5 5)"}, {{}, "POINT (15 5)"}, {{}, "POINT (25 5)"}, {{{"status", "felled"}}, "POINT (6 6)"}, {{}, "POINT (45 5)"}, {{}, "POINT (65 5)"}})}};
    EXPECT_EQ(found(store, {"V111"}), (Found{"V111 error 0 geom", "V111 warning 4 geom"}));
}

TEST(Trees, V112AndV113TellTwinsFromNeighbours)
{
    const Store store = {{"trees_tree", make_layer("trees_tree", {{{{"genus", "Tilia"}}, "POINT (0 0)"},
                                                                 {{{"genus", "Tilia"}}, "POINT (0.3 0)"},
                                                                 {{{"genus", "Acer"}}, "POINT (0 0.4)"},
                                                                 {{{"genus", "Tilia"}}, "POINT (5 0)"},
                                                                 {{{"genus", "Tilia"}, {"status", "felled"}}, "POINT (5 0)"}})}};
    EXPECT_EQ(found(store, {"V112"}), Found{"V112 error 1 geom"});
    EXPECT_EQ(found(store, {"V113"}), (Found{"V113 warning 2 geom"}));
}

TEST(Trees, V114KnowsSpecies)
{
    EXPECT_EQ(of("V114", "trees_tree", {{{"taxon_text", "Tilia cordata 'Greenspire'"}, {"genus", "Tilia"}}, {{"taxon_text", "Stammstück"}}, {{"taxon_text", "Acer campestre"}, {"genus", "Tilia"}}}),
              (Found{"V114 warning 1 taxon_text", "V114 error 2 genus"}));
}

TEST(Trees, V116FindsOverdueInspections)
{
    EXPECT_EQ(of("V116", "trees_inspection", {{{"tree_uuid", "a"}, {"due_date", "2026-06-01"}}, {{"tree_uuid", "a"}, {"due_date", "2026-05-01"}}, {{"tree_uuid", "a"}, {"due_date", "2026-01-01"}}}),
              (Found{"V116 warning 1 due_date", "V116 error 2 due_date"}));
}

TEST(Utilities, V201AndV202FindEmptyAndRepeatedLines)
{
    const Store store = {{"utilities_line", make_layer("utilities_line", {{{{"medium", "gas"}}, line},
                                                                         {{{"medium", "gas"}}, "LINESTRING (5 5, 5 5)"},
                                                                         {{{"medium", "gas"}}, "LINESTRING (100 0, 0 0)"},
                                                                         {{{"medium", "water"}}, line},
                                                                         {{{"medium", "heat"}, {"from_node", "a"}, {"to_node", "a"}}, line}})}};
    EXPECT_EQ(found(store, {"V201"}), (Found{"V201 error 1 from_node", "V201 error 4 from_node"}));
    EXPECT_EQ(found(store, {"V202"}), Found{"V202 error 2 local_id"});
}

TEST(Utilities, V209AndV213LookAtTheNodes)
{
    const Store store = {{"utilities_node", make_layer("utilities_node", {{{{"uuid", "g"}, {"medium", "gas"}}, here}, {{{"uuid", "w"}, {"medium", "water"}}, here}})},
                         {"utilities_line", make_layer("utilities_line", {{{{"medium", "gas"}, {"from_node", "g"}, {"to_node", "w"}}, line}, {{{"medium", "gas"}, {"from_node", "x"}}, line}})}};
    EXPECT_EQ(found(store, {"V209"}), Found{"V209 error 1 from_node"});
    EXPECT_EQ(found(store, {"V213"}), Found{"V213 warning 0 to_node"});
}

TEST(Utilities, V211FindsCounterSlope)
{
    EXPECT_EQ(of("V211", "utilities_line", {{{"medium", "sewage"}, {"invert_from_m", "37.12"}, {"invert_to_m", "37.08"}},
                                            {{"medium", "sewage"}, {"invert_from_m", "37.08"}, {"invert_to_m", "37.12"}},
                                            {{"medium", "sewage"}, {"invert_from_m", "37.08"}, {"invert_to_m", "37.12"}, {"flow_dir", "backward"}}}),
              Found{"V211 warning 1 invert_to_m"});
}

TEST(Utilities, V220ToV223LookAtMaterialYearAndMeasures)
{
    EXPECT_EQ(of("V220", "utilities_line", {{{"medium", "electricity"}, {"material", "aluminium"}}, {{"medium", "electricity"}, {"material", "pe"}}, {{"medium", "gas"}, {"material", "pe"}}}),
              Found{"V220 warning 1 material"});
    EXPECT_EQ(of("V221", "utilities_line", {{{"install_year", "1900"}}, {{"install_year", "1700"}}, {{"install_year", "2030"}}, {{"install_year", "2030"}, {"status", "planned"}}}),
              (Found{"V221 error 1 install_year", "V221 error 2 install_year"}));
    EXPECT_EQ(of("V222", "utilities_line", {{{"diameter_mm", "100"}, {"outer_diam_mm", "110"}}, {{"diameter_mm", "100"}, {"outer_diam_mm", "90"}}}), Found{"V222 error 1 outer_diam_mm"});
    EXPECT_EQ(of("V223", "utilities_line", {{{"depth_m", "1.2"}}, {{"depth_m", "-1"}}, {{"depth_m", "120"}}}), (Found{"V223 error 1 depth_m", "V223 error 2 depth_m"}));
}

TEST(Utilities, V224LooksForTheBuildingOfAConnection)
{
    const Store store = {{"buildings_building", make_layer("buildings_building", {{{}, "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0)))"}})},
                         {"utilities_node", make_layer("utilities_node", {{{{"node_type", "house_connection"}}, "POINT (30 5)"},
                                                                          {{{"node_type", "house_connection"}}, "POINT (45 5)"},
                                                                          {{{"node_type", "valve"}}, "POINT (500 5)"}})}};
    EXPECT_EQ(found(store, {"V224"}), Found{"V224 warning 1 node_type"});
}

TEST(Utilities, V226SaysOnceThatAccuracyIsMissing)
{
    EXPECT_EQ(of("V226", "utilities_line", {{{"pos_acc_m", "0.5"}}, {}, {}}), Found{"V226 warning -1 pos_acc_m"});
    EXPECT_EQ(of("V226", "utilities_line", {{{"pos_acc_m", "0.5"}}}), Found{});
}

TEST(Greenspace, V301ToV305LookAtAreas)
{
    const Store store = {{"greenspace_site", make_layer("greenspace_site", {{{}, "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)))"},
                                                                           {{}, "MULTIPOLYGON (((100 0, 200 0, 200 100, 100 100, 100 0)))"},
                                                                           {{}, "MULTIPOLYGON (((150 50, 250 50, 250 60, 150 60, 150 50)))"},
                                                                           {{{"public_access", "unknown"}}, "MULTIPOLYGON (((300 0, 303 0, 303 3, 300 3, 300 0)))"},
                                                                           {{}, "MULTIPOLYGON (((400 0, 500 0, 500 0.1, 400 0.1, 400 0)))"}})}};
    EXPECT_EQ(found(store, {"V301"}), Found{"V301 error 2 geom"});
    EXPECT_EQ(found(store, {"V303"}), Found{"V303 warning 4 geom"});
    EXPECT_EQ(found(store, {"V304"}), Found{"V304 info 3 geom"});
    EXPECT_EQ(found(store, {"V305"}), Found{"V305 warning 3 public_access"});
}

TEST(Greenspace, V308FindsPerCent)
{
    EXPECT_EQ(of("V308", "greenspace_unit", {{{"sealing_deg", "0.8"}}, {{"sealing_deg", "80"}}}), Found{"V308 error 1 sealing_deg"});
}

TEST(Buildings, V403ComparesStepsWithTheirHeight)
{
    EXPECT_EQ(of("V403", "buildings_entrance", {{{"steps", "2"}, {"step_height_cm", "16"}}, {{"steps", "0"}, {"step_height_cm", "16"}}, {{"steps", "2"}}}),
              (Found{"V403 error 1 step_height_cm", "V403 warning 2 step_height_cm"}));
}

TEST(Buildings, V404FindsOtherUnits)
{
    EXPECT_EQ(of("V404", "buildings_entrance", {{{"door_width_cm", "90"}}, {{"door_width_cm", "0.9"}}, {{"door_width_cm", "930"}}, {{"threshold_cm", "30"}}}),
              (Found{"V404 error 1 door_width_cm", "V404 error 2 door_width_cm", "V404 error 3 threshold_cm"}));
}

TEST(Buildings, V405ComparesTheSlopeOfTheRamp)
{
    EXPECT_EQ(of("V405", "buildings_entrance",
                 {{{"ramp", "fixed"}, {"ramp_len_cm", "600"}, {"ramp_height_cm", "36"}, {"ramp_slope_pct", "6"}},
                  {{"ramp", "fixed"}},
                  {{"ramp", "fixed"}, {"ramp_len_cm", "600"}, {"ramp_height_cm", "36"}, {"ramp_slope_pct", "12"}},
                  {{"ramp", "none"}}}),
              (Found{"V405 warning 1 ramp_slope_pct", "V405 warning 2 ramp_slope_pct"}));
}

TEST(Buildings, V407AndV408LookAtLiftsAndSurveys)
{
    EXPECT_EQ(of("V407", "buildings_lift", {{{"cabin_width_cm", "110"}, {"cabin_depth_cm", "140"}}, {{"cabin_width_cm", "11"}, {"cabin_depth_cm", "1400"}}}),
              (Found{"V407 error 1 cabin_width_cm", "V407 error 1 cabin_depth_cm"}));
    EXPECT_EQ(of("V408", "buildings_survey", {{{"surveyed_on", "2022-01-01"}}, {{"surveyed_on", "2019-01-01"}}, {{"surveyed_on", "2004-05-10"}}, {}}),
              (Found{"V408 warning 1 surveyed_on", "V408 error 2 surveyed_on"}));
}

TEST(Grid, V601ToV603CompareCodesAndGeometry)
{
    const std::string cell = "POLYGON ((4477000 3127000, 4477100 3127000, 4477100 3127100, 4477000 3127100, 4477000 3127000))";
    const Store store = {{"statgrid_cell", make_layer("statgrid_cell", {{{{"cell_code", "CRS3035RES100mN3127000E4477000"}, {"cell_code_short", "100mN31270E44770"}}, cell},
                                                                       {{{"cell_code", "CRS3035RES100mN3127100E4477000"}}, cell},
                                                                       {{{"cell_code", "CRS3035RES100mN3127050E4477000"}}, cell},
                                                                       {{{"cell_code", "CRS3035RES100mN3127000E4477000"}, {"cell_code_short", "100mN31271E44770"}}, cell}})}};
    EXPECT_EQ(found(store, {"V601"}), Found{"V601 error 1 cell_code"});
    EXPECT_EQ(found(store, {"V602"}), Found{"V602 error 2 cell_code"});
    EXPECT_EQ(found(store, {"V603"}), Found{"V603 error 3 cell_code_short"});
}
