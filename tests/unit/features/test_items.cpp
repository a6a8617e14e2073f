// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <tests/support/read_features.hpp>
#include <algorithm>
#include <fstream>
#include <tuple>
#include <unistd.h>

namespace stadtgdi::testing {
namespace {

const std::string path = "/collections/b%C3%A4ume/items";

std::vector<int> numbers(const Json& collection)
{
    std::vector<int> result;
    for (const auto& feature : collection["features"]) result.push_back(feature["properties"]["number"]);
    return result;
}

TEST(Items, AreAFeatureCollectionInCrs84)
{
    const auto answer = ask(town(), path);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "application/geo+json");
    EXPECT_EQ(answer.header("Content-Crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    const Json json = answer.json();
    EXPECT_EQ(json["type"], "FeatureCollection");
    EXPECT_EQ(json["numberMatched"], 25);
    EXPECT_EQ(json["numberReturned"], 10);
    EXPECT_EQ(json["features"].size(), 10U);
    EXPECT_EQ(json["features"][0]["id"], 1);
    EXPECT_NEAR(json["features"][0]["geometry"]["coordinates"][0].get<double>(), 12.387, 0.01);
    EXPECT_EQ(json["timeStamp"].get<std::string>().back(), 'Z');
    EXPECT_NE(link_of(json, "self"), "");
    EXPECT_NE(link_of(json, "alternate"), "");
    EXPECT_NE(link_of(json, "next"), "");
    EXPECT_EQ(link_of(json, "prev"), "");
}

TEST(Items, PagesTogetherAreEveryRowOnce)
{
    const FakeProject project = town();
    std::vector<int> seen;
    std::string url = path + "?limit=7";
    for (int pages = 0; !url.empty() && pages < 20; ++pages) {
        const Json page = ask(project, url).json();
        EXPECT_EQ(page["numberMatched"], 25);
        for (const int n : numbers(page)) seen.push_back(n);
        const std::string next = link_of(page, "next");
        url = next.empty() ? "" : next.substr(next.find("/collections"));
    }
    ASSERT_EQ(seen.size(), 25U);
    for (int i = 0; i < 25; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
    const Json last = ask(project, path + "?limit=7&offset=21").json();
    EXPECT_EQ(link_of(last, "next"), "");
    EXPECT_NE(link_of(last, "prev").find("offset=14"), std::string::npos);
}

TEST(Items, AtMostTheLargestPageIsGiven)
{
    const FakeProject project = town();
    FakeFace face(project, "/town/ogcapi" + path + "?limit=99999");
    face.limits().max_items = 12;
    EXPECT_EQ(Json::parse(body_of(features::handle(face.context())))["numberReturned"], 12);
}

TEST(Items, ABoxIsReadInItsCrs)
{
    const std::string metres = "&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25833";
    EXPECT_EQ(numbers(ask(town(), path + "?bbox=318005,5689990,318035,5690010" + metres).json()), (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(ask(town(), path + "?bbox=12,51,13,52").json()["numberMatched"], 24) << "rows without a place do not match";
    EXPECT_EQ(ask(town(), path + "?bbox=51,12,52,13").json()["numberMatched"], 0);
    EXPECT_EQ(ask(town(), path + "?bbox=51,12,52,13&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326").json()["numberMatched"], 24);
    EXPECT_EQ(ask(town(), path + "?bbox=12,51,-100,13,52,100").json()["numberMatched"], 24);
}

TEST(Items, CoordinatesAndHeaderFollowCrs)
{
    const auto metres = ask(town(), path + "?limit=2&crs=http://www.opengis.net/def/crs/EPSG/0/25833");
    EXPECT_EQ(metres.header("Content-Crs"), "<http://www.opengis.net/def/crs/EPSG/0/25833>");
    EXPECT_EQ(metres.json()["features"][1]["geometry"]["coordinates"], (Json{318010, 5690000}));
    const auto official = ask(town(), path + "?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4326").json();
    EXPECT_NEAR(official["features"][0]["geometry"]["coordinates"][0].get<double>(), 51.33, 0.01) << "Part 2: the order of the CRS";
}

TEST(Items, PropertiesFilterByEquality)
{
    EXPECT_EQ(numbers(ask(town(), path + "?number=7").json()), std::vector<int>{7});
    EXPECT_EQ(ask(town(), path + "?name=Ahorn").json()["numberMatched"], 12);
    EXPECT_EQ(numbers(ask(town(), path + "?name=Ahorn&height_m=1.5").json()), std::vector<int>{3});
    EXPECT_EQ(numbers(ask(town(), path + "?planted=2024-01-03").json()), std::vector<int>{2});
    EXPECT_EQ(ask(town(), path + "?name=Linde%20%3Cb%3E%26").json()["numberMatched"], 13);
    EXPECT_EQ(ask(town(), path + "?name=x'%20OR%201=1%20--").json()["numberMatched"], 0);
}

TEST(Items, TimesFilterAndRowsWithoutATimeStay)
{
    const auto count = [](const std::string& time) { return ask(town(), path + "?datetime=" + time).json()["numberMatched"].get<int>(); };
    EXPECT_EQ(count("2024-01-03"), 2) << "the day and the row without one";
    EXPECT_EQ(count("2024-01-03T12:00:00Z"), 2);
    EXPECT_EQ(count("2024-01-01/2024-01-03"), 4);
    EXPECT_EQ(count("../2024-01-02"), 3);
    EXPECT_EQ(count("2024-01-20/.."), 7);
    EXPECT_EQ(count("../.."), 25);
}

TEST(Items, OneFeatureHasItsLinks)
{
    const auto answer = ask(town(), path + "/3");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "application/geo+json");
    const Json json = answer.json();
    ASSERT_TRUE(json.is_object()) << answer.body;
    EXPECT_EQ(json["type"], "Feature");
    EXPECT_EQ(json["id"], 3);
    EXPECT_EQ(json["properties"]["number"], 2);
    for (const char* rel : {"self", "alternate", "collection"}) EXPECT_NE(link_of(json, rel), "") << rel;
}

TEST(Items, ALayerReadFromItsSourceGivesTheSamePage)
{
    FakeProject large = town();
    large.serve_from_source("bäume");
    EXPECT_EQ(ask(town(), path + "?limit=5&offset=3").json()["features"], ask(large, path + "?limit=5&offset=3").json()["features"]);
    EXPECT_EQ(ask(town(), path + "?number=3").json()["features"], ask(large, path + "?number=3").json()["features"]);
    EXPECT_EQ(ask(town(), path + "/3").json()["properties"], ask(large, path + "/3").json()["properties"]);
    EXPECT_EQ(ask(large, path + "/999").status, 404);
}

TEST(Items, ComeAsCsv)
{
    const auto answer = ask(town(), path + "?f=csv&limit=2&sortby=-number&filter=number%3C10&crs=http://www.opengis.net/def/crs/EPSG/0/25833");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "text/csv; charset=utf-8; header=present");
    EXPECT_EQ(answer.body, "id,name,height_m,planted,number,limit,geometry\r\n"
                           "\"10\",\"Ahorn\",4.5,2024-01-10,9,\"x\",\"POINT (318090 5690000)\"\r\n"
                           "\"9\",\"Linde <b>&\",4,2024-01-09,8,\"x\",\"POINT (318080 5690000)\"\r\n");
    EXPECT_EQ(answer.header("Content-Crs"), "<http://www.opengis.net/def/crs/EPSG/0/25833>");
    EXPECT_EQ(answer.header("OGC-NumberMatched"), "10");
    EXPECT_EQ(answer.header("OGC-NumberReturned"), "2");
    const std::string x_first = ask(town(), path + "?f=csv&limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4326").body;
    EXPECT_NE(x_first.find("POINT (12.3"), std::string::npos) << x_first;
    EXPECT_EQ(x_first, ask(town(), path + "?f=csv&limit=1").body) << "CRS84, as in GeoJSON";
    FakeProject large = town();
    large.serve_from_source("bäume");
    EXPECT_EQ(ask(large, path + "?f=csv&limit=5&offset=3").body, ask(town(), path + "?f=csv&limit=5&offset=3").body);
}

TEST(Items, ComeAsFlatGeobuf)
{
    const std::filesystem::path file = std::filesystem::temp_directory_path() / ("stadtgdi_items_" + std::to_string(getpid()) + ".fgb");
    for (const auto& [crs, code, x] : {std::tuple{"", "4326", 12.387}, {"&crs=http://www.opengis.net/def/crs/EPSG/0/25833", "25833", 318000.0}}) {
        const auto answer = ask(town(), path + "?f=flatgeobuf&limit=20&offset=20&filter=number%3E=0" + crs);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.type, "application/flatgeobuf");
        EXPECT_EQ(answer.header("OGC-NumberMatched"), "25");
        EXPECT_EQ(answer.header("OGC-NumberReturned"), "4") << "the last has no place";
        std::ofstream(file, std::ios::binary) << answer.body;
        const auto found = read_features(file);
        EXPECT_EQ(found["crs"], code);
        ASSERT_EQ(found["features"].size(), 4U);
        std::vector<int> numbers;
        for (const auto& feature : found["features"]) numbers.push_back(feature["values"]["number"]);
        std::sort(numbers.begin(), numbers.end());
        EXPECT_EQ(numbers, (std::vector<int>{20, 21, 22, 23}));
        EXPECT_NEAR(std::stod(found["features"][0]["wkt"].get<std::string>().substr(7)), x, x * 0.001) << "x first";
    }
    std::filesystem::remove(file);
    const FakeProject project = town();
    FakeFace face(project, "/town/ogcapi" + path + "?f=flatgeobuf");
    face.limits().max_file_bytes = 100;
    EXPECT_EQ(features::handle(face.context()).status, 400);
}

/// Of files, which have x first, the header names no CRS that has y first.
TEST(Items, TheCrsOfAFileIsNamedByItsOrder)
{
    const std::string uri = "http://www.opengis.net/def/crs/", crs84 = uri + "OGC/1.3/CRS84";
    for (const auto& [asked, json, file] : {std::tuple<std::string, std::string, std::string>{"EPSG/0/4326", uri + "EPSG/0/4326", crs84}, {"EPSG/0/4258", uri + "EPSG/0/4258", ""}, {"EPSG/0/3035", uri + "EPSG/0/3035", ""},
                                            {"EPSG/0/25833", uri + "EPSG/0/25833", uri + "EPSG/0/25833"}, {"OGC/1.3/CRS84", crs84, crs84}})
        for (const std::string format : {"json", "csv", "flatgeobuf"}) {
            const std::string& named = format == "json" ? json : file;
            EXPECT_EQ(ask(town(), path + "?limit=1&f=" + format + "&crs=" + uri + asked).header("Content-Crs"), named.empty() ? "" : "<" + named + ">") << asked << " " << format;
        }
}

TEST(Items, FilesAreAskedForByAcceptAndLinked)
{
    EXPECT_EQ(ask(town(), path, {{"accept", "text/csv, application/json;q=0.9"}}).type, "text/csv; charset=utf-8; header=present");
    EXPECT_EQ(ask(town(), path, {{"accept", "application/flatgeobuf"}}).type, "application/flatgeobuf");
    EXPECT_EQ(ask(town(), path, {{"accept", "*/*"}}).type, "application/geo+json");
    EXPECT_EQ(ask(town(), path, {{"accept", "text/*"}}).type, "text/html; charset=utf-8");
    EXPECT_EQ(ask(town(), "/collections", {{"accept", "text/csv"}}).status, 406);
    EXPECT_EQ(ask(town(), path + "/3?f=csv").status, 400) << "features of a collection alone";
    EXPECT_EQ(ask(town(), path + "?f=csv&crs=nope").type, "application/problem+json");
    const auto header = [](const Answer& answer, const std::string& rel) {
        const std::string links = answer.header("Link");
        const std::size_t end = links.find(">; rel=\"" + rel + "\"; type=\"text/csv\"");
        return end == std::string::npos ? "" : links.substr(links.rfind('<', end) + 1, end - links.rfind('<', end) - 1);
    };
    const auto page = ask(town(), path + "?f=csv&limit=10&offset=10");
    EXPECT_EQ(header(page, "next"), "http://gdi.example/town/ogcapi" + path + "?f=csv&limit=10&offset=20");
    EXPECT_EQ(header(page, "prev"), "http://gdi.example/town/ogcapi" + path + "?f=csv&limit=10&offset=0");
    EXPECT_EQ(header(ask(town(), path + "?f=csv&limit=10&offset=20"), "next"), "");
    std::vector<std::string> types;
    const Json collection = ask(town(), path).json();
    for (const auto& link : collection["links"])
        if (link["rel"] == "alternate") types.push_back(link["type"]);
    EXPECT_EQ(types, (std::vector<std::string>{"text/html", "text/csv", "application/flatgeobuf"}));
    EXPECT_NE(ask(town(), path + "?f=html").body.find("f=flatgeobuf"), std::string::npos);
    const Json described = ask(town(), "/api").json();
    const Json items = described["paths"]["/collections/b%C3%A4ume/items"]["get"];
    EXPECT_TRUE(items["responses"]["200"]["content"].contains("text/csv"));
    EXPECT_TRUE(items["responses"]["200"]["content"].contains("application/flatgeobuf"));
    EXPECT_EQ(described["components"]["parameters"]["f-items"]["schema"]["enum"], (Json{"json", "html", "csv", "flatgeobuf"}));
}

TEST(Items, WithoutPlacesAreNoFlatGeobuf)
{
    table::TableBuilder b({{{"number", table::Type::int64}}, std::nullopt});
    b.column(0).add(7);
    b.end_row();
    FakeProject project;
    project.add("rows", std::move(b).finish());
    EXPECT_EQ(ask(project, "/collections/rows/items?f=csv").body, "id,number\r\n\"1\",7\r\n");
    EXPECT_EQ(ask(project, "/collections/rows/items?f=flatgeobuf").status, 400);
    EXPECT_EQ(ask(project, "/collections/rows/items", {{"accept", "application/flatgeobuf"}}).status, 406);
    EXPECT_EQ(ask(project, "/collections/rows/items?f=html").body.find("f=flatgeobuf"), std::string::npos);
}

}  // namespace
}  // namespace stadtgdi::testing
