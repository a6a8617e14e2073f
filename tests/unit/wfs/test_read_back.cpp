// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkt.hpp>
#include "read_back.hpp"
#include <sstream>

namespace stadtgdi::testing {
namespace {

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

/// A row of two parts, one of a single part with heights where `with_z`, one without a geometry.
table::Table shapes(table::GeometryKind kind, bool with_z)
{
    using table::GeometryKind;
    table::TableBuilder b({{{"n", table::Type::int64}}, table::GeometryField{"geom", kind, "EPSG:25833", with_z}});
    table::GeometryBuilder& g = b.geometry();
    const auto ring = [&](double x, double y, double size, bool clockwise) {
        g.begin_ring();
        const std::vector<std::pair<double, double>> corners{{0, 0}, {size, 0}, {size, size}, {0, size}, {0, 0}};
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const auto& [dx, dy] = corners[clockwise ? corners.size() - 1 - i : i];
            g.add(318000.25 + x + dx, 5690000.125 + y + dy, 110.5 + x);
        }
    };
    for (int row = 0; row < 2; ++row) {
        const int parts = table::is_multi(kind) && row == 0 ? 2 : 1;
        b.column(0).add(row);
        g.begin_row();
        for (int part = 0; part < parts; ++part) {
            const double x = 100.0 * part;
            switch (kind) {
            case GeometryKind::point:
            case GeometryKind::multi_point: g.add(318000.25 + x, 5690000.125, 110.5); break;
            case GeometryKind::line:
            case GeometryKind::multi_line:
                if (kind == GeometryKind::multi_line) g.begin_ring();
                for (int i = 0; i < 3; ++i) g.add(318000.25 + x + i, 5690000.125 + i * i, 110.5 + i);
                break;
            case GeometryKind::polygon:
            case GeometryKind::multi_polygon:
                if (kind == GeometryKind::multi_polygon) g.begin_part();
                ring(x, 0, 40, false);
                ring(x + 10, 10, 5, true);
                break;
            }
        }
        b.end_row();
    }
    b.column(0).add(2);
    b.end_row();
    return std::move(b).finish();
}

/// Every kind of geometry in every version of GML, with and without heights, comes back as it was.
TEST_F(ReadBack, GdalReadsEveryGeometryInEveryGml)
{
    using table::GeometryKind;
    for (const auto kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon, GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon}) {
        for (const bool with_z : {false, true}) {
            const table::Table table = shapes(kind, with_z);
            FakeProject project;
            project.add("places", table);
            for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
                const std::string query = std::string("SERVICE=WFS&VERSION=") + version + "&TYPENAME=places&REQUEST=";
                write("a.gml", ask(project, query + "GetFeature").body);
                // With a schema GDAL finds neither the CRS nor heights in GML 2, whoever wrote it.
                const bool with_schema = std::string(version) != "1.0.0";
                std::filesystem::remove(m_folder / "a.xsd");
                std::filesystem::remove(m_folder / "a.gfs");
                if (with_schema) write("a.xsd", ask(project, query + "DescribeFeatureType").body);
                const auto found = read("a.gml");
                const std::string shown = std::string(table::name_of(kind)) + (with_z ? " with heights in " : " in ") + version;
                ASSERT_EQ(found["features"].size(), 3U) << shown;
                EXPECT_EQ(found["crs"], "25833") << shown;
                EXPECT_EQ(found["types"]["n"], with_schema ? "Integer64" : "Integer") << shown;
                for (std::size_t row = 0; row < 2; ++row) EXPECT_EQ(flat(found["features"][row]["wkt"]), flat(geometry::wkt(table.geometry(), row))) << shown;
                EXPECT_TRUE(found["features"][2]["wkt"].is_null()) << shown;
                const std::string declared = flat(found["geometry"]), written = geometry::wkt(table.geometry(), 0);
                EXPECT_TRUE(!with_schema || declared.ends_with(written.substr(0, written.find(' ')))) << declared << shown;
            }
        }
    }
}

/// As copied from an answer: what says how many numbers a position has stands at the geometry, not at the list.
TEST(SentBack, AGeometryOfAnAnswerFindsItsFeatureAgain)
{
    using table::GeometryKind;
    for (const auto kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon, GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon}) {
        for (const bool with_z : {false, true}) {
            FakeProject project;
            project.add("places", shapes(kind, with_z));
            for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
                const std::string query = std::string("SERVICE=WFS&VERSION=") + version + "&REQUEST=GetFeature&TYPENAME=places", shown = std::string(table::name_of(kind)) + (with_z ? " with heights in " : " in ") + version;
                const auto document = parsed(ask(project, query).body);
                int row = 0;
                for (const auto& found : document.select_nodes("//app:geometry/*")) {
                    std::ostringstream geometry;
                    found.node().print(geometry, "", pugi::format_raw);
                    const std::string space = std::string("http://www.opengis.net/gml") + (std::string(version) == "2.0.0" ? "/3.2" : "");
                    const std::string filter = "<Filter xmlns:gml=\"" + space + "\"><Equals><PropertyName>geometry</PropertyName>" + geometry.str() + "</Equals></Filter>";
                    const auto answer = nlohmann::json::parse(ask(project, query + "&OUTPUTFORMAT=geojson&FILTER=" + http::percent_encoded(filter)).body);
                    ++row;
                    // Without several parts the second row is as the first.
                    EXPECT_EQ(ids(answer), table::is_multi(kind) ? std::vector<std::string>{"places." + std::to_string(row)} : (std::vector<std::string>{"places.1", "places.2"})) << shown << filter;
                }
                EXPECT_EQ(row, 2) << shown;
            }
        }
    }
}

TEST_F(ReadBack, GdalReadsValuesAndTypesOfOlderGml)
{
    for (const char* version : {"1.0.0", "1.1.0"}) {
        const std::string query = std::string("SERVICE=WFS&VERSION=") + version + "&TYPENAME=trees&REQUEST=";
        write("a.gml", ask(town(), query + "GetFeature").body);
        write("a.xsd", ask(town(), query + "DescribeFeatureType").body);
        const auto found = read("a.gml");
        ASSERT_EQ(found["features"].size(), 20U);
        EXPECT_EQ(found["types"]["height_m"], "Real");
        EXPECT_EQ(found["types"]["planted"], "Date");
        EXPECT_EQ(found["features"][0]["values"]["name"], "Linde \"<&>\" ü");
        EXPECT_TRUE(found["features"][1]["values"]["name"].is_null());
        EXPECT_EQ(found["features"][3]["values"]["planted"], "2022/01/11");
        EXPECT_EQ(found["features"][3]["wkt"], "POINT (318030 5690000)");
    }
}

TEST_F(ReadBack, GdalFindsTheFeaturesOfSeveralQueries)
{
    write("a.gml", get_feature(town(), "TYPENAMES=(districts)(trees)"));
    write("a.xsd", ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType").body);
    EXPECT_EQ(read("a.gml")["layers"], 2);
    EXPECT_EQ(read("a.gml")["features"].size(), 3U);
    EXPECT_EQ(read("a.gml", 1)["features"].size(), 20U);
}

}  // namespace
}  // namespace stadtgdi::testing
