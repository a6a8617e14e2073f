// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <qgsmaplayerserverproperties.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectorlayer.h>

#include <set>

namespace stadtgdi::wms {
namespace {

using Dimension = QgsServerWmsDimensionProperties::WmsDimensionInfo;
using testing::ElementsAre;
using testing::HasSubstr;

QgsVectorLayer& layer_named(QgsProject& project, const char* name)
{
    const QMap<QString, QgsMapLayer*> all = project.mapLayers();
    for (QgsMapLayer* layer : all)
        if (layer->serverProperties()->shortName() == QLatin1String(name))
            return *qobject_cast<QgsVectorLayer*>(layer);
    throw std::runtime_error(name);
}

/// 60 trees of the years 1950 to 2009: trees are drawn from their rows, trees_joined by QGIS.
class RowChoice : public WmsTest {
protected:
    void write_project() override
    {
        test::qgis().call_on_main([this] {
            test::write_sample_data(m_gpkg);
            test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
                const std::unique_ptr<QgsFeatureRenderer> green(layer_named(project, "trees").renderer()->clone());
                for (const char* name : {"trees", "trees_joined", "trees_tall"}) {
                    QgsVectorLayer& layer = layer_named(project, name);
                    layer.setRenderer(green->clone());
                    layer.addExpressionField(QStringLiteral("make_date(\"planted\", 6, 7)"), QgsField(QStringLiteral("planted_on"), QMetaType::Type::QDate));
                    layer.addExpressionField(QStringLiteral("make_date(\"planted\" + 10, 1, 1)"), QgsField(QStringLiteral("felled_on"), QMetaType::Type::QDate));
                }
                QgsVectorLayer& joined = layer_named(project, "trees_joined");
                joined.setBlendMode(QPainter::CompositionMode_Multiply);
                for (const char* name : {"trees", "trees_joined"}) {
                    layer_named(project, name).serverProperties()->addWmsDimension(Dimension(QStringLiteral("TIME"), QStringLiteral("planted_on")));
                    layer_named(project, name).serverProperties()->addWmsDimension(Dimension(QStringLiteral("species"), QStringLiteral("species")));
                    // Its field is hidden from WMS.
                    layer_named(project, "trees").serverProperties()->addWmsDimension(Dimension(QStringLiteral("year"), QStringLiteral("planted")));
                }
                QgsMapLayerServerProperties& tall = *layer_named(project, "trees_tall").serverProperties();
                tall.addWmsDimension(Dimension(QStringLiteral("ELEVATION"), QStringLiteral("height_m"), {}, QStringLiteral("EPSG:5030"), QStringLiteral("m"), Dimension::MaxValue));
                tall.addWmsDimension(Dimension(QStringLiteral("TIME"), QStringLiteral("planted_on"), QStringLiteral("felled_on")));
            });
        });
    }

    /// Numbers of the trees whose centre is green.
    static std::set<int> drawn(const http::Response& response)
    {
        std::set<int> trees;
        const QImage image = picture(response);
        for (int i = 0; i < 60 && !image.isNull(); ++i)
            if (image.pixel((20 + i % 10 * 10) * 2, 200 - (20 + i / 10 * 10) * 2) == 0xff1b7837)
                trees.insert(i);
        return trees;
    }

    http::Response ask_for(const char* layer, const Parameters& more) const
    {
        Parameters all{{"LAYERS", layer}};
        all.insert(all.end(), more.begin(), more.end());
        return ask(map_request(all));
    }

    std::set<int> trees_of(const char* layer, const Parameters& more) const
    {
        const http::Response response = ask_for(layer, more);
        EXPECT_EQ(response.status, 200) << response.bytes();
        return drawn(response);
    }
};

TEST_F(RowChoice, TimesAreInstantsListsAndIntervals)
{
    ASSERT_EQ(trees_of("trees", {}).size(), 60U);
    for (const char* layer : {"trees", "trees_joined"}) {
        SCOPED_TRACE(layer);
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06-07"}}), ElementsAre(10));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06"}}), ElementsAre(10));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960"}}), ElementsAre(10));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06-06"}}), ElementsAre());
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06-07T00:00:00Z"}}), ElementsAre(10));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960,1970-06,2009-06-07"}}), ElementsAre(10, 20, 59));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960/1962"}}), ElementsAre(10, 11, 12));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06-08/1962-06-07"}}), ElementsAre(11, 12));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960/1964/P2Y"}}), ElementsAre(10, 12, 14));
        EXPECT_THAT(trees_of(layer, {{"TIME", "1960-06-07/1962-06-07/P12M,1950"}}), ElementsAre(0, 10, 11, 12));
        EXPECT_THAT(trees_of(layer, {{"TIME", "2008/current"}}), ElementsAre(58, 59));
        EXPECT_THAT(trees_of(layer, {{"TIME", "current"}}), ElementsAre(59));
    }
}

