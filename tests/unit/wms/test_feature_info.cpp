// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <plugins/bridge/compat.hpp>
#include <qgsattributeeditorcontainer.h>
#include <qgsattributeeditorfield.h>
#include <qgseditformconfig.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgsrulebasedrenderer.h>
#include <qgsvectorlayer.h>

#include <fstream>
#include <tuple>

namespace stadtgdi::wms {
namespace {

using testing::HasSubstr;
using testing::Not;

class FeatureInfo : public WmsTest {
protected:
    /// Of the tree at column i, row j of the grid, or of a place in metres from the first tree.
    http::Response info(const Parameters& change, const std::vector<std::string>& without = {}) const
    {
        Parameters all{{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees"}, {"QUERY_LAYERS", "trees"}, {"INFO_FORMAT", "application/geo+json"}};
        all.insert(all.end(), change.begin(), change.end());
        return ask(map_request(all, without));
    }
    nlohmann::json features(const Parameters& change) const { return nlohmann::json::parse(info(change).body).at("features"); }

    // Two pixels a metre; the first tree (317000, 5690000) is at pixel (40, 160).
    static Parameters at(int east_m, int north_m, Parameters more = {})
    {
        more.push_back({"I", std::to_string(40 + 2 * east_m)});
        more.push_back({"J", std::to_string(160 - 2 * north_m)});
        return more;
    }
};

TEST_F(FeatureInfo, TellsOfTheNearestTreeByAliasAndLabel)
{
    const nlohmann::json found = features(at(10, 0));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0]["id"], "trees.2");
    EXPECT_EQ(found[0]["properties"]["Baumart"], "Quercus robur");
    EXPECT_EQ(found[0]["properties"]["height_m"], 5.25);
    EXPECT_EQ(found[0]["properties"]["code"], "krank");
    EXPECT_FALSE(found[0]["properties"].contains("planted"));  // hidden from WMS
    EXPECT_EQ(found[0]["geometry"]["type"], "Point");
    EXPECT_NEAR(found[0]["geometry"]["coordinates"][0].get<double>(), 12.375, 0.01);
    EXPECT_TRUE(features(at(0, 0))[0]["properties"]["height_m"].is_null());
}

TEST_F(FeatureInfo, TakesAsManyAsAskedForNearestFirst)
{
    EXPECT_EQ(features(at(5, 0, {{"FEATURE_COUNT", "10"}, {"FI_POINT_TOLERANCE", "12"}})).size(), 2U);
    EXPECT_EQ(features(at(6, 0, {{"FI_POINT_TOLERANCE", "30"}}))[0]["id"], "trees.2");
    EXPECT_EQ(features(at(5, 5)).size(), 0U);  // 7 m = 14 pixels away from all
    EXPECT_EQ(code(info(at(0, 0, {{"FEATURE_COUNT", "0"}}))), "InvalidParameterValue");
    EXPECT_EQ(code(info(at(0, 0, {{"FI_POINT_TOLERANCE", "1e9"}}))), "InvalidParameterValue");
}

TEST_F(FeatureInfo, KnowsInsideFromOutsideAndHoles)
{
    const Parameters parks{{"LAYERS", "parks"}, {"QUERY_LAYERS", "parks"}};
    EXPECT_EQ(features(at(5, 35, parks)).size(), 1U);
    EXPECT_EQ(features(at(15, 15, parks)).size(), 0U);
    EXPECT_EQ(features(at(60, 35, parks)).size(), 0U);  // above the triangle's slope
    EXPECT_EQ(features(at(80, 20, parks))[0]["properties"]["name"], "O'Brien-Park");
    EXPECT_EQ(features(at(80, 20, parks))[0]["geometry"]["type"], "Polygon");
}

TEST_F(FeatureInfo, GivesTheSameInEveryCrsAndVersion)
{
    // (317010, 5690000) is 51.3315 north, 12.3733 east; a window of 300 x 200 pixels around it.
    base::RunContext run;
    for (const auto& [version, crs, swapped] : {std::tuple{"1.3.0", "EPSG:4326", true}, {"1.1.1", "EPSG:4326", false}, {"1.3.0", "EPSG:3857", false},
                                                {"1.3.0", "EPSG:3035", true}}) {
        const auto snapshot = m_catalogue->project("sample")->snapshot("trees", run);
        const auto there = snapshot->geometry_in(std::string(crs), run);
        const double x = there->x()[1], y = there->y()[1], unit = std::string(crs) == "EPSG:4326" ? 5e-6 : 0.5;
        const auto corner = [&](double dx, double dy) {
            const std::string a = table::number_text(x + dx * unit), b = table::number_text(y + dy * unit);
            return swapped ? b + "," + a : a + "," + b;
        };
        const bool old = std::string(version) == "1.1.1";
        const http::Response response =
            info({{"VERSION", version}, {old ? "SRS" : "CRS", crs}, {"BBOX", corner(-100, -100) + "," + corner(200, 100)}, {old ? "X" : "I", "100"}, {old ? "Y" : "J", "100"}},
                 old ? std::vector<std::string>{"CRS"} : std::vector<std::string>{});
        ASSERT_EQ(response.status, 200) << response.body;
        const nlohmann::json found = nlohmann::json::parse(response.body).at("features");
        ASSERT_EQ(found.size(), 1U) << version << crs;
        EXPECT_EQ(found[0]["id"], "trees.2") << version << crs;
    }
}

TEST_F(FeatureInfo, EveryFormatHasItsTypeAndItsValues)
{
    for (const auto& [format, type] : {std::pair{"text/plain", "text/plain; charset=utf-8"}, {"text/html", "text/html; charset=utf-8"},
                                       {"text/xml", "text/xml; charset=utf-8"}, {"application/json", "application/json; charset=utf-8"},
                                       {"application/vnd.ogc.gml", "application/vnd.ogc.gml; charset=utf-8"},
                                       {"application/vnd.ogc.gml/3.1.1", "application/vnd.ogc.gml/3.1.1; charset=utf-8"}}) {
        const http::Response response = info(at(10, 0, {{"INFO_FORMAT", format}}));
        EXPECT_EQ(response.content_type, type);
        EXPECT_THAT(response.body, HasSubstr("Quercus robur")) << format;
        EXPECT_THAT(response.body, Not(HasSubstr("1951"))) << format;  // the hidden field
        if (std::string(format).find("xml") != std::string::npos || std::string(format).find("gml") != std::string::npos) {
            pugi::xml_document document;
            EXPECT_TRUE(document.load_string(response.body.c_str())) << format;
        }
    }
    EXPECT_EQ(code(info(at(10, 0, {{"INFO_FORMAT", "image/x"}}))), "InvalidFormat");
    EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", "application/vnd.ogc.gml/3.1.1"}})).body, HasSubstr("<gml:pos>317010 5690000</gml:pos>"));
    EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", "application/vnd.ogc.gml"}})).body, HasSubstr("<gml:coordinates>317010,5690000</gml:coordinates>"));
}

TEST_F(FeatureInfo, GeometriesCanBeLeftOut)
{
    const auto text = [&](const char* format, const Parameters& more) {
        Parameters all{{"INFO_FORMAT", format}};
        all.insert(all.end(), more.begin(), more.end());
        return info(at(10, 0, all)).body;
    };
    for (const char* format : {"application/json", "application/geo+json"}) {
        EXPECT_THAT(text(format, {{"WITH_GEOMETRY", "FALSE"}}), HasSubstr("\"geometry\":null"));
        for (const Parameters& more : {Parameters{}, Parameters{{"WITH_GEOMETRY", "TRUE"}}})
            EXPECT_THAT(text(format, more), HasSubstr("\"type\":\"Point\""));
    }
    for (const char* format : {"application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"}) {
        EXPECT_THAT(text(format, {{"WITH_GEOMETRY", "FALSE"}}), testing::AllOf(HasSubstr("Quercus robur"), Not(HasSubstr("geometry>"))));
        EXPECT_THAT(text(format, {}), HasSubstr("<gml:Point"));
    }
    for (const char* format : {"text/plain", "text/xml", "text/html"}) {
        EXPECT_THAT(text(format, {}), Not(HasSubstr("POINT")));
        EXPECT_THAT(text(format, {{"WITH_GEOMETRY", "TRUE"}}), HasSubstr("POINT"));
    }
}

TEST_F(FeatureInfo, MoreThanAreToldIsSaid)
{
    // Triggers of the spatial index need functions that plain SQLite lacks.
    test::execute_sql(m_gpkg, "DROP TRIGGER rtree_trees_geom_insert; INSERT INTO trees(geom, species, code) SELECT geom, species, code FROM trees, "
                              "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT i FROM n)");
    m_catalogue->look_once();
    const auto asked = [&](const char* count, const Parameters& more = {}) {
        Parameters all{{"FEATURE_COUNT", count}, {"FI_POINT_TOLERANCE", "100"}, {"LAYERS", "trees"}, {"FILTER", "trees:\"species\" IS NOT NULL"}};
        all.insert(all.end(), more.begin(), more.end());
        return info(all);
    };
    const auto told = [](const http::Response& response) { return nlohmann::json::parse(response.body).at("features").size(); };
    const http::Response cut = asked("1000000");
    EXPECT_EQ(told(cut), 1000U);
    EXPECT_THAT(cut.headers, testing::Contains(testing::Pair("Warning", "99 FEATURE_COUNT cut to 1000 features of a layer")));
    const http::Response tips = asked("1000", {{"WITH_MAPTIP", "TRUE"}});
    EXPECT_EQ(told(tips), 100U);
    EXPECT_THAT(tips.headers, testing::Contains(testing::Pair("Warning", "99 FEATURE_COUNT cut to 100 features of a layer with map tips")));
    for (const http::Response& all : {asked("1000"), info(at(0, 0, {{"FEATURE_COUNT", "1000000"}}))})
        EXPECT_THAT(all.headers, Not(testing::Contains(testing::Key("Warning"))));
}

/// species and height_m are both called Baumart, code is called height_m.
class SameAlias : public FeatureInfo {
protected:
    void write_project() override
    {
        test::qgis().call_on_main([this] {
            test::write_sample_data(m_gpkg);
            test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
                const QMap<QString, QgsMapLayer*> all = project.mapLayers();
                for (QgsMapLayer* layer : all)
                    if (layer->serverProperties()->shortName() == QLatin1String("trees")) {
                        auto& trees = dynamic_cast<QgsVectorLayer&>(*layer);
                        trees.setFieldAlias(trees.fields().indexOf(QStringLiteral("height_m")), QStringLiteral("Baumart"));
                        trees.setFieldAlias(trees.fields().indexOf(QStringLiteral("code")), QStringLiteral("height_m"));
                    }
            });
        });
    }
};

