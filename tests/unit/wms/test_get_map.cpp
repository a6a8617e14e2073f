// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <qgslayertree.h>
#include <qgsmaplayer.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgsrulebasedrenderer.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectorlayer.h>

#include <functional>
#include <map>

namespace stadtgdi::wms {
namespace {

constexpr QRgb park = 0xffa6dba0;

class GetMap : public WmsTest {
protected:
    void change_project(const std::function<void(QgsProject&)>& change)
    {
        test::qgis().call_on_main([&] { test::write_sample_project(m_qgz, m_gpkg, change); });
        m_catalogue->look_once();
    }
};

TEST_F(GetMap, DrawsALayerInTheSizeAndFormatAskedFor)
{
    const http::Response response = ask(map_request());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "image/png");
    EXPECT_FALSE(response.compressible);
    const QImage image = picture(response);
    EXPECT_EQ(image.size(), QSize(300, 200));
    EXPECT_EQ(image.pixel(52, 88), park);         // (317006, 5690036)
    EXPECT_EQ(image.pixel(70, 130), 0xffffffffU); // (317015, 5690015) in the hole
    EXPECT_EQ(image.pixel(1, 1), 0xffffffffU);
    const http::Response webp = ask(map_request({{"FORMAT", "image/webp"}}));
    EXPECT_EQ(webp.content_type, "image/webp");
    EXPECT_THAT(webp.body, testing::StartsWith("RIFF"));  // not every Qt reads WebP
    for (const char* format : {"image/jpeg", "image/png; mode=8bit"}) {
        const http::Response other = ask(map_request({{"FORMAT", format}}));
        EXPECT_EQ(other.status, 200) << format;
        EXPECT_EQ(picture(other).size(), QSize(300, 200)) << format;
    }
    EXPECT_EQ(ask(map_request({{"FORMAT", "image/jpeg"}})).content_type, "image/jpeg");
}

TEST_F(GetMap, QualityIsAskedForOrTheProjects)
{
    const auto bytes = [&](const char* format, const Parameters& more = {}) {
        Parameters all{{"FORMAT", format}, {"LAYERS", "parks,trees"}};
        all.insert(all.end(), more.begin(), more.end());
        return ask(map_request(all)).body;
    };
    for (const char* format : {"image/jpeg", "image/webp"}) {
        EXPECT_LT(bytes(format, {{"IMAGE_QUALITY", "10"}}).size(), bytes(format).size()) << format;
        EXPECT_GT(bytes(format, {{"IMAGE_QUALITY", "95"}}).size(), bytes(format).size()) << format;
    }
    EXPECT_EQ(bytes("image/png", {{"IMAGE_QUALITY", "10"}}), bytes("image/png"));
    for (const char* wrong : {"0", "101", "-1", "best", "50.5"}) {
        const http::Response refused = ask(map_request({{"FORMAT", "image/jpeg"}, {"IMAGE_QUALITY", wrong}}));
        EXPECT_EQ(code(refused), "InvalidParameterValue") << wrong;
        EXPECT_THAT(refused.body, testing::HasSubstr("IMAGE_QUALITY"));
    }
    const std::string jpeg = bytes("image/jpeg", {{"IMAGE_QUALITY", "20"}}), webp = bytes("image/webp", {{"IMAGE_QUALITY", "20"}});
    test::qgis().call_on_main([this] {
        test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& project) { project.writeEntry(QStringLiteral("WMSImageQuality"), QStringLiteral("/"), 20); });
    });
    m_catalogue->look_once();
    EXPECT_EQ(bytes("image/jpeg"), jpeg);
    EXPECT_EQ(bytes("image/webp"), webp);
}

TEST_F(GetMap, ShowsTheSameInEveryAxisOrder)
{
    const QImage east_first = picture(ask(map_request()));
    // EPSG:25833 is the same in 1.1.1.
    EXPECT_EQ(picture(ask(map_request({{"VERSION", "1.1.1"}, {"SRS", "EPSG:25833"}}, {"CRS"}))), east_first);
    const std::string north_first = "51.32,12.375,51.325,12.38", east = "12.375,51.32,12.38,51.325";
    const QImage by_latitude = picture(ask(map_request({{"CRS", "EPSG:4326"}, {"BBOX", north_first}})));
    EXPECT_EQ(picture(ask(map_request({{"CRS", "CRS:84"}, {"BBOX", east}}))), by_latitude);
    EXPECT_EQ(picture(ask(map_request({{"VERSION", "1.1.1"}, {"SRS", "EPSG:4326"}, {"BBOX", east}}, {"CRS"}))), by_latitude);
    EXPECT_NE(by_latitude.pixel(0, 0), 0U);
}

