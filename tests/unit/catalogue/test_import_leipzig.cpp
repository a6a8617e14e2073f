// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/catalogue/mapping.hpp>
#include <tests/unit/io/real_data.hpp>
#include <tests/unit/io/temporary_folder.hpp>
#include <algorithm>
#include <map>
#include <set>

using namespace stadtgdi;
using namespace stadtgdi::catalogue;

namespace {

class RealImport : public testing::Test {
protected:
    RealImport() : city(City::create(folder / "city.gpkg", {.name = "Leipzig", .crs = "EPSG:25833", .attribution = {}, .licence = {}}, run)) {}

    ImportReport import_files(const std::string& mapping, const std::vector<std::string>& files, ImportOptions options = {})
    {
        std::vector<std::string> paths;
        for (const std::string& file : files)
            paths.push_back(real_data() + "/" + file);
        options.mapping = mapping;
        ImportReport report = catalogue::import(city, paths, options, run);
        EXPECT_EQ(report.rows_read, report.rows_stored + report.rows_rejected + report.rows_repeated);
        return report;
    }
    static std::int64_t count(const ImportReport& report, const std::string& rule) { return std::ranges::count(report.findings, rule, &base::Finding::rule); }
    static std::map<std::string, std::int64_t> stored(const ImportReport& report)
    {
        std::map<std::string, std::int64_t> rows;
        for (const auto& layer : report.layers)
            rows[layer.name] = layer.rows_stored;
        return rows;
    }
    table::Table read(const std::string& layer) { return city.read(layer, run); }

    TemporaryFolder folder;
    base::RunContext run;
    City city;
};

using Rows = std::map<std::string, std::int64_t>;

}  // namespace

TEST_F(RealImport, TakesAllStreetTreesOfLeipzig)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("leipzig_street_trees", {"leipzig/trees/leipzig_strassenbaeume_2024-06-07"});
    EXPECT_EQ(report.rows_read, 57273);
    EXPECT_EQ(report.rows_stored, 57273);
    EXPECT_TRUE(report.unmapped_columns.empty());
    EXPECT_TRUE(report.findings.empty());
    const table::Table trees = read("trees_tree");
    ASSERT_EQ(trees.rows(), 57273U);
    EXPECT_EQ(trees.column("planting_year").validity().null_count(), 362U);
    // 12 rows "Bestandsfläche" and 4 "waldartiger Bestand" are groups, no trees; one is "nicht bestimmt", 16 have no name at all.
    std::map<std::string, std::int64_t> statuses;
    EXPECT_EQ(trees.column("responsible_unit").text(0), "Stadt Leipzig, Amt für Stadtgrün und Gewässer");
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        ++statuses[std::string(trees.column("status").text(row))];
        EXPECT_EQ(trees.column("planting_year_kind").text(row), trees.column("planting_year").valid(row) ? "known" : "unknown");
        const std::string genus(trees.column("genus").text(row));
        EXPECT_TRUE(genus.empty() || (genus[0] >= 'A' && genus[0] <= 'Z' && genus != "Bestandsfläche")) << genus;
    }
    EXPECT_EQ(statuses, (std::map<std::string, std::int64_t>{{"group", 16}, {"standing", 57257}}));
    EXPECT_EQ(trees.column("genus").validity().null_count(), 12U + 4U + 1U + 16U);
    EXPECT_GT(trees.column("species").validity().null_count(), 33U);
    EXPECT_EQ(trees.geometry().crs(), "EPSG:25833");
    const table::Box box = trees.geometry().extent();
    EXPECT_GT(box.xmin, 300000);
    EXPECT_LT(box.xmax, 335000);
    EXPECT_GT(box.ymin, 5670000);
    EXPECT_LT(box.ymax, 5710000);
}

