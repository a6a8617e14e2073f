// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <qgsproject.h>
#include <qgsvectorlayer.h>

#include <thread>

namespace stadtgdi::wms {
namespace {

using testing::HasSubstr;

const std::string sld_head = "<StyledLayerDescriptor version=\"1.1.0\" xmlns=\"http://www.opengis.net/sld\" xmlns:se=\"http://www.opengis.net/se\" xmlns:ogc=\"http://www.opengis.net/ogc\">";

std::string style_of(const std::string& layer, const std::string& rules, const std::string& name = "mine")
{
    return sld_head + "<NamedLayer><se:Name>" + layer + "</se:Name><UserStyle><se:Name>" + name + "</se:Name><se:FeatureTypeStyle>" + rules +
           "</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>";
}

std::string filled(const std::string& colour, const std::string& before = {})
{
    return "<se:Rule>" + before + "<se:PolygonSymbolizer><se:Fill><se:SvgParameter name=\"fill\">" + colour + "</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>";
}

std::string named(const std::string& value)
{
    return "<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>" + value + "</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>";
}

class OwnStyles : public WmsTest {
protected:
    http::Response with(const std::string& sld, const Parameters& more = {}) const
    {
        Parameters all{{"SLD_BODY", sld}};
        all.insert(all.end(), more.begin(), more.end());
        return ask(map_request(all));
    }
    static QRgb south(const QImage& image) { return image.pixel(52, 88); }  // in the Südpark, whose other neighbour is the O'Brien-Park
    static QRgb brien(const QImage& image) { return image.pixel(190, 140); }
};

TEST_F(OwnStyles, AStyleOfTheClientReplacesThatOfTheLayer)
{
    const QImage image = picture(with(style_of("parks", filled("#ff0000"))));
    EXPECT_EQ(south(image), 0xffff0000U);
    EXPECT_EQ(brien(image), 0xffff0000U);
    EXPECT_EQ(image.pixel(70, 130), 0xffffffffU);  // the hole
    EXPECT_EQ(south(picture(ask(map_request()))), 0xffa6dba0U);  // the layer keeps its own
}

TEST_F(OwnStyles, RulesTakeFeaturesByFilterScaleAndElse)
{
    const QImage image = picture(with(style_of("parks", filled("#ff0000", named("Südpark")) + filled("#0000ff", "<se:ElseFilter/>"))));
    EXPECT_EQ(south(image), 0xffff0000U);
    EXPECT_EQ(brien(image), 0xff0000ffU);
    // 150 m on 300 pixels of 0.28 mm are 1:1786.
    const std::string near_rule = filled("#ff0000", "<se:MaxScaleDenominator>1000</se:MaxScaleDenominator>");
    const std::string far_rule = filled("#0000ff", "<se:MinScaleDenominator>1000</se:MinScaleDenominator>");
    EXPECT_EQ(south(picture(with(style_of("parks", near_rule + far_rule)))), 0xff0000ffU);
    EXPECT_EQ(south(picture(with(style_of("parks", near_rule)))), 0xffffffffU);
}

TEST_F(OwnStyles, LayersMayComeFromTheDescription)
{
    const std::string both = sld_head + "<NamedLayer><se:Name>parks</se:Name></NamedLayer><NamedLayer><se:Name>trees</se:Name><UserStyle><se:FeatureTypeStyle><se:Rule><se:PointSymbolizer><se:Graphic>"
                             "<se:Mark><se:WellKnownName>square</se:WellKnownName><se:Fill><se:SvgParameter name=\"fill\">#000080</se:SvgParameter></se:Fill></se:Mark><se:Size>8</se:Size>"
                             "</se:Graphic></se:PointSymbolizer></se:Rule></se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>";
    Parameters all = map_request({{"SLD_BODY", both}}, {"LAYERS", "STYLES"});
    const QImage image = picture(ask(all));
    EXPECT_EQ(image.pixel(40, 160), 0xff000080U);  // tree 0
    EXPECT_EQ(south(image), 0xffa6dba0U);
    EXPECT_EQ(image.pixel(40 + 6, 158), 0xffa6dba0U);  // 8 pixels wide
}

TEST_F(OwnStyles, LinesAreAsWideAndDashedAsDescribed)
{
    const auto line = [](const std::string& more) {
        return style_of("ways", "<se:Rule><se:LineSymbolizer><se:Stroke><se:SvgParameter name=\"stroke\">#ff0000</se:SvgParameter>"
                                "<se:SvgParameter name=\"stroke-width\">10</se:SvgParameter>" + more + "</se:Stroke></se:LineSymbolizer></se:Rule>");
    };
    // Ways lie at 5690005: row 150, from column 40 to 220.
    const QImage whole = picture(with(line(""), {{"LAYERS", "ways"}}));
    EXPECT_EQ(whole.pixel(100, 150), 0xffff0000U);
    EXPECT_EQ(whole.pixel(100, 146), 0xffff0000U);
    EXPECT_EQ(whole.pixel(100, 143), 0xffffffffU);
    const QImage dashed = picture(with(line("<se:SvgParameter name=\"stroke-dasharray\">20 20</se:SvgParameter>"), {{"LAYERS", "ways"}}));
    int red = 0;
    for (int x = 40; x < 220; ++x)
        red += dashed.pixel(x, 150) == 0xffff0000U ? 1 : 0;
    EXPECT_GT(red, 70);
    EXPECT_LT(red, 110);
}

TEST_F(OwnStyles, WhatCannotBeDrawnExactlyIsRefused)
{
    const auto symbolizer = [](const std::string& inside) { return style_of("trees", "<se:Rule>" + inside + "</se:Rule>"); };
    const auto refused = [&](const std::string& sld) { return code(with(sld, {{"LAYERS", "trees"}})); };
    EXPECT_EQ(refused(symbolizer("<se:TextSymbolizer/>")), "OptionNotSupported");
    EXPECT_EQ(refused(symbolizer("<se:PointSymbolizer><se:Graphic><se:ExternalGraphic><se:OnlineResource href=\"http://127.0.0.1:9/a.svg\"/></se:ExternalGraphic></se:Graphic></se:PointSymbolizer>")),
              "OptionNotSupported");
    EXPECT_EQ(refused(symbolizer("<se:PointSymbolizer><se:Graphic><se:Size><ogc:Function name=\"env\"/></se:Size></se:Graphic></se:PointSymbolizer>")), "OptionNotSupported");
    EXPECT_EQ(refused(sld_head + "<UserLayer/></StyledLayerDescriptor>"), "OptionNotSupported");
    EXPECT_EQ(code(ask(map_request({{"SLD", "http://127.0.0.1:9/x.sld"}}))), "OptionNotSupported");
    for (const char* wrong : {"1e9", "-1", "nan", "x"})
        EXPECT_EQ(refused(symbolizer("<se:PointSymbolizer><se:Graphic><se:Size>" + std::string(wrong) + "</se:Size></se:Graphic></se:PointSymbolizer>")), "InvalidParameterValue") << wrong;
    EXPECT_EQ(refused(symbolizer("<se:PolygonSymbolizer><se:Fill><se:SvgParameter name=\"fill\">red</se:SvgParameter></se:Fill></se:PolygonSymbolizer>")), "InvalidParameterValue");
}

TEST_F(OwnStyles, DamagedDescriptionsAreToldNotSwallowed)
{
    EXPECT_EQ(code(with("garbage")), "InvalidParameterValue");
    EXPECT_EQ(code(with("<a/>")), "InvalidParameterValue");
    EXPECT_EQ(with(style_of("parks", filled("#ff0000"))).status, 200);
    for (const std::string& damaged : {style_of("parks", filled("#ff0000")) + "<a/>", style_of("parks", filled("#ff0000")) + "x", style_of("parks", filled("&nope;")), style_of("parks", filled("#ff0000") + "&")})
        EXPECT_THAT(with(damaged).bytes(), HasSubstr("not well-formed")) << damaged;
    EXPECT_EQ(code(with(sld_head + "</StyledLayerDescriptor>")), "InvalidParameterValue");
    EXPECT_EQ(code(with(std::string(6'000'000, ' '))), "InvalidParameterValue");
    EXPECT_THAT(with("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + style_of("&e;", "")).bytes(), testing::AllOf(HasSubstr("DOCTYPE"), testing::Not(HasSubstr("root:"))));
    std::string many;
    for (int i = 0; i < 101; ++i)
        many += "<se:Rule/>";
    EXPECT_EQ(code(with(style_of("parks", many))), "InvalidParameterValue");
    EXPECT_EQ(with(style_of("parks", "<se:Rule><se:ElseFilter/></se:Rule>")).status, 200);  // nothing to draw
    // A layer that is not there, named by the description alone.
    EXPECT_EQ(code(ask(map_request({{"SLD_BODY", style_of("secret", filled("#ff0000"))}}, {"LAYERS", "STYLES"}))), "LayerNotDefined");
    EXPECT_EQ(code(with(style_of("parks", filled("#ff0000", named("x") + "")), {{"STYLES", "other"}})), "StyleNotDefined");
    EXPECT_EQ(code(with(style_of("parks", filled("#ff0000", "<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>secret</ogc:PropertyName><ogc:Literal>1</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>")))),
              "InvalidParameterValue");
}

TEST_F(OwnStyles, HighlightsLieOnTop)
{
    const std::string fill = sld_head + "<UserStyle><se:FeatureTypeStyle>" + filled("#ff00ff") + "</se:FeatureTypeStyle></UserStyle></StyledLayerDescriptor>";
    const std::string polygon = "POLYGON((317000 5690000, 317020 5690000, 317020 5690020, 317000 5690020, 317000 5690000))";
    const QImage image = picture(ask(map_request({{"HIGHLIGHT_GEOM", polygon}, {"HIGHLIGHT_SYMBOL", fill}})));
    EXPECT_EQ(image.pixel(70, 130), 0xffff00ffU);  // also over the hole
    EXPECT_EQ(image.pixel(90, 130), 0xffa6dba0U);
    // Two geometries, the second with a label of plain text.
    const http::Response labelled = ask(map_request({{"HIGHLIGHT_GEOM", polygon + ";POINT(317100 5690060)"}, {"HIGHLIGHT_SYMBOL", fill + ";"},
                                                     {"HIGHLIGHT_LABELSTRING", ";[% 1 + 1 %]"}, {"HIGHLIGHT_LABELSIZE", ";20"}, {"HIGHLIGHT_LABELCOLOR", ";#0000ff"},
                                                     {"HIGHLIGHT_LABELBUFFERCOLOR", ";#ffff00"}, {"HIGHLIGHT_LABELBUFFERSIZE", ";1"}}));
    const QImage text = picture(labelled);
    int blue = 0, yellow = 0;
    for (int y = 0; y < text.height(); ++y)
        for (int x = 0; x < text.width(); ++x) {
            blue += text.pixel(x, y) == 0xff0000ffU ? 1 : 0;
            yellow += text.pixel(x, y) == 0xffffff00U ? 1 : 0;
        }
    EXPECT_GT(blue, 100);
    EXPECT_GT(yellow, 100);
    for (const char* wrong : {"POLYGON((0 0", "CURVE(1 2)", "x", "POINT(1)"})
        EXPECT_EQ(code(ask(map_request({{"HIGHLIGHT_GEOM", wrong}}))), "InvalidParameterValue") << wrong;
    const auto labelled_by = [&](const std::string& parameter, const std::string& value) {
        return ask(map_request({{"HIGHLIGHT_GEOM", polygon}, {"HIGHLIGHT_LABELSTRING", "Mitte"}, {"HIGHLIGHT_LABELSIZE", "20"}, {parameter, value}}));
    };
    const auto has = [](const http::Response& response, QRgb colour) {
        const QImage shown = picture(response);
        for (int i = 0; i < shown.width() * shown.height(); ++i)
            if (shown.pixel(i % shown.width(), i / shown.width()) == colour)
                return true;
        return false;
    };
    EXPECT_TRUE(has(labelled_by("HIGHLIGHT_LABELCOLOR", "orange"), 0xffffa500U));
    EXPECT_TRUE(has(labelled_by("HIGHLIGHT_LABELCOLOR", "RebeccaPurple"), 0xff663399U));
    EXPECT_EQ(code(labelled_by("HIGHLIGHT_LABELCOLOR", "oranges")), "InvalidParameterValue");
    for (const char* word : {"Center", "LEFT", "right"})
        EXPECT_EQ(labelled_by("HIGHLIGHT_LABEL_HORIZONTAL_ALIGNMENT", word).status, 200) << word;
    for (const char* word : {"Base", "Half", "top", "Cap", "bottom"})
        EXPECT_EQ(labelled_by("HIGHLIGHT_LABEL_VERTICAL_ALIGNMENT", word).status, 200) << word;
    EXPECT_EQ(code(labelled_by("HIGHLIGHT_LABEL_VERTICAL_ALIGNMENT", "left")), "InvalidParameterValue");
    EXPECT_EQ(code(ask(map_request({{"HIGHLIGHT_GEOM", polygon}, {"HIGHLIGHT_SYMBOL", "<x"}}))), "InvalidParameterValue");
    EXPECT_EQ(code(ask(map_request({{"HIGHLIGHT_GEOM", polygon}, {"HIGHLIGHT_SYMBOL", fill + "<a/>"}}))), "InvalidParameterValue");
    EXPECT_EQ(code(ask(map_request({{"HIGHLIGHT_GEOM", polygon}, {"HIGHLIGHT_LABELSIZE", "1e9"}}))), "InvalidParameterValue");
}

TEST_F(OwnStyles, ALayerTwiceInTwoStylesIsDrawnTwice)
{
    const std::string two = sld_head + "<NamedLayer><se:Name>parks</se:Name><UserStyle><se:Name>a</se:Name><se:FeatureTypeStyle>" + filled("#ff0000", named("Südpark")) +
                            "</se:FeatureTypeStyle></UserStyle><UserStyle><se:Name>b</se:Name><se:FeatureTypeStyle>" + filled("#0000ff", named("O'Brien-Park")) +
                            "</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>";
    const QImage image = picture(with(two, {{"LAYERS", "parks,parks"}, {"STYLES", "a,b"}}));
    EXPECT_EQ(south(image), 0xffff0000U);
    EXPECT_EQ(brien(image), 0xff0000ffU);
}

TEST_F(OwnStyles, FeatureInformationIsOfWhatTheStyleShows)
{
    const auto info = [&](const Parameters& more) {
        Parameters all = map_request({{"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "parks"}, {"I", "190"}, {"J", "140"}, {"INFO_FORMAT", "application/json"}});
        all.insert(all.end(), more.begin(), more.end());
        return ask(all);
    };
    const std::string plain = info({}).bytes();
    EXPECT_THAT(plain, HasSubstr("O'Brien-Park"));
    EXPECT_EQ(info({{"SLD_BODY", style_of("parks", filled("#ff0000", named("O'Brien-Park")))}}).bytes(), plain);
    EXPECT_THAT(info({{"SLD_BODY", style_of("parks", filled("#ff0000", named("Südpark")))}}).bytes(), Not(HasSubstr("O'Brien-Park")));
    EXPECT_EQ(code(info({{"SLD_BODY", "garbage"}})), "InvalidParameterValue");
    EXPECT_EQ(code(info({{"SLD_BODY", style_of("parks", "<se:Rule><se:TextSymbolizer/></se:Rule>")}})), "OptionNotSupported");
    // Its layers may be named by the description alone.
    const Parameters described = map_request({{"REQUEST", "GetFeatureInfo"}, {"QUERY_LAYERS", "parks"}, {"I", "190"}, {"J", "140"}, {"INFO_FORMAT", "application/json"},
                                              {"SLD_BODY", style_of("parks", filled("#ff0000"))}}, {"LAYERS", "STYLES"});
    EXPECT_EQ(ask(described).bytes(), plain);
}

TEST_F(OwnStyles, HighlightsNeedNoLayerInItsScale)
{
    // Ways are shown from 1:5000 on; 3000 m x 3000 m on 300 x 200 pixels are drawn stretched.
    const std::string fill = sld_head + "<UserStyle><se:FeatureTypeStyle>" + filled("#ff00ff") + "</se:FeatureTypeStyle></UserStyle></StyledLayerDescriptor>";
    const Parameters all = map_request({{"LAYERS", "ways"}, {"BBOX", "316000,5689000,319000,5692000"}, {"HIGHLIGHT_SYMBOL", fill},
                                        {"HIGHLIGHT_GEOM", "POLYGON((317000 5690000, 318000 5690000, 318000 5691500, 317000 5691500, 317000 5690000))"}});
    const http::Response response = ask(all);
    ASSERT_EQ(response.status, 200) << response.bytes();
    const QImage image = picture(response);
    // Columns 100 to 200, rows 33 to 133.
    for (const auto& [x, y] : {std::pair(104, 37), {196, 37}, {104, 129}, {196, 129}, {150, 80}})
        EXPECT_EQ(image.pixel(x, y), 0xffff00ffU) << x << " " << y;
    for (const auto& [x, y] : {std::pair(96, 80), {204, 80}, {150, 29}, {150, 137}, {96, 29}})
        EXPECT_EQ(image.pixel(x, y), 0xffffffffU) << x << " " << y;
}

TEST_F(OwnStyles, MapsAtTheSameTimeKeepTheirOwnStylesAndSelections)
{
    const std::vector<Parameters> requests{map_request(), map_request({{"SLD_BODY", style_of("parks", filled("#ff0000"))}}), map_request({{"SELECTION", "parks:1"}}),
                                           map_request({{"SLD_BODY", style_of("parks", filled("#0000ff", named("Südpark")))}}), map_request({{"FILTER", "parks:\"name\" = 'Südpark'"}}),
                                           map_request({{"LAYERS", "trees_joined"}}), map_request({{"LAYERS", "trees_joined"}, {"SELECTION", "trees_joined:11"}}),
                                           map_request({{"LAYERS", "trees_joined"}, {"OPACITIES", "100"}})};
    std::vector<std::string> expected;
    for (const Parameters& request : requests)
        expected.push_back(ask(request).bytes());
    for (std::size_t i = 0; i < expected.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_NE(expected[i], expected[j]) << i << " " << j;
    constexpr int threads = 8, rounds = 6;
    std::vector<std::string> wrong(threads);
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t)
        running.emplace_back([&, t] {
            for (int round = 0; round < rounds; ++round) {
                const std::size_t which = static_cast<std::size_t>(t + round * 3) % requests.size();
                if (ask(requests[which]).bytes() != expected[which])
                    wrong[static_cast<std::size_t>(t)] += std::to_string(which) + " ";
            }
        });
    for (std::thread& thread : running)
        thread.join();
    for (const std::string& one : wrong)
        EXPECT_EQ(one, "");
}

}  // namespace
}  // namespace stadtgdi::wms
