// SPDX-License-Identifier: GPL-2.0-or-later
#include "checked.hpp"

#include <map>

using Found = std::vector<std::string>;

namespace {

std::string square(double x, double y, double size)
{
    const auto at = [](double px, double py) { return std::to_string(px) + " " + std::to_string(py); };
    return "MULTIPOLYGON (((" + at(x, y) + ", " + at(x + size, y) + ", " + at(x + size, y + size) + ", " + at(x, y + size) + ", " + at(x, y) + ")))";
}

Row tree(const std::string& uuid, const std::string& at, std::map<std::string, std::string> more = {})
{
    more.emplace("uuid", uuid);
    return {more, "POINT (" + at + ")"};
}

}  // namespace

TEST(Trees, V115FindsOldTreesThatNobodyInspected)
{
    // On 1 June 2026: planted in 2010 is 16 years ago, 2011 is 15.
    Store store = {{"trees_tree", make_layer("trees_tree", {tree("a", "0 0", {{"planting_year", "1990"}}), tree("b", "9 0", {{"planting_year", "2010"}}), tree("c", "18 0", {{"planting_year", "2011"}}), tree("d", "27 0"),
                                                            tree("e", "36 0", {{"planting_year", "1990"}, {"status", "felled"}})})}};
    EXPECT_EQ(found(store, {"V115"}), Found{});  // no inspections are kept here
    store["trees_inspection"] = make_layer("trees_inspection", {{{{"tree_uuid", "a"}}, ""}});
    EXPECT_EQ(found(store, {"V115"}), Found{"V115 warning 1 uuid"});
}

TEST(Trees, V115SaysOnceThatInspectionsAreMissing)
{
    std::vector<Row> rows;
    for (int i = 0; i < 50; ++i)
        rows.push_back(tree("t" + std::to_string(i), std::to_string(i * 10) + " 0", {{"planting_year", "1980"}}));
    const Store store = {{"trees_tree", make_layer("trees_tree", rows)}, {"trees_inspection", make_layer("trees_inspection", {{{{"tree_uuid", "t7"}}, ""}})}};
    EXPECT_EQ(found(store, {"V115"}), Found{"V115 warning -1 uuid"});
}

TEST(Trees, V117FindsInspectionsOfTreesThatAreGone)
{
    const auto inspection = [](const std::string& of, const std::string& day) { return Row{{{"tree_uuid", of}, {"inspected_on", day}}, ""}; };
    const Store store = {{"trees_tree", make_layer("trees_tree", {tree("felled", "0 0", {{"status", "felled"}, {"felled_on", "2025-02-01"}}), tree("gap", "9 0", {{"status", "gap"}, {"recorded_at", "2024-06-01T10:00:00Z"}}), tree("stands", "18 0")})},
                         {"trees_inspection", make_layer("trees_inspection", {inspection("felled", "2025-02-01"), inspection("felled", "2025-02-02"), inspection("gap", "2024-05-31"), inspection("gap", "2024-07-01"), inspection("stands", "2026-01-01"),
                                                                              inspection("nobody", "2026-01-01")})}};
    EXPECT_EQ(found(store, {"V117"}), (Found{"V117 error 1 inspected_on", "V117 error 3 inspected_on"}));
}

TEST(Trees, V118ComparesAGirthWithTheOneBefore)
{
    const auto inspection = [](const std::string& of, const std::string& day, const std::string& girth) { return Row{{{"tree_uuid", of}, {"inspected_on", day}, {"trunk_circ_cm", girth}}, ""}; };
    // a shrinks by 6 % between two inspections, b by 5 % only, c after the last one; d was replanted, e had no measure in between.
    const Store store = {{"trees_tree", make_layer("trees_tree", {tree("a", "0 0", {{"trunk_circ_cm", "100"}}), tree("b", "9 0"), tree("c", "18 0", {{"trunk_circ_cm", "80"}}),
                                                                  tree("d", "27 0", {{"trunk_circ_cm", "20"}, {"planting_year", "2024"}}), tree("e", "36 0")})},
                         {"trees_inspection", make_layer("trees_inspection", {inspection("a", "2025-05-01", "94"), inspection("a", "2024-05-01", "100"), inspection("b", "2024-05-01", "100"), inspection("b", "2025-05-01", "95"),
                                                                              inspection("c", "2024-05-01", "100"), inspection("d", "2020-05-01", "200"), inspection("e", "2023-05-01", "100"),
                                                                              inspection("e", "2024-05-01", ""), inspection("e", "2025-05-01", "60")})}};
    EXPECT_EQ(found(store, {"V118"}), (Found{"V118 warning 0 trunk_circ_cm", "V118 warning 8 trunk_circ_cm", "V118 warning 2 trunk_circ_cm"}));
}