TEST_F(RowChoice, APictureOfNowIsNeverAnsweredAsUnchanged)
{
    EXPECT_FALSE(ask_for("trees", {{"TIME", "1960"}}).etag.empty());
    EXPECT_TRUE(ask_for("trees", {{"TIME", "2000/current"}}).etag.empty());
}

TEST_F(RowChoice, FiltersNarrowTheRows)
{
    for (const char* layer : {"trees", "trees_joined"}) {
        const std::string name = layer;
        EXPECT_THAT(trees_of(layer, {{"FILTER", name + ":\"height_m\" > 19"}}), ElementsAre(57, 58, 59));
        EXPECT_THAT(trees_of(layer, {{"FILTER", name + ":\"height_m\" > 18 AND \"species\" ILIKE 'tilia%'"}}), ElementsAre(54, 57));
        EXPECT_THAT(trees_of(layer, {{"FILTER", name + ":\"height_m\" IS NULL AND \"species\" IN ('Tilia cordata')"}}), ElementsAre(0, 21, 42));
        EXPECT_THAT(trees_of(layer, {{"FILTER", "<Filter><PropertyIsGreaterThan><PropertyName>height_m</PropertyName><Literal>19</Literal></PropertyIsGreaterThan></Filter>"}}), ElementsAre(57, 58, 59));
        EXPECT_THAT(trees_of(layer, {{"FILTER", name + ":\"height_m\" > 17"}, {"TIME", "2009"}}), ElementsAre(59));
        EXPECT_THAT(trees_of(layer, {{"FILTER", "(<Filter><PropertyIsNotEqualTo><PropertyName>species</PropertyName><Literal>a ->)</Literal></PropertyIsNotEqualTo>"
                                                "<PropertyIsGreaterThan><PropertyName>height_m</PropertyName><Literal>19</Literal></PropertyIsGreaterThan></Filter>)"}}), ElementsAre(57, 58, 59));
        // Paths as WFS reads them.
        for (const std::string& path : {std::string("app:height_m"), name + "/height_m", "/app:" + name + "/app:height_m", std::string("height_m[1]"), "app:" + name + "/height_m[1]"})
            EXPECT_THAT(trees_of(layer, {{"FILTER", "<Filter><PropertyIsGreaterThan><PropertyName>" + path + "</PropertyName><Literal>19</Literal></PropertyIsGreaterThan></Filter>"}}), ElementsAre(57, 58, 59)) << path;
        EXPECT_THAT(trees_of(layer, {{"FILTER", "<Filter><PropertyIsEqualTo><PropertyName>@gml:id</PropertyName><Literal>" + name + ".4</Literal></PropertyIsEqualTo></Filter>"}}), ElementsAre(3));
        EXPECT_THAT(trees_of(layer, {{"FILTER", "<Filter><PropertyIsNull><PropertyName>gml:description</PropertyName></PropertyIsNull><PropertyIsGreaterThan><PropertyName>height_m</PropertyName><Literal>19</Literal></PropertyIsGreaterThan></Filter>"}}), ElementsAre(57, 58, 59));
        EXPECT_EQ(code(ask_for(layer, {{"FILTER", "<Filter><PropertyIsNull><PropertyName>other/height_m</PropertyName></PropertyIsNull></Filter>"}})), "InvalidParameterValue");
    }
    for (const char* wrong : {"trees:\"planted\" = 1960", "trees:\"nope\" = 1", "trees", "trees:\"height_m\" = 'high'", "trees:\"height_m\" >", "trees:\"species\" = 'x'; drop table trees", "(<Filter/>)(<Filter/>)"}) {
        const http::Response response = ask_for("trees", {{"FILTER", wrong}});
        EXPECT_EQ(code(response), "InvalidParameterValue") << wrong;
        EXPECT_THAT(response.bytes(), HasSubstr("FILTER")) << wrong;
    }
    for (const char* without_layer : {":", ":\"height_m\" > 19", "trees,:\"height_m\" > 19", "trees"})
        EXPECT_THAT(ask_for("trees", {{"FILTER", without_layer}}).bytes(), HasSubstr("LAYER:condition")) << without_layer;
    // A hidden field is told as one that is not there.
    const auto text = [&](const char* field) { return ask_for("trees", {{"FILTER", std::string("trees:\"") + field + "\" = 1"}}).bytes(); };
    std::string hidden = text("planted"), missing = text("plantex");
    hidden.replace(hidden.find("planted"), 7, "plantex");
    EXPECT_EQ(hidden, missing);
    EXPECT_EQ(code(ask_for("trees", {{"FILTER", "secret:\"a\" = 1"}})), "LayerNotDefined");
}

