// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <set>

namespace stadtgdi::testing {
namespace {

/// Twenty trees: number 0 to 19, height_m half of that, planted one a day from 2022-01-08 on, named Ahorn but for the first two.
std::set<int> numbers(const std::string& condition, const std::string& version = "2.0.0")
{
    const bool fes = version == "2.0.0";
    const std::string prefix = fes ? "fes" : "ogc";
    std::string text = condition;
    for (const auto& [generic, name] : {std::pair<std::string, std::string>{"REF>", fes ? "fes:ValueReference>" : "ogc:PropertyName>"}, {"<F:", "<" + prefix + ":"}, {"</F:", "</" + prefix + ":"}})
        for (auto at = text.find(generic); at != std::string::npos; at = text.find(generic, at + name.size())) text.replace(at, generic.size(), name);
    const std::string xml = "<wfs:GetFeature service=\"WFS\" version=\"" + version + "\" outputFormat=\"geojson\" xmlns:wfs=\"http://www.opengis.net/wfs" + (fes ? "/2.0" : "") + "\" xmlns:" + prefix +
                            "=\"http://www.opengis.net/" + (fes ? "fes/2.0" : "ogc") + "\" xmlns:gml=\"http://www.opengis.net/gml" + (fes ? "/3.2" : "") +
                            "\" xmlns:app=\"urn:x-stadtgdi:town\"><wfs:Query " + (fes ? "typeNames" : "typeName") + "=\"app:trees\"><" + prefix + ":Filter>" + text + "</" + prefix +
                            ":Filter></wfs:Query></wfs:GetFeature>";
    std::set<int> found;
    const auto answer = nlohmann::json::parse(post(town(), xml).body);
    for (const auto& feature : answer["features"]) found.insert(feature["properties"]["number"].get<int>());
    return found;
}

std::string is(const std::string& name, const std::string& property, const std::string& value)
{
    return "<F:PropertyIs" + name + "><REF>" + property + "</REF><F:Literal>" + value + "</F:Literal></F:PropertyIs" + name + ">";
}

std::set<int> range(int first, int last)
{
    std::set<int> all;
    for (int i = first; i <= last; ++i) all.insert(i);
    return all;
}

/// The assertions of the conformance suites about comparisons, in the filters of each version.
TEST(WfsFilters, ComparisonsAreUnderstoodInEveryVersion)
{
    for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
        EXPECT_EQ(numbers(is("LessThan", "app:number", "3"), version), range(0, 2)) << version;
        EXPECT_EQ(numbers(is("GreaterThan", "app:trees/app:height_m", "9"), version), range(19, 19)) << version;
        EXPECT_EQ(numbers(is("GreaterThanOrEqualTo", "height_m", "9"), version), range(18, 19)) << version;
        EXPECT_EQ(numbers(is("LessThanOrEqualTo", "planted", "2022-01-09"), version), range(0, 1)) << version;
        EXPECT_EQ(numbers(is("EqualTo", "number[1]", "7"), version), range(7, 7)) << version;
        EXPECT_EQ(numbers(is("NotEqualTo", "name", "Ahorn"), version), range(0, 0)) << version << ": null is neither equal nor unequal";
        EXPECT_EQ(numbers("<F:PropertyIsBetween><REF>number</REF><F:LowerBoundary><F:Literal>4</F:Literal></F:LowerBoundary><F:UpperBoundary><F:Literal>6</F:Literal></F:UpperBoundary>"
                          "</F:PropertyIsBetween>", version), range(4, 6)) << version;
        EXPECT_EQ(numbers("<F:PropertyIsNull><REF>name</REF></F:PropertyIsNull>", version), range(1, 1)) << version;
        EXPECT_EQ(numbers("<F:Not><F:PropertyIsNull><REF>name</REF></F:PropertyIsNull></F:Not>", version).size(), 19U) << version;
        for (const char* of_gml : {"gml:name", "gml:description", "app:trees/gml:name[1]"})
            EXPECT_EQ(numbers("<F:PropertyIsNull><REF>" + std::string(of_gml) + "</REF></F:PropertyIsNull>", version), range(0, 19)) << version << ": not the field of the same name";
        EXPECT_EQ(numbers("<F:Or>" + is("EqualTo", "number", "1") + "<F:And>" + is("LessThan", "number", "5") + is("GreaterThan", "number", "2") + "</F:And></F:Or>", version), (std::set<int>{1, 3, 4}));
    }
    EXPECT_EQ(numbers("<F:PropertyIsLike wildCard=\"*\" singleChar=\"?\" escapeChar=\"!\"><REF>name</REF><F:Literal>Lin*</F:Literal></F:PropertyIsLike>"), range(0, 0));
    EXPECT_EQ(numbers("<F:PropertyIsEqualTo matchCase=\"false\"><REF>name</REF><F:Literal>ahorn</F:Literal></F:PropertyIsEqualTo>").size(), 18U);
}

TEST(WfsFilters, PlacesAreComparedInEveryVersion)
{
    const auto polygon = [](const std::string& srs, const std::string& ring) {
        return "<F:Intersects><REF>geometry</REF><gml:Polygon gml:id=\"p\" srsName=\"" + srs + "\"><gml:exterior><gml:LinearRing><gml:posList>" + ring +
               "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></F:Intersects>";
    };
    for (const char* version : {"1.1.0", "2.0.0"}) {
        EXPECT_EQ(numbers(polygon("urn:ogc:def:crs:EPSG::25833", "317995 5689995 318025 5689995 318025 5690005 317995 5690005 317995 5689995"), version), range(0, 2)) << version;
        EXPECT_EQ(numbers(polygon("urn:ogc:def:crs:EPSG::4326", "51 12 51 13 52 13 52 12 51 12"), version), range(0, 18)) << version << ": latitude first";
        EXPECT_EQ(numbers(polygon("EPSG:4326", "12 51 12 52 13 52 13 51 12 51"), version), range(0, 18)) << version << ": longitude first";
    }
    EXPECT_EQ(numbers("<F:BBOX><REF>geometry</REF><gml:Box srsName=\"EPSG:25833\"><gml:coordinates>318005,5689990 318025,5690010</gml:coordinates></gml:Box></F:BBOX>", "1.0.0"), range(1, 2));
    EXPECT_EQ(numbers("<F:Intersects><REF>geometry</REF><gml:LineString gml:id=\"l\" srsName=\"EPSG:25833\"><gml:posList>318030 5689000 318030 5691000</gml:posList></gml:LineString></F:Intersects>"), range(3, 3));
    EXPECT_EQ(numbers("<F:DWithin><REF>geometry</REF><gml:Point gml:id=\"a\" srsName=\"EPSG:25833\"><gml:pos>318050 5690000</gml:pos></gml:Point><F:Distance uom=\"m\">11</F:Distance></F:DWithin>"), range(4, 6));
}

TEST(WfsFilters, TimesAreComparedWithInstantsAndPeriods)
{
    const auto time = [](const std::string& name, const std::string& value) { return "<F:" + name + "><REF>planted</REF>" + value + "</F:" + name + ">"; };
    const std::string instant = "<gml:TimeInstant gml:id=\"t\"><gml:timePosition>2022-01-20</gml:timePosition></gml:TimeInstant>";
    const std::string period = "<gml:TimePeriod gml:id=\"p\"><gml:beginPosition>2022-01-10</gml:beginPosition><gml:endPosition>2022-01-13</gml:endPosition></gml:TimePeriod>";
    EXPECT_EQ(numbers(time("After", instant)), range(13, 19));
    EXPECT_EQ(numbers(time("Before", instant)), range(0, 11));
    EXPECT_EQ(numbers(time("After", period)), range(6, 19));
    EXPECT_EQ(numbers(time("Before", period)), range(0, 1));
    EXPECT_EQ(numbers(time("TEquals", instant)), range(12, 12));
}

TEST(WfsFilters, AFeatureHasNoneOfThePropertiesOfGmlItself)
{
    for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
        EXPECT_EQ(numbers("<F:PropertyIsNull><REF>gml:name</REF></F:PropertyIsNull>", version), range(0, 19)) << version;
        EXPECT_EQ(numbers("<F:Not><F:PropertyIsNull><REF>app:trees/gml:description</REF></F:PropertyIsNull></F:Not>", version), range(1, 0)) << version;
        EXPECT_EQ(numbers(is("EqualTo", "gml:name", "Ahorn"), version), range(1, 0)) << version;
        EXPECT_EQ(numbers(is("EqualTo", "app:name", "Ahorn"), version).size(), 18U) << version;
    }
}

TEST(WfsFilters, WhatCannotBeFilteredByIsRefused)
{
    const auto error = [](const std::string& condition) { return text_of(refusal_of([&] { numbers(condition); })); };
    EXPECT_EQ(error(is("EqualTo", "nope", "1")), "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error(is("LessThan", "gml:boundedBy", "1")), "OperationProcessingFailed FILTER 400");
    EXPECT_EQ(error(is("LessThan", "gml:boundedBy", "<gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope>")), "OperationProcessingFailed FILTER 400");
    EXPECT_EQ(error("<F:BBOX><REF>gml:description</REF><gml:Envelope srsName=\"EPSG:25833\"><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></F:BBOX>"),
              "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error("<F:PropertyIsEqualTo><F:Function name=\"env\"/><F:Literal>x</F:Literal></F:PropertyIsEqualTo>"), "OptionNotSupported FILTER 501");
}

}  // namespace
}  // namespace stadtgdi::testing
