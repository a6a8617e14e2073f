// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <qgscategorizedsymbolrenderer.h>
#include <qgslayermetadata.h>
#include <qgslayertree.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>

namespace stadtgdi::wms {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

QgsVectorLayer& layer_of(QgsProject& project, const char* name)
{
    const QMap<QString, QgsMapLayer*> all = project.mapLayers();
    for (QgsMapLayer* layer : all)
        if (layer->serverProperties()->shortName() == QLatin1String(name))
            return *qobject_cast<QgsVectorLayer*>(layer);
    throw std::runtime_error(name);
}

QgsRendererCategory category(const char* value, const char* colour)
{
    return {QString::fromUtf8(value), QgsMarkerSymbol::createSimple({{QStringLiteral("color"), QString::fromLatin1(colour)}}), QString::fromUtf8(value)};
}

/// The sample project as INSPIRE and web clients of QGIS's own want it; trees have a style by species and one by a hidden field.
class Documents : public WmsTest {
protected:
    void write_project() override
    {
        test::qgis().call_on_main([this] {
            test::write_sample_data(m_gpkg);
            test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
                project.writeEntry(QStringLiteral("WMSInspire"), QStringLiteral("/activated"), true);
                project.writeEntry(QStringLiteral("WMSInspire"), QStringLiteral("/metadataDate"), QStringLiteral("2026-01-02"));
                project.writeEntry(QStringLiteral("WMSContactMail"), QStringLiteral("/"), QStringLiteral("karten@stadt.example"));
                QgsVectorLayer& trees = layer_of(project, "trees");
                QgsLayerMetadata metadata = trees.metadata();
                metadata.setIdentifier(QStringLiteral("https://registry.example/id/trees-7"));
                trees.setMetadata(metadata);
                trees.serverProperties()->addMetadataUrl({QStringLiteral("https://csw.example/trees.xml"), QStringLiteral("TC211"), QStringLiteral("text/xml")});
                trees.serverProperties()->setDataUrl(QStringLiteral("https://data.example/trees"));
                trees.setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("species"), {category("Tilia cordata", "#ff0000"), category("Quercus robur", "#00ff00")}));
                trees.styleManager()->addStyleFromLayer(QStringLiteral("by year"));
                trees.styleManager()->setCurrentStyle(QStringLiteral("by year"));
                trees.setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("planted"), {category("1950", "#ff0000")}));
                trees.styleManager()->setCurrentStyle(QStringLiteral("default"));
                trees.setMapTipTemplate(QStringLiteral("<b>[% \"species\" %]</b><script>alert(1)</script><i onclick=\"x()\">[% round(\"height_m\") %] m</i>"));
                layer_of(project, "parks").setMapTipTemplate(QStringLiteral("[% aggregate('trees', 'count', \"species\") %]"));
                // Of two layers whose field planted is hidden the tips name it, plainly or not.
                for (const auto& [name, tip] : {std::pair("trees_virtual", "[% \"species\" %] of [% \"PLANTED\" %]"), {"trees_joined", "[% \"species\" %] of [% attribute('plan' || 'ted') %]"}}) {
                    QgsVectorLayer& layer = layer_of(project, name);
                    layer.setMapTipTemplate(QString::fromUtf8(tip));
                    layer.setFieldConfigurationFlag(layer.fields().indexOf(QStringLiteral("planted")), Qgis::FieldConfigurationFlag::HideFromWms, true);
                }
                project.layerTreeRoot()->findLayer(trees.id())->setExpanded(false);
                QStringList wfs = project.readListEntry(QStringLiteral("WFSLayers"), QStringLiteral("/"));
                wfs.removeAll(layer_of(project, "ways").id());
                project.writeEntry(QStringLiteral("WFSLayers"), QStringLiteral("/"), wfs);
            });
        });
    }

    static pugi::xml_document parsed(const http::Response& response)
    {
        pugi::xml_document document;
        EXPECT_TRUE(document.load_string(response.bytes().c_str())) << response.bytes();
        return document;
    }
    static std::string text(const pugi::xml_node& node, const char* path) { return node.select_node(path).node().child_value(); }
};

