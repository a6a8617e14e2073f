// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/error.hpp>
#include <layers/crs/crs.hpp>
#include <layers/crs/grids.hpp>
#include <thread>

using namespace stadtgdi::crs;
using stadtgdi::Error;
using stadtgdi::ErrorKind;

namespace {

ErrorKind error_of(const char* name)
{
    try {
        normalized(name);
    } catch (const Error& error) {
        EXPECT_FALSE(error.message().de.empty());
        return error.kind();
    }
    ADD_FAILURE() << name << " was accepted";
    return ErrorKind::internal;
}

}  // namespace

TEST(CrsName, IsReadInEveryWayTheStandardsWriteIt)
{
    for (const char* name : {"EPSG:25833", "epsg:25833", "urn:ogc:def:crs:EPSG::25833", "urn:ogc:def:crs:EPSG:6.9:25833", "urn:x-ogc:def:crs:EPSG:25833",
                             "http://www.opengis.net/def/crs/EPSG/0/25833", "https://www.opengis.net/def/crs/EPSG/0/25833",
                             "http://www.opengis.net/gml/srs/epsg.xml#25833", "[EPSG:25833]", "EPSG::25833", "EPSG:025833"})
        EXPECT_EQ(normalized(name), "EPSG:25833") << name;
    for (const char* name : {"CRS:84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84",
                             "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/OGC/0/CRS84"})
        EXPECT_EQ(normalized(name), "OGC:CRS84") << name;
}

TEST(CrsName, IsRefusedWhereItIsNone)
{
    for (const char* name : {"", "25833", "EPSG:", "EPSG:abc", "EPSG:25833; DROP TABLE", "http://example.org/def/crs/EPSG/0/25833", "urn:ogc:def:crs:EPSG::",
                             "urn:ogc:def:crs:FOO::1", "+proj=longlat", "ETRS89 / UTM zone 33N", "/etc/passwd", "EPSG:25833+5783", "[]"})
        EXPECT_EQ(error_of(name), ErrorKind::invalid_argument) << name;
    EXPECT_EQ(error_of("EPSG:0"), ErrorKind::not_found);
    EXPECT_EQ(error_of("EPSG:99999999"), ErrorKind::not_found);
    EXPECT_EQ(error_of("EPSG:4978"), ErrorKind::not_found);  // geocentric
    EXPECT_EQ(error_of("EPSG:5783"), ErrorKind::not_found);  // heights
}

TEST(CrsName, IsWrittenAsUrnAndUri)
{
    EXPECT_EQ(urn("EPSG:25833"), "urn:ogc:def:crs:EPSG::25833");
    EXPECT_EQ(uri("EPSG:25833"), "http://www.opengis.net/def/crs/EPSG/0/25833");
    EXPECT_EQ(urn("OGC:CRS84"), "urn:ogc:def:crs:OGC:1.3:CRS84");
    EXPECT_EQ(uri("OGC:CRS84"), "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    for (const char* code : {"EPSG:3035", "OGC:CRS84"}) {
        EXPECT_EQ(normalized(urn(code)), code);
        EXPECT_EQ(normalized(uri(code)), code);
    }
}

TEST(CrsInfo, AxisOrderIsThatOfTheRegistry)
{
    for (const char* code : {"EPSG:25832", "EPSG:25833", "EPSG:3857", "EPSG:5678", "OGC:CRS84"}) EXPECT_FALSE(info(code).northing_first) << code;
    for (const char* code : {"EPSG:3035", "EPSG:31467", "EPSG:31468", "EPSG:4839", "EPSG:2398", "EPSG:4258", "EPSG:4326"})
        EXPECT_TRUE(info(code).northing_first) << code;
}

TEST(CrsInfo, KnowsNameUnitAndAreaOfUse)
{
    const CrsInfo& utm = info("EPSG:25833");
    EXPECT_EQ(utm.name, "ETRS89 / UTM zone 33N");
    EXPECT_FALSE(utm.geographic);
    EXPECT_EQ(utm.metres_per_unit, 1);
    EXPECT_NEAR(utm.area_of_use.xmin, 12, 0.5);
    EXPECT_NEAR(utm.area_of_use.xmax, 18, 0.5);
    EXPECT_TRUE(info("EPSG:4326").geographic);
    EXPECT_NEAR(info("EPSG:4326").metres_per_unit, 111319.49, 0.01);
    EXPECT_NEAR(info("EPSG:2263").metres_per_unit, 0.3048006, 1e-6);  // New York, US survey feet
    EXPECT_EQ(&info("urn:ogc:def:crs:EPSG::25833"), &utm);
}

TEST(CrsInfo, MetresAreRequiredWithAReason)
{
    EXPECT_NO_THROW(require_metric("EPSG:25833", "Canopy cover"));
    for (const char* code : {"EPSG:4326", "EPSG:2263", ""}) {
        try {
            require_metric(code, "Canopy cover");
            FAIL() << code;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_NE(std::string(error.what()).find("Canopy cover"), std::string::npos);
        }
    }
}

TEST(CrsInfo, GridsThatAreNotInstalledAreNamed)
{
    EXPECT_TRUE(missing_grids("EPSG:25833", "EPSG:4258").empty());
    EXPECT_TRUE(missing_grids("EPSG:4326", "EPSG:3857").empty());
    EXPECT_TRUE(missing_grids("EPSG:31468", "EPSG:4258").empty()) << "BETA2007 comes with PROJ's data";
    EXPECT_TRUE(missing_grids("USER:100000", "EPSG:4258").empty());
    // Great Britain's grid does not.
    const std::vector<std::string> missing = missing_grids("EPSG:27700", "EPSG:4258");
    ASSERT_EQ(missing.size(), 1u);
    EXPECT_NE(missing[0].find("OSTN15"), std::string::npos) << missing[0];
}

TEST(CrsInfo, AnyThreadMayAsk)
{
    std::vector<std::thread> threads;
    std::vector<const CrsInfo*> found(8);
    for (std::size_t t = 0; t < found.size(); ++t)
        threads.emplace_back([&found, t] {
            for (int code = 25828; code <= 25838; ++code) info("EPSG:" + std::to_string(code));
            found[t] = &info("EPSG:25831");
        });
    for (auto& thread : threads) thread.join();
    for (const CrsInfo* one : found) EXPECT_EQ(one, found[0]);
}
