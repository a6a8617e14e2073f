// SPDX-License-Identifier: GPL-2.0-or-later
#include "tile_town.hpp"
#include <tests/support/fake_city.hpp>
#include <layers/crs/transform.hpp>
#include <services/features/features.hpp>
#include <services/tiles/tile_matrix_set.hpp>

namespace stadtgdi::testing {
namespace {

class TileResources : public ::testing::Test {
protected:
    void SetUp() override { tiles::tile_cache().clear(); }
    TileTown town = tile_town();
    Answer get(const std::string& below, std::vector<std::pair<std::string, std::string>> headers = {}) { return ask(town, "/ogcapi" + below, std::move(headers)); }

    /// The address of the tile of gdi_de_25832 at 1:1000 (71.68 m) in which a place lies.
    static std::string tile_at(double x, double y)
    {
        const auto limits = tiles::limits_of(*tiles::find_tile_matrix_set("gdi_de_25832"), 12, {x, y, x, y});
        return "/gdi_de_25832/12/" + std::to_string(limits->first_row) + "/" + std::to_string(limits->first_column);
    }
};

const std::string trees = "/collections/b%C3%A4ume";

TEST_F(TileResources, TileMatrixSetsAreDescribed)
{
    const Json list = get("/tileMatrixSets").json();
    EXPECT_EQ(list["tileMatrixSets"].size(), 2U);
    EXPECT_EQ(list["tileMatrixSets"][1]["id"], "gdi_de_25832");
    const Json set = get("/tileMatrixSets/gdi_de_25832").json();
    EXPECT_EQ(set["crs"], "http://www.opengis.net/def/crs/EPSG/0/25832");
    EXPECT_EQ(set["tileMatrices"].size(), 16U);
    EXPECT_EQ(set["tileMatrices"][15]["scaleDenominator"], 100);
    EXPECT_EQ(set["tileMatrices"][15]["cellSize"], 0.028);
    EXPECT_EQ(set["tileMatrices"][15]["pointOfOrigin"], (Json{-46133.17, 6301219.54}));
    EXPECT_EQ(set["tileMatrices"][15]["matrixWidth"], 200000);
    EXPECT_EQ(get("/tileMatrixSets/WebMercatorQuad").json()["wellKnownScaleSet"], "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible");
    EXPECT_EQ(get("/tileMatrixSets/other").status, 404);
    EXPECT_EQ(get("/tileMatrixSets/gdi_de_25832/12").status, 404);
    EXPECT_EQ(get("/tileMatrixSets?x=1").status, 400);
    EXPECT_EQ(get("/tileMatrixSets?f=png").status, 400);
}

TEST_F(TileResources, TileMatrixSetsAreReadableInBothLanguages)
{
    const Answer english = get("/tileMatrixSets?f=html&lang=en"), german = get("/tileMatrixSets?f=html&lang=de");
    EXPECT_TRUE(english.has("Google Maps Compatible for the World"));
    EXPECT_TRUE(german.has("Weltweit, passend zu Google Maps"));
    EXPECT_FALSE(german.has("for the World"));
    EXPECT_TRUE(get("/tileMatrixSets/gdi_de_25832?f=html&lang=de").has(">10.000.000<"));
    EXPECT_TRUE(get("/tileMatrixSets/gdi_de_25832?f=html&lang=en").has(">10,000,000<"));
    EXPECT_TRUE(get("/tileMatrixSets/gdi_de_25832?f=html&lang=de").has(">0,028<"));
    EXPECT_TRUE(get("/tileMatrixSets/WebMercatorQuad?f=html&lang=en").has(">559,082,264<"));
    EXPECT_EQ(get("/tileMatrixSets/WebMercatorQuad?lang=de").json()["title"], "Weltweit, passend zu Google Maps");
    EXPECT_EQ(get("/tileMatrixSets/WebMercatorQuad").header("Vary"), "Accept, Accept-Language");
    for (const std::string& below : {std::string("/tileMatrixSets"), std::string("/tileMatrixSets/WebMercatorQuad"), trees + "/tiles", trees + "/tiles/WebMercatorQuad", trees + "/tiles/WebMercatorQuad/0/0/0"})
        EXPECT_EQ(get(below + "?lang=fr").status, 400) << below;
}

TEST_F(TileResources, OfACityAreToldInTheLanguageAskedFor)
{
    FakeProject city;
    add_trees_of_a_city(city);
    const std::string tiles = "/ogcapi/collections/trees_tree/tiles";
    EXPECT_TRUE(ask(city, tiles + "?f=html&lang=en").has("<h1>Trees: vector tiles</h1>"));
    EXPECT_TRUE(ask(city, tiles + "?f=html&lang=de").has("<h1>Bäume: Vektorkacheln</h1>"));
    const Json set = ask(city, tiles + "/WebMercatorQuad?lang=en").json();
    EXPECT_EQ(set["layers"][0]["title"], "Trees");
    EXPECT_EQ(set["layers"][0]["propertiesSchema"]["properties"]["status"]["title"], "State of the site");
    const Answer tilejson = ask(city, "/ogcapi/tiles/WebMercatorQuad?f=tilejson", {{"accept-language", "en"}});
    EXPECT_EQ(tilejson.json()["name"], "Geodata of the city of Halle");
    EXPECT_EQ(tilejson.header("Vary"), "Accept-Language");
}

TEST_F(TileResources, SetsOfTilesTellWhereTheirTilesAre)
{
    for (const std::string& path : {std::string("/tiles"), std::string("/map/tiles"), trees + "/tiles", trees + "/map/tiles"}) {
        const bool map = path.find("map") != std::string::npos;
        const Json list = get(path).json();
        ASSERT_EQ(list["tilesets"].size(), 2U) << path;
        EXPECT_EQ(list["tilesets"][0]["dataType"], map ? "map" : "vector");
        const Json set = get(path + "/gdi_de_25832").json();
        EXPECT_EQ(set["crs"], "http://www.opengis.net/def/crs/EPSG/0/25832");
        EXPECT_EQ(set["tileMatrixSetLimits"].size(), 16U);
        std::string url;
        for (const Json& link : set["links"])
            if (link["rel"] == "item") {
                EXPECT_EQ(link["templated"], true);
                if (url.empty())
                    url = link["href"];
            }
        EXPECT_EQ(url, "http://gdi.example/town/ogcapi" + path + "/gdi_de_25832/{tileMatrix}/{tileRow}/{tileCol}?f=" + (map ? "png" : "mvt"));
    }
    EXPECT_EQ(get("/tiles/gdi_de_25832").json()["layers"].size(), 2U) << "the table has no place";
    EXPECT_FALSE(get(trees + "/tiles/gdi_de_25832").json()["layers"][0]["propertiesSchema"]["properties"].contains("secret"));
    EXPECT_EQ(get("/collections/names/tiles").status, 404);
    EXPECT_EQ(get("/collections/names/map/tiles").status, 404);
    EXPECT_EQ(get("/collections/nothing/tiles").status, 404);
    EXPECT_EQ(get("/tiles/other").status, 404);
    EXPECT_EQ(get("/map").status, 404);
    EXPECT_EQ(get("/tiles/gdi_de_25832/12").status, 404);
}

TEST_F(TileResources, TilesOfSomeCollectionsHaveOnlyThese)
{
    const std::string only = "collections=b%C3%A4ume", place = tile_at(700000, 5690000);
    EXPECT_EQ(decoded(get("/tiles" + place).body).size(), 2U);
    const auto alone = decoded(get("/tiles" + place + "?" + only).body);
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone[0].name, "bäume");
    EXPECT_EQ(get("/tiles" + place + "?" + only).body, get(trees + "/tiles" + place).body);
    EXPECT_EQ(decoded(get("/tiles" + place + "?" + only + ",parcels").body).size(), 2U);
    for (const char* path : {"/tiles", "/map/tiles"}) {
        const Json set = get(std::string(path) + "/gdi_de_25832?" + only).json();
        EXPECT_EQ(set["layers"].size(), 1U);
        for (const Json& link : set["links"])
            if (link["rel"] == "item" || link["rel"] == "self") {
                EXPECT_TRUE(link["href"].get<std::string>().ends_with("&" + only)) << link;
            }
        EXPECT_NE(get(std::string(path) + "?f=html&" + only).body.find("/gdi_de_25832?" + only), std::string::npos);
    }
    EXPECT_NE(get("/tiles/WebMercatorQuad?f=tilejson&" + only).json()["tiles"][0].get<std::string>().find(only), std::string::npos);
    EXPECT_EQ(get("/map/tiles" + place + "?" + only).status, 200);
    ASSERT_EQ(town.ground.asked.back().layers.size(), 1U);
    EXPECT_EQ(town.ground.asked.back().layers[0].name, "bäume");
    EXPECT_EQ(get("/tiles" + place + "?collections=nothing").status, 400);
    EXPECT_EQ(get("/tiles" + place + "?collections=").status, 400);
    EXPECT_EQ(get("/tiles" + place + "?collections=names").status, 404) << "a table";
    EXPECT_EQ(get(trees + "/tiles" + place + "?" + only).status, 400);
    EXPECT_EQ(get(trees + "/tiles?" + only).status, 400);
}

TEST_F(TileResources, LimitsAreAroundTheExtent)
{
    const Json set = get(trees + "/tiles/gdi_de_25832").json();
    // x 700000 to 700190, 32 pixels more: (746133.17 - 8.96) / 71.68 = 10409.0 and (746323.17 + 8.96) / 71.68 = 10411.9.
    const Json& limits = set["tileMatrixSetLimits"][12];
    EXPECT_EQ(limits["tileMatrix"], "12");
    EXPECT_EQ(limits["minTileCol"], 10409);
    EXPECT_EQ(limits["maxTileCol"], 10411);
    // y 5690000: (611219.54 -+ 8.96) / 71.68 = 8526.9 and 8527.2.
    EXPECT_EQ(limits["minTileRow"], 8526);
    EXPECT_EQ(limits["maxTileRow"], 8527);
}

TEST_F(TileResources, TileJsonIsForWebMercator)
{
    const Json json = get("/tiles/WebMercatorQuad?f=tilejson").json();
    EXPECT_EQ(json["tilejson"], "3.0.0");
    EXPECT_EQ(json["tiles"], (Json{"http://gdi.example/town/ogcapi/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"}));
    EXPECT_EQ(json["vector_layers"].size(), 2U);
    EXPECT_EQ(json["vector_layers"][0]["fields"], (Json{{"name", "String"}}));
    EXPECT_NEAR(json["bounds"][0].get<double>(), 11.8707, 0.0001);
    EXPECT_EQ(get("/tiles/gdi_de_25832?f=tilejson").status, 400);
}

TEST_F(TileResources, VectorTilesHoldWhatMayBeSeen)
{
    const Answer answer = get(trees + "/tiles" + tile_at(700000, 5690000));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "application/vnd.mapbox-vector-tile");
    const auto layers = decoded(answer.body);
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].name, "bäume");
    EXPECT_EQ(layers[0].keys, std::vector<std::string>{"name"});
    EXPECT_FALSE(answer.has("secret"));
    EXPECT_EQ(layers[0].features[0].id, 1U);
    EXPECT_EQ(layers[0].features[0].tags.at("name"), "text:Linde");
    // The corner of the tile: -46133.17 + 10409 * 71.68 = 699983.95, so 16.05 m in, of 0.0175 m.
    EXPECT_NEAR(layers[0].features[0].parts[0][0].x, 16.05 / 0.0175, 1);
    EXPECT_EQ(decoded(get("/tiles" + tile_at(700000, 5690000)).body).size(), 2U);
}

