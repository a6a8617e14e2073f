// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/layer_reader.hpp>
#include <services/store/column_reader.hpp>
#include <services/store/generation.hpp>
#include <services/store/qgis_catalogue.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_city.hpp>
#include <tests/support/sample_project.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qgspoint.h>
#include <qgsproject.h>
#include <qgsvectorfilewriter.h>
#include <qgsvectorlayer.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <thread>

namespace stadtgdi::store {
namespace {

using test::qgis;
using testing::ElementsAre;

class Storing : public testing::Test {
protected:
    void SetUp() override
    {
        m_gpkg = m_folder / "data.gpkg";
        m_qgz = m_folder / "sample.qgz";
        test::copy_sample(m_gpkg, m_qgz);
        test::execute_sql(m_gpkg, "PRAGMA journal_mode=WAL");
        open({});
    }
    void TearDown() override
    {
        m_catalogue.reset();
        qgis().call_on_main([] {});
    }

    void open(StoreSettings settings)
    {
        settings.projects = {{m_qgz}, {m_folder / "missing.qgz"}};
        m_catalogue = std::make_unique<QgisCatalogue>(qgis(), settings);
        m_catalogue->look_once();
    }

    std::shared_ptr<const PublishedProject> project() const { return m_catalogue->project("sample"); }
    std::size_t rows(const std::string& layer) { return project()->snapshot(layer, m_run)->table.rows(); }