TEST_F(RealImport, TakesTheFullTreeSchemaAndTheWfsColumns)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("leipzig_tree_cadastre", {"leipzig/trees/leipzig_baumstarke_stadt_2023-03_full_schema_370.geojson"});
    EXPECT_EQ(report.rows_stored, 370);
    EXPECT_EQ(count(report, "import.key"), 11);  // numbers that occur twice in one street
    const table::Table trees = read("trees_tree");
    EXPECT_EQ(trees.column("height_m").validity().null_count(), 94U);
    EXPECT_EQ(trees.column("trunk_circ_cm").validity().null_count(), 92U);
    EXPECT_EQ(trees.column("site_type").text(0), "park");
    EXPECT_EQ(trees.column("last_watered").as_text(0), "2022-09-19");

    const auto wfs = import_files("leipzig_wfs_trees", {"leipzig/trees/leipzig_wfs_baumkataster_2023-12_1feature.geojson"});
    EXPECT_EQ(wfs.rows_stored, 1);
    EXPECT_EQ(read("trees_tree").rows(), 371U);
}

TEST_F(RealImport, TakesTheBuildingsAndReportsTheWrongWheelchairValue)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("leipzig_osm_buildings", {"leipzig/buildings/leipzig_2025"});
    EXPECT_EQ(report.rows_read, 103856);
    EXPECT_EQ(report.rows_stored, 103856);
    const auto wheelchair = std::ranges::count_if(report.findings, [](const base::Finding& one) { return one.field == "wheelchair" && one.value == "1" && one.rule == "import.code"; });
    EXPECT_EQ(wheelchair, 12);
    EXPECT_EQ(count(report, "import.value"), 9);  // "4;3;1" storeys
    EXPECT_GT(report.unmapped_columns.size(), 400U);
    EXPECT_EQ(read("buildings_building").rows(), 103856U);
}

TEST_F(RealImport, SplitsThePlacesOfTheBehindertenverband)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("leipzig_accessible_places", {"leipzig/accessibility/leipzig_bvl_places_no_personal_data.csv"});
    EXPECT_EQ(report.rows_read, 814);
    EXPECT_EQ(report.rows_stored, 814);
    EXPECT_EQ(count(report, "import.geometry"), 11);
    EXPECT_EQ(count(report, "import.pattern"), 104);  // "e.V." and the like in place of a website
    EXPECT_GT(count(report, "import.when"), 0);       // the width of a door to a toilet that is not there
    EXPECT_LT(count(report, "import.when"), 10);
    EXPECT_EQ(report.unmapped_columns.size(), 6U);    // further kinds of doors at the same entrance
    EXPECT_EQ(stored(report), (Rows{{"buildings_entrance", 814},
                                    {"buildings_lift", 331},
                                    {"buildings_parking", 368},
                                    {"buildings_place", 814},
                                    {"buildings_survey", 814},
                                    {"buildings_toilet", 486}}));
    const table::Table places = read("buildings_place");
    EXPECT_EQ(places.geometry().validity().null_count(), 11U);
    std::map<std::string, int> access;
    for (std::size_t row = 0; row < places.rows(); ++row)
        ++access[std::string(places.column("entrance_access").text(row))];
    EXPECT_EQ(access, (std::map<std::string, int>{{"full", 382}, {"none", 255}, {"partial", 177}}));
    // 36 surveys have no date, and one of 1900 is none.
    EXPECT_GE(places.column("surveyed_on").validity().null_count(), 36U);
    for (std::size_t row = 0; row < places.rows(); ++row)
        EXPECT_NE(places.column("surveyed_on").as_text(row), "1900-01-01");
    const table::Table toilets = read("buildings_toilet");
    EXPECT_EQ(toilets.column("steps_to_toilet").validity().null_count(), 24U);  // 21 have steps that nobody counted, 3 have no number
    const table::Table entrances = read("buildings_entrance");
    std::map<std::string, int> doors;
    for (std::size_t row = 0; row < entrances.rows(); ++row)
        ++doors[std::string(entrances.column("door_type").text(row))];
    EXPECT_EQ(doors, (std::map<std::string, int>{{"automatic", 174}, {"hinged", 351}, {"manual", 186}, {"revolving", 8}, {"semi_automatic", 81}, {"swing", 14}}));
    bool ten = false;  // "1,00000000e+01"
    for (std::size_t row = 0; row < toilets.rows(); ++row)
        ten = ten || toilets.column("emergency_bell_height_cm").number(row) == 10;
    EXPECT_TRUE(ten);
}

