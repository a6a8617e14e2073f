// SPDX-License-Identifier: GPL-2.0-or-later
#include "tile_town.hpp"
#include <services/tiles/wmts.hpp>
#include <tests/support/fake_city.hpp>
#include <pugixml.hpp>
#include <algorithm>

namespace stadtgdi::testing {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

class Wmts : public ::testing::Test {
protected:
    void SetUp() override { tiles::tile_cache().clear(); }
    TileTown town = tile_town();

    Answer ask_kvp(const Pairs& pairs)
    {
        FakeFace face(town, "/town/ows");
        return answer_of(tiles::handle_wmts(face.context(), ows::KeyValues(pairs)));
    }
    static Pairs tile(const Pairs& changes = {}, const std::string& without = {})
    {
        // The tile at (700000, 5690000), 1:1000.
        Pairs pairs{{"SERVICE", "WMTS"}, {"VERSION", "1.0.0"}, {"REQUEST", "GetTile"}, {"LAYER", "bäume"}, {"STYLE", "default"}, {"FORMAT", "image/png"}, {"TileMatrixSet", "gdi_de_25832"},
                    {"TileMatrix", "12"}, {"TileRow", "8527"}, {"TileCol", "10409"}};
        for (const auto& [name, value] : changes) {
            const auto found = std::ranges::find(pairs, name, &std::pair<std::string, std::string>::first);
            if (found != pairs.end())
                found->second = value;
            else
                pairs.emplace_back(name, value);
        }
        std::erase_if(pairs, [&](const auto& pair) { return pair.first == without; });
        return pairs;
    }
    static Pairs info(const Pairs& changes = {}, const std::string& without = {})
    {
        Pairs all{{"REQUEST", "GetFeatureInfo"}, {"I", "57"}, {"J", "13"}, {"InfoFormat", "application/json"}};
        for (const auto& change : changes) {
            std::erase_if(all, [&](const auto& pair) { return pair.first == change.first; });
            all.push_back(change);
        }
        return tile(all, without);
    }
    /// "InvalidParameterValue TileRow 400"
    std::string error(const Pairs& pairs)
    {
        const Answer answer = ask_kvp(pairs);
        pugi::xml_document document;
        document.load_string(answer.body.c_str());
        const pugi::xml_node exception = document.child("ows:ExceptionReport").child("ows:Exception");
        EXPECT_STREQ(document.child("ows:ExceptionReport").attribute("version").value(), "1.0.0");
        return std::string(exception.attribute("exceptionCode").value()) + " " + exception.attribute("locator").value() + " " + std::to_string(answer.status);
    }
    pugi::xml_document capabilities(const Pairs& more = {})
    {
        Pairs pairs{{"SERVICE", "WMTS"}, {"REQUEST", "GetCapabilities"}};
        pairs.insert(pairs.end(), more.begin(), more.end());
        pugi::xml_document document;
        EXPECT_TRUE(document.load_string(ask_kvp(pairs).body.c_str()));
        return document;
    }
    static std::vector<std::string> sections(const pugi::xml_document& document)
    {
        std::vector<std::string> names;
        for (const pugi::xml_node& node : document.child("Capabilities"))
            names.emplace_back(node.name());
        return names;
    }
};

TEST_F(Wmts, CapabilitiesOfACityComeInTheLanguageAskedFor)
{
    FakeProject city;
    add_trees_of_a_city(city);
    const auto asked = [&](const std::string& query, const Pairs& headers = {}) {
        FakeFace face(city, "/town/ows?" + query, headers);
        return answer_of(tiles::handle_wmts(face.context(), ows::KeyValues::of(face.request())));
    };
    const std::string query = "SERVICE=WMTS&REQUEST=GetCapabilities";
    const Answer english = asked(query + "&LANGUAGE=eng"), german = asked(query);
    for (const char* text : {">Geodata of the city of Halle<", ">Geodata of the city of Halle: Tree sites.<", "<ows:Title>Trees<", "<ows:Keyword>Tree sites<", "<ows:Title>Tree sites<", ">Tree sites with", ">Google Maps Compatible for the World<", "LANGUAGE=eng"})
        EXPECT_TRUE(english.has(text)) << text;
    for (const char* text : {">Geodaten der Stadt Halle<", "<ows:Title>Bäume<", ">Baumstandorte mit", "<ows:Title>Baumstandorte<", ">Weltweit, passend zu Google Maps<", "LANGUAGE=ger"}) {
        EXPECT_TRUE(german.has(text)) << text;
        EXPECT_FALSE(english.has(text)) << text;
    }
    EXPECT_EQ(asked(query, {{"accept-language", "en"}}).body, english.body);
    EXPECT_EQ(english.header("Vary"), "Accept-Language");
    EXPECT_TRUE(ask(city, "/wmts/1.0.0/WMTSCapabilities.xml?LANGUAGE=eng").has(">Geodata of the city of Halle<"));
}

TEST_F(Wmts, CapabilitiesHaveEveryLayerAndMatrix)
{
    const pugi::xml_document document = capabilities();
    EXPECT_EQ(sections(document), (std::vector<std::string>{"ows:ServiceIdentification", "ows:ServiceProvider", "ows:OperationsMetadata", "Contents", "Themes", "ServiceMetadataURL"}));
    const pugi::xml_node contents = document.child("Capabilities").child("Contents");
    std::vector<std::string> layers, sets;
    for (const pugi::xml_node& layer : contents.children("Layer"))
        layers.emplace_back(layer.child_value("ows:Identifier"));
    for (const pugi::xml_node& set : contents.children("TileMatrixSet"))
        sets.emplace_back(set.child_value("ows:Identifier"));
    EXPECT_EQ(layers, (std::vector<std::string>{"town", "parcels", "bäume"}));
    EXPECT_EQ(sets, (std::vector<std::string>{"WebMercatorQuad", "gdi_de_25832"}));
    const pugi::xml_node gdi = contents.find_child([](const pugi::xml_node& node) { return std::string_view(node.child_value("ows:Identifier")) == "gdi_de_25832"; });
    EXPECT_STREQ(gdi.child_value("ows:SupportedCRS"), "urn:ogc:def:crs:EPSG::25832");
    const pugi::xml_node first = gdi.child("TileMatrix");
    EXPECT_STREQ(first.child_value("ScaleDenominator"), "10000000");
    EXPECT_STREQ(first.child_value("TopLeftCorner"), "-46133.17 6301219.54");
    EXPECT_STREQ(first.child_value("TileWidth"), "256");
    EXPECT_STREQ(first.child_value("MatrixWidth"), "2");
    const pugi::xml_node parcels = contents.child("Layer").next_sibling("Layer");
    EXPECT_EQ(std::distance(parcels.children("Style").begin(), parcels.children("Style").end()), 2);
    EXPECT_STREQ(parcels.child("Style").attribute("isDefault").value(), "true");
    EXPECT_FALSE(parcels.child("InfoFormat")) << "it cannot be queried";
    EXPECT_TRUE(parcels.next_sibling("Layer").child("InfoFormat"));
    EXPECT_STREQ(document.child("Capabilities").child("ServiceMetadataURL").attribute("xlink:href").value(), "http://gdi.example/town/wmts/1.0.0/WMTSCapabilities.xml");
    EXPECT_EQ(ask_kvp({{"service", "WMTS"}, {"reQUEST", "GetCapabilities"}}).body, ask_kvp({{"SERVICE", "WMTS"}, {"REQUEST", "GetCapabilities"}}).body);
    EXPECT_EQ(ask(town, "/wmts/1.0.0/WMTSCapabilities.xml").body, ask_kvp({{"SERVICE", "WMTS"}, {"REQUEST", "GetCapabilities"}}).body);
}

TEST_F(Wmts, CapabilitiesAreGivenInSections)
{
    using Names = std::vector<std::string>;
    EXPECT_EQ(sections(capabilities({{"SECTIONS", "ServiceProvider"}})), Names{"ows:ServiceProvider"});
    EXPECT_EQ(sections(capabilities({{"SECTIONS", "Contents,Themes"}})), (Names{"Contents", "Themes"}));
    EXPECT_EQ(sections(capabilities({{"SECTIONS", "All"}})).size(), 6U);
    EXPECT_EQ(sections(capabilities({{"updateSequence", "7"}})), Names{}) << "nothing is new";
    EXPECT_EQ(sections(capabilities({{"updateSequence", "6"}})).size(), 6U);
    const Pairs request{{"SERVICE", "WMTS"}, {"REQUEST", "GetCapabilities"}};
    const auto with = [&](const std::string& name, const std::string& value) {
        Pairs pairs = request;
        pairs.emplace_back(name, value);
        return pairs;
    };
    EXPECT_EQ(error(with("SECTIONS", "Bogus")), "InvalidParameterValue sections 400");
    EXPECT_EQ(error(with("SECTIONS", "")), "MissingParameterValue sections 400");
    EXPECT_EQ(error(with("AcceptVersions", "2.0.0,3.0.0")), "VersionNegotiationFailed  400");
    EXPECT_EQ(ask_kvp(with("AcceptVersions", "2.0.0,1.0.0")).status, 200);
    EXPECT_EQ(error(with("updateSequence", "8")), "InvalidUpdateSequence updateSequence 400");
    EXPECT_EQ(ask_kvp(with("AcceptFormats", "text/xml")).type, "text/xml; charset=utf-8");
    EXPECT_EQ(ask_kvp(request).type, "application/xml; charset=utf-8");
}

TEST_F(Wmts, WhatIsWrongIsToldWithTheCodesOfTheStandard)
{
    EXPECT_EQ(error({{"SERVICE", "WMTS"}}), "MissingParameterValue request 400");
    EXPECT_EQ(error({{"SERVICE", "WMTS"}, {"REQUEST", "GetBOGUS"}}), "InvalidParameterValue request 400");
    EXPECT_EQ(ask_kvp(tile()).status, 200);
    for (const auto& [name, locator] : Pairs{{"VERSION", "version"}, {"LAYER", "layer"}, {"STYLE", "style"}, {"FORMAT", "format"}, {"TileMatrixSet", "TileMatrixSet"}, {"TileMatrix", "TileMatrix"},
                                             {"TileRow", "TileRow"}, {"TileCol", "TileCol"}})
        EXPECT_EQ(error(tile({}, name)), "MissingParameterValue " + locator + " 400");
    EXPECT_EQ(error(tile({{"VERSION", "1.1.0"}})), "InvalidParameterValue version 400");
    EXPECT_EQ(error(tile({{"LAYER", "nothing"}})), "InvalidParameterValue layer 400");
    EXPECT_EQ(error(tile({{"LAYER", "names"}})), "InvalidParameterValue layer 400") << "a table has no picture";
    EXPECT_EQ(error(tile({{"STYLE", "nothing"}})), "InvalidParameterValue Style 400");
    EXPECT_EQ(error(tile({{"FORMAT", "image/tiff"}})), "InvalidParameterValue format 400");
    EXPECT_EQ(error(tile({{"FORMAT", "png"}})), "InvalidParameterValue format 400");
    EXPECT_EQ(error(tile({{"TileMatrixSet", "nothing"}})), "InvalidParameterValue TileMatrixSet 400");
    EXPECT_EQ(error(tile({{"TileMatrix", "16"}})), "InvalidParameterValue TileMatrix 400");
    EXPECT_EQ(error(tile({{"TileRow", "x"}})), "InvalidParameterValue TileRow 400");
    EXPECT_EQ(error(tile({{"TileRow", "8525"}})), "TileOutOfRange TileRow 400");
    EXPECT_EQ(error(tile({{"TileRow", "8528"}})), "TileOutOfRange TileRow 400");
    EXPECT_EQ(error(tile({{"TileCol", "10408"}})), "TileOutOfRange TileCol 400");
    EXPECT_EQ(error(tile({{"TileCol", "-1"}})), "TileOutOfRange TileCol 400");
}

TEST_F(Wmts, TilesAreDrawnInTheStyleAskedFor)
{
    for (const auto& [style, drawn] : Pairs{{"", ""}, {"default", ""}, {"grey", "grey"}}) {
        ASSERT_EQ(ask_kvp(tile({{"LAYER", "parcels"}, {"STYLE", style}})).status, 200);
        EXPECT_EQ(town.ground.asked.back().layers.at(0).style, drawn);
    }
    EXPECT_EQ(town.ground.asked.size(), 2U) << "the default one has three names";
    EXPECT_EQ(ask_kvp(tile({{"LAYER", "town"}})).status, 200);
    ASSERT_EQ(town.ground.asked.back().layers.size(), 2U);
    EXPECT_EQ(town.ground.asked.back().layers[0].name, "bäume") << "the bottom first";
    EXPECT_EQ(ask_kvp(tile({{"FORMAT", "image/jpeg"}})).type, "image/jpeg");
    EXPECT_FALSE(town.ground.asked.back().transparent);
}

TEST_F(Wmts, AddressesLeadToTheSameTiles)
{
    const std::string place = "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409";
    const Answer png = ask(town, place + ".png");
    EXPECT_EQ(png.status, 200);
    EXPECT_EQ(png.type, "image/png");
    EXPECT_EQ(png.body, ask_kvp(tile()).body);
    EXPECT_EQ(png.header("Cache-Control"), "public, max-age=60");
    EXPECT_EQ(ask(town, place + ".jpg").type, "image/jpeg");
    EXPECT_EQ(ask(town, place + ".webp").type, "image/webp");
    for (const char* wrong : {"/wmts", "/wmts/1.0.0", "/wmts/2.0.0/WMTSCapabilities.xml", "/wmts/1.0.0/WMTSCapabilities.xml/Bogus", "/wmts/1.0.0/nothing/default/gdi_de_25832/12/8527/10409.png",
                              "/wmts/1.0.0/b%C3%A4ume/nothing/gdi_de_25832/12/8527/10409.png", "/wmts/1.0.0/b%C3%A4ume/default/nothing/12/8527/10409.png",
                              "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/99/8527/10409.png", "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/1/10409.png",
                              "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409.tif", "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409"})
        EXPECT_EQ(ask(town, wrong).status, 404) << wrong;
    EXPECT_EQ(ask(town, "/wmts/1.0.0/WMTSCapabilities.xml", {{"accept", "example/unknown"}}).status, 406);
    EXPECT_EQ(ask(town, "/wmts/1.0.0/WMTSCapabilities.xml", {{"accept", "text/html,*/*;q=0.1"}}).status, 200);
}

TEST_F(Wmts, FeatureInfoIsOfThePixel)
{
    // The first tree: 16.05 m from the left of 0.28 m, pixel 57; the tile's top is 6301219.54 - 8527 * 71.68 = 5690004.18, so pixel 14.
    const Answer answer = ask_kvp(info());
    EXPECT_EQ(answer.status, 200);
    ASSERT_EQ(answer.json()["features"].size(), 1U);
    EXPECT_EQ(answer.json()["features"][0]["id"], "bäume.1");
    EXPECT_EQ(ask_kvp(info({{"I", "200"}, {"J", "200"}})).json()["features"].size(), 0U);
    EXPECT_EQ(ask(town, "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409/13/57.json").body, answer.body);
    EXPECT_EQ(ask(town, "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409/13/57.html").type.substr(0, 9), "text/html");
    EXPECT_EQ(error(info({{"I", "256"}})), "PointIJOutOfRange I 400");
    EXPECT_EQ(error(info({{"J", "-1"}})), "PointIJOutOfRange J 400");
    EXPECT_EQ(error(info({{"J", "x"}})), "InvalidParameterValue J 400");
    EXPECT_EQ(error(info({{"InfoFormat", "image/png"}})), "InvalidParameterValue InfoFormat 400");
    EXPECT_EQ(error(info({}, "InfoFormat")), "MissingParameterValue InfoFormat 400");
    EXPECT_EQ(error(info({}, "I")), "MissingParameterValue I 400");
    EXPECT_EQ(error(info({{"LAYER", "parcels"}})), "OperationNotSupported GetFeatureInfo 501");
    EXPECT_EQ(ask(town, "/wmts/1.0.0/b%C3%A4ume/default/gdi_de_25832/12/8527/10409/300/57.json").status, 404);
}

}  // namespace
}  // namespace stadtgdi::testing
