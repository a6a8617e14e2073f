// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdlib>
#include <random>
#include <string>

/// A schema of its own in the test server that tests/support/start_postgres started and STADTGDI_TEST_PG names
/// ("host=... port=... user=... dbname=..."). path() is what Source, Sink and City take. Drop the schema by
/// `drop_sql()` where it matters; the server goes with the test run anyway.
///     REQUIRE_POSTGRES();
///     const TestPostgres postgres;
///     City::create(postgres.path(), ...);
class TestPostgres {
public:
    TestPostgres()
    {
        std::random_device device;
        m_schema = "test_" + std::to_string(device()) + std::to_string(device() % 1000);
    }
    static std::string server()
    {
        const char* given = std::getenv("STADTGDI_TEST_PG");
        return given ? given : "";
    }
    const std::string& schema() const { return m_schema; }
    std::string path() const { return "PG:" + server() + " schemas=" + m_schema; }
    std::string drop_sql() const { return "DROP SCHEMA IF EXISTS \"" + m_schema + "\" CASCADE"; }

private:
    std::string m_schema;
};

#define REQUIRE_POSTGRES()                                                                                             \
    if (TestPostgres::server().empty()) {                                                                              \
        GTEST_SKIP() << "STADTGDI_TEST_PG is not set; run by tests/support/start_postgres run <this program>"; \
    }
