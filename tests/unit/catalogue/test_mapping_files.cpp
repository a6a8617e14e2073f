// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/error.hpp>
#include <layers/catalogue/import/mapping_file.hpp>
#include <tests/unit/io/temporary_folder.hpp>
#include <tests/support/source_folder.hpp>
#include <algorithm>

using namespace stadtgdi;
using namespace stadtgdi::catalogue;

namespace {

std::string error_of(const std::string& toml)
{
    TemporaryFolder folder;
    const std::string path = folder.write("broken.toml", toml);
    try {
        detail::read_mapping(path);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_data);
        EXPECT_FALSE(error.message().de.empty());
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(MappingFiles, AreShippedForAllKnownSources)
{
    std::vector<std::string> names;
    for (const MappingInfo& mapping : all_mappings()) {
        names.push_back(mapping.name);
        EXPECT_FALSE(mapping.title.en.empty() || mapping.title.de.empty()) << mapping.name;
        EXPECT_FALSE(mapping.licence.empty()) << mapping.name;
        EXPECT_FALSE(mapping.attribution.empty()) << mapping.name;
        EXPECT_FALSE(mapping.layers.empty()) << mapping.name;
    }
    EXPECT_TRUE(std::ranges::is_sorted(names));
    for (const char* name : {"leipzig_street_trees", "leipzig_tree_cadastre", "leipzig_wfs_trees", "leipzig_osm_buildings", "leipzig_accessible_places", "leipzig_osm_parks",
                             "leipzig_playgrounds", "leipzig_districts", "leipzig_census_1km", "leipzig_census_100m", "hamburg_street_trees", "power_pandapower",
                             "gas_pandapipes", "sewer_isybau", "district_heating_geojson", "osm_walking"})
        EXPECT_TRUE(std::ranges::binary_search(names, name)) << name;
}

TEST(MappingFiles, SayWhatIsWrongAndWhere)
{
    EXPECT_EQ(error_of("title = 1\nfoo = 2\n"), "Mapping broken.toml:2: unknown key 'foo'.");
    EXPECT_EQ(error_of("title = {en='a', de='b'}\n"), "Mapping broken.toml:1: it fills no layer: a [[sources.tables]] is expected.");
    EXPECT_EQ(error_of("[[sources]]\n[[sources.tables]]\nlayer = 'trees_bush'\n"), "Mapping broken.toml:2: there is no layer 'trees_bush'.");
    const std::string tree = "[[sources]]\n[[sources.tables]]\nlayer = 'trees_tree'\n[sources.tables.fields]\n";
    EXPECT_EQ(error_of(tree + "hight_m = 'h'\n"), "Mapping broken.toml:5: trees_tree has no field 'hight_m'.");
    EXPECT_EQ(error_of(tree + "status = { value = 'dead' }\n"), "Mapping broken.toml:5: 'dead' is no code of status.");
    EXPECT_EQ(error_of(tree + "genus = { from = 'g', pattern = '(' }\n"), "Mapping broken.toml:5: the pattern is no regular expression.");
    EXPECT_EQ(error_of(tree + "genus = { from = 'g', value = 'x' }\n"), "Mapping broken.toml:5: one of 'from', 'text', 'value' and 'measure' is expected.");
    EXPECT_EQ(error_of(tree + "genus = { from = 'g', join = 'j' }\n"), "Mapping broken.toml:5: there is no join 'j'.");
    EXPECT_EQ(error_of(tree + "genus = { from = 'g', codes = 'nowhere' }\n"), "Mapping broken.toml:5: there is no code list [codes.nowhere].");
    EXPECT_TRUE(error_of("title = \n").starts_with("Mapping broken.toml:1:"));
}

TEST(MappingFiles, AreFoundByNameOrPath)
{
    EXPECT_EQ(detail::find_mapping("leipzig_osm_parks").info.name, "leipzig_osm_parks");
    EXPECT_EQ(detail::find_mapping(source_folder().string() + "/layers/catalogue/mappings/leipzig_osm_parks.toml").info.name, "leipzig_osm_parks");
    try {
        detail::find_mapping("atlantis");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::not_found);
        EXPECT_NE(std::string(error.what()).find("leipzig_osm_parks"), std::string::npos) << error.what();
    }
}