TEST_F(TileResources, TilesOfOtherCrsLieWhereTheyBelong)
{
    base::RunContext run(1);
    std::vector<double> x{700000}, y{5690000};
    crs::transform("EPSG:25832", "EPSG:3857", x, y, run);
    const tiles::TileMatrixSet& set = *tiles::find_tile_matrix_set("WebMercatorQuad");
    const auto limits = tiles::limits_of(set, 16, {x[0], y[0], x[0], y[0]});
    const auto layers = decoded(get(trees + "/tiles/WebMercatorQuad/16/" + std::to_string(limits->first_row) + "/" + std::to_string(limits->first_column)).body);
    const table::Box box = tiles::box_of(set, {16, limits->first_row, limits->first_column});
    const double unit = (box.xmax - box.xmin) / 4096;
    EXPECT_NEAR(layers.at(0).features.at(0).parts[0][0].x, (x[0] - box.xmin) / unit, 0.51);
    EXPECT_NEAR(layers.at(0).features.at(0).parts[0][0].y, (box.ymax - y[0]) / unit, 0.51);
}

TEST_F(TileResources, RowsAtTheSourceAreAskedForByTheirBox)
{
    const std::string held = get(trees + "/tiles" + tile_at(700000, 5690000)).body;
    tiles::tile_cache().clear();
    town.serve_from_source("bäume");
    EXPECT_EQ(get(trees + "/tiles" + tile_at(700000, 5690000)).body, held);
}