TEST_F(SameAlias, KeepsBothValuesOfAnObject)
{
    for (const char* format : {"application/json", "application/geo+json"}) {
        const nlohmann::json properties = nlohmann::json::parse(info(at(10, 0, {{"INFO_FORMAT", format}})).body)["features"][0]["properties"];
        EXPECT_EQ(properties["Baumart"], "Quercus robur");
        EXPECT_EQ(properties["height_m"], 5.25);
        EXPECT_EQ(properties["code"], "krank");
    }
    EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", "text/plain"}})).body, HasSubstr("Baumart = 'Quercus robur'\nBaumart = '5.25'\nheight_m = 'krank'\n"));
}

/// Of trees only Quercus (ids 2, 5, ...) have a symbol, from 1:10000 on those with a height; one species has a line break and a tab. Features
/// have boxes, and only the form's fields.
class HiddenByStyle : public FeatureInfo {
protected:
    void write_project() override
    {
        test::qgis().call_on_main([this] {
            test::write_sample_data(m_gpkg);
            test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
                auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByShortName(QStringLiteral("trees")).value(0));
                trees->dataProvider()->changeAttributeValues({{2, {{trees->fields().indexOf(QStringLiteral("species")), QStringLiteral("Quercus\nrobur\t& Co")}}}});
                auto* root = new QgsRuleBasedRenderer::Rule(nullptr);
                const auto add = [&](const QString& filter, int from_scale) {
                    root->appendChild(new QgsRuleBasedRenderer::Rule(bridge::compat::owned(QgsMarkerSymbol::createSimple({})), from_scale, 0, filter));
                };
                add(QStringLiteral("\"species\" LIKE 'Quercus%'"), 0);
                add(QStringLiteral("\"height_m\" > 0"), 10000);
                trees->setRenderer(new QgsRuleBasedRenderer(root));
                QgsEditFormConfig form = trees->editFormConfig();
                form.setLayout(Qgis::AttributeFormLayout::DragAndDrop);
                form.clearTabs();
                auto* tab = new QgsAttributeEditorContainer(QStringLiteral("Baum"), nullptr);
                tab->addChildElement(new QgsAttributeEditorField(QStringLiteral("species"), trees->fields().indexOf(QStringLiteral("species")), tab));
                form.addTab(tab);
                trees->setEditFormConfig(form);
                project.writeEntry(QStringLiteral("WMSAddWktGeometry"), QStringLiteral("/"), true);
                project.writeEntry(QStringLiteral("WMSFeatureInfoUseAttributeFormSettings"), QStringLiteral("/"), true);
            });
        });
    }

    std::vector<std::string> ids(const Parameters& change, const std::vector<std::string>& without = {}) const
    {
        std::vector<std::string> found;
        const nlohmann::json document = nlohmann::json::parse(info(change, without).body);
        for (const nlohmann::json& one : document.at("features"))
            found.push_back(one["id"]);
        return found;
    }
    const std::vector<std::string> m_no_map{"BBOX", "WIDTH", "HEIGHT", "LAYERS"};
};

