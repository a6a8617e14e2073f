// SPDX-License-Identifier: GPL-2.0-or-later
#include "qgis_environment.hpp"
#include <plugins/bridge/table_reader.hpp>
#include <plugins/bridge/table_writer.hpp>
#include <qgsfeature.h>
#include <qgsgeometry.h>
#include <qgsvectorlayer.h>
#include <layers/base/error.hpp>
#include <layers/table/table_builder.hpp>
#include <random>

namespace {

using namespace stadtgdi;
using bridge::compat::qstring;
using table::GeometryKind;
using table::Type;

class TableReader : public QgisTest {
protected:
    std::unique_ptr<QgsVectorLayer> layer(const char* definition, const std::vector<std::pair<const char*, QVariantList>>& rows)
    {
        auto made = std::make_unique<QgsVectorLayer>(QString::fromUtf8(definition), QStringLiteral("made"), QStringLiteral("memory"));
        EXPECT_TRUE(made->isValid());
        QgsFeatureList features;
        for (const auto& [wkt, values] : rows) {
            QgsFeature feature(made->fields());
            if (wkt) feature.setGeometry(QgsGeometry::fromWkt(QString::fromUtf8(wkt)));
            for (int i = 0; i < values.size(); ++i) feature.setAttribute(i, values.at(i));
            features << feature;
        }
        EXPECT_TRUE(made->dataProvider()->addFeatures(features));
        return made;
    }
    base::RunContext run{1};
};

TEST_F(TableReader, ReadsEveryTypeWithItsNulls)
{
    const auto made = layer("Point?crs=EPSG:25833&field=name:string&field=year:integer&field=big:int8&field=height:double&field=alive:bool&field=day:date&field=moment:datetime",
                            {{"POINT(1 2)", {QStringLiteral("Linde"), 1987, Q_INT64_C(9007199254740993), 12.5, true, QDate(2024, 6, 7),
                                             bridge::compat::utc_of(1717787141000)}},
                             {nullptr, {QVariant(), QVariant(), QVariant(), QVariant(), QVariant(), QVariant(), QVariant()}}});
    const table::Table table = bridge::read_features(*made, run).table;
    ASSERT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.column("name").text(0), "Linde");
    EXPECT_EQ(table.column("year").ints()[0], 1987);
    EXPECT_EQ(table.column("big").ints()[0], 9007199254740993);  // 2^53 + 1: lost in a double
    EXPECT_EQ(table.column("height").doubles()[0], 12.5);
    EXPECT_EQ(table.column("alive").bools()[0], 1);
    EXPECT_EQ(table.column("day").as_text(0), "2024-06-07");
    EXPECT_EQ(table.column("moment").as_text(0), "2024-06-07T19:05:41Z");
    for (const table::Column& column : table.columns()) EXPECT_FALSE(column.valid(1));
    EXPECT_FALSE(table.geometry().valid(1));
    EXPECT_EQ(table.geometry().crs(), "EPSG:25833");
    EXPECT_EQ(table.geometry().kind(), GeometryKind::point);
}

TEST_F(TableReader, KeepsFeatureIdsBesideTheRows)
{
    const auto made = layer("Point?field=n:integer", {{"POINT(0 0)", {1}}, {"POINT(1 1)", {2}}, {"POINT(2 2)", {3}}});
    ASSERT_TRUE(made->dataProvider()->deleteFeatures({made->getFeature(2).id()}));
    const bridge::FeatureTable read = bridge::read_features(*made, run);
    EXPECT_EQ(read.ids, (std::vector<std::int64_t>{1, 3}));
}

TEST_F(TableReader, ReadsTheSubsetAndTheColumnsAskedFor)
{
    const auto made = layer("Point?field=a:integer&field=b:string", {{"POINT(0 0)", {1, QStringLiteral("x")}}, {"POINT(1 1)", {2, QStringLiteral("y")}}});
    ASSERT_TRUE(made->setSubsetString(QStringLiteral("a = 2")));
    const table::Table table = bridge::read_features(*made, run, {.columns = {"b"}, .geometry = false}).table;
    ASSERT_EQ(table.rows(), 1U);
    ASSERT_EQ(table.columns().size(), 1U);
    EXPECT_EQ(table.column("b").text(0), "y");
    EXPECT_FALSE(table.has_geometry());
}

TEST_F(TableReader, RefusesAFieldThatTheLayerLacks)
{
    const auto made = layer("Point?field=a:integer", {});
    EXPECT_THROW(bridge::read_features(*made, run, {.columns = {"crown"}}), base::Error);
}

TEST_F(TableReader, WidensASingleKindWhenAFeatureHasSeveralParts)
{
    const auto mixed = layer("MultiPolygon?field=n:integer", {{"POLYGON((0 0,2 0,2 2,0 2,0 0))", {1}}, {"MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))", {2}}});
    QgsFeatureIterator features = mixed->getFeatures();
    const table::Table table = bridge::read_features(features, mixed->fields(), Qgis::WkbType::Polygon, "EPSG:25833", run).table;
    EXPECT_EQ(table.geometry().kind(), GeometryKind::multi_polygon);
    EXPECT_EQ(table.geometry().part_count(0), 1U);
    EXPECT_EQ(table.geometry().part_count(1), 2U);
}

