// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare.hpp"
#include "random_table.hpp"
#include "temporary_folder.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <layers/io/commit_watch.hpp>
#include <layers/io/database.hpp>
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

using namespace stadtgdi;

namespace {

table::Table read(const std::string& path, const io::ReadOptions& options = {})
{
    base::RunContext run;
    return io::Source::open(path)->read(options, run);
}

void write(const std::string& path, const table::Table& table, const io::WriteOptions& options)
{
    base::RunContext run;
    const auto sink = io::Sink::open(path);
    sink->write(table, options, run);
    sink->commit();
}

std::string value(const std::string& path, const std::string& sql)
{
    const auto rows = io::Database::open(path, io::Database::Access::read)->query(sql);
    return rows.empty() ? "" : rows.front().front().value_or("null");
}

class FixedDate : public testing::Test {
protected:
    FixedDate() { setenv("OGR_CURRENT_DATE", "2024-06-07T12:00:00.000Z", 1); }
    ~FixedDate() override { unsetenv("OGR_CURRENT_DATE"); }
};

}  // namespace

TEST(GeoPackageSink, NothingIsThereBeforeCommitAndNothingAfterAnAbandonedWrite)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{}.make();
    base::RunContext run;
    {
        const auto sink = io::Sink::open(folder / "a.gpkg");
        sink->write(made, {.layer = "things"}, run);
        EXPECT_FALSE(std::filesystem::exists(folder / "a.gpkg"));
    }
    EXPECT_EQ(folder.files(), 0U);
    write(folder / "a.gpkg", made, {.layer = "things"});
    const std::string before = content_of(folder / "a.gpkg");
    {
        const auto sink = io::Sink::open(folder / "a.gpkg");
        sink->write(RandomTable{.seed = 2}.make(), {.layer = "things", .mode = io::WriteMode::replace}, run);
        sink->write(made, {.layer = "more"}, run);
        // Another reader still sees the rows of before.
        expect_equal(made, read(folder / "a.gpkg"));
    }
    expect_equal(made, read(folder / "a.gpkg"));
    EXPECT_EQ(content_of(folder / "a.gpkg"), before);
}

