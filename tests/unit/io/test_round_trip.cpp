// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare.hpp"
#include "random_table.hpp"
#include "temporary_folder.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <set>

using namespace stadtgdi;
using table::GeometryKind;

namespace {

const std::vector<GeometryKind> kinds{GeometryKind::point,       GeometryKind::line,       GeometryKind::polygon,
                                      GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon};

void write(const std::string& path, const table::Table& table, const io::WriteOptions& options = {.layer = "things"})
{
    base::RunContext run;
    const auto sink = io::Sink::open(path);
    sink->write(table, options, run);
    sink->commit();
}

table::Table read(const std::string& path, const io::ReadOptions& options = {})
{
    base::RunContext run;
    return io::Source::open(path)->read(options, run);
}

}  // namespace

TEST(RoundTrip, GeoPackageKeepsEveryValueOfEveryKind)
{
    const TemporaryFolder folder;
    for (const bool has_z : {false, true}) {
        for (const GeometryKind kind : kinds) {
            SCOPED_TRACE(std::string(table::name_of(kind)) + (has_z ? " Z" : ""));
            const table::Table made = RandomTable{.seed = 7, .kind = kind, .has_z = has_z, .empty_shapes = true}.make();
            const std::string path = folder / (std::string(table::name_of(kind)) + (has_z ? "z.gpkg" : ".gpkg"));
            write(path, made);
            expect_equal(made, read(path));
        }
    }
}

TEST(RoundTrip, GeoPackageReadByFeaturesAndByBatchesIsTheSame)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.seed = 3, .rows = 1000}.make();
    write(folder / "a.gpkg", made);
    // A condition that holds for every row; text is read feature by feature.
    const table::Table batches = read(folder / "a.gpkg", {.fid = true, .where = "fid > 0"});
    const table::Table texts = read(folder / "a.gpkg", {.fid = true, .as_text = true});
    ASSERT_EQ(batches.rows(), texts.rows());
    for (std::size_t row = 0; row < texts.rows(); ++row) {
        for (const auto& field : texts.schema().fields)
            EXPECT_EQ(batches.column(field.name).as_text(row), texts.column(field.name).as_text(row)) << field.name << " " << row;
        EXPECT_EQ(geometry::wkt(batches.geometry(), row), geometry::wkt(texts.geometry(), row));
    }
}

TEST(RoundTrip, ATableWithoutGeometry)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.seed = 5, .kind = {}}.make();
    for (const std::string name : {"a.gpkg", "a.csv"}) {
        SCOPED_TRACE(name);
        write(folder / name, made);
        expect_equal(made, read(folder / name));
    }
}

TEST(RoundTrip, CsvKeepsValuesAndGeometryAsText)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.seed = 11, .kind = GeometryKind::polygon}.make();
    write(folder / "a.csv", made);
    const table::Table back = read(folder / "a.csv");
    expect_equal(made.without_geometry(), back.select(std::vector<std::string>{"flag", "count", "height_m", "name", "planted", "seen"}));
    for (std::size_t row = 0; row < made.rows(); ++row) {
        ASSERT_EQ(back.column("geom").valid(row), made.geometry().valid(row));
        if (made.geometry().valid(row)) {
            EXPECT_EQ(back.column("geom").text(row), geometry::wkt(made.geometry(), row));
        }
    }
}

TEST(RoundTrip, GeoJsonKeepsValuesInLongitudeAndLatitude)
{
    const TemporaryFolder folder;
    for (const bool has_z : {false, true}) {
        for (const GeometryKind kind : kinds) {
            SCOPED_TRACE(std::string(table::name_of(kind)) + (has_z ? " Z" : ""));
            const table::Table made = RandomTable{.seed = 13, .kind = kind, .crs = "EPSG:4326", .has_z = has_z, .xmin = 12, .ymin = 51, .extent = 1}.make();
            const std::string path = folder / (std::string(table::name_of(kind)) + (has_z ? "z.geojson" : ".geojson"));
            write(path, made);
            expect_equal(made, read(path));
        }
    }
}

