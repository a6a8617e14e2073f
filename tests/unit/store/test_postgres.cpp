// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/database.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/store/qgis_catalogue.hpp>
#include <tests/support/postgres.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_city.hpp>

#include <gtest/gtest.h>
#include <qgslayertree.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>

#include <optional>
#include <thread>

namespace stadtgdi::store {
namespace {

using catalogue::Disclosure;
using test::qgis;

TEST(PostgresStore, ClassesComeFromTheStoreAndChangesAreHeard)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    const test::TemporaryFolder folder;
    test::write_sample_city(postgres.path(), {{"secret", Disclosure::kritis}, {"known", Disclosure::open}});
    qgis().call_on_main([&] {
        QgsProject project;
        project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
        const auto add = [&](const std::string& table, const std::string& name) {
            const std::string uri = TestPostgres::server() + " key='fid' srid=25833 type=Point table=" + table + " (geom)";
            auto* layer = new QgsVectorLayer(bridge::compat::qstring(uri), bridge::compat::qstring(name), QStringLiteral("postgres"));
            ASSERT_TRUE(layer->isValid()) << uri;
            project.addMapLayer(layer);
        };
        add("\"" + postgres.schema() + "\".\"known\"", "known");
        add("\"" + postgres.schema() + "\".\"secret\"", "renamed");
        project.write(bridge::compat::qstring(folder / "p.qgz"));
    });
    StoreSettings settings;
    settings.projects = {{folder / "p.qgz"}};
    QgisCatalogue catalogue(qgis(), settings);
    catalogue.look_once();
    auto project = catalogue.project("p");
    ASSERT_NE(project, nullptr);
    ASSERT_NE(project->model().find("renamed"), nullptr);
    EXPECT_EQ(project->model().find("renamed")->disclosure, Disclosure::kritis);
    EXPECT_EQ(project->model().find("known")->disclosure, Disclosure::open);

    base::RunContext run;
    EXPECT_TRUE(project->watched("known"));
    EXPECT_EQ(project->snapshot("known", run)->table.column("code").text(0), "geheim");
    const auto secret = project->snapshot("renamed", run);
    catalogue.look_once();
    EXPECT_EQ(catalogue.project("p"), project);  // nothing happened
    io::Database::open(postgres.path(), io::Database::Access::write)->execute("UPDATE known SET code = 'neu'");
    for (int i = 0; i < 500 && catalogue.project("p") == project; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        catalogue.look_once();
    }
    project = catalogue.project("p");
    EXPECT_EQ(project->snapshot("known", run)->table.column("code").text(0), "neu");
    EXPECT_EQ(project->snapshot("renamed", run), secret);  // its table did not change

    // What the store says of its tables is heard, too.
    const auto class_becomes = [&](const std::string& statement, std::optional<Disclosure> wanted) {
        io::Database::open(postgres.path(), io::Database::Access::write)->execute(statement);
        const auto now = [&]() -> std::optional<Disclosure> {
            const project::PublishedLayer* layer = catalogue.project("p")->model().find("known");
            return layer == nullptr ? std::nullopt : std::optional(layer->disclosure);
        };
        for (int i = 0; i < 500 && now() != wanted; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            catalogue.look_once();
        }
        return now() == wanted;
    };
    EXPECT_TRUE(class_becomes("UPDATE stadtgdi_layer SET disclosure = 'kritis' WHERE name = 'known'", Disclosure::kritis));
    EXPECT_TRUE(class_becomes("DELETE FROM stadtgdi_layer WHERE name = 'known'", std::nullopt));
    EXPECT_TRUE(class_becomes("INSERT INTO stadtgdi_layer (name, definition, crs, disclosure, source, attribution, licence, demonstration) "
                              "VALUES ('known', '', 'EPSG:25833', 'public', '', '', '', 0)", Disclosure::open));