TEST_F(RowChoice, FeaturesAreFoundByAGeometry)
{
    const Parameters all = map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees"}, {"QUERY_LAYERS", "trees"}, {"INFO_FORMAT", "text/xml"}, {"FEATURE_COUNT", "10"},
                                        {"FILTER_GEOM", "POLYGON((316995 5689995, 317025 5689995, 317025 5690005, 316995 5690005, 316995 5689995))"}});
    const std::string found = ask(all).bytes();
    EXPECT_THAT(found, testing::AllOf(HasSubstr("<Feature id=\"1\">"), HasSubstr("<Feature id=\"2\">"), HasSubstr("<Feature id=\"3\">"), testing::Not(HasSubstr("<Feature id=\"4\">"))));
    Parameters wrong = all;
    for (auto& [name, value] : wrong)
        if (name == "FILTER_GEOM")
            value = "POLYGON((0 0";
    EXPECT_EQ(code(ask(wrong)), "InvalidParameterValue");
}

TEST_F(RowChoice, WhatIsNoTimeIsRefused)
{
    for (const char* wrong : {"yesterday", "1960-02-30", "1960-13", "1962/1960", "../..", "1960/", "/1960", "1960/1962/2Y", "1960/1962/P", "1960/1962/P1Y/x",
                              "1960-01-01'; drop table trees;--", "1950-01-01/2009-01-01/PT1S"}) {
        const http::Response response = ask_for("trees", {{"TIME", wrong}});
        EXPECT_EQ(code(response), "InvalidDimensionValue") << wrong;
        EXPECT_EQ(response.status, 400);
        EXPECT_THAT(response.bytes(), HasSubstr("locator=\"TIME\"")) << wrong;
    }
    std::string period = "1960/1962/P";
    for (int i = 0; i < 1790; ++i)
        period += "99999Y";
    EXPECT_EQ(code(ask_for("trees", {{"TIME", period}})), "InvalidDimensionValue");
    // No tree at all is older or younger.
    EXPECT_EQ(code(ask_for("trees", {{"TIME", "1800"}})), "InvalidDimensionValue");
    EXPECT_EQ(code(ask_for("trees", {{"TIME", "2100/2101"}})), "InvalidDimensionValue");
    std::string many = "1960";
    for (int i = 0; i < 10'000; ++i)
        many += ",1960";
    EXPECT_EQ(code(ask_for("trees", {{"TIME", many}})), "InvalidDimensionValue");
    // Layers without the dimension do not mind.
    EXPECT_EQ(ask_for("parks", {{"TIME", "yesterday"}}).status, 200);
    EXPECT_EQ(ask_for("parks,trees", {{"TIME", "1960"}}).status, 200);
}

TEST_F(RowChoice, ADimensionMayBeOfTextsAndCombined)
{
    for (const char* layer : {"trees", "trees_joined"}) {
        EXPECT_THAT(trees_of(layer, {{"DIM_SPECIES", "Tilia cordata"}, {"TIME", "1950/1957"}}), ElementsAre(0, 3, 6));
        EXPECT_THAT(trees_of(layer, {{"dim_species", "Tilia cordata,Quercus robur"}, {"TIME", "1950/1952"}}), ElementsAre(0, 1));
        EXPECT_EQ(code(ask_for(layer, {{"DIM_SPECIES", "Tilia' or '1'='1"}})), "InvalidDimensionValue");
    }
}

TEST_F(RowChoice, ADefaultIsUsedAndTold)
{
    const http::Response response = ask_for("trees_tall", {});
    EXPECT_THAT(drawn(response), ElementsAre(59));
    EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Warning", "99 Default value used: elevation=19.75 EPSG:5030")));
    // Heights are 5 m and a quarter more for each tree; the layer has those above 12 m.
    EXPECT_THAT(trees_of("trees_tall", {{"ELEVATION", "12.25/12.75"}}), ElementsAre(29, 30, 31));
    EXPECT_THAT(trees_of("trees_tall", {{"ELEVATION", "12.25,19.75"}}), ElementsAre(29, 59));
    EXPECT_EQ(code(ask_for("trees_tall", {{"ELEVATION", "1000"}})), "InvalidDimensionValue");
    EXPECT_EQ(code(ask_for("trees_tall", {{"ELEVATION", "high"}})), "InvalidDimensionValue");
}

TEST_F(RowChoice, ASpanMatchesWhatItMeets)
{
    // Tree 59 stood from 2009-06-07 to 2019-01-01, tree 48 (17 m) to 2008-01-01.
    EXPECT_THAT(trees_of("trees_tall", {{"ELEVATION", "0/100"}, {"TIME", "2018"}}), ElementsAre(58, 59));
    EXPECT_THAT(trees_of("trees_tall", {{"ELEVATION", "0/100"}, {"TIME", "2018-01-02/2030"}}), ElementsAre(59));
}

TEST_F(RowChoice, CapabilitiesTellTheDimensions)
{
    const std::string text = ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes();
    EXPECT_THAT(text, HasSubstr("<Dimension name=\"time\" units=\"ISO8601\" default=\"1950-06-07/2009-06-07\" multipleValues=\"1\" nearestValue=\"0\" current=\"1\">1950-06-07,1951-06-07,"));
    EXPECT_THAT(text, HasSubstr("<Dimension name=\"species\" units=\"\" default=\"Acer &lt;b>platanoides&lt;/b>,Quercus robur,Tilia cordata\""));
    EXPECT_THAT(text, HasSubstr("<Dimension name=\"elevation\" units=\"EPSG:5030\" unitSymbol=\"m\" default=\"19.75\" multipleValues=\"1\" nearestValue=\"0\">12.25,"));
    EXPECT_THAT(text, HasSubstr("2019-01-01/P1D</Dimension>"));  // a span is told as an interval
    EXPECT_THAT(text, testing::Not(HasSubstr("name=\"year\"")));
    const std::string old = ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}, {"VERSION", "1.1.1"}}).bytes();
    EXPECT_THAT(old, HasSubstr("<Dimension name=\"time\" units=\"ISO8601\" />"));
    EXPECT_THAT(old, HasSubstr("<Extent name=\"elevation\" default=\"19.75\""));
    EXPECT_THAT(text, testing::Not(HasSubstr("fieldName")));
    const std::string settings = ask({{"SERVICE", "WMS"}, {"REQUEST", "GetProjectSettings"}}).bytes();
    EXPECT_THAT(settings, HasSubstr("<Dimension name=\"elevation\" units=\"EPSG:5030\" unitSymbol=\"m\" fieldName=\"height_m\" endFieldName=\"\""));
    EXPECT_THAT(settings, HasSubstr("fieldName=\"planted_on\" endFieldName=\"felled_on\""));
    EXPECT_THAT(settings, testing::Not(HasSubstr("fieldName=\"planted\""))) << "hidden";
}