TEST(RoundTrip, GeoJsonOfAMetricCrsIsWgs84AndComesBackWithinAMillimetre)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.seed = 17}.make();
    write(folder / "a.geojson", made);
    const table::Table stored = read(folder / "a.geojson");
    EXPECT_EQ(stored.geometry().crs(), "EPSG:4326");
    const table::Table back = read(folder / "a.geojson", {.target_crs = "EPSG:25833"});
    for (std::size_t row = 0; row < made.rows(); ++row) {
        ASSERT_EQ(made.geometry().valid(row), back.geometry().valid(row));
        if (made.geometry().valid(row)) {
            EXPECT_NEAR(made.geometry().x()[row], back.geometry().x()[row], 0.001);
            EXPECT_NEAR(made.geometry().y()[row], back.geometry().y()[row], 0.001);
        }
    }
}

TEST(RoundTrip, FlatGeobufKeepsValuesAndOrderWithoutIndex)
{
    const TemporaryFolder folder;
    for (const bool has_z : {false, true}) {
        for (const GeometryKind kind : kinds) {
            SCOPED_TRACE(std::string(table::name_of(kind)) + (has_z ? " Z" : ""));
            const table::Table all = RandomTable{.seed = 19, .kind = kind, .has_z = has_z}.make();
            const std::string path = folder / (std::string(table::name_of(kind)) + (has_z ? "z.fgb" : ".fgb"));
            base::RunContext run;
            const auto sink = io::Sink::open(path);
            sink->write(all, {.layer = "things", .spatial_index = false}, run);
            sink->commit();
            // Rows without a geometry are left out and named.
            std::vector<std::int64_t> placed;
            for (std::size_t row = 0; row < all.rows(); ++row)
                if (all.geometry().valid(row))
                    placed.push_back(static_cast<std::int64_t>(row));
            EXPECT_EQ(run.take_findings().size(), all.rows() - placed.size());
            const table::Table made = all.take(placed);
            for (const bool booleans : {true, false}) {
                std::vector<std::string> names{"count", "height_m", "name", "seen"};
                if (booleans)
                    names.emplace_back("flag");
                expect_equal(made.select(names), read(path, {.columns = names}));
            }
            // The format knows dates as times: midnight UTC.
            const table::Table back = read(path);
            ASSERT_EQ(back.column("planted").type(), table::Type::datetime);
            for (std::size_t row = 0; row < made.rows(); ++row) {
                ASSERT_EQ(made.column("planted").valid(row), back.column("planted").valid(row));
                if (made.column("planted").valid(row)) {
                    EXPECT_EQ(back.column("planted").datetimes()[row], made.column("planted").dates()[row] * std::int64_t{86'400'000'000});
                }
            }
        }
    }
}

TEST(RoundTrip, FlatGeobufWithIndexHoldsTheSameRowsInAnotherOrder)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.seed = 47, .rows = 500}.make();
    write(folder / "a.fgb", made);
    const table::Table back = read(folder / "a.fgb");
    std::multiset<std::string> before, after;
    const auto line = [](const table::Table& table, std::size_t row) {
        return table.column("count").as_text(row) + "|" + table.column("name").as_text(row) + "|" + table.column("seen").as_text(row) + "|" +
               geometry::wkt(table.geometry(), row);
    };
    for (std::size_t row = 0; row < made.rows(); ++row)
        if (made.geometry().valid(row))
            before.insert(line(made, row));
    for (std::size_t row = 0; row < back.rows(); ++row)
        after.insert(line(back, row));
    EXPECT_EQ(before, after);
}

TEST(RoundTrip, ShapefileKeepsWhatItCanAndSaysWhatItCannot)
{
    const TemporaryFolder folder;
    for (const GeometryKind kind : {GeometryKind::point, GeometryKind::multi_line, GeometryKind::multi_polygon}) {
        SCOPED_TRACE(std::string(table::name_of(kind)));
        const table::Table made = RandomTable{.seed = 23, .kind = kind, .empty_texts = false}.make();
        const std::string path = folder / (std::string(table::name_of(kind)) + ".shp");
        write(path, made);
        const table::Table back = read(path);
        ASSERT_EQ(back.rows(), made.rows());
        EXPECT_EQ(back.geometry().crs(), "EPSG:25833");
        for (std::size_t row = 0; row < made.rows(); ++row) {
            EXPECT_EQ(back.column("count").as_text(row), made.column("count").as_text(row));
            EXPECT_EQ(back.column("planted").as_text(row), made.column("planted").as_text(row));
            EXPECT_EQ(back.column("seen").as_text(row), made.column("seen").as_text(row));
            EXPECT_EQ(back.geometry().valid(row), made.geometry().valid(row));
            if (made.column("height_m").valid(row)) {
                EXPECT_NEAR(back.column("height_m").number(row), made.column("height_m").number(row), 1e-9);
            }
            if (made.geometry().valid(row)) {
                EXPECT_EQ(back.geometry().box(row), made.geometry().box(row));
            }
        }
    }
}

