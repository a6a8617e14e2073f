// SPDX-License-Identifier: GPL-2.0-or-later
#include "drawing_test.hpp"

#include <services/render/qgis/map_settings.hpp>

#include <plugins/bridge/compat.hpp>

#include <qgscategorizedsymbolrenderer.h>
#include <qgsgraduatedsymbolrenderer.h>
#include <qgsmaprenderersequentialjob.h>
#include <qgsmarkersymbol.h>
#include <qgspallabeling.h>
#include <qgsrulebasedrenderer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

#include <algorithm>
#include <cstring>
#include <future>
#include <set>
#include <thread>

namespace stadtgdi::render {
namespace {

using test::qgis;

class MapDrawing : public DrawingTest {
protected:
    void SetUp() override
    {
        open([](QgsProject& project, const std::string&) {
            auto* ways = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("ways")).constFirst());
            QgsPalLayerSettings labels;
            labels.fieldName = QStringLiteral("name");
            ways->setLabeling(new QgsVectorLayerSimpleLabeling(labels));
            ways->setLabelsEnabled(true);
        });
    }

    MapSpec whole(int width = 300, int height = 200) const
    {
        MapSpec spec;
        spec.layers = {{"parks", "", 1.0}, {"ways", "", 1.0}, {"trees", "", 1.0}};
        spec.crs = "EPSG:25833";
        spec.box = {316980, 5689980, 317130, 5690080};
        spec.width = width;
        spec.height = height;
        return spec;
    }

    /// The same by QGIS's own means alone.
    QImage by_qgis(const MapSpec& spec) const
    {
        return qgis().call_on_main([&] {
            QgsMapRendererSequentialJob job(map_settings(*m_project, spec));
            job.start();
            job.waitForFinished();
            return job.renderedImage();
        });
    }

    static bool equal(const Image& ours, const QImage& theirs)
    {
        if (ours.width != theirs.width() || ours.height != theirs.height())
            return false;
        for (int y = 0; y < ours.height; ++y)
            if (std::memcmp(ours.pixels.data() + 4 * static_cast<std::size_t>(ours.width) * static_cast<std::size_t>(y), theirs.constScanLine(y),
                            4 * static_cast<std::size_t>(ours.width)) != 0)
                return false;
        return true;
    }

    static std::uint32_t pixel(const Image& image, int x, int y)
    {
        std::uint32_t value;
        std::memcpy(&value, image.pixels.data() + 4 * static_cast<std::size_t>(y * image.width + x), 4);
        return value;
    }
};

TEST_F(MapDrawing, GivesTheVeryBytesOfTheSequentialJob)
{
    for (const char* crs : {"EPSG:25833", "EPSG:3857"}) {
        MapSpec spec = whole();
        spec.crs = crs;
        if (std::string(crs) == "EPSG:3857")
            spec.box = {1374100, 6673000, 1374400, 6673200};
        for (const bool transparent : {false, true}) {
            spec.transparent = transparent;
            EXPECT_TRUE(equal(m_drawer->draw(spec, m_run), by_qgis(spec))) << crs << transparent;
        }
    }
}

TEST_F(MapDrawing, ShowsTheLayersOverTheBackground)
{
    MapSpec spec = whole();
    spec.background = 0xff0000ff;
    const Image image = m_drawer->draw(spec, m_run);
    EXPECT_EQ(pixel(image, 1, 1), 0xff0000ffU);
    // (317005, 5690035) is inside the first park, away from trees and ways: 2 pixels a metre.
    EXPECT_EQ(pixel(image, 2 * 25 + 2, 2 * 44), 0xffa6dba0U);
    spec.transparent = true;
    EXPECT_EQ(pixel(m_drawer->draw(spec, m_run), 1, 1), 0U);
}

