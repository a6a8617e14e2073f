// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/crs_names.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::ows {
namespace {

project::ProjectModel model()
{
    project::ProjectModel m;
    m.offered_crs = {"EPSG:25833", "EPSG:31468"};
    return m;
}

struct Case {
    const char* name;
    const char* code;
    bool wfs, wms13;  ///< whether the first number is the northing
};

/// The matrix of names and orders: urn and http follow the official order, EPSG:n in WFS does not.
TEST(CrsNames, TheFormOfTheNameDecidesTheAxisOrder)
{
    const Case cases[] = {
        {"EPSG:4326", "EPSG:4326", false, true},
        {"urn:ogc:def:crs:EPSG::4326", "EPSG:4326", true, true},
        {"http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326", true, true},
        {"http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326", false, true},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", false, false},
        {"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84", false, false},
        {"CRS:84", "OGC:CRS84", false, false},
        {"EPSG:25833", "EPSG:25833", false, false},
        {"urn:ogc:def:crs:EPSG::25833", "EPSG:25833", false, false},
        {"EPSG:3035", "EPSG:3035", false, true},
        {"urn:ogc:def:crs:EPSG::3035", "EPSG:3035", true, true},
        {"urn:ogc:def:crs:EPSG::31468", "EPSG:31468", true, true},
        {"EPSG:3857", "EPSG:3857", false, false},
        {"urn:ogc:def:crs:EPSG::3857", "EPSG:3857", false, false},
    };
    for (const Case& c : cases) {
        const CrsName wfs = wfs_crs(c.name, model(), "srsName");
        EXPECT_EQ(wfs.code, c.code) << c.name;
        EXPECT_EQ(wfs.swapped, c.wfs) << c.name;
        EXPECT_EQ(wfs.name, c.name);
        EXPECT_EQ(wms_crs(c.name, "1.3.0", model()).swapped, c.wms13) << c.name;
        EXPECT_FALSE(wms_crs(c.name, "1.1.1", model()).swapped) << c.name;
    }
}

TEST(CrsNames, WhatIsNotOfferedIsRefusedWithTheServicesOwnCode)
{
    for (const char* name : {"EPSG:999999", "EPSG:2180", "nonsense", "", "EPSG:25833; DROP"}) {
        try {
            wfs_crs(name, model(), "srsName");
            FAIL() << name;
        } catch (const OwsException& error) {
            EXPECT_EQ(error.code(), Code::invalid_parameter_value);
            EXPECT_EQ(error.locator(), "srsName");
        }
        try {
            wms_crs(name, "1.1.1", model());
            FAIL() << name;
        } catch (const OwsException& error) {
            EXPECT_EQ(name_of(error.code(), "1.1.1"), "InvalidSRS");
            EXPECT_EQ(name_of(error.code(), "1.3.0"), "InvalidCRS");
        }
    }
}

TEST(CrsNames, TheServicesOwnListIsAppendedWithoutDoubles)
{
    EXPECT_EQ(offered_crs(model()), (std::vector<std::string>{"EPSG:25833", "EPSG:31468", "EPSG:25832", "EPSG:4258", "EPSG:4326", "OGC:CRS84", "EPSG:3857", "EPSG:3035"}));
}

TEST(CrsNames, ABoxIsTurnedIntoEastingAndNorthing)
{
    const CrsName official = wfs_crs("urn:ogc:def:crs:EPSG::4326", model(), "BBOX");
    EXPECT_EQ(parse_wms_box("51,12,52,13", official), (table::Box{12, 51, 13, 52}));
    const CrsName native = wfs_crs("urn:ogc:def:crs:EPSG::25833", model(), "BBOX");
    const BoxWithCrs plain = parse_wfs_box("1,2,3,4", native, model());
    EXPECT_EQ(plain.box, (table::Box{1, 2, 3, 4}));
    EXPECT_EQ(plain.crs.code, "EPSG:25833");
    EXPECT_EQ(parse_wfs_box("51,12,52,13,urn:ogc:def:crs:EPSG::4326", native, model()).box, (table::Box{12, 51, 13, 52}));
    EXPECT_EQ(parse_wfs_box("12,51,13,52,EPSG:4326", native, model()).box, (table::Box{12, 51, 13, 52}));
    EXPECT_EQ(parse_wfs_box("1,2,3,4,", native, model()).crs.code, "EPSG:25833");
    EXPECT_EQ(parse_wfs_box("1,2,-9,3,4,9", native, model()).box, (table::Box{1, 2, 3, 4}));
}

TEST(CrsNames, DamagedBoxesAreRefused)
{
    const CrsName native = wfs_crs("EPSG:25833", model(), "BBOX");
    for (const char* bad : {"", "1,2,3", "1,2,3,nan", "1,2,3,inf", "1,2,3,1e308", "3,2,1,4", "a,b,c,d", "1,2,3,4,EPSG:1", "1 2 3 4"})
        EXPECT_THROW(parse_wfs_box(bad, native, model()), OwsException) << bad;
    EXPECT_THROW(parse_wms_box("1,2,1,4", native), OwsException);
    EXPECT_NO_THROW(parse_wfs_box("1,2,1,2", native, model()));
}

TEST(CrsNames, DegreesGetEightDecimalsAndMetresThree)
{
    EXPECT_EQ(decimals_of("OGC:CRS84"), 8);
    EXPECT_EQ(decimals_of("EPSG:4258"), 8);
    EXPECT_EQ(decimals_of("EPSG:3857"), 3);
}

}  // namespace
}  // namespace stadtgdi::ows
