// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/disclosure.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_city.hpp>

#include <gtest/gtest.h>
#include <fstream>

namespace stadtgdi::project {
namespace {

using catalogue::Disclosure;

class Classes : public testing::Test {
protected:
    void SetUp() override
    {
        m_city = m_folder / "city.gpkg";
        test::write_sample_city(m_city, {{"own_table", Disclosure::kritis}});
        std::ofstream(m_folder / "other.geojson") << "{}";
    }

    static DataSource file(const std::string& path, const std::string& table)
    {
        DataSource source;
        source.provider = "ogr";
        source.path = path;
        source.layer = table;
        source.uri = path + "|layername=" + table;
        return source;
    }

    Classified class_of(const DataSource& source, DisclosureSettings settings = {}) const
    {
        ClassFinder finder(std::move(settings));
        finder.visit(source);
        return finder.class_of(source);
    }

    test::TemporaryFolder m_folder;
    std::string m_city;
};

TEST_F(Classes, ATableOfACityHasTheClassOfTheStore)
{
    const Classified found = class_of(file(m_city, "own_table"));
    EXPECT_EQ(found.disclosure, Disclosure::kritis);
    EXPECT_TRUE(found.in_city);
}

TEST_F(Classes, TheSettingsCannotOpenATableOfACity)
{
    const DisclosureSettings settings{{{"city.gpkg", Disclosure::open}}, Disclosure::open};
    EXPECT_EQ(class_of(file(m_city, "own_table"), settings).disclosure, Disclosure::kritis);
}

TEST_F(Classes, AnUnknownTableOfACityIsNotServed)
{
    EXPECT_FALSE(class_of(file(m_city, "stadtgdi_layer")).disclosure);
    EXPECT_FALSE(class_of(file(m_city, "some_view"), {{}, Disclosure::open}).disclosure);
}

TEST_F(Classes, AStatementOnACityIsNotServed)
{
    DataSource source = file(m_city, "own_table");
    source.is_query = true;
    EXPECT_FALSE(class_of(source).disclosure);
}

TEST_F(Classes, OtherSourcesAreOpenUntilAProjectTouchesACity)
{
    const DataSource other = file(m_folder / "other.geojson", "");
    EXPECT_EQ(class_of(other).disclosure, Disclosure::open);

    ClassFinder finder({});
    finder.visit(other);
    finder.visit(file(m_city, "own_table"));
    EXPECT_TRUE(finder.touches_city());
    EXPECT_FALSE(finder.class_of(other).disclosure);

    ClassFinder named({{{"other.geojson", Disclosure::internal}}, {}});
    named.visit(other);
    named.visit(file(m_city, "own_table"));
    EXPECT_EQ(named.class_of(other).disclosure, Disclosure::internal);
}

TEST_F(Classes, AFileThatIsNotThereIsNotServed)
{
    // QGIS may still have it open.
    const DataSource city = file(m_folder / "gone.gpkg", "utilities_line"), other = file(m_folder / "gone.geojson", "");
    for (const DataSource& gone : {city, other}) {
        const Classified found = class_of(gone, {{{"gone", Disclosure::open}}, Disclosure::open});
        EXPECT_FALSE(found.disclosure) << gone.path;
        EXPECT_TRUE(found.store_unreadable) << gone.path;
    }
    const DataSource there = file(m_folder / "other.geojson", "");
    ClassFinder plain({}), of_a_city({});
    plain.visit(there);
    plain.visit(other);
    EXPECT_EQ(plain.class_of(there).disclosure, Disclosure::open);
    of_a_city.visit(there);
    of_a_city.visit(city);
    EXPECT_FALSE(of_a_city.class_of(there).disclosure) << "as while the city is there";
}

TEST_F(Classes, WhatLiesBehindAVirtualFileNeedsAWordOfTheSettings)
{
    const DataSource zipped = file("/vsizip//srv/city.zip/city.gpkg", "own_table");
    EXPECT_FALSE(class_of(zipped).disclosure);
    EXPECT_FALSE(class_of(zipped, {{}, Disclosure::open}).disclosure);
    EXPECT_EQ(class_of(zipped, {{{"city.zip", Disclosure::internal}}, {}}).disclosure, Disclosure::internal);
}

TEST_F(Classes, AStatementOnADatabaseNeedsAWordOfTheSettings)
{
    DataSource source;
    source.provider = "postgres";
    source.connection = "host=/nonexistent dbname=x connect_timeout=1";
    source.layer = "(SELECT * FROM leipzig.utilities_line)";
    source.is_query = true;
    source.uri = source.connection + source.layer;
    const ClassFinder finder({});
    EXPECT_FALSE(finder.class_of(source).disclosure);
}

TEST_F(Classes, TheStricterClassWins)
{
    EXPECT_EQ(stricter(Disclosure::open, Disclosure::kritis), Disclosure::kritis);
    EXPECT_EQ(stricter(Disclosure::restricted, Disclosure::internal), Disclosure::restricted);
}

}  // namespace
}  // namespace stadtgdi::project