TEST_F(MapDrawing, ManyThreadsGetTheSamePicture)
{
    const QImage expected = by_qgis(whole());
    std::vector<std::future<bool>> all;
    for (int i = 0; i < 12; ++i)
        all.push_back(std::async(std::launch::async, [&] {
            base::RunContext run;
            return equal(m_drawer->draw(whole(), run), expected);
        }));
    for (std::future<bool>& one : all)
        EXPECT_TRUE(one.get());
}

TEST_F(MapDrawing, StretchesABoxOfAnotherShape)
{
    const MapSpec spec = whole(300, 100);  // the box asks for 300 x 200
    const Image image = m_drawer->draw(spec, m_run);
    EXPECT_EQ(image.width, 300);
    EXPECT_EQ(image.height, 100);
    EXPECT_EQ(pixel(image, 2 * 25 + 2, 44), 0xffa6dba0U);
}

TEST_F(MapDrawing, NoShapeOfABoxMakesAHugePicture)
{
    for (const double ratio : {1e-9, 1e-3, 0.1, 0.5, 2.0, 10.0, 1e3, 1e9}) {
        MapSpec spec = whole(4096, 4096);
        spec.box = {0, 0, 1000, 1000 * ratio};
        const QSize size = picture_size(spec);
        EXPECT_LE(static_cast<double>(size.width()) * size.height(), 2.0 * 4096 * 4096 * 1.01) << ratio;
        EXPECT_LE(std::max(size.width(), size.height()), 16384) << ratio;
        EXPECT_GE(std::min(size.width(), size.height()), 1) << ratio;
    }
    EXPECT_EQ(picture_size(whole()), QSize(300, 200));
}

TEST_F(MapDrawing, ALayerOutOfItsScaleRangeIsNotShown)
{
    MapSpec spec = whole();
    spec.layers = {{"ways", "", 1.0}};
    spec.transparent = true;
    const auto colours = [&](const MapSpec& s) {
        const Image image = m_drawer->draw(s, m_run);
        return std::set<std::uint8_t>(image.pixels.begin(), image.pixels.end()).size();
    };
    EXPECT_GT(colours(spec), 1U);  // 1:1786
    spec.box = {316000, 5689000, 317500, 5690000};
    EXPECT_EQ(colours(spec), 1U);  // 1:17857
}

TEST_F(MapDrawing, OpacityHoldsForTheRequestAlone)
{
    MapSpec spec = whole();
    spec.transparent = true;
    spec.layers = {{"parks", "", 0.5}};
    EXPECT_NEAR(pixel(m_drawer->draw(spec, m_run), 52, 88) >> 24, 128, 1);
    spec.layers = {{"parks", "", 1.0}};
    EXPECT_EQ(pixel(m_drawer->draw(spec, m_run), 52, 88) >> 24, 255U);
}

TEST_F(MapDrawing, UnknownNamesAreErrors)
{
    MapSpec spec = whole();
    spec.layers = {{"nothing", "", 1.0}};
    EXPECT_THROW(m_drawer->draw(spec, m_run), Error);
    spec.layers = {{"parks", "nothing", 1.0}};
    EXPECT_THROW(m_drawer->draw(spec, m_run), Error);
}

