// SPDX-License-Identifier: GPL-2.0-or-later
#include "read_back.hpp"
#include <algorithm>

namespace stadtgdi::testing {
namespace {

using Formats = ReadBack;

TEST_F(Formats, CsvIsWhatRfc4180Says)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&COUNT=2&OUTPUTFORMAT=csv");
    EXPECT_EQ(response.content_type, "text/csv; charset=utf-8; header=present");
    EXPECT_EQ(response.body, "id,name,height_m,planted,number,Umfang (cm),geometry\r\n"
                             "\"trees.1\",\"Linde \"\"<&>\"\" ü\",0,2022-01-08,0,100,\"POINT (318000 5690000)\"\r\n"
                             "\"trees.2\",,0.5,2022-01-09,1,99,\"POINT (318010 5690000)\"\r\n");
    EXPECT_EQ(get_feature(town(), "TYPENAMES=trees&COUNT=1&OUTPUTFORMAT=text/csv&PROPERTYNAME=number&STARTINDEX=3"), "id,number\r\n\"trees.4\",3\r\n");
    EXPECT_EQ(get_feature(town(), "TYPENAMES=trees&RESOURCEID=trees.20&OUTPUTFORMAT=text/csv&PROPERTYNAME=number,geometry"), "id,number,geometry\r\n\"trees.20\",19,\r\n") << "no place";
    EXPECT_EQ(get_feature(town(), "TYPENAMES=trees&COUNT=1&OUTPUTFORMAT=csv&PROPERTYNAME=geometry&SRSNAME=urn:ogc:def:crs:EPSG::4326").substr(13, 23), "\"trees.1\",\"POINT (12.38") << "x first";
}

TEST_F(Formats, GdalReadsOurCsv)
{
    write("a.csv", get_feature(town(), "TYPENAMES=trees&OUTPUTFORMAT=csv"));
    const auto found = read("a.csv");
    ASSERT_EQ(found["features"].size(), 20U);
    EXPECT_EQ(found["types"]["name"], "String");
    EXPECT_EQ(found["types"]["height_m"], "Real");
    EXPECT_EQ(found["types"]["planted"], "Date");
    EXPECT_EQ(found["types"]["number"], "Integer");
    EXPECT_EQ(found["features"][0]["values"]["name"], "Linde \"<&>\" ü");
    EXPECT_EQ(found["features"][3]["values"]["height_m"], 1.5);
    EXPECT_EQ(found["features"][3]["wkt"], "POINT (318030 5690000)");
    write("b.csv", get_feature(town(), "TYPENAMES=districts&OUTPUTFORMAT=csv"));
    EXPECT_EQ(read("b.csv")["features"][2]["area"], 960000.0);
}

TEST_F(Formats, FilesComeBackAsTheyWere)
{
    for (const auto& [format, file, type] : {std::tuple{"flatgeobuf", "a.fgb", "application/flatgeobuf"}, {"application/geopackage%2Bsqlite3", "a.gpkg", "application/geopackage+sqlite3"},
                                             {"shape-zip", "a.shp.zip", "application/zip"}}) {
        const auto response = ask(town(), std::string("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&RESOURCEID=trees.1,trees.2,trees.5&OUTPUTFORMAT=") + format);
        EXPECT_EQ(response.content_type, type);
        EXPECT_EQ(std::find_if(response.headers.begin(), response.headers.end(), [](const auto& h) { return h.first == "Content-Disposition"; })->second,
                  "attachment; filename=\"trees" + std::string(file).substr(1) + "\"");
        write(file, response.body);
        const auto found = read(file);
        EXPECT_EQ(found["layer"], "trees") << file;
        EXPECT_EQ(found["crs"], "25833") << file;
        EXPECT_EQ(found["geometry"], "Point") << file;
        ASSERT_EQ(found["features"].size(), 3U) << file;
        // The spatial index of FlatGeobuf decides on the order of its rows.
        std::vector<nlohmann::json> rows(found["features"].begin(), found["features"].end());
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a["values"]["number"] < b["values"]["number"]; });
        EXPECT_EQ(rows[0]["values"]["name"], "Linde \"<&>\" ü") << file;
        EXPECT_TRUE(rows[1]["values"]["name"].is_null()) << file;
        EXPECT_EQ(rows[2]["values"]["height_m"], 2.0) << file;
        EXPECT_EQ(rows[2]["values"]["planted"].get<std::string>().substr(0, 10), "2022/01/12") << file << ", though FlatGeobuf has days as times alone";
        EXPECT_EQ(rows[2]["wkt"], "POINT (318040 5690000)") << file;
        EXPECT_EQ(found["indexed"], std::string(file) != "a.shp.zip") << file;
    }
}

TEST_F(Formats, AGeoPackageHasOurIdsAndATableForEachType)
{
    write("a.gpkg", get_feature(town(), "TYPENAMES=(trees)(districts)&RESOURCEID=(trees.5,trees.7)()&OUTPUTFORMAT=gpkg&SRSNAME=EPSG:25832"));
    const auto trees = read("a.gpkg"), districts = read("a.gpkg", 1);
    EXPECT_EQ(trees["layers"], 2);
    EXPECT_EQ(trees["crs"], "25832");
    EXPECT_EQ(trees["features"][0]["fid"], 5);
    EXPECT_EQ(trees["features"][1]["fid"], 7);
    EXPECT_FALSE(trees["types"].contains("fid"));
    EXPECT_EQ(districts["geometry"], "Multi Polygon");
    EXPECT_EQ(districts["features"].size(), 3U);
}