TEST_F(GetMap, GroupsAndTheRootStandForTheirLayers)
{
    const QImage both = picture(ask(map_request({{"LAYERS", "parks,trees"}})));
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "green"}}))), both);
    EXPECT_NE(picture(ask(map_request({{"LAYERS", "sample"}}))), both);
    // The leftmost is at the bottom.
    EXPECT_NE(picture(ask(map_request({{"LAYERS", "trees,parks"}}))), both);
}

TEST_F(GetMap, AGroupStandsForHiddenLayersTooOneWhoseMembersExcludeEachOtherForOne)
{
    const auto hide = [&](const QStringList& names, bool exclude = false) {
        test::qgis().call_on_main([&] {
            test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& project) {
                project.layerTreeRoot()->findGroup(QStringLiteral("Grün"))->setIsMutuallyExclusive(exclude);
                for (const QString& name : {QStringLiteral("trees"), QStringLiteral("parks")})
                    project.layerTreeRoot()->findLayer(project.mapLayersByName(name).constFirst()->id())->setItemVisibilityChecked(!names.contains(name));
            });
        });
        m_catalogue->look_once();
    };
    const QImage parks = picture(ask(map_request())), both = picture(ask(map_request({{"LAYERS", "green"}})));
    hide({QStringLiteral("trees")});
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "green"}}))), both);
    hide({QStringLiteral("trees"), QStringLiteral("parks")});
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "green"}}))), both);
    hide({QStringLiteral("trees")}, true);
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "green"}}))), parks) << "the one that is shown";
    hide({QStringLiteral("trees"), QStringLiteral("parks")}, true);
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "green"}}))), picture(ask(map_request({{"LAYERS", "trees"}})))) << "the first";
}

TEST_F(GetMap, OpacitiesTakeThePlaceOfThoseOfTheLayers)
{
    change_project([](QgsProject& project) { project.mapLayersByName(QStringLiteral("parks")).constFirst()->setOpacity(0.7); });
    const auto alpha = [&](const Parameters& more) {
        Parameters all{{"TRANSPARENT", "TRUE"}};
        all.insert(all.end(), more.begin(), more.end());
        return qAlpha(picture(ask(map_request(all))).pixel(52, 88));
    };
    EXPECT_NEAR(alpha({}), 178, 1);
    EXPECT_NEAR(alpha({{"OPACITIES", "178"}}), 178, 1);
    EXPECT_NEAR(alpha({{"OPACITIES", "64"}}), 64, 1);
    EXPECT_EQ(alpha({{"OPACITIES", "255"}}), 255);
    EXPECT_EQ(alpha({{"OPACITIES", "0"}}), 0);
    EXPECT_NEAR(alpha({{"LAYERS", "trees_tall,parks"}, {"OPACITIES", "10"}}), 178, 1) << "of the layer without one";
}

