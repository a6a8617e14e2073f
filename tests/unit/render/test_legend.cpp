// SPDX-License-Identifier: GPL-2.0-or-later
#include "drawing_test.hpp"

#include <layers/catalogue/layer_family.hpp>
#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/layer_style.hpp>
#include <services/render/qgis/legend_texts.hpp>

#include <qgscategorizedsymbolrenderer.h>
#include <qgscolorrampimpl.h>
#include <qgsdiagramrenderer.h>
#include <qgsheatmaprenderer.h>
#include <qgslegendsymbolitem.h>
#include <qgslinesymbol.h>
#include <qgsmarkersymbol.h>
#include <qgspiediagram.h>
#include <qgsrenderer.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectorlayer.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace stadtgdi::render {
namespace {

constexpr double pixels_per_mm = 90.714285714285714 / 25.4;

struct Ink {
    int from = 0, to = 0;  // rows of pixels, both with ink
    int left = 0, right = 0;
    double middle() const { return (from + to) / 2.0; }
    double width_mm() const { return (right - left + 1) / pixels_per_mm; }
};

/// Ink between two columns of a picture, as runs of rows; a gap of up to `bridged` rows does not part them.
std::vector<Ink> runs(const Image& image, int first_column, int last_column, int bridged)
{
    std::vector<Ink> found;
    for (int y = 0; y < image.height; ++y) {
        for (int x = first_column; x < std::min(last_column, image.width); ++x) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, image.pixels.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 4, 4);
            if (pixel == 0xffffffffU) continue;
            if (found.empty() || y > found.back().to + 1 + bridged) found.push_back({y, y, x, x});
            found.back().to = y;
            found.back().left = std::min(found.back().left, x);
            found.back().right = std::max(found.back().right, x);
        }
    }
    return found;
}

void expect_rows(const Image& legend, std::size_t entries, const std::string& name, double least_mm = 3.0)
{
    const int text_from = static_cast<int>(10.5 * pixels_per_mm);  // margin, box of 7 mm, gap
    const std::vector<Ink> symbols = runs(legend, 0, text_from, 3), texts = runs(legend, text_from, legend.width, 1);
    ASSERT_EQ(symbols.size(), entries) << name;
    ASSERT_EQ(texts.size(), entries) << name;
    for (std::size_t i = 0; i < entries; ++i) {
        EXPECT_GE(symbols[i].width_mm(), least_mm) << name << " " << i;
        EXPECT_GE(symbols[i].left, 1) << name << " " << i;
        EXPECT_LT(symbols[i].to, legend.height - 1) << name << " " << i;
        EXPECT_NEAR(symbols[i].middle(), texts[i].middle(), 1.3 * pixels_per_mm) << name << " " << i;
    }
}

class Legends : public DrawingTest {
protected:
    Image legend_of(const std::string& layer, double scale = 0)
    {
        LegendSpec spec;
        spec.layers = {{layer, "", 1.0}};
        spec.scale_denominator = scale;
        return m_drawer->draw_legend(spec, m_run);
    }
};

TEST_F(Legends, EachEntryOfAShippedStyleHasItsSymbolInItsRow)
{
    std::map<std::string, std::size_t> entries;
    open([&](QgsProject& project, const std::string& gpkg) {
        for (const catalogue::LayerFamily& family : catalogue::all_families()) {
            for (const catalogue::LayerDefinition& definition : family.layers) {
                if (!definition.geometry) continue;
                const table::GeometryKind kind = table::single_of(*definition.geometry);
                const char* rows = kind == table::GeometryKind::point ? "trees" : kind == table::GeometryKind::line ? "ways" : "parks";
                QgsVectorLayer* layer = test::add_layer(project, gpkg, rows, definition.name);
                bridge::apply_style(*layer, definition, base::Language::de);
                entries[definition.name] = static_cast<std::size_t>(layer->renderer()->legendSymbolItems().size());
            }
        }
    });
    ASSERT_GT(entries.size(), 15U);
    for (const auto& [name, count] : entries)
        for (const double scale : {0.0, 500.0}) expect_rows(legend_of(name, scale), count, name, 1.9);  // beside larger ones of their kind
}

