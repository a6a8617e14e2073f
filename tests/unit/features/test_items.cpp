// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"

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

}  // namespace
}  // namespace stadtgdi::testing