TEST_F(GetMap, TheProjectsTitleIsAnAliasOfTheRoot)
{
    const QImage all = picture(ask(map_request({{"LAYERS", "sample"}})));
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "Beispielstadt"}}))), all);
    EXPECT_EQ(ask(map_request({{"LAYERS", "Beispielstadt"}, {"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "Beispielstadt"}, {"I", "52"}, {"J", "88"}, {"INFO_FORMAT", "text/xml"}})).status, 200);
    EXPECT_EQ(code(ask(map_request({{"LAYERS", "Karten der Beispielstadt"}}))), "LayerNotDefined");
    const QImage parks = picture(ask(map_request()));
    change_project([](QgsProject& project) { project.setTitle(QStringLiteral("parks")); });
    EXPECT_EQ(picture(ask(map_request())), parks) << "a layer of that name";
    change_project([](QgsProject& project) { project.writeEntry(QStringLiteral("WMSRootName"), QStringLiteral("/"), QStringLiteral("stadt")); });
    EXPECT_EQ(ask(map_request({{"LAYERS", "stadt"}})).status, 200);
    EXPECT_EQ(code(ask(map_request({{"LAYERS", "Beispielstadt"}}))), "LayerNotDefined") << "the project names its root";
}

TEST_F(GetMap, ACommaBehindTheLastLayerIsPassedOver)
{
    const QImage parks = picture(ask(map_request()));
    for (const char* layers : {"parks,", "parks,,"})
        for (const char* styles : {"", ",", ",,,"})
            EXPECT_EQ(picture(ask(map_request({{"LAYERS", layers}, {"STYLES", styles}}))), parks) << layers << ' ' << styles;
    for (const char* layers : {",", ",parks", "parks,,trees"})
        EXPECT_EQ(code(ask(map_request({{"LAYERS", layers}}))), "LayerNotDefined") << layers;
    for (const char* styles : {",default", "default,nope"})
        EXPECT_EQ(code(ask(map_request({{"LAYERS", "parks,"}, {"STYLES", styles}}))), "StyleNotDefined") << styles;
    EXPECT_THAT(ask(map_request({{"LAYERS", "parks"}, {"STYLES", "default,default"}})).bytes(), testing::HasSubstr("STYLES has more entries than LAYERS"));
    EXPECT_EQ(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "parks,"}, {"FORMAT", "image/png"}}).status, 200);
}

TEST_F(GetMap, TilesAreDrawnWithTheProjectsBuffer)
{
    const auto change = [&](int buffer) {
        change_project([&](QgsProject& project) {
            project.writeEntry(QStringLiteral("WMSTileBuffer"), QStringLiteral("/"), buffer);
            auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst());
            trees->setRenderer(new QgsSingleSymbolRenderer(QgsMarkerSymbol::createSimple({{QStringLiteral("color"), QStringLiteral("#ff0000")}, {QStringLiteral("size"), QStringLiteral("8")}})));
        });
    };
    // Trees stand every 20 pixels; those to the left of the map reach 14 pixels in.
    const Parameters tile{{"LAYERS", "trees"}, {"BBOX", "317010.5,5690000,317060.5,5690050"}, {"WIDTH", "100"}, {"HEIGHT", "100"}};
    const auto map = [&](const char* tiled) {
        Parameters all = tile;
        if (tiled != nullptr)
            all.emplace_back("TILED", tiled);
        return picture(ask(map_request(all)));
    };
    change(40);
    const QImage whole = picture(ask(map_request({{"LAYERS", "trees"}, {"BBOX", "316990.5,5689980,317080.5,5690070"}, {"WIDTH", "180"}, {"HEIGHT", "180"}})));
    for (const char* tiled : {"TRUE", "true", "1"})
        EXPECT_EQ(map(tiled), whole.copy(40, 40, 100, 100)) << tiled;
    const QImage cut = map(nullptr);
    EXPECT_NE(cut, map("TRUE"));
    EXPECT_EQ(map("FALSE"), cut);
    change(0);
    EXPECT_EQ(map("TRUE"), cut);
}

TEST_F(GetMap, GroundIsWhiteColouredOrTransparent)
{
    EXPECT_EQ(picture(ask(map_request({{"BGCOLOR", "0x0000FF"}}))).pixel(1, 1), 0xff0000ffU);
    EXPECT_EQ(qAlpha(picture(ask(map_request({{"TRANSPARENT", "TRUE"}}))).pixel(1, 1)), 0);
    EXPECT_EQ(qAlpha(picture(ask(map_request({{"TRANSPARENT", "FALSE"}}))).pixel(1, 1)), 255);
    EXPECT_GT(qGreen(picture(ask(map_request({{"TRANSPARENT", "TRUE"}, {"FORMAT", "image/jpeg"}}))).pixel(1, 1)), 250);
    EXPECT_EQ(code(ask(map_request({{"BGCOLOR", "#ffffff"}}))), "InvalidParameterValue");
    EXPECT_EQ(code(ask(map_request({{"BGCOLOR", "0xGGGGGG"}}))), "InvalidParameterValue");
}

