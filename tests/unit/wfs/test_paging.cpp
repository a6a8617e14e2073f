// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <cmath>
#include <cstdio>
#include <random>

namespace stadtgdi::testing {
namespace {

std::string query_of(const std::string& url) { return url.substr(url.find('?') + 1); }

std::string attribute(const std::string& xml, const char* name) { return parsed(xml).document_element().attribute(name).value(); }

TEST(Paging, TheUnionOfAllPagesIsEveryRowOnce)
{
    const FakeProject project = town(1000);
    const auto all = ids(json_features(project, "TYPENAMES=trees"));
    ASSERT_EQ(all.size(), 1000U);
    for (const int size : {7, 100, 999, 1000, 5000}) {
        std::vector<std::string> seen;
        std::string query = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&OUTPUTFORMAT=geojson&TYPENAMES=trees&COUNT=" + std::to_string(size);
        for (int pages = 0; !query.empty() && pages < 1000; ++pages) {
            const auto page = nlohmann::json::parse(ask(project, query).body);
            EXPECT_EQ(page["numberMatched"], 1000);
            EXPECT_EQ(page["numberReturned"], page["features"].size());
            for (const auto& id : ids(page)) seen.push_back(id);
            query.clear();
            if (page.contains("links"))
                for (const auto& link : page["links"])
                    if (link["rel"] == "next") query = query_of(link["href"]);
        }
        EXPECT_EQ(seen, all) << size;
    }
}

TEST(Paging, PagesCanBeWalkedInBothDirections)
{
    const FakeProject project = town(10);
    const std::string first = get_feature(project, "TYPENAMES=trees&COUNT=4");
    EXPECT_EQ(attribute(first, "previous"), "");
    const std::string second = ask(project, query_of(attribute(first, "next"))).body;
    EXPECT_NE(second.find("gml:id=\"trees.5\""), std::string::npos);
    const std::string back = ask(project, query_of(attribute(second, "previous"))).body;
    EXPECT_NE(back.find("gml:id=\"trees.1\""), std::string::npos);
    const std::string third = ask(project, query_of(attribute(second, "next"))).body;
    EXPECT_EQ(attribute(third, "numberReturned"), "2");
    EXPECT_EQ(attribute(third, "next"), "");
}

TEST(Paging, HitsLinkToTheFirstPage)
{
    const FakeProject project = town(10);
    const std::string hits = get_feature(project, "TYPENAMES=trees&COUNT=1&RESULTTYPE=hits");
    EXPECT_EQ(attribute(hits, "numberReturned"), "0");
    EXPECT_EQ(attribute(hits, "numberMatched"), "10");
    EXPECT_EQ(attribute(hits, "previous"), "");
    const std::string page = ask(project, query_of(attribute(hits, "next"))).body;
    EXPECT_EQ(attribute(page, "numberReturned"), "1");
}

TEST(Paging, BeyondTheEndThereIsNothing)
{
    const auto page = json_features(town(10), "TYPENAMES=trees&STARTINDEX=999999999999");
    EXPECT_EQ(page["numberMatched"], 10);
    EXPECT_EQ(page["numberReturned"], 0);
    const auto none = json_features(town(10), "TYPENAMES=trees&COUNT=0");
    EXPECT_EQ(none["numberMatched"], 10);
    EXPECT_TRUE(none["features"].empty());
    EXPECT_FALSE(none.contains("links"));
}

TEST(Paging, TheLimitOfTheServiceCutsTheAnswerButNotTheCount)
{
    const FakeProject project = town(50);
    FakeFace face(project, "/town/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&COUNT=2147483648");
    face.limits().max_features = 8;
    const std::string body = body_of(wfs::handle(face.context(), ows::KeyValues::of(face.request())));
    EXPECT_EQ(attribute(body, "numberMatched"), "50");
    EXPECT_EQ(attribute(body, "numberReturned"), "8");
    EXPECT_NE(attribute(body, "next").find("COUNT=8&STARTINDEX=8"), std::string::npos);
}

TEST(Paging, ALayerReadFromItsSourceAnswersTheSame)
{
    const FakeProject held = town(30'000);
    FakeProject large = town(30'000);
    large.serve_from_source("trees");
    for (const char* query : {"TYPENAMES=trees", "TYPENAMES=trees&COUNT=25000&STARTINDEX=123", "TYPENAMES=trees&BBOX=318005,5689990,358045,5690010,EPSG:25833",
                              "RESOURCEID=trees.17,trees.4,trees.999999", "TYPENAMES=trees&SORTBY=height_m%20DESC&COUNT=20"}) {
        auto a = json_features(held, query), b = json_features(large, query);
        a.erase("timeStamp");
        b.erase("timeStamp");
        EXPECT_TRUE(a == b) << query;
    }
}

/// Boxes at random against a plain loop over the same coordinates, in the layer's CRS and in degrees.
TEST(Paging, RandomBoxesGiveWhatAPlainLoopGives)
{
    std::mt19937 random(5);
    std::uniform_real_distribution<double> east(317000, 319000), north(5689000, 5691000);
    table::TableBuilder b({{{"n", table::Type::int64}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < 3000; ++i) {
        points.emplace_back(std::round(east(random) * 1000) / 1000, std::round(north(random) * 1000) / 1000);
        b.column(0).add(i);
        b.geometry().add_point(points.back().first, points.back().second);
        b.end_row();
    }
    FakeProject project;
    project.add("p", std::move(b).finish());
    const auto degrees = json_features(project, "TYPENAMES=p")["features"];
    for (int k = 0; k < 30; ++k) {
        const double x0 = east(random), y0 = north(random), x1 = x0 + 300, y1 = y0 + 500;
        std::size_t expected = 0;
        for (const auto& [x, y] : points) expected += x >= x0 && x <= x1 && y >= y0 && y <= y1 ? 1 : 0;
        char box[200];
        std::snprintf(box, sizeof box, "%.9f,%.9f,%.9f,%.9f", x0, y0, x1, y1);
        EXPECT_EQ(json_features(project, std::string("TYPENAMES=p&RESULTTYPE=hits&BBOX=") + box)["numberMatched"], expected) << box;
        const double w = 12.37 + 0.0005 * k, s = 51.325 + 0.0002 * k;
        expected = 0;
        for (const auto& f : degrees) {
            const double x = f["geometry"]["coordinates"][0], y = f["geometry"]["coordinates"][1];
            expected += x >= w && x <= w + 0.003 && y >= s && y <= s + 0.003 ? 1 : 0;
        }
        std::snprintf(box, sizeof box, "%.9f,%.9f,%.9f,%.9f", s, w, s + 0.003, w + 0.003);
        EXPECT_EQ(json_features(project, std::string("TYPENAMES=p&RESULTTYPE=hits&BBOX=") + box + ",urn:ogc:def:crs:EPSG::4326")["numberMatched"], expected) << box;
    }
}

}  // namespace
}  // namespace stadtgdi::testing