TEST_F(Documents, CapabilitiesNameAuthoritiesAndMetadata)
{
    const auto document = parsed(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}));
    const pugi::xml_node trees = document.select_node("//Layer[Name='trees']").node();
    EXPECT_EQ(text(trees, "Identifier"), "trees-7");
    EXPECT_STREQ(trees.child("Identifier").attribute("authority").value(), "registry.example");
    EXPECT_STREQ(trees.child("AuthorityURL").attribute("name").value(), "registry.example");
    EXPECT_STREQ(trees.child("AuthorityURL").child("OnlineResource").attribute("xlink:href").value(), "https://registry.example/id/");
    EXPECT_STREQ(trees.child("MetadataURL").attribute("type").value(), "ISO19115:2003");
    EXPECT_STREQ(trees.child("DataURL").child("OnlineResource").attribute("xlink:href").value(), "https://data.example/trees");
    EXPECT_STREQ(document.select_node("/WMS_Capabilities/Service/KeywordList/Keyword[@vocabulary='ISO']").node().child_value(), "infoMapAccessService");
    EXPECT_EQ(text(trees, "Style/Name"), "inspire_common:DEFAULT");
    const auto old = parsed(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}, {"VERSION", "1.1.1"}}));
    EXPECT_STREQ(old.select_node("//Layer[Name='trees']/MetadataURL").node().attribute("type").value(), "TC211");
    EXPECT_EQ(ask(map_request({{"LAYERS", "trees"}, {"STYLES", "inspire_common:DEFAULT"}})).status, 200);
}

TEST_F(Documents, InspireIsToldInTheLanguageAskedFor)
{
    const auto response_language = [&](const Parameters& more) {
        Parameters all{{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}};
        all.insert(all.end(), more.begin(), more.end());
        return text(parsed(ask(all)), "//inspire_vs:ExtendedCapabilities/inspire_common:ResponseLanguage/inspire_common:Language");
    };
    EXPECT_EQ(response_language({}), "ger");
    EXPECT_EQ(response_language({{"LANGUAGE", "eng"}}), "eng");
    EXPECT_EQ(response_language({{"LANGUAGE", "ger"}}), "ger");
    EXPECT_EQ(response_language({{"LANGUAGE", "fre"}}), "ger");
    const http::Response answer = ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}});
    EXPECT_THAT(answer.headers, testing::Contains(testing::Pair("Vary", "Accept-Language")));
    const auto document = parsed(answer);
    const pugi::xml_node extended = document.select_node("//inspire_vs:ExtendedCapabilities").node();
    EXPECT_EQ(text(extended, "inspire_common:MetadataDate"), "2026-01-02");
    EXPECT_EQ(text(extended, "inspire_common:MetadataPointOfContact/inspire_common:OrganisationName"), "Vermessungsamt");
    EXPECT_EQ(text(extended, "inspire_common:MetadataPointOfContact/inspire_common:EmailAddress"), "karten@stadt.example");
    EXPECT_EQ(text(extended, "inspire_common:SupportedLanguages/inspire_common:SupportedLanguage/inspire_common:Language"), "eng");
}