TEST_F(RealImport, TakesDistrictsWithInhabitants)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("leipzig_districts", {"leipzig/districts"});
    EXPECT_EQ(report.rows_stored, 63 + 10 + 1);
    EXPECT_EQ(count(report, "import.join"), 0);
    const table::Table districts = read("districts_district");
    std::map<std::string, double> area;
    std::map<std::string, double> inhabitants;
    for (std::size_t row = 0; row < districts.rows(); ++row) {
        const std::string level(districts.column("level").text(row));
        area[level] += districts.column("area_m2").number(row);
        inhabitants[level] += districts.column("inhabitants").number(row);
        if (districts.column("name").text(row) == "Mitte") {
            EXPECT_EQ(districts.column("inhabitants").number(row), 70221);
        }
    }
    EXPECT_EQ(inhabitants["ortsteil"], 628718);
    EXPECT_EQ(inhabitants["stadtbezirk"], 628718);
    EXPECT_EQ(inhabitants["city"], 628718);
    EXPECT_EQ(districts.column("inhabitants").validity().null_count(), 0U);
    EXPECT_EQ(districts.column("inhabitants_year").validity().null_count(), 0U);
    // Leipzig has 297.8 km2; three sources of it agree.
    EXPECT_NEAR(area["city"] / 1e6, 297.8, 0.5);
    EXPECT_NEAR(area["ortsteil"] / area["city"], 1, 1e-3);
    EXPECT_NEAR(area["stadtbezirk"] / area["city"], 1, 1e-3);
}

TEST_F(RealImport, TakesParksPlaygroundsAndCensusCells)
{
    REQUIRE_REAL_DATA();
    EXPECT_EQ(import_files("leipzig_osm_parks", {"leipzig/green/leipzig_parks_polygons_derived.geojson"}).rows_stored, 428);
    const table::Table parks = read("greenspace_site");
    double area = 0;
    for (std::size_t row = 0; row < parks.rows(); ++row)
        area += parks.column("area_m2").number(row);
    EXPECT_NEAR(area / 1e4, 547.7, 1.0);

    EXPECT_EQ(import_files("leipzig_playgrounds", {"leipzig/green/leipzig_spielplaetze_leipzigde_scraped.json"}).rows_stored, 304);
    const table::Table playgrounds = read("greenspace_playground");
    EXPECT_EQ(playgrounds.column("name").text(0), "Paunsdorfer Straße");
    EXPECT_EQ(playgrounds.column("devices").text(0), "Rutsche; Doppelschaukel; Klettergerüst; Wippe");

    EXPECT_EQ(import_files("leipzig_census_1km", {"leipzig/population/leipzig_zensus_1km.csv"}).rows_stored, 575);
    EXPECT_EQ(import_files("leipzig_census_100m", {"leipzig/population/leipzig_zensus_100m_altersgruppen.csv"}).rows_stored, 7285);
    EXPECT_EQ(read("population_cell").rows(), 575U + 7285U);
}

TEST_F(RealImport, ReadsHamburgsTreesInTheRightAxisOrder)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("hamburg_street_trees", {"ogc/hamburg_strassenbaumkataster_sample.gml"});
    EXPECT_EQ(report.rows_stored, report.rows_read);
    EXPECT_GT(report.rows_stored, 0);
    const table::Table trees = read("trees_tree");
    EXPECT_EQ(trees.column("species").text(0), "Quercus robur");
    EXPECT_EQ(trees.column("cultivar").text(0), "Fastigiata");
    EXPECT_EQ(trees.column("taxon_name_de").text(0), "Stiel-Eiche");
    EXPECT_EQ(trees.column("planting_year").as_text(0), "2003");
    EXPECT_EQ(trees.column("trunk_circ_cm").as_text(0), "18");
    // 53.553667 N, 10.014337 E in zone 33.
    EXPECT_NEAR(trees.geometry().y()[0], 5945432, 5);
    EXPECT_NEAR(trees.geometry().x()[0], 169829, 5);
}