TEST_F(RowChoice, FeatureInformationIsOfTheRowsDrawn)
{
    const Parameters at_tree_10 = map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees"}, {"QUERY_LAYERS", "trees"}, {"I", "40"}, {"J", "140"}, {"INFO_FORMAT", "text/xml"}});
    const auto with = [&](const std::string& time) {
        Parameters all = at_tree_10;
        all.emplace_back("TIME", time);
        return ask(all).bytes();
    };
    EXPECT_THAT(with("1960"), HasSubstr("<Feature id=\"11\">"));
    EXPECT_THAT(with("1961"), testing::Not(HasSubstr("<Feature id=\"11\">")));
}

TEST_F(RowChoice, SelectedRowsAreDrawnInTheColourOfSelections)
{
    for (const char* layer : {"trees", "trees_joined"}) {
        const http::Response response = ask_for(layer, {{"SELECTION", std::string(layer) + ":11,13"}});
        ASSERT_EQ(response.status, 200) << response.bytes();
        const QImage image = picture(response);
        EXPECT_EQ(image.pixel(40, 140), 0xffffff00U) << layer;   // tree 10 has feature id 11; QGIS selects in yellow
        EXPECT_EQ(image.pixel(60, 140), 0xff1b7837U) << layer;
        EXPECT_EQ(drawn(response).size(), 58U) << layer;
        EXPECT_EQ(drawn(ask_for(layer, {})).size(), 60U) << layer;  // nothing stays selected
    }
    for (const char* wrong : {"trees", "trees:x", "trees:1;;parks:1.5"})
        EXPECT_EQ(code(ask_for("trees", {{"SELECTION", wrong}})), "InvalidParameterValue") << wrong;
    EXPECT_EQ(code(ask_for("trees", {{"SELECTION", "secret:1"}})), "LayerNotDefined");
}

