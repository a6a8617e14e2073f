// SPDX-License-Identifier: GPL-2.0-or-later
#include "../io/compare.hpp"
#include "../io/random_table.hpp"
#include "../io/temporary_folder.hpp"

#include <atomic>
#include <cstdlib>
#include <gmock/gmock.h>
#include <layers/catalogue/city.hpp>
#include <layers/catalogue/city_store.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/io/source.hpp>
#include <libpq-fe.h>
#include <filesystem>
#include <set>
#include <tests/support/postgres.hpp>
#include <thread>

using namespace stadtgdi;
using catalogue::City;
using catalogue::CityInfo;
using catalogue::Disclosure;

namespace {

const CityInfo leipzig{.name = "Leipzig", .attribution = "Stadt Leipzig", .licence = "dl-de/by-2-0"};

/// Three trees with what an import gives at least.
table::Table trees()
{
    table::GeometryBuilder points(table::GeometryKind::point, "EPSG:25833");
    points.add_point(317000, 5690000);
    points.add_point(317010, 5690000);
    points.add_point(317020, 5690000);
    return table::Table(table::Schema{{{"uuid", table::Type::text}, {"genus", table::Type::text}, {"source_alter", table::Type::text}},
                                      table::GeometryField{"geometry", table::GeometryKind::point, "EPSG:25833", false}},
                        {table::Column::of_text(std::vector<std::string>{"a", "b", "c"}), table::Column::of_text(std::vector<std::string>{"Tilia", "Acer", "Tilia"}),
                         table::Column::of_text(std::vector<std::string>{"1", "2", "3"})},
                        std::move(points).finish());
}

const catalogue::StoredLayer& layer(const std::vector<catalogue::StoredLayer>& layers, const std::string& name)
{
    for (const auto& found : layers)
        if (found.name == name)
            return found;
    throw Error(ErrorKind::not_found, {name, name});
}

/// The same on both kinds of store.
class AnyStore : public testing::TestWithParam<bool> {
protected:
    void SetUp() override
    {
        if (GetParam()) {
            REQUIRE_POSTGRES();
        }
    }
    std::string path() const { return GetParam() ? m_postgres.path() : m_folder / "city.gpkg"; }
    const TemporaryFolder m_folder;
    const TestPostgres m_postgres;
    base::RunContext m_run;
};

INSTANTIATE_TEST_SUITE_P(, AnyStore, testing::Values(false, true), [](const auto& kind) { return kind.param ? "PostGis" : "GeoPackage"; });

}  // namespace

TEST_P(AnyStore, KeepsWhatItWasMadeWith)
{
    EXPECT_FALSE(City::is_city(path()));
    City::create(path(), leipzig, m_run);
    EXPECT_TRUE(City::is_city(path()));
    EXPECT_THROW(City::create(path(), leipzig, m_run), Error);
    const City city = City::open(path());
    EXPECT_EQ(city.info().name, "Leipzig");
    EXPECT_EQ(city.info().crs, "EPSG:25833");
    EXPECT_EQ(city.info().attribution, "Stadt Leipzig");
    EXPECT_EQ(city.info().licence, "dl-de/by-2-0");
    EXPECT_EQ(city.info().schema_version, catalogue::store::current_version());
    EXPECT_TRUE(city.layers().empty());
    EXPECT_TRUE(city.imports().empty());
}

