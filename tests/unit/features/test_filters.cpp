// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <services/http/target.hpp>

namespace stadtgdi::testing {
namespace {

const std::string trees_items = "/collections/b%C3%A4ume/items";

std::string with(const std::string& name, const std::string& value) { return name + "=" + http::percent_encoded(value); }

std::vector<int> trees_of(const std::string& query)
{
    const Answer answer = ask(town(), trees_items + "?limit=100&" + query);
    std::vector<int> result;
    EXPECT_EQ(answer.status, 200) << query << answer.body.substr(0, 300);
    if (answer.status != 200) return result;
    const Json json = answer.json();
    for (const auto& feature : json["features"]) result.push_back(feature["properties"]["number"]);
    return result;
}

int status_of(const std::string& query)
{
    const Answer answer = ask(town(), trees_items + "?" + query);
    EXPECT_EQ(answer.type, answer.status == 200 ? "application/geo+json" : "application/problem+json");
    return answer.status;
}

TEST(Filters, TextAndJsonChooseFeatures)
{
    EXPECT_EQ(trees_of(with("filter", "number > 21 AND name = 'Ahorn'")), std::vector<int>{23});
    EXPECT_EQ(trees_of(with("filter", "number IN (3, 5)") + "&filter-lang=cql2-text"), (std::vector<int>{3, 5}));
    EXPECT_EQ(trees_of(with("filter", R"({"op":"<","args":[{"property":"number"},2]})") + "&filter-lang=cql2-json"), (std::vector<int>{0, 1}));
    EXPECT_EQ(trees_of(with("filter", "planted IS NULL")), std::vector<int>{4});
    EXPECT_EQ(trees_of(with("filter", "geometry IS NULL")), std::vector<int>{24});
    EXPECT_EQ(trees_of(with("filter", "S_INTERSECTS(geometry, BBOX(318005,5689990,318025,5690010))") + "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/25833"), (std::vector<int>{1, 2}));
    EXPECT_EQ(trees_of(with("filter", "S_INTERSECTS(geometry, BBOX(12,51,13,52))")).size(), 24U) << "CRS84 where none is named";
    EXPECT_EQ(trees_of(with("filter", "number < 9") + "&name=Ahorn&datetime=2024-01-04/..&bbox=12,51,13,52"), (std::vector<int>{3, 5, 7})) << "all that is given must hold";
    EXPECT_EQ(trees_of(with("filter", "1=1 OR number < 0") + "&number=7"), std::vector<int>{7}) << "a filter never widens";
}

TEST(Filters, WhatIsWrongIs400AndSaysWhere)
{
    for (const char* filter : {"", "number >", "nothing = 1", "id = 1", "limit = 'x'", "number = 'one'", "geometry = 1", "S_INTERSECTS(geometry, POINT(1))"}) EXPECT_EQ(status_of(with("filter", filter)), 400) << filter;
    EXPECT_EQ(status_of("filter-lang=ecql&" + with("filter", "number = 1")), 400);
    EXPECT_EQ(status_of("filter-lang=cql2-json&" + with("filter", "number = 1")), 400);
    EXPECT_EQ(status_of(with("filter", "number = 1") + "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/999999"), 400);
    EXPECT_NE(ask(town(), trees_items + "?lang=de&" + with("filter", "number >")).json()["detail"].get<std::string>().find("Filter"), std::string::npos);
}

TEST(Filters, FeaturesAreSorted)
{
    EXPECT_EQ(trees_of("sortby=-number&" + with("filter", "number < 3")), (std::vector<int>{2, 1, 0}));
    EXPECT_EQ(trees_of("sortby=name,-number&" + with("filter", "number < 4")), (std::vector<int>{3, 1, 2, 0}));
    EXPECT_EQ(trees_of("sortby=%2Bnumber&" + with("filter", "number < 2")), (std::vector<int>{0, 1}));
    EXPECT_EQ(trees_of("sortby=-planted&" + with("filter", "number BETWEEN 3 AND 5")), (std::vector<int>{5, 3, 4})) << "null comes last";
    EXPECT_EQ(status_of("sortby=nothing"), 400);
    EXPECT_EQ(status_of("sortby=geometry"), 400);
    std::string keys = "sortby=number";
    for (int i = 1; i < 20; ++i) keys += ",-number";
    EXPECT_EQ(status_of(keys), 200);
    EXPECT_EQ(status_of(keys + ",number"), 400) << "as in WFS";
}

TEST(Filters, ABoxMayBeTheWorldOrCrossThe180thMeridian)
{
    EXPECT_EQ(trees_of("bbox=-180,-90,180,90").size(), 24U);
    EXPECT_EQ(trees_of("bbox=-180,-90,180,90&bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84").size(), 24U);
    EXPECT_EQ(trees_of("bbox=12,51,-170,52").size(), 24U) << "from Leipzig east to beyond the meridian";
    EXPECT_EQ(trees_of("bbox=170,51,13,52").size(), 24U);
    EXPECT_EQ(trees_of("bbox=170,51,0,-170,52,9"), std::vector<int>{});
    EXPECT_EQ(trees_of("bbox=51,170,52,13&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326").size(), 24U);
    EXPECT_EQ(status_of("bbox=12,52,13,51"), 400) << "south is never north";
    EXPECT_EQ(status_of("bbox=170,52,-170,51"), 400);
    EXPECT_EQ(status_of("bbox=318025,5689990,318005,5690010&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25833"), 400);
    EXPECT_EQ(status_of("bbox=500,0,-500,1"), 400);
}

TEST(Filters, LinksAndConformanceTellOfThem)
{
    const FakeProject project = town();
    EXPECT_NE(ask(project, trees_items).header("Link").find("/queryables>; rel=\"http://www.opengis.net/def/rel/ogc/1.0/queryables\""), std::string::npos);
    const Json collection = ask(project, "/collections/b%C3%A4ume").json();
    for (const char* rel : {"queryables", "sortables", "schema"}) {
        const std::string url = link_of(collection, std::string("http://www.opengis.net/def/rel/ogc/1.0/") + rel);
        EXPECT_NE(url.find(std::string("/collections/b%C3%A4ume/") + rel), std::string::npos) << rel;
    }
    const std::string classes = ask(project, "/conformance").body;
    for (const char* name : {"ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/cql2-json", "cql2/1.0/conf/basic-cql2", "cql2/1.0/conf/temporal-functions",
                             "cql2/1.0/conf/property-property"})
        EXPECT_NE(classes.find(name), std::string::npos) << name;
    for (const char* name : {"cql2/1.0/conf/spatial-functions\"", "cql2/1.0/conf/array-functions", "cql2/1.0/conf/functions", "features-4"}) EXPECT_EQ(classes.find(name), std::string::npos) << name;
    const Json api = ask(project, "/api").json();
    std::string named;
    for (const auto& parameter : api["paths"]["/collections/b%C3%A4ume/items"]["get"]["parameters"]) named += parameter.dump();
    for (const char* name : {"filter", "filter-lang", "filter-crs", "sortby"}) {
        EXPECT_NE(named.find(std::string("#/components/parameters/") + name + "\""), std::string::npos) << name;
        EXPECT_EQ(api["components"]["parameters"][name]["in"], "query") << name;
    }
    for (const char* resource : {"queryables", "sortables", "schema"}) EXPECT_TRUE(api["paths"].contains(std::string("/collections/b%C3%A4ume/") + resource));
}

TEST(Filters, SchemasSayWhatMayBeAskedForSortedAndRead)
{
    const FakeProject project = town();
    const auto answer = ask(project, "/collections/b%C3%A4ume/queryables");
    EXPECT_EQ(answer.type, "application/schema+json");
    const Json queryables = answer.json();
    EXPECT_EQ(queryables["$id"], "http://gdi.example/town/ogcapi/collections/b%C3%A4ume/queryables");
    EXPECT_EQ(queryables["additionalProperties"], false);
    EXPECT_EQ(queryables["properties"]["geometry"]["format"], "geometry-point");
    EXPECT_EQ(queryables["properties"]["geometry"]["x-ogc-role"], "primary-geometry");
    EXPECT_FALSE(queryables["properties"].contains("limit")) << "that name is a parameter already";
    const Json sortables = ask(project, "/collections/b%C3%A4ume/sortables").json();
    EXPECT_TRUE(sortables["properties"].contains("limit"));
    EXPECT_FALSE(sortables["properties"].contains("geometry"));
    const Json schema = ask(project, "/collections/b%C3%A4ume/schema").json();
    EXPECT_EQ(schema["properties"].size(), 6U);
    EXPECT_EQ(schema["properties"]["planted"]["format"], "date");
    for (const char* resource : {"queryables", "sortables", "schema"}) {
        const std::string path = std::string("/collections/b%C3%A4ume/") + resource;
        const auto english = ask(project, path + "?f=html&lang=en"), german = ask(project, path + "?f=html&lang=de");
        EXPECT_EQ(english.type, "text/html; charset=utf-8") << path;
        EXPECT_NE(english.body.find("<html lang=\"en\">"), std::string::npos);
        EXPECT_NE(english.body.find("whole number"), std::string::npos);
        EXPECT_NE(german.body.find("ganze Zahl"), std::string::npos);
        EXPECT_NE(german.body.find("Baumart"), std::string::npos);
        EXPECT_EQ(ask(project, path + "?x=1").status, 400);
    }
    EXPECT_NE(ask(project, "/collections/b%C3%A4ume/queryables?f=html&lang=de").body.find("Abfragbare Eigenschaften"), std::string::npos);
}

TEST(Filters, AFieldThatIsHiddenIsLikeNone)
{
    FakeProject project = town();
    project.edit().layers.front().fields[1].in_wfs = false;
    const auto hidden = ask(project, trees_items + "?" + with("filter", "height_m = 1")), none = ask(project, trees_items + "?" + with("filter", "height_x = 1"));
    EXPECT_EQ(hidden.status, 400);
    std::string body = none.body;
    body.replace(body.find("height_x"), 8, "height_m");
    EXPECT_EQ(hidden.body, body);
    EXPECT_EQ(ask(project, trees_items + "?sortby=height_m").status, 400);
    EXPECT_EQ(ask(project, "/collections/b%C3%A4ume/queryables").body.find("height_m"), std::string::npos);
    EXPECT_EQ(ask(project, "/collections/b%C3%A4ume/schema").body.find("height_m"), std::string::npos);
}

}  // namespace
}  // namespace stadtgdi::testing