TEST_F(RowChoice, ALayerThatIsNotHeldHasNoDimension)
{
    store::StoreSettings settings;
    settings.max_snapshot_bytes = 10;
    open(settings);
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), testing::Not(HasSubstr("<Dimension ")));
    EXPECT_EQ(trees_of("trees", {}).size(), 60U);
    EXPECT_EQ(trees_of("trees,trees_tall", {}).size(), 60U);
    EXPECT_EQ(ask_for("sample", {}).status, 200);
    const Parameters info = map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees"}, {"QUERY_LAYERS", "trees"}, {"I", "40"}, {"J", "140"}, {"INFO_FORMAT", "text/xml"}});
    EXPECT_THAT(ask(info).bytes(), HasSubstr("<Feature id=\"11\">"));
    for (const auto& [parameter, value] : {std::pair("TIME", "1960"), std::pair("DIM_SPECIES", "Tilia cordata"), std::pair("FILTER", "trees:\"height_m\" > 19")}) {
        const http::Response refused = ask_for("trees", {{parameter, value}});
        EXPECT_EQ(code(refused), "OptionNotSupported");
        EXPECT_THAT(refused.bytes(), testing::AllOf(HasSubstr(std::string("locator=\"") + parameter), HasSubstr("too large")));
    }
    EXPECT_EQ(ask_for("trees", {{"ELEVATION", "12"}}).status, 200);  // trees have no such dimension
    EXPECT_EQ(code(ask_for("trees,trees_tall", {{"ELEVATION", "12"}})), "OptionNotSupported");
}

/// Trees whose rows change by themselves.
class RowsThatChange : public RowChoice {
protected:
    void write_project() override
    {
        test::qgis().call_on_main([this] {
            test::write_sample_data(m_gpkg);
            test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
                QgsVectorLayer& trees = layer_named(project, "trees");
                trees.addExpressionField(QStringLiteral("now()"), QgsField(QStringLiteral("seen_at"), QMetaType::Type::QDateTime));
                trees.serverProperties()->addWmsDimension(Dimension(QStringLiteral("DATE"), QStringLiteral("seen_at")));
            });
        });
    }
};

TEST_F(RowsThatChange, HaveNoDimensionAndSayWhy)
{
    EXPECT_EQ(trees_of("trees", {}).size(), 60U);
    for (const char* parameter : {"DATE", "DIM_DATE"}) {
        const http::Response refused = ask_for("trees", {{parameter, "2020"}});
        EXPECT_EQ(code(refused), "OptionNotSupported");
        EXPECT_THAT(refused.bytes(), testing::AllOf(HasSubstr("changes of its source cannot be seen"), testing::Not(HasSubstr("too large"))));
    }
}

TEST_F(RowsThatChange, AreReadForAFilter)
{
    EXPECT_THAT(trees_of("trees", {{"FILTER", "trees:\"height_m\" > 19"}}), ElementsAre(57, 58, 59));
    Parameters info{{"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "trees"}, {"INFO_FORMAT", "text/xml"}, {"FEATURE_COUNT", "10"}, {"FILTER", "trees:\"height_m\" > 19"}};
    const std::vector<std::string> no_map{"LAYERS", "STYLES", "BBOX", "WIDTH", "HEIGHT", "FORMAT"};
    EXPECT_THAT(ask(map_request(info, no_map)).bytes(), testing::AllOf(HasSubstr("<Feature id=\"58\">"), HasSubstr("<Feature id=\"60\">"), testing::Not(HasSubstr("<Feature id=\"57\">"))));
    info.back() = {"FILTER_GEOM", "POLYGON((316995 5689995, 317005 5689995, 317005 5690005, 316995 5690005, 316995 5689995))"};
    EXPECT_THAT(ask(map_request(info, no_map)).bytes(), testing::AllOf(HasSubstr("<Feature id=\"1\">"), testing::Not(HasSubstr("<Feature id=\"2\">"))));
    EXPECT_EQ(code(ask_for("trees", {{"FILTER", "trees:\"planted\" = 1960"}})), "InvalidParameterValue");  // hidden
}

