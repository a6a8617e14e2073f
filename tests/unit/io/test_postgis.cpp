// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare.hpp"
#include "random_table.hpp"

#include <gmock/gmock.h>
#include <layers/io/database.hpp>
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <tests/support/postgres.hpp>

using namespace stadtgdi;
using table::GeometryKind;

namespace {

table::Table read(const std::string& path, const io::ReadOptions& options)
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

}  // namespace

TEST(PostGis, KeepsEveryValueOfEveryKind)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    int number = 0;
    for (const bool has_z : {false, true}) {
        for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon, GeometryKind::multi_point, GeometryKind::multi_line,
                                        GeometryKind::multi_polygon}) {
            SCOPED_TRACE(std::string(table::name_of(kind)) + (has_z ? " Z" : ""));
            const table::Table made = RandomTable{.seed = 41, .kind = kind, .has_z = has_z, .empty_shapes = true}.make();
            const std::string layer = "things_" + std::to_string(++number);
            write(postgres.path(), made, {.layer = layer});
            expect_equal(made, read(postgres.path(), {.layer = layer}));
        }
    }
    const table::Table plain = RandomTable{.seed = 43, .kind = {}}.make();
    write(postgres.path(), plain, {.layer = "plain"});
    expect_equal(plain, read(postgres.path(), {.layer = "plain"}));
    EXPECT_EQ(io::Source::open(postgres.path())->layers().size(), 13U);
}

TEST(PostGis, NothingIsSeenBeforeCommit)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    const table::Table first = RandomTable{.seed = 1}.make(), second = RandomTable{.seed = 2, .rows = 50}.make();
    write(postgres.path(), first, {.layer = "things"});
    {
        base::RunContext run;
        const auto sink = io::Sink::open(postgres.path());
        sink->write(second, {.layer = "things", .mode = io::WriteMode::replace}, run);
        sink->write(second, {.layer = "more"}, run);
        expect_equal(first, read(postgres.path(), {.layer = "things"}));
    }
    expect_equal(first, read(postgres.path(), {.layer = "things"}));
    EXPECT_THROW(read(postgres.path(), {.layer = "more"}), Error);
    EXPECT_THROW(write(postgres.path(), second, {.layer = "things"}), Error);
    write(postgres.path(), second, {.layer = "things", .mode = io::WriteMode::append});
    const std::vector<table::Table> both{first, second};
    expect_equal(table::concatenate(both), read(postgres.path(), {.layer = "things"}));
    write(postgres.path(), second, {.layer = "things", .mode = io::WriteMode::replace});
    expect_equal(second, read(postgres.path(), {.layer = "things"}));
}

TEST(PostGis, DefaultsAndCommentsAreInTheDatabase)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    const table::Table made(table::Schema{{{"uuid", table::Type::text}, {"day", table::Type::date}, {"state", table::Type::text}}, {}},
                            {table::Column::of_text(std::vector<std::string>{"a"}), table::Column::of_dates({0}), table::Column::of_text(std::vector<std::string>{"b"})});
    write(postgres.path(), made,
          {.layer = "things", .key_columns = {"uuid"}, .column_texts = {{"uuid", "It's the identifier"}}, .column_defaults = {{"uuid", "uuid()"}, {"day", "today()"}, {"state", "it's"}}});
    const auto database = io::Database::open(postgres.path(), io::Database::Access::write);
    database->execute("INSERT INTO things DEFAULT VALUES");
    const auto rows = database->query("SELECT uuid, day, state FROM things WHERE fid > 1");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0][0]->size(), 36U);
    EXPECT_EQ(rows[0][1]->size(), 10U);
    EXPECT_EQ(*rows[0][2], "it's");
    EXPECT_EQ(database->query("SELECT col_description('things'::regclass, 2)").front().front(), "It's the identifier");
}

TEST(PostGis, AServerThatCannotBeReachedIsAnIoError)
{
    try {
        io::Sink::open("PG:host=127.0.0.1 port=1 user=nobody dbname=nothing");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
    }
    try {
        io::Source::open("PG:host=127.0.0.1 port=1 user=nobody dbname=nothing");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
    }
}

TEST(PostGis, HeightsComeToALayerWithoutThemAndRowsWithoutToOneThatHas)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    for (const std::string crs : {"EPSG:25833", ""})
        for (const bool heights_first : {false, true}) {
            const GeometryKind kind = heights_first ? GeometryKind::point : GeometryKind::line;
            const std::string layer = (crs.empty() ? "somewhere_" : "here_") + std::string(table::name_of(kind));
            SCOPED_TRACE(layer);
            const table::Table first = RandomTable{.seed = 1, .kind = kind, .crs = crs, .has_z = heights_first}.make();
            const table::Table second = RandomTable{.seed = 2, .kind = kind, .crs = crs, .has_z = !heights_first}.make();
            write(postgres.path(), first, {.layer = layer});
            write(postgres.path(), second, {.layer = layer, .mode = io::WriteMode::append});
            const std::vector<table::Table> both{first.with_geometry(first.geometry().with_z(true), "geom"), second.with_geometry(second.geometry().with_z(true), "geom")};
            expect_equal(table::concatenate(both), read(postgres.path(), {.layer = layer}));
        }
}