TEST_F(HiddenByStyle, OnlyRowsWithASymbolAreTold)
{
    using testing::ElementsAre;
    EXPECT_THAT(ids(at(0, 0)), ElementsAre());
    EXPECT_THAT(ids(at(10, 0)), ElementsAre("trees.2"));
    // Nearer ones that are not drawn do not count.
    EXPECT_THAT(ids(at(20, 0, {{"FI_POINT_TOLERANCE", "100"}, {"FEATURE_COUNT", "2"}})), ElementsAre("trees.2", "trees.14"));
    // Two rows of ten are without a height; a pixel is 50 m.
    const Parameters far{{"BBOX", "309000,5685000,324000,5695000"}, {"I", "160"}, {"J", "100"}, {"FEATURE_COUNT", "1000"}};
    EXPECT_EQ(ids(far).size(), 20U + 34U);
}

TEST_F(HiddenByStyle, AFilterAloneTellsOthersToo)
{
    using testing::ElementsAre;
    const Parameters first{{"FILTER", "trees:\"fid\" < 4"}, {"FEATURE_COUNT", "10"}};
    EXPECT_THAT(ids(first, m_no_map), ElementsAre("trees.1", "trees.2", "trees.3"));
    EXPECT_THAT(ids(first), ElementsAre("trees.2")) << "on a map";
    Parameters area{{"FILTER_GEOM", "POLYGON((316990 5689990,317025 5689990,317025 5690005,316990 5690005,316990 5689990))"}, {"FEATURE_COUNT", "10"}};
    EXPECT_THAT(ids(area), ElementsAre("trees.2"));
    EXPECT_THAT(ids(area, m_no_map), ElementsAre("trees.2"));
    area.push_back({"BBOX", "309000,5685000,324000,5695000"});
    EXPECT_THAT(ids(area), ElementsAre("trees.2", "trees.3"));
    EXPECT_THAT(ids({{"FILTER", "trees:\"fid\" > 0"}, {"FEATURE_COUNT", "1000"}}).size(), 20U);
}

