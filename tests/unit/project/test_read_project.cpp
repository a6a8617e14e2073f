// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/compat.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/read_project.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_city.hpp>
#include <tests/support/sample_project.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qgsattributeeditorcontainer.h>
#include <qgsattributeeditorfield.h>
#include <qgseditformconfig.h>
#include <qgslayertree.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsmarkersymbol.h>
#include <qgspallabeling.h>
#include <qgsproject.h>
#include <qgsrelation.h>
#include <qgsrelationmanager.h>
#include <qgssinglesymbolrenderer.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerjoininfo.h>
#include <qgsvectorlayerlabeling.h>

#include <algorithm>
#include <fstream>

namespace stadtgdi::project {
namespace {

using catalogue::Disclosure;
using test::qgis;
using testing::ElementsAre;

class ProjectReading : public testing::Test {
protected:
    void SetUp() override
    {
        m_gpkg = m_folder / "data.gpkg";
        m_qgz = m_folder / "sample.qgz";
        qgis().call_on_main([&] { test::write_sample_data(m_gpkg); });
    }

    ProjectModel read(const std::function<void(QgsProject&)>& change = {}) const
    {
        return qgis().call_on_main([&] {
            test::write_sample_project(m_qgz, m_gpkg, change);
            return read_project(m_qgz, {})->model;
        });
    }