TEST_P(AnyStore, ALayerGetsTheColumnsOfItsDefinitionAndKeepsItsOwn)
{
    City city = City::create(path(), leipzig, m_run);
    City::Edit edit = city.edit();
    edit.replace("trees_tree", trees(), m_run);
    edit.describe({.name = "trees_tree", .source = "Baumkataster", .attribution = "Stadt Leipzig", .licence = "dl-de/by-2-0"});
    edit.record({"2024-06-07T12:00:00Z", "leipzig_street_trees", "a.geojson", 4, 3, 1});
    EXPECT_TRUE(city.layers().empty());
    edit.commit();
    const auto layers = city.layers();
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].definition, "trees_tree");
    EXPECT_EQ(layers[0].rows, 3);
    EXPECT_EQ(layers[0].crs, "EPSG:25833");
    EXPECT_EQ(layers[0].source, "Baumkataster");
    EXPECT_FALSE(layers[0].demonstration);
    const auto imports = city.imports();
    ASSERT_EQ(imports.size(), 1U);
    EXPECT_EQ(imports[0].rows_read, 4);
    EXPECT_EQ(imports[0].mapping, "leipzig_street_trees");
    const table::Table stored = city.read("trees_tree", m_run);
    const auto* definition = catalogue::find_layer("trees_tree");
    ASSERT_NE(definition, nullptr);
    ASSERT_EQ(stored.columns().size(), definition->fields.size() + 1);
    for (std::size_t i = 0; i < definition->fields.size(); ++i) {
        EXPECT_EQ(stored.schema().fields[i].name, definition->fields[i].name);
        EXPECT_EQ(stored.schema().fields[i].type, definition->fields[i].type) << definition->fields[i].name;
    }
    EXPECT_EQ(stored.column("source_alter").text(2), "3");
    EXPECT_EQ(stored.column("genus").text(1), "Acer");
    EXPECT_EQ(stored.schema().geometry->name, "geom");
    EXPECT_EQ(stored.column("status").text(0), definition->find("status")->fallback);
    EXPECT_EQ(city.read("trees_tree", m_run, {"genus"}).columns().size(), 1U);
    EXPECT_THROW(city.read("trees_bush", m_run), Error);
}

TEST_P(AnyStore, AnEditThatIsNotCommittedLeavesNothing)
{
    City city = City::create(path(), leipzig, m_run);
    {
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), m_run);
        edit.commit();
    }
    const table::Table before = city.read("trees_tree", m_run);
    {
        City::Edit edit = city.edit();
        edit.append("trees_tree", trees(), m_run);
        edit.replace("my_own", RandomTable{}.make(), m_run);
        edit.record({"2024", "x", "y", 1, 1, 0});
        expect_equal(before, city.read("trees_tree", m_run));
    }
    expect_equal(before, city.read("trees_tree", m_run));
    EXPECT_EQ(city.layers().size(), 1U);
    EXPECT_TRUE(city.imports().empty());
}