TEST_F(HiddenByStyle, XmlHasBoxesAndKeepsLineBreaks)
{
    const auto text = [&](const Parameters& more, const std::vector<std::string>& without = {}) {
        Parameters all{{"INFO_FORMAT", "text/xml"}};
        all.insert(all.end(), more.begin(), more.end());
        return info(at(10, 0, all), without).body;
    };
    const char* box = "<BoundingBox CRS=\"EPSG:25833\" minx=\"317010\" miny=\"5690000\" maxx=\"317010\" maxy=\"5690000\"/>\n";
    for (const char* geometry : {"FALSE", "TRUE"})
        EXPECT_THAT(text({{"WITH_GEOMETRY", geometry}}), HasSubstr(box));
    EXPECT_THAT(text({}), testing::AllOf(HasSubstr(box), Not(HasSubstr("POINT")), HasSubstr("value=\"Quercus&#10;robur&#9;&amp; Co\"")));
    EXPECT_THAT(text({{"VERSION", "1.1.1"}, {"SRS", "EPSG:25833"}, {"X", "60"}, {"Y", "160"}}, {"CRS"}), HasSubstr("<BoundingBox SRS=\"EPSG:25833\" minx=\"317010\""));
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(text({}).c_str()));
    EXPECT_STREQ(document.select_node("//Attribute[@name='Baumart']/@value").attribute().value(), "Quercus\nrobur\t& Co");
}