    test::TemporaryFolder m_folder;
    std::string m_gpkg, m_qgz;
};

TEST_F(ProjectReading, WritesWhatValueRelationsStandForIntoValueMaps)
{
    const auto codes_with = [&](bool several, const QString& filter) {
        const ProjectModel model = read([&](QgsProject& project) {
            auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByShortName(QStringLiteral("trees")).value(0));
            const QgsMapLayer* lookup = project.mapLayersByShortName(QStringLiteral("lookup")).value(0);
            trees->setEditorWidgetSetup(trees->fields().indexOf(QStringLiteral("code")),
                                               QgsEditorWidgetSetup(QStringLiteral("ValueRelation"), {{QStringLiteral("Layer"), lookup->id()}, {QStringLiteral("Key"), QStringLiteral("code")},
                                                                                                      {QStringLiteral("Value"), QStringLiteral("label")}, {QStringLiteral("AllowMulti"), several},
                                                                                                      {QStringLiteral("FilterExpression"), filter}}));
        });
        return std::ranges::find(model.find("trees")->fields, "code", &PublishedField::name)->codes;
    };
    using Pair = std::pair<std::string, std::string>;
    EXPECT_THAT(codes_with(false, {}), ElementsAre(Pair("c0", "Klasse 0"), Pair("c1", "Klasse 1"), Pair("c2", "Klasse 2")));
    EXPECT_THAT(codes_with(false, QStringLiteral("\"code\" <> 'c1'")), ElementsAre(Pair("c0", "Klasse 0"), Pair("c2", "Klasse 2")));
    EXPECT_THAT(codes_with(false, QStringLiteral("current_value('species') = 'x'")), ElementsAre()) << "depends on the form";
    EXPECT_THAT(codes_with(true, {}), ElementsAre()) << "a list of values";
}

TEST_F(ProjectReading, AJoinThatLosesTheClassOfRowsMakesALayerKritis)
{
    test::execute_sql(m_gpkg, "CREATE TABLE classed (fid INTEGER PRIMARY KEY, code TEXT, label TEXT, disclosure_class TEXT)");
    test::execute_sql(m_gpkg, "INSERT INTO classed VALUES (1, 'c0', 'secret', 'kritis')");
    test::execute_sql(m_gpkg, "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('classed', 'attributes', 'classed')");
    const auto joined = [&](const std::function<void(QgsVectorLayerJoinInfo&)>& change) {
        const ProjectModel model = read([&](QgsProject& project) {
            QgsVectorLayer* classed = test::add_layer(project, m_gpkg, "classed", "classed");
            QgsVectorLayerJoinInfo join;
            join.setJoinLayer(classed);
            join.setJoinFieldName(QStringLiteral("code"));
            join.setTargetFieldName(QStringLiteral("code"));
            change(join);
            test::add_layer(project, m_gpkg, "trees", "told")->addJoin(join);
        });
        const PublishedLayer* told = model.find("told");
        return std::pair(told->disclosure, told->class_fields);
    };
    const std::vector<std::string> fields{"classed_disclosure_class"};
    EXPECT_EQ(joined([](QgsVectorLayerJoinInfo&) {}), std::pair(Disclosure::open, fields));
    QStringList some{QStringLiteral("label")};
    EXPECT_EQ(joined([&](QgsVectorLayerJoinInfo& join) { join.setJoinFieldNamesSubset(new QStringList(some)); }).first, Disclosure::kritis);
    some << QStringLiteral("disclosure_class");
    EXPECT_EQ(joined([&](QgsVectorLayerJoinInfo& join) { join.setJoinFieldNamesSubset(new QStringList(some)); }), std::pair(Disclosure::open, fields));
}

TEST_F(ProjectReading, TellsWhatFieldsAreMadeOf)
{
    const ProjectModel model = read([&](QgsProject& project) {
        QgsVectorLayer* more = test::add_layer(project, m_gpkg, "trees", "more");
        more->addExpressionField(QStringLiteral("upper(\"species\")"), QgsField(QStringLiteral("loud"), QMetaType::Type::QString));
        more->addExpressionField(QStringLiteral("\"loud\" || 'x'"), QgsField(QStringLiteral("louder"), QMetaType::Type::QString));
    });
    const auto made_of = [&](const char* layer, const char* field) {
        std::string names;
        for (const FieldName& one : std::ranges::find(model.find(layer)->fields, field, &PublishedField::name)->made_of)
            names += one.layer + "/" + one.field + " ";
        return names;
    };
    EXPECT_EQ(made_of("trees_joined", "lookup_label"), "lookup/label ");
    EXPECT_EQ(made_of("trees", "species"), "");
    EXPECT_EQ(made_of("more", "loud"), "more/species ");
    EXPECT_EQ(made_of("more", "louder"), "more/loud more/species ");
}

TEST_F(ProjectReading, WritesWhatReferencesOfRelationsStandForIntoValueMaps)
{
    const auto field_with = [&](const QString& display, const char* key, bool referenced_by_it) {
        const ProjectModel model = read([&](QgsProject& project) {
            auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByShortName(QStringLiteral("trees")).value(0));
            auto* lookup = qobject_cast<QgsVectorLayer*>(project.mapLayersByShortName(QStringLiteral("lookup")).value(0));
            lookup->setDisplayExpression(display);
            QgsRelation relation{QgsRelationContext(&project)};
            relation.setId(QStringLiteral("classes"));
            relation.setName(QStringLiteral("classes"));
            relation.setReferencingLayer(referenced_by_it ? trees->id() : project.mapLayersByShortName(QStringLiteral("trees_tall")).value(0)->id());
            relation.setReferencedLayer(lookup->id());
            relation.addFieldPair(QString::fromLatin1(key), QStringLiteral("code"));
            project.relationManager()->addRelation(relation);
            trees->setEditorWidgetSetup(trees->fields().indexOf(QStringLiteral("code")),
                                        QgsEditorWidgetSetup(QStringLiteral("RelationReference"), {{QStringLiteral("Relation"), QStringLiteral("classes")}}));
        });
        return *std::ranges::find(model.find("trees")->fields, "code", &PublishedField::name);
    };
    using Pair = std::pair<std::string, std::string>;
    EXPECT_THAT(field_with(QStringLiteral("\"label\""), "code", true).codes, ElementsAre(Pair("c0", "Klasse 0"), Pair("c1", "Klasse 1"), Pair("c2", "Klasse 2")));
    const PublishedField worked_out = field_with(QStringLiteral("upper(\"label\") || ' (' || \"code\" || ')'"), "code", true);
    EXPECT_THAT(worked_out.codes, ElementsAre(Pair("c0", "KLASSE 0 (c0)"), Pair("c1", "KLASSE 1 (c1)"), Pair("c2", "KLASSE 2 (c2)")));
    EXPECT_EQ(worked_out.editor, "RelationReference");
    std::vector<std::string> read;
    for (const FieldName& one : worked_out.codes_from)
        read.push_back(one.layer + "." + one.field);
    EXPECT_THAT(read, ElementsAre("lookup.code", "lookup.label"));
    EXPECT_THAT(field_with(QStringLiteral("aggregate('trees', 'count', \"species\")"), "code", true).codes, ElementsAre()) << "asks for more than its row";
    EXPECT_THAT(field_with(QStringLiteral("@project_path || \"label\""), "code", true).codes, ElementsAre());
    EXPECT_THAT(field_with(QStringLiteral("\"label\""), "species", true).codes, ElementsAre()) << "the relation is one of another field";
    EXPECT_THAT(field_with(QStringLiteral("\"label\""), "code", false).codes, ElementsAre()) << "the relation is one of another layer";
}