TEST_P(AnyStore, RowsAreAppendedInTheLayersCrs)
{
    City city = City::create(path(), leipzig, m_run);
    {
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), m_run);
        edit.commit();
    }
    table::GeometryBuilder point(table::GeometryKind::point, "EPSG:4326");
    point.add_point(12.3731, 51.3397);
    const table::Table more(table::Schema{{{"genus", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:4326", false}},
                            {table::Column::of_text(std::vector<std::string>{"Quercus"})}, std::move(point).finish());
    City::Edit edit = city.edit();
    edit.append("trees_tree", more, m_run);
    edit.commit();
    const table::Table stored = city.read("trees_tree", m_run, {"uuid", "genus"});
    ASSERT_EQ(stored.rows(), 4U);
    EXPECT_EQ(stored.column("genus").text(3), "Quercus");
    // The definition's fallback gave it an identifier.
    EXPECT_EQ(stored.column("uuid").text(3).size(), 36U);
    EXPECT_NEAR(stored.geometry().x()[3], 317'000, 1'500);
    EXPECT_NEAR(stored.geometry().y()[3], 5'690'500, 1'500);
}

TEST_P(AnyStore, ALayerTakesRowsWithAndWithoutHeights)
{
    City city = City::create(path(), leipzig, m_run);
    table::Table high = trees();
    high = high.with_geometry(table::GeometryColumn(table::GeometryKind::point, "EPSG:25833", {1, 2, 3}, {1, 2, 3}, {}, {}, {110, 111, 112}), "geom");
    for (const table::Table& rows : {trees(), high, trees()}) {
        City::Edit edit = city.edit();
        edit.append("trees_tree", rows, m_run);
        edit.commit();
    }
    const table::GeometryColumn stored = city.read("trees_tree", m_run).geometry();
    ASSERT_EQ(stored.size(), 9U);
    for (std::size_t row = 0; row < 9; ++row)
        EXPECT_EQ(geometry::wkt(stored, row), geometry::wkt(row / 3 == 1 ? high.geometry() : trees().geometry(), row % 3));
}

TEST_P(AnyStore, UtilitiesAreCriticalAndForeignTablesCareful)
{
    City city = City::create(path(), leipzig, m_run);
    City::Edit edit = city.edit();
    edit.replace("utilities_line", table::Table(table::Schema{{{"uuid", table::Type::text}}, {}}, {table::Column::of_text(std::vector<std::string>{"u"})}), m_run);
    edit.replace("my_own", RandomTable{.crs = "EPSG:3035", .xmin = 4'480'000, .ymin = 3'120'000}.make(), m_run);
    edit.describe({.name = "my_own", .disclosure = Disclosure::restricted, .demonstration = true});
    edit.commit();
    // A table that another program added without asking.
    io::Sink::open(path());
    {
        const auto sink = io::Sink::open(path());
        sink->write(RandomTable{.rows = 5}.make(), {.layer = "by_others"}, m_run);
        sink->commit();
    }
    const auto layers = city.layers();
    ASSERT_EQ(layers.size(), 3U);
    EXPECT_EQ(layers[0].name, "by_others");
    EXPECT_EQ(layers[0].rows, 5);
    EXPECT_EQ(layers[0].disclosure, Disclosure::internal);
    EXPECT_EQ(layer(layers, "utilities_line").disclosure, Disclosure::kritis);
    EXPECT_EQ(layer(layers, "utilities_line").crs, "EPSG:25833");
    EXPECT_EQ(layer(layers, "my_own").disclosure, Disclosure::restricted);
    EXPECT_TRUE(layer(layers, "my_own").demonstration);
    EXPECT_EQ(layer(layers, "my_own").definition, "");
    EXPECT_EQ(layer(layers, "my_own").crs, "EPSG:3035");
}

TEST_P(AnyStore, TheMetadataTablesAreNoLayers)
{
    City city = City::create(path(), leipzig, m_run);
    City::Edit edit = city.edit();
    edit.replace("trees_tree", trees(), m_run);
    edit.commit();
    const auto layers = io::Source::open(path())->layers();
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].name, "trees_tree");
}

TEST_P(AnyStore, APlannedCityIsMadeByItsFirstEdit)
{
    City city = City::plan(path(), leipzig);
    EXPECT_TRUE(city.layers().empty());
    EXPECT_TRUE(city.imports().empty());
    {
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), m_run);
    }
    EXPECT_FALSE(City::is_city(path()));
    EXPECT_EQ(m_folder.files(), 0U);
    City::Edit edit = city.edit();
    edit.replace("trees_tree", trees(), m_run);
    edit.commit();
    EXPECT_EQ(city.layers().front().rows, 3);
    EXPECT_EQ(City::open(path()).info().name, "Leipzig");
    // It is a city like any other now.
    City::Edit second = city.edit();
    second.append("trees_tree", trees(), m_run);
    second.commit();
    EXPECT_EQ(city.layers().front().rows, 6);
    EXPECT_THROW(City::plan(path(), leipzig), Error);
}

TEST_P(AnyStore, ANewerStoreIsRefused)
{
    City::create(path(), leipzig, m_run);
    io::Database::open(path(), io::Database::Access::write)->execute("UPDATE stadtgdi_city SET value = '99' WHERE key = 'schema_version'");
    try {
        City::open(path());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::unsupported);
        EXPECT_THAT(error.what(), testing::HasSubstr("99"));
        EXPECT_THAT(error.message().de, testing::HasSubstr("aktualisieren"));
    }
}