TEST_F(HiddenByStyle, OnlyFieldsOfTheFormAreTold)
{
    for (const char* format : {"text/plain", "text/html", "text/xml", "application/json", "application/vnd.ogc.gml"})
        EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", format}})).body, testing::AllOf(HasSubstr("robur"), Not(HasSubstr("height_m")), Not(HasSubstr("krank")))) << format;
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetProjectSettings"}}).bytes(), HasSubstr("name=\"height_m\""));
}

TEST_F(FeatureInfo, BoxesComeWithTheProjectsWordOrWithGeometries)
{
    EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", "text/xml"}})).body, Not(HasSubstr("BoundingBox")));
    EXPECT_THAT(info(at(10, 0, {{"INFO_FORMAT", "text/xml"}, {"WITH_GEOMETRY", "TRUE"}})).body, HasSubstr("<BoundingBox CRS="));
}

TEST_F(FeatureInfo, HtmlIsEscapedAndSaysWhenItIsEmpty)
{
    const std::string found = info(at(20, 0, {{"INFO_FORMAT", "text/html"}})).body;  // Acer <b>platanoides</b>
    EXPECT_THAT(found, HasSubstr("Acer &lt;b&gt;platanoides&lt;/b&gt;"));
    EXPECT_THAT(found, Not(HasSubstr("ogc-getfeatureinfo-isempty")));
    EXPECT_THAT(found, Not(HasSubstr("<script")));
    EXPECT_THAT(info(at(5, 5, {{"INFO_FORMAT", "text/html"}})).body, HasSubstr("<body class=\"ogc-getfeatureinfo-isempty\">"));
}

TEST_F(FeatureInfo, HtmlIsReadByPeople)
{
    const auto text = [&](int east_m, const Parameters& more = {}) {
        Parameters all{{"INFO_FORMAT", "text/html"}};
        all.insert(all.end(), more.begin(), more.end());
        return info(at(east_m, 0, all)).body;
    };
    const std::string one = text(10);
    EXPECT_THAT(one, testing::AllOf(HasSubstr("<th scope=\"row\">height_m</th><td>5,25</td>"), HasSubstr("<td>krank</td>"), Not(HasSubstr("<h3>"))));
    EXPECT_LT(one.find("Baumart"), one.find(">fid<")) << "what stores number it by stands at the end";
    EXPECT_THAT(text(0), Not(HasSubstr("height_m")));  // it has none
    const std::string two = text(5, {{"FEATURE_COUNT", "10"}, {"FI_POINT_TOLERANCE", "12"}});
    EXPECT_THAT(two, testing::AllOf(HasSubstr("<h3>"), HasSubstr("trees.1<"), HasSubstr("trees.2<")));
}

/// A raster of 3 x 2 cells of 10 m from (317000, 5690020) to the south-east: 1.5 to 6.5, the last without data.
class RasterInfo : public FeatureInfo {
protected:
    void write_project() override
    {
        test::copy_sample(m_gpkg, m_folder / "other.qgz");
        std::ofstream(m_folder / "dem.asc") << "ncols 3\nnrows 2\nxllcorner 317000\nyllcorner 5690000\ncellsize 10\nNODATA_value -9999\n1.5 2.5 3.7\n4.5 5.5 -9999\n";
        test::qgis().call_on_main([&] {
            test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& project) {
                auto* layer = new QgsRasterLayer(QString::fromStdString(m_folder / "dem.asc"), QStringLiteral("Höhe"), QStringLiteral("gdal"));
                ASSERT_TRUE(layer->isValid());
                layer->setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
                layer->serverProperties()->setShortName(QStringLiteral("dem"));
                layer->setScaleBasedVisibility(true);
                layer->setMinimumScale(5000);
                project.addMapLayer(layer);
            });
        });
    }
    const Parameters m_dem{{"LAYERS", "dem"}, {"QUERY_LAYERS", "dem"}};

    Parameters dem_at(int east_m, int north_m, Parameters more = {}) const
    {
        more.insert(more.begin(), m_dem.begin(), m_dem.end());
        return at(east_m, north_m, more);
    }
};