TEST_F(TileResources, EmptyTilesAndThoseThatDoNotExist)
{
    const Answer empty = get(trees + "/tiles/gdi_de_25832/12/0/0");
    EXPECT_EQ(empty.status, 204);
    EXPECT_EQ(get("/map/tiles/gdi_de_25832/12/0/0").status, 200) << "a transparent picture";
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/12/20000/0").status, 404);
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/12/0/20000").status, 404);
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/12/-1/0").status, 404);
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/16/0/0").status, 404);
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/12/a/0").status, 400);
    EXPECT_EQ(get(trees + "/tiles/gdi_de_25832/12/99999999999999999999/0").status, 400);
    const Answer unknown = get(trees + "/tiles/gdi_de_25832/12/0/0?limit=3");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.type, "application/problem+json");
    EXPECT_TRUE(unknown.has("limit"));
}

TEST_F(TileResources, FormatsAreAskedForByNameOrAccept)
{
    const std::string path = "/map/tiles" + tile_at(700000, 5690000);
    EXPECT_EQ(get(path).type, "image/png");
    EXPECT_EQ(get(path + "?f=jpeg").type, "image/jpeg");
    EXPECT_EQ(get(path + "?f=webp").type, "image/webp");
    EXPECT_EQ(get(path, {{"accept", "image/webp,image/png;q=0.5"}}).type, "image/webp");
    EXPECT_EQ(get(path, {{"accept", "image/webp"}}).header("Vary"), "Accept");
    EXPECT_EQ(get(path, {{"accept", "image/avif,image/*;q=0.8,*/*;q=0.5"}}).type, "image/png");
    EXPECT_EQ(get(path, {{"accept", "text/turtle"}}).status, 406);
    EXPECT_EQ(get(path + "?f=mvt").status, 400);
    EXPECT_EQ(get("/tiles" + tile_at(700000, 5690000) + "?f=png").status, 400);
    EXPECT_EQ(get(path + "?f=png").header("Vary"), "");
}

