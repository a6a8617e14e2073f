// SPDX-License-Identifier: GPL-2.0-or-later
#include "drawing_test.hpp"

#include <layers/crs/transform.hpp>
#include <layers/io/window_order.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/layer_reader.hpp>
#include <services/render/qgis/compiled_map_drawer.hpp>
#include <services/store/snapshot_cache.hpp>

#include <QPainter>
#include <qgscategorizedsymbolrenderer.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsmarkersymbol.h>
#include <qgsnullsymbolrenderer.h>
#include <qgsnullsymbolrenderer.h>
#include <qgspallabeling.h>
#include <qgsrulebasedrenderer.h>
#include <qgssinglesymbolrenderer.h>
#include <qgssymbollayer.h>
#include <qgstextformat.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace stadtgdi::render {
namespace {

using test::qgis;

class CompiledDrawing : public DrawingTest {
protected:
    void open_compiled(const std::function<void(QgsProject&, const std::string&)>& change)
    {
        open(change);
        m_styles = std::make_shared<CompiledStyles>(qgis(), m_project);
        m_compiled = std::make_unique<CompiledMapDrawer>(std::make_shared<QgisMapDrawer>(qgis(), m_project), m_styles, [this](const std::string& layer, base::RunContext& run) { return rows(layer, run); });
    }

    void TearDown() override
    {
        m_compiled.reset();
        m_styles.reset();
        DrawingTest::TearDown();
    }

    std::shared_ptr<const store::Snapshot> rows(const std::string& layer, base::RunContext& run)
    {
        const auto reader = qgis().call_on_main([&] { return std::make_unique<project::LayerReader>(*m_project, layer); });
        project::Rows read = reader->read({}, run);
        if (!read.table.has_geometry())
            return nullptr;
        ++m_reads;
        return store::make_snapshot(std::move(read.table), std::move(read.fids), layer, "1", nullptr, run);
    }

    MapSpec map_of(const std::string& layer, double dpi = 96) const
    {
        MapSpec spec;
        spec.layers = {{layer, "", 1.0}};
        spec.crs = "EPSG:25833";
        spec.box = {316980, 5689980, 317130, 5690080};
        spec.width = 480;
        spec.height = 320;
        spec.dpi = dpi;
        return spec;
    }

    void expect_same(const MapSpec& spec)
    {
        const Image ours = m_compiled->draw(spec, m_run), theirs = m_drawer->draw(spec, m_run);
        EXPECT_EQ(ours.width, theirs.width);
        EXPECT_TRUE(ours.pixels == theirs.pixels) << spec.layers.front().name;
        EXPECT_TRUE(std::any_of(theirs.pixels.begin(), theirs.pixels.end(), [](std::uint8_t byte) { return byte != 255; })) << "an empty picture";
    }

    std::shared_ptr<CompiledStyles> m_styles;
    std::unique_ptr<CompiledMapDrawer> m_compiled;
    int m_reads = 0;
};

void data_defined_size(QgsProject& project, const QString& expression)
{
    auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst());
    QgsMarkerSymbol* symbol = bridge::compat::owned(QgsMarkerSymbol::createSimple({{QStringLiteral("name"), QStringLiteral("circle")}, {QStringLiteral("size"), QStringLiteral("3")}}));
    symbol->symbolLayer(0)->setDataDefinedProperty(QgsSymbolLayer::Property::Size, QgsProperty::fromExpression(expression));
    trees->setRenderer(new QgsSingleSymbolRenderer(symbol));
}

TEST_F(CompiledDrawing, HasThePixelsOfQgis)
{
    open_compiled([](QgsProject&, const std::string&) {});
    for (const char* layer : {"trees", "ways", "parks"})
        for (const double dpi : {90.714285714285714, 96.0, 180.0, 300.0})
            expect_same(map_of(layer, dpi));
    EXPECT_GT(m_reads, 0);
    for (const LayerDrawing& drawing : m_compiled->drawings(m_run))
        EXPECT_TRUE(drawing.compiled) << drawing.layer << ": " << drawing.why_not.en;
}