TEST_F(RealImport, ReadsTheGeometryOfTheDeliveryDifferencesFromEwkb)
{
    REQUIRE_REAL_DATA();
    const std::string mapping = folder.write("changes.toml", R"([[sources]]
geometry = { from = "wkb", column = "the_geom-2", crs = "EPSG:4326" }
[[sources.tables]]
layer = "trees_tree"
key = "{standortnr-2}"
[sources.tables.fields]
site_no = "standortnr-2"
taxon_text = "baumart_wi-2"
district_name = "ortsteil-2"
)");
    const auto report = import_files(mapping, {"leipzig/trees/leipzig_changes/2022-04-01--2021-04-05-corrected-species.csv"});
    EXPECT_GT(report.rows_stored, 300);
    EXPECT_EQ(report.rows_rejected, 0);
    const table::Box box = read("trees_tree").geometry().extent();
    EXPECT_GT(box.xmin, 300000);
    EXPECT_LT(box.ymax, 5710000);
}

TEST_F(RealImport, ConnectsTheLinesOfTheNetworksToTheirNodes)
{
    REQUIRE_REAL_DATA();
    EXPECT_EQ(stored(import_files("power_pandapower", {"networks/power_lv_schutterwald.gpkg"})), (Rows{{"utilities_line", 3000}, {"utilities_node", 5711}}));
    EXPECT_EQ(stored(import_files("gas_pandapipes", {"networks/gas_schutterwald.gpkg"})), (Rows{{"utilities_line", 2559}, {"utilities_node", 4065}}));
    EXPECT_EQ(stored(import_files("sewer_isybau", {"networks/sewer_isybau_celle.gpkg"})), (Rows{{"utilities_line", 150}, {"utilities_node", 168}}));
    EXPECT_EQ(stored(import_files("district_heating_geojson", {"networks/dh_Vorlauf.geojson", "networks/dh_Rücklauf.geojson", "networks/dh_HAST.geojson",
                                                               "networks/dh_Erzeugeranlagen.geojson"})),
              (Rows{{"utilities_line", 354}, {"utilities_node", 75}}));

    const table::Table lines = read("utilities_line"), nodes = read("utilities_node");
    ASSERT_EQ(lines.rows(), 3000U + 2559U + 150U + 354U);
    std::map<std::string, std::size_t> node_of;
    for (std::size_t row = 0; row < nodes.rows(); ++row)
        node_of[std::string(nodes.column("uuid").text(row))] = row;
    std::size_t connected = 0, far = 0;
    for (std::size_t row = 0; row < lines.rows(); ++row) {
        const auto node = node_of.find(std::string(lines.column("from_node").text(row)));
        if (node == node_of.end())
            continue;
        ++connected;
        const auto [first, last] = lines.geometry().coordinates(row);
        const double dx = lines.geometry().x()[first] - nodes.geometry().x()[node->second], dy = lines.geometry().y()[first] - nodes.geometry().y()[node->second];
        far += dx * dx + dy * dy > 25;
    }
    EXPECT_GE(connected, 3000U + 2559U + 130U);
    EXPECT_LT(far, 60U);
    // Metres in the source, millimetres in the store.
    EXPECT_EQ(lines.column("diameter_mm").as_text(3000), "102.2");
}