TEST_F(TileResources, PicturesShowTheirOwnGround)
{
    // 28 m a pixel: level 6. Every pixel of the tile tells its place.
    const std::string path = "/map/tiles/gdi_de_25832/6/80/100";
    for (const bool labels : {false, true}) {
        tiles::tile_cache().clear();
        town.ground.labels = labels;
        town.ground.asked.clear();
        ASSERT_EQ(get(path).status, 200);
        const render::MapSpec& spec = town.ground.asked.at(0);
        const int count = labels ? 4 : 1, margin = 64;
        EXPECT_EQ(spec.width, 256 * count + 2 * margin);
        EXPECT_EQ(spec.height, spec.width);
        EXPECT_EQ(spec.crs, "EPSG:25832");
        const double left = -46133.17 + 28 * 256 * 100, top = 6301219.54 - 28 * 256 * 80;  // both are multiples of 4
        EXPECT_NEAR(spec.labels_within.xmin, left, 1e-6);
        EXPECT_NEAR(spec.labels_within.ymax, top, 1e-6);
        EXPECT_NEAR(spec.labels_within.xmax, left + 28 * 256 * count, 1e-6);
        EXPECT_NEAR(spec.box.xmin, left - 28 * margin, 1e-6);
        EXPECT_NEAR(spec.box.ymin, top - 28 * (256 * count + margin), 1e-6);
        EXPECT_EQ(spec.layers.size(), 2U);
        EXPECT_TRUE(spec.transparent);
    }
}

TEST_F(TileResources, TilesOfABlockAreThoseThatAreDrawnAlone)
{
    std::map<std::string, std::string> alone, in_block;
    for (const bool labels : {false, true}) {
        tiles::tile_cache().clear();
        town.ground.labels = labels;
        town.ground.asked.clear();
        for (int row = 80; row < 84; ++row)
            for (int column = 100; column < 104; ++column) {
                const std::string path = "/map/tiles/gdi_de_25832/6/" + std::to_string(row) + "/" + std::to_string(column);
                (labels ? in_block : alone)[path] = get(path).body;
            }
        EXPECT_EQ(town.ground.asked.size(), labels ? 1U : 16U);
    }
    EXPECT_EQ(alone, in_block);
    EXPECT_NE(alone.begin()->second, alone.rbegin()->second);
    // At the edge of the matrix a block has fewer tiles.
    town.ground.labels = true;
    EXPECT_EQ(get("/map/tiles/gdi_de_25832/0/1/1").status, 200);
}