TEST_F(CompiledDrawing, OtherCrsOpacityAndStretchedPictures)
{
    open_compiled([](QgsProject&, const std::string&) {});
    MapSpec spec = map_of("parks");
    spec.layers.push_back({"trees", "", 0.4});
    expect_same(spec);
    spec.transparent = true;
    spec.width = 250;  // not the shape of the box
    expect_same(spec);
    for (const char* crs : {"EPSG:3857", "EPSG:25832", "EPSG:4326"})
        for (const char* layer : {"trees", "ways", "parks"}) {
            spec = map_of(layer);
            spec.crs = crs;
            spec.box = crs::transformed(spec.box, "EPSG:25833", crs);
            expect_same(spec);
        }
}

TEST_F(CompiledDrawing, ARequestsOpacityTakesThePlaceOfTheLayersAndFadesLabels)
{
    open_compiled([](QgsProject& project, const std::string&) {
        for (const char* name : {"parks", "trees_tall"}) {  // the second is labels alone
            auto* layer = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QString::fromLatin1(name)).constFirst());
            layer->styleManager()->addStyleFromLayer(QStringLiteral("faint"));
            layer->setOpacity(0.7);
            QgsPalLayerSettings labels;
            labels.fieldName = QStringLiteral("'ABCDEFGH'");
            labels.isExpression = true;
            QgsTextFormat format;
            format.setColor(Qt::black);
            format.setSize(20);
            labels.setFormat(format);
            layer->setLabeling(new QgsVectorLayerSimpleLabeling(labels));
            layer->setLabelsEnabled(true);
            if (name == std::string("trees_tall"))
                layer->setRenderer(new QgsNullSymbolRenderer);
            layer->styleManager()->addStyleFromLayer(QStringLiteral("other"));
        }
    });
    const auto darkest = [](const Image& image) {  // alpha of the label's ink
        int most = 0;
        for (std::size_t i = 0; i < image.pixels.size(); i += 4)
            if (image.pixels[i] + image.pixels[i + 1] + image.pixels[i + 2] < 8)
                most = std::max(most, static_cast<int>(image.pixels[i + 3]));
        return most;
    };
    const auto inside = [](const Image& image) { return static_cast<int>(image.pixels[(static_cast<std::size_t>(141) * 480 + 83) * 4 + 3]); };  // (317006, 5690036)
    for (const char* style : {"", "other"})
        for (const auto& [wanted, alpha] : {std::pair<std::optional<double>, int>{std::nullopt, 178}, {0.7, 178}, {0.25, 63}, {1.0, 255}, {0.0, 0}}) {
            SCOPED_TRACE(style + std::to_string(wanted.value_or(-1)));
            MapSpec spec = map_of("parks");
            spec.transparent = true;
            spec.layers = {{"parks", style, wanted}};
            const Image ours = m_compiled->draw(spec, m_run), theirs = m_drawer->draw(spec, m_run);
            EXPECT_TRUE(ours.pixels == theirs.pixels);
            EXPECT_NEAR(inside(ours), alpha, 1);
            spec.layers = {{"trees_tall", style, wanted}};
            const Image trees = m_compiled->draw(spec, m_run);
            EXPECT_NEAR(darkest(trees), wanted ? static_cast<int>(*wanted * 255) : 255, 2);
        }
    MapSpec plain = map_of("trees_tall");
    plain.transparent = true;
    EXPECT_EQ(darkest(m_compiled->draw(plain, m_run)), 255) << "as it was";
}

TEST_F(CompiledDrawing, DataDefinedValuesAreWorkedOutOnce)
{
    open_compiled([](QgsProject& project, const std::string&) { data_defined_size(project, QStringLiteral("coalesce(\"height_m\", 2) / 4")); });
    expect_same(map_of("trees"));
    EXPECT_TRUE(m_compiled->drawings(m_run).back().compiled);
}