TEST_P(AnyStore, AnOlderStoreIsUpgradedInOneTransactionAfterACopy)
{
    {
        City city = City::create(path(), leipzig, m_run);
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), m_run);
        edit.commit();
    }
    const int first = catalogue::store::current_version();
    const std::vector<catalogue::store::Step> broken{{first + 1, "ALTER TABLE stadtgdi_layer ADD COLUMN contact TEXT"}, {first + 2, "ALTER TABLE nowhere ADD COLUMN x TEXT"}};
    EXPECT_THROW(catalogue::store::upgrade(path(), first + 2, broken), Error);
    const auto read = [&](const std::string& sql) { return io::Database::open(path(), io::Database::Access::read)->query(sql); };
    EXPECT_EQ(read("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'").front().front(), std::to_string(first));
    EXPECT_THROW(read("SELECT contact FROM stadtgdi_layer"), Error);
    const std::vector<catalogue::store::Step> good{{first + 1, "ALTER TABLE stadtgdi_layer ADD COLUMN contact TEXT"},
                                                   {first + 2, "UPDATE stadtgdi_layer SET contact = 'Amt für Stadtgrün'"}};
    const auto upgraded = catalogue::store::upgrade(path(), first + 2, good);
    ASSERT_TRUE(upgraded);
    EXPECT_EQ(std::pair(upgraded->from_version, upgraded->to_version), std::pair(first, first + 2));
    EXPECT_EQ(read("SELECT contact FROM stadtgdi_layer").front().front(), "Amt für Stadtgrün");
    EXPECT_EQ(read("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'").front().front(), std::to_string(first + 2));
    const std::string suffix = "before-version-" + std::to_string(first + 2);
    if (!GetParam()) {
        const City copy = City::open(path() + "." + suffix);
        EXPECT_EQ(copy.info().schema_version, first);
        EXPECT_EQ(copy.layers().front().rows, 3);
    } else {
        EXPECT_EQ(read("SELECT value FROM \"stadtgdi_city_" + suffix + "\" WHERE key = 'schema_version'").front().front(), std::to_string(first));
    }
    EXPECT_FALSE(catalogue::store::upgrade(path(), first + 2, good));
}

TEST_P(AnyStore, AStoreOfVersionOneGetsTheCountsOfItsImportsInColumns)
{
    {
        City city = City::create(path(), leipzig, m_run);
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), m_run);
        edit.commit();
    }
    // As version 1 made the table.
    const std::string id = GetParam() ? "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY" : "id INTEGER PRIMARY KEY";
    std::string sql = "DROP TABLE stadtgdi_import; CREATE TABLE stadtgdi_import (" + id +
                      ", happened TEXT NOT NULL, mapping TEXT NOT NULL, source TEXT NOT NULL, rows_read BIGINT NOT NULL, rows_stored BIGINT NOT NULL, rows_rejected BIGINT NOT NULL);"
                      "UPDATE stadtgdi_city SET value = '1' WHERE key = 'schema_version';";
    const std::vector<std::pair<std::string, std::string>> sources{
        {"a.csv", "a.csv"},
        {"a.csv, b.csv (replaced 120, removed 3)", "a.csv, b.csv"},
        {"c (replaced 1, removed 1) (replaced 0, removed 7)", "c (replaced 1, removed 1)"},
        {"mine (replaced all, removed none)", "mine (replaced all, removed none)"},
        {"odd (replaced , removed 1)", "odd (replaced , removed 1)"},
        {"(replaced 1, removed )", "(replaced 1, removed )"},
        {"Bäume (neu)", "Bäume (neu)"},
        {"", ""}};
    for (const auto& [before, after] : sources)
        sql += "INSERT INTO stadtgdi_import (happened, mapping, source, rows_read, rows_stored, rows_rejected) VALUES ('2024-06-07T12:00:00Z', 'm', '" + before + "', 10, 7, 1);";
    io::Database::open(path(), io::Database::Access::write)->execute(sql);

    const auto old = City::look(path()).imports();
    ASSERT_EQ(old.size(), sources.size());
    EXPECT_EQ(old[1].source, sources[1].first);
    EXPECT_EQ(old[1].rows_repeated, 2);

    City city = City::open(path());
    ASSERT_TRUE(city.upgraded());
    EXPECT_EQ(city.upgraded()->from_version, 1);
    EXPECT_EQ(city.info().schema_version, catalogue::store::current_version());
    const auto imports = city.imports();
    ASSERT_EQ(imports.size(), sources.size());
    for (std::size_t i = 0; i < imports.size(); ++i) {
        EXPECT_EQ(imports[i].source, sources[i].second);
        EXPECT_EQ(imports[i].rows_repeated, 2);
        EXPECT_FALSE(imports[i].files);
        if (i != 1 && i != 2) {
            EXPECT_EQ(imports[i].rows_replaced + imports[i].rows_removed, 0) << imports[i].source;
        }
    }
    EXPECT_EQ(imports[1].rows_replaced, 120);
    EXPECT_EQ(imports[1].rows_removed, 3);
    EXPECT_EQ(imports[2].rows_replaced, 0);
    EXPECT_EQ(imports[2].rows_removed, 7);
    // It takes imports as a new one does.
    City::Edit edit = city.edit();
    edit.record({.when = "2024-06-08T12:00:00Z", .mapping = "m", .source = "d.csv", .rows_read = 4, .rows_stored = 3, .rows_rejected = 1, .rows_replaced = 3, .files = 1});
    edit.commit();
    EXPECT_EQ(city.imports().back().rows_replaced, 3);
    EXPECT_EQ(city.imports().back().files, 1);
    EXPECT_FALSE(City::open(path()).upgraded());
    if (!GetParam()) {
        EXPECT_EQ(City::look(path() + ".before-version-2").imports()[1].source, sources[1].first);
    }
}

