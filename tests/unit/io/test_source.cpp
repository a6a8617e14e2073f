// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare.hpp"
#include "random_table.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>
#include <layers/geometry/measure.hpp>
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <zlib.h>

#include <numbers>
#include <random>

using namespace stadtgdi;
using io::ReadOptions;
using io::Source;
using testing::HasSubstr;

namespace {

table::Table read(const std::vector<std::string>& paths, const ReadOptions& options = {})
{
    base::RunContext run;
    return Source::open(paths)->read(options, run);
}

/// The kind and the text of the error of reading.
std::pair<ErrorKind, std::string> error_of(const std::vector<std::string>& paths, const ReadOptions& options = {})
{
    try {
        read(paths, options);
    } catch (const Error& error) {
        EXPECT_FALSE(error.message().de.empty());
        return {error.kind(), error.what()};
    }
    ADD_FAILURE() << "no error";
    return {ErrorKind::internal, ""};
}

std::string zipped(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::string point(const std::string& properties, const std::string& coordinates = "[12.5,51.25]")
{
    return R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":{"type":"Point","coordinates":)" + coordinates + "}}";
}

std::string collection(const std::string& features)
{
    return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

}  // namespace

TEST(Source, ManyFilesAreOneTableWithTheUnionOfTheirColumns)
{
    const TemporaryFolder folder;
    folder.write("b.geojson", collection(point(R"("name":"Linde","age":7,"code":5)") + "," + point(R"("name":null,"age":8,"code":6)")));
    folder.write("a.geojson", collection(point(R"("age":2.5,"extra":true,"code":"x")")));
    folder.write("c.geojson.gz", zipped(collection(point(R"("late":"z","age":null)", "[13.0,52.0]"))));
    for (const std::vector<std::string>& paths : {std::vector<std::string>{folder.path()}, {folder / "*.geojson*"}, {folder / "a.geojson", folder / "b.geojson", folder / "c.geojson.gz"}}) {
        const table::Table all = read(paths, {.source_file = true});
        ASSERT_EQ(all.rows(), 4U);
        std::vector<std::string> names;
        for (const auto& field : all.schema().fields)
            names.push_back(field.name);
        EXPECT_THAT(names, testing::ElementsAre("age", "extra", "code", "source_file", "source_row", "name", "late"));
        EXPECT_EQ(all.column("age").type(), table::Type::float64);
        EXPECT_EQ(all.column("age").number(0), 2.5);
        EXPECT_EQ(all.column("age").number(2), 8);
        EXPECT_FALSE(all.column("age").valid(3));
        EXPECT_EQ(all.column("code").type(), table::Type::text);
        EXPECT_EQ(all.column("code").text(1), "5");
        EXPECT_EQ(all.column("extra").type(), table::Type::boolean);
        EXPECT_FALSE(all.column("extra").valid(1));
        EXPECT_EQ(all.column("source_file").text(3), "c.geojson.gz");
        EXPECT_EQ(all.column("source_row").ints()[2], 1);
        EXPECT_EQ(all.geometry().x()[3], 13.0);
    }
    const table::Table some = read({folder.path()}, {.columns = {"late", "age"}});
    EXPECT_EQ(some.columns().size(), 2U);
    EXPECT_EQ(some.schema().fields[0].name, "late");
}

TEST(Source, SingleAndMultiGeometriesMeetInTheMultiKind)
{
    const TemporaryFolder folder;
    const std::string mixed = folder.write(
        "a.geojson", collection(R"({"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}},)"
                                R"({"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}},)"
                                R"({"type":"Feature","properties":{},"geometry":null})"));
    const table::Table lines = read({mixed});
    EXPECT_EQ(lines.geometry().kind(), table::GeometryKind::multi_line);
    EXPECT_EQ(lines.geometry().part_count(0), 1U);
    EXPECT_EQ(lines.geometry().part_count(1), 2U);
    EXPECT_FALSE(lines.geometry().valid(2));
    EXPECT_EQ(Source::open(mixed)->layers().front().schema.geometry->kind, table::GeometryKind::multi_line);
}

