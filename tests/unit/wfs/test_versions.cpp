// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <cstdlib>

namespace stadtgdi::testing {
namespace {

std::string text_at(const pugi::xml_document& document, const char* path) { return document.select_node(path).node().child_value(); }

std::string ask_1_1(const std::string& query) { return ask(town(), "SERVICE=WFS&VERSION=1.1.0&REQUEST=" + query).body; }
std::string ask_1_0(const std::string& query) { return ask(town(), "SERVICE=WFS&VERSION=1.0.0&REQUEST=" + query).body; }

TEST(Wfs11, CapabilitiesHaveTheFormOfTheVersion)
{
    const auto document = parsed(ask_1_1("GetCapabilities"));
    const auto root = document.document_element();
    EXPECT_STREQ(root.attribute("xmlns:wfs").value(), "http://www.opengis.net/wfs");
    EXPECT_STREQ(root.attribute("xmlns:ows").value(), "http://www.opengis.net/ows");
    EXPECT_EQ(text_at(document, "//ows:ServiceTypeVersion"), "1.1.0");
    EXPECT_EQ(text_at(document, "//wfs:FeatureTypeList/wfs:Operations/wfs:Operation"), "Query");
    EXPECT_EQ(text_at(document, "//wfs:FeatureType[wfs:Name='app:trees']/wfs:DefaultSRS"), "urn:ogc:def:crs:EPSG::25833");
    EXPECT_EQ(document.select_nodes("//wfs:FeatureType[wfs:Name='app:trees']/wfs:OtherSRS").size(), 6U);
    EXPECT_TRUE(document.select_node("//wfs:FeatureType/ows:WGS84BoundingBox/ows:LowerCorner"));
    EXPECT_EQ(text_at(document, "//ows:Operation[@name='GetFeature']/ows:Parameter[@name='outputFormat']/ows:Value[1]"), "text/xml; subtype=gml/3.1.1");
    EXPECT_TRUE(document.select_node("//ows:Parameter[@name='resultType']/ows:Value[text()='hits']"));
    EXPECT_TRUE(document.select_node("//ogc:Filter_Capabilities/ogc:Scalar_Capabilities/ogc:ComparisonOperators/ogc:ComparisonOperator"));
    EXPECT_FALSE(document.select_node("//ows:AllowedValues")) << "of OWS 1.1";
    std::vector<std::string> order;
    for (const auto section : root.children()) order.emplace_back(section.name());
    EXPECT_EQ(order, (std::vector<std::string>{"ows:ServiceIdentification", "ows:ServiceProvider", "ows:OperationsMetadata", "wfs:FeatureTypeList", "ogc:Filter_Capabilities"}));
}

TEST(Wfs11, GivesGml311)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=app:trees");
    EXPECT_EQ(response.content_type, "text/xml; subtype=gml/3.1.1");
    const auto document = parsed(response.body);
    const auto root = document.document_element();
    EXPECT_STREQ(root.name(), "wfs:FeatureCollection");
    EXPECT_STREQ(root.attribute("xmlns:wfs").value(), "http://www.opengis.net/wfs");
    EXPECT_STREQ(root.attribute("xmlns:gml").value(), "http://www.opengis.net/gml");
    EXPECT_STREQ(root.attribute("numberOfFeatures").value(), "20");
    EXPECT_TRUE(root.attribute("timeStamp"));
    EXPECT_FALSE(root.attribute("numberMatched"));
    EXPECT_STREQ(root.child("gml:boundedBy").child("gml:Envelope").attribute("srsName").value(), "urn:ogc:def:crs:EPSG::25833");
    const auto first = document.select_node("//gml:featureMember/app:trees[@gml:id='trees.1']").node();
    EXPECT_STREQ(first.child("app:geometry").child("gml:Point").attribute("srsName").value(), "urn:ogc:def:crs:EPSG::25833");
    EXPECT_FALSE(first.child("app:geometry").child("gml:Point").attribute("gml:id"));
    EXPECT_STREQ(first.child("app:geometry").child("gml:Point").child("gml:pos").child_value(), "318000 5690000");
}

TEST(Wfs11, HitsGiveTheNumberOfFeatures)
{
    const auto document = parsed(ask_1_1("GetFeature&TYPENAME=trees&MAXFEATURES=3&RESULTTYPE=hits"));
    EXPECT_STREQ(document.document_element().attribute("numberOfFeatures").value(), "20");
    EXPECT_FALSE(document.select_node("//app:trees"));
    EXPECT_STREQ(parsed(ask_1_1("GetFeature&TYPENAME=trees&MAXFEATURES=3")).document_element().attribute("numberOfFeatures").value(), "3");
}

TEST(Wfs11, SeveralTypesAreMembersOfOneCollection)
{
    const auto document = parsed(ask_1_1("GetFeature&TYPENAME=districts,trees&MAXFEATURES=5"));
    EXPECT_EQ(document.select_nodes("//gml:featureMember/app:districts").size(), 3U);
    EXPECT_EQ(document.select_nodes("//gml:featureMember/app:trees").size(), 2U) << "the limit goes over all types";
    EXPECT_EQ(document.select_nodes("//wfs:FeatureCollection").size(), 1U);
    const auto chosen = parsed(ask_1_1("GetFeature&TYPENAME=districts,trees&PROPERTYNAME=(name)(number,app:trees/app:name)&FEATUREID=districts.1,trees.3"));
    EXPECT_EQ(chosen.select_nodes("//app:districts").size(), 1U);
    EXPECT_EQ(chosen.select_nodes("//app:trees/*").size(), 2U);
    EXPECT_EQ(parsed(ask_1_1("GetFeature&FEATUREID=districts.1,trees.3,trees.4")).select_nodes("//gml:featureMember").size(), 3U) << "ids say their types";
}

TEST(Wfs11, SchemasAreOfGml311)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=1.1.0&REQUEST=DescribeFeatureType");
    EXPECT_EQ(response.content_type, "text/xml; subtype=gml/3.1.1");
    const auto document = parsed(response.body);
    EXPECT_STREQ(document.select_node("/xsd:schema/xsd:import").node().attribute("namespace").value(), "http://www.opengis.net/gml");
    EXPECT_STREQ(document.select_node("/xsd:schema/xsd:element[@name='trees']").node().attribute("substitutionGroup").value(), "gml:_Feature");
    EXPECT_EQ(document.select_nodes("/xsd:schema/xsd:element").size(), 2U);
    EXPECT_EQ(parsed(ask_1_1("DescribeFeatureType&TYPENAME=trees,trees")).select_nodes("/xsd:schema/xsd:element").size(), 1U) << "declared once";
    EXPECT_EQ(ask(town(), "SERVICE=WFS&VERSION=1.1.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=text/xml;%20subtype=gml/2.1.2").content_type, "text/xml; subtype=gml/2.1.2");
}

