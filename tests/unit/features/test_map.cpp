// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <services/web/web.hpp>
#include <tests/support/fake_city.hpp>

namespace stadtgdi::testing {
namespace {

http::Response map(const FakeProject& project, const std::string& below, std::vector<std::pair<std::string, std::string>> headers = {})
{
    FakeFace face(project, "/town/map" + below, std::move(headers));
    http::Response response = web::handle(face.context());
    response.body = body_of(response);
    return response;
}

std::string header(const http::Response& response, const std::string& wanted)
{
    for (const auto& [name, value] : response.headers)
        if (name == wanted) return value;
    return {};
}

TEST(WebMap, ThePageAllowsItselfOnly)
{
    const auto page = map(town(), "", {{"accept-language", "en"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("<html lang=\"en\">"), std::string::npos);
    EXPECT_NE(page.body.find("Town &amp; country"), std::string::npos);
    EXPECT_EQ(header(page, "Content-Security-Policy").find("http"), std::string::npos);
    EXPECT_NE(header(page, "Content-Security-Policy").find("script-src 'self';"), std::string::npos);
    EXPECT_EQ(page.body.find("://"), std::string::npos) << "all addresses are relative";
}

TEST(WebMap, ScriptAndStyleAreServedForever)
{
    const std::string page = map(town(), "").body;
    int found = 0;
    for (auto at = page.find("map/static/"); at != std::string::npos; at = page.find("map/static/", at + 1), ++found) {
        const auto file = map(town(), page.substr(at + 3, page.find('"', at) - at - 3));
        EXPECT_EQ(file.status, 200);
        EXPECT_GT(file.bytes().size(), 5000U);
        EXPECT_EQ(header(file, "Cache-Control"), "public, max-age=31536000, immutable");
    }
    EXPECT_EQ(found, 2);
    EXPECT_EQ(map(town(), "/static/nope.js").status, 404);
    EXPECT_EQ(map(town(), "/nope").status, 404);
    EXPECT_EQ(map(town(), "/").status, 301);
}

TEST(WebMap, TheProjectIsToldAsItsVisibleModelIs)
{
    FakeProject project = town();
    project::TreeNode group;
    group.title = "Grün";
    group.children = project.edit().tree.children;
    project::TreeNode empty;
    empty.title = "Leer";
    project::TreeNode hidden;
    hidden.layer = "not there";
    project.edit().tree.children = {group, empty, hidden};
    const Json json = Json::parse(map(project, "/project.json").body);
    EXPECT_EQ(json["crs"], "EPSG:25833");
    EXPECT_EQ(json["crsUri"], "http://www.opengis.net/def/crs/EPSG/0/25833");
    EXPECT_EQ(json["extent"], (Json{318000.0, 5690000.0, 318230.0, 5690000.0}));
    ASSERT_EQ(json["tree"].size(), 1U);
    EXPECT_EQ(json["tree"][0]["title"], "Grün");
    const Json layer = json["tree"][0]["children"][0];
    EXPECT_EQ(layer["name"], "bäume");
    EXPECT_EQ(layer["labels"]["name"], "Baumart");
    EXPECT_EQ(layer["codes"]["name"]["Ahorn"], "Maple <m>");
    EXPECT_EQ(layer["displayField"], "name");
}

TEST(WebMap, FieldsAreToldByWhatTheyAreGoodFor)
{
    FakeProject project = town();
    project::PublishedLayer& layer = project.edit().layers[0];
    layer.definition = "trees_tree";
    layer.fields[1].alias = "Höhe [m]";
    layer.fields[4].name = "recorded_at";
    layer.attribution = "© Stadt";
    const Json told = Json::parse(map(project, "/project.json").body)["tree"][0];
    EXPECT_EQ(told["labels"]["height_m"], "Höhe");
    EXPECT_EQ(told["units"], (Json{{"height_m", "m"}}));
    EXPECT_EQ(told["folded"], (Json{"recorded_at"}));
    EXPECT_EQ(told["attribution"], "© Stadt");
}

TEST(WebMap, ACityIsToldInTheLanguageAskedFor)
{
    FakeProject project;
    add_trees_of_a_city(project);
    const auto english = map(project, "/project.json?lang=en"), german = map(project, "/project.json", {{"accept-language", "de"}});
    EXPECT_EQ(header(english, "Vary"), "Accept-Language");
    EXPECT_NE(english.etag, german.etag);
    const Json told = Json::parse(english.body);
    EXPECT_EQ(told["title"], "Geodata of the city of Halle");
    EXPECT_EQ(told["tree"][0]["title"], "Tree sites");
    const Json layer = told["tree"][0]["children"][0];
    EXPECT_EQ(layer["title"], "Trees");
    EXPECT_EQ(layer["labels"], (Json{{"status", "State of the site"}, {"height_m", "Height"}}));
    EXPECT_EQ(layer["codes"]["status"], (Json{{"standing", "Standing tree"}, {"felled", "Felled"}}));
    EXPECT_EQ(Json::parse(german.body)["tree"][0]["children"][0]["codes"]["status"]["standing"], "Baum vorhanden");
    EXPECT_NE(map(project, "?lang=en").body.find("<title>Geodata of the city of Halle · Map</title>"), std::string::npos);
}

TEST(WebMap, ZoomingToALayerGoesWhereMostOfItIs)
{
    table::TableBuilder b({{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < 20; ++i) {
        b.column(0).add("x");
        b.geometry().add_point(318000 + 10.0 * i, i == 19 ? 5318000 : 5690000 + 10.0 * i);
        b.end_row();
    }
    FakeProject project;
    project.add("places", std::move(b).finish());
    EXPECT_EQ(Json::parse(map(project, "/extent.json?layer=places").body)["extent"], (Json{318000.0, 5690000.0, 318180.0, 5690180.0}));
    project.edit().layers[0].min_scale = 5000;
    const Json dense = Json::parse(map(project, "/extent.json?layer=places").body)["dense"];
    EXPECT_GE(dense[0], 317900.0);
    EXPECT_LE(dense[2], 318000.0 + 1100.0) << "720 pixels at 1 : 5000 are 1008 m";
    EXPECT_GE(dense[1], 5689000.0);
    project.serve_from_source("places");
    EXPECT_EQ(Json::parse(map(project, "/extent.json?layer=places").body)["extent"][1], 5318000.0) << "its whole extent where it is not held";
    EXPECT_EQ(map(project, "/extent.json?layer=secret").status, 404);
    EXPECT_EQ(map(project, "/extent.json").status, 404);
}

TEST(WebMap, ThePageSaysAtOnceThatItLoads)
{
    EXPECT_NE(map(town(), "", {{"accept-language", "de"}}).body.find("Karte wird geladen …"), std::string::npos);
    EXPECT_NE(map(town(), "", {{"accept-language", "en"}}).body.find("Loading the map …"), std::string::npos);
}

TEST(WebMap, AProjectInAnotherCrsIsShownInWebMercator)
{
    FakeProject project = town();
    project.edit().crs = "EPSG:3035";
    project.edit().extent = {4500000, 3100000, 4510000, 3110000};
    const Json json = Json::parse(map(project, "/project.json").body);
    EXPECT_EQ(json["crs"], "EPSG:3857");
    EXPECT_NEAR(json["extent"][0].get<double>(), 1405000, 30000);
}

}  // namespace
}  // namespace stadtgdi::testing