    test::TemporaryFolder m_folder;
    std::string m_gpkg, m_qgz;
    std::unique_ptr<QgisCatalogue> m_catalogue;
    base::RunContext m_run;
};

TEST_F(Storing, ServesWhatLoadsAndIsReadyWhenAllWasTried)
{
    EXPECT_TRUE(m_catalogue->ready());
    EXPECT_THAT(m_catalogue->project_ids(), ElementsAre("sample"));
    EXPECT_EQ(m_catalogue->project("missing"), nullptr);
    EXPECT_EQ(m_catalogue->project("other"), nullptr);
}

TEST_F(Storing, AFileThatHasGoneIsNoEmptyLayer)
{
    std::filesystem::remove(m_gpkg);
    for (const char* layer : {"trees", "trees_joined", "trees_tall", "lookup"}) {
        EXPECT_THROW(project()->snapshot(layer, m_run), Error) << layer;
        EXPECT_THROW(project()->query(layer, {}, m_run), Error) << layer;
        EXPECT_THROW(project()->count(layer, {}, m_run), Error) << layer;
        EXPECT_THROW(project()->expect_source(layer), Error) << layer;
    }
}

TEST_F(Storing, AFileThatHasGoneTakesTheLayersThatWereNotReadUntilItIsBack)
{
    const std::size_t trees = rows("trees");
    const auto names = [&] {
        std::set<std::string> failed;
        for (const auto& [name, why] : project()->model().failed_layers)
            failed.insert(name);
        return failed;
    };
    std::filesystem::rename(m_gpkg, m_folder / "away.gpkg");
    m_catalogue->look_once();
    EXPECT_NE(project()->model().find("ways"), nullptr) << "another file may be on its way";
    m_catalogue->look_once();
    m_catalogue->look_once();
    EXPECT_EQ(project()->model().find("ways"), nullptr);
    EXPECT_TRUE(names().contains("ways"));
    EXPECT_FALSE(names().contains("trees"));
    EXPECT_EQ(rows("trees"), trees) << "in memory";
    std::filesystem::rename(m_folder / "away.gpkg", m_gpkg);
    m_catalogue->look_once();
    EXPECT_NE(project()->model().find("ways"), nullptr);
    EXPECT_THAT(names(), testing::IsEmpty());
    EXPECT_EQ(rows("trees"), trees);
    EXPECT_GT(rows("ways"), 0U);
}

TEST_F(Storing, RowsAreReadAheadWhereTheSettingsSaySo)
{
    EXPECT_FALSE(project()->rows_held("trees"));
    StoreSettings settings;
    settings.read_ahead = true;
    open(settings);
    const auto held = [&] {
        return std::ranges::all_of(project()->model().layers, [&](const project::PublishedLayer& layer) {
            return layer.type != project::LayerType::vector || project()->rows_held(layer.name) || project()->why_not_held(layer.name);
        });
    };
    for (int i = 0; i < 1000 && !held(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(held());
    EXPECT_TRUE(project()->rows_held("trees"));
}

TEST_F(Storing, TwoProjectsOfOneNameAreRefused)
{
    StoreSettings settings;
    settings.projects = {{"/a/x.qgz", "admin"}};
    EXPECT_THROW(QgisCatalogue(qgis(), settings), Error) << "the service's own address";
    settings.projects = {{"/a/x.qgz"}, {"/b/x.qgs"}};
    EXPECT_THROW(QgisCatalogue(qgis(), settings), Error);
}

TEST_F(Storing, SnapshotsHoldAllRowsAndFields)
{
    const auto snapshot = project()->snapshot("trees", m_run);
    EXPECT_EQ(snapshot->table.rows(), 60U);
    EXPECT_EQ(snapshot->id_prefix, "trees");
    EXPECT_EQ(snapshot->index.size(), 60U);
    EXPECT_EQ(snapshot->fids[0], 1);
    std::vector<std::string> names;
    for (const table::Field& field : snapshot->table.schema().fields)
        names.push_back(field.name);
    EXPECT_THAT(names, ElementsAre("fid", "species", "height_m", "planted", "code"));
    EXPECT_EQ(rows("trees_tall"), 27U);
    EXPECT_EQ(project()->snapshot("trees", m_run), snapshot);  // read once
    EXPECT_THROW(project()->snapshot("nothing", m_run), Error);
    EXPECT_EQ(rows("lookup"), 3U);
}

// The columnar way must give exactly what QGIS gives.
void expect_same_ways(const std::string& qgz, base::RunContext& run)
{
    std::unique_ptr<project::LoadedProject> loaded = qgis().call_on_main([&] { return project::read_project(qgz, {}); });
    for (const char* name : {"trees", "ways", "parks", "lookup"}) {
        const auto& source = loaded->sources.at(name);
        ASSERT_TRUE(source.plain) << name;
        const auto columns = read_plain_table(source.data, *loaded->model.find(name), run);
        ASSERT_TRUE(columns) << name;
        const auto reader = qgis().call_on_main([&] { return std::make_unique<project::LayerReader>(*loaded, name); });
        const project::Rows features = reader->read({}, run);
        EXPECT_EQ(columns->fids, features.fids) << name;
        EXPECT_EQ(columns->table.schema().fields, features.table.schema().fields) << name;
        ASSERT_EQ(columns->table.has_geometry(), features.table.has_geometry()) << name;
        EXPECT_EQ(table::hash(columns->table.without_geometry()), table::hash(features.table.without_geometry())) << name;
        if (!columns->table.has_geometry())
            continue;
        const table::GeometryColumn &a = columns->table.geometry(), &b = features.table.geometry();
        EXPECT_EQ(a.kind(), b.kind()) << name;
        EXPECT_EQ(a.crs(), b.crs()) << name;
        EXPECT_TRUE(std::equal(a.x().begin(), a.x().end(), b.x().begin(), b.x().end())) << name;
        EXPECT_TRUE(std::equal(a.y().begin(), a.y().end(), b.y().begin(), b.y().end())) << name;
        const auto same = [](double one, double two) { return one == two || (std::isnan(one) && std::isnan(two)); };
        EXPECT_TRUE(std::equal(a.z().begin(), a.z().end(), b.z().begin(), b.z().end(), same)) << name;
    }
    qgis().call_on_main([&] { loaded.reset(); });
}

TEST_F(Storing, ColumnsAndFeaturesAreTheSame)
{
    expect_same_ways(m_qgz, m_run);
}

// Rows with and without heights in one layer, as an import leaves them.
TEST_F(Storing, ColumnsAndFeaturesHaveTheSameHeights)
{
    for (const char* layer : {"trees", "ways", "parks"}) {
        const table::Table rows = io::Source::open(m_gpkg)->read({.layer = layer}, m_run);
        const table::GeometryColumn& flat = rows.geometry();
        std::vector<double> z(flat.x().size());
        for (std::size_t i = 0; i < z.size(); ++i)
            z[i] = 100 + std::fmod(flat.x()[i] + flat.y()[i], 8);  // the same where a ring begins and ends
        const table::GeometryColumn high(flat.kind(), flat.crs(), flat.x_buffer(), flat.y_buffer(), flat.levels(), flat.validity(), std::move(z));
        const auto sink = io::Sink::open(m_gpkg);
        for (const table::GeometryColumn& shapes : {high, flat})
            sink->write(rows.with_geometry(shapes, "geom"), {.layer = layer, .mode = io::WriteMode::append}, m_run);
        sink->commit();
    }
    expect_same_ways(m_qgz, m_run);
    m_catalogue->look_once();
    const auto snapshot = project()->snapshot("trees", m_run);
    const table::GeometryColumn& trees = snapshot->table.geometry();
    ASSERT_EQ(trees.size(), 180U);
    ASSERT_TRUE(trees.has_z());
    EXPECT_FALSE(trees.has_height(0));
    EXPECT_EQ(trees.z()[60], 100 + std::fmod(trees.x()[60] + trees.y()[60], 8));
    EXPECT_FALSE(trees.has_height(120));
}

/// A value as QGIS holds it and as a column does, both as text.
QString told_by_qgis(const QVariant& value)
{
    if (bridge::compat::is_null(value))
        return QStringLiteral("null");
    switch (bridge::compat::type_of(value)) {
    case QMetaType::QDateTime: {
        const QDateTime moment = value.toDateTime();
        return QString::number((moment.timeSpec() == Qt::LocalTime ? bridge::compat::wall_clock_as_utc(moment) : moment).toMSecsSinceEpoch());
    }
    case QMetaType::QDate: return value.toDate().toString(Qt::ISODate);
    case QMetaType::Double: return QString::number(value.toDouble(), 'g', 17);
    default: return value.toString();
    }
}

QString told_by_column(const table::Column& column, std::size_t row)
{
    if (!column.valid(row))
        return QStringLiteral("null");
    switch (column.type()) {
    case table::Type::datetime: return QString::number(column.datetimes()[row] / 1000);
    case table::Type::float64: return QString::number(column.doubles()[row], 'g', 17);
    default: return bridge::compat::qstring(column.as_text(row));
    }
}

// Values that are easily read in two ways; read from the table, through a filter, a join and with a virtual field.
TEST_F(Storing, OddValuesAreWhatGetFeaturesGives)
{
    qgis().call_on_main([&] {
        const auto write = [&](const char* kind, const QString& name, const QStringList& shapes) {
            QgsVectorLayer layer(QStringLiteral("%1?crs=EPSG:25833&field=yes:bool&field=day:date&field=moment:datetime&field=big:int8&field=small:integer&field=ratio:double"
                                                "&field=words:string").arg(QLatin1String(kind)), name, QStringLiteral("memory"));
            ASSERT_TRUE(layer.isValid()) << kind;
            int number = 0;
            for (const QString& shape : shapes) {
                QgsFeature feature(layer.fields());
                if (!shape.isEmpty())
                    feature.setGeometry(QgsGeometry::fromWkt(shape));
                const QVariantList values{number % 2 == 0, QDate(2024, 2, 29).addDays(number), QDateTime(QDate(2024, 6, 7), QTime(19, 5, 41, 250)), qlonglong(1) << (62 - number),
                                          -number, number / 3.0, QStringLiteral("Straße %1").arg(number)};
                for (int i = 0; number != 1 && i < values.size(); ++i)
                    feature.setAttribute(i, values[i]);
                layer.dataProvider()->addFeature(feature);
                ++number;
            }
            QgsVectorFileWriter::SaveVectorOptions options;
            options.driverName = QStringLiteral("GPKG");
            options.layerName = name;
            options.actionOnExistingFile = QgsVectorFileWriter::CreateOrOverwriteLayer;
            ASSERT_EQ(QgsVectorFileWriter::writeAsVectorFormatV3(&layer, bridge::compat::qstring(m_gpkg), QgsCoordinateTransformContext(), options), QgsVectorFileWriter::NoError);
        };
        const QString curve = QStringLiteral("CompoundCurve(CircularString(317000 5690000, 317010 5690010, 317020 5690000),(317020 5690000, 317030 5690000))");
        write("Point", QStringLiteral("odd_points"), {QStringLiteral("Point(317000.1234567 5690000)"), {}, QStringLiteral("Point EMPTY"), QStringLiteral("Point(0 0)")});
        write("PointZ", QStringLiteral("odd_heights"), {QStringLiteral("PointZ(317000 5690000 113.25)"), {}, QStringLiteral("PointZ(317001 5690000 -1)")});
        write("CompoundCurve", QStringLiteral("odd_curves"), {curve, {}, QStringLiteral("CompoundCurve((317020 5690000, 317030 5690000))")});
        write("CurvePolygon", QStringLiteral("odd_areas"), {QStringLiteral("CurvePolygon(CircularString(317000 5690000, 317010 5690010, 317020 5690000, 317010 5689990, 317000 5690000))"), {}});
        write("MultiLineString", QStringLiteral("odd_lines"), {QStringLiteral("MultiLineString((317000 5690000, 317010 5690000),(317020 5690000, 317030 5690000))"), {}, QStringLiteral("MultiLineString EMPTY")});
    });
    for (const char* sql : {"UPDATE odd_heights SET moment='2024-06-07T21:05:41+02:00', big=-9007199254740993 WHERE fid=1", "UPDATE odd_heights SET moment='2024-06-07T19:05:41.250Z', day='0099-12-31' WHERE fid=3"})
        for (const std::string name : {"odd_points", "odd_heights", "odd_curves", "odd_areas", "odd_lines"}) {
            std::string statement = sql;
            statement.replace(statement.find("odd_heights"), 11, name);
            for (const char* number : {"1", "2", "3", "4", "5", "6", "7"})
                test::execute_sql(m_gpkg, "DROP TRIGGER IF EXISTS rtree_" + name + "_geom_update" + number);
            test::execute_sql(m_gpkg, statement);
        }
    const std::vector<std::string> tables{"odd_points", "odd_heights", "odd_curves", "odd_areas", "odd_lines"};
    qgis().call_on_main([&] {
        test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& project) {
            for (const std::string& name : tables) {
                test::add_layer(project, m_gpkg, name, name);
                test::add_layer(project, m_gpkg, name, name + "_filtered")->setSubsetString(QStringLiteral("\"big\" is null or \"small\" < 0"));
                test::add_layer(project, m_gpkg, name, name + "_more")->addExpressionField(QStringLiteral("\"small\" * 2"), QgsField(QStringLiteral("twice"), QMetaType::Type::Int));
            }
        });
    });
    m_catalogue->look_once();
    std::size_t in_columns = 0;
    for (const std::string& name : tables)
        for (const std::string& layer : {name, name + "_filtered", name + "_more"}) {
            const auto& generation = dynamic_cast<const Generation&>(*project());
            const auto& source = generation.loaded().sources.at(layer);
            EXPECT_EQ(source.plain, layer == name && name != "odd_curves" && name != "odd_areas");
            in_columns += source.plain && read_plain_table(source.data, *generation.model().find(layer), m_run) ? 1 : 0;
            const auto snapshot = generation.snapshot(layer, m_run);
            qgis().call_on_main([&] {
                auto* vector = qobject_cast<QgsVectorLayer*>(generation.loaded().layers.at(layer));
                QgsFeatureIterator features = vector->getFeatures();
                QgsFeature feature;
                std::size_t row = 0;
                for (; features.nextFeature(feature); ++row) {
                    ASSERT_LT(row, snapshot->table.rows()) << layer;
                    EXPECT_EQ(snapshot->fids[row], feature.id()) << layer;
                    for (int i = 0; i < vector->fields().count(); ++i)
                        EXPECT_EQ(told_by_column(snapshot->table.column(bridge::compat::utf8(vector->fields().at(i).name())), row), told_by_qgis(feature.attribute(i)))
                            << layer << " " << row << " " << vector->fields().at(i).name().toStdString();
                    const table::GeometryColumn& shapes = snapshot->table.geometry();
                    const bool placed = !feature.geometry().isNull() && !feature.geometry().isEmpty();
                    const auto [first, last] = shapes.coordinates(row);
                    const bool has_place = shapes.valid(row) && first != last && std::isfinite(shapes.x()[first]);
                    ASSERT_EQ(has_place, placed) << layer << " " << row;
                    if (!placed)
                        continue;
                    // Curves become lines, close to the curve.
                    const QgsRectangle box = feature.geometry().boundingBox();
                    const table::Box ours = shapes.box(row);
                    for (const auto& [a, b] : {std::pair(ours.xmin, box.xMinimum()), std::pair(ours.xmax, box.xMaximum()), std::pair(ours.ymin, box.yMinimum()), std::pair(ours.ymax, box.yMaximum())})
                        EXPECT_NEAR(a, b, 0.02) << layer << " " << row;
                    if (shapes.has_z()) {
                        EXPECT_EQ(shapes.z()[first], qgsgeometry_cast<const QgsPoint*>(feature.geometry().constGet())->z()) << layer;
                    }
                }
                EXPECT_EQ(row, snapshot->table.rows()) << layer;
            });
        }
    EXPECT_GE(in_columns, 3U);  // the fast way was among those compared
}

TEST_F(Storing, AnEditByAnotherProgramIsSeenAndOtherLayersStay)
{
    const auto before = project();
    const auto trees = before->snapshot("trees", m_run), joined = before->snapshot("trees_joined", m_run);
    test::execute_sql(m_gpkg, "UPDATE lookup SET label='Neu' WHERE code='c0'");
    m_catalogue->look_once();
    const auto after = project();
    EXPECT_NE(after, before);
    EXPECT_NE(after->version(), before->version());
    EXPECT_EQ(after->model().version, before->model().version);
    EXPECT_EQ(after->snapshot("trees_joined", m_run)->table.column("lookup_label").text(0), "Neu");
    EXPECT_EQ(joined->table.column("lookup_label").text(0), "Klasse 0");  // the old one stays as it was
    EXPECT_NE(after->snapshot("trees", m_run)->version, trees->version);  // the same file
    EXPECT_EQ(after->layer_version("trees"), after->snapshot("trees", m_run)->version);
    EXPECT_GT(after->layer_version("trees"), before->layer_version("trees"));
    EXPECT_TRUE(after->rows_stand_alone("trees"));
    EXPECT_THROW(after->layer_version("nothing"), Error);
}

TEST_F(Storing, NewRowsMoveTheExtent)
{
    EXPECT_EQ(rows("lookup"), 3U);
    EXPECT_EQ(rows("ways"), 3U);
    test::execute_sql(m_gpkg, "INSERT INTO lookup(code,label) VALUES('c3','vier')");
    m_catalogue->look_once();
    EXPECT_EQ(rows("lookup"), 4U);
    EXPECT_EQ(project()->snapshot("trees_joined", m_run)->table.column("lookup_label").text(3), "vier");
}

TEST_F(Storing, ANewColumnMakesTheProjectBeReadAgain)
{
    const std::string before = project()->model().version;
    test::execute_sql(m_gpkg, "ALTER TABLE trees ADD COLUMN crown_m REAL");
    m_catalogue->look_once();
    EXPECT_NE(project()->model().version, before);
    EXPECT_EQ(project()->model().find("trees")->fields.back().name, "crown_m");
    EXPECT_EQ(rows("trees"), 60U);
}

TEST_F(Storing, AChangedProjectFileIsReadAgainAndABrokenOneChangesNothing)
{
    const auto before = project();
    qgis().call_on_main([&] {
        test::write_sample_project(m_qgz, m_gpkg, [](QgsProject& p) { p.writeEntry(QStringLiteral("WMSServiceTitle"), QStringLiteral("/"), QStringLiteral("Neu")); });
    });
    m_catalogue->look_once();
    EXPECT_EQ(project()->model().title, "Neu");
    EXPECT_EQ(before->model().title, "Karten der Beispielstadt");
    EXPECT_EQ(before->snapshot("trees", m_run)->table.rows(), 60U);  // requests under way go on

    std::ofstream(m_qgz, std::ios::trunc) << "no zip";
    m_catalogue->look_once();
    ASSERT_NE(project(), nullptr);
    EXPECT_EQ(project()->model().title, "Neu");
    std::filesystem::remove(m_qgz);
    m_catalogue->look_once();
    EXPECT_NE(project(), nullptr);
}

TEST_F(Storing, ABrokenLayerComesBackWithItsFile)
{
    qgis().call_on_main([&] {
        test::write_sample_data(m_folder / "other.gpkg");
        test::write_sample_project(m_qgz, m_gpkg, [&](QgsProject& p) { test::add_layer(p, m_folder / "other.gpkg", "ways", "other"); });
    });
    std::filesystem::rename(m_folder / "other.gpkg", m_folder / "away.gpkg");
    m_catalogue->look_once();
    EXPECT_EQ(project()->model().find("other"), nullptr);
    EXPECT_NE(project()->model().find("trees"), nullptr);
    std::filesystem::rename(m_folder / "away.gpkg", m_folder / "other.gpkg");
    m_catalogue->look_once();
    EXPECT_NE(project()->model().find("other"), nullptr);
}

TEST_F(Storing, LayersAboveTheLimitAreQueriedAtTheirSource)
{
    StoreSettings settings;
    settings.max_snapshot_rows = 50;
    open(settings);
    try {
        project()->snapshot("trees", m_run);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    }
    EXPECT_EQ(rows("parks"), 2U);
    EXPECT_EQ(project()->count("trees", {}, m_run), 60);
    const table::Box window{317015, 5690005, 317045, 5690035};
    EXPECT_EQ(project()->count("trees", {.box = window}, m_run), 9);
    const auto page = project()->query("trees", {.box = window, .start = 7, .count = 5}, m_run);
    EXPECT_EQ(page->table.rows(), 2U);
    EXPECT_EQ(page->id_prefix, "trees");
    EXPECT_EQ(project()->query("trees", {.start = 10, .count = 3}, m_run)->fids, (std::vector<std::int64_t>{11, 12, 13}));
    EXPECT_EQ(project()->query("trees", {.fids = std::vector<std::int64_t>{12, 4711}}, m_run)->fids, (std::vector<std::int64_t>{12}));
    EXPECT_EQ(project()->query("trees", {.box = window, .fids = std::vector<std::int64_t>{}}, m_run)->table.rows(), 0U);
    EXPECT_THROW(project()->query("trees", {}, m_run), Error);  // more rows than the limit
    EXPECT_EQ(project()->query("trees", {.count = 60}, m_run)->table.rows(), 60U) << "a page";
    settings.max_snapshot_rows = 1000;
    settings.max_snapshot_bytes = 100;
    open(settings);
    EXPECT_THROW(project()->snapshot("trees", m_run), Error);
}

/// A city with two open tables, served under other names.
class CityStoring : public Storing {
protected:
    void SetUp() override
    {
        m_gpkg = m_folder / "city.gpkg";
        m_qgz = m_folder / "sample.qgz";
        test::write_sample_city(m_gpkg, {{"tree", catalogue::Disclosure::open}, {"pipe", catalogue::Disclosure::open}});
        test::execute_sql(m_gpkg, "PRAGMA journal_mode=WAL");
        write_project();
        open({});
    }
    void write_project() const
    {
        qgis().call_on_main([&] {
            QgsProject project;
            project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
            test::add_layer(project, m_gpkg, "tree", "trees");
            test::add_layer(project, m_gpkg, "pipe", "pipes");
            project.write(QString::fromStdString(m_qgz));
        });
    }
    void set_class(const std::string& table, const std::string& name) const
    {
        test::execute_sql(m_gpkg, "UPDATE stadtgdi_layer SET disclosure='" + name + "' WHERE name='" + table + "'");
    }
    std::optional<catalogue::Disclosure> class_of(const std::string& layer) const
    {
        const project::PublishedLayer* found = project()->model().find(layer);
        return found == nullptr ? std::nullopt : std::optional(found->disclosure);
    }
    render::Image map_of(const PublishedProject& from, const std::string& layer)
    {
        render::MapSpec spec;
        spec.layers = {{layer, "", 1.0}};
        spec.crs = "EPSG:25833";
        spec.box = {316990, 5689990, 317010, 5690010};
        spec.width = spec.height = 20;
        return from.drawer().draw(spec, m_run);
    }
};

TEST_F(CityStoring, AClassThatTheStoreChangesHoldsAtOnce)
{
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::open);
    set_class("pipe", "kritis");
    m_catalogue->look_once();
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::kritis);
    EXPECT_EQ(class_of("trees"), catalogue::Disclosure::open);
    set_class("pipe", "no such class");
    m_catalogue->look_once();
    EXPECT_FALSE(class_of("pipes"));  // not known any more: not served
    set_class("pipe", "public");
    m_catalogue->look_once();
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::open);
    test::execute_sql(m_gpkg, "DELETE FROM stadtgdi_layer WHERE name='pipe'");
    m_catalogue->look_once();
    EXPECT_FALSE(class_of("pipes"));
}