TEST(Trees, V119MeasuresToTheOuterWallOfTheLine)
{
    // Axis at y = 0, outer diameter 200 mm: 2.6 m is 2.50 m from the wall and allowed.
    const Store store = {{"utilities_line", make_layer("utilities_line", {{{{"medium", "water"}, {"outer_diam_mm", "200"}}, "LINESTRING (0 0, 100 0)"}, {{{"medium", "gas"}, {"status", "abandoned"}}, "LINESTRING (0 20, 100 20)"}})},
                         {"trees_tree", make_layer("trees_tree", {tree("a", "10 2.6", {{"status", "planned"}}), tree("b", "20 2.55", {{"status", "planned"}}), tree("c", "30 0.9"), tree("d", "40 20", {{"status", "planned"}})})}};
    EXPECT_EQ(found(store, {"V119"}), Found{"V119 warning 1 geom"});
}

TEST(Trees, V119KeepsPlannedTreesFromHousesAndHydrants)
{
    const Store store = {{"buildings_building", make_layer("buildings_building", {{{}, square(0, 0, 10)}})},
                         {"utilities_node", make_layer("utilities_node", {{{{"node_type", "hydrant"}}, "POINT (50 0)"}, {{{"node_type", "street_light"}}, "POINT (70 0)"}, {{{"node_type", "valve"}}, "POINT (90 0)"}})},
                         {"trees_tree", make_layer("trees_tree", {tree("a", "14 5", {{"status", "planned"}}), tree("b", "13.9 5", {{"status", "planned"}}), tree("c", "51.5 0", {{"status", "planned"}}),
                                                                  tree("d", "51.4 0", {{"status", "planned"}}), tree("e", "72.9 0", {{"status", "planned"}}), tree("f", "90 0", {{"status", "planned"}})})}};
    EXPECT_EQ(found(store, {"V119"}), (Found{"V119 warning 1 geom", "V119 warning 3 geom", "V119 warning 4 geom"}));
}

TEST(Greenspace, V302ComparesUnitsWithTheirSite)
{
    const auto unit = [](const std::string& site, const std::string& wkt) { return Row{{{"site_uuid", site}}, wkt}; };
    const auto site = [](const std::string& uuid, const std::string& wkt) { return Row{{{"uuid", uuid}}, wkt}; };
    // a is filled by two halves that touch; in b a gap of 5 %; c's units overlap by 2 m2 and reach beyond; d has no units.
    const Store store = {{"greenspace_site", make_layer("greenspace_site", {site("a", square(0, 0, 10)), site("b", square(100, 0, 10)), site("c", square(200, 0, 10)), site("d", square(300, 0, 10))})},
                         {"greenspace_unit", make_layer("greenspace_unit", {unit("a", "MULTIPOLYGON (((0 0, 5 0, 5 10, 0 10, 0 0)))"), unit("a", "MULTIPOLYGON (((5 0, 10 0, 10 10, 5 10, 5 0)))"),
                                                                            unit("b", "MULTIPOLYGON (((100 0, 109.5 0, 109.5 10, 100 10, 100 0)))"), unit("c", "MULTIPOLYGON (((200 0, 205.2 0, 205.2 10, 200 10, 200 0)))"),
                                                                            unit("c", "MULTIPOLYGON (((205 0, 210 0, 210 10, 205 10, 205 0)))"), unit("", square(0, 0, 10)), unit("d", "")})}};
    EXPECT_EQ(found(store, {"V302"}), (Found{"V302 warning 1 geom", "V302 warning 2 geom", "V302 warning 4 geom"}));
    const Store beyond = {{"greenspace_site", make_layer("greenspace_site", {site("a", square(0, 0, 10))})},
                          {"greenspace_unit", make_layer("greenspace_unit", {unit("a", "MULTIPOLYGON (((0.1 0, 10.1 0, 10.1 10, 0.1 10, 0.1 0)))")})}};
    EXPECT_EQ(found(beyond, {"V302"}), Found{"V302 warning 0 geom"});
}