TEST_F(ProjectReading, TellsWhichFieldsAFormOfDragAndDropHas)
{
    const auto fields_with = [&](bool by_forms, Qgis::AttributeFormLayout layout) {
        const ProjectModel model = read([&](QgsProject& project) {
            auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayersByShortName(QStringLiteral("trees")).value(0));
            QgsEditFormConfig form = trees->editFormConfig();
            form.setLayout(layout);
            form.clearTabs();
            auto* tab = new QgsAttributeEditorContainer(QStringLiteral("Baum"), nullptr);
            auto* group = new QgsAttributeEditorContainer(QStringLiteral("Maße"), tab);
            tab->addChildElement(new QgsAttributeEditorField(QStringLiteral("species"), trees->fields().indexOf(QStringLiteral("species")), tab));
            group->addChildElement(new QgsAttributeEditorField(QStringLiteral("height_m"), trees->fields().indexOf(QStringLiteral("height_m")), group));
            tab->addChildElement(group);
            form.addTab(tab);
            trees->setEditFormConfig(form);
            project.writeEntry(QStringLiteral("WMSFeatureInfoUseAttributeFormSettings"), QStringLiteral("/"), by_forms);
        });
        std::vector<std::string> shown;
        for (const PublishedField& field : model.find("trees")->fields)
            if (field.in_form)
                shown.push_back(field.name);
        return shown;
    };
    EXPECT_THAT(fields_with(true, Qgis::AttributeFormLayout::DragAndDrop), ElementsAre("species", "height_m"));
    for (const auto& [by_forms, layout] : {std::pair(false, Qgis::AttributeFormLayout::DragAndDrop), {true, Qgis::AttributeFormLayout::AutoGenerated}})
        EXPECT_THAT(fields_with(by_forms, layout), ElementsAre("fid", "species", "height_m", "planted", "code"));
}

TEST_F(ProjectReading, TakesNamesTextsAndGroups)
{
    const ProjectModel model = read();
    EXPECT_EQ(model.id, "sample");
    EXPECT_EQ(model.root_name, "sample");
    EXPECT_EQ(model.title, "Karten der Beispielstadt");
    EXPECT_EQ(model.contact.organization, "Vermessungsamt");
    EXPECT_EQ(model.crs, "EPSG:25833");
    const PublishedLayer* trees = model.find("trees");
    ASSERT_NE(trees, nullptr);
    EXPECT_EQ(trees->title, "Bäume");
    EXPECT_EQ(trees->abstract, "Alle <Bäume> & Sträucher");
    EXPECT_THAT(trees->keywords, ElementsAre("Baum", "Grün"));
    EXPECT_EQ(trees->attribution, "Stadt Beispiel");
    EXPECT_EQ(trees->crs, "EPSG:25833");
    EXPECT_EQ(trees->geometry, table::GeometryKind::point);
    EXPECT_EQ(trees->extent, (table::Box{317000, 5690000, 317090, 5690050}));
    EXPECT_TRUE(trees->in_wfs);
    EXPECT_EQ(trees->disclosure, Disclosure::open);
    ASSERT_FALSE(model.tree.children.empty());
    const TreeNode& green = model.tree.children.front();
    EXPECT_EQ(green.name, "green");
    EXPECT_EQ(green.title, "Stadtgrün");
    ASSERT_EQ(green.children.size(), 2U);
    EXPECT_EQ(green.children[0].layer, "trees");
    EXPECT_EQ(green.children[1].layer, "parks");
}

TEST_F(ProjectReading, NamesLayersByTheirIdsInMapsAlone)
{
    QString id, plain;
    const ProjectModel model = read([&](QgsProject& project) {
        project.writeEntry(QStringLiteral("WMSUseLayerIDs"), QStringLiteral("/"), true);
        id = project.mapLayersByShortName(QStringLiteral("trees")).value(0)->id();
        plain = test::add_layer(project, m_gpkg, "trees", "more")->id();
        project.mapLayer(plain)->serverProperties()->setShortName({});
        project.mapLayer(plain)->setName(QStringLiteral("Mehr Bäume"));
    });
    EXPECT_EQ(model.find("trees"), nullptr);
    const PublishedLayer* trees = model.find(id.toStdString());
    ASSERT_NE(trees, nullptr) << "as QGIS Server: whatever its short name";
    EXPECT_EQ(trees->name_of_features(), "trees");
    ASSERT_NE(model.find(plain.toStdString()), nullptr);
    EXPECT_EQ(model.find(plain.toStdString())->name_of_features(), "Mehr Bäume");
    EXPECT_EQ(read().find("trees")->name_of_features(), "trees");
}