TEST_F(MapDrawing, AStopEndsIt)
{
    std::stop_source stop;
    stop.request_stop();
    base::RunContext run(0, stop.get_token());
    try {
        m_drawer->draw(whole(), run);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
}

TEST_F(MapDrawing, LegendsHaveTheSymbolAndKeepTheirSize)
{
    LegendSpec spec;
    spec.layers = {{"parks", "", 1.0}};
    const Image legend = m_drawer->draw_legend(spec, m_run);
    EXPECT_GT(legend.width, 10);
    EXPECT_GT(legend.height, 10);
    bool symbol = false;
    for (int y = 0; y < legend.height; ++y)
        for (int x = 0; x < legend.width; ++x)
            symbol = symbol || pixel(legend, x, y) == 0xffa6dba0U;
    EXPECT_TRUE(symbol);
    const Image again = m_drawer->draw_legend(spec, m_run);
    EXPECT_EQ(again.pixels, legend.pixels);
    for (int time = 0; time < 2; ++time)
        EXPECT_EQ(m_drawer->encoded_legend(spec, ImageFormat::png, m_run), encode(legend, ImageFormat::png));
    EXPECT_EQ(m_drawer->encoded_legend(spec, ImageFormat::webp, m_run), encode(legend, ImageFormat::webp));
    spec.layer_titles = true;
    EXPECT_GT(m_drawer->draw_legend(spec, m_run).height, legend.height);
    spec.rule = "nothing";
    EXPECT_THROW(m_drawer->draw_legend(spec, m_run), Error);
}

TEST_F(MapDrawing, ErrorsAreWrittenIntoPictures)
{
    const Image text = m_drawer->draw_text("Layer 'x' is not offered.", 200, 40, false, 0xffffffff);
    EXPECT_EQ(text.width, 200);
    const std::set<std::uint8_t> values(text.pixels.begin(), text.pixels.end());
    EXPECT_GT(values.size(), 1U);
    EXPECT_EQ(pixel(m_drawer->draw_text("", 20, 10, true, 0), 5, 5), 0U);
    // As can be read on the ground; with a halo where there is none.
    // Letters are smoothed: nearly black or white.
    const auto brightest = [](const Image& image, bool dark) {
        int found = dark ? 255 : 0;
        for (std::size_t i = 0; i < image.pixels.size(); i += 4)
            if (image.pixels[i + 3] == 255) {
                const auto [least, most] = std::minmax({image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]});
                found = dark ? std::min<int>(found, most) : std::max<int>(found, least);
            }
        return found;
    };
    const auto on = [&](std::uint32_t ground, bool transparent) { return m_drawer->draw_text("IIII llll ||||", 200, 40, transparent, ground); };
    for (const std::uint32_t ground : {0xffffffffU, 0xfff6f4eeU, 0xffffff00U})
        EXPECT_LT(brightest(on(ground, false), true), 100) << ground;
    for (const std::uint32_t ground : {0xff000000U, 0xffb00020U, 0xff0000ffU})
        EXPECT_GT(brightest(on(ground, false), false), 155) << ground;
    EXPECT_LT(brightest(on(0, true), true), 100);
    EXPECT_GT(brightest(on(0, true), false), 155);
    EXPECT_EQ(pixel(on(0, true), 199, 39), 0U);
    // What is long is written smaller and in more lines, a word without a blank too.
    const Image small = m_drawer->draw_text("Der Layer 'ein_sehr_langer_name_ohne_leerzeichen' wird nicht angeboten.", 120, 60, false, 0xffffffff);
    bool at_edge = false;
    for (int x = 0; x < small.width; ++x) {
        at_edge = at_edge || pixel(small, x, small.height - 1) != 0xffffffffU;
    }
    for (int y = 0; y < small.height; ++y)
        at_edge = at_edge || pixel(small, small.width - 1, y) != 0xffffffffU;
    EXPECT_FALSE(at_edge);
}