TEST_F(Documents, ProjectSettingsTellWhatWebClientsOfQgisWant)
{
    const auto document = parsed(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetProjectSettings"}}));
    const pugi::xml_node trees = document.select_node("//Layer[Name='trees']").node();
    EXPECT_STREQ(trees.attribute("geometryType").value(), "Point");
    EXPECT_STREQ(trees.attribute("visible").value(), "1");
    EXPECT_STREQ(trees.attribute("expanded").value(), "0");
    EXPECT_STREQ(trees.attribute("opacity").value(), "1");
    EXPECT_EQ(text(trees, "TreeName"), "trees");
    std::vector<std::string> fields;
    for (const pugi::xml_node& attribute : trees.child("Attributes").children())
        fields.emplace_back(attribute.attribute("name").value());
    EXPECT_THAT(fields, ElementsAre("fid", "species", "height_m", "code"));  // not the hidden year
    const pugi::xml_node species = trees.select_node("Attributes/Attribute[@name='species']").node();
    EXPECT_STREQ(species.attribute("alias").value(), "Baumart");
    EXPECT_STREQ(species.attribute("type").value(), "QString");
    EXPECT_STREQ(trees.select_node("Attributes/Attribute[@name='code']").node().attribute("editType").value(), "ValueMap");
    EXPECT_EQ(text(trees, "PrimaryKey/PrimaryKeyAttribute"), "fid");
    const pugi::xml_node group = document.select_node("//Layer[Name='green']").node();
    EXPECT_STREQ(group.attribute("mutuallyExclusive").value(), "0");
    EXPECT_EQ(text(group, "TreeName"), "Grün");
    EXPECT_FALSE(document.select_node("//WFSLayers/WFSLayer[@name='trees']").node().empty());
    EXPECT_THAT(text(document, "//LayerDrawingOrder"), HasSubstr("parks,trees"));
}

TEST_F(Documents, WhatNamesAFeatureIsAFieldThatIsSeenOrTheMapTip)
{
    test::qgis().call_on_main([&] {
        test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) {
            const auto name_by = [&](const char* layer, const char* expression) {
                qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QString::fromLatin1(layer)).constFirst())->setDisplayExpression(QString::fromLatin1(expression));
            };
            name_by("trees", "\"species\" || ' ' || \"planted\"");
            name_by("trees_tall", "\"species\"");
            auto* joined = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees_virtual")).constFirst());
            joined->setFieldConfigurationFlag(joined->fields().indexOf(QStringLiteral("planted")), Qgis::FieldConfigurationFlag::HideFromWms, true);
            joined->setDisplayExpression(QStringLiteral("\"planted\""));
        });
    });
    m_catalogue->look_once();
    const auto document = parsed(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetProjectSettings"}}));
    const auto display = [&](const char* layer) { return document.select_node(("//Layer[Name='" + std::string(layer) + "']").c_str()).node().attribute("displayField"); };
    EXPECT_STREQ(display("trees").value(), "maptip");
    EXPECT_STREQ(display("trees_tall").value(), "species");
    EXPECT_TRUE(display("trees_virtual").empty()) << "hidden";
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), Not(HasSubstr("displayField")));
}

TEST_F(Documents, LayersAreDescribedAsFeatureTypes)
{
    const auto now = parsed(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "trees,green"}}));
    EXPECT_EQ(now.select_nodes("//LayerDescription").size(), 2U);
    EXPECT_EQ(text(now, "//LayerDescription/TypeName/se:FeatureTypeName"), "trees");
    EXPECT_EQ(text(now, "//LayerDescription/owsType"), "wfs");
    EXPECT_EQ(parsed(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "ways,trees"}})).select_nodes("//LayerDescription").size(), 1U);
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "ways"}})), "InvalidParameterValue");
    EXPECT_EQ(parsed(ask({{"SERVICE", "WMS"}, {"VERSION", "1.1.1"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "ways"}})).select_nodes("//LayerDescription[@name='ways'][not(Query)]").size(), 1U);
    const auto old = parsed(ask({{"SERVICE", "WMS"}, {"VERSION", "1.1.1"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "trees"}}));
    EXPECT_STREQ(old.select_node("//LayerDescription[@name='trees']/Query").node().attribute("typeName").value(), "trees");
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "DescribeLayer"}, {"LAYERS", "secret"}})), "LayerNotDefined");
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "DescribeLayer"}})), "MissingParameterValue");
}

TEST_F(Documents, StylesAreGivenWithoutHiddenFields)
{
    const http::Response response = ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetStyles"}, {"LAYERS", "trees"}});
    const auto document = parsed(response);
    EXPECT_EQ(text(document, "//NamedLayer/se:Name"), "trees");
    EXPECT_EQ(document.select_nodes("//UserStyle").size(), 1U);  // nothing is left of the one by year
    EXPECT_EQ(document.select_nodes("//UserStyle[se:Name='default']//se:Rule").size(), 2U);
    EXPECT_THAT(response.bytes(), HasSubstr("Tilia cordata"));
    EXPECT_THAT(response.bytes(), Not(HasSubstr("planted")));
    // What we give we take: the same map comes from the description.
    Parameters all = map_request({{"LAYERS", "trees"}, {"SLD_BODY", response.bytes()}});
    EXPECT_EQ(ask(all).status, 200) << ask(all).bytes();
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetStyles"}, {"LAYERS", "secret"}})), "LayerNotDefined");
}

