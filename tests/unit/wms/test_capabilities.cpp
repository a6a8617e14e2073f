// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <pugixml.hpp>
#include <qgslayertree.h>
#include <qgsmaplayer.h>
#include <qgsproject.h>

#include <set>

namespace stadtgdi::wms {
namespace {

using testing::HasSubstr;

class Capabilities : public WmsTest {
protected:
    http::Response capabilities(const std::string& version, const Parameters& more = {}) const
    {
        Parameters all{{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}};
        if (!version.empty())
            all.push_back({"VERSION", version});
        all.insert(all.end(), more.begin(), more.end());
        return ask(all);
    }
    static pugi::xml_document parsed(const http::Response& response)
    {
        pugi::xml_document document;
        EXPECT_TRUE(document.load_string(response.bytes().c_str()));
        return document;
    }
    static pugi::xml_node layer(const pugi::xml_document& document, const char* name)
    {
        return document.select_node(("//Layer[Name='" + std::string(name) + "']").c_str()).node();
    }
};

TEST_F(Capabilities, VersionsAreNegotiated)
{
    for (const auto& [asked, given] : {std::pair{"", "1.3.0"}, {"1.3.0", "1.3.0"}, {"100.0.0", "1.3.0"}, {"1.1.1", "1.1.1"}, {"0.0.0", "1.1.1"}, {"1.2.0", "1.1.1"}})
        EXPECT_STREQ(parsed(capabilities(asked)).document_element().attribute("version").value(), given) << asked;
    EXPECT_EQ(capabilities("1.3.0").content_type, "text/xml; charset=utf-8");
    EXPECT_EQ(capabilities("1.1.1").content_type, "application/vnd.ogc.wms_xml; charset=utf-8");
}

TEST_F(Capabilities, TellServiceAndOperations)
{
    const pugi::xml_document document = parsed(capabilities("1.3.0"));
    const pugi::xml_node root = document.document_element();
    EXPECT_STREQ(root.child("Service").child_value("Name"), "WMS");
    EXPECT_STREQ(root.child("Service").child_value("Title"), "Karten der Beispielstadt");
    EXPECT_STREQ(root.child("Service").child_value("MaxWidth"), "4096");
    EXPECT_STREQ(root.select_node("Service//ContactOrganization").node().child_value(), "Vermessungsamt");
    EXPECT_STREQ(root.select_node("Capability/Request/GetMap//Get/OnlineResource").node().attribute("xlink:href").value(), "http://localhost/sample/ows?");
    EXPECT_EQ(root.select_nodes("Capability/Exception/Format").size(), 3U);
    EXPECT_EQ(root.select_nodes("Capability/Request/GetFeatureInfo/Format").size(), 7U);
}

TEST_F(Capabilities, TellLayersWithTextsBoxesAndStyles)
{
    const pugi::xml_document document = parsed(capabilities("1.3.0"));
    const pugi::xml_node trees = layer(document, "trees");
    ASSERT_TRUE(trees);
    EXPECT_STREQ(trees.child_value("Title"), "Bäume");
    EXPECT_STREQ(trees.child_value("Abstract"), "Alle <Bäume> & Sträucher");
    EXPECT_EQ(trees.child("KeywordList").select_nodes("Keyword").size(), 2U);
    EXPECT_STREQ(trees.attribute("queryable").value(), "1");
    EXPECT_STREQ(trees.child("Attribution").child_value("Title"), "Stadt Beispiel");
    EXPECT_STREQ(trees.parent().child_value("Name"), "green");
    EXPECT_NEAR(trees.child("EX_GeographicBoundingBox").child("westBoundLongitude").text().as_double(), 12.373, 0.005);
    const auto box = [&](const char* crs) { return trees.find_child_by_attribute("BoundingBox", "CRS", crs); };
    EXPECT_EQ(box("EPSG:25833").attribute("minx").as_double(), 317000);
    EXPECT_EQ(box("EPSG:25833").attribute("maxy").as_double(), 5690050);
    EXPECT_NEAR(box("EPSG:4326").attribute("minx").as_double(), 51.33, 0.01);  // latitude first
    EXPECT_NEAR(box("CRS:84").attribute("minx").as_double(), 12.373, 0.005);
    EXPECT_GT(box("EPSG:3035").attribute("minx").as_double(), box("EPSG:3035").attribute("miny").as_double() - 3e6);
    EXPECT_STREQ(layer(document, "ways").child_value("MaxScaleDenominator"), "5000");
    EXPECT_FALSE(layer(document, "lookup"));
    EXPECT_STREQ(layer(document, "green").child_value("Title"), "Stadtgrün");
    std::set<std::string> names;
    for (const pugi::xpath_node& node : document.select_nodes("//Layer/Name"))
        EXPECT_TRUE(names.insert(node.node().child_value()).second) << node.node().child_value();
}

TEST_F(Capabilities, AGroupIsQueryableByItsLayers)
{
    const auto queryable = [&] { return std::string(layer(parsed(capabilities("1.3.0")), "green").attribute("queryable").value()); };
    const auto write = [&](bool with_trees) {
        test::qgis().call_on_main([&] {
            test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& project) {
                for (const QString& name : {QStringLiteral("trees"), QStringLiteral("parks")})
                    if (QgsMapLayer* layer = project.mapLayersByName(name).constFirst(); name == QLatin1String("parks") || !with_trees)
                        layer->setFlags(layer->flags() & ~QgsMapLayer::LayerFlags(QgsMapLayer::Identifiable));
            });
        });
        m_catalogue->look_once();
    };
    const Parameters info = map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "green"}, {"QUERY_LAYERS", "green"}, {"I", "1"}, {"J", "1"}});
    write(true);
    EXPECT_EQ(queryable(), "1");
    EXPECT_EQ(code(ask(info)), "");
    write(false);
    EXPECT_NE(queryable(), "1");
    EXPECT_EQ(code(ask(info)), "LayerNotQueryable");
}