TEST_F(TableReader, TakesTheKindOfTheFirstGeometryWhereTheSourceDeclaresNone)
{
    const auto made = layer("LineString?field=n:integer", {{nullptr, {1}}, {"LINESTRING(0 0,1 1)", {2}}});
    QgsFeatureIterator features = made->getFeatures();
    const table::Table table = bridge::read_features(features, made->fields(), Qgis::WkbType::Unknown, "EPSG:25833", run).table;
    EXPECT_EQ(table.geometry().kind(), GeometryKind::multi_line);
    EXPECT_FALSE(table.geometry().valid(0));
    EXPECT_TRUE(table.geometry().valid(1));
    EXPECT_TRUE(run.take_findings().empty());
}

TEST_F(TableReader, ReportsGeometriesOfAnotherKind)
{
    const auto made = layer("LineString?field=n:integer", {{nullptr, {1}}, {"LINESTRING(0 0,1 1)", {2}}});
    QgsFeatureIterator features = made->getFeatures();
    const table::Table table = bridge::read_features(features, made->fields(), Qgis::WkbType::Polygon, "", run).table;
    EXPECT_FALSE(table.geometry().valid(1));
    const auto findings = run.take_findings();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].row, 1);
    EXPECT_EQ(findings[0].rule, "read.geometry");
}

TEST_F(TableReader, CutsCurvesIntoStraightPieces)
{
    const auto made = layer("CurvePolygon", {{"CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))", {}}});
    const table::Table table = bridge::read_features(*made, run).table;
    EXPECT_EQ(table.geometry().kind(), GeometryKind::polygon);
    EXPECT_GT(table.geometry().x().size(), 32U);
}

TEST_F(TableReader, StopsWhenAsked)
{
    const auto made = layer("Point", {{"POINT(0 0)", {}}});
    std::stop_source stop;
    stop.request_stop();
    base::RunContext stopped{1, stop.get_token()};
    EXPECT_THROW(bridge::read_features(*made, stopped), base::Error);
}

// A table that goes into a layer and comes back is the same table.
TEST_F(TableReader, GivesBackWhatTheWriterWroteForAnyTable)
{
    std::mt19937 random(20241121);
    const auto number = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon, GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon}) {
        for (const bool with_z : {false, true}) {
            table::Schema schema{{{"t", Type::text}, {"i", Type::int64}, {"f", Type::float64}, {"b", Type::boolean}, {"d", Type::date}, {"m", Type::datetime}}, {}};
            schema.geometry = table::GeometryField{"geom", kind, "EPSG:25833", with_z};
            table::TableBuilder builder(schema);
            for (int row = 0; row < 60; ++row) {
                if (number(5)) builder.column(0).add(std::string_view("Straße " + std::to_string(number(7))));
                if (number(5)) builder.column(1).add(static_cast<std::int64_t>(number(1000000)) * 1000003);
                if (number(5)) builder.column(2).add(number(1000000) / 7.0);
                if (number(5)) builder.column(3).add(number(2) == 1);
                if (number(5)) builder.column(4).add_date(number(40000) - 20000);
                if (number(5)) builder.column(5).add(static_cast<std::int64_t>(number(1000000000)) * 1000);  // whole milliseconds
                table::GeometryBuilder& shape = builder.geometry();
                if (number(6) == 0) {
                    shape.add_null();
                } else {
                    const bool polygon = table::single_of(kind) == GeometryKind::polygon;
                    const int parts = table::is_multi(kind) ? 1 + number(3) : 1;
                    shape.begin_row();
                    for (int part = 0; part < parts; ++part) {
                        const double x = number(1000) / 3.0, y = number(1000) / 3.0, z = with_z ? number(100) / 3.0 : 0.0;
                        if (table::single_of(kind) == GeometryKind::point) {
                            shape.add(x, y, z);
                            continue;
                        }
                        if (kind == GeometryKind::multi_polygon) shape.begin_part();
                        if (kind != GeometryKind::line) shape.begin_ring();
                        shape.add(x, y, z);
                        shape.add(x + 9, y, z);
                        shape.add(x + 9, y + 9, z);
                        if (polygon) {
                            shape.add(x, y, z);
                            shape.begin_ring();
                            shape.add(x + 5, y + 1, z);
                            shape.add(x + 6, y + 1, z);
                            shape.add(x + 6, y + 2, z);
                            shape.add(x + 5, y + 1, z);
                        }
                    }
                }
                builder.end_row();
            }
            const table::Table before = std::move(builder).finish();
            const auto made = bridge::memory_layer(before, QStringLiteral("round trip"), run);
            const table::Table after = bridge::read_features(*made, run).table;
            EXPECT_EQ(after.schema(), before.schema());
            EXPECT_EQ(table::hash(after), table::hash(before)) << table::name_of(kind) << (with_z ? " z" : "");
        }
    }
}

}  // namespace
