// SPDX-License-Identifier: GPL-2.0-or-later
#include "real_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <layers/io/source.hpp>
#include <filesystem>
#include <iterator>
#include <set>

using namespace stadtgdi;
using io::ReadOptions;
using io::Source;

namespace {

table::Table read(const std::vector<std::string>& paths, const ReadOptions& options = {})
{
    base::RunContext run;
    return Source::open(paths)->read(options, run);
}

std::vector<std::string> names(const table::Table& table)
{
    std::vector<std::string> list;
    for (const auto& field : table.schema().fields)
        list.push_back(field.name);
    return list;
}

}  // namespace

TEST(RealFiles, TheStreetTreesOfAllOrtsteileAreOneTable)
{
    REQUIRE_REAL_DATA();
    const std::string folder = real_data() + "/leipzig/trees/leipzig_strassenbaeume_2024-06-07";
    const table::Table trees = read({folder}, {.source_file = true});
    EXPECT_EQ(trees.rows(), 57273U);
    EXPECT_EQ(trees.geometry().kind(), table::GeometryKind::point);
    EXPECT_EQ(trees.geometry().crs(), "EPSG:4326");
    EXPECT_THAT(names(trees), testing::ElementsAre("standortnr", "strasse", "ortsteil", "baumart_wi", "baumart_de", "gattung", "pflanzjahr",
                                                   "alter", "dat_abgabe", "xcoord", "ycoord", "source_file", "source_row"));
    EXPECT_EQ(trees.column("pflanzjahr").type(), table::Type::int64);
    EXPECT_EQ(trees.column("pflanzjahr").validity().null_count(), 362U);
    EXPECT_EQ(trees.column("standortnr").type(), table::Type::text);
    // The columns xcoord and ycoord hold the point once more.
    for (std::size_t row = 0; row < trees.rows(); row += 97) {
        EXPECT_NEAR(trees.geometry().x()[row], trees.column("xcoord").number(row), 1e-9);
        EXPECT_NEAR(trees.geometry().y()[row], trees.column("ycoord").number(row), 1e-9);
    }
    EXPECT_EQ(trees.column("source_file").text(0), "althen-kleinpoesna.geojson.gz");
    EXPECT_EQ(trees.column("source_row").ints()[0], 0);
    std::set<std::string> files, keys;
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        files.emplace(trees.column("source_file").text(row));
        keys.emplace(trees.column("standortnr").text(row));
    }
    EXPECT_EQ(files.size(), 63U);
    EXPECT_EQ(keys.size(), trees.rows());
}

TEST(RealFiles, AsTextGivesWhatStandsInTheFile)
{
    REQUIRE_REAL_DATA();
    const table::Table trees =
        read({real_data() + "/leipzig/trees/leipzig_strassenbaeume_2024-06-07/althen-kleinpoesna.geojson.gz"}, {.as_text = true});
    ASSERT_GT(trees.rows(), 1U);
    EXPECT_EQ(trees.column("pflanzjahr").text(0), "2024");
    EXPECT_FALSE(trees.column("pflanzjahr").valid(1));
    EXPECT_EQ(trees.column("dat_abgabe").text(0), "20240607190541");
    EXPECT_EQ(trees.column("xcoord").text(0), "12.512784576719142");
}

