// SPDX-License-Identifier: GPL-2.0-or-later
#include "qgis_environment.hpp"
#include <layers/catalogue/layer_family.hpp>
#include <plugins/bridge/layer_form.hpp>
#include <plugins/bridge/layer_style.hpp>
#include <plugins/bridge/table_writer.hpp>
#include <layers/table/table_builder.hpp>
#include <qgseditorwidgetsetup.h>
#include <qgsexpression.h>
#include <qgsfeature.h>
#include <qgslegendsymbolitem.h>
#include <qgsrendercontext.h>
#include <qgsrenderer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerutils.h>
#include <gmock/gmock.h>

namespace {

using namespace stadtgdi;
using base::Language;
using catalogue::LayerDefinition;

class Styles : public QgisTest {
protected:
    static std::unique_ptr<QgsVectorLayer> empty_layer(const LayerDefinition& definition)
    {
        base::RunContext run{1};
        const table::Table table = table::TableBuilder(definition.schema("EPSG:25833")).finish();
        return bridge::memory_layer(table, bridge::compat::qstring(definition.name), run);
    }
    static std::vector<std::string> legend(const QgsVectorLayer& layer)
    {
        std::vector<std::string> texts;
        for (const QgsLegendSymbolItem& item : layer.renderer()->legendSymbolItems()) texts.push_back(item.label().toStdString());
        return texts;
    }
};

TEST_F(Styles, EveryLayerWithGeometryHasOneThatQgisReads)
{
    for (const catalogue::LayerFamily& family : catalogue::all_families()) {
        for (const LayerDefinition& definition : family.layers) {
            if (!definition.geometry) continue;
            EXPECT_FALSE(definition.style.empty()) << definition.name;
            const auto layer = empty_layer(definition);
            EXPECT_TRUE(bridge::apply_style(*layer, definition, Language::de)) << definition.name;
        }
    }
}

TEST_F(Styles, NoTextOfALegendStaysAToken)
{
    for (const catalogue::LayerFamily& family : catalogue::all_families()) {
        for (const LayerDefinition& definition : family.layers) {
            if (!definition.geometry) continue;
            for (const Language language : {Language::de, Language::en}) {
                const auto layer = empty_layer(definition);
                bridge::apply_style(*layer, definition, language);
                for (const std::string& text : legend(*layer)) EXPECT_EQ(text.find('{'), std::string::npos) << definition.name << ": " << text;
            }
        }
    }
}

TEST_F(Styles, OnlyFieldsOfTheDeclarationAreUsed)
{
    for (const catalogue::LayerFamily& family : catalogue::all_families()) {
        for (const LayerDefinition& definition : family.layers) {
            if (!definition.geometry) continue;
            const auto layer = empty_layer(definition);
            bridge::apply_style(*layer, definition, Language::en);
            QgsRenderContext context;
            QSet<QString> names;
            for (const QString& used : layer->renderer()->usedAttributes(context)) names += QgsExpression(used).referencedColumns();
            for (const QString& name : names)
                EXPECT_NE(definition.find(name.toStdString()), nullptr) << definition.name << " has no field " << name.toStdString();
        }
    }
}

TEST_F(Styles, SpeakGermanAndEnglishFromTheDeclaration)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const auto german = empty_layer(trees);
    bridge::apply_style(*german, trees, Language::de);
    EXPECT_THAT(legend(*german), testing::IsSupersetOf({"Linde (Tilia)", "Fehlstelle", "Geplant"}));
    const auto english = empty_layer(trees);
    bridge::apply_style(*english, trees, Language::en);
    EXPECT_THAT(legend(*english), testing::IsSupersetOf({"Lime (Tilia)", "Empty site", "Planned"}));
}

TEST_F(Styles, TokensThatNameNothingStay)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    EXPECT_EQ(bridge::with_texts(QStringLiteral("a {code:status.gap} {code:status.flying} {field:height_m}"), trees, Language::de).toStdString(),
              "a Fehlstelle {code:status.flying} Baumhöhe [m]");
}

class Form : public Styles {};

TEST_F(Form, HasLabelsWithUnitsListsAndRanges)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const auto layer = empty_layer(trees);
    bridge::apply_form(*layer, trees, Language::de);
    const QgsFields fields = layer->fields();
    EXPECT_EQ(fields.field(QStringLiteral("crown_diam_m")).alias().toStdString(), "Kronendurchmesser [m]");
    EXPECT_EQ(fields.field(QStringLiteral("pit_area_m2")).alias().toStdString(), "Fläche der Baumscheibe [m²]");
    const QgsEditorWidgetSetup status = layer->editorWidgetSetup(fields.indexOf(QStringLiteral("status")));
    EXPECT_EQ(status.type().toStdString(), "ValueMap");
    const QVariantMap first = status.config().value(QStringLiteral("map")).toList().first().toMap();
    EXPECT_EQ(first.value(QStringLiteral("Baum vorhanden")).toString().toStdString(), "standing");
    const QgsEditorWidgetSetup crown = layer->editorWidgetSetup(fields.indexOf(QStringLiteral("crown_diam_m")));
    EXPECT_EQ(crown.type().toStdString(), "Range");
    EXPECT_EQ(crown.config().value(QStringLiteral("Max")).toDouble(), 40.0);
}

TEST_F(Form, FillsANewTreeSoThatItIsComplete)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const auto layer = empty_layer(trees);
    bridge::apply_form(*layer, trees, Language::en);
    QgsExpressionContext context = layer->createExpressionContext();
    const QgsFeature tree = QgsVectorLayerUtils::createFeature(layer.get(), QgsGeometry::fromPointXY({318000, 5690000}), {}, &context);
    EXPECT_EQ(tree.attribute(QStringLiteral("uuid")).toString().size(), 36);
    EXPECT_EQ(tree.attribute(QStringLiteral("status")).toString().toStdString(), "standing");
    EXPECT_EQ(tree.attribute(QStringLiteral("source")).toString().toStdString(), "manual");
    EXPECT_EQ(tree.attribute(QStringLiteral("disclosure_class")).toString().toStdString(), "public");
    EXPECT_TRUE(tree.attribute(QStringLiteral("recorded_at")).toDateTime().isValid());
    QStringList errors;
    for (int i = 0; i < layer->fields().count(); ++i)
        EXPECT_TRUE(QgsVectorLayerUtils::validateAttribute(layer.get(), tree, i, errors)) << layer->fields().at(i).name().toStdString() << ": " << errors.join(' ').toStdString();
}

TEST_F(Form, RefusesAValueOutOfRange)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const auto layer = empty_layer(trees);
    bridge::apply_form(*layer, trees, Language::en);
    QgsFeature tree(layer->fields());
    tree.setAttribute(QStringLiteral("crown_diam_m"), 91.0);
    QStringList errors;
    EXPECT_FALSE(QgsVectorLayerUtils::validateAttribute(layer.get(), tree, layer->fields().indexOf(QStringLiteral("crown_diam_m")), errors));
}

TEST_F(Form, KeepsWhatIsNotPublicOutOfTheServices)
{
    const LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const auto layer = empty_layer(trees);
    bridge::apply_form(*layer, trees, Language::en);
    const auto hidden = [&](const char* name) {
        return layer->fields().field(QString::fromLatin1(name)).configurationFlags().testFlag(Qgis::FieldConfigurationFlag::HideFromWfs);
    };
    EXPECT_TRUE(hidden("sponsorship_no"));
    EXPECT_FALSE(hidden("genus"));
}

}  // namespace