TEST_F(Legends, SymbolsOfForeignProjectsStayInTheirRows)
{
    open([](QgsProject& project, const std::string& gpkg) {
        const auto marker = [&](const std::string& name, const QVariantMap& properties) {
            test::add_layer(project, gpkg, "trees", name)->setRenderer(new QgsSingleSymbolRenderer(bridge::compat::owned(QgsMarkerSymbol::createSimple(properties))));
        };
        marker("far_away", {{"size", "3"}, {"offset", "12,-7"}, {"angle", "30"}});
        marker("huge", {{"size", "400"}, {"size_unit", "MapUnit"}, {"outline_width", "3"}, {"outline_width_unit", "MapUnit"}});
        marker("dust", {{"size", "0.1"}, {"outline_style", "no"}});
        test::add_layer(project, gpkg, "ways", "wide")
            ->setRenderer(new QgsSingleSymbolRenderer(bridge::compat::owned(QgsLineSymbol::createSimple({{"line_width", "30"}, {"offset", "20"}}))));
    });
    for (const char* name : {"far_away", "huge", "dust", "wide"}) expect_rows(legend_of(name), 1, name);
}

TEST_F(Legends, MarkersOfALayerKeepTheirSizesBesideEachOther)
{
    const std::vector<double> sizes{2, 3, 4};
    open([&](QgsProject& project, const std::string& gpkg) {
        for (const auto& [name, unit] : {std::pair("plain", 1.0), {"tiny", 0.1}, {"huge", 10.0}}) {
            QgsCategoryList categories;
            for (const double size : sizes)
                categories.append(QgsRendererCategory(size, bridge::compat::owned(QgsMarkerSymbol::createSimple({{"size", QString::number(size * unit)}, {"outline_style", "no"}})), QString::number(size)));
            test::add_layer(project, gpkg, "trees", name)->setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("planted"), categories));
        }
        QgsCategoryList unequal;
        for (const char* size : {"0.2", "20"})
            unequal.append(QgsRendererCategory(QString(size), bridge::compat::owned(QgsMarkerSymbol::createSimple({{"size", size}, {"outline_style", "no"}})), QString(size)));
        test::add_layer(project, gpkg, "trees", "unequal")->setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("planted"), unequal));
    });
    const int text_from = static_cast<int>(10.5 * pixels_per_mm);
    for (const char* name : {"plain", "tiny", "huge"}) {
        const std::vector<Ink> symbols = runs(legend_of(name), 0, text_from, 0);
        ASSERT_EQ(symbols.size(), sizes.size()) << name;
        for (std::size_t i = 0; i < sizes.size(); ++i)
            EXPECT_NEAR(symbols[i].width_mm(), sizes[i], 0.45) << name << " " << i;
    }
    const std::vector<Ink> unequal = runs(legend_of("unequal"), 0, text_from, 0);
    ASSERT_EQ(unequal.size(), 2U);
    EXPECT_GE(unequal[0].width_mm(), 0.8) << "it can be seen";
    EXPECT_GE(unequal[1].width_mm(), 3.5);
    // An entry alone has the size that it has among the others.
    LegendSpec spec;
    spec.layers = {{"plain", ""}};
    spec.rule = "2";
    spec.width = spec.height = 40;
    const std::vector<Ink> alone = runs(m_drawer->draw_legend(spec, m_run), 0, 40, 0);
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_NEAR(alone[0].right - alone[0].left + 1, 20, 2);
}

TEST_F(Legends, HaveTheSameMarginAboveAndBelow)
{
    open([](QgsProject& project, const std::string& gpkg) { test::add_layer(project, gpkg, "trees", "plain"); });
    for (const bool titles : {false, true}) {
        LegendSpec spec;
        spec.layers = {{"plain", "", 1.0}};
        spec.layer_titles = titles;
        const Image legend = m_drawer->draw_legend(spec, m_run);
        const std::vector<Ink> ink = runs(legend, 0, legend.width, 100);
        ASSERT_EQ(ink.size(), 1U);
        EXPECT_EQ(ink[0].from, 7);  // 2 mm
        EXPECT_EQ(legend.height - 1 - ink[0].to, 7);
    }
}

