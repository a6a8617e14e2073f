// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table_builder.hpp>
#include <services/ows/row_writer.hpp>
#include <gtest/gtest.h>
#include <cmath>
#include <functional>

namespace stadtgdi::ows {
namespace {

using table::GeometryKind;
using table::Type;

store::Snapshot snapshot(GeometryKind kind, const std::function<void(table::GeometryBuilder&)>& add)
{
    table::TableBuilder b({{{"name", Type::text}, {"height_m", Type::float64}, {"planted", Type::date}, {"seen", Type::datetime}, {"old", Type::boolean}, {"n", Type::int64}},
                           table::GeometryField{"geom", kind, "EPSG:25833", false}});
    b.column(0).add("Linde \"<Tilia>\"");
    b.column(1).add(12.5);
    b.column(2).add_date(19881);
    b.column(3).add(std::int64_t{1'717'787'141'000'000});
    b.column(4).add(true);
    b.column(5).add(7);
    add(b.geometry());
    b.end_row();
    b.end_row();
    store::Snapshot result;
    result.table = std::move(b).finish();
    result.fids = {17, 18};
    return result;
}

FeatureShape shape()
{
    FeatureShape s;
    s.fields = {"name", "height_m", "planted", "seen", "old", "n"};
    s.id_prefix = "trees.";
    s.crs = {"EPSG:25833", false, "urn:ogc:def:crs:EPSG::25833"};
    return s;
}

std::string written(const RowWriter& writer, const store::Snapshot& s)
{
    std::string text;
    writer.write({nullptr, 0, s.table.rows()}, {&s.table.geometry(), false}, text);
    return text;
}

TEST(GeoJsonWriter, WritesEveryTypeAndNull)
{
    const auto s = snapshot(GeometryKind::point, [](auto& g) { g.add_point(318000.5, 5690000.1234); });
    EXPECT_EQ(written(*geojson_writer(s, shape()), s),
              ",\n{\"type\":\"Feature\",\"id\":\"trees.17\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[318000.5,5690000.123]},\"properties\":{"
              "\"name\":\"Linde \\\"<Tilia>\\\"\",\"height_m\":12.5,\"planted\":\"2024-06-07\",\"seen\":\"2024-06-07T19:05:41Z\",\"old\":true,\"n\":7}}"
              ",\n{\"type\":\"Feature\",\"id\":\"trees.18\",\"geometry\":null,\"properties\":{"
              "\"name\":null,\"height_m\":null,\"planted\":null,\"seen\":null,\"old\":null,\"n\":null}}");
}

TEST(GeoJsonWriter, WithoutPrefixTheIdIsANumber)
{
    const auto s = snapshot(GeometryKind::point, [](auto& g) { g.add_point(1, 2); });
    FeatureShape bare = shape();
    bare.fields.clear();
    bare.id_prefix.clear();
    bare.with_geometry = false;
    EXPECT_EQ(written(*geojson_writer(s, bare), s), ",\n{\"type\":\"Feature\",\"id\":17,\"geometry\":null,\"properties\":{}},\n{\"type\":\"Feature\",\"id\":18,\"geometry\":null,\"properties\":{}}");
}

TEST(GeoJsonWriter, TurnsRingsAsRfc7946Wants)
{
    const auto s = snapshot(GeometryKind::polygon, [](auto& g) {
        g.begin_row();
        g.begin_ring();  // clockwise
        for (const auto& [x, y] : {std::pair{0, 0}, {0, 4}, {4, 4}, {0, 0}}) g.add(x, y);
        g.begin_ring();  // counterclockwise
        for (const auto& [x, y] : {std::pair{1, 2}, {2, 3}, {1, 3}, {1, 2}}) g.add(x, y);
    });
    const std::string text = written(*geojson_writer(s, shape()), s);
    EXPECT_NE(text.find("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,4],[0,4],[0,0]],[[1,2],[1,3],[2,3],[1,2]]]}"), std::string::npos) << text;
}

TEST(GeoJsonWriter, ACoordinateThatIsNoNumberMakesTheGeometryNull)
{
    const double nan = std::nan("");
    for (const auto kind : {GeometryKind::point, GeometryKind::line}) {
        const auto s = snapshot(kind, [&](auto& g) {
            g.begin_row();
            g.add(nan, 1);
            if (kind == GeometryKind::line) g.add(1, 2);
        });
        const std::string text = written(*geojson_writer(s, shape()), s);
        EXPECT_NE(text.find("\"trees.17\",\"geometry\":null"), std::string::npos) << text;
    }
}

GmlNames names()
{
    return {"app:trees", "app:geometry", {"app:name", "app:height_m", "app:planted", "app:seen", "app:old", "app:n"}, "wfs:member"};
}

TEST(GmlWriter, WritesEveryTypeAndLeavesNullOut)
{
    const auto s = snapshot(GeometryKind::point, [](auto& g) { g.add_point(318000.5, 5690000.1234); });
    EXPECT_EQ(written(*gml_writer(s, shape(), names()), s),
              "<wfs:member><app:trees gml:id=\"trees.17\"><app:geometry><gml:Point gml:id=\"trees.17.g\" srsName=\"urn:ogc:def:crs:EPSG::25833\"><gml:pos>318000.5 5690000.123</gml:pos>"
              "</gml:Point></app:geometry><app:name>Linde &quot;&lt;Tilia&gt;&quot;</app:name><app:height_m>12.5</app:height_m><app:planted>2024-06-07</app:planted>"
              "<app:seen>2024-06-07T19:05:41Z</app:seen><app:old>true</app:old><app:n>7</app:n></app:trees></wfs:member>\n"
              "<wfs:member><app:trees gml:id=\"trees.18\"></app:trees></wfs:member>\n");
}

TEST(GmlWriter, SwapsAxesWhereTheNameSaysSo)
{
    const auto s = snapshot(GeometryKind::multi_line, [](auto& g) {
        g.begin_row();
        g.begin_ring();
        g.add(1, 2);
        g.add(3, 4);
        g.begin_ring();
        g.add(5, 6);
        g.add(7, 8);
    });
    FeatureShape swapped = shape();
    swapped.crs = {"EPSG:3035", true, "urn:ogc:def:crs:EPSG::3035"};
    const std::string text = written(*gml_writer(s, swapped, names()), s);
    EXPECT_NE(text.find("<gml:MultiCurve gml:id=\"trees.17.g\" srsName=\"urn:ogc:def:crs:EPSG::3035\"><gml:curveMember><gml:LineString gml:id=\"trees.17.g.0\"><gml:posList>2 1 4 3</gml:posList>"
                        "</gml:LineString></gml:curveMember><gml:curveMember><gml:LineString gml:id=\"trees.17.g.1\"><gml:posList>6 5 8 7</gml:posList>"),
              std::string::npos)
        << text;
}

TEST(GmlWriter, WritesGml311WithoutIdsOfGeometries)
{
    const auto s = snapshot(GeometryKind::polygon, [](auto& g) {
        g.begin_row();
        g.begin_ring();
        for (const auto& [x, y] : {std::pair{0, 0}, {4, 0}, {4, 4}, {0, 0}}) g.add(x, y);
        g.begin_ring();
        for (const auto& [x, y] : {std::pair{2, 1}, {3, 2}, {3, 1}, {2, 1}}) g.add(x, y);
    });
    GmlNames older = names();
    older.version = GmlVersion::v3_1_1;
    older.member = "gml:featureMember";
    const std::string text = written(*gml_writer(s, shape(), older), s);
    EXPECT_EQ(text.substr(0, text.find("<app:name>")),
              "<gml:featureMember><app:trees gml:id=\"trees.17\"><app:geometry><gml:Polygon srsName=\"urn:ogc:def:crs:EPSG::25833\"><gml:exterior><gml:LinearRing>"
              "<gml:posList>0 0 4 0 4 4 0 0</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>2 1 3 2 3 1 2 1</gml:posList>"
              "</gml:LinearRing></gml:interior></gml:Polygon></app:geometry>");
}

TEST(GmlWriter, WritesGml2)
{
    GmlNames old = names();
    old.version = GmlVersion::v2_1_2;
    old.member = "gml:featureMember";
    FeatureShape places = shape();
    places.fields = {"n"};
    places.crs.name = "EPSG:25833";
    old.fields = {"app:n"};
    const auto point = snapshot(GeometryKind::point, [](auto& g) { g.add_point(318000.5, 5690000.1234); });
    EXPECT_EQ(written(*gml_writer(point, places, old), point),
              "<gml:featureMember><app:trees fid=\"trees.17\"><app:geometry><gml:Point srsName=\"EPSG:25833\"><gml:coordinates>318000.5,5690000.123</gml:coordinates></gml:Point></app:geometry>"
              "<app:n>7</app:n></app:trees></gml:featureMember>\n<gml:featureMember><app:trees fid=\"trees.18\"></app:trees></gml:featureMember>\n");
    const auto areas = snapshot(GeometryKind::multi_polygon, [](auto& g) {
        g.begin_row();
        g.begin_part();
        g.begin_ring();
        for (const auto& [x, y] : {std::pair{0, 0}, {4, 0}, {4, 4}, {0, 0}}) g.add(x, y);
    });
    EXPECT_NE(written(*gml_writer(areas, places, old), areas)
                  .find("<gml:MultiPolygon srsName=\"EPSG:25833\"><gml:polygonMember><gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 4,0 4,4 0,0</gml:coordinates>"
                        "</gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></gml:polygonMember></gml:MultiPolygon>"),
              std::string::npos);
}

TEST(GmlWriter, WritesValuesWithoutAFeatureAround)
{
    const auto s = snapshot(GeometryKind::point, [](auto& g) { g.add_point(1, 2); });
    GmlNames bare = names();
    bare.type.clear();
    bare.fields = {"app:name"};
    FeatureShape values = shape();
    values.fields = {"name"};
    values.with_geometry = false;
    EXPECT_EQ(written(*gml_writer(s, values, bare), s), "<wfs:member><app:name>Linde &quot;&lt;Tilia&gt;&quot;</app:name></wfs:member>\n") << "null gives nothing";
    EXPECT_EQ(written(*id_writer(s, values, "wfs:member"), s), "<wfs:member>trees.17</wfs:member>\n<wfs:member>trees.18</wfs:member>\n");
}

TEST(CsvWriter, WritesEveryTypeAndNull)
{
    const auto s = snapshot(GeometryKind::point, [](auto& g) { g.add_point(318000.5, 5690000.1234); });
    EXPECT_EQ(csv_header(shape(), "geometry"), "id,name,height_m,planted,seen,old,n,geometry\r\n");
    EXPECT_EQ(written(*csv_writer(s, shape()), s), "\"trees.17\",\"Linde \"\"<Tilia>\"\"\",12.5,2024-06-07,2024-06-07T19:05:41Z,true,7,\"POINT (318000.5 5690000.123)\"\r\n"
                                                  "\"trees.18\",,,,,,,\r\n");
}

TEST(CsvWriter, NamesOfItsOwnGiveWayToFields)
{
    FeatureShape taken = shape();
    taken.fields = {"ID", "id_2", "a,b", "say \"x\"", "geometry"};
    EXPECT_EQ(csv_header(taken, "geometry"), "id_3,ID,id_2,\"a,b\",\"say \"\"x\"\"\",geometry,geometry_2\r\n");
}

/// A text is quoted and null is not; formulas and line ends stay as they are.
TEST(CsvWriter, TextsAreNotChanged)
{
    table::TableBuilder b({{{"t", Type::text}}, {}});
    for (const char* text : {"", "=1+1", "a\r\nb", "a,b;c\td", "\"\""}) {
        b.column(0).add(text);
        b.end_row();
    }
    store::Snapshot s;
    s.table = std::move(b).finish();
    s.fids = {1, 2, 3, 4, 5};
    FeatureShape plain = shape();
    plain.fields = {"t"};
    plain.with_geometry = false;
    std::string text;
    csv_writer(s, plain)->write({nullptr, 0, 5}, {}, text);
    EXPECT_EQ(text, "\"trees.1\",\"\"\r\n\"trees.2\",\"=1+1\"\r\n\"trees.3\",\"a\r\nb\"\r\n\"trees.4\",\"a,b;c\td\"\r\n\"trees.5\",\"\"\"\"\"\"\r\n");
}

/// Entries of a dictionary are escaped ahead for many rows only.
TEST(Writers, FewRowsOfADictionaryAreWrittenAsMany)
{
    table::TableBuilder b({{{"t", Type::text}}, {}});
    const std::vector<std::string> words{"a \"b\" & <c>", "", "Größe, 2"};
    for (std::size_t row = 0; row < 300; ++row) {
        if (row % 5 == 4)
            b.column(0).add_null();
        else
            b.column(0).add(words[row % 3]);
        b.end_row();
    }
    store::Snapshot s;
    s.table = std::move(b).finish();
    ASSERT_TRUE(s.table.column("t").is_dictionary());
    for (std::int64_t row = 0; row < 300; ++row) s.fids.push_back(row);
    FeatureShape many = shape();
    many.fields = {"t"};
    many.with_geometry = false;
    FeatureShape few = many;
    few.rows = 2;
    const auto all = [&](const RowWriter& writer) {
        std::string text;
        writer.write({nullptr, 0, 300}, {}, text);
        return text;
    };
    EXPECT_EQ(all(*geojson_writer(s, few)), all(*geojson_writer(s, many)));
    EXPECT_EQ(all(*csv_writer(s, few)), all(*csv_writer(s, many)));
    const GmlNames own{"app:t", "app:g", {"app:t"}, "wfs:member"};
    EXPECT_EQ(all(*gml_writer(s, few, own)), all(*gml_writer(s, many, own)));
}

/// The third coordinate is the height in every axis order; a row without heights has two coordinates.
TEST(Writers, HeightsComeLastAndAreLeftOutWhereTheyAreNotKnown)
{
    table::TableBuilder b({{}, table::GeometryField{"geom", GeometryKind::line, "EPSG:25833", true}});
    b.geometry().begin_row();
    b.geometry().add(1, 2, 110.5);
    b.geometry().add(3, 4, 111);
    b.end_row();
    b.geometry().begin_row();
    b.geometry().add(5, 6);
    b.geometry().add(7, 8);
    b.end_row();
    store::Snapshot s;
    s.table = std::move(b).finish();
    s.fids = {17, 18};
    FeatureShape swapped = shape();
    swapped.fields.clear();
    swapped.crs = {"EPSG:3035", true, "urn:ogc:def:crs:EPSG::3035"};
    const std::string gml = written(*gml_writer(s, swapped, {"app:trees", "app:geometry", {}, "wfs:member"}), s);
    EXPECT_NE(gml.find("srsName=\"urn:ogc:def:crs:EPSG::3035\" srsDimension=\"3\"><gml:posList>2 1 110.5 4 3 111</gml:posList>"), std::string::npos) << gml;
    EXPECT_NE(gml.find("srsName=\"urn:ogc:def:crs:EPSG::3035\"><gml:posList>6 5 8 7</gml:posList>"), std::string::npos) << gml;
    FeatureShape plain = shape();
    plain.fields.clear();
    const std::string json = written(*geojson_writer(s, plain), s);
    EXPECT_NE(json.find("[[1,2,110.5],[3,4,111]]"), std::string::npos) << json;
    EXPECT_NE(json.find("[[5,6],[7,8]]"), std::string::npos) << json;
}

/// Long values and many parts must fit the room that was asked for: the sanitizer build sees what does not.
TEST(Writers, RoomIsEnoughForLongValuesAndManyParts)
{
    table::TableBuilder b({{{"a", Type::text}, {"b", Type::text}}, table::GeometryField{"geom", GeometryKind::multi_polygon, "EPSG:25833", false}});
    const std::string long_text(5000, '\x01');
    for (int row = 0; row < 50; ++row) {
        b.column(0).add(long_text + std::to_string(row));
        b.column(1).add(row % 2 == 0 ? "x" : "\"\"\"\"");
        b.geometry().begin_row();
        for (int part = 0; part < 40; ++part) {
            b.geometry().begin_part();
            b.geometry().begin_ring();
            for (int i = 0; i < 4; ++i) b.geometry().add(-999999.123 - i % 3, -9999999.999 + part + (i % 3) * i);
        }
        b.end_row();
    }
    store::Snapshot s;
    s.table = std::move(b).finish();
    for (int row = 0; row < 50; ++row) s.fids.push_back(-9'000'000'000'000'000'000 + row);
    FeatureShape wide = shape();
    wide.fields = {"a", "b"};
    const std::string json = written(*geojson_writer(s, wide), s);
    EXPECT_GT(json.size(), 50U * 5000U * 6U);
    EXPECT_NE(json.find("\\u000149\""), std::string::npos);
    const std::string gml = written(*gml_writer(s, wide, {"app:t", "app:g", {"app:a", "app:b"}, "wfs:member"}), s);
    EXPECT_NE(gml.find("<app:a>49</app:a>"), std::string::npos);
    for (const auto version : {GmlVersion::v2_1_2, GmlVersion::v3_1_1}) {
        GmlNames older{"app:t", "app:g", {"app:a", "app:b"}, "gml:featureMember", version};
        EXPECT_NE(written(*gml_writer(s, wide, older), s).find("<app:a>49</app:a>"), std::string::npos);
    }
    EXPECT_NE(written(*csv_writer(s, wide), s).find("\x01" "49\",\"\"\"\"\"\"\"\"\"\""), std::string::npos);
}

}  // namespace
}  // namespace stadtgdi::ows
