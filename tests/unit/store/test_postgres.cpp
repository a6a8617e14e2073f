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

}  // namespace
}  // namespace stadtgdi::store