TEST_F(Documents, LegendsComeAsJson)
{
    const auto legend = [&](const Parameters& more) {
        Parameters all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "trees"}, {"FORMAT", "application/json"}};
        all.insert(all.end(), more.begin(), more.end());
        const http::Response response = ask(all);
        EXPECT_EQ(response.status, 200) << response.bytes();
        std::vector<std::string> titles;
        const auto json = nlohmann::json::parse(response.bytes());
        const auto& node = json.at("nodes").at(0);
        // A legend of one entry is that entry itself.
        if (!node.contains("symbols"))
            return std::vector<std::string>{node.at("title").get<std::string>()};
        EXPECT_EQ(node.at("title"), "Bäume");
        for (const auto& symbol : node.at("symbols")) {
            EXPECT_THAT(symbol.at("icon").get<std::string>(), testing::StartsWith("iVBORw0KGgo"));  // a PNG
            titles.push_back(symbol.at("title"));
        }
        return titles;
    };
    EXPECT_THAT(legend({}), ElementsAre("Tilia cordata", "Quercus robur"));
    EXPECT_THAT(legend({{"RULE", "Quercus robur"}}), ElementsAre("Quercus robur"));
    // Trees 0 and 1 stand there, a Tilia and a Quercus; where only tree 3 stands there is no other.
    EXPECT_THAT(legend({{"CRS", "EPSG:25833"}, {"BBOX", "316995,5689995,317015,5690005"}, {"SRCWIDTH", "100"}, {"SRCHEIGHT", "50"}}), ElementsAre("Tilia cordata", "Quercus robur"));
    EXPECT_THAT(legend({{"CRS", "EPSG:25833"}, {"BBOX", "317025,5689995,317035,5690005"}}), ElementsAre("Tilia cordata"));
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "trees"}, {"RULE", "nope"}, {"FORMAT", "application/json"}})),
              "InvalidParameterValue");
}

TEST_F(Documents, LegendsMayLeaveOutTheLabelsOfTheirEntries)
{
    const auto titles = [&](const char* layer, const Parameters& more) {
        Parameters all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", layer}, {"FORMAT", "application/json"}};
        all.insert(all.end(), more.begin(), more.end());
        const http::Response response = ask(all);
        EXPECT_EQ(response.status, 200) << response.bytes();
        const auto node = nlohmann::json::parse(response.bytes()).at("nodes").at(0);
        std::vector<std::string> found;
        if (!node.contains("symbols"))
            return std::vector<std::string>{node.at("title").get<std::string>()};
        for (const auto& symbol : node.at("symbols"))
            found.push_back(symbol.at("title"));
        return found;
    };
    EXPECT_THAT(titles("trees", {{"RULELABEL", "TRUE"}}), ElementsAre("Tilia cordata", "Quercus robur"));
    EXPECT_THAT(titles("trees", {{"RULELABEL", "AUTO"}}), ElementsAre("Tilia cordata", "Quercus robur"));
    EXPECT_THAT(titles("trees", {{"RULELABEL", "FALSE"}}), ElementsAre(" ", " "));
    EXPECT_THAT(titles("parks", {}), ElementsAre("parks"));
    EXPECT_THAT(titles("parks", {{"RULELABEL", "AUTO"}}), ElementsAre(" ")) << "an entry alone";
    const auto width = [&](const char* labels) {
        return picture(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "trees"}, {"FORMAT", "image/png"}, {"RULELABEL", labels}})).width();
    };
    EXPECT_EQ(width("AUTO"), width("TRUE"));
    EXPECT_LT(width("FALSE"), width("TRUE") / 2);
}

TEST_F(Documents, ALegendOfTheMapIsSmallerThanThatOfTheLayer)
{
    const Parameters all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "trees"}, {"FORMAT", "image/png"}};
    Parameters there = all;
    there.emplace_back("CRS", "EPSG:25833");
    there.emplace_back("BBOX", "317025,5689995,317035,5690005");
    EXPECT_LT(picture(ask(there)).height(), picture(ask(all)).height());
}