TEST(Source, CurvesBecomeLinesWhetherTheirPartsAreRoundOrStraight)
{
    const TemporaryFolder folder;
    const auto curve = [](const char* type, const char* first) {
        return std::string("<f:member><f:way><f:geom><gml:CompositeCurve srsName=\"EPSG:25833\"><gml:curveMember><gml:Curve><gml:segments><gml:") + type + "><gml:posList>" + first +
               "</gml:posList></gml:" + type + "></gml:segments></gml:Curve></gml:curveMember><gml:curveMember><gml:LineString><gml:posList>10 0 20 0</gml:posList></gml:LineString>"
               "</gml:curveMember></gml:CompositeCurve></f:geom></f:way></f:member>";
    };
    const std::string path = folder.write("ways.gml", "<f:ways xmlns:f=\"urn:f\" xmlns:gml=\"http://www.opengis.net/gml/3.2\">" + curve("LineStringSegment", "0 0 5 0 10 0") +
                                                          curve("Arc", "0 0 5 5 10 0") + "</f:ways>");
    const table::Table ways = read({path});
    ASSERT_EQ(ways.rows(), 2U);
    ASSERT_TRUE(ways.geometry().valid(0));
    ASSERT_TRUE(ways.geometry().valid(1));
    EXPECT_NEAR(geometry::length(ways.geometry(), 0), 20, 1e-9);
    EXPECT_NEAR(geometry::length(ways.geometry(), 1), 5 * std::numbers::pi + 10, 0.01);
}

TEST(Source, AGeometryOfAnotherKindBecomesAFinding)
{
    const TemporaryFolder folder;
    const std::string path = folder.write("a.geojson", collection(point("") + "," + point("") + R"(,{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}})"));
    base::RunContext run;
    const table::Table table = Source::open(path)->read({}, run);
    EXPECT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.geometry().kind(), table::GeometryKind::point);
    EXPECT_FALSE(table.geometry().valid(2));
    const auto findings = run.take_findings();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].row, 2);
    EXPECT_EQ(findings[0].file, "a.geojson");
    EXPECT_EQ(findings[0].value, "LINESTRING");
}

TEST(Source, AsTextKeepsWhatStandsInTheFile)
{
    const TemporaryFolder folder;
    const std::string path = folder.write(
        "a.geojson",
        collection(point(R"("day":"2022-09-18","stamp":"2022/09/18 10:00:00","year":2024,"height":12.50,"key":"007","yes":true,"no":null,"blank":" ","list":[1,2])")));
    const table::Table text = read({path}, {.as_text = true});
    for (const auto& field : text.schema().fields)
        EXPECT_EQ(field.type, table::Type::text) << field.name;
    EXPECT_EQ(text.column("day").text(0), "2022-09-18");
    EXPECT_EQ(text.column("stamp").text(0), "2022/09/18 10:00:00");
    EXPECT_EQ(text.column("year").text(0), "2024");
    EXPECT_EQ(text.column("height").text(0), "12.5");
    EXPECT_EQ(text.column("key").text(0), "007");
    EXPECT_EQ(text.column("yes").text(0), "true");
    EXPECT_FALSE(text.column("no").valid(0));
    EXPECT_EQ(text.column("blank").text(0), " ");
    EXPECT_THAT(std::string(text.column("list").text(0)), testing::MatchesRegex("\\[ ?1, ?2 ?\\]"));
    EXPECT_EQ(read({path}).column("day").type(), table::Type::date);
}

TEST(Source, CsvKnowsSeparatorsQuotesLineBreaksAndEncodings)
{
    const TemporaryFolder folder;
    const std::string path = folder.write("a.csv", "\xEF\xBB\xBFnr;Straße;note;empty;;nr\r\n1;\"Am \"\"Löß\"\"; links\";\"two\nlines\";;x;9\r\n\r\n2;;\"\";;y;8\r\n");
    const table::Table typed = read({path});
    ASSERT_EQ(typed.rows(), 2U);
    EXPECT_EQ(typed.schema().fields[4].name, "column_5");
    EXPECT_EQ(typed.schema().fields[5].name, "nr_2");
    EXPECT_EQ(typed.column("nr").ints()[1], 2);
    EXPECT_EQ(typed.column("Straße").text(0), "Am \"Löß\"; links");
    EXPECT_EQ(typed.column("note").text(0), "two\nlines");
    EXPECT_FALSE(typed.column("Straße").valid(1));
    EXPECT_TRUE(typed.column("note").valid(1));
    EXPECT_FALSE(typed.column("empty").valid(0));
    const table::Table text = read({path}, {.as_text = true});
    EXPECT_EQ(text.column("nr").text(0), "1");
    EXPECT_TRUE(text.column("empty").valid(0));
    EXPECT_EQ(text.column("empty").text(0), "");

    const std::string latin = folder.write("latin.csv", "name\nStra\xDF" "e\n");
    const auto [kind, message] = error_of({latin});
    EXPECT_EQ(kind, ErrorKind::bad_data);
    EXPECT_THAT(message, HasSubstr("line 2"));
    EXPECT_EQ(read({latin}, {.encoding = "ISO-8859-1"}).column("name").text(0), "Straße");
    EXPECT_EQ(error_of({latin}, {.encoding = "nonsense"}).first, ErrorKind::invalid_argument);
}