TEST(RealFiles, ATableInAnotherCrsIsTransformed)
{
    REQUIRE_REAL_DATA();
    const table::Table districts = read({real_data() + "/leipzig/districts/leipzig_ortsteile.geojson"}, {.target_crs = "EPSG:25833"});
    EXPECT_EQ(districts.rows(), 63U);
    EXPECT_EQ(districts.geometry().crs(), "EPSG:25833");
    const table::Box box = districts.geometry().extent();
    EXPECT_GT(box.xmin, 300'000);
    EXPECT_LT(box.xmax, 340'000);
    EXPECT_GT(box.ymin, 5'670'000);
    EXPECT_LT(box.ymax, 5'710'000);
}

TEST(RealFiles, BuildingsHaveTheUnionOfTheirColumns)
{
    REQUIRE_REAL_DATA();
    const table::Table buildings = read({real_data() + "/leipzig/buildings/leipzig_2025/*.geojson.gz"}, {.as_text = true});
    EXPECT_EQ(buildings.rows(), 103856U);
    EXPECT_EQ(table::single_of(buildings.geometry().kind()), table::GeometryKind::polygon);
    EXPECT_NE(buildings.find("addr:street"), nullptr);
    EXPECT_NE(buildings.find("wheelchair"), nullptr);
    EXPECT_GT(buildings.columns().size(), 30U);
}

TEST(RealFiles, ParksPlacesAndDistricts)
{
    REQUIRE_REAL_DATA();
    EXPECT_EQ(read({real_data() + "/leipzig/green/leipzig_parks_polygons_derived.geojson"}).rows(), 428U);
    const table::Table places = read({real_data() + "/leipzig/accessibility/leipzig_bvl_places_no_personal_data.csv"}, {.as_text = true});
    EXPECT_EQ(places.rows(), 814U);
    EXPECT_EQ(places.columns().size(), 96U);
    EXPECT_FALSE(places.has_geometry());
    std::size_t with_position = 0;
    for (std::size_t row = 0; row < places.rows(); ++row)
        with_position += places.column("Longitude").text(row).empty() ? 0U : 1U;
    EXPECT_EQ(with_position, 803U);
    const std::string inhabitants = real_data() + "/leipzig/districts/leipzig_einwohner_insgesamt_2000ff.json";
    const table::Table year = read({inhabitants + "?records=data.2023.Einwohner insgesamt"});
    EXPECT_EQ(year.rows(), 63U);
    EXPECT_EQ(year.column("value").type(), table::Type::int64);
    std::int64_t sum = 0;
    for (const std::int64_t value : year.column("value").ints())
        sum += value;
    EXPECT_EQ(sum, 628718);
}

TEST(RealFiles, TheGmlSampleComesOutWithLongitudeFirst)
{
    REQUIRE_REAL_DATA();
    const std::string path = real_data() + "/ogc/hamburg_strassenbaumkataster_sample.gml";
    for (const bool as_text : {false, true}) {
        const table::Table trees = read({path}, {.as_text = as_text});
        ASSERT_GT(trees.rows(), 0U);
        EXPECT_EQ(trees.geometry().crs(), "EPSG:4258");
        for (std::size_t row = 0; row < trees.rows(); ++row) {
            EXPECT_NEAR(trees.geometry().x()[row], 10.0, 0.6);
            EXPECT_NEAR(trees.geometry().y()[row], 53.5, 0.5);
        }
        EXPECT_EQ(trees.column("pflanzjahr").as_text(0), "2003-01-01");
        EXPECT_EQ(trees.column("krone_dm").type(), as_text ? table::Type::text : table::Type::int64);
    }
}

TEST(RealFiles, NetworksKeepTheirCrsAndHeights)
{
    REQUIRE_REAL_DATA();
    const table::Table pipes = read({real_data() + "/networks/gas_schutterwald.gpkg"}, {.layer = "pipe", .fid = true});
    EXPECT_EQ(pipes.rows(), 2559U);
    EXPECT_EQ(pipes.geometry().crs(), "EPSG:31467");
    EXPECT_EQ(pipes.column("in_service").type(), table::Type::boolean);
    EXPECT_EQ(pipes.column("from_junction").type(), table::Type::int64);
    EXPECT_EQ(pipes.column("id").type(), table::Type::int64);
    // Easting of zone 3 first.
    EXPECT_NEAR(pipes.geometry().x()[0], 3.42e6, 0.1e6);
    const table::Table lines = read({real_data() + "/networks/power_lv_schutterwald.gpkg"}, {.layer = "line"});
    EXPECT_EQ(lines.rows(), 3000U);
    EXPECT_NEAR(lines.geometry().x()[0], 7.9, 0.5);
    const table::Table sewers = read({real_data() + "/networks/sewer_isybau_celle.gpkg"}, {.layer = "haltung"});
    EXPECT_EQ(sewers.rows(), 150U);
    EXPECT_TRUE(sewers.geometry().has_z());
    EXPECT_THROW(read({real_data() + "/networks/sewer_isybau_celle.gpkg"}), Error);
    EXPECT_EQ(Source::open(real_data() + "/networks/power_lv_schutterwald.gpkg")->layers().size(), 4U);
}

TEST(RealFiles, OpenStreetMapLinesOfBerlin)
{
    REQUIRE_REAL_DATA();
    const table::Table lines = read({real_data() + "/walking/berlin_lichtenberg.osm.pbf"}, {.layer = "lines"});
    EXPECT_EQ(lines.rows(), 115442U);
    EXPECT_EQ(lines.geometry().kind(), table::GeometryKind::line);
    EXPECT_EQ(lines.geometry().crs(), "EPSG:4326");
    EXPECT_NE(lines.find("highway"), nullptr);
    EXPECT_NEAR(lines.geometry().x()[0], 13.5, 0.3);
}

TEST(RealFiles, EveryDistrictHeatingFileReads)
{
    REQUIRE_REAL_DATA();
    const table::Table flow = read({real_data() + "/networks/dh_Vorlauf.geojson"});
    EXPECT_EQ(flow.rows(), 177U);
    EXPECT_EQ(flow.geometry().crs(), "EPSG:25833");
    EXPECT_EQ(read({real_data() + "/networks/dh_HAST.geojson"}).rows(), 73U);
}

TEST(RealFiles, ReadingLeavesNoFilesBehind)
{
    REQUIRE_REAL_DATA();
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "stadtgdi_reading";
    fs::remove_all(folder);
    fs::create_directories(folder);
    fs::copy_file(real_data() + "/ogc/hamburg_strassenbaumkataster_sample.gml", folder / "trees.gml");
    fs::copy_file(real_data() + "/leipzig/trees/leipzig_strassenbaeume_2024-06-07/althen-kleinpoesna.geojson.gz", folder / "a.geojson.gz");
    fs::permissions(folder / "trees.gml", fs::perms::owner_write, fs::perm_options::add);
    read({(folder / "trees.gml").string()});
    read({(folder / "a.geojson.gz").string()});
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}), 2);
    fs::remove_all(folder);
}