TEST_F(ProjectReading, DrawsTheBottomLayerFirst)
{
    const ProjectModel model = read();
    const auto place = [&](const char* name) { return model.find(name) - model.layers.data(); };
    EXPECT_LT(place("parks"), place("trees"));
    EXPECT_LT(place("ways"), place("parks"));
}

TEST_F(ProjectReading, KnowsAliasesCodesAndHiddenFields)
{
    const ProjectModel model = read();
    const std::vector<PublishedField>& fields = model.find("trees")->fields;
    ASSERT_EQ(fields.size(), 5U);
    EXPECT_EQ(fields[0].name, "fid");
    EXPECT_EQ(fields[0].type, table::Type::int64);
    EXPECT_EQ(fields[1].alias, "Baumart");
    EXPECT_EQ(fields[2].type, table::Type::float64);
    EXPECT_FALSE(fields[3].in_wms);
    EXPECT_TRUE(fields[3].in_wfs);
    EXPECT_THAT(fields[4].codes, ElementsAre(std::pair<std::string, std::string>{"c0", "gesund"}, std::pair<std::string, std::string>{"c1", "krank"}));
}

TEST_F(ProjectReading, KnowsScaleRangesAndTablesWithoutGeometry)
{
    const ProjectModel model = read();
    EXPECT_EQ(model.find("ways")->min_scale, 5000);
    EXPECT_EQ(model.find("trees")->min_scale, 0);
    EXPECT_FALSE(model.find("lookup")->drawable);
    EXPECT_FALSE(model.find("lookup")->geometry);
}

TEST_F(ProjectReading, OffersTheProjectsAndTheServicesCrs)
{
    const ProjectModel model = read([](QgsProject& project) {
        project.writeEntry(QStringLiteral("WMSCrsList"), QStringLiteral("/"), QStringList{QStringLiteral("EPSG:31468"), QStringLiteral("USER:100001")});
    });
    EXPECT_THAT(model.offered_crs, ElementsAre("EPSG:25833", "EPSG:31468", "EPSG:25832", "EPSG:4258", "EPSG:4326", "OGC:CRS84", "EPSG:3857", "EPSG:3035"));
}

TEST_F(ProjectReading, ABrokenLayerIsListedAndTheRestServed)
{
    const ProjectModel model = read([this](QgsProject& project) {
        auto* layer = test::add_layer(project, m_gpkg, "ways", "broken");
        layer->setDataSource(QStringLiteral("/nowhere/x.gpkg|layername=ways"), QStringLiteral("broken"), QStringLiteral("ogr"));
    });
    EXPECT_EQ(model.find("broken"), nullptr);
    ASSERT_EQ(model.failed_layers.size(), 1U);
    EXPECT_EQ(model.failed_layers[0].first, "broken");
    EXPECT_EQ(model.failed_layers[0].second.de, "die Quelle lässt sich nicht öffnen");
    EXPECT_NE(model.find("trees"), nullptr);
}

TEST_F(ProjectReading, NamesAreUniqueAndFitIntoLists)
{
    const ProjectModel model = read([this](QgsProject& project) {
        for (int i = 0; i < 2; ++i)
            test::add_layer(project, m_gpkg, "ways", "a,b");
    });
    EXPECT_NE(model.find("a_b"), nullptr);
    EXPECT_NE(model.find("a_b_2"), nullptr);
}

TEST_F(ProjectReading, AFileThatIsNoProjectIsAnError)
{
    std::ofstream(m_folder / "bad.qgs") << "<qgis";
    EXPECT_THROW(qgis().call_on_main([&] { return read_project(m_folder / "bad.qgs", {}); }), Error);
    EXPECT_THROW(qgis().call_on_main([&] { return read_project(m_folder / "missing.qgz", {}); }), Error);
}