TEST_F(Legends, TextsOfACityComeInTheLanguageAskedFor)
{
    const catalogue::LayerDefinition& definition = *catalogue::find_layer("trees_tree");
    const QHash<QString, QString> english = legend_texts(definition, base::Language::en), german = legend_texts(definition, base::Language::de);
    EXPECT_EQ(english.value(QStringLiteral("Linde (Tilia)")), QStringLiteral("Lime (Tilia)"));
    EXPECT_EQ(english.value(QStringLiteral("Geplant")), QStringLiteral("Planned"));
    EXPECT_EQ(german.value(QStringLiteral("Size of the circle: Crown diameter [m]")), QStringLiteral("Größe der Kreise: Kronendurchmesser [m]"));
    EXPECT_EQ(german.value(QStringLiteral("Trees")), QStringLiteral("Bäume"));
}

TEST_F(Legends, ASymbolAloneFillsItsPicture)
{
    open([](QgsProject& project, const std::string& gpkg) {
        QgsVectorLayer* layer = test::add_layer(project, gpkg, "trees", "far_away");
        layer->setRenderer(new QgsSingleSymbolRenderer(bridge::compat::owned(QgsMarkerSymbol::createSimple({{"size", "1"}, {"offset", "12,-7"}}))));
    });
    LegendSpec spec;
    spec.layers = {{"far_away", "", 1.0}};
    spec.rule = "0";
    spec.width = spec.height = 20;
    const std::vector<Ink> ink = runs(m_drawer->draw_legend(spec, m_run), 0, 20, 0);
    ASSERT_EQ(ink.size(), 1U);
    EXPECT_GE(ink[0].right - ink[0].left, 14);
    EXPECT_NEAR(ink[0].middle(), 9.5, 1.5);
}

TEST_F(Legends, HeatmapsAndDiagramsHaveOne)
{
    open([](QgsProject& project, const std::string& gpkg) {
        auto* heat = new QgsHeatmapRenderer;
        heat->setColorRamp(new QgsGradientColorRamp(QColor(255, 255, 255), QColor(200, 0, 0)));
        test::add_layer(project, gpkg, "trees", "heat")->setRenderer(heat);
        QgsVectorLayer* layer = test::add_layer(project, gpkg, "trees", "pies");
        layer->setRenderer(new QgsSingleSymbolRenderer(bridge::compat::owned(QgsMarkerSymbol::createSimple({{"color", "#00ff00"}}))));
        QgsDiagramSettings settings;
        settings.categoryAttributes = {QStringLiteral("\"height_m\""), QStringLiteral("\"planted\"")};
        settings.categoryColors = {QColor(255, 0, 0), QColor(0, 0, 255)};
        settings.categoryLabels = {QStringLiteral("Höhe"), QStringLiteral("Jahr")};
        settings.size = QSizeF(8, 8);
        auto* diagrams = new QgsSingleCategoryDiagramRenderer;
        diagrams->setDiagram(new QgsPieDiagram);
        diagrams->setDiagramSettings(settings);
        layer->setDiagramRenderer(diagrams);
        layer->setDiagramLayerSettings(QgsDiagramLayerSettings());
    });
    for (const char* name : {"heat", "pies"})
        for (const double scale : {0.0, 500.0}) {
            const Image legend = legend_of(name, scale);
            EXPECT_GT(legend.width, 20) << name;
            EXPECT_GT(legend.height, 14) << name;
            EXPECT_FALSE(runs(legend, 0, legend.width, 0).empty()) << name;
        }
    LegendSpec spec;
    for (const char* name : {"heat", "pies"}) {
        spec.layers = {{name, "", 1.0}};
        EXPECT_NE(m_drawer->legend_json(spec, true, m_run).find("\"icon\":\"iVBORw0KGgo"), std::string::npos) << name;
    }
    EXPECT_NE(m_drawer->legend_json(spec, true, m_run).find("Höhe"), std::string::npos) << "what the colours of diagrams mean";
}

}  // namespace
}  // namespace stadtgdi::render
