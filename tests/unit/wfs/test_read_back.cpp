// SPDX-License-Identifier: GPL-2.0-or-later
#include <tests/support/source_folder.hpp>
#include "town.hpp"
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

namespace stadtgdi::testing {
namespace {

/// What GDAL finds in an answer of ours.
class ReadBack : public ::testing::Test {
protected:
    void SetUp() override
    {
        m_folder = std::filesystem::temp_directory_path() / ("stadtgdi_wfs_" + std::to_string(std::hash<std::string>{}(::testing::UnitTest::GetInstance()->current_test_info()->name()) % 1000000));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    nlohmann::json read(const std::string& file)
    {
        const std::string command = "/usr/bin/python3 '" + source_folder().string() + "/tests/support/read_features.py' '" + (m_folder / file).string() + "' 2>&1";
        std::string text;
        FILE* pipe = popen(command.c_str(), "r");
        char block[4096];
        for (std::size_t n; (n = fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, n);
        EXPECT_EQ(pclose(pipe), 0) << text;
        return nlohmann::json::parse(text, nullptr, false);
    }
    void write(const std::string& file, const std::string& text) { std::ofstream(m_folder / file, std::ios::binary) << text; }

    nlohmann::json gml(const FakeProject& project, const std::string& type, const std::string& more = "")
    {
        write("a.gml", get_feature(project, "TYPENAMES=" + type + more));
        write("a.xsd", ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=" + type).body);
        return read("a.gml");
    }

    std::filesystem::path m_folder;
};

TEST_F(ReadBack, GdalReadsOurGmlWithTypesAndValues)
{
    const auto found = gml(town(), "trees");
    EXPECT_EQ(found["layer"], "trees");
    EXPECT_EQ(found["crs"], "25833");
    EXPECT_EQ(found["geometry"], "Point");
    EXPECT_EQ(found["types"]["name"], "String");
    EXPECT_EQ(found["types"]["height_m"], "Real");
    EXPECT_EQ(found["types"]["planted"], "Date");
    EXPECT_EQ(found["types"]["number"], "Integer64");
    ASSERT_EQ(found["features"].size(), 20U);
    EXPECT_EQ(found["features"][0]["values"]["name"], "Linde \"<&>\" ü");
    EXPECT_TRUE(found["features"][1]["values"]["name"].is_null());
    EXPECT_EQ(found["features"][3]["values"]["height_m"], 1.5);
    EXPECT_EQ(found["features"][3]["values"]["Umfang__cm_"], 97);
    EXPECT_EQ(found["features"][3]["wkt"], "POINT (318030 5690000)");
    EXPECT_TRUE(found["features"][19]["wkt"].is_null());
}

TEST_F(ReadBack, GdalReadsPolygonsWithHoles)
{
    const auto found = gml(town(), "districts");
    EXPECT_EQ(found["geometry"], "Multi Polygon");
    ASSERT_EQ(found["features"].size(), 3U);
    EXPECT_EQ(found["features"][2]["area"], 960000.0);
}

TEST_F(ReadBack, GdalReadsStraightLinesAndPolygonsAsSuch)
{
    using table::GeometryKind;
    for (const auto& [kind, name] : {std::pair{GeometryKind::polygon, "Polygon"}, std::pair{GeometryKind::multi_polygon, "MultiPolygon"}, std::pair{GeometryKind::line, "LineString"},
                                     std::pair{GeometryKind::multi_line, "MultiLineString"}}) {
        table::TableBuilder b({{{"name", table::Type::text}}, table::GeometryField{"geom", kind, "EPSG:25833", false}});
        FakeProject project;
        project.add("places", std::move(b).finish());
        std::string geometry = gml(project, "places")["geometry"];
        std::erase(geometry, ' ');
        EXPECT_EQ(geometry, name);
    }
}

TEST_F(ReadBack, GdalPutsNorthingFirstNamesBackIntoItsOwnOrder)
{
    const auto urn = gml(town(), "trees", "&COUNT=1&SRSNAME=urn:ogc:def:crs:EPSG::4326");
    EXPECT_EQ(urn["crs"], "4326");
    EXPECT_EQ(urn["features"][0]["wkt"].get<std::string>().substr(0, 11), "POINT (12.3");
}

TEST_F(ReadBack, GdalReadsOurGeoJsonInBothKindsOfCrs)
{
    write("a.geojson", get_feature(town(), "TYPENAMES=trees&OUTPUTFORMAT=geojson"));
    const auto degrees = read("a.geojson");
    EXPECT_EQ(degrees["crs"], "4326");
    ASSERT_EQ(degrees["features"].size(), 20U);
    EXPECT_EQ(degrees["types"]["planted"], "Date");
    EXPECT_EQ(degrees["features"][0]["values"]["name"], "Linde \"<&>\" ü");
    write("b.geojson", get_feature(town(), "TYPENAMES=districts&OUTPUTFORMAT=geojson&SRSNAME=EPSG:25833"));
    const auto metres = read("b.geojson");
    EXPECT_EQ(metres["crs"], "25833");
    EXPECT_EQ(metres["features"][0]["area"], 960000.0);
}

}  // namespace
}  // namespace stadtgdi::testing