TEST_F(CompiledDrawing, ExpressionsOnTheScaleHoldBetweenTheirLimits)
{
    open_compiled([](QgsProject& project, const std::string&) { data_defined_size(project, QStringLiteral("CASE WHEN @map_scale > 1500 THEN 2 ELSE 5 END")); });
    MapSpec near = map_of("trees");
    near.box = {317000, 5690000, 317030, 5690020};
    expect_same(map_of("trees"));
    expect_same(near);
}

TEST_F(CompiledDrawing, WhatDependsOnTheMapIsDrawnByQgis)
{
    open_compiled([](QgsProject& project, const std::string&) { data_defined_size(project, QStringLiteral("@map_extent_width / 30")); });
    expect_same(map_of("trees"));
    EXPECT_EQ(m_reads, 0);
    const std::vector<LayerDrawing> drawings = m_compiled->drawings(m_run);
    const auto trees = std::find_if(drawings.begin(), drawings.end(), [](const LayerDrawing& drawing) { return drawing.layer == "trees"; });
    ASSERT_NE(trees, drawings.end());
    EXPECT_FALSE(trees->compiled);
    EXPECT_NE(trees->why_not.en.find("@map_extent_width"), std::string::npos) << trees->why_not.en;
    EXPECT_NE(trees->why_not.de.find("@map_extent_width"), std::string::npos) << trees->why_not.de;
}

TEST_F(CompiledDrawing, DrawsOnManyThreads)
{
    open_compiled([](QgsProject& project, const std::string&) { data_defined_size(project, QStringLiteral("\"height_m\" / 4")); });
    MapSpec spec = map_of("trees");
    spec.layers.insert(spec.layers.begin(), {{"parks", "", 1.0}, {"ways", "", 1.0}});
    const Image expected = m_drawer->draw(spec, m_run);
    std::vector<std::jthread> threads;
    std::atomic<int> same = 0;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            base::RunContext run;
            for (int j = 0; j < 5; ++j)
                same += m_compiled->draw(spec, run).pixels == expected.pixels ? 1 : 0;
        });
    threads.clear();
    EXPECT_EQ(same, 30);
}

TEST_F(CompiledDrawing, RowsThatMayNotBeSeenAreNotDrawn)
{
    open_compiled([](QgsProject&, const std::string&) {});
    MapSpec spec = map_of("trees");
    const Image all = m_compiled->draw(spec, m_run);
    spec.layers.front().seen = {{"species"}, {"public"}};
    const Image none = m_compiled->draw(spec, m_run);
    EXPECT_NE(all.pixels, none.pixels);
    EXPECT_EQ(none.pixels, m_drawer->draw(spec, m_run).pixels);
}

/// Trees whose species is Tilia (every third), switched off; the others have a symbol, from 1:5000 on those of Acer (every third from the third).
void some_trees(QgsProject& project, bool by_qgis)
{
    auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst());
    const auto rule = [](const QString& filter, int from_scale) {
        return new QgsRuleBasedRenderer::Rule(bridge::compat::owned(QgsMarkerSymbol::createSimple({})), from_scale, 0, filter);
    };
    auto* root = new QgsRuleBasedRenderer::Rule(nullptr);
    root->appendChild(rule(QStringLiteral("\"species\" LIKE 'Quercus%'"), 0));
    root->appendChild(rule(QStringLiteral("\"species\" LIKE 'Acer%' AND @map_scale > 0"), 5000));
    root->appendChild(rule(QStringLiteral("\"species\" LIKE 'Tilia%'"), 0));
    root->children().constLast()->setActive(false);
    trees->setRenderer(new QgsRuleBasedRenderer(root));
    if (by_qgis)
        trees->setBlendMode(QPainter::CompositionMode_Multiply);
    auto* parks = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("parks")).constFirst());
    parks->setRenderer(new QgsNullSymbolRenderer());
}