TEST(GeoPackageSink, AWriteThatWasStoppedCannotBeCommitted)
{
    const TemporaryFolder folder;
    const table::Table made = RandomTable{.rows = 10'000}.make();
    write(folder / "a.gpkg", made, {.layer = "things"});
    std::stop_source stop;
    base::RunContext run(1, stop.get_token());
    run.on_progress = [&](double share, const base::Text&) {
        if (share > 0.3)
            stop.request_stop();
    };
    const auto sink = io::Sink::open(folder / "a.gpkg");
    EXPECT_THROW(sink->write(made, {.layer = "things", .mode = io::WriteMode::replace}, run), Error);
    EXPECT_THROW(sink->commit(), Error);
    expect_equal(made, read(folder / "a.gpkg", {.layer = "things"}));
}

TEST(GeoPackageSink, AnExistingLayerIsRefusedReplacedOrExtended)
{
    const TemporaryFolder folder;
    const table::Table first = RandomTable{.seed = 1, .rows = 10}.make(), second = RandomTable{.seed = 2, .rows = 5}.make();
    const std::string path = folder / "a.gpkg";
    write(path, first, {.layer = "things"});
    EXPECT_THROW(write(path, second, {.layer = "things"}), Error);
    expect_equal(first, read(path));
    write(path, second, {.layer = "things", .mode = io::WriteMode::append});
    const std::vector<table::Table> both{first, second};
    expect_equal(table::concatenate(both), read(path));
    EXPECT_EQ(value(path, "SELECT count(*) FROM rtree_things_geom"), value(path, "SELECT count(*) FROM things WHERE geom IS NOT NULL"));
    write(path, second, {.layer = "things", .mode = io::WriteMode::replace});
    expect_equal(second, read(path));
    EXPECT_EQ(value(path, "SELECT count(*) FROM gpkg_contents"), "1");
    EXPECT_EQ(value(path, "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"), "1");
}

TEST(GeoPackageSink, AppendingToALayerInAnotherCrsIsRefused)
{
    const TemporaryFolder folder;
    write(folder / "a.gpkg", RandomTable{}.make(), {.layer = "things"});
    EXPECT_THROW(write(folder / "a.gpkg", RandomTable{.crs = "EPSG:25832"}.make(), {.layer = "things", .mode = io::WriteMode::append}), Error);
    const table::Table wider = RandomTable{}.make().with_column({"extra", table::Type::int64}, table::Column::of_ints(std::vector<std::int64_t>(200, 1)));
    EXPECT_THROW(write(folder / "a.gpkg", wider, {.layer = "things", .mode = io::WriteMode::append}), Error);
}

TEST(GeoPackageSink, NamesThatDifferByCaseOnlyAreRefused)
{
    const TemporaryFolder folder;
    const table::Table made(table::Schema{{{"Name", table::Type::int64}, {"name", table::Type::int64}}, {}}, {table::Column::of_ints({1}), table::Column::of_ints({2})});
    EXPECT_THROW(write(folder / "a.gpkg", made, {.layer = "things"}), Error);
    EXPECT_EQ(folder.files(), 0U);
}

TEST(GeoPackageSink, RowIdsOfTheTableAreKept)
{
    const TemporaryFolder folder;
    const table::Table made(table::Schema{{{"fid", table::Type::int64}, {"n", table::Type::int64}}, {}}, {table::Column::of_ints({7, 3, 12}), table::Column::of_ints({1, 2, 3})});
    write(folder / "a.gpkg", made, {.layer = "things"});
    EXPECT_EQ(value(folder / "a.gpkg", "SELECT n FROM things WHERE fid = 12"), "3");
    const table::Table back = read(folder / "a.gpkg", {.fid = true});
    EXPECT_EQ(back.column("fid").ints()[0], 3);
}

TEST(GeoPackageSink, DefaultsDescriptionsAndIndexesAreInTheFile)
{
    const TemporaryFolder folder;
    const table::Table made(table::Schema{{{"uuid", table::Type::text}, {"made", table::Type::datetime}, {"day", table::Type::date}, {"state", table::Type::text}, {"n", table::Type::int64}}, {}},
                            {table::Column::of_text(std::vector<std::string>{"a"}), table::Column::of_datetimes({0}), table::Column::of_dates({0}),
                             table::Column::of_text(std::vector<std::string>{"it's"}), table::Column::of_ints({1})});
    const std::string path = folder / "a.gpkg";
    write(path, made,
          {.layer = "things",
           .key_columns = {"uuid"},
           .column_texts = {{"uuid", "Identifier"}},
           .column_defaults = {{"uuid", "uuid()"}, {"made", "now()"}, {"day", "today()"}, {"state", "it's"}, {"n", "5"}}});
    {
        const auto database = io::Database::open(path, io::Database::Access::write);
        database->execute("INSERT INTO things DEFAULT VALUES; INSERT INTO things DEFAULT VALUES");
        const auto rows = database->query("SELECT uuid, made, day, state, n FROM things WHERE fid > 1");
        ASSERT_EQ(rows.size(), 2U);
        EXPECT_THAT(*rows[0][0], testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
        EXPECT_NE(rows[0][0], rows[1][0]);
        EXPECT_THAT(*rows[0][1], testing::StartsWith("20"));
        EXPECT_EQ(rows[0][2]->size(), 10U);
        EXPECT_EQ(*rows[0][3], "it's");
        EXPECT_EQ(*rows[0][4], "5");
        EXPECT_EQ(database->query("SELECT description FROM gpkg_data_columns WHERE column_name = 'uuid'").front().front(), "Identifier");
        EXPECT_EQ(database->query("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = 'things_uuid'").front().front(), "1");
    }
    // What another program added reads like ours.
    const table::Table back = read(path);
    EXPECT_EQ(back.rows(), 3U);
    EXPECT_TRUE(back.column("made").valid(1));
    EXPECT_EQ(back.column("n").ints()[2], 5);
}

TEST(GeoPackageSink, TheSpatialIndexFindsWhatASearchThroughAllRowsFinds)
{
    const TemporaryFolder folder;
    for (const auto kind : {table::GeometryKind::point, table::GeometryKind::polygon}) {
        const table::Table made = RandomTable{.seed = 29, .rows = 3000, .kind = kind}.make();
        std::size_t with_place = 0;
        const std::string path = folder / (std::string(table::name_of(kind)) + ".gpkg");
        write(path, made, {.layer = "things"});
        // The R-tree rounds boxes outwards to 32 bit numbers, so a search finds a candidate too many, never one too few.
        const table::Box window{300'000, 5'684'000, 309'000, 5'690'000}, wider{299'999, 5'683'999, 309'001, 5'690'001};
        std::size_t expected = 0, at_most = 0;
        for (std::size_t row = 0; row < made.rows(); ++row) {
            with_place += made.geometry().valid(row) ? 1U : 0U;
            expected += made.geometry().box(row).intersects(window) ? 1U : 0U;
            at_most += made.geometry().box(row).intersects(wider) ? 1U : 0U;
        }
        EXPECT_GT(expected, 100U);
        EXPECT_EQ(value(path, "SELECT count(*) FROM rtree_things_geom"), std::to_string(with_place));
        const std::size_t found = std::stoul(value(path, "SELECT count(*) FROM rtree_things_geom WHERE maxx >= 300000 AND minx <= 309000 AND maxy >= 5684000 AND miny <= 5690000"));
        EXPECT_GE(found, expected);
        EXPECT_LE(found, at_most);
        // Changes by others go through the triggers.
        const auto database = io::Database::open(path, io::Database::Access::write);
        database->execute("DELETE FROM things WHERE fid <= 1000");
        database->execute("UPDATE things SET geom = (SELECT geom FROM things WHERE geom IS NOT NULL ORDER BY fid LIMIT 1) WHERE geom IS NULL");
        EXPECT_EQ(database->query("SELECT count(*) FROM rtree_things_geom").front().front(), "2000");
        EXPECT_EQ(database->query("SELECT rtreecheck('rtree_things_geom')").front().front(), "ok");
    }
}

TEST(GeoPackageSink, TheSpatialIndexIsSoundForAnyNumberOfRows)
{
    const TemporaryFolder folder;
    for (const std::size_t rows : {0U, 1U, 50U, 60U, 61U, 63U, 120U, 2650U, 3200U, 170'000U}) {
        SCOPED_TRACE(rows);
        const std::string path = folder / (std::to_string(rows) + ".gpkg");
        const table::Table made = RandomTable{.seed = 53, .rows = rows, .kind = rows > 100'000 ? table::GeometryKind::point : table::GeometryKind::line}.make();
        write(path, made, {.layer = "things"});
        EXPECT_EQ(value(path, "SELECT rtreecheck('rtree_things_geom')"), "ok");
        EXPECT_EQ(value(path, "SELECT count(*) FROM rtree_things_geom"), value(path, "SELECT count(*) FROM things WHERE geom IS NOT NULL"));
        EXPECT_EQ(value(path, "SELECT count(*) FROM things JOIN rtree_things_geom r ON r.id = fid WHERE r.minx > ST_MinX(geom) OR r.maxx < ST_MaxX(geom) "
                              "OR r.miny > ST_MinY(geom) OR r.maxy < ST_MaxY(geom)"),
                  "0");
    }
}

TEST_F(FixedDate, TheSameTablesGiveTheSameBytes)
{
    const TemporaryFolder folder;
    for (const std::string name : {"a.gpkg", "b.gpkg"}) {
        const auto sink = io::Sink::open(folder / name);
        base::RunContext run(name == "a.gpkg" ? 1 : 2);
        sink->write(RandomTable{.seed = 31, .rows = 5000}.make(), {.layer = "points"}, run);
        sink->write(RandomTable{.seed = 37, .rows = 500, .kind = table::GeometryKind::multi_polygon}.make(), {.layer = "areas"}, run);
        sink->commit();
    }
    EXPECT_TRUE(content_of(folder / "a.gpkg") == content_of(folder / "b.gpkg"));
    EXPECT_EQ(value(folder / "a.gpkg", "SELECT last_change FROM gpkg_contents LIMIT 1"), "2024-06-07T12:00:00.000Z");
}

TEST(GeoPackageSink, AFileStaysReadableWhileAnotherProgramEditsIt)
{
    const TemporaryFolder folder;
    const std::string path = folder / "a.gpkg";
    const table::Table made = RandomTable{.rows = 50}.make();
    write(path, made, {.layer = "things"});
    const auto other = io::Database::open(path, io::Database::Access::write);
    other->execute("PRAGMA journal_mode = WAL");
    io::CommitWatch watcher(path);
    const std::int64_t before = watcher.version();
    other->execute("BEGIN IMMEDIATE; UPDATE things SET name = 'changed'");
    EXPECT_EQ(watcher.version(), before);
    expect_equal(made, read(path));
    other->execute("COMMIT");
    // The other program keeps the file open; the change is there at once.
    EXPECT_NE(watcher.version(), before);
    const table::Table after = read(path);
    EXPECT_EQ(after.column("name").text(0), "changed");
    EXPECT_EQ(after.column("name").text(49), "changed");
}

TEST(GeoPackageSink, AWriterThatIsKilledLeavesTheFileAsItWas)
{
    const TemporaryFolder folder;
    const std::string path = folder / "a.gpkg";
    const table::Table made = RandomTable{.rows = 20'000}.make();
    write(path, made, {.layer = "things"});
    for (const char* mode : {"DELETE", "WAL"}) {
        SCOPED_TRACE(mode);
        io::Database::open(path, io::Database::Access::write)->execute(std::string("PRAGMA journal_mode = ") + mode);
        const pid_t child = fork();
        if (child == 0) {
            base::RunContext run(1);
            const auto sink = io::Sink::open(path);
            // Little memory for pages: changed ones reach the file before the end.
            sink->execute("PRAGMA cache_size = 10");
            sink->write(RandomTable{.seed = 2, .rows = 20'000}.make(), {.layer = "things", .mode = io::WriteMode::replace}, run);
            kill(getpid(), SIGKILL);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        expect_equal(made, read(path));
        const auto database = io::Database::open(path, io::Database::Access::write);
        EXPECT_EQ(database->query("PRAGMA integrity_check").front().front(), "ok");
    }
}

TEST(GeoPackageSink, AFileThatIsNoGeoPackageIsNamed)
{
    const TemporaryFolder folder;
    const std::string path = folder.write("a.gpkg", std::string(5000, 'x'));
    try {
        io::Sink::open(path);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_data);
        EXPECT_THAT(error.what(), testing::HasSubstr("a.gpkg"));
    }
    EXPECT_EQ(content_of(path), std::string(5000, 'x'));
}

TEST(GeoPackageSink, HeightsComeToALayerWithoutThemAndRowsWithoutToOneThatHas)
{
    const TemporaryFolder folder;
    const auto make = [](std::uint32_t seed, bool has_z) { return RandomTable{.seed = seed, .kind = table::GeometryKind::line, .has_z = has_z, .empty_shapes = true}.make(); };
    for (const bool heights_first : {false, true}) {
        const std::string path = folder / (heights_first ? "a.gpkg" : "b.gpkg");
        const table::Table first = make(1, heights_first), second = make(2, !heights_first);
        write(path, first, {.layer = "lines"});
        write(path, second, {.layer = "lines", .mode = io::WriteMode::append});
        // The GeoPackage standard: 0 none has z, 1 all have, 2 some have.
        EXPECT_EQ(value(path, "SELECT z FROM gpkg_geometry_columns"), heights_first ? "1" : "2");
        EXPECT_TRUE(io::Source::open(path)->layers().front().schema.geometry->has_z);
        const std::vector<table::Table> both{first.with_geometry(first.geometry().with_z(true), "geom"), second.with_geometry(second.geometry().with_z(true), "geom")};
        expect_equal(table::concatenate(both), read(path));
    }
}