TEST_F(Capabilities, ALayersOwnPictureIsItsLegend)
{
    test::qgis().call_on_main([&] {
        test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
            const auto give = [&](const char* name, const char* url, const char* format) {
                QgsMapLayer* layer = project.mapLayersByName(QString::fromLatin1(name)).constFirst();
                layer->setLegendUrl(QString::fromLatin1(url));
                layer->setLegendUrlFormat(QString::fromLatin1(format));
            };
            give("parks", "https://stadt.example/parks.svg?a=1&b=2", "image/svg+xml");
            give("ways", "http://stadt.example/ways.png", "");
            give("trees", "file:///etc/passwd", "image/png");
            give("trees_tall", "javascript:alert(1)", "image/png");
        });
    });
    m_catalogue->look_once();
    const pugi::xml_document document = parsed(capabilities("1.3.0"));
    const auto legend = [&](const char* name) { return layer(document, name).child("Style").child("LegendURL"); };
    EXPECT_STREQ(legend("parks").child_value("Format"), "image/svg+xml");
    EXPECT_STREQ(legend("parks").child("OnlineResource").attribute("xlink:href").value(), "https://stadt.example/parks.svg?a=1&b=2");
    EXPECT_TRUE(legend("parks").attribute("width").empty());
    EXPECT_STREQ(legend("ways").child_value("Format"), "image/png");
    EXPECT_STREQ(legend("ways").child("OnlineResource").attribute("xlink:href").value(), "http://stadt.example/ways.png");
    for (const char* name : {"trees", "trees_tall"})
        EXPECT_THAT(legend(name).child("OnlineResource").attribute("xlink:href").value(), HasSubstr("REQUEST=GetLegendGraphic")) << name;
    // The old version demands the size of the picture.
    EXPECT_THAT(layer(parsed(capabilities("1.1.1")), "parks").child("Style").child("LegendURL").child("OnlineResource").attribute("xlink:href").value(), HasSubstr("REQUEST=GetLegendGraphic"));
}

TEST_F(Capabilities, LegendsHaveTheSizeThatIsTold)
{
    const pugi::xml_document document = parsed(capabilities("1.3.0"));
    const pugi::xml_node url = layer(document, "parks").child("Style").child("LegendURL");
    const QImage legend = picture(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "parks"}, {"STYLE", "default"}, {"FORMAT", "image/png"}}));
    EXPECT_EQ(legend.width(), url.attribute("width").as_int());
    EXPECT_EQ(legend.height(), url.attribute("height").as_int());
    EXPECT_THAT(url.child("OnlineResource").attribute("xlink:href").value(), HasSubstr("LAYER=parks"));
}

TEST_F(Capabilities, OldVersionHasItsOwnNames)
{
    const http::Response response = capabilities("1.1.1");
    EXPECT_THAT(response.bytes(), HasSubstr("capabilities_1_1_1.dtd"));
    const pugi::xml_document document = parsed(response);
    const pugi::xml_node trees = layer(document, "trees");
    EXPECT_TRUE(trees.child("LatLonBoundingBox"));
    EXPECT_NEAR(trees.find_child_by_attribute("BoundingBox", "SRS", "EPSG:4326").attribute("minx").as_double(), 12.373, 0.005);
    EXPECT_NEAR(layer(document, "ways").child("ScaleHint").attribute("max").as_double(), 1.98, 0.01);  // 5000 * 0.28 mm * sqrt 2
    EXPECT_GT(document.select_nodes("/WMT_MS_Capabilities/Capability/Layer/SRS").size(), 6U);
}

TEST_F(Capabilities, UpdateSequenceIsTheVersionOfTheData)
{
    const std::string current = parsed(capabilities("1.3.0")).document_element().attribute("updateSequence").value();
    EXPECT_EQ(current, m_catalogue->project("sample")->version());
    EXPECT_EQ(code(capabilities("1.3.0", {{"UPDATESEQUENCE", current}})), "CurrentUpdateSequence");
    EXPECT_EQ(code(capabilities("1.3.0", {{"UPDATESEQUENCE", "2999-01-01T00:00:00.000Z"}})), "InvalidUpdateSequence");
    EXPECT_EQ(code(capabilities("1.3.0", {{"UPDATESEQUENCE", "1999-01-01T00:00:00.000Z"}})), "");
    test::execute_sql(m_gpkg, "UPDATE lookup SET label='x'");
    m_catalogue->look_once();
    EXPECT_GT(std::string(parsed(capabilities("1.3.0")).document_element().attribute("updateSequence").value()), current);
}

}  // namespace
}  // namespace stadtgdi::wms