TEST_F(MapDrawing, StylesAreDescribedWithoutSomeEntries)
{
    const auto described = [&](const std::set<std::string>& left_out) {
        const std::string styles = m_drawer->style_document({.name = "trees", .style = "", .unseen_entries = left_out}, m_run);
        std::string names;
        for (const char* name : {"a", "b", "c"})
            if (styles.find("<se:Name>" + std::string(name) + "</se:Name>") != std::string::npos)
                names += name;
        return names;
    };
    const auto symbol = [] { return bridge::compat::owned(QgsMarkerSymbol::createSimple({})); };
    const auto key_of_second = [](const QgsFeatureRenderer& renderer) { return bridge::compat::utf8(renderer.legendSymbolItems().at(1).ruleKey()); };
    std::vector<std::unique_ptr<QgsFeatureRenderer>> renderers;
    QgsCategoryList categories;
    QgsRangeList ranges;
    auto* rules = new QgsRuleBasedRenderer::Rule(nullptr);
    for (const char* name : {"a", "b", "c"}) {
        const QString label = QString::fromLatin1(name);
        const double from = name[0];
        categories << QgsRendererCategory(label, symbol(), label);
        ranges << QgsRendererRange(from, from + 1, symbol(), label);
        rules->appendChild(new QgsRuleBasedRenderer::Rule(symbol(), 0, 0, QStringLiteral("\"species\" = '%1'").arg(label), label));
    }
    renderers.push_back(std::make_unique<QgsCategorizedSymbolRenderer>(QStringLiteral("species"), categories));
    renderers.push_back(std::make_unique<QgsGraduatedSymbolRenderer>(QStringLiteral("height"), ranges));
    renderers.push_back(std::make_unique<QgsRuleBasedRenderer>(rules));
    for (std::unique_ptr<QgsFeatureRenderer>& renderer : renderers) {
        const std::string type = bridge::compat::utf8(renderer->type()), second = key_of_second(*renderer);
        open([&](QgsProject& project, const std::string&) {
            qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst())->setRenderer(renderer.release());
        });
        EXPECT_EQ(described({}), "abc") << type;
        EXPECT_EQ(described({second}), "ac") << type;
        EXPECT_EQ(described({"nothing"}), "") << type;
    }
}

TEST_F(MapDrawing, StylesAreDescribedWithoutLabelsToThoseWhoSeeSomeRows)
{
    const auto described = [&](const project::SeenRows& seen) { return m_drawer->style_document({.name = "ways", .style = "", .seen = seen}, m_run); };
    EXPECT_NE(described({}).find("TextSymbolizer"), std::string::npos);
    const std::string of_some = described({{"disclosure_class"}, {"public"}});
    EXPECT_EQ(of_some.find("TextSymbolizer"), std::string::npos);
    EXPECT_NE(of_some.find("LineSymbolizer"), std::string::npos);
}

TEST_F(MapDrawing, LabelsCanBeKeptWithinABox)
{
    open([](QgsProject& project, const std::string&) {
        auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst());
        QgsPalLayerSettings settings;
        settings.fieldName = QStringLiteral("'Baum ' || \"fid\"");
        settings.isExpression = true;
        trees->setLabeling(new QgsVectorLayerSimpleLabeling(settings));
        trees->setLabelsEnabled(true);
    });
    MapSpec labels = whole();
    labels.layers = {{"trees", "", 1.0}};
    labels.transparent = true;
    MapSpec symbols = labels;
    const auto without_labels = qgis().call_on_main([&] {
        QgsMapSettings settings = map_settings(*m_project, symbols);
        settings.setFlag(Qgis::MapSettingsFlag::DrawLabeling, false);
        QgsMapRendererSequentialJob job(settings);
        job.start();
        job.waitForFinished();
        return job.renderedImage();
    });
    const auto label_pixels = [&](const MapSpec& spec, bool inside) {
        const Image image = m_drawer->draw(spec, m_run);
        int count = 0;
        for (int y = 0; y < image.height; ++y)
            for (int x = 0; x < image.width; ++x) {
                std::uint32_t plain;
                std::memcpy(&plain, without_labels.constScanLine(y) + 4 * static_cast<std::size_t>(x), 4);
                // The box below: 2 pixels a metre.
                const bool within = x >= 120 && x < 240 && y >= 40 && y < 160;
                count += within == inside && pixel(image, x, y) != plain ? 1 : 0;
            }
        return count;
    };
    EXPECT_GT(label_pixels(labels, false), 0) << "labels stand everywhere";
    labels.labels_within = {317040, 5690000, 317100, 5690060};
    EXPECT_GT(label_pixels(labels, true), 0);
    EXPECT_EQ(label_pixels(labels, false), 0);
}

}  // namespace
}  // namespace stadtgdi::render