TEST_F(ProjectReading, RowsAreThoseOfGetFeatures)
{
    qgis().call_on_main([&] { test::write_sample_project(m_qgz, m_gpkg); });
    std::unique_ptr<LoadedProject> loaded = qgis().call_on_main([&] { return read_project(m_qgz, {}); });
    base::RunContext run;
    const auto read_rows = [&](const char* name, RowRequest request = {}) {
        const auto reader = qgis().call_on_main([&] { return std::make_unique<LayerReader>(*loaded, name); });
        return reader->read(request, run);
    };
    EXPECT_EQ(read_rows("trees").table.rows(), 60U);
    const Rows tall = read_rows("trees_tall");  // 5 + i / 4 > 12 for i > 28, every seventh has none
    EXPECT_EQ(tall.table.rows(), 27U);
    const Rows joined = read_rows("trees_joined");
    EXPECT_EQ(joined.table.column("lookup_label").text(0), "Klasse 0");
    EXPECT_FALSE(joined.table.column("lookup_label").valid(3));  // c3 is not in the lookup
    const Rows computed = read_rows("trees_virtual");
    EXPECT_EQ(computed.table.column("height_cm").number(1), 525);
    EXPECT_TRUE(loaded->sources.at("trees").plain);
    EXPECT_FALSE(loaded->sources.at("trees_tall").plain);
    EXPECT_FALSE(loaded->sources.at("trees_joined").plain);
    EXPECT_FALSE(loaded->sources.at("trees_virtual").plain);
    EXPECT_FALSE(loaded->sources.at("trees_virtual").fleeting);
    for (const char* name : {"trees", "trees_tall", "trees_joined", "trees_virtual", "parks"})
        EXPECT_TRUE(loaded->sources.at(name).alone) << name;
    // A window of 3 x 3 trees, and a page of it.
    EXPECT_EQ(read_rows("trees", {.box = {317015, 5690005, 317045, 5690035}}).table.rows(), 9U);
    EXPECT_EQ(read_rows("trees", {.box = {317015, 5690005, 317045, 5690035}, .start = 7, .count = 5}).table.rows(), 2U);
    EXPECT_THROW(read_rows("trees", {.row_limit = 10}), Error);
    qgis().call_on_main([&] { loaded.reset(); });
}

TEST_F(ProjectReading, KnowsWhetherRowsAreDrawnByThemselves)
{
    const std::vector<std::pair<QString, bool>> sizes{{QStringLiteral("\"height_m\" / 4"), true},
                                                      {QStringLiteral("scale_linear(\"height_m\", 0, 20, 1, 5)"), true},
                                                      {QStringLiteral("\"height_m\" / maximum(\"height_m\")"), false},
                                                      {QStringLiteral("aggregate(@layer, 'mean', \"height_m\")"), false},
                                                      {QStringLiteral("aggregate('parks', 'count', \"fid\")"), false},
                                                      {QStringLiteral("overlay_within('parks')"), false}};
    for (const auto& [size, alone] : sizes) {
        qgis().call_on_main([&, &size = size] {
            test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& project) {
                QgsMarkerSymbol* symbol = bridge::compat::owned(QgsMarkerSymbol::createSimple({}));
                symbol->symbolLayer(0)->setDataDefinedProperty(QgsSymbolLayer::Property::Size, QgsProperty::fromExpression(size));
                qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("trees")).constFirst())->setRenderer(new QgsSingleSymbolRenderer(symbol));
            });
        });
        std::unique_ptr<LoadedProject> loaded = qgis().call_on_main([&] { return read_project(m_qgz, {}); });
        EXPECT_EQ(loaded->sources.at("trees").alone, alone) << size.toStdString();
        EXPECT_TRUE(loaded->sources.at("ways").alone);
        qgis().call_on_main([&] { loaded.reset(); });
    }
}

/// A city with a kritis table, an open one, and a table the store does not know.
class CityProject : public testing::Test {
protected:
    void SetUp() override
    {
        m_city = m_folder / "city.gpkg";
        test::write_sample_city(m_city, {{"secret", Disclosure::kritis}, {"known", Disclosure::open}});
        test::execute_sql(m_city, "CREATE VIEW spy AS SELECT * FROM secret;"
                                  "INSERT INTO gpkg_contents(table_name,data_type,identifier,srs_id) VALUES('spy','features','spy',25833);"
                                  "INSERT INTO gpkg_geometry_columns VALUES('spy','geom','POINT',25833,0,0);");
    }