TEST(RoundTrip, AZippedShapefileIsOneFile)
{
    const TemporaryFolder folder;
    const table::Table made(table::Schema{{{"n", table::Type::int64}}, table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}}, {table::Column::of_ints({1, 2})},
                            table::GeometryColumn(GeometryKind::point, "EPSG:25833", {1.5, 3.5}, {2.5, 4.5}));
    base::RunContext run;
    const auto sink = io::Sink::open(folder / "places.shp.zip");
    sink->write(made, {.layer = "places"}, run);
    sink->commit();
    EXPECT_EQ(folder.files(), 1U);
    std::ifstream file(folder / "places.shp.zip", std::ios::binary);
    const std::string zip(std::istreambuf_iterator<char>(file), {});
    const std::time_t now = std::time(nullptr);
    int dated = 0;
    for (const auto& [mark, offset] : {std::pair("PK\3\4", 10), {"PK\1\2", 12}})  // the header of each file, and its entry in the directory
        for (auto at = zip.find(mark); at != std::string::npos; at = zip.find(mark, at + 1), ++dated) {
            const auto two_bytes = [&](std::size_t i) { return static_cast<unsigned char>(zip.at(i)) | static_cast<unsigned char>(zip.at(i + 1)) << 8; };
            const int time = two_bytes(at + static_cast<std::size_t>(offset)), date = two_bytes(at + static_cast<std::size_t>(offset) + 2);
            std::tm local{};
            local.tm_year = (date >> 9) + 80, local.tm_mon = (date >> 5 & 15) - 1, local.tm_mday = date & 31;
            local.tm_hour = time >> 11, local.tm_min = time >> 5 & 63, local.tm_sec = (time & 31) * 2, local.tm_isdst = -1;
            EXPECT_NEAR(std::difftime(std::mktime(&local), now), 0, 60);
        }
    EXPECT_EQ(dated, 10) << "shp, shx, dbf, prj, cpg";
    const table::Table back = read(folder / "places.shp.zip");
    EXPECT_EQ(back.column(0).ints()[1], 2);
    EXPECT_EQ(back.geometry().y()[1], 4.5);
    EXPECT_EQ(back.geometry().crs(), "EPSG:25833");
}

TEST(RoundTrip, AShapefileShortensNamesWithAFinding)
{
    const TemporaryFolder folder;
    const table::Table made(table::Schema{{{"accessibility_a", table::Type::int64}, {"accessibility_b", table::Type::int64}, {"straßenname", table::Type::text}},
                                          table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}},
                            {table::Column::of_ints({1}), table::Column::of_ints({2}), table::Column::of_text(std::vector<std::string>{"x"})},
                            table::GeometryColumn(GeometryKind::point, "EPSG:25833", {1.0}, {2.0}));
    base::RunContext run;
    const auto sink = io::Sink::open(folder / "a.shp");
    sink->write(made, {.layer = "a"}, run);
    sink->commit();
    const auto findings = run.take_findings();
    EXPECT_EQ(findings.size(), 3U);
    const table::Table back = read(folder / "a.shp");
    EXPECT_EQ(back.schema().fields[0].name, "accessibil");
    EXPECT_EQ(back.schema().fields[1].name, "accessib_1");
    EXPECT_EQ(back.schema().fields[2].name, "straßenna");
    EXPECT_EQ(back.column(1).ints()[0], 2);
    const table::Table long_text(table::Schema{{{"note", table::Type::text}}, table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}},
                                 {table::Column::of_text(std::vector<std::string>{std::string(300, 'x')})},
                                 table::GeometryColumn(GeometryKind::point, "EPSG:25833", {1.0}, {2.0}));
    EXPECT_THROW(io::Sink::open(folder / "b.shp")->write(long_text, {.layer = "b"}, run), Error);
    EXPECT_EQ(folder.files(), 5U);  // shp, shx, dbf, prj, cpg of the first; nothing of the second
}

