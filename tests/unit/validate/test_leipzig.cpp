// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/catalogue/mapping.hpp>
#include <layers/validate/validate.hpp>
#include <tests/unit/io/real_data.hpp>
#include <tests/unit/io/temporary_folder.hpp>
#include <map>

using namespace stadtgdi;

TEST(RealLeipzig, GivesPlausibleFindingsAfterImport)
{
    REQUIRE_REAL_DATA();
    TemporaryFolder folder;
    base::RunContext run;
    catalogue::City city = catalogue::City::create(folder / "leipzig.gpkg", {.name = "Leipzig", .crs = "EPSG:25833", .attribution = {}, .licence = {}}, run);
    const auto import = [&](const std::string& mapping, const std::string& file) { catalogue::import(city, {real_data() + "/" + file}, {.mapping = mapping}, run); };
    import("leipzig_districts", "leipzig/districts");
    import("leipzig_street_trees", "leipzig/trees/leipzig_strassenbaeume_2024-06-07");
    import("leipzig_accessible_places", "leipzig/accessibility/leipzig_bvl_places_no_personal_data.csv");

    std::map<std::string, int> count;
    for (const base::Finding& finding : validate::check(city, {}, run))
        ++count[finding.rule + " " + finding.layer + " " + std::string(name_of(finding.severity))];
    EXPECT_EQ(count["V001 buildings_place warning"], 11);
    EXPECT_EQ(count["V003 buildings_place error"] + count["V003 buildings_place warning"], 13);
    EXPECT_EQ(count["V003 trees_tree error"], 0);
    EXPECT_EQ(count["V102 trees_tree warning"], 3);  // 1750, 1770 and 1780
    EXPECT_EQ(count["V112 trees_tree error"], 6);
    EXPECT_GT(count["V408 buildings_survey error"], 700);  // most facts are from 1994 to 2012
    EXPECT_EQ(count["V406 buildings_entrance error"], 3);  // "fully" with 12, 20 and 66 steps and no ramp
    // Names the species table lacks: stands of trees, not single ones.
    EXPECT_LT(count["V114 trees_tree warning"], 573);
    // No source knows since when its trees exist: said once, not 57,273 times. 16 standing trees have no name at all.
    EXPECT_EQ(count["V006 trees_tree warning"], 1 + 16);
    EXPECT_EQ(count["V006 trees_tree error"], 0);
    EXPECT_EQ(count["V411 buildings_place info"], 1);
    for (const char* rule : {"V002", "V004", "V005", "V007", "V009", "V011", "V013"})
        for (const auto& [key, times] : count)
            EXPECT_FALSE(key.starts_with(rule)) << key << " " << times;
}