    ProjectModel read(const std::function<void(QgsProject&)>& fill) const
    {
        return qgis().call_on_main([&] {
            QgsProject project;
            project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
            fill(project);
            project.write(bridge::compat::qstring(m_folder / "p.qgz"));
            return read_project(m_folder / "p.qgz", {})->model;
        });
    }

    test::TemporaryFolder m_folder;
    std::string m_city;
};

TEST_F(CityProject, ARenamedKritisLayerStaysKritis)
{
    const ProjectModel model = read([&](QgsProject& project) { test::add_layer(project, m_city, "secret", "known"); });
    ASSERT_NE(model.find("known"), nullptr);
    EXPECT_EQ(model.find("known")->disclosure, Disclosure::kritis);
}

TEST_F(CityProject, AViewOnAKritisTableIsNotServed)
{
    const ProjectModel model = read([&](QgsProject& project) { test::add_layer(project, m_city, "spy", "spy"); });
    EXPECT_EQ(model.find("spy"), nullptr);
    EXPECT_EQ(model.failed_layers.size(), 1U);
}

TEST_F(CityProject, AStatementInsteadOfAFilterIsNotServed)
{
    const ProjectModel model = read([&](QgsProject& project) {
        test::add_layer(project, m_city, "known", "known")->setSubsetString(QStringLiteral(" select * from secret"));
    });
    EXPECT_EQ(model.find("known"), nullptr);
}

TEST_F(CityProject, AJoinToAKritisTableMakesALayerKritis)
{
    const ProjectModel model = read([&](QgsProject& project) {
        QgsVectorLayer* secret = test::add_layer(project, m_city, "secret", "secret");
        QgsVectorLayerJoinInfo join;
        join.setJoinLayer(secret);
        join.setJoinFieldName(QStringLiteral("code"));
        join.setTargetFieldName(QStringLiteral("code"));
        test::add_layer(project, m_city, "known", "known")->addJoin(join);
    });
    ASSERT_NE(model.find("known"), nullptr);
    EXPECT_EQ(model.find("known")->disclosure, Disclosure::kritis);
}

TEST_F(CityProject, AJoinToALayerThatIsJoinedToAKritisTableDoesToo)
{
    const auto join = [](QgsVectorLayer& layer, QgsVectorLayer& to) {
        QgsVectorLayerJoinInfo info;
        info.setJoinLayer(&to);
        info.setJoinFieldName(QStringLiteral("code"));
        info.setTargetFieldName(QStringLiteral("code"));
        layer.addJoin(info);
    };
    const ProjectModel model = read([&](QgsProject& project) {
        QgsVectorLayer* between = test::add_layer(project, m_city, "known", "between");
        join(*between, *test::add_layer(project, m_city, "secret", "secret"));
        join(*test::add_layer(project, m_city, "known", "far"), *between);
        test::add_layer(project, m_city, "known", "free");
    });
    for (const char* name : {"between", "far"})
        EXPECT_EQ(model.find(name)->disclosure, Disclosure::kritis) << name;
    EXPECT_EQ(model.find("free")->disclosure, Disclosure::open);
}

/// What a layer becomes whose virtual field has this expression.
class Reaching : public CityProject {
protected:
    std::optional<Disclosure> with_field(const QString& expression, const std::function<void(QgsProject&)>& more = {}) const
    {
        const ProjectModel model = read([&](QgsProject& project) {
            test::add_layer(project, m_city, "secret", "secret");
            test::add_layer(project, m_city, "known", "other");
            test::add_layer(project, m_city, "known", "known")->addExpressionField(expression, QgsField(QStringLiteral("told"), QMetaType::Type::QString));
            if (more)
                more(project);
        });
        return model.find("known") == nullptr ? std::nullopt : std::optional(model.find("known")->disclosure);
    }
};

TEST_F(Reaching, AnExpressionThatAsksAKritisLayerMakesItsLayerKritis)
{
    for (const char* expression : {"aggregate('secret', 'max', \"code\")", "attribute(get_feature('secret', 'code', 'geheim'), 'code')", "array_first(overlay_nearest('secret', \"code\"))",
                                   "layer_property('secret', 'feature_count')", "1 + Aggregate(layer:='secret', aggregate:='count', expression:=\"code\")",
                                   "eval('aggregate(''secret'', ''max'', \"code\")')", "CASE WHEN \"code\" = 'x' THEN 'y' ELSE aggregate('secret', 'max', \"code\") END",
                                   // Which one these ask is not said: it may be any.
                                   "aggregate(\"code\", 'max', \"code\")", "eval(\"code\")", "aggregate(concat('sec', 'ret'), 'max', \"code\")"})
        EXPECT_EQ(with_field(QString::fromLatin1(expression)), Disclosure::kritis) << expression;
}