TEST_P(AnyStore, ProgramsThatUpgradeAtOnceDoItOnceAndKeepTheCopy)
{
    City::create(path(), leipzig, m_run);
    const int next = catalogue::store::current_version() + 1;
    const std::vector<catalogue::store::Step> steps{{next, "ALTER TABLE stadtgdi_layer ADD COLUMN contact TEXT"}};
    std::atomic<int> done = 0;
    {
        std::vector<std::jthread> programs;
        for (int i = 0; i < 4; ++i)
            programs.emplace_back([&] { done += catalogue::store::upgrade(path(), next, steps).has_value(); });
    }
    EXPECT_EQ(done, 1);
    const std::string copy = "before-version-" + std::to_string(next);
    const std::string kept = GetParam() ? path() : path() + "." + copy;
    const std::string table = GetParam() ? "stadtgdi_city_" + copy : "stadtgdi_city";
    const auto rows = io::Database::open(kept, io::Database::Access::read)->query("SELECT value FROM \"" + table + "\" WHERE key = 'schema_version'");
    EXPECT_EQ(rows.front().front(), std::to_string(next - 1));
}

TEST(CityGeoPackage, IsReadableWhileAnotherConnectionEdits)
{
    const TemporaryFolder folder;
    base::RunContext run;
    City city = City::create(folder / "city.gpkg", leipzig, run);
    {
        City::Edit edit = city.edit();
        edit.replace("trees_tree", trees(), run);
        edit.commit();
    }
    const auto other = io::Database::open(city.path(), io::Database::Access::write);
    EXPECT_EQ(other->query("PRAGMA journal_mode").front().front(), "wal");
    other->execute("BEGIN IMMEDIATE; INSERT INTO trees_tree (genus) VALUES ('Ginkgo')");
    EXPECT_EQ(city.read("trees_tree", run).rows(), 3U);
    other->execute("COMMIT");
    const table::Table after = city.read("trees_tree", run);
    ASSERT_EQ(after.rows(), 4U);
    // The defaults are the store's own, whatever program adds a row.
    EXPECT_EQ(after.column("uuid").text(3).size(), 36U);
    EXPECT_EQ(after.column("status").text(3), catalogue::find_layer("trees_tree")->find("status")->fallback);
    // Our own edit goes on while the other program has the file open.
    City::Edit edit = city.edit();
    edit.append("trees_tree", trees(), run);
    edit.commit();
    EXPECT_EQ(other->query("SELECT count(*) FROM trees_tree").front().front(), "7");
}

TEST(CityGeoPackage, TheSameEditsGiveTheSameBytes)
{
    setenv("OGR_CURRENT_DATE", "2024-06-07T12:00:00.000Z", 1);
    const TemporaryFolder folder;
    base::RunContext run;
    for (const std::string name : {"a.gpkg", "b.gpkg"}) {
        City city = City::create(folder / name, leipzig, run);
        City::Edit edit = city.edit();
        edit.replace("my_own", RandomTable{.rows = 3000}.make(), run);
        edit.replace("more", RandomTable{.kind = table::GeometryKind::polygon}.make(), run);
        edit.record({"2024-06-07T12:00:00Z", "x", "y", 1, 1, 0});
        edit.commit();
    }
    unsetenv("OGR_CURRENT_DATE");
    EXPECT_EQ(folder.files(), 2U);
    EXPECT_TRUE(content_of(folder / "a.gpkg") == content_of(folder / "b.gpkg"));
}

