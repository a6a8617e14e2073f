// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <layers/catalogue/city.hpp>
#include <layers/demo/demo.hpp>
#include <cmath>
#include <filesystem>
#include <set>

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

TEST_F(DemoCity, RefusesASizeItCannotMake)
{
    base::RunContext run;
    EXPECT_THROW(demo::make_city(path("city.gpkg"), {.inhabitants = 10}, run), Error);
    EXPECT_FALSE(std::filesystem::exists(path("city.gpkg")));
}
