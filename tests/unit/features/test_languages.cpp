// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <tests/support/fake_city.hpp>

namespace stadtgdi::testing {
namespace {

FakeProject city()
{
    FakeProject project;
    add_trees_of_a_city(project);
    return project;
}

const std::string trees = "/collections/trees_tree";

bool has(const Answer& answer, const std::string& text) { return answer.body.find(text) != std::string::npos; }

TEST(Languages, PagesOfACitySpeakTheOneAskedFor)
{
    const FakeProject project = city();
    struct Page {
        std::string below;
        std::vector<std::string> english, german;
    };
    const std::vector<Page> pages{
        {"", {"Geodata of the city of Halle: Tree sites.", "Tree sites with"}, {"Geodaten der Stadt Halle: Baumstandorte.", "Baumstandorte mit"}},
        {"/collections", {">Trees</a>", "Geodata of the city of Halle</a>"}, {">Bäume</a>", "Geodaten der Stadt Halle</a>"}},
        {trees, {"<h1>Trees</h1>", "Height [m]", "State of the site", "Tree sites, Stadtgrün"}, {"<h1>Bäume</h1>", "Baumhöhe [m]", "Standortzustand", "Baumstandorte, Stadtgrün"}},
        {trees + "/items", {"State of the site</th>", ">Standing tree<", ">Felled<"}, {"Standortzustand</th>", ">Baum vorhanden<", ">Gefällt<"}},
        {trees + "/items/1", {">Felled<", "12.5 m"}, {">Gefällt<", "12,5 m"}},
        {trees + "/queryables", {"State of the site"}, {"Standortzustand"}},
        {"/api", {"Sets of vector tiles: Trees", "FlatGeobuf"}, {"Sätze von Vektorkacheln: Bäume", "FlatGeobuf"}},
    };
    for (const auto& [below, english, german] : pages) {
        const Answer in_english = ask(project, below + "?f=html&lang=en"), in_german = ask(project, below + "?f=html&lang=de");
        for (const std::string& text : english) EXPECT_TRUE(has(in_english, text)) << below << ": " << text;
        for (const std::string& text : german) {
            EXPECT_TRUE(has(in_german, text)) << below << ": " << text;
            if (text != "FlatGeobuf") {
                EXPECT_FALSE(has(in_english, text)) << below << ": " << text;
            }
        }
        EXPECT_TRUE(has(ask(project, below, {{"accept", "text/html"}, {"accept-language", "en-GB"}}), english[0])) << below;
    }
    EXPECT_TRUE(has(ask(project, "?f=html"), "Geodaten der Stadt")) << "the project's own, for those who do not say";
}

TEST(Languages, DocumentsOfACityToo)
{
    const FakeProject project = city();
    EXPECT_EQ(ask(project, "?lang=en").json()["title"], "Geodata of the city of Halle");
    const Json collection = ask(project, trees + "?lang=en").json();
    EXPECT_EQ(collection["title"], "Trees");
    EXPECT_TRUE(collection["description"].get<std::string>().starts_with("Tree sites"));
    EXPECT_EQ(collection["keywords"], (Json{"Tree sites", "Stadtgrün"}));
    for (const char* resource : {"/queryables", "/schema", "/sortables"}) {
        const Answer answer = ask(project, trees + resource, {{"accept-language", "en"}});
        EXPECT_EQ(answer.header("Vary"), "Accept, Accept-Language");
        const Json status = answer.json()["properties"]["status"];
        EXPECT_EQ(answer.json()["title"], "Trees") << resource;
        EXPECT_EQ(status["title"], "State of the site") << resource;
        EXPECT_EQ(status["oneOf"][0], (Json{{"const", "standing"}, {"title", "Standing tree"}})) << resource;
    }
    const Json api = ask(project, "/api?lang=en").json();
    EXPECT_EQ(api["info"]["title"], "Geodata of the city of Halle");
    EXPECT_EQ(api["paths"][trees + "/items"]["get"]["summary"], "Features: Trees");
    EXPECT_EQ(api["paths"][trees + "/map/tiles"]["get"]["summary"], "Sets of map tiles: Trees");
}

TEST(Languages, ValuesOfFeaturesStayAsTheyAreStored)
{
    const FakeProject project = city();
    for (const char* language : {"en", "de"}) {
        const Json features = ask(project, trees + "/items?lang=" + language).json()["features"];
        EXPECT_EQ(features[0]["properties"], (Json{{"taxon_name_de", "Linde"}, {"status", "felled"}, {"height_m", 12.5}}));
    }
    EXPECT_EQ(ask(project, trees + "/items?lang=en&status=standing").json()["numberMatched"], 2);
}

TEST(Languages, EachHasItsOwnTag)
{
    const FakeProject project = city();
    const auto tag = [&](const std::string& language) {
        FakeFace face(project, "/town/ogcapi" + trees + "/items", {{"accept-language", language}});
        return features::handle(face.context()).etag;
    };
    EXPECT_NE(tag("en"), tag("de"));
    EXPECT_EQ(tag("en"), tag("en-GB"));
}

TEST(Languages, AnotherOneIsRefused)
{
    for (const std::string& below : {std::string(), std::string("/api"), std::string("/conformance"), std::string("/collections"), trees, trees + "/items", trees + "/items/1", trees + "/schema"})
        for (const char* language : {"fr", "", "english"}) EXPECT_EQ(ask(city(), below + "?lang=" + language).status, 400) << below << language;
    const Answer page = ask(city(), "?f=html&lang=fr");
    EXPECT_EQ(page.status, 400);
    EXPECT_FALSE(has(page, "ogcapi/collections?lang=fr")) << "its links lead on";
}

TEST(Languages, BothListsOfCollectionsHaveOneOrder)
{
    FakeProject project = town();
    table::TableBuilder b({{{"name", table::Type::text}}, {}});
    project.add("names", std::move(b).finish());
    const std::string landing = ask(project, "?f=html").body, list = ask(project, "/collections?f=html").body;
    EXPECT_EQ(landing.find(">Bäume</a>") < landing.find(">names</a>"), list.find(">Bäume</a>") < list.find(">names</a>"));
}

}  // namespace
}  // namespace stadtgdi::testing
