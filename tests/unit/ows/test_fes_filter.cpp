// SPDX-License-Identifier: GPL-2.0-or-later
#include "refused.hpp"

namespace stadtgdi::testing {
namespace {

const Rows placed{0, 1, 2, 3, 4, 5, 6, 7, 8};

/// All three versions name operators alike but for the property.
std::string compared(const std::string& operation, const std::string& field, const std::string& literal, const std::string& attributes = "")
{
    return "<fes:PropertyIs" + operation + attributes + "><fes:ValueReference>" + field + "</fes:ValueReference><fes:Literal>" + literal + "</fes:Literal></fes:PropertyIs" + operation + ">";
}

std::string about(const std::string& operation, const std::string& geometry, const std::string& property = "geom")
{
    return "<fes:" + operation + "><fes:ValueReference>" + property + "</fes:ValueReference>" + geometry + "</fes:" + operation + ">";
}

const std::string metres = " srsName=\"urn:ogc:def:crs:EPSG::25833\"";
std::string point(int row) { return "<gml:Point" + metres + "><gml:pos>" + std::to_string(318000 + 10 * row) + " 5690000</gml:pos></gml:Point>"; }
std::string pos_list(int from, int to) { return "<gml:posList>" + std::to_string(318000 + 10 * from) + " 5690000 " + std::to_string(318000 + 10 * to) + " 5690000</gml:posList>"; }
std::string ring_around(int from, int to)
{
    const std::string l = std::to_string(318000 + 10 * from - 5), r = std::to_string(318000 + 10 * to + 5);
    return "<gml:LinearRing><gml:posList>" + l + " 5689990 " + r + " 5689990 " + r + " 5690010 " + l + " 5690010 " + l + " 5689990</gml:posList></gml:LinearRing>";
}
std::string polygon(int from, int to, const std::string& srs = metres) { return "<gml:Polygon" + srs + "><gml:exterior>" + ring_around(from, to) + "</gml:exterior></gml:Polygon>"; }

TEST(FesFilter, ComparesInEveryVersion)
{
    const FilterTown town;
    EXPECT_EQ(town.xml(compared("EqualTo", "n", "4")), (Rows{4}));
    EXPECT_EQ(town.xml(compared("NotEqualTo", "n", "4")), (Rows{0, 1, 2, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.xml(compared("LessThan", "h", "1.0")), (Rows{0, 1}));
    EXPECT_EQ(town.xml(compared("GreaterThan", "n", "7.5")), (Rows{8, 9}));
    EXPECT_EQ(town.xml(compared("LessThanOrEqualTo", "n", "1")), (Rows{0, 1}));
    EXPECT_EQ(town.xml(compared("GreaterThanOrEqualTo", "n", "8")), (Rows{8, 9}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "STRASSE", " matchCase=\"false\"")), (Rows{3}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "LINDE")), (Rows{}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "O'Brien")), (Rows{4}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "<![CDATA[100%]]>")), (Rows{5}));
    EXPECT_EQ(town.xml(compared("EqualTo", "ok", "true")), (Rows{0, 2, 4, 6, 8}));
    EXPECT_EQ(town.xml(compared("EqualTo", "day", "2024-01-03")), (Rows{2}));
    EXPECT_EQ(town.xml(compared("GreaterThan", "start", "2024-01-01T08:00:00+01:00")), (Rows{8, 9}));
    EXPECT_EQ(town.xml(compared("EqualTo", "big", "9007199254740993")), (Rows{1}));
    EXPECT_EQ(town.xml(compared("EqualTo", "a:b", "x")), (Rows{0})) << "8: a name with a colon is whole";
    EXPECT_EQ(town.xml("<PropertyIsBetween><PropertyName>n</PropertyName><LowerBoundary><Literal>2</Literal></LowerBoundary><UpperBoundary><Literal>4</Literal></UpperBoundary></PropertyIsBetween>"), (Rows{2, 4}));
    EXPECT_EQ(town.xml("<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>"), (Rows{2}));
    EXPECT_EQ(town.xml("<fes:PropertyIsNil><fes:ValueReference>geom</fes:ValueReference></fes:PropertyIsNil>"), (Rows{9}));
    EXPECT_EQ(town.xml("<PropertyIsEqualTo><Literal>4</Literal><PropertyName>n</PropertyName></PropertyIsEqualTo>"), (Rows{4})) << "whichever side";
    EXPECT_EQ(town.xml("<ogc:PropertyIsEqualTo><ogc:PropertyName>n</ogc:PropertyName><ogc:Add><ogc:Literal>2</ogc:Literal><ogc:Div><ogc:Literal>8</ogc:Literal><ogc:Sub><ogc:Literal>6</ogc:Literal><ogc:Literal>2</ogc:Literal></ogc:Sub></ogc:Div></ogc:Add></ogc:PropertyIsEqualTo>"), (Rows{4}));
    EXPECT_EQ(town.xml("<PropertyIsEqualTo><PropertyName>n</PropertyName><Mul><PropertyName>h</PropertyName><Literal>2</Literal></Mul></PropertyIsEqualTo>"), (Rows{0, 1, 2, 5, 6, 7, 8, 9}));
}