    // A table that goes without a word to the store, and comes back.
    EXPECT_TRUE(class_becomes("ALTER TABLE known RENAME TO gone", std::nullopt));
    EXPECT_EQ(catalogue.project("p")->snapshot("renamed", run)->table.rows(), 1U);
    EXPECT_TRUE(class_becomes("ALTER TABLE gone RENAME TO known", Disclosure::open));
    EXPECT_EQ(catalogue.project("p")->snapshot("known", run)->table.column("code").text(0), "neu");
    EXPECT_TRUE(class_becomes("DROP TABLE known", std::nullopt));
    EXPECT_EQ(catalogue.project("p")->snapshot("renamed", run)->table.rows(), 1U);
}

// Tables that are no city's have no triggers; PostgreSQL counts what is written to them.
TEST(PostgresStore, WritesToOtherTablesAreCounted)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    const test::TemporaryFolder folder;
    const auto execute = [&](const std::string& statement) { io::Database::open(postgres.path(), io::Database::Access::create)->execute(statement); };
    execute("CREATE TABLE plain (fid integer PRIMARY KEY, code text, geom geometry(Point, 25833))");
    execute("INSERT INTO plain VALUES (1, 'a', ST_SetSRID(ST_MakePoint(317000, 5690000), 25833)), (2, 'b', ST_SetSRID(ST_MakePoint(317010, 5690000), 25833))");
    execute("CREATE VIEW seen AS SELECT * FROM plain");
    execute("CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain");
    execute("CREATE TABLE parent (fid integer PRIMARY KEY, code text, geom geometry(Point, 25833))");
    execute("CREATE TABLE child () INHERITS (parent)");
    qgis().call_on_main([&] {
        QgsProject project;
        project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
        const auto add = [&](const std::string& table, const std::string& name, const std::string& filter = {}) {
            const std::string uri = TestPostgres::server() + " key='fid' srid=25833 type=Point table=\"" + postgres.schema() + "\".\"" + table + "\" (geom)" + filter;
            auto* layer = new QgsVectorLayer(bridge::compat::qstring(uri), bridge::compat::qstring(name), QStringLiteral("postgres"));
            ASSERT_TRUE(layer->isValid()) << uri;
            project.addMapLayer(layer);
        };
        add("plain", "plain");
        add("plain", "some", " sql=\"code\" <> 'a'");
        add("plain", "others", " sql=\"fid\" IN (SELECT 1)");
        add("seen", "seen");
        add("kept", "kept");
        add("parent", "parent");
        project.write(bridge::compat::qstring(folder / "p.qgz"));
    });
    StoreSettings settings;
    settings.projects = {{folder / "p.qgz"}};
    settings.reading.disclosure.other = Disclosure::open;
    QgisCatalogue catalogue(qgis(), settings);
    catalogue.look_once();
    base::RunContext run;
    const auto watched = [&](const std::string& layer) { return catalogue.project("p")->watched(layer); };
    EXPECT_TRUE(watched("plain") && watched("some") && watched("kept"));
    EXPECT_FALSE(watched("others") || watched("seen") || watched("parent")) << "nobody counts what is written to other tables";
    const auto rows = [&](const std::string& layer) { return catalogue.project("p")->snapshot(layer, run)->table.rows(); };
    EXPECT_EQ(rows("plain"), 2U);
    EXPECT_EQ(rows("some"), 1U);
    const auto becomes = [&](const std::string& layer, std::size_t wanted) {
        for (int i = 0; i < 2000 && rows(layer) != wanted; ++i) {  // a session may keep its counts for ten seconds
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            catalogue.look_once();
        }
        return rows(layer) == wanted;
    };
    execute("INSERT INTO plain VALUES (3, 'c', NULL)");
    EXPECT_TRUE(becomes("plain", 3));
    EXPECT_TRUE(becomes("some", 2));
    execute("DELETE FROM plain WHERE fid = 3");
    EXPECT_TRUE(becomes("plain", 2));
    execute("UPDATE plain SET code = 'a'");
    EXPECT_TRUE(becomes("some", 0));
    EXPECT_EQ(rows("kept"), 2U);
    execute("TRUNCATE plain");
    EXPECT_TRUE(becomes("plain", 0));
    execute("REFRESH MATERIALIZED VIEW kept");
    EXPECT_TRUE(becomes("kept", 0));
}

}  // namespace
}  // namespace stadtgdi::store
