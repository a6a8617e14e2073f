// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/file_watch.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_project.hpp>

#include <gtest/gtest.h>

#include <fstream>

namespace stadtgdi::store {
namespace {

class Watching : public testing::Test {
protected:
    test::TemporaryFolder m_folder;
};

TEST_F(Watching, ACommitOfAnotherConnectionIsSeenOnce)
{
    for (const char* mode : {"DELETE", "WAL"}) {
        const std::string file = m_folder / (std::string(mode) + ".gpkg");
        test::execute_sql(file, std::string("PRAGMA journal_mode=") + mode + "; CREATE TABLE t(a)");
        FileWatch watch({file, file + "-wal"});
        EXPECT_FALSE(watch.changed()) << mode;
        test::execute_sql(file, "SELECT * FROM t");
        EXPECT_FALSE(watch.changed()) << mode;
        test::execute_sql(file, "INSERT INTO t VALUES(1)");
        EXPECT_TRUE(watch.changed()) << mode;
        EXPECT_FALSE(watch.changed()) << mode;
    }
}

TEST_F(Watching, ARolledBackTransactionIsNoChange)
{
    const std::string file = m_folder / "a.gpkg";
    test::execute_sql(file, "PRAGMA journal_mode=WAL; CREATE TABLE t(a)");
    FileWatch watch({file});
    test::execute_sql(file, "BEGIN; INSERT INTO t VALUES(1); ROLLBACK");
    EXPECT_FALSE(watch.changed());
}

TEST_F(Watching, AFilePutInItsPlaceIsAChange)
{
    const std::string file = m_folder / "a.gpkg", other = m_folder / "b.gpkg";
    test::execute_sql(file, "CREATE TABLE t(a)");
    test::execute_sql(other, "CREATE TABLE t(a)");
    FileWatch watch({file});
    std::filesystem::rename(other, file);
    EXPECT_TRUE(watch.changed());
    EXPECT_FALSE(watch.changed());
}

TEST_F(Watching, AFileThatGoesIsNoNewsUntilItIsBack)
{
    const std::string file = m_folder / "a.geojson";
    std::ofstream(file) << "{}";
    FileWatch watch({file});
    std::filesystem::remove(file);
    EXPECT_FALSE(watch.changed());
    std::ofstream(file) << "{ }";
    EXPECT_TRUE(watch.changed());
}

TEST_F(Watching, OtherFilesAreKnownBySizeAndTime)
{
    const std::string file = m_folder / "a.geojson";
    std::ofstream(file) << "{}";
    FileWatch watch({file});
    EXPECT_FALSE(watch.changed());
    std::ofstream(file, std::ios::app) << "\n";
    EXPECT_TRUE(watch.changed());
}

}  // namespace
}  // namespace stadtgdi::store