namespace {

/// A line with heights, one without, one with a height at one end only, and a row without geometry.
table::Table lines_of_which_some_have_heights()
{
    table::GeometryBuilder lines(GeometryKind::line, "EPSG:4326", true);
    lines.begin_row();
    lines.add(12, 51, 110.5);
    lines.add(12.5, 51.5, 111);
    lines.begin_row();
    lines.add(12, 51);
    lines.add(12.5, 51.25);
    lines.begin_row();
    lines.add(12, 51);
    lines.add(12.75, 51.5, 112);
    lines.add_null();
    return {table::Schema{{{"no", table::Type::int64}}, table::GeometryField{"geom", GeometryKind::line, "EPSG:4326", true}}, {table::Column::of_ints({1, 2, 3, 4})}, std::move(lines).finish()};
}

}  // namespace

TEST(RoundTrip, ARowWithoutHeightsStaysSoAmongOthersThatHaveThem)
{
    const TemporaryFolder folder;
    const table::Table made = lines_of_which_some_have_heights();
    write(folder / "a.gpkg", made);
    expect_equal(made, read(folder / "a.gpkg"));
    write(folder / "a.geojson", made);
    EXPECT_THAT(content_of(folder / "a.geojson"), testing::AllOf(testing::HasSubstr("[[12,51,110.5],[12.5,51.5,111]]"), testing::HasSubstr("[[12,51],[12.5,51.25]]"),
                                                                 testing::HasSubstr("[[12,51],[12.75,51.5,112]]"), testing::Not(testing::HasSubstr("nan"))));
    const table::Table json = read(folder / "a.geojson");
    EXPECT_EQ(geometry::wkt(json.geometry(), 0), geometry::wkt(made.geometry(), 0));
    EXPECT_EQ(geometry::wkt(json.geometry(), 1), geometry::wkt(made.geometry(), 1));
    write(folder / "a.csv", made);
    const table::Table csv = read(folder / "a.csv");
    table::GeometryBuilder from_csv(GeometryKind::line, "EPSG:4326", true);
    for (std::size_t row = 0; row < 3; ++row) {
        EXPECT_EQ(csv.column("geom").text(row), geometry::wkt(made.geometry(), row));
        EXPECT_TRUE(geometry::add_wkt(from_csv, GeometryKind::line, csv.column("geom").text(row)));
    }
    from_csv.add_null();
    expect_equal(made, made.with_geometry(std::move(from_csv).finish(), "geom"));
    for (const std::string name : {"a.fgb", "a.shp"}) {
        base::RunContext run;
        const auto sink = io::Sink::open(folder / name);
        sink->write(made, {.layer = "things", .spatial_index = false}, run);
        sink->commit();
        const table::Table back = read(folder / name);
        ASSERT_TRUE(back.geometry().has_z()) << name;
        EXPECT_EQ(geometry::wkt(back.geometry().as_multi(), 0), geometry::wkt(made.geometry().as_multi(), 0));
        if (name == "a.fgb") {
            EXPECT_EQ(geometry::wkt(back.geometry(), 1), geometry::wkt(made.geometry(), 1));
            EXPECT_EQ(geometry::wkt(back.geometry(), 2), geometry::wkt(made.geometry(), 2));
        } else {
            EXPECT_EQ(geometry::wkt(back.geometry().as_multi(), 2), "MULTILINESTRING Z ((12 51 0, 12.75 51.5 112))");
            const auto findings = run.take_findings();
            ASSERT_EQ(findings.size(), 1U);
            EXPECT_EQ(findings[0].rule, "io.no_height");
            EXPECT_EQ(findings[0].value, "3");
        }
    }
}

TEST(RoundTrip, AReplacedShapefileLosesTheFilesOfItsPredecessor)
{
    const TemporaryFolder folder;
    write(folder / "a.shp", RandomTable{.seed = 3, .empty_texts = false}.make());
    // Made by other programs for the old rows: a stale index hides rows of the new file.
    for (const char* ending : {".qix", ".sbn", ".sbx"})
        folder.write(std::string("a") + ending, "old");
    folder.write("a.txt", "mine");
    folder.write("ab.qix", "of another");
    base::RunContext run;
    const auto sink = io::Sink::open(folder / "a.shp");
    sink->write(RandomTable{.seed = 4, .rows = 10, .empty_texts = false}.make(), {.layer = "a", .mode = io::WriteMode::replace}, run);
    sink->commit();
    for (const char* ending : {".qix", ".sbn", ".sbx"})
        EXPECT_FALSE(std::filesystem::exists(folder / (std::string("a") + ending))) << ending;
    EXPECT_EQ(read(folder / "a.shp").rows(), 10U);
    EXPECT_EQ(folder.files(), 7U);  // shp, shx, dbf, prj, cpg, a.txt, ab.qix
}