TEST(Greenspace, V306LooksForAWayIn)
{
    // 100 m squares of 1 ha: a with a path beside it, b with a gate, c with nothing, d closed, e small.
    Store store = {{"greenspace_site", make_layer("greenspace_site", {{{{"uuid", "a"}}, square(0, 0, 100)}, {{{"uuid", "b"}}, square(1000, 0, 100)}, {{{"uuid", "c"}}, square(2000, 0, 100)},
                                                                      {{{"uuid", "d"}, {"public_access", "none"}}, square(3000, 0, 100)}, {{{"uuid", "e"}}, square(4000, 0, 70)}})},
                   {"greenspace_gate", make_layer("greenspace_gate", {{{{"site_uuid", "b"}}, "POINT (1000 50)"}})}};
    EXPECT_EQ(found(store, {"V306"}), Found{});  // no paths, no judgement
    store["walking_edge"] = make_layer("walking_edge", {{{{"width_m", "2"}}, "LINESTRING (-6 -500, -6 500)"}, {{{"width_m", "2"}}, "LINESTRING (1993.5 -500, 1993.5 500)"}});
    EXPECT_EQ(found(store, {"V306"}), Found{"V306 warning 2 geom"});  // 6.5 m from c, 6 m would do
}

TEST(Greenspace, V307ComparesWithAlkis)
{
    const auto site = [](const std::string& type, const std::string& use) { return Row{{{"object_type", type}, {"alkis_use", use}}, ""}; };
    EXPECT_EQ(found({{"greenspace_site", make_layer("greenspace_site", {site("cemetery", "AX_Friedhof"), site("park", "AX_Friedhof"), site("park", "Grünanlage"), site("park", ""), site("roadside", "AX_Strassenverkehr"), site("allotment", "Spielplatz")})}},
                    {"V307"}),
              (Found{"V307 info 1 object_type", "V307 info 5 object_type"}));
}

TEST(Buildings, V401LooksForEntrances)
{
    const auto place = [](const std::string& uuid, const std::string& access) { return Row{{{"uuid", uuid}, {"name", uuid}, {"entrance_access", access}}, "POINT (0 0)"}; };
    Store store = {{"buildings_place", make_layer("buildings_place", {place("a", "full"), place("b", "full"), place("c", "full"), place("d", "unknown")})}};
    EXPECT_EQ(found(store, {"V401"}), Found{});
    store["buildings_entrance"] = make_layer("buildings_entrance", {{{{"place_uuid", "a"}, {"is_main", "false"}}, ""}, {{{"place_uuid", "a"}, {"is_main", "true"}}, ""}, {{{"place_uuid", "b"}, {"is_main", "false"}}, ""}});
    EXPECT_EQ(found(store, {"V401"}), (Found{"V401 warning 1 entrance_access", "V401 error 2 entrance_access", "V401 warning 3 entrance_access"}));
}

TEST(Buildings, V402MeasuresFromTheEntranceToTheOutline)
{
    const auto entrance = [](const std::string& at, std::map<std::string, std::string> more = {}) { return Row{std::move(more), "POINT (" + at + ")"}; };
    const Store store = {{"buildings_building", make_layer("buildings_building", {{{{"uuid", "h"}}, square(0, 0, 100)}})},
                         {"buildings_entrance", make_layer("buildings_entrance", {entrance("105 50"), entrance("105.1 50"), entrance("50 50", {{"building_uuid", "h"}}), entrance("151 50"), entrance("94 50"), entrance("95.5 50"),
                                                                                  entrance("500 50", {{"est_fields", "width, geom"}}), {{}, ""}})}};
    EXPECT_EQ(found(store, {"V402"}), (Found{"V402 warning 1 geom", "V402 warning 2 geom", "V402 error 3 geom", "V402 warning 4 geom"}));
}