TEST_F(TileResources, ClientsNeedNotFetchWhatTheyHave)
{
    town.edit().version = "2024-06-07T10:00:00.250Z";
    const std::string path = trees + "/tiles" + tile_at(700000, 5690000);
    const Answer answer = get(path);
    EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=60");
    EXPECT_EQ(answer.header("Last-Modified"), "Fri, 07 Jun 2024 10:00:01 GMT");
    EXPECT_FALSE(answer.etag.empty());
    EXPECT_EQ(get(path, {{"if-modified-since", "Fri, 07 Jun 2024 10:00:01 GMT"}}).status, 304);
    EXPECT_EQ(get(path, {{"if-modified-since", "Sat, 08 Jun 2024 08:00:00 GMT"}}).status, 304) << "nothing newer since";
    EXPECT_EQ(get(path, {{"if-modified-since", "Fri, 07 Jun 2024 10:00:00 GMT"}}).status, 200);
    EXPECT_EQ(get(path, {{"if-modified-since", "2030-06-07T10:00:01Z"}}).status, 200) << "no date of HTTP";
    EXPECT_EQ(get(path, {{"if-modified-since", "Fri, 07 Jun 2024 10:00:01 GMT"}, {"if-none-match", "\"other\""}}).status, 200) << "the tag decides";
    EXPECT_EQ(get(path, {{"if-modified-since", "Fri, 07 Jun 2024 10:00:01 GMT"}}).header("Cache-Control"), "public, max-age=60");
    EXPECT_EQ(tiles::tile_cache().counts().made, 1U);
}

TEST_F(TileResources, WhatNobodyWatchesIsNotKept)
{
    town.is_watched = false;
    const std::string path = "/map/tiles" + tile_at(700000, 5690000);
    EXPECT_EQ(get(path).header("Cache-Control"), "no-cache");
    EXPECT_EQ(get(path).header("Last-Modified"), "");
    EXPECT_EQ(town.ground.asked.size(), 2U);
    EXPECT_EQ(tiles::tile_cache().counts().tiles, 0U);
}

TEST_F(TileResources, PagesAreInBothLanguages)
{
    for (const std::string& path : {std::string("/tileMatrixSets"), std::string("/tileMatrixSets/gdi_de_25832"), std::string("/tiles"), std::string("/map/tiles"), std::string("/tiles/WebMercatorQuad"), trees + "/map/tiles/gdi_de_25832"}) {
        const Answer english = get(path + "?f=html&lang=en"), german = get(path + "?f=html&lang=de");
        EXPECT_EQ(english.status, 200) << path;
        EXPECT_EQ(english.type, "text/html; charset=utf-8") << path;
        EXPECT_TRUE(english.has("<html lang=\"en\">")) << path;
        EXPECT_TRUE(german.has("<html lang=\"de\">")) << path;
        EXPECT_FALSE(english.has("<script")) << path;
    }
    EXPECT_TRUE(get("/tiles?f=html&lang=de").has("Vektorkacheln"));
    EXPECT_TRUE(get("/nothing/tiles", {{"accept", "text/html"}}).has("<html"));
}

TEST_F(TileResources, TheApiLeadsThere)
{
    const auto features = [&](const std::string& below) {
        FakeFace face(town, "/town/ogcapi" + below);
        return answer_of(features::handle(face.context())).json();
    };
    const auto links = [](const Json& document) {
        std::map<std::string, std::string> found;
        for (const Json& link : document["links"])
            found[link["rel"].get<std::string>()] = link["href"].get<std::string>();
        return found;
    };
    const std::string rel = "http://www.opengis.net/def/rel/ogc/1.0/";
    const auto landing = links(features(""));
    for (const auto& [name, path] : std::map<std::string, std::string>{{"tilesets-vector", "/tiles"}, {"tilesets-map", "/map/tiles"}, {"tiling-schemes", "/tileMatrixSets"}}) {
        ASSERT_EQ(landing.count(rel + name), 1U) << name;
        EXPECT_EQ(landing.at(rel + name), "http://gdi.example/town/ogcapi" + path + "?f=json");
        EXPECT_EQ(get(path).status, 200);
    }
    EXPECT_EQ(links(features(trees)).count(rel + "tilesets-vector"), 1U);
    EXPECT_EQ(links(features(trees)).count(rel + "tilesets-map"), 1U);
    EXPECT_EQ(links(features("/collections/names")).count(rel + "tilesets-vector"), 0U);
    const Json api = features("/api");
    for (const char* path : {"/tileMatrixSets", "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "/collections/parcels/map/tiles"})
        EXPECT_TRUE(api["paths"].contains(path)) << path;
    EXPECT_FALSE(api["paths"].contains("/collections/names/tiles"));
    EXPECT_NE(features("/conformance")["conformsTo"].dump().find("ogcapi-tiles-1/1.0/conf/core"), std::string::npos);
}

}  // namespace
}  // namespace stadtgdi::testing