TEST_F(GetMap, ErrorsHaveTheCodesOfTheStandard)
{
    const auto of = [&](const Parameters& change, const std::vector<std::string>& without = {}) { return code(ask(map_request(change, without))); };
    EXPECT_EQ(of({{"LAYERS", "nothing"}}), "LayerNotDefined");
    EXPECT_EQ(of({{"LAYERS", "parks,nothing"}}), "LayerNotDefined");
    EXPECT_EQ(of({{"LAYERS", "lookup"}}), "LayerNotDefined");  // a table has no picture
    EXPECT_EQ(of({}, {"LAYERS"}), "MissingParameterValue");
    EXPECT_EQ(of({{"STYLES", "nope"}}), "StyleNotDefined");
    EXPECT_EQ(of({{"LAYERS", "parks,trees"}, {"STYLES", ",nope"}}), "StyleNotDefined");
    EXPECT_EQ(of({{"CRS", "EPSG:999999"}}), "InvalidCRS");
    EXPECT_EQ(of({{"CRS", "EPSG:31468"}}), "InvalidCRS");
    EXPECT_EQ(of({{"VERSION", "1.1.1"}, {"SRS", "x"}}, {"CRS"}), "InvalidSRS");
    EXPECT_EQ(of({}, {"CRS"}), "MissingParameterValue");
    EXPECT_EQ(of({{"FORMAT", "image/tiff"}}), "InvalidFormat");
    EXPECT_EQ(of({}, {"FORMAT"}), "MissingParameterValue");
    EXPECT_EQ(of({}, {"VERSION"}), "MissingParameterValue");
    EXPECT_EQ(of({{"SLD_BODY", "<x/>"}}), "InvalidParameterValue");
    EXPECT_EQ(of({{"SLD", "http://127.0.0.1/x"}}), "OptionNotSupported");
    for (const char* size : {"0", "-5", "4097", "100000", "1e3", "12abc", "4294967297", "2147483648"})
        EXPECT_EQ(of({{"WIDTH", size}}), "InvalidParameterValue") << size;
    EXPECT_EQ(of({{"WIDTH", ""}}), "MissingParameterValue");
    for (const char* box : {"1,0,0,1", "0,0,0,1", "0,1,1,0", "0,0,1,0", "nan,0,1,1", "0,0,inf,1", "0,0,1", "0,0,1,1,1", "1e308,0,2e308,1", "a,b,c,d"})
        EXPECT_EQ(of({{"BBOX", box}}), "InvalidParameterValue") << box;
    for (const char* dpi : {"1000000", "0", "-1", "nan"})
        EXPECT_EQ(of({{"DPI", dpi}}), "InvalidParameterValue") << dpi;
    std::string many = "parks";
    for (int i = 0; i < 300; ++i)
        many += ",parks";
    EXPECT_EQ(of({{"LAYERS", many}}), "InvalidParameterValue");
}

TEST_F(GetMap, StylesMayBeLeftOutOrBlank)
{
    const QImage both = picture(ask(map_request({{"LAYERS", "parks,trees"}})));
    for (const char* styles : {",", ",,,", "default,default", "default", ",default"})
        EXPECT_EQ(picture(ask(map_request({{"LAYERS", "parks,trees"}, {"STYLES", styles}}))), both) << styles;
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "parks,trees"}}, {"STYLES"}))), both);
}