TEST(Buildings, V406ComputesTheClassFromTheMeasures)
{
    const auto entrance = [](std::map<std::string, std::string> values) { return Row{std::move(values), ""}; };
    const Store store = {{"buildings_entrance",
                          make_layer("buildings_entrance", {entrance({{"access", "full"}, {"steps", "0"}, {"door_width_cm", "90"}}), entrance({{"access", "full"}, {"steps", "0"}, {"door_width_cm", "89"}}),
                                                            entrance({{"access", "full"}, {"steps", "5"}}), entrance({{"access", "full"}, {"steps", "5"}, {"alternative", "true"}}),
                                                            entrance({{"access", "partial"}, {"steps", "1"}, {"door_width_cm", "70"}}), entrance({{"access", "partial"}, {"steps", "2"}}),
                                                            entrance({{"access", "partial"}, {"steps", "3"}, {"ramp", "fixed"}, {"ramp_len_cm", "600"}, {"ramp_height_cm", "48"}}),  // 8 %
                                                            entrance({{"access", "full"}, {"steps", "3"}, {"ramp", "fixed"}, {"ramp_len_cm", "600"}, {"ramp_height_cm", "48"}}), entrance({{"access", "full"}}),
                                                            entrance({{"access", "none"}, {"steps", "0"}})})},
                         {"buildings_lift", make_layer("buildings_lift", {entrance({{"access", "full"}, {"door_width_cm", "90"}, {"cabin_width_cm", "140"}, {"cabin_depth_cm", "110"}}), entrance({{"access", "partial"}, {"door_width_cm", "75"}})})},
                         {"buildings_toilet", make_layer("buildings_toilet", {entrance({{"access", "full"}, {"door_width_cm", "65"}}), entrance({{"access", "full"}, {"front_depth_cm", "150"}, {"front_width_cm", "140"}})})}};
    EXPECT_EQ(found(store, {"V406"}), (Found{"V406 warning 1 access", "V406 error 2 access", "V406 warning 5 access", "V406 warning 7 access", "V406 warning 1 access", "V406 error 0 access", "V406 warning 1 access"}));
}

TEST(Buildings, V409LooksForTheLift)
{
    const auto place = [](const std::string& uuid, const std::string& lift) { return Row{{{"uuid", uuid}, {"name", uuid}, {"lift_available", lift}}, "POINT (0 0)"}; };
    const Store store = {{"buildings_place", make_layer("buildings_place", {place("a", "true"), place("b", "true"), place("c", "false"), place("d", "")})}, {"buildings_lift", make_layer("buildings_lift", {{{{"place_uuid", "a"}}, ""}})}};
    EXPECT_EQ(found(store, {"V409"}), Found{"V409 warning 1 lift_available"});
}

TEST(Buildings, V409LooksForTheWayToUpperFloors)
{
    const auto place = [](const std::string& uuid, const std::string& floors) { return Row{{{"uuid", uuid}, {"name", uuid}, {"public_floors", floors}}, "POINT (0 0)"}; };
    const Store store = {{"buildings_place", make_layer("buildings_place", {place("a", "0,1"), place("b", "0, 1"), place("c", "-1,0"), place("d", "-12;0"), place("e", "0;12"), place("f", "")})},
                         {"buildings_lift", make_layer("buildings_lift", {{{{"place_uuid", "a"}}, ""}})}};
    EXPECT_EQ(found(store, {"V409"}), (Found{"V409 warning 1 public_floors", "V409 warning 4 public_floors"}));
}

TEST(Buildings, V411FindsTextsInOneLanguageOnly)
{
    const auto place = [](const std::string& german, const std::string& english) { return Row{{{"name", "x"}, {"help_text", german}, {"help_text_en", english}}, "POINT (0 0)"}; };
    EXPECT_EQ(found({{"buildings_place", make_layer("buildings_place", {place("Klingel", "Bell"), place("Klingel", ""), place("", "Bell"), place("", "")})}}, {"V411"}),
              (Found{"V411 info 1 help_text_en", "V411 info 2 help_text"}));
}

TEST(Buildings, V410ComparesPlaceAndBuilding)
{
    const auto place = [](const std::string& access, const std::string& at, const std::string& building = {}) { return Row{{{"name", "x"}, {"entrance_access", access}, {"building_uuid", building}}, at}; };
    const Store store = {{"buildings_building", make_layer("buildings_building", {{{{"uuid", "y"}, {"wheelchair", "yes"}}, square(0, 0, 10)}, {{{"uuid", "n"}, {"wheelchair", "no"}}, square(50, 0, 10)}, {{}, square(90, 0, 10)}})},
                         {"buildings_place", make_layer("buildings_place", {place("none", "POINT (5 5)"), place("partial", "POINT (5 5)"), place("full", "POINT (55 5)"), place("full", "", "n"), place("none", "POINT (95 5)"), place("none", "POINT (30 5)")})}};
    EXPECT_EQ(found(store, {"V410"}), (Found{"V410 info 0 entrance_access", "V410 info 2 entrance_access", "V410 info 3 entrance_access"}));
}