TEST_F(CityStoring, AClassHoldsInEveryProjectBeforeOneIsReadAgain)
{
    StoreSettings settings;
    settings.projects = {{m_qgz}, {m_folder / "second.qgz"}};
    std::filesystem::copy_file(m_qgz, settings.projects.back().path);
    m_catalogue = std::make_unique<QgisCatalogue>(qgis(), settings);
    m_catalogue->look_once();
    const auto class_in = [&](const char* id) {
        const auto served = m_catalogue->project(id);
        const project::PublishedLayer* pipes = served->model().find("pipes");
        return pipes == nullptr ? std::nullopt : std::optional(pipes->disclosure);
    };
    ASSERT_EQ(class_in("second"), catalogue::Disclosure::open);
    set_class("pipe", "kritis");
    std::atomic<bool> late = false;
    {
        std::jthread visitor([&](std::stop_token stop) {
            while (!stop.stop_requested())
                if (class_in("sample") == catalogue::Disclosure::kritis && class_in("second") == catalogue::Disclosure::open)
                    late = true;
        });
        m_catalogue->look_once();
    }
    EXPECT_FALSE(late);
    EXPECT_EQ(class_in("sample"), catalogue::Disclosure::kritis);
    EXPECT_EQ(class_in("second"), catalogue::Disclosure::kritis);
}

