// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <layers/catalogue/city.hpp>
#include <layers/demo/demo.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

using namespace stadtgdi;

namespace {

class DemoCity : public testing::Test {
protected:
    void SetUp() override
    {
        m_folder = std::filesystem::temp_directory_path() / ("stadtgdi_demo_" + catalogue::new_uuid());
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    std::string path(const char* name) const { return (m_folder / name).string(); }
    std::filesystem::path m_folder;
};

}  // namespace

TEST_F(DemoCity, IsTheSameForTheSameSeedAndAnotherForAnother)
{
    base::RunContext one(1), two(2);
    const auto first = demo::make_city(path("a.gpkg"), {.inhabitants = 20'000, .seed = 4}, one);
    const auto again = demo::make_city(path("b.gpkg"), {.inhabitants = 20'000, .seed = 4}, two);
    const auto other = demo::make_city(path("c.gpkg"), {.inhabitants = 20'000, .seed = 5}, two);
    EXPECT_EQ(first.rows, again.rows);
    EXPECT_EQ(first.hash, again.hash);
    EXPECT_NE(first.hash, other.hash);
}

TEST_F(DemoCity, HasAllFamiliesWithRows)
{
    base::RunContext run;
    const auto report = demo::make_city(path("city.gpkg"), {.inhabitants = 20'000}, run);
    for (const char* layer : {"trees_tree", "utilities_line", "utilities_node", "greenspace_site", "greenspace_playground", "buildings_building", "buildings_place",
                              "buildings_entrance", "districts_district", "population_cell", "statgrid_cell", "walking_edge", "walking_node"})
        EXPECT_GT(report.rows.at(layer), 0) << layer;
    const auto city = catalogue::City::open(path("city.gpkg"));
    for (const auto& layer : city.layers()) {
        EXPECT_EQ(layer.rows, report.rows.at(layer.name)) << layer.name;
        EXPECT_TRUE(layer.demonstration);
        if (layer.name == "utilities_line") {
            EXPECT_EQ(layer.disclosure, catalogue::Disclosure::kritis);
        }
    }
}

TEST_F(DemoCity, CountsItsInhabitantsTheSameInEveryLayer)
{
    base::RunContext run;
    demo::make_city(path("city.gpkg"), {.inhabitants = 25'000, .seed = 2}, run);
    const auto city = catalogue::City::open(path("city.gpkg"));
    double houses = 0;
    const auto buildings = city.read("buildings_building", run);
    for (std::size_t i = 0; i < buildings.rows(); ++i) houses += buildings.column("inhabitants").number(i);
    EXPECT_EQ(houses, 25'000);
    double cells = 0;
    const auto population = city.read("population_cell", run);
    for (std::size_t i = 0; i < population.rows(); ++i) cells += population.column("inhabitants").number(i);
    EXPECT_EQ(cells, 25'000);
    const auto districts = city.read("districts_district", run);
    std::map<std::string, double> by_level;
    for (std::size_t i = 0; i < districts.rows(); ++i) by_level[std::string(districts.column("level").text(i))] += districts.column("inhabitants").number(i);
    EXPECT_THAT(by_level, testing::UnorderedElementsAre(testing::Pair("city", 25'000), testing::Pair("stadtbezirk", 25'000), testing::Pair("ortsteil", 25'000)));
}

TEST_F(DemoCity, PlantsTheDefectsThatItLists)
{
    base::RunContext run;
    const auto report = demo::make_city(path("city.gpkg"), {.inhabitants = 20'000, .defects = true}, run);
    std::set<std::string> rules;
    for (const auto& defect : report.defects) rules.insert(defect.rule);
    EXPECT_THAT(rules, testing::IsSupersetOf({"V001", "V003", "V004", "V006", "V007", "V101", "V104", "V105", "V221", "V222", "V403", "V404"}));
    const auto trees = catalogue::City::open(path("city.gpkg")).read("trees_tree", run);
    std::map<std::string, std::size_t> row_of;
    for (std::size_t i = 0; i < trees.rows(); ++i) row_of[std::string(trees.column("uuid").text(i))] = i;
    for (const auto& defect : report.defects) {
        if (defect.rule == "V105") {
            EXPECT_EQ(trees.column("height_m").number(row_of.at(defect.uuid)), 800);
        }
        if (defect.rule == "V001") {
            EXPECT_FALSE(trees.geometry().valid(row_of.at(defect.uuid)));
        }
    }
}

namespace {

std::string bytes_of(const std::string& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// Even-odd rule over all rings of a row.
bool covers(const table::GeometryColumn& areas, std::size_t row, double x, double y)
{
    bool in = false;
    const auto rings = areas.ring_offsets();
    for (auto part = areas.level(0)[row]; part < areas.level(0)[row + 1]; ++part)
        for (auto ring = areas.level(1)[static_cast<std::size_t>(part)]; ring < areas.level(1)[static_cast<std::size_t>(part) + 1]; ++ring)
            for (auto at = rings[static_cast<std::size_t>(ring)]; at + 1 < rings[static_cast<std::size_t>(ring) + 1]; ++at) {
                const auto i = static_cast<std::size_t>(at);
                const double y0 = areas.y()[i], y1 = areas.y()[i + 1];
                if ((y0 > y) != (y1 > y) && x < areas.x()[i] + (y - y0) / (y1 - y0) * (areas.x()[i + 1] - areas.x()[i])) in = !in;
            }
    return in;
}

}  // namespace

TEST_F(DemoCity, HasTheSameBytesTodayAndTomorrow)
{
    base::RunContext run;
    demo::make_city(path("a.gpkg"), {.inhabitants = 20'000, .defects = true}, run);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));   // another time of day
    demo::make_city(path("b.gpkg"), {.inhabitants = 20'000, .defects = true}, run);
    EXPECT_TRUE(bytes_of(path("a.gpkg")) == bytes_of(path("b.gpkg")));
    EXPECT_FALSE(std::filesystem::exists(path("a.gpkg-wal")));
}

TEST_F(DemoCity, HasTheSameRowsOnEveryMachine)
{
    // Only +, -, *, / and square roots, which IEEE 754 rounds everywhere alike, without fused multiply-add (CMakeLists.txt), lead to
    // coordinates; PROJ's sines only choose the grid cell of a door. A change of the generator changes this number.
    base::RunContext run;
    EXPECT_EQ(demo::make_city(path("city.gpkg"), {.inhabitants = 20'000, .seed = 1}, run).hash, 0xebbb87ca91c0762bULL);
}

TEST_F(DemoCity, HasDistrictsThatHoldEveryTreeAndFillTheCity)
{
    base::RunContext run;
    for (const std::uint64_t seed : {1, 2, 3}) {
        const std::string file = path(("city" + std::to_string(seed) + ".gpkg").c_str());
        demo::make_city(file, {.inhabitants = 20'000, .seed = seed}, run);
        const auto city = catalogue::City::open(file);
        const auto districts = city.read("districts_district", run), trees = city.read("trees_tree", run);
        std::map<std::string, double> area;
        std::vector<std::size_t> ortsteile;
        for (std::size_t i = 0; i < districts.rows(); ++i) {
            area[std::string(districts.column("level").text(i))] += districts.column("area_m2").number(i);
            if (districts.column("level").text(i) == "ortsteil") ortsteile.push_back(i);
        }
        EXPECT_NEAR(area["ortsteil"], area["city"], 5) << seed;
        EXPECT_NEAR(area["stadtbezirk"], area["city"], 5) << seed;
        std::size_t outside = 0;
        for (std::size_t tree = 0; tree < trees.rows(); ++tree)
            outside += std::none_of(ortsteile.begin(), ortsteile.end(),
                                    [&](std::size_t i) { return covers(districts.geometry(), i, trees.geometry().x()[tree], trees.geometry().y()[tree]); });
        EXPECT_EQ(outside, 0U) << seed;
    }
}

TEST_F(DemoCity, GivesEveryPlaceANameOfItsOwn)
{
    base::RunContext run;
    demo::make_city(path("city.gpkg"), {.inhabitants = 60'000}, run);
    const auto city = catalogue::City::open(path("city.gpkg"));
    for (const char* layer : {"greenspace_site", "greenspace_playground", "buildings_place", "districts_district"}) {
        const auto table = city.read(layer, run);
        std::set<std::string> names;
        for (std::size_t i = 0; i < table.rows(); ++i) names.emplace(table.column("name").text(i));
        EXPECT_EQ(names.size(), table.rows()) << layer;
    }
}

TEST_F(DemoCity, WritesTreesAsImportsDo)
{
    base::RunContext run;
    demo::make_city(path("city.gpkg"), {.inhabitants = 20'000}, run);
    const auto trees = catalogue::City::open(path("city.gpkg")).read("trees_tree", run);
    std::map<std::string, int> by_state;
    for (std::size_t i = 0; i < trees.rows(); ++i) {
        ++by_state[std::string(trees.column("status").text(i))];
        if (!trees.column("species").valid(i)) continue;
        const std::string species(trees.column("species").text(i)), taxon(trees.column("taxon_text").text(i));
        EXPECT_TRUE(species.starts_with(std::string(trees.column("genus").text(i)) + " ")) << species;
        EXPECT_TRUE(taxon.starts_with(species)) << taxon;
    }
    EXPECT_GT(by_state["felled"], 10);
    EXPECT_GT(by_state["gap"], 10);
    EXPECT_GT(by_state["standing"], 0.95 * static_cast<double>(trees.rows()));
}

TEST_F(DemoCity, ConnectsItsHousesToTheLinesInTheStreet)
{
    base::RunContext run;
    demo::make_city(path("city.gpkg"), {.inhabitants = 20'000}, run);
    const auto city = catalogue::City::open(path("city.gpkg"));
    const auto lines = city.read("utilities_line", run), nodes = city.read("utilities_node", run), buildings = city.read("buildings_building", run);
    std::map<std::string, std::size_t> node_of;
    for (std::size_t i = 0; i < nodes.rows(); ++i) node_of[std::string(nodes.column("uuid").text(i))] = i;
    std::map<std::string, std::size_t> by_medium;
    const table::GeometryColumn& shapes = lines.geometry();
    for (std::size_t i = 0; i < lines.rows(); ++i) {
        if (lines.column("function").text(i) != "service") continue;
        const bool sewage = lines.column("medium").text(i) == "sewage";
        ++by_medium[std::string(lines.column("medium").text(i))];
        const std::size_t node = node_of.at(std::string(lines.column(sewage ? "from_node" : "to_node").text(i)));
        ASSERT_EQ(nodes.column("node_type").text(node), "house_connection");
        const auto [first, last] = shapes.coordinates(i);
        ASSERT_EQ(last - first, 2U);
        const std::size_t wall = sewage ? first : first + 1;
        EXPECT_EQ(shapes.x()[wall], nodes.geometry().x()[node]);
        EXPECT_EQ(shapes.y()[wall], nodes.geometry().y()[node]);
        EXPECT_LT(std::hypot(shapes.x()[first] - shapes.x()[first + 1], shapes.y()[first] - shapes.y()[first + 1]), 120);   // a school in the middle of its grounds
    }
    std::size_t houses = 0;   // with an address
    for (std::size_t i = 0; i < buildings.rows(); ++i) houses += buildings.column("house_no").valid(i);
    for (const char* medium : {"water", "electricity", "sewage", "telecom"}) {
        EXPECT_GT(by_medium[medium], houses * 95 / 100) << medium;
        EXPECT_LT(by_medium[medium], houses * 105 / 100) << medium;   // schools have no number
    }
    // Heated by one of both, or not from the street.
    EXPECT_GT(by_medium["gas"] + by_medium["heat"], houses * 80 / 100);
    EXPECT_LE(by_medium["gas"] + by_medium["heat"], by_medium["water"]);
}

TEST_F(DemoCity, RefusesASizeItCannotMake)
{
    base::RunContext run;
    EXPECT_THROW(demo::make_city(path("city.gpkg"), {.inhabitants = 10}, run), Error);
    EXPECT_FALSE(std::filesystem::exists(path("city.gpkg")));
}