TEST_F(Formats, AShapefileHasShortNamesAndAllThatItNeeds)
{
    const std::string body = get_feature(town(), "TYPENAMES=trees&OUTPUTFORMAT=shape-zip&COUNT=1");
    EXPECT_EQ(body.substr(0, 2), "PK");
    for (const char* ending : {"trees.shp", "trees.shx", "trees.dbf", "trees.prj", "trees.cpg"}) EXPECT_NE(body.find(ending), std::string::npos) << ending;
    write("a.shp.zip", body);
    EXPECT_TRUE(read("a.shp.zip")["types"].contains("Umfang (cm"));
}

/// Folders of files that are prepared, or were and are still there.
std::size_t leftovers()
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) count += entry.path().filename().string().starts_with("stadtgdi-file-") ? 1 : 0;
    return count;
}

TEST_F(Formats, FilesAreLimitedAndLeaveNothingBehind)
{
    const FakeProject project = town(3000);
    const std::size_t before = leftovers();
    for (const char* format : {"fgb", "gpkg", "shp"}) {
        FakeFace face(project, std::string("/town/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&OUTPUTFORMAT=") + format);
        face.limits().max_file_bytes = 10'000;
        const Refusal refused = refusal_of([&] { wfs::handle(face.context(), ows::KeyValues::of(face.request())); });
        EXPECT_EQ(text_of(refused), "InvalidParameterValue outputFormat 400") << format;
        EXPECT_EQ(leftovers(), before) << format;
        face.limits().max_file_bytes = 100'000'000;
        const auto response = wfs::handle(face.context(), ows::KeyValues::of(face.request()));
        EXPECT_EQ(leftovers(), before) << "the file has no name while it is sent";
        EXPECT_GT(body_of(response).size(), 10'000U);
    }
}

TEST_F(Formats, FlatGeobufHasOnlyFeaturesWithAPlace)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&OUTPUTFORMAT=fgb");
    const auto header = [&](const std::string& name) { return std::find_if(response.headers.begin(), response.headers.end(), [&](const auto& h) { return h.first == name; })->second; };
    EXPECT_EQ(header("OGC-NumberMatched"), "20");
    EXPECT_EQ(header("OGC-NumberReturned"), "19");
    write("a.fgb", response.body);
    EXPECT_EQ(read("a.fgb")["features"].size(), 19U);
}

TEST_F(Formats, WhatAFormatCannotHoldIsRefused)
{
    table::TableBuilder b({{{"note", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    b.column(0).add(std::string(300, 'x'));
    b.geometry().add_point(1, 2);
    b.end_row();
    FakeProject project;
    project.add("notes", std::move(b).finish());
    EXPECT_THROW(ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=notes&OUTPUTFORMAT=shp"), base::Error) << "a text longer than 254 bytes";
    const auto error = [](const std::string& query) { return text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&" + query)); };
    for (const char* format : {"csv", "fgb", "shape-zip"}) EXPECT_EQ(error(std::string("TYPENAMES=trees,districts&OUTPUTFORMAT=") + format), "InvalidParameterValue outputFormat 400") << format;
    for (const char* format : {"csv", "fgb", "shape-zip", "gpkg"}) EXPECT_EQ(error(std::string("TYPENAMES=trees&RESULTTYPE=hits&OUTPUTFORMAT=") + format), "InvalidParameterValue outputFormat 400") << format;
}

TEST_F(Formats, SeveralTypesAreOneGeoJson)
{
    const auto found = json_features(town(), "TYPENAMES=districts,trees");
    EXPECT_EQ(found["numberMatched"], 23);
    EXPECT_EQ(ids(found).size(), 23U);
    EXPECT_EQ(ids(found)[3], "trees.1");
    const auto page = json_features(town(), "TYPENAMES=districts,trees&COUNT=2&STARTINDEX=3");
    EXPECT_EQ(ids(page), (std::vector<std::string>{"trees.1", "trees.2"}));
    // A page from the middle of lists of rows.
    const auto middle = json_features(town(), "TYPENAMES=districts,trees&BBOX=318005,5689990,318045,5690010&STARTINDEX=2&COUNT=2");
    EXPECT_EQ(middle["numberMatched"], 5);
    EXPECT_EQ(ids(middle), (std::vector<std::string>{"trees.3", "trees.4"}));
    EXPECT_EQ(ids(json_features(town(), "RESOURCEID=trees.4,districts.2")), (std::vector<std::string>{"trees.4", "districts.2"}));
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=districts,trees&BBOX=318005,5689990,318025,5690010")), (std::vector<std::string>{"districts.1", "trees.2", "trees.3"}));
}

TEST_F(Formats, ManyRowsAreStreamedInPieces)
{
    const FakeProject project = town(30'000);
    for (const char* format : {"csv", "gml32", "gml3", "gml2"}) {
        FakeFace face(project, std::string("/town/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=(trees)(trees)&OUTPUTFORMAT=") + (std::string(format) == "csv" ? "geojson" : format));
        const auto response = wfs::handle(face.context(), ows::KeyValues::of(face.request()));
        ASSERT_TRUE(response.stream) << format;
        std::size_t largest = 0, pieces = 0;
        for (std::string piece; response.stream(piece); ++pieces) {
            EXPECT_FALSE(piece.empty()) << "would end a chunked body";
            largest = std::max(largest, piece.size());
        }
        EXPECT_LT(largest, 3'000'000U) << format;
        EXPECT_GT(pieces, 10U) << format;
    }
}

}  // namespace
}  // namespace stadtgdi::testing