TEST_F(Reaching, OtherExpressionsLeaveItOpen)
{
    for (const char* expression : {"upper(\"code\")", "aggregate('other', 'max', \"code\")", "aggregate(@layer, 'max', \"code\")", "'aggregate(''secret'')'", "count(\"code\")",
                                   "to_string($x) || aggregate('nowhere', 'max', \"code\")"})
        EXPECT_EQ(with_field(QString::fromLatin1(expression)), Disclosure::open) << expression;
}

TEST_F(Reaching, AnExpressionThatOpensAnotherSourceIsNotServed)
{
    EXPECT_EQ(with_field(QString::fromStdString("aggregate(load_layer('" + m_city + "|layername=secret', 'ogr'), 'max', \"code\")")), std::nullopt);
}

TEST_F(Reaching, AskingALayerThatAsksAKritisOneCountsToo)
{
    EXPECT_EQ(with_field(QStringLiteral("aggregate('other', 'max', \"more\")"),
                         [](QgsProject& project) {
                             auto* other = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("other")).constFirst());
                             other->addExpressionField(QStringLiteral("aggregate('secret', 'max', \"code\")"), QgsField(QStringLiteral("more"), QMetaType::Type::QString));
                         }),
              Disclosure::kritis);
}

TEST_F(Reaching, LabelsSymbolsAndLegendsCountLikeFields)
{
    const QString asked = QStringLiteral("aggregate('secret', 'max', \"code\")");
    const std::vector<std::pair<const char*, std::function<void(QgsVectorLayer&, QgsProject&)>>> ways{
        {"label", [&](QgsVectorLayer& layer, QgsProject&) {
             QgsPalLayerSettings labels;
             labels.fieldName = asked;
             labels.isExpression = true;
             layer.setLabeling(new QgsVectorLayerSimpleLabeling(labels));
         }},
        {"data-defined size of a symbol", [&](QgsVectorLayer& layer, QgsProject&) {
             QgsMarkerSymbol* symbol = bridge::compat::owned(QgsMarkerSymbol::createSimple({}));
             symbol->symbolLayer(0)->setDataDefinedProperty(QgsSymbolLayer::Property::Size, QgsProperty::fromExpression(asked));
             layer.setRenderer(new QgsSingleSymbolRenderer(symbol));
         }},
        {"second style", [&](QgsVectorLayer& layer, QgsProject&) {
             layer.styleManager()->addStyleFromLayer(QStringLiteral("more"));
             layer.styleManager()->setCurrentStyle(QStringLiteral("more"));
             QgsPalLayerSettings labels;
             labels.fieldName = asked;
             labels.isExpression = true;
             layer.setLabeling(new QgsVectorLayerSimpleLabeling(labels));
             layer.styleManager()->setCurrentStyle(layer.styleManager()->styles().constFirst());
         }},
        {"text of the legend", [&](QgsVectorLayer& layer, QgsProject& project) {
             project.layerTreeRoot()->findLayer(layer.id())->setCustomProperty(QStringLiteral("legend/label-0"), QStringLiteral("Netz [% %1 %]").arg(asked));
         }}};
    for (const auto& [name, change] : ways) {
        const ProjectModel model = read([&, &change = change](QgsProject& project) {
            test::add_layer(project, m_city, "secret", "secret");
            change(*test::add_layer(project, m_city, "known", "known"), project);
        });
        ASSERT_NE(model.find("known"), nullptr) << name;
        EXPECT_EQ(model.find("known")->disclosure, Disclosure::kritis) << name;
    }
}

/// Trees of a city: the field "sponsorship_no" is internal, its layer open.
class StricterFields : public Reaching {
protected:
    ProjectModel read_trees(const std::function<void(QgsProject&, QgsVectorLayer& trees)>& change) const
    {
        const std::string city = m_folder / "trees.gpkg";
        if (!std::filesystem::exists(city))
            test::write_sample_city(city, {{"trees_tree", Disclosure::open}, {"plain", Disclosure::open}}, {"sponsorship_no"}, "trees_tree");
        return read([&](QgsProject& project) {
            test::add_layer(project, city, "plain", "plain");
            change(project, *test::add_layer(project, city, "trees_tree", "trees"));
        });
    }
};