TEST(Wfs10, CapabilitiesHaveTheFormOfTheVersion)
{
    const auto document = parsed(ask_1_0("GetCapabilities"));
    EXPECT_STREQ(document.document_element().name(), "WFS_Capabilities");
    EXPECT_EQ(text_at(document, "/WFS_Capabilities/Service/Name"), "WFS");
    for (const char* request : {"GetCapabilities", "DescribeFeatureType", "GetFeature"})
        for (const char* method : {"Get", "Post"})
            EXPECT_TRUE(document.select_node(("/WFS_Capabilities/Capability/Request/" + std::string(request) + "/DCPType/HTTP/" + method + "/@onlineResource").c_str())) << request;
    EXPECT_TRUE(document.select_node("//DescribeFeatureType/SchemaDescriptionLanguage/XMLSCHEMA"));
    EXPECT_TRUE(document.select_node("//GetFeature/ResultFormat/GML2"));
    EXPECT_TRUE(document.select_node("//FeatureTypeList/Operations/Query"));
    EXPECT_EQ(text_at(document, "//FeatureType[Name='app:trees']/SRS"), "EPSG:25833");
    EXPECT_NEAR(document.select_node("//FeatureType[Name='app:trees']/LatLongBoundingBox").node().attribute("minx").as_double(), 318000, 1) << "in the CRS of the type, as QGIS Server and MapServer read the standard";
    EXPECT_TRUE(document.select_node("//ogc:Filter_Capabilities/ogc:Scalar_Capabilities/ogc:Comparison_Operators/ogc:Simple_Comparisons"));
}