TEST(FesFilter, PropertiesOfGmlItselfAreNullInEveryRow)
{
    const FilterTown town;
    const auto is_null = [](const std::string& property) { return "<fes:PropertyIsNull><fes:ValueReference xmlns:ns3=\"http://www.opengis.net/gml/3.2\">" + property + "</fes:ValueReference></fes:PropertyIsNull>"; };
    const Rows every{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (const char* property : {"gml:name", "gml:description", " gml:name[1] ", "app:places/gml:name", "ns3:name", "gml:boundedBy"}) {
        EXPECT_EQ(town.xml(is_null(property)), every) << property;
        EXPECT_EQ(town.xml("<fes:Not>" + is_null(property) + "</fes:Not>"), Rows{}) << property;
    }
    EXPECT_EQ(town.xml(is_null("@gml:id")), Rows{});
    EXPECT_EQ(town.xml(compared("EqualTo", "gml:name", "Linde")), Rows{}) << "the field called name is another property";
    EXPECT_EQ(town.xml(compared("NotEqualTo", "gml:name", "Linde", " matchCase=\"false\"")), Rows{});
    EXPECT_EQ(town.xml("<fes:PropertyIsLike wildCard=\"*\" singleChar=\"?\" escapeChar=\"!\"><fes:ValueReference>gml:description</fes:ValueReference><fes:Literal>*</fes:Literal></fes:PropertyIsLike>"), Rows{});
    EXPECT_EQ(town.xml("<fes:Or>" + compared("EqualTo", "gml:name", "x") + compared("EqualTo", "n", "4") + "</fes:Or>"), (Rows{4}));
    EXPECT_EQ(refused([&] { town.xml(compared("EqualTo", "gml:boundedBy", "1")); }), "OperationProcessingFailed");
    EXPECT_EQ(refused([&] { town.xml(is_null("gml:nope")); }), wrong);
    EXPECT_EQ(refused([&] { town.xml(about("Intersects", point(1), "gml:name")); }), wrong);
    EXPECT_EQ(refused([&] { town.xml("<fes:PropertyIsNull><fes:ValueReference xmlns:gml=\"urn:mine\">gml:nope</fes:ValueReference></fes:PropertyIsNull>"); }), wrong);
}

TEST(FesFilter, JoinsWithThreeTruths)
{
    const FilterTown town;
    const std::string n3 = compared("EqualTo", "n", "3"), day = compared("EqualTo", "day", "2024-01-05");
    EXPECT_EQ(town.xml("<fes:Or>" + n3 + compared("LessThan", "n", "1") + compared("EqualTo", "n", "9") + "</fes:Or>"), (Rows{0, 9}));
    EXPECT_EQ(town.xml("<fes:And>" + compared("GreaterThan", "n", "3") + compared("LessThan", "n", "6") + "</fes:And>"), (Rows{4, 5}));
    EXPECT_EQ(town.xml("<fes:Not>" + n3 + "</fes:Not>"), (Rows{0, 1, 2, 4, 5, 6, 7, 8, 9})) << "row 3 has no n: neither it nor not it";
    EXPECT_EQ(town.xml("<fes:Not><fes:And>" + n3 + day + "</fes:And></fes:Not>").size(), 10U);
}

TEST(FesFilter, LikeHasItsOwnSigns)
{
    const FilterTown town;
    const auto like = [&](const std::string& pattern, const std::string& attributes) { return town.xml(compared("Like", "name", pattern, attributes)); };
    EXPECT_EQ(like("*in?e", " wildCard=\"*\" singleChar=\"?\" escapeChar=\"!\""), (Rows{0}));
    EXPECT_EQ(like("a*", " wildCard=\"*\" singleChar=\"?\" escape=\"!\""), (Rows{1, 6})) << "escape of Filter 1.0";
    EXPECT_EQ(like("100!%", " wildCard=\"%\" singleChar=\"_\" escapeChar=\"!\""), (Rows{5}));
    EXPECT_EQ(like("a!_b", " wildCard=\"%\" singleChar=\"_\" escapeChar=\"!\""), (Rows{6}));
    EXPECT_EQ(like("(inde", " wildCard=\"(\" singleChar=\".\" escapeChar=\"\\\""), (Rows{0}));
    EXPECT_EQ(like("L.n.e", " wildCard=\"*\" singleChar=\".\" escapeChar=\"!\""), (Rows{0}));
    EXPECT_EQ(like("^L.*$", " wildCard=\"%\" singleChar=\"_\" escapeChar=\"!\""), (Rows{})) << "no regular expression";
    EXPECT_EQ(like("LIN%", " wildCard=\"%\" singleChar=\"_\" escapeChar=\"!\" matchCase=\"false\""), (Rows{0}));
    EXPECT_EQ(like("back\\sl%", " wildCard=\"%\" singleChar=\"_\" escapeChar=\"\""), (Rows{7})) << "10: no sign to escape with";
    EXPECT_EQ(refused([&] { like("a", " wildCard=\"ab\""); }), wrong);
    EXPECT_EQ(refused([&] { town.xml(compared("Like", "n", "1%")); }), wrong);
}

TEST(FesFilter, IdsOfEveryVersion)
{
    const FilterTown town;
    EXPECT_EQ(town.xml("<fes:ResourceId rid=\"places.3\"/><fes:ResourceId rid=\"places.1\"/>"), (Rows{0, 2}));
    EXPECT_EQ(town.xml("<ogc:FeatureId fid=\"places.3\"/>"), (Rows{2}));
    EXPECT_EQ(town.xml("<ogc:GmlObjectId gml:id=\"places.3\"/>"), (Rows{2}));
    EXPECT_EQ(town.xml("<fes:ResourceId rid=\"other.3\"/><fes:ResourceId rid=\"places.99\"/><fes:ResourceId rid=\"' OR 1=1\"/>"), (Rows{}));
    EXPECT_EQ(town.xml("<fes:And><fes:ResourceId rid=\"places.3\"/>" + compared("LessThan", "n", "9") + "</fes:And>"), (Rows{2}));
    // 8: the id as a property
    EXPECT_EQ(town.xml(compared("EqualTo", "@gml:id", "places.3")), (Rows{2}));
    EXPECT_EQ(town.xml(compared("EqualTo", "places/@gml:id", "places.3")), (Rows{2}));
    EXPECT_EQ(town.xml(compared("NotEqualTo", "@gml:id", "places.3")).size(), 9U);
    EXPECT_EQ(refused([&] { town.xml(compared("LessThan", "@gml:id", "places.3")); }), not_offered);
}

TEST(FesFilter, EveryRelation)
{
    const FilterTown town;
    EXPECT_EQ(town.xml(about("Equals", point(2))), (Rows{2}));
    EXPECT_EQ(town.xml(about("Disjoint", polygon(0, 6))), (Rows{7, 8}));
    EXPECT_EQ(town.xml(about("Intersects", polygon(1, 3))), (Rows{1, 2, 3}));
    EXPECT_EQ(town.xml(about("Within", polygon(1, 3))), (Rows{1, 2, 3}));
    EXPECT_EQ(town.xml(about("Contains", point(4))), (Rows{4}));
    EXPECT_EQ(town.xml(about("Touches", "<gml:LineString" + metres + ">" + pos_list(0, 1) + "</gml:LineString>")), (Rows{0, 1}));
    EXPECT_EQ(town.xml(about("Crosses", polygon(1, 3))), (Rows{}));
    EXPECT_EQ(town.xml(about("Overlaps", polygon(1, 3))), (Rows{}));
    EXPECT_EQ(town.xml(about("DWithin", point(0) + "<fes:Distance uom=\"m\">25</fes:Distance>")), (Rows{0, 1, 2}));
    EXPECT_EQ(town.xml(about("Beyond", point(0) + "<ogc:Distance units=\"km\">0.055</ogc:Distance>")), (Rows{6, 7, 8}));
    EXPECT_EQ(town.xml("<fes:Not>" + about("Intersects", polygon(1, 3)) + "</fes:Not>"), (Rows{0, 4, 5, 6, 7, 8}));
    // 9: with the geometry first it is the one that is within
    EXPECT_EQ(town.xml("<fes:Within>" + point(4) + "<fes:ValueReference>geom</fes:ValueReference></fes:Within>"), (Rows{4}));
    EXPECT_EQ(town.xml("<fes:Contains>" + polygon(1, 3) + "<fes:ValueReference>geom</fes:ValueReference></fes:Contains>"), (Rows{1, 2, 3}));
    EXPECT_EQ(town.xml("<fes:Within>" + polygon(1, 3) + "<fes:ValueReference>geom</fes:ValueReference></fes:Within>"), (Rows{}));
}

// 9: GML of all versions
TEST(FesFilter, GeometriesOfGml2And31And32)
{
    const FilterTown town;
    const auto meets = [&](const std::string& geometry) { return town.xml(about("Intersects", geometry)); };
    EXPECT_EQ(meets("<gml:Point" + metres + "><gml:coordinates>318020,5690000</gml:coordinates></gml:Point>"), (Rows{2}));
    EXPECT_EQ(meets("<gml:Point" + metres + "><gml:coord><gml:X>318020</gml:X><gml:Y>5690000</gml:Y></gml:coord></gml:Point>"), (Rows{2}));
    EXPECT_EQ(meets("<gml:Point" + metres + "><gml:pos>318020 5690000 3</gml:pos></gml:Point>"), (Rows{2}));
    EXPECT_EQ(meets("<gml:LineString" + metres + "><gml:coordinates>318019,5690000 318031,5690000</gml:coordinates></gml:LineString>"), (Rows{2, 3}));
    EXPECT_EQ(meets("<gml:LineString" + metres + " srsDimension=\"3\"><gml:posList>318019 5690000 1 318031 5690000 1</gml:posList></gml:LineString>"), (Rows{2, 3}));
    EXPECT_EQ(meets("<gml:LineString" + metres + "><gml:pos>318019 5690000</gml:pos><gml:pointProperty><gml:Point><gml:pos>318031 5690000</gml:pos></gml:Point></gml:pointProperty></gml:LineString>"), (Rows{2, 3}));
    EXPECT_EQ(meets("<gml:Polygon" + metres + "><gml:outerBoundaryIs>" + ring_around(1, 4) + "</gml:outerBoundaryIs><gml:innerBoundaryIs>" + ring_around(2, 2) + "</gml:innerBoundaryIs></gml:Polygon>"), (Rows{1, 3, 4}));
    EXPECT_EQ(meets("<gml:MultiPoint" + metres + "><gml:pointMember>" + point(1) + "</gml:pointMember><gml:pointMembers>" + point(3) + point(5) + "</gml:pointMembers></gml:MultiPoint>"), (Rows{1, 3, 5}));
    EXPECT_EQ(meets("<gml:MultiPolygon" + metres + "><gml:polygonMember>" + polygon(1, 1, "") + "</gml:polygonMember><gml:polygonMember>" + polygon(5, 6, "") + "</gml:polygonMember></gml:MultiPolygon>"), (Rows{1, 5, 6}));
    EXPECT_EQ(meets("<gml:MultiSurface" + metres + "><gml:surfaceMember><gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior>" + ring_around(1, 2) + "</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface></gml:surfaceMember></gml:MultiSurface>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:CompositeSurface" + metres + "><gml:surfaceMember>" + polygon(1, 1, "") + "</gml:surfaceMember><gml:surfaceMember>" + polygon(2, 2, "") + "</gml:surfaceMember></gml:CompositeSurface>"), (Rows{1, 2}));
    const auto segment = [](int from, int to) { return "<gml:LineStringSegment>" + pos_list(from, to) + "</gml:LineStringSegment>"; };
    EXPECT_EQ(meets("<gml:Curve" + metres + "><gml:segments>" + segment(1, 2) + segment(2, 4) + "</gml:segments></gml:Curve>"), (Rows{1, 2, 3, 4}));
    EXPECT_EQ(meets("<gml:CompositeCurve" + metres + "><gml:curveMember><gml:LineString>" + pos_list(1, 2) + "</gml:LineString></gml:curveMember><gml:curveMember><gml:Curve><gml:segments>" + segment(2, 3) + "</gml:segments></gml:Curve></gml:curveMember></gml:CompositeCurve>"), (Rows{1, 2, 3}));
    EXPECT_EQ(meets("<gml:MultiCurve" + metres + "><gml:curveMember><gml:Curve><gml:segments>" + segment(1, 2) + "</gml:segments></gml:Curve></gml:curveMember></gml:MultiCurve>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:Polygon" + metres + "><gml:exterior><gml:Ring><gml:curveMember><gml:LineString><gml:posList>318005 5689990 318035 5689990 318035 5690010</gml:posList></gml:LineString></gml:curveMember><gml:curveMember><gml:LineString>"
                    "<gml:posList>318035 5690010 318005 5690010 318005 5689990</gml:posList></gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>"), (Rows{1, 2, 3}));
    EXPECT_EQ(meets("<gml:MultiGeometry" + metres + "><gml:geometryMember>" + point(1) + "</gml:geometryMember><gml:geometryMember>" + polygon(5, 6) + "</gml:geometryMember></gml:MultiGeometry>"), (Rows{1, 5, 6}));
    EXPECT_EQ(meets("<gml:Envelope" + metres + "><gml:lowerCorner>318005 5689990</gml:lowerCorner><gml:upperCorner>318025 5690010</gml:upperCorner></gml:Envelope>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:MultiPoint><gml:pointMember>" + point(1) + "</gml:pointMember></gml:MultiPoint>"), (Rows{1})) << "members may name the CRS";
    EXPECT_EQ(refused([&] { meets("<gml:MultiPoint" + metres + "><gml:pointMember><gml:Point srsName=\"EPSG:4326\"><gml:pos>12 51</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>"); }), wrong);
    EXPECT_EQ(refused([&] { meets("<gml:Curve" + metres + "><gml:segments><gml:Arc>" + pos_list(1, 2) + "</gml:Arc></gml:segments></gml:Curve>"); }), not_offered);
}

// 9: how many numbers a position has is said at any geometry around the list
TEST(FesFilter, TheDimensionIsThatOfTheGeometryAround)
{
    const FilterTown town;
    const auto meets = [&](const std::string& geometry) { return town.xml(about("Intersects", geometry)); };
    const std::string high = "<gml:exterior><gml:LinearRing><gml:posList>318005 5689990 1 318025 5689990 2 318025 5690010 3 318005 5690010 4 318005 5689990 1</gml:posList></gml:LinearRing></gml:exterior>", z = " srsDimension=\"3\"";
    EXPECT_EQ(meets("<gml:Polygon" + metres + z + ">" + high + "</gml:Polygon>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:MultiSurface" + metres + z + "><gml:surfaceMember><gml:Polygon>" + high + "</gml:Polygon></gml:surfaceMember></gml:MultiSurface>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:MultiSurface" + metres + z + "><gml:surfaceMember><gml:Surface><gml:patches><gml:PolygonPatch>" + high + "</gml:PolygonPatch></gml:patches></gml:Surface></gml:surfaceMember></gml:MultiSurface>"), (Rows{1, 2}));
    EXPECT_EQ(meets("<gml:Curve" + metres + z + "><gml:segments><gml:LineStringSegment><gml:posList>318019 5690000 1 318031 5690000 1</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>"), (Rows{2, 3}));
    EXPECT_EQ(meets("<gml:MultiSurface" + metres + z + "><gml:surfaceMember><gml:Polygon srsDimension=\"2\"><gml:exterior>" + ring_around(1, 2) + "</gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>"), (Rows{1, 2})) << "the nearest counts";
}

TEST(FesFilter, WhatIsSaidAboutAGeometryIsPassedOver)
{
    const FilterTown town;
    const std::string said = "<gml:metaDataProperty><gml:GenericMetaData/></gml:metaDataProperty><gml:description>a bed</gml:description><gml:descriptionReference/><gml:identifier codeSpace=\"urn:x\">7</gml:identifier>"
                             "<gml:name>Beet</gml:name><gml:boundedBy><gml:Envelope srsName=\"EPSG:4326\"><gml:lowerCorner>12 51</gml:lowerCorner><gml:upperCorner>13 52</gml:upperCorner></gml:Envelope></gml:boundedBy>";
    EXPECT_EQ(town.xml(about("Equals", "<gml:Point" + metres + ">" + said + "<gml:pos>318020 5690000</gml:pos></gml:Point>")), (Rows{2}));
    EXPECT_EQ(town.xml(about("Intersects", "<gml:LineString" + metres + ">" + said + pos_list(1, 2) + "</gml:LineString>")), (Rows{1, 2}));
    EXPECT_EQ(town.xml(about("Intersects", "<gml:Curve" + metres + ">" + said + "<gml:segments><gml:LineStringSegment>" + pos_list(1, 2) + "</gml:LineStringSegment></gml:segments></gml:Curve>")), (Rows{1, 2}));
    EXPECT_EQ(town.xml(about("Intersects", "<gml:MultiSurface" + metres + ">" + said + "<gml:surfaceMember><gml:Polygon>" + said + "<gml:exterior>" + ring_around(1, 2) + "</gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>")), (Rows{1, 2}));
    EXPECT_EQ(refused([&] { town.xml(about("Intersects", "<gml:Point" + metres + "><gml:nope/><gml:pos>1 2</gml:pos></gml:Point>")); }), wrong);
}

TEST(FesFilter, AxesAndCrs)
{
    const FilterTown town;
    const auto bbox = [&](const std::string& srs, const std::string& lower, const std::string& upper) {
        return town.xml("<fes:BBOX><fes:ValueReference>geom</fes:ValueReference><gml:Envelope" + (srs.empty() ? "" : " srsName=\"" + srs + "\"") + "><gml:lowerCorner>" + lower + "</gml:lowerCorner><gml:upperCorner>" + upper + "</gml:upperCorner></gml:Envelope></fes:BBOX>");
    };
    EXPECT_EQ(bbox("urn:ogc:def:crs:EPSG::4326", "51 12", "52 13"), placed);
    EXPECT_EQ(bbox("http://www.opengis.net/def/crs/EPSG/0/4326", "51 12", "52 13"), placed);
    EXPECT_EQ(bbox("urn:ogc:def:crs:EPSG::4326", "12 51", "13 52"), (Rows{}));
    EXPECT_EQ(bbox("EPSG:4326", "12 51", "13 52"), placed);
    EXPECT_EQ(bbox("http://www.opengis.net/gml/srs/epsg.xml#4326", "12 51", "13 52"), placed);
    EXPECT_EQ(bbox("", "12 51", "13 52"), placed) << "that of the request";
    EXPECT_EQ(bbox("urn:ogc:def:crs:EPSG::25833", "318005 5689990", "318025 5690010"), (Rows{1, 2}));
    EXPECT_EQ(bbox("urn:ogc:def:crs:EPSG::4326", "-90 -180", "90 180"), placed) << "the whole world";
    EXPECT_EQ(town.xml("<ogc:BBOX><gml:Box srsName=\"EPSG:25833\"><gml:coordinates>318005,5689990 318025,5690010</gml:coordinates></gml:Box></ogc:BBOX>"), (Rows{1, 2}));
    EXPECT_EQ(town.xml("<ogc:BBOX><gml:Box srsName=\"EPSG:25833\"><gml:coord><gml:X>318005</gml:X><gml:Y>5689990</gml:Y></gml:coord><gml:coord><gml:X>318025</gml:X><gml:Y>5690010</gml:Y></gml:coord></gml:Box></ogc:BBOX>"), (Rows{1, 2}));
    EXPECT_EQ(town.xml(about("Intersects", "<gml:Polygon srsName=\"urn:ogc:def:crs:EPSG::4326\"><gml:exterior><gml:LinearRing><gml:posList>51 12\n51 13\t52 13 52 12 51 12</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>")), placed);
    EXPECT_EQ(refused([&] { bbox("urn:ogc:def:crs:EPSG::999999", "0 0", "1 1"); }), wrong);
    EXPECT_EQ(refused([&] { bbox("file:///etc/passwd", "0 0", "1 1"); }), wrong);
    EXPECT_EQ(refused([&] { bbox("", "1", "2"); }), wrong);
}

TEST(FesFilter, Times)
{
    const FilterTown town;
    const auto instant = [](const std::string& text) { return "<gml:TimeInstant gml:id=\"t\"><gml:timePosition>" + text + "</gml:timePosition></gml:TimeInstant>"; };
    const auto period = [](const std::string& from, const std::string& to) { return "<gml:TimePeriod gml:id=\"p\"><gml:beginPosition>" + from + "</gml:beginPosition><gml:endPosition>" + to + "</gml:endPosition></gml:TimePeriod>"; };
    EXPECT_EQ(town.xml(about("After", instant("2024-01-08"), "day")), (Rows{8, 9}));
    EXPECT_EQ(town.xml(about("Before", instant("2024-01-01T01:30:00Z"), "start")), (Rows{0, 1}));
    EXPECT_EQ(town.xml(about("TEquals", instant("2024-01-01T01:00:00Z"), "start")), (Rows{1}));
    EXPECT_EQ(town.xml(about("During", period("2024-01-01T00:30:00Z", "2024-01-01T03:30:00Z"), "start")), (Rows{1, 2, 3}));
    EXPECT_EQ(town.xml(about("Begins", period("2024-01-01T02:00:00Z", "2024-01-01T03:30:00Z"), "start")), (Rows{2}));
    EXPECT_EQ(town.xml(about("Ends", period("2024-01-01T00:00:00Z", "2024-01-01T03:00:00Z"), "start")), (Rows{3}));
    EXPECT_EQ(town.xml(about("AnyInteracts", period("2024-01-01T07:30:00Z", "2024-01-01T08:00:00Z"), "start")), (Rows{8}));
    EXPECT_EQ(town.xml(about("TContains", instant("2024-01-01T12:00:00Z"), "day")), (Rows{0})) << "a day contains its noon";
    EXPECT_EQ(town.xml(about("During", "<gml:TimePeriod><gml:begin>" + instant("2024-01-01T07:30:00Z") + "</gml:begin><gml:end>" + instant("2024-01-01T08:30:00Z") + "</gml:end></gml:TimePeriod>", "start")), (Rows{8}));
    for (const char* now : {"<gml:endPosition indeterminatePosition=\"now\"/>", "<gml:endPosition>now</gml:endPosition>"})
        EXPECT_EQ(town.xml(about("During", std::string("<gml:TimePeriod><gml:beginPosition>2024-01-01T06:30:00Z</gml:beginPosition>") + now + "</gml:TimePeriod>", "start")), (Rows{8, 9})) << now;
    EXPECT_EQ(town.xml(about("AnyInteracts", "<gml:TimePeriod><gml:beginPosition>2024-01-01T07:30:00Z</gml:beginPosition><gml:endPosition indeterminatePosition=\"unknown\"/></gml:TimePeriod>", "start")), (Rows{8, 9}));
    for (const char* other : {"BegunBy", "EndedBy", "Meets", "MetBy", "TOverlaps", "OverlappedBy"}) EXPECT_EQ(refused([&] { town.xml(about(other, period("2024-01-01", "2024-01-05"), "day")); }), "") << other;
    EXPECT_EQ(refused([&] { town.xml(about("After", instant("yesterday"), "day")); }), wrong);
    EXPECT_EQ(refused([&] { town.xml(about("After", instant("2024-01-01"), "n")); }), wrong);
    EXPECT_EQ(refused([&] { town.xml(about("During", period("2024-01-05", "2024-01-01"), "day")); }), wrong);
}

TEST(FesFilter, ATimeOfLessPrecisionIsAllOfIt)
{
    const FilterTown town;
    const auto rows = [&](const std::string& relation, const std::string& time, const std::string& field) {
        return town.xml(about(relation, "<gml:TimeInstant gml:id=\"t\"><gml:timePosition>" + time + "</gml:timePosition></gml:TimeInstant>", field));
    };
    const Rows days{0, 1, 2, 3, 4, 5, 7, 8, 9};
    for (const char* time : {"2024", "2024-01", "2024Z", "2024-01Z"}) EXPECT_EQ(rows("AnyInteracts", time, "day"), days) << time;
    for (const char* later : {"2025", "2024-02"}) {
        EXPECT_EQ(rows("Before", later, "day"), days) << later;
        EXPECT_EQ(rows("AnyInteracts", later, "day"), Rows{}) << later;
    }
    for (const char* before : {"2023", "2023-12"}) EXPECT_EQ(rows("After", before, "day"), days) << before;
    EXPECT_EQ(rows("Begins", "2024", "day"), (Rows{0})) << "the first day of the year";
    EXPECT_EQ(rows("During", "2024-01", "day"), (Rows{1, 2, 3, 4, 5, 7, 8, 9})) << "within, and not at its beginning";
    EXPECT_EQ(rows("TEquals", "2024-01-03Z", "day"), (Rows{2}));
    EXPECT_EQ(rows("AnyInteracts", "2024-01-01T08Z", "start"), (Rows{8}));
    EXPECT_EQ(rows("AnyInteracts", "2024-01-01T08:00Z", "start"), (Rows{8}));
    EXPECT_EQ(town.xml(about("AnyInteracts", "<gml:TimePeriod><gml:beginPosition>2023</gml:beginPosition><gml:endPosition>2024-01</gml:endPosition></gml:TimePeriod>", "day")), days);
    EXPECT_EQ(town.xml("<fes:AnyInteracts><fes:ValueReference>day</fes:ValueReference><fes:Literal>2024</fes:Literal></fes:AnyInteracts>"), days);
    for (const char* unclear : {"20", "2024-13", "2024-1", "24-01-01", "2024-02-30", "now-ish", "+5000000-01-01"}) EXPECT_EQ(refused([&] { rows("After", unclear, "day"); }), wrong) << unclear;
    EXPECT_EQ(refused([&] { town.text("T_AFTER(day, '2024')"); }), wrong) << "CQL2 has days and instants alone";
}

TEST(FesFilter, AnyAllAndOneOfASingleValueAreTheSame)
{
    const FilterTown town;
    for (const char* action : {"Any", "All", "One"}) EXPECT_EQ(town.xml(compared("EqualTo", "n", "4", std::string(" matchAction=\"") + action + "\"")), (Rows{4}));
    for (const char* action : {"foo", "", "any"}) EXPECT_EQ(refused([&] { town.xml(compared("EqualTo", "n", "4", std::string(" matchAction=\"") + action + "\"")); }), wrong) << action;
}

TEST(FesFilter, DamagedAndHostileFiltersAreRefused)
{
    const FilterTown town;
    const auto whole = [&](const std::string& xml) { return refused([&] { town.rows(ows::read_filter(std::string_view(xml), town.context())); }); };
    for (const char* dtd : {"<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Filter>&x;</Filter>", "<!DOCTYPE f [<!ENTITY % d SYSTEM \"http://127.0.0.1:9/d.dtd\"> %d;]><Filter/>",
                            "<!DOCTYPE f [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><Filter>&b;</Filter>", "<?xml version=\"1.0\"?><!DOCTYPE Filter><Filter/>", "<Filter><!ENTITY x \"y\"></Filter>"})
        EXPECT_EQ(whole(dtd), unreadable) << dtd;
    for (const char* damaged : {"", "<Filter", "<Filter><And></Filter>", "plain", "<Other/>", "<a:Filter2/>", "<Filter/><Filter/>", "<Filter/>x", "<Filter a='1' a='2'/>", "<Filter a='<'/>"}) EXPECT_EQ(whole(damaged), unreadable) << damaged;
    EXPECT_EQ(whole("<Filter>" + std::string(300'000, ' ') + "</Filter>"), unreadable);
    for (const char* code : {"&#0;", "&#1;", "&#xD800;", "&#xffff;", "&#x110000;", "&#99999999999999999999;"})
        EXPECT_EQ(refused([&] { town.xml(compared("EqualTo", "name", code)); }), unreadable) << code;
    for (const char* text : {"&nope;", "a & b", "]]>"}) EXPECT_EQ(refused([&] { town.xml(compared("EqualTo", "name", text)); }), unreadable) << text;
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "Stra&#223;e")), (Rows{3}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "Stra&#x0dF;e")), (Rows{3}));
    EXPECT_EQ(whole("<Filter/>"), wrong);
    EXPECT_EQ(whole("<Filter xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"file:///etc/passwd\"/></Filter>"), not_offered);
    const auto nested = [](std::size_t depth) {
        std::string open, close;
        for (std::size_t i = 0; i < depth; ++i) open += "<Not>", close += "</Not>";
        return open + compared("EqualTo", "n", "1") + close;
    };
    EXPECT_EQ(town.xml(nested(60)), (Rows{1}));
    EXPECT_EQ(refused([&] { town.xml(nested(5'000)); }), wrong);
    std::string many = "<Or>";
    for (int i = 0; i < 2'000; ++i) many += "<PropertyIsNull><PropertyName>n</PropertyName></PropertyIsNull>";
    EXPECT_EQ(refused([&] { town.xml(many + "</Or>"); }), wrong);
    std::string deep_geometry = point(1);
    for (int i = 0; i < 100; ++i) deep_geometry = "<gml:MultiGeometry><gml:geometryMember>" + deep_geometry + "</gml:geometryMember></gml:MultiGeometry>";
    EXPECT_EQ(refused([&] { town.xml(about("Intersects", deep_geometry)); }), wrong);
    for (const char* name : {"name\" or 1=1 --", "*", "geom)::text", "\"", "exec(java.lang.Runtime.getRuntime(),'touch /tmp/x')", "eval('1')", "@project_path", "env('HOME')", "nothing", "NAME"})
        EXPECT_EQ(refused([&] { town.xml(compared("EqualTo", name, "1")); }), wrong) << name;
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "4')); drop table point --")), (Rows{}));
    EXPECT_EQ(town.xml(compared("EqualTo", "name", "' OR '1'='1")), (Rows{}));
    for (const std::string& geometry : {std::string("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>"), std::string("<gml:Point><gml:pos>1</gml:pos></gml:Point>"), std::string("<gml:Point><gml:pos>a b</gml:pos></gml:Point>"),
                                        std::string("<gml:Point/>"), std::string("<gml:Polygon/>"), std::string("<gml:Point><gml:pos>nan 1</gml:pos></gml:Point>"), std::string("<gml:LineString srsDimension=\"1000000000\"><gml:posList>1 2</gml:posList></gml:LineString>"),
                                        std::string("<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>0 0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>")})
        EXPECT_EQ(refused([&] { town.xml(about("Intersects", geometry)); }), wrong) << geometry;
    for (const std::string& filter : {about("Intersects", ""), about("Intersects", point(1), "name"), std::string("<Not/>"), std::string("<And>") + compared("EqualTo", "n", "1") + "</And>", std::string("<PropertyIsEqualTo><PropertyName>n</PropertyName></PropertyIsEqualTo>"),
                                      compared("EqualTo", "n", "one"), compared("EqualTo", "geom", "1"), std::string("<PropertyIsBetween><PropertyName>n</PropertyName></PropertyIsBetween>"), about("DWithin", point(1)),
                                      "<fes:ResourceId rid=\"places.1\"/>" + compared("EqualTo", "n", "1")})
        EXPECT_EQ(refused([&] { town.xml(filter); }), wrong) << filter;
    EXPECT_EQ(refused([&] { town.xml("<PropertyIsEqualTo><Function name=\"env\"><Literal>HOME</Literal></Function><Literal>x</Literal></PropertyIsEqualTo>"); }), not_offered);
}

}  // namespace
}  // namespace stadtgdi::testing