TEST(Source, CsvKeysWithLeadingZerosStayText)
{
    const TemporaryFolder folder;
    const table::Table table = read({folder.write("a.csv", "plz,whole,real,flag,day,time,mixed,comma\n04109,-5,1.5e3,true,2024-02-29,2024-02-29T12:00:00Z,1,\"1,5\"\n1,7,2,false,1900-01-01,2024-01-01 00:00:00,x,\"2,5\"\n")});
    EXPECT_EQ(table.column("plz").type(), table::Type::text);
    EXPECT_EQ(table.column("whole").type(), table::Type::int64);
    EXPECT_EQ(table.column("real").doubles()[0], 1500);
    EXPECT_EQ(table.column("flag").type(), table::Type::boolean);
    EXPECT_EQ(table.column("day").type(), table::Type::date);
    EXPECT_EQ(table.column("time").type(), table::Type::datetime);
    EXPECT_EQ(table.column("mixed").type(), table::Type::text);
    EXPECT_EQ(table.column("comma").type(), table::Type::text);
}

TEST(Source, JsonRecordsAreFoundByTheirKeys)
{
    const TemporaryFolder folder;
    const std::string path = folder.write("a.json", R"({"data":{"2023":{"Einwohner insgesamt":[{"a":1,"b":"x"},{"a":2.5,"c":{"d":[1]}},{"b":null}]},"a.b":[{"n":1}]}})");
    const table::Table table = read({path + "?records=data.2023.Einwohner insgesamt"});
    ASSERT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.column("a").doubles()[1], 2.5);
    EXPECT_FALSE(table.column("a").valid(2));
    EXPECT_EQ(table.column("c").text(1), R"({"d":[1]})");
    EXPECT_EQ(read({path + "?records=data.a.b"}).rows(), 1U);
    EXPECT_EQ(error_of({path + "?records=data.2024.x"}).first, ErrorKind::not_found);
    EXPECT_EQ(read({folder.write("list.json", R"([{"n":1},{"n":2}])")}).rows(), 2U);
    EXPECT_EQ(error_of({folder.write("bad.json", R"([{"n":1},7])")}).first, ErrorKind::bad_data);
}