TEST_F(RowChoice, FeaturesAreFoundByAFilterAlone)
{
    const auto found = [&](const Parameters& more, const std::vector<std::string>& without) {
        Parameters all{{"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "trees"}, {"INFO_FORMAT", "text/xml"}, {"FEATURE_COUNT", "10"}};
        all.insert(all.end(), more.begin(), more.end());
        const http::Response response = ask(map_request(all, without));
        EXPECT_EQ(response.status, 200) << response.bytes();
        std::vector<int> fids;
        const std::string mark = "<Feature id=\"";
        for (std::size_t at = response.bytes().find(mark); at != std::string::npos; at = response.bytes().find(mark, at + 1))
            fids.push_back(std::stoi(response.bytes().substr(at + mark.size())));
        return fids;
    };
    const std::vector<std::string> no_map{"LAYERS", "STYLES", "BBOX", "WIDTH", "HEIGHT", "FORMAT"};
    const std::pair<std::string, std::string> tall{"FILTER", "trees:\"height_m\" > 19"};
    EXPECT_THAT(found({tall}, no_map), ElementsAre(58, 59, 60));
    EXPECT_THAT(found({tall, {"FEATURE_COUNT", "1"}}, no_map), ElementsAre(58));
    EXPECT_THAT(found({tall, {"TIME", "2009"}}, no_map), ElementsAre(60));
    EXPECT_THAT(found({{"FILTER", "(<Filter><PropertyIsGreaterThan><PropertyName>height_m</PropertyName><Literal>19</Literal></PropertyIsGreaterThan></Filter>)"}}, no_map), ElementsAre(58, 59, 60));
    EXPECT_THAT(found({tall, {"VERSION", "1.1.1"}, {"SRS", "EPSG:25833"}}, no_map), ElementsAre(58, 59, 60));
    // Of a map only what lies in it: tree 58 stands at column 8 of row 5.
    EXPECT_THAT(found({tall, {"LAYERS", "trees"}}, {}), ElementsAre(58, 59, 60));
    EXPECT_THAT(found({tall, {"LAYERS", "parks"}}, {}), ElementsAre(58, 59, 60));
    EXPECT_THAT(found({tall, {"LAYERS", "trees"}, {"BBOX", "317075,5690040,317085,5690060"}}, {}), ElementsAre(59));
    EXPECT_THAT(found({tall, {"BBOX", "317075,5690040,317085,5690060"}}, {"WIDTH", "HEIGHT", "LAYERS"}), ElementsAre(59));
    // With a pixel it is asked there alone.
    EXPECT_THAT(found({tall, {"LAYERS", "trees"}, {"I", "40"}, {"J", "140"}}, {}), ElementsAre());
    // By a geometry, too.
    const std::pair<std::string, std::string> around{"FILTER_GEOM", "POLYGON((317065 5690045, 317085 5690045, 317085 5690055, 317065 5690055, 317065 5690045))"};
    EXPECT_THAT(found({around}, no_map), ElementsAre(58, 59));
    EXPECT_THAT(found({around, tall, {"TIME", "2008"}}, no_map), ElementsAre(59));
    const auto refused = [&](const Parameters& more, const std::vector<std::string>& without) {
        Parameters all{{"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "trees"}};
        all.insert(all.end(), more.begin(), more.end());
        return code(ask(map_request(all, without)));
    };
    EXPECT_EQ(refused({}, no_map), "MissingParameterValue");
    EXPECT_EQ(refused({tall, {"I", "40"}, {"J", "140"}}, no_map), "MissingParameterValue");
    EXPECT_EQ(refused({tall}, {"CRS"}), "MissingParameterValue");
    EXPECT_EQ(refused({{"FILTER", "trees:\"planted\" = 1960"}}, no_map), "InvalidParameterValue");
    EXPECT_EQ(refused({{"FILTER", "secret:\"a\" = 1"}}, no_map), "LayerNotDefined");
    EXPECT_EQ(refused({tall, {"WIDTH", "0"}}, {"LAYERS"}), "InvalidParameterValue");
}

}  // namespace
}  // namespace stadtgdi::wms