TEST_F(GetMap, ErrorsComeInThePictureOrBlank)
{
    for (const char* name : {"INIMAGE", "application/vnd.ogc.se_inimage"}) {
        const http::Response response = ask(map_request({{"LAYERS", "nothing"}, {"EXCEPTIONS", name}}));
        EXPECT_EQ(response.content_type, "image/png");
        EXPECT_EQ(picture(response).size(), QSize(300, 200));
    }
    const QImage red = picture(ask(map_request({{"LAYERS", "nothing"}, {"EXCEPTIONS", "BLANK"}, {"BGCOLOR", "0xFF0000"}})));
    QImage expected(300, 200, QImage::Format_ARGB32);
    expected.fill(QColor(255, 0, 0));
    EXPECT_EQ(red, expected);
    const QImage clear = picture(ask(map_request({{"LAYERS", "nothing"}, {"EXCEPTIONS", "BLANK"}, {"TRANSPARENT", "TRUE"}})));
    expected.fill(Qt::transparent);
    EXPECT_EQ(clear, expected);
    EXPECT_EQ(code(ask(map_request({{"FORMAT", "x"}, {"EXCEPTIONS", "BLANK"}}))), "InvalidFormat");
    EXPECT_EQ(ask(map_request({{"LAYERS", "nothing"}})).content_type, "text/xml; charset=utf-8");
    EXPECT_EQ(ask(map_request({{"LAYERS", "nothing"}, {"VERSION", "1.1.1"}})).content_type, "application/vnd.ogc.se_xml; charset=utf-8");
}

TEST_F(GetMap, PlacesOutsideGiveAnEmptyPicture)
{
    for (const auto& [crs, box] : {std::pair{"EPSG:25833", "400000,6000000,400150,6000100"}, {"CRS:84", "-10,90,10,110"}, {"EPSG:4326", "-90,-180,90,180"}}) {
        const http::Response response = ask(map_request({{"CRS", crs}, {"BBOX", box}, {"TRANSPARENT", "TRUE"}, {"LAYERS", "ways"}}));
        EXPECT_EQ(response.status, 200) << box;
        EXPECT_EQ(qAlpha(picture(response).pixel(150, 20)), 0) << box;
    }
}

TEST_F(GetMap, SmallAndLargePicturesHaveTheirSize)
{
    EXPECT_EQ(picture(ask(map_request({{"WIDTH", "1"}, {"HEIGHT", "1"}}))).size(), QSize(1, 1));
    EXPECT_EQ(picture(ask(map_request({{"WIDTH", "8"}, {"HEIGHT", "5"}}))).size(), QSize(8, 5));
    EXPECT_EQ(picture(ask(map_request({{"WIDTH", "3000"}, {"HEIGHT", "3000"}}))).size(), QSize(3000, 3000));
}

TEST_F(GetMap, APictureThatIsStillRightIsNotSentAgain)
{
    const http::Response first = ask(map_request());
    ASSERT_FALSE(first.etag.empty());
    http::Request conditional;
    conditional.headers = {{"if-none-match", "\"" + first.etag + "\""}};
    EXPECT_EQ(ask(map_request(), conditional).status, 304);
    EXPECT_EQ(ask(map_request({{"WIDTH", "301"}}), conditional).status, 200);
    test::execute_sql(m_gpkg, "UPDATE lookup SET label='x'");
    m_catalogue->look_once();
    EXPECT_EQ(ask(map_request(), conditional).status, 200);
}

TEST_F(GetMap, LegendsAreOfferedForLayersAndGroups)
{
    const auto legend = [&](const Parameters& change) {
        Parameters all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}};
        all.insert(all.end(), change.begin(), change.end());
        return ask(all);
    };
    const QImage one = picture(legend({{"LAYER", "parks"}}));
    EXPECT_GT(one.width(), 5);
    EXPECT_GT(picture(legend({{"LAYER", "green"}})).height(), one.height());
    EXPECT_EQ(code(legend({{"LAYER", "nothing"}})), "LayerNotDefined");
    EXPECT_EQ(code(legend({{"LAYER", "parks"}, {"STYLE", "x"}})), "StyleNotDefined");
    EXPECT_EQ(code(legend({{"LAYER", "parks"}, {"WIDTH", "100000"}})), "InvalidParameterValue");
    EXPECT_EQ(code(legend({{"LAYER", "parks"}, {"RULE", "x"}})), "InvalidParameterValue");
    EXPECT_EQ(code(legend({})), "MissingParameterValue");
    EXPECT_EQ(code(legend({{"LAYER", "parks"}, {"FORMAT", "x"}})), "InvalidFormat");
}