TEST_F(StricterFields, StayHiddenUnderAnotherName)
{
    const ProjectModel model = read_trees([](QgsProject& project, QgsVectorLayer& trees) {
        trees.addExpressionField(QStringLiteral("\"sponsorship_no\" || '!'"), QgsField(QStringLiteral("copied"), QMetaType::Type::QString));
        trees.addExpressionField(QStringLiteral("attribute($currentfeature, 'sponsorship' || '_no')"), QgsField(QStringLiteral("fetched"), QMetaType::Type::QString));
        trees.addExpressionField(QStringLiteral("upper(\"code\")"), QgsField(QStringLiteral("harmless"), QMetaType::Type::QString));
        QgsVectorLayerJoinInfo join;
        join.setJoinLayer(&trees);
        join.setJoinFieldName(QStringLiteral("code"));
        join.setTargetFieldName(QStringLiteral("code"));
        auto* plain = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("plain")).constFirst());
        plain->addJoin(join);
    });
    const auto shown = [&](const char* layer, const std::string& name) {
        for (const PublishedField& field : model.find(layer)->fields)
            if (field.name == name)
                return field.in_wfs && field.in_wms;
        ADD_FAILURE() << layer << " has no field " << name;
        return false;
    };
    EXPECT_EQ(model.find("trees")->disclosure, Disclosure::open);
    for (const char* name : {"sponsorship_no", "copied", "fetched"})
        EXPECT_FALSE(shown("trees", name)) << name;
    EXPECT_TRUE(shown("trees", "harmless"));
    EXPECT_EQ(model.find("plain")->disclosure, Disclosure::open);
    EXPECT_FALSE(shown("plain", "trees_sponsorship_no"));
    EXPECT_FALSE(shown("plain", "trees_copied"));
    EXPECT_TRUE(shown("plain", "trees_harmless"));
}

TEST_F(StricterFields, MakeALayerAsStrictThatDrawsThem)
{
    const auto labelled = [&](const char* text, bool is_expression) {
        return read_trees([&](QgsProject&, QgsVectorLayer& trees) {
                   QgsPalLayerSettings labels;
                   labels.fieldName = QString::fromLatin1(text);
                   labels.isExpression = is_expression;
                   trees.setLabeling(new QgsVectorLayerSimpleLabeling(labels));
               }).find("trees")->disclosure;
    };
    EXPECT_EQ(labelled("sponsorship_no", false), Disclosure::internal);
    EXPECT_EQ(labelled("upper(\"sponsorship_no\")", true), Disclosure::internal);
    EXPECT_EQ(labelled("code", false), Disclosure::open);
    // Or shows those of another layer.
    EXPECT_EQ(read_trees([](QgsProject& project, QgsVectorLayer&) {
                  auto* plain = qobject_cast<QgsVectorLayer*>(project.mapLayersByName(QStringLiteral("plain")).constFirst());
                  plain->addExpressionField(QStringLiteral("aggregate('trees', 'max', \"sponsorship_no\")"), QgsField(QStringLiteral("most"), QMetaType::Type::QString));
              }).find("plain")->disclosure,
              Disclosure::internal);
}

TEST_F(CityProject, AFilterThatAsksAnotherTableIsNotServed)
{
    const auto served = [&](const char* filter) {
        return read([&](QgsProject& project) { test::add_layer(project, m_city, "known", "known")->setSubsetString(QString::fromLatin1(filter)); }).find("known") != nullptr;
    };
    EXPECT_FALSE(served("\"code\" IN (SELECT code FROM secret)"));
    EXPECT_FALSE(served("exists(select 1 from secret)"));
    EXPECT_TRUE(served("\"code\" <> 'select * from secret'"));
}

TEST_F(CityProject, ACopyOfTheStoreUnderAnotherNameIsAStoreToo)
{
    std::filesystem::copy_file(m_city, m_folder / "harmless.gpkg");
    std::filesystem::create_symlink(m_city, m_folder / "link.gpkg");
    for (const char* name : {"harmless.gpkg", "link.gpkg"}) {
        const ProjectModel model = read([&](QgsProject& project) { test::add_layer(project, m_folder / name, "secret", "x"); });
        ASSERT_NE(model.find("x"), nullptr) << name;
        EXPECT_EQ(model.find("x")->disclosure, Disclosure::kritis) << name;
    }
}

}  // namespace
}  // namespace stadtgdi::project