TEST(Wfs10, GivesGml2WithEastingFirst)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=1.0.0&REQUEST=GetFeature&TYPENAME=trees");
    EXPECT_EQ(response.content_type, "text/xml; subtype=gml/2.1.2");
    const auto document = parsed(response.body);
    EXPECT_STREQ(document.select_node("/wfs:FeatureCollection/gml:boundedBy/gml:Box").node().attribute("srsName").value(), "EPSG:25833");
    const auto first = document.select_node("//gml:featureMember/app:trees[@fid='trees.1']").node();
    EXPECT_STREQ(first.child("app:geometry").child("gml:Point").child("gml:coordinates").child_value(), "318000,5690000");
    EXPECT_EQ(text_at(parsed(ask_1_0("GetFeature&TYPENAME=trees&FEATUREID=trees.99")), "/wfs:FeatureCollection/gml:boundedBy/gml:null"), "unknown") << "GML 2 wants a box in any case";
}

/// x comes first in 1.0.0 whatever the name of the CRS looks like; in 1.1.0 and 2.0.0 the name decides.
TEST(Versions, TheAxisOrderFollowsVersionAndName)
{
    const auto first = [](const std::string& version, const std::string& crs) {
        const auto document = parsed(ask(town(), "SERVICE=WFS&VERSION=" + version + "&REQUEST=GetFeature&TYPENAME=trees&MAXFEATURES=1&SRSNAME=" + crs).body);
        return std::strtod(document.select_node(version == "1.0.0" ? "//gml:coordinates" : "//gml:pos").node().child_value(), nullptr);
    };
    const std::string urn = "urn:ogc:def:crs:EPSG::4326", address = "http://www.opengis.net/def/crs/EPSG/0/4326", plain = "EPSG:4326", old = "http://www.opengis.net/gml/srs/epsg.xml%234326";
    for (const auto& crs : {urn, address, plain, old}) EXPECT_NEAR(first("1.0.0", crs), 12.387, 0.01) << crs;
    for (const char* version : {"1.1.0", "2.0.0"}) {
        for (const auto& crs : {urn, address}) EXPECT_NEAR(first(version, crs), 51.33, 0.01) << version << crs;
        for (const auto& crs : {plain, old}) EXPECT_NEAR(first(version, crs), 12.387, 0.01) << version << crs;
    }
    const auto found = [](const std::string& version, const std::string& box) {
        return parsed(ask(town(), "SERVICE=WFS&VERSION=" + version + "&REQUEST=GetFeature&TYPENAME=trees&BBOX=" + box).body).select_nodes("//app:trees").size();
    };
    EXPECT_EQ(found("1.0.0", "12,51,13,52,EPSG:4326"), 19U);
    EXPECT_EQ(found("1.0.0", "12,51,13,52,urn:ogc:def:crs:EPSG::4326"), 19U);
    EXPECT_EQ(found("1.1.0", "51,12,52,13,urn:ogc:def:crs:EPSG::4326"), 19U);
    EXPECT_EQ(found("1.1.0", "12,51,13,52,EPSG:4326"), 19U);
}

TEST(Versions, EachTakesTheGmlOfTheOthers)
{
    for (const auto& [version, format, root] : {std::tuple{"2.0.0", "GML2", "http://www.opengis.net/wfs"}, {"2.0.0", "text/xml;%20subtype=gml/3.1.1", "http://www.opengis.net/wfs"},
                                                {"1.1.0", "application/gml%2Bxml;%20version=3.2", "http://www.opengis.net/wfs/2.0"}, {"1.0.0", "GML3", "http://www.opengis.net/wfs"}}) {
        const auto document = parsed(ask(town(), std::string("SERVICE=WFS&REQUEST=GetFeature&TYPENAME=trees&VERSION=") + version + "&OUTPUTFORMAT=" + format).body);
        EXPECT_STREQ(document.document_element().attribute("xmlns:wfs").value(), root) << version << format;
        EXPECT_EQ(document.select_nodes("//app:trees").size(), 20U);
    }
}

TEST(Versions, WhatANewerOneHasIsNotInAnOlderOne)
{
    for (const char* request : {"GetPropertyValue", "ListStoredQueries", "DescribeStoredQueries"})
        EXPECT_EQ(text_of(refusal(town(), std::string("SERVICE=WFS&VERSION=1.1.0&REQUEST=") + request)), std::string("OperationNotSupported ") + request + " 501");
    EXPECT_EQ(text_of(refusal(town(), "SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature")), "MissingParameterValue typeName 400");
}

}  // namespace
}  // namespace stadtgdi::testing