TEST_F(GetMap, TheSizeInALegendRequestIsThatOfTheMapWhereThereIsABox)
{
    const auto legend = [&](const Parameters& change) {
        std::map<std::string, std::string> all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "trees"}, {"FORMAT", "image/png"}};
        for (const auto& [name, value] : change)
            all[name] = value;
        return ask({all.begin(), all.end()});
    };
    const auto within = [&](Parameters change) {
        change.insert(change.end(), {{"CRS", "EPSG:25833"}, {"BBOX", "316980,5689980,317130,5690080"}});
        return legend(change);
    };
    const QImage plain = picture(within({}));
    for (const char* size : {"20", "600", "1920", "5000"})
        EXPECT_EQ(picture(within({{"WIDTH", size}, {"HEIGHT", size}})), plain) << size;
    EXPECT_EQ(picture(within({{"WIDTH", "48"}, {"HEIGHT", "36"}, {"RULE", "Bäume"}})).size(), QSize(48, 36)) << "of an entry";
    EXPECT_GT(picture(legend({{"WIDTH", "200"}, {"HEIGHT", "200"}})).width(), 200) << "of the symbols";
    EXPECT_EQ(code(within({{"WIDTH", "0"}, {"HEIGHT", "20"}})), "InvalidParameterValue");
    EXPECT_EQ(code(legend({{"WIDTH", "1920"}, {"HEIGHT", "1080"}})), "InvalidParameterValue");
    // The map's width says the scale.
    change_project([](QgsProject& project) {
        auto* layer = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("parks")).constFirst());
        auto* root = new QgsRuleBasedRenderer::Rule(nullptr);
        const auto add = [&](const char* label, int from, int to) {
            root->appendChild(new QgsRuleBasedRenderer::Rule(QgsSymbol::defaultSymbol(layer->geometryType()), from, to, {}, QString::fromLatin1(label)));
        };
        add("near", 0, 5000);
        add("far", 5000, 0);
        layer->setRenderer(new QgsRuleBasedRenderer(root));
    });
    const auto entries = [&](const char* parameter, const char* width) {
        const std::string json = within({{"LAYER", "parks"}, {"FORMAT", "application/json"}, {parameter, width}}).bytes();
        return std::pair(json.find("near") != std::string::npos, json.find("far") != std::string::npos);
    };
    for (const char* parameter : {"WIDTH", "SRCWIDTH"}) {
        EXPECT_EQ(entries(parameter, "600"), std::pair(true, false)) << parameter;
        EXPECT_EQ(entries(parameter, "30"), std::pair(false, true)) << parameter;
    }
}

TEST_F(GetMap, UnknownRequestsAreNotSupported)
{
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "PutStyles"}})), "OperationNotSupported");
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}})), "MissingParameterValue");
}

TEST_F(GetMap, ALayerNamedAgainIsDrawnOnceAndGroupsCountByTheirLayers)
{
    const QImage once = picture(ask(map_request({{"LAYERS", "parks"}})));
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "parks,parks,parks"}, {"OPACITIES", "10,10,255"}}))), once);
    std::string often = "sample";
    for (int i = 1; i < 150; ++i)
        often += ",sample";
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", often}}))), picture(ask(map_request({{"LAYERS", "sample"}}))));
    for (int i = 0; i < 60; ++i)
        often += ",sample";
    EXPECT_EQ(code(ask(map_request({{"LAYERS", often}}))), "InvalidParameterValue");
    EXPECT_EQ(code(ask(map_request({{"QUERY_LAYERS", often}, {"REQUEST", "GetFeatureInfo"}, {"I", "1"}, {"J", "1"}}))), "InvalidParameterValue");
    EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", often}, {"FORMAT", "image/png"}})), "InvalidParameterValue");
}

TEST_F(GetMap, TheRootOfAProjectWithoutLayersIsAnEmptyPicture)
{
    test::qgis().call_on_main([&] {
        QgsProject empty;
        empty.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
        empty.write(QString::fromStdString(m_qgz));
    });
    m_catalogue->look_once();
    const QImage map = picture(ask(map_request({{"LAYERS", "sample"}})));
    EXPECT_EQ(map.size(), QSize(300, 200));
    EXPECT_EQ(map.pixel(150, 100), 0xffffffffU);
    EXPECT_EQ(code(ask(map_request({{"LAYERS", "other"}}))), "LayerNotDefined");
}

}  // namespace
}  // namespace stadtgdi::wms