TEST(Source, DamagedFilesAreNamedAndNothingIsPrinted)
{
    const TemporaryFolder folder;
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const std::string good = collection(point(R"("a":1)"));
    const std::vector<std::string> damaged{
        folder.write("cut.geojson", good.substr(0, good.size() - 10)),
        folder.write("cut.geojson.gz", zipped(good).substr(0, 60)),
        folder.write("no.geojson.gz", "not zipped at all"),
        folder.write("empty.geojson", ""),
        folder.write("a.gpkg", std::string(4096, 'x')),
        folder.write("a.fgb", "fgb?"),
        folder.write("a.shp", "shape"),
        folder.write("a.osm.pbf", std::string(200, '\1')),
        folder.write("a.gml", "<gml><open></gml>"),
        folder.write("quote.csv", "a,b\n1,\"never closed\n2,3\n"),
        folder.write("wide.csv", "a,b\n1,2\n1,2,3\n"),
        folder.write("empty.csv", ""),
        folder.write("cut.json", R"([{"a":1},{"a":)"),
    };
    for (const std::string& path : damaged) {
        SCOPED_TRACE(path);
        const auto [kind, message] = error_of({path});
        EXPECT_TRUE(kind == ErrorKind::bad_data || kind == ErrorKind::unsupported) << message;
        EXPECT_THAT(message, HasSubstr(path.substr(path.rfind('/') + 1)));
    }
    EXPECT_THAT(error_of({folder / "quote.csv"}).second, HasSubstr("line 2"));
    EXPECT_THAT(error_of({folder / "wide.csv"}).second, HasSubstr("line 3 (row 2)"));
    EXPECT_THAT(error_of({folder.write("seven.json", R"([{"n":1},7])")}).second, HasSubstr("row 2"));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Source, AFileCutShortAnywhereNeverCrashes)
{
    const TemporaryFolder folder;
    base::RunContext run;
    for (const std::string ending : {".gpkg", ".fgb", ".geojson", ".csv"}) {
        const std::string whole = folder / ("whole" + ending);
        const auto sink = io::Sink::open(whole);
        sink->write(RandomTable{.seed = 59, .rows = 60, .kind = table::GeometryKind::polygon, .crs = "EPSG:4326", .xmin = 12, .ymin = 51, .extent = 1}.make(), {.layer = "things"}, run);
        sink->commit();
        const std::string content = content_of(whole);
        std::mt19937 random(61);
        for (int attempt = 0; attempt < 40; ++attempt) {
            std::string damaged = content;
            if (attempt % 2 == 0) {
                damaged.resize(random() % content.size());
            } else {
                for (int i = 0; i < 20; ++i)
                    damaged[random() % damaged.size()] = static_cast<char>(random() & 0xFF);
            }
            const std::string path = folder.write("damaged" + std::to_string(attempt) + ending, damaged);
            try {
                read({path});
            } catch (const Error&) {
            }
        }
    }
}

TEST(Source, WhatIsNotThereIsNamed)
{
    const TemporaryFolder folder;
    EXPECT_EQ(error_of({folder / "nothing.gpkg"}).first, ErrorKind::not_found);
    EXPECT_EQ(error_of({folder / "*.geojson"}).first, ErrorKind::not_found);
    EXPECT_EQ(error_of({folder.path()}).first, ErrorKind::not_found);
    EXPECT_EQ(error_of({folder.write("a.xyz", "what is this")}).first, ErrorKind::unsupported);
    const std::string path = folder.write("a.geojson", collection(point(R"("name":"x")")));
    EXPECT_EQ(error_of({path}, {.layer = "b"}).first, ErrorKind::not_found);
    const auto [kind, message] = error_of({path}, {.columns = {"nam"}});
    EXPECT_EQ(kind, ErrorKind::not_found);
    EXPECT_THAT(message, HasSubstr("name"));
    folder.write("b.csv", "a\n1\n");
    EXPECT_EQ(error_of({folder.path()}).first, ErrorKind::invalid_argument);
}

TEST(Source, OpenStreetMapXmlReads)
{
    const TemporaryFolder folder;
    const std::string path = folder.write("a.osm", R"(<?xml version="1.0"?><osm version="0.6"><node id="1" lat="51.3" lon="12.3"><tag k="natural" v="tree"/></node><node id="2" lat="51.4" lon="12.4"/>
<way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="steps"/></way></osm>)");
    const table::Table ways = read({path}, {.layer = "lines"});
    ASSERT_EQ(ways.rows(), 1U);
    EXPECT_EQ(ways.column("highway").text(0), "steps");
    EXPECT_EQ(ways.geometry().x()[1], 12.4);
    EXPECT_EQ(read({path}, {.layer = "points"}).rows(), 1U);
}