TEST_F(Documents, MapTipsAreHtmlWithoutScripts)
{
    // By FILTER alone: the style of trees has no symbol for this one.
    const auto tip = [&](const std::string& layer, const std::string& format, const std::string& maptip = "TRUE") {
        const std::string filter = layer + (layer == "parks" ? ":\"fid\" = 1" : ":\"fid\" = 3");
        return ask(map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", layer}, {"QUERY_LAYERS", layer}, {"FILTER", filter}, {"INFO_FORMAT", format}, {"WITH_MAPTIP", maptip}}, {"BBOX"})).bytes();
    };
    const std::string html = tip("trees", "text/html");  // tree 2: Acer <b>platanoides</b>, 5.5 m
    EXPECT_THAT(html, HasSubstr("<b>Acer &lt;b&gt;platanoides&lt;/b&gt;</b><i>6 m</i>"));
    EXPECT_THAT(html, Not(HasSubstr("script")));
    EXPECT_THAT(html, Not(HasSubstr("onclick")));
    EXPECT_THAT(tip("trees", "text/xml"), HasSubstr("<Attribute name=\"maptip\" value=\"&lt;b&gt;Acer"));
    EXPECT_THAT(tip("trees", "application/json"), HasSubstr("\"maptip\":\"<b>Acer"));
    EXPECT_THAT(tip("trees", "text/plain"), HasSubstr("maptip = '<b>Acer"));
    EXPECT_THAT(tip("parks", "text/html"), Not(HasSubstr("60")));  // it asks for more than its row
    for (const char* hides : {"trees_virtual", "trees_joined"})
        for (const char* format : {"text/html", "text/xml", "application/json", "text/plain"})
            EXPECT_THAT(tip(hides, format), testing::AllOf(HasSubstr("platanoides"), Not(HasSubstr("1952")), Not(HasSubstr(" of ")), Not(HasSubstr("maptip")))) << hides << format;
    EXPECT_THAT(tip("trees", "text/html", "HTML_FI_ONLY_MAPTIP"), testing::AllOf(HasSubstr("6 m"), Not(HasSubstr("<table>"))));
}

TEST_F(Documents, GeometriesComeInTheCrsAskedFor)
{
    const auto info = [&](const std::string& format, const Parameters& more = {}) {
        Parameters all{{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees_virtual"}, {"QUERY_LAYERS", "trees_virtual"}, {"I", "80"}, {"J", "160"}, {"INFO_FORMAT", format}};
        all.insert(all.end(), more.begin(), more.end());
        return ask(map_request(all));
    };
    EXPECT_THAT(info("text/xml", {{"WITH_GEOMETRY", "TRUE"}}).bytes(), HasSubstr("<Attribute name=\"geometry\" type=\"derived\" value=\"POINT (317020 5690000)\"/>"));
    EXPECT_THAT(info("text/xml").bytes(), Not(HasSubstr("POINT")));
    EXPECT_THAT(info("text/html", {{"WITH_GEOMETRY", "TRUE"}}).bytes(), HasSubstr("POINT (317020 5690000)"));
    const auto own = nlohmann::json::parse(info("application/json").bytes());
    EXPECT_EQ(own.at("crs").at("properties").at("name"), "urn:ogc:def:crs:EPSG::25833");
    EXPECT_EQ(own.at("features").at(0).at("geometry").at("coordinates"), nlohmann::json::parse("[317020.0, 5690000.0]"));
    const http::Response rfc = info("application/geo+json");
    EXPECT_EQ(rfc.content_type, "application/geo+json; charset=utf-8");
    const auto world = nlohmann::json::parse(rfc.bytes());
    EXPECT_FALSE(world.contains("crs"));
    EXPECT_NEAR(world.at("features").at(0).at("geometry").at("coordinates").at(0).get<double>(), 12.3733, 0.001);
    EXPECT_THAT(ask(map_request({{"REQUEST", "GetFeatureInfo"}, {"LAYERS", "trees"}, {"QUERY_LAYERS", "trees"}, {"J", "160"}})).bytes(), HasSubstr("I is missing"));
}

}  // namespace
}  // namespace stadtgdi::wms