TEST(CityGeoPackage, AFileThatIsNoCityIsRefusedWithTheReason)
{
    const TemporaryFolder folder;
    EXPECT_THROW(City::open(folder / "nothing.gpkg"), Error);
    const std::string text = folder.write("text.gpkg", "no database");
    EXPECT_FALSE(City::is_city(text));
    base::RunContext run;
    {
        const auto sink = io::Sink::open(folder / "plain.gpkg");
        sink->write(RandomTable{}.make(), {.layer = "things"}, run);
        sink->commit();
    }
    EXPECT_FALSE(City::is_city(folder / "plain.gpkg"));
    EXPECT_THROW(City::open(folder / "plain.gpkg"), Error);
    EXPECT_THROW(City::create(folder / "degrees.gpkg", {.name = "x", .crs = "EPSG:4326"}, run), Error);
    EXPECT_FALSE(std::filesystem::exists(folder / "degrees.gpkg"));
}

TEST(CityPostGis, TellsListenersOfEveryChange)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    base::RunContext run;
    City city = City::create(postgres.path(), leipzig, run);
    PGconn* listener = PQconnectdb(TestPostgres::server().c_str());
    ASSERT_EQ(PQstatus(listener), CONNECTION_OK);
    PQclear(PQexec(listener, "LISTEN stadtgdi_changed"));
    const auto heard = [&] {
        std::set<std::string> tables;
        PQclear(PQexec(listener, "SELECT 1"));
        PQconsumeInput(listener);
        while (PGnotify* notice = PQnotifies(listener)) {
            if (std::string(notice->extra).starts_with(postgres.schema() + "."))  // other tests use the same server
                tables.insert(notice->extra);
            PQfreemem(notice);
        }
        return tables;
    };
    heard();
    City::Edit edit = city.edit();
    edit.replace("trees_tree", trees(), run);
    EXPECT_TRUE(heard().empty());
    edit.commit();
    EXPECT_THAT(heard(), testing::Contains(postgres.schema() + ".trees_tree"));
    const auto other = io::Database::open(postgres.path(), io::Database::Access::write);
    other->execute("UPDATE trees_tree SET genus = 'Ginkgo'");
    EXPECT_THAT(heard(), testing::ElementsAre(postgres.schema() + ".trees_tree"));
    other->execute("DELETE FROM trees_tree WHERE fid = 1");
    EXPECT_THAT(heard(), testing::ElementsAre(postgres.schema() + ".trees_tree"));
    other->execute("INSERT INTO trees_tree (genus) VALUES ('Fagus')");
    EXPECT_THAT(heard(), testing::ElementsAre(postgres.schema() + ".trees_tree"));
    {
        City::Edit again = city.edit();
        again.replace("trees_tree", trees(), run);
        again.describe({.name = "trees_tree", .disclosure = Disclosure::open});
        again.commit();
    }
    EXPECT_THAT(heard(), testing::IsSupersetOf({postgres.schema() + ".trees_tree", postgres.schema() + ".stadtgdi_layer"}));
    PQfinish(listener);
}

TEST(Uuids, AreRandomOrFollowFromTheName)
{
    const std::string one = catalogue::new_uuid(), two = catalogue::new_uuid();
    EXPECT_NE(one, two);
    EXPECT_THAT(one, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    // Python: uuid.uuid5(uuid.NAMESPACE_URL, name)
    EXPECT_EQ(catalogue::uuid_of("https://www.python.org/"), "5406f80d-92e9-51cd-a176-77445955e733");
    EXPECT_EQ(catalogue::uuid_of("leipzig_street_trees/Straße 1" + std::string(100, 'x')), "0cd18070-10e5-5f7b-97b9-fa4d98ef5ed3");
}