TEST(Source, AReadCanBeStopped)
{
    const TemporaryFolder folder;
    base::RunContext run;
    const auto sink = io::Sink::open(folder / "a.gpkg");
    sink->write(RandomTable{}.make(), {.layer = "things"}, run);
    sink->commit();
    std::stop_source stop;
    stop.request_stop();
    base::RunContext stopped(1, stop.get_token());
    try {
        Source::open(folder / "a.gpkg")->read({}, stopped);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
}

TEST(Source, TextThatIsNotWhatItsEncodingSaysIsRefusedNotCutShort)
{
    const TemporaryFolder folder;
    const std::string zero = folder.write("zero.csv", std::string("name\nLinde\n\0Ahorn\nEiche\n", 24));
    for (const std::string encoding : {"", "UTF-8", "ISO-8859-1"}) {
        const auto [kind, message] = error_of({zero}, {.encoding = encoding});
        EXPECT_EQ(kind, ErrorKind::bad_data);
        EXPECT_THAT(message, HasSubstr("line 3"));
    }
    EXPECT_THAT(error_of({folder.write("wide.csv", std::string("\xFF\xFE" "n\0\n\0" "1\0\n\0", 10))}).second, HasSubstr("UTF-16"));
    for (const std::string bad : {"\xFC", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xE2\x82"})
        EXPECT_THAT(error_of({folder.write("bad.csv", "name\n" + bad + "\n")}).second, HasSubstr("line 2"));
    EXPECT_EQ(read({folder.write("good.csv", "name\n\xEE\x80\x80 \xF4\x8F\xBF\xBF \xE0\xA0\x80\n")}).rows(), 1U);
    EXPECT_EQ(read({folder.write("latin.csv", "name\nB\xE4ume\n")}, {.encoding = "ISO-8859-1"}).column("name").text(0), "Bäume");
}

TEST(Source, AnUnknownCrsIsNotTakenForLongitudeAndLatitude)
{
    const TemporaryFolder folder;
    const auto with_crs = [&](const std::string& crs) {
        return folder.write("a.geojson", R"({"type":"FeatureCollection","crs":)" + crs + R"(,"features":[)" + point(R"("a":1)") + "]}");
    };
    const auto [kind, message] = error_of({with_crs(R"({"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::99999"}})")});
    EXPECT_EQ(kind, ErrorKind::bad_data);
    EXPECT_THAT(message, HasSubstr("'a.geojson' names a CRS that is not known"));
    // A file must not make us call other hosts.
    EXPECT_THAT(error_of({with_crs(R"({"type":"link","properties":{"href":"http://127.0.0.1:9/crs","type":"proj4"}})")}).second, HasSubstr("fetched from the network"));
    EXPECT_EQ(read({with_crs(R"({"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25833"}})")}).geometry().crs(), "EPSG:25833");
    EXPECT_EQ(read({with_crs("null")}).geometry().crs(), "EPSG:4326");
}

TEST(Source, GeoJsonAndShapefilesThatAreNotUtf8AreRefusedWithTheRow)
{
    const TemporaryFolder folder;
    const std::string latin = folder.write("latin.geojson", collection(point(R"("name":"Linde")") + "," + point("\"name\":\"Stra\xDF" "e\"")));
    for (const bool as_text : {false, true}) {
        const auto [kind, message] = error_of({latin}, {.as_text = as_text});
        EXPECT_EQ(kind, ErrorKind::bad_data);
        EXPECT_THAT(message, HasSubstr("row 2: the text of 'name' is not UTF-8"));
    }
    base::RunContext run;
    const auto sink = io::Sink::open(folder / "a.shp");
    sink->write(table::Table(table::Schema{{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}},
                             {table::Column::of_text(std::vector<std::string>{"Straxe"})}, table::GeometryColumn(table::GeometryKind::point, "EPSG:25833", {1.0}, {2.0})),
                {.layer = "a"}, run);
    sink->commit();
    std::string dbf = content_of(folder / "a.dbf");
    dbf[dbf.rfind("Straxe") + 4] = '\xDF';
    folder.write("a.dbf", dbf);
    std::filesystem::remove(folder / "a.cpg");
    EXPECT_THAT(error_of({folder / "a.shp"}, {.encoding = "UTF-8"}).second, HasSubstr("encoding"));
    EXPECT_EQ(read({folder / "a.shp"}, {.encoding = "ISO-8859-1"}).column("name").text(0), "Straße");
}

TEST(Source, GzipFilesMayEndWithZerosAndEmptyOnesAreNamed)
{
    const TemporaryFolder folder;
    EXPECT_EQ(read({folder.write("padded.csv.gz", zipped("a\n1\n") + std::string(512, '\0'))}).rows(), 1U);
    EXPECT_EQ(error_of({folder.write("more.csv.gz", zipped("a\n1\n") + "x")}).first, ErrorKind::bad_data);
    EXPECT_THAT(error_of({folder.write("none.geojson.gz", zipped(""))}).second, testing::AllOf(HasSubstr("none.geojson.gz"), testing::Not(HasSubstr("vsimem"))));
}