TEST_F(CityStoring, TheLastGoodStateDoesNotHoldForClasses)
{
    std::ofstream(m_qgz, std::ios::trunc) << "no zip";
    m_catalogue->look_once();
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::open);
    set_class("pipe", "kritis");
    m_catalogue->look_once();
    EXPECT_FALSE(class_of("pipes"));
    EXPECT_EQ(project()->model().tree.children.size(), 1U);
    EXPECT_EQ(class_of("trees"), catalogue::Disclosure::open);
    EXPECT_EQ(rows("trees"), 1U);
    write_project();
    m_catalogue->look_once();
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::kritis);
}

TEST_F(CityStoring, ATableThatIsDroppedTakesOnlyItsLayerWithIt)
{
    const auto before = project();
    test::execute_sql(m_gpkg, "CREATE TABLE kept AS SELECT * FROM pipe; DROP TABLE pipe");
    m_catalogue->look_once();
    EXPECT_FALSE(class_of("pipes"));
    EXPECT_EQ(rows("trees"), 1U);
    EXPECT_NO_THROW(map_of(*project(), "trees"));
    // Requests that began before it.
    EXPECT_THROW(before->snapshot("pipes", m_run), Error);
    EXPECT_THROW(map_of(*before, "pipes"), Error);
    EXPECT_EQ(before->snapshot("trees", m_run)->table.rows(), 1U);

    test::execute_sql(m_gpkg, "CREATE TABLE pipe (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, code TEXT); "
                              "INSERT INTO pipe (fid, geom, code) SELECT fid, geom, code FROM kept");
    m_catalogue->look_once();
    EXPECT_EQ(class_of("pipes"), catalogue::Disclosure::open);
    EXPECT_EQ(rows("pipes"), 1U);
}