TEST_F(RealImport, TakesStreetsAndPathsFromOpenStreetMap)
{
    REQUIRE_REAL_DATA();
    const auto report = import_files("osm_walking", {"walking/berlin_lichtenberg.osm.pbf"});
    // The extract holds each way once for each of its edges.
    EXPECT_EQ(report.rows_read, 115045);
    EXPECT_EQ(report.rows_stored, 51247);
    EXPECT_EQ(report.rows_repeated, 115045 - 51247);
    EXPECT_EQ(report.rows_left_out, 115442 - 115045);
    EXPECT_EQ(count(report, "import.key"), 0);
    EXPECT_EQ(count(report, "import.repeated"), 1);
    const table::Table edges = read("walking_edge");
    EXPECT_EQ(static_cast<std::int64_t>(edges.rows()), report.rows_stored);
    std::map<std::string, int> kinds;
    for (std::size_t row = 0; row < edges.rows(); ++row)
        ++kinds[std::string(edges.column("kind").text(row))];
    EXPECT_EQ(kinds["steps"], 1643);
    EXPECT_EQ(kinds["lift"], 4);
    EXPECT_EQ(kinds["sidewalk"], 2125);
}

TEST_F(RealImport, KeepsUnmappedColumnsOfEverySource)
{
    REQUIRE_REAL_DATA();
    const std::vector<std::pair<std::string, std::vector<std::string>>> sources = {
        {"leipzig_districts", {"leipzig/districts"}},
        {"leipzig_street_trees", {"leipzig/trees/leipzig_strassenbaeume_2024-06-07/althen-kleinpoesna.geojson.gz"}},
        {"leipzig_tree_cadastre", {"leipzig/trees/leipzig_baumstarke_stadt_2023-03_full_schema_370.geojson"}},
        {"leipzig_wfs_trees", {"leipzig/trees/leipzig_wfs_baumkataster_2023-12_1feature.geojson"}},
        {"hamburg_street_trees", {"ogc/hamburg_strassenbaumkataster_sample.gml"}},
        {"leipzig_osm_buildings", {"leipzig/buildings/leipzig_2025/Zentrum-West-2025-buildings.geojson.gz", "leipzig/buildings/leipzig_2025/Connewitz-2025-buildings.geojson.gz"}},
        {"leipzig_accessible_places", {"leipzig/accessibility/leipzig_bvl_places_no_personal_data.csv"}},
        {"leipzig_osm_parks", {"leipzig/green/leipzig_parks_polygons_derived.geojson"}},
        {"leipzig_playgrounds", {"leipzig/green/leipzig_spielplaetze_leipzigde_scraped.json"}},
        {"leipzig_census_1km", {"leipzig/population/leipzig_zensus_1km.csv"}},
        {"leipzig_census_100m", {"leipzig/population/leipzig_zensus_100m_altersgruppen.csv"}},
        {"power_pandapower", {"networks/power_lv_schutterwald.gpkg"}},
        {"gas_pandapipes", {"networks/gas_schutterwald.gpkg"}},
        {"sewer_isybau", {"networks/sewer_isybau_celle.gpkg"}},
        {"district_heating_geojson", {"networks/dh_Vorlauf.geojson", "networks/dh_Rücklauf.geojson", "networks/dh_HAST.geojson", "networks/dh_Erzeugeranlagen.geojson"}},
        {"osm_walking", {"walking/berlin_lichtenberg.osm.pbf"}},
    };
    std::set<std::string> tried;
    ImportOptions keep;
    keep.keep_unmapped = true;
    for (const auto& [mapping, files] : sources) {
        tried.insert(mapping);
        EXPECT_NO_THROW(EXPECT_GT(import_files(mapping, files, keep).rows_stored, 0) << mapping) << mapping;
    }
    for (const MappingInfo& mapping : all_mappings())
        EXPECT_TRUE(tried.contains(mapping.name)) << mapping.name << " is not tried";
    const table::Table buildings = read("buildings_building");
    EXPECT_EQ(buildings.column("source_ref").text(0), "leipzig_osm_buildings");
    EXPECT_NE(buildings.find("source_ref_2"), nullptr);  // OpenStreetMap's ref
}