TEST_F(RasterInfo, TellsTheValuesOfTheBands)
{
    const nlohmann::json found = features(dem_at(25, 15));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0]["id"], "dem");
    EXPECT_EQ(found[0]["layer"], "dem");
    EXPECT_TRUE(found[0]["geometry"].is_null());
    EXPECT_EQ(found[0]["properties"], (nlohmann::json{{"Band 1", 3.7}}));
    EXPECT_EQ(features(dem_at(5, 5))[0]["properties"]["Band 1"], 4.5);
    EXPECT_EQ(features(dem_at(25, 5)).size(), 0U);   // no data
    EXPECT_EQ(features(dem_at(60, 60)).size(), 0U);  // outside
    EXPECT_EQ(features(dem_at(25, 15, {{"DPI", "250"}})).size(), 1U);
    EXPECT_EQ(features(dem_at(25, 15, {{"DPI", "260"}})).size(), 0U) << "half a metre a pixel is 1:5118 then, and the map does not show it";
    // In another CRS, too; and with the trees under it.
    const nlohmann::json both = features(dem_at(10, 10, {{"FEATURE_COUNT", "5"}, {"LAYERS", "dem,trees"}, {"QUERY_LAYERS", "dem,trees"}}));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[1]["id"], "trees.12");
}

TEST_F(RasterInfo, EveryFormatHasThem)
{
    const auto text = [&](const char* format, const char* version = "1.3.0") {
        return info(dem_at(15, 15, {{"INFO_FORMAT", format}, {"VERSION", version}, {"X", "70"}, {"Y", "130"}, {"SRS", "EPSG:25833"}})).bytes();
    };
    EXPECT_THAT(text("text/plain"), HasSubstr("Layer 'Höhe'\nBand 1 = '2.5'\n"));
    EXPECT_THAT(text("text/plain", "1.1.1"), HasSubstr("Band 1 = '2.5'"));
    EXPECT_THAT(text("text/html"), HasSubstr("<th scope=\"row\">Band 1</th><td>2,5</td>"));
    EXPECT_THAT(text("text/xml"), HasSubstr("<Layer name=\"dem\" title=\"Höhe\">\n   <Attribute name=\"Band 1\" value=\"2.5\"/>\n </Layer>"));
    EXPECT_THAT(text("application/vnd.ogc.gml"), HasSubstr("<stadtgdi:Band_1>2.5</stadtgdi:Band_1>"));
    EXPECT_THAT(text("application/vnd.ogc.gml/3.1.1"), HasSubstr("<stadtgdi:dem gml:id=\"dem\">"));
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), HasSubstr("<Layer queryable=\"1\">\n    <Name>dem</Name>"));
}

TEST_F(FeatureInfo, PointsOutsideOfThePictureAreRefused)
{
    for (const char* i : {"-1", "300", "abc", ""})
        EXPECT_EQ(code(info({{"I", i}, {"J", "10"}})), "InvalidPoint") << i;
    EXPECT_EQ(code(info({{"I", "10"}, {"J", "200"}})), "InvalidPoint");
    EXPECT_EQ(code(info({{"I", "10"}})), "InvalidPoint");
}

TEST_F(FeatureInfo, AsksOnlyLayersThatAreThereQueryableAndShown)
{
    EXPECT_EQ(code(info(at(0, 0, {{"QUERY_LAYERS", "nothing"}}))), "LayerNotDefined");
    EXPECT_EQ(code(info(at(0, 0), {"QUERY_LAYERS"})), "MissingParameterValue");
    EXPECT_EQ(features(at(50, 5, {{"LAYERS", "ways"}, {"QUERY_LAYERS", "ways"}})).size(), 1U);
    // Ways are not shown beyond 1:5000; here a pixel is 5 m, the scale about 1:17857.
    EXPECT_EQ(features({{"LAYERS", "ways"}, {"QUERY_LAYERS", "ways"}, {"BBOX", "316300,5689500,317800,5690500"}, {"I", "150"}, {"J", "99"}}).size(), 0U);
    // A group asks its layers in one go.
    EXPECT_EQ(features(at(0, 0, {{"LAYERS", "green"}, {"QUERY_LAYERS", "green"}})).size(), 2U);
}

}  // namespace
}  // namespace stadtgdi::wms
