// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"

#include <algorithm>
#include <functional>

namespace stadtgdi::testing {
namespace {

TEST(OgcApi, TheLandingPageLinksToEverything)
{
    const auto answer = ask(town(), "");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "application/json");
    const Json json = answer.json();
    EXPECT_EQ(json["title"], "Town & country");
    for (const char* rel : {"self", "alternate", "service-desc", "service-doc", "conformance", "data"}) EXPECT_NE(link_of(json, rel), "") << rel;
    EXPECT_EQ(link_of(json, "data"), "http://gdi.example/town/ogcapi/collections?f=json");
}

TEST(OgcApi, ConformanceNamesWhatIsThere)
{
    const auto classes = ask(town(), "/conformance").json()["conformsTo"].get<std::vector<std::string>>();
    for (const char* name : {"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson", "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"})
        EXPECT_NE(std::find(classes.begin(), classes.end(), name), classes.end()) << name;
}

TEST(OgcApi, ACollectionEqualsItsEntryInTheList)
{
    const Json list = ask(town(), "/collections").json();
    ASSERT_EQ(list["collections"].size(), 1U);
    const Json entry = list["collections"][0];
    EXPECT_EQ(entry, ask(town(), "/collections/b%C3%A4ume").json());
    EXPECT_EQ(entry["id"], "bäume");
    EXPECT_EQ(entry["crs"][0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    EXPECT_EQ(entry["storageCrs"], "http://www.opengis.net/def/crs/EPSG/0/25833");
    EXPECT_NE(std::find(entry["crs"].begin(), entry["crs"].end(), entry["storageCrs"]), entry["crs"].end());
    EXPECT_NEAR(entry["extent"]["spatial"]["bbox"][0][0].get<double>(), 12.387, 0.01);
    EXPECT_NEAR(entry["extent"]["spatial"]["bbox"][0][1].get<double>(), 51.33, 0.01);
    EXPECT_EQ(link_of(entry, "items"), "http://gdi.example/town/ogcapi/collections/b%C3%A4ume/items?f=json");
}

TEST(OgcApi, ACollectionLinksToItsItemsInEveryEncoding)
{
    const auto items_of = [](const FakeProject& project, const std::string& name) {
        std::vector<std::pair<std::string, std::string>> found;
        const Json json = ask(project, "/collections/" + name).json();
        for (const auto& link : json["links"])
            if (link["rel"] == "items") found.emplace_back(link["type"], link["href"]);
        return found;
    };
    const std::string url = "http://gdi.example/town/ogcapi/collections/b%C3%A4ume/items?f=";
    const auto links = items_of(town(), "b%C3%A4ume");
    EXPECT_EQ(links, (std::vector<std::pair<std::string, std::string>>{{"application/geo+json", url + "json"}, {"text/html", url + "html"}, {"text/csv", url + "csv"}, {"application/flatgeobuf", url + "flatgeobuf"}}));
    for (const auto& [type, href] : links) EXPECT_TRUE(ask(town(), href.substr(href.find("/collections"))).type.starts_with(type)) << href;
    const Json described = ask(town(), "/api").json()["paths"]["/collections/b%C3%A4ume/items"]["get"]["responses"]["200"]["content"];
    EXPECT_EQ(described.size(), links.size());
    for (const auto& [type, href] : links) EXPECT_TRUE(described.contains(type)) << type;
    const std::string page = ask(town(), "/collections/b%C3%A4ume?f=html").body;
    for (const char* format : {"json", "csv", "flatgeobuf"}) EXPECT_NE(page.find("items?f=" + std::string(format)), std::string::npos) << format;

    table::TableBuilder b({{{"number", table::Type::int64}}, std::nullopt});
    b.column(0).add(7);
    b.end_row();
    FakeProject project;
    project.add("rows", std::move(b).finish());
    EXPECT_EQ(items_of(project, "rows").size(), 3U) << "no FlatGeobuf of rows without places";
    EXPECT_EQ(ask(project, "/collections/rows?f=html").body.find("f=flatgeobuf"), std::string::npos);
}

TEST(OgcApi, TheDescriptionDefinesTheParametersAsTheStandardSays)
{
    const auto answer = ask(town(), "/api");
    EXPECT_EQ(answer.type, "application/vnd.oai.openapi+json;version=3.0");
    const Json json = answer.json();
    EXPECT_EQ(json["openapi"], "3.0.3");
    const Json limit = json["components"]["parameters"]["limit"];
    EXPECT_EQ(limit["schema"]["minimum"], 1);
    EXPECT_EQ(limit["schema"]["maximum"], 10000);
    EXPECT_EQ(limit["schema"]["default"], 10);
    EXPECT_EQ(limit["explode"], false);
    EXPECT_EQ(limit["style"], "form");
    EXPECT_EQ(json["components"]["parameters"]["bbox"]["schema"]["oneOf"][1]["minItems"], 6);
    ASSERT_TRUE(json["paths"].contains("/collections/b%C3%A4ume/items"));
    // Every reference leads somewhere.
    const std::function<void(const Json&)> walk = [&](const Json& part) {
        if (part.is_object() && part.contains("$ref")) {
            EXPECT_NO_THROW(json.at(Json::json_pointer(part["$ref"].get<std::string>().substr(1)))) << part;
        }
        if (part.is_structured())
            for (const auto& child : part) walk(child);
    };
    walk(json);
}

TEST(OgcApi, QueryablesLeaveOutWhatIsAParameterAlready)
{
    const Json json = ask(town(), "/collections/b%C3%A4ume/queryables").json();
    EXPECT_EQ(json["properties"]["planted"]["format"], "date");
    EXPECT_EQ(json["properties"]["name"]["title"], "Baumart");
    EXPECT_FALSE(json["properties"].contains("limit"));
}

TEST(OgcApi, FormatsAreNegotiated)
{
    const std::string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    EXPECT_EQ(ask(town(), "", {{"accept", browser}}).type, "text/html; charset=utf-8");
    EXPECT_EQ(ask(town(), "?f=json", {{"accept", browser}}).type, "application/json");
    EXPECT_EQ(ask(town(), "", {{"accept", "*/*"}}).type, "application/json");
    EXPECT_EQ(ask(town(), "", {{"accept", "application/json, text/html;q=0.5"}}).type, "application/json");
    EXPECT_EQ(ask(town(), "", {{"accept", "application/xml"}}).status, 406);
    EXPECT_EQ(ask(town(), "?f=xml").status, 400);
    EXPECT_EQ(ask(town(), "", {{"accept", browser}}).header("Vary"), "Accept, Accept-Language");
}

TEST(OgcApi, ErrorsAreProblems)
{
    for (const auto& [path, status] : std::initializer_list<std::pair<const char*, int>>{
             {"/nothing", 404}, {"/collections/nope", 404}, {"/collections/nope/items", 404}, {"/collections/b%C3%A4ume/nope", 404}, {"/collections/b%C3%A4ume/items/9999", 404},
             {"/collections/b%C3%A4ume/items/1%20OR%201=1", 404}, {"/collections/b%C3%A4ume/items/-1", 404}, {"/collections/b%C3%A4ume/items/1e400", 404}, {"?foo=1", 400}, {"/conformance?foo=1", 400},
             {"/collections?x=1", 400}, {"/collections/b%C3%A4ume/items?foo=bar", 400}, {"/collections/b%C3%A4ume/items?limit=0", 400}, {"/collections/b%C3%A4ume/items?limit=-1", 400},
             {"/collections/b%C3%A4ume/items?limit=abc", 400}, {"/collections/b%C3%A4ume/items?limit=", 400}, {"/collections/b%C3%A4ume/items?offset=-1", 400}, {"/collections/b%C3%A4ume/items?bbox=1,2,3", 400},
             {"/collections/b%C3%A4ume/items?bbox=1,2,3,x", 400}, {"/collections/b%C3%A4ume/items?crs=nope", 400}, {"/collections/b%C3%A4ume/items?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/999999&bbox=1,2,3,4", 400},
             {"/collections/b%C3%A4ume/items?datetime=2024-13-01", 400}, {"/collections/b%C3%A4ume/items?datetime=2025-01-01/2024-01-01", 400}, {"/collections/b%C3%A4ume/items?datetime=a/b/c", 400},
             {"/collections/b%C3%A4ume/items?number=abc", 400}, {"/collections/b%C3%A4ume/items?limit=1&limit=2", 400}}) {
        const auto answer = ask(town(), path);
        EXPECT_EQ(answer.status, status) << path;
        EXPECT_EQ(answer.type, "application/problem+json") << path;
        EXPECT_EQ(answer.json()["status"], status) << path;
    }
    EXPECT_EQ(ask(town(), "/nothing", {{"accept-language", "de"}}).json()["detail"], "Hier ist nichts.");
    for (const char* query : {"crs=foo", "filter=number%20=%201&filter-crs=foo"}) {
        const std::string detail = ask(town(), std::string("/collections/b%C3%A4ume/items?") + query).json()["detail"];
        EXPECT_NE(detail.find("collections (OGC API) list"), std::string::npos) << detail;
    }
}

TEST(OgcApi, PeopleReadErrorsAsPages)
{
    const auto page = ask(town(), "/collections/none?lang=de", {{"accept", "text/html,*/*;q=0.8"}});
    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(page.type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("<h1>Nicht gefunden</h1>"), std::string::npos);
    EXPECT_EQ(ask(town(), "/collections/none").type, "application/problem+json");
}

TEST(OgcApi, LayersThatAreNotPublishedAreNotThere)
{
    FakeProject project = town();
    project.edit().layers[0].in_wfs = false;
    EXPECT_EQ(ask(project, "/collections").json()["collections"].size(), 0U);
    EXPECT_EQ(ask(project, "/collections/b%C3%A4ume/items").status, 404);
    project = town();
    project.edit().layers[0].fields[1].in_wfs = false;
    const Json feature = ask(project, "/collections/b%C3%A4ume/items?limit=1").json()["features"][0];
    EXPECT_FALSE(feature["properties"].contains("height_m"));
    EXPECT_EQ(ask(project, "/collections/b%C3%A4ume/items?height_m=1").status, 400) << "a hidden field cannot be asked for";
}

}  // namespace
}  // namespace stadtgdi::testing