TEST_F(CityStoring, ATableThatIsRenamedIsServedAgainWhenItIsBack)
{
    test::execute_sql(m_gpkg, "PRAGMA legacy_alter_table=ON; ALTER TABLE pipe RENAME TO conduit");
    m_catalogue->look_once();
    EXPECT_FALSE(class_of("pipes"));
    EXPECT_EQ(rows("trees"), 1U);
    test::execute_sql(m_gpkg, "PRAGMA legacy_alter_table=ON; ALTER TABLE conduit RENAME TO pipe");
    m_catalogue->look_once();
    EXPECT_EQ(rows("pipes"), 1U);
}

TEST_F(Storing, AJoinedTableThatIsDroppedLeavesTheLayerWithoutItsColumns)
{
    EXPECT_EQ(rows("trees_joined"), 60U);
    test::execute_sql(m_gpkg, "DROP TABLE lookup");
    m_catalogue->look_once();
    EXPECT_EQ(project()->model().find("lookup"), nullptr);
    EXPECT_EQ(rows("trees"), 60U);
    ASSERT_NE(project()->model().find("trees_joined"), nullptr);
    EXPECT_EQ(rows("trees_joined"), 60U);
}

TEST_F(Storing, TheThreadSeesChangesByItself)
{
    StoreSettings settings;
    settings.projects = {{m_qgz}};
    settings.poll = std::chrono::milliseconds(20);
    QgisCatalogue catalogue(qgis(), settings);
    catalogue.start();
    const auto wait_for = [](const std::function<bool()>& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return condition();
    };
    ASSERT_TRUE(wait_for([&] { return catalogue.ready(); }));
    EXPECT_EQ(catalogue.project("sample")->snapshot("lookup", m_run)->table.column("label").text(0), "Klasse 0");
    test::execute_sql(m_gpkg, "UPDATE lookup SET label='Neu' WHERE code='c0'");
    EXPECT_TRUE(wait_for([&] { return catalogue.project("sample")->snapshot("lookup", m_run)->table.column("label").text(0) == "Neu"; }));
    catalogue.stop();
}

TEST_F(Storing, AMapDrawnAfterAnEditShowsIt)
{
    render::MapSpec spec;
    spec.layers = {{"parks", "", 1.0}};
    spec.crs = "EPSG:25833";
    spec.box = {316980, 5689980, 317130, 5690080};
    spec.width = 150;
    spec.height = 100;
    spec.transparent = true;
    const auto colours = [&] {
        const render::Image image = project()->drawer().draw(spec, m_run);
        std::size_t drawn = 0;
        for (std::size_t i = 3; i < image.pixels.size(); i += 4)
            drawn += image.pixels[i] != 0;
        return drawn;
    };
    EXPECT_GT(colours(), 1000U);
    // Triggers of the spatial index need functions that plain SQLite lacks, as in any program without SpatiaLite.
    test::execute_sql(m_gpkg, "DELETE FROM rtree_parks_geom; DELETE FROM parks");
    m_catalogue->look_once();
    EXPECT_EQ(colours(), 0U);
    EXPECT_EQ(rows("parks"), 0U);
}

}  // namespace
}  // namespace stadtgdi::store