TEST(Walking, V501ToV503LookAtStepsInclineAndKerbs)
{
    const auto edge = [](std::map<std::string, std::string> values) { return Row{std::move(values), "LINESTRING (0 0, 100 0)"}; };
    const Store edges = {{"walking_edge", make_layer("walking_edge", {edge({{"kind", "steps"}, {"wheelchair", "full"}}), edge({{"kind", "steps"}, {"wheelchair", "none"}}), edge({{"kind", "footway"}, {"wheelchair", "full"}}), edge({{"incline_pct", "-40"}}),
                                                                      edge({{"incline_pct", "-41"}})})}};
    EXPECT_EQ(found(edges, {"V501"}), Found{"V501 warning 0 wheelchair"});
    EXPECT_EQ(found(edges, {"V502"}), Found{"V502 error 4 incline_pct"});
    EXPECT_EQ(found(edges, {"V010"}), Found{});  // told once
    const auto kerb = [](const std::string& kind, const std::string& height) { return Row{{{"kerb", kind}, {"kerb_cm", height}}, "POINT (0 0)"}; };
    EXPECT_EQ(found({{"walking_node", make_layer("walking_node", {kerb("raised", "30"), kerb("raised", "31"), kerb("flush", "1"), kerb("flush", "2"), kerb("lowered", "3"), kerb("lowered", "4"), kerb("lowered", "")})}}, {"V503"}),
              (Found{"V503 error 1 kerb_cm", "V503 warning 3 kerb_cm", "V503 warning 5 kerb_cm"}));
}

TEST(Walking, V504FindsPathsThatLeadNowhere)
{
    // Rows 0 and 1 share a vertex in the middle, 2 and 3 only their node; 4 is 20 m, 5 and 6 together 60 m alone.
    const auto edge = [](const std::string& wkt, const std::string& from = {}) { return Row{{{"from_node", from}}, "LINESTRING (" + wkt + ")"}; };
    const Store store = {{"walking_edge", make_layer("walking_edge", {edge("0 0, 50 0, 100 0"), edge("50 0, 50 20", "n"), edge("50 25, 60 40", "n"), edge("0 500, 20 500"), edge("0 900, 30 900"), edge("30 900, 60 900"), {{}, ""}})}};
    EXPECT_EQ(found(store, {"V504"}), Found{"V504 warning 3 geom"});
    EXPECT_EQ(found({{"walking_edge", make_layer("walking_edge", {edge("0 0, 20 0")})}}, {"V504"}), Found{});
}

TEST(Grid, V604FindsPublicValuesOfFewCases)
{
    const auto value = [](const std::string& cases, std::map<std::string, std::string> more = {}) {
        more.insert({{"cell_code", "c"}, {"indicator", "i"}, {"n_base", cases}, {"value", "1"}});
        return Row{more, ""};
    };
    EXPECT_EQ(found({{"statgrid_value", make_layer("statgrid_value", {value("3"), value("2"), value("0"), value("2", {{"flag", "suppressed_primary"}}), value("1", {{"disclosure_class", "internal"}}), value("")})}}, {"V604"}),
              Found{"V604 error 1 n_base"});
}

TEST(Grid, V605ComparesCellsWithDistricts)
{
    // A cell of 1 km near Leipzig, in EPSG:3035; the district in EPSG:25833 is drawn around it.
    const auto city = [](const std::string& inhabitants, const std::string& cell, const std::string& day = "2025-12-31") {
        return Store{{"districts_district", make_layer("districts_district", {{{{"district_no", "1"}, {"name", "Mitte"}, {"inhabitants", inhabitants}, {"inhabitants_year", "2025"}}, square(300000, 5670000, 40000)}})},
                     {"population_cell", make_layer("population_cell", {{{{"cell_code", "CRS3035RES1000mN3127000E4477000"}, {"size_m", "1000"}, {"inhabitants", cell}, {"reference_date", day}},
                                                                         "POLYGON ((4477000 3127000, 4478000 3127000, 4478000 3128000, 4477000 3128000, 4477000 3127000))"}})}};
    };
    EXPECT_EQ(found(city("1000", "1005"), {"V605"}), Found{});
    EXPECT_EQ(found(city("1000", "1050"), {"V605"}), Found{"V605 warning -1 inhabitants"});
    EXPECT_EQ(found(city("1000", "1050", "2022-05-15"), {"V605"}), Found{"V605 info -1 inhabitants"});
    EXPECT_EQ(found(city("1000", "1500", "2022-05-15"), {"V605"}), Found{"V605 warning -1 inhabitants"});
    EXPECT_EQ(found(city("", "1500"), {"V605"}), Found{});
    EXPECT_EQ(found(city("1000", ""), {"V605"}), Found{});
}