TEST_F(CompiledDrawing, SaysWhichRowsHaveASymbol)
{
    const std::vector<std::int64_t> trees{1, 2, 3, 4};  // Tilia, Quercus, Acer, Tilia
    const auto only = [](bool quercus, bool acer) { return std::vector<bool>{false, quercus, acer, false}; };
    for (const bool by_qgis : {false, true}) {
        open_compiled([&](QgsProject& project, const std::string&) { some_trees(project, by_qgis); });
        MapSpec spec = map_of("trees");
        EXPECT_EQ(m_compiled->draws(spec, "trees", trees, m_run), only(true, false)) << by_qgis;
        spec.box = {310000, 5680000, 330000, 5693333};
        EXPECT_EQ(m_compiled->draws(spec, "trees", trees, m_run), only(true, true)) << by_qgis;
        spec.box = table::Box::none();
        EXPECT_EQ(m_compiled->draws(spec, "trees", trees, m_run), only(true, false)) << by_qgis;
        EXPECT_EQ(m_compiled->draws(map_of("parks"), "parks", {1, 2}, m_run), std::vector<bool>(2, true)) << "a style without symbols";
        EXPECT_EQ(m_compiled->draws(map_of("parks"), "trees", trees, m_run), only(false, false)) << "not on the map";

        // A client's own symbols beside the style.
        const std::vector<std::int64_t> chosen{1};
        MapSpec::Layer own{"trees", "", 1.0};
        own.symbols = std::make_shared<const PlainSymbols>();
        own.chosen = std::make_shared<const std::vector<std::int64_t>>(chosen);
        spec = map_of("trees");
        spec.layers.push_back(own);
        EXPECT_EQ(m_compiled->draws(spec, "trees", trees, m_run), (std::vector<bool>{true, true, false, false})) << by_qgis;
        TearDown();
    }
}

TEST_F(CompiledDrawing, AWindowHasTheOrderOfItsIndex)
{
    open_compiled([](QgsProject&, const std::string&) {});
    const io::WindowOrder order = io::window_order(m_folder / "data.gpkg", "trees");
    EXPECT_EQ(order.ids.size(), 60U);
    EXPECT_FALSE(order.extent.empty());
    EXPECT_TRUE(io::window_order(m_folder / "data.gpkg", "nothing").ids.empty());
    EXPECT_TRUE(io::window_order(m_folder / "nothing.gpkg", "trees").ids.empty());
}

TEST_F(CompiledDrawing, LabelsAndWhatQgisDrawsDependOnTheWindow)
{
    open_compiled([](QgsProject& project, const std::string&) {
        auto* ways = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("ways")).constFirst());
        QgsPalLayerSettings labels;
        labels.fieldName = QStringLiteral("name");
        ways->setLabeling(new QgsVectorLayerSimpleLabeling(labels));
        ways->setLabelsEnabled(true);
        auto* parks = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("parks")).constFirst());
        parks->setBlendMode(QPainter::CompositionMode_Multiply);
    });
    EXPECT_FALSE(m_compiled->depends_on_window(map_of("trees"), m_run));
    EXPECT_TRUE(m_compiled->depends_on_window(map_of("parks"), m_run));
    MapSpec spec = map_of("ways");  // shown from 1:5000
    EXPECT_TRUE(m_compiled->depends_on_window(spec, m_run));
    spec.box = {300000, 5680000, 330000, 5700000};
    EXPECT_FALSE(m_compiled->depends_on_window(spec, m_run)) << "out of its scales";
    spec = map_of("trees");
    spec.layers.push_back({"ways", "", 1.0});
    EXPECT_TRUE(m_compiled->depends_on_window(spec, m_run));
}

}  // namespace
}  // namespace stadtgdi::render
