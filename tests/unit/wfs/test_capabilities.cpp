// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <tests/support/fake_city.hpp>

namespace stadtgdi::testing {
namespace {

std::string text(const pugi::xml_document& document, const char* path) { return document.select_node(path).node().child_value(); }

TEST(WfsCapabilities, ListTypesWithTheirCrsAndExtent)
{
    const auto document = parsed(ask(town(), "SERVICE=WFS&REQUEST=GetCapabilities").body);
    EXPECT_STREQ(document.document_element().name(), "wfs:WFS_Capabilities");
    EXPECT_STREQ(document.document_element().attribute("version").value(), "2.0.0");
    EXPECT_STREQ(document.document_element().attribute("updateSequence").value(), "7");
    EXPECT_EQ(text(document, "//ows:ServiceIdentification/ows:Title"), "Town & country");
    EXPECT_EQ(document.select_nodes("//wfs:FeatureType").size(), 2U);
    const auto type = document.select_node("//wfs:FeatureType[wfs:Name='app:trees']").node();
    EXPECT_STREQ(type.child("wfs:DefaultCRS").child_value(), "urn:ogc:def:crs:EPSG::25833");
    std::vector<std::string> others;
    for (const auto other : type.children("wfs:OtherCRS")) others.emplace_back(other.child_value());
    EXPECT_EQ(others, (std::vector<std::string>{"urn:ogc:def:crs:EPSG::25832", "urn:ogc:def:crs:EPSG::4258", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84",
                                                "urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:crs:EPSG::3035"}));
    const std::string lower = type.child("ows:WGS84BoundingBox").child("ows:LowerCorner").child_value();
    double longitude = 0, latitude = 0;
    ASSERT_EQ(std::sscanf(lower.c_str(), "%lf %lf", &longitude, &latitude), 2);
    EXPECT_NEAR(longitude, 12.4, 0.1);
    EXPECT_NEAR(latitude, 51.34, 0.05);
}

/// The schematron rules of the Simple and Basic WFS classes, as far as they name elements.
TEST(WfsCapabilities, StateWhatTheConformanceClassDemands)
{
    const auto document = parsed(ask(town(), "SERVICE=WFS&REQUEST=GetCapabilities").body);
    for (const char* operation : {"GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries", "GetFeature", "GetPropertyValue"})
        EXPECT_TRUE(document.select_node(("//ows:Operation[@name='" + std::string(operation) + "']/ows:DCP/ows:HTTP/ows:Get/@xlink:href").c_str())) << operation;
    for (const char* constraint : {"ImplementsBasicWFS", "ImplementsTransactionalWFS", "ImplementsLockingWFS", "ImplementsInheritance", "ImplementsRemoteResolve", "ImplementsResultPaging",
                                   "ImplementsStandardJoins", "ImplementsSpatialJoins", "ImplementsTemporalJoins", "ImplementsFeatureVersioning", "ManageStoredQueries", "KVPEncoding"})
        EXPECT_TRUE(document.select_node(("//ows:OperationsMetadata/ows:Constraint[@name='" + std::string(constraint) + "']/ows:DefaultValue").c_str())) << constraint;
    EXPECT_EQ(text(document, "//ows:Constraint[@name='ImplementsBasicWFS']/ows:DefaultValue"), "TRUE");
    for (const char* constraint : {"ImplementsQuery", "ImplementsAdHocQuery", "ImplementsResourceId", "ImplementsMinStandardFilter", "ImplementsStandardFilter", "ImplementsMinSpatialFilter",
                                   "ImplementsSorting", "ImplementsMinimumXPath"})
        EXPECT_EQ(text(document, ("//fes:Constraint[@name='" + std::string(constraint) + "']/ows:DefaultValue").c_str()), "TRUE") << constraint;
    EXPECT_EQ(text(document, "//ows:Operation[@name='GetFeature']/ows:Constraint[@name='CountDefault']/ows:DefaultValue"), "1000000");
    EXPECT_TRUE(document.select_node("//ows:Parameter[@name='resolve']/ows:AllowedValues[ows:Value='local']"));
    std::vector<std::string> order;
    for (const auto section : document.document_element().children()) order.emplace_back(section.name());
    EXPECT_EQ(order, (std::vector<std::string>{"ows:ServiceIdentification", "ows:ServiceProvider", "ows:OperationsMetadata", "wfs:FeatureTypeList", "fes:Filter_Capabilities"}));
}

TEST(WfsCapabilities, NameBothWaysOfAsking)
{
    const auto document = parsed(ask(town(), "SERVICE=WFS&REQUEST=GetCapabilities").body);
    EXPECT_EQ(document.select_nodes("//ows:Operation").size(), 6U);
    for (const auto& operation : document.select_nodes("//ows:Operation")) {
        EXPECT_STREQ(operation.node().select_node(".//ows:Get").node().attribute("xlink:href").value(), "http://gdi.example/town/ows?");
        EXPECT_STREQ(operation.node().select_node(".//ows:Post").node().attribute("xlink:href").value(), "http://gdi.example/town/ows");
    }
}

TEST(WfsCapabilities, VersionsAreNegotiated)
{
    const auto version = [](const std::string& query) {
        return std::string(parsed(ask(town(), "SERVICE=WFS&REQUEST=GetCapabilities" + query).body).document_element().attribute("version").value());
    };
    EXPECT_EQ(version(""), "2.0.0");
    EXPECT_EQ(version("&ACCEPTVERSIONS=10.0.0,2.0.0,1.1.0"), "2.0.0");
    EXPECT_EQ(version("&ACCEPTVERSIONS=1.1.0,2.0.0"), "1.1.0");
    EXPECT_EQ(version("&ACCEPTVERSIONS=2.0.2"), "2.0.0");
    EXPECT_EQ(version("&VERSION=1.1.0"), "1.1.0");
    EXPECT_EQ(version("&VERSION=1.0.0"), "1.0.0");
    EXPECT_EQ(version("&VERSION=9.9.9"), "2.0.0") << "higher than all: the highest";
    EXPECT_EQ(version("&VERSION=1.0.7"), "1.0.0") << "between two: the lower one";
    EXPECT_EQ(version("&VERSION=0.0.1"), "1.0.0") << "lower than all: the lowest";
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=3.0.0").code, ows::Code::version_negotiation_failed);
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&REQUEST=GetCapabilities&VERSION=abc").locator, "version");
    for (const char* wrong : {"1.2.0", "2.1.0", "3.0.0", "abc", "2.0.0;x"})
        for (const char* request : {"GetFeature", "DescribeFeatureType", "GetPropertyValue", "ListStoredQueries", "DescribeStoredQueries"})
            EXPECT_EQ(text_of(refusal(town(), std::string("SERVICE=WFS&REQUEST=") + request + "&TYPENAMES=trees&VALUEREFERENCE=name&VERSION=" + wrong)), "InvalidParameterValue version 400") << request << wrong;
}

TEST(WfsCapabilities, SectionsCanBeChosen)
{
    const auto document = parsed(ask(town(), "SERVICE=WFS&REQUEST=GetCapabilities&SECTIONS=FeatureTypeList").body);
    EXPECT_FALSE(document.select_node("//ows:OperationsMetadata"));
    EXPECT_TRUE(document.select_node("//wfs:FeatureTypeList"));
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&REQUEST=GetCapabilities&SECTIONS=Foo").locator, "sections");
}

TEST(WfsCapabilities, LayersNotPublishedAreNotThere)
{
    FakeProject project = town();
    project.edit().layers[1].in_wfs = false;
    project.edit().version = "2024-06-08T00:00:00.000Z";   // documents are kept by the version
    EXPECT_EQ(ask(project, "SERVICE=WFS&REQUEST=GetCapabilities").body.find("trees"), std::string::npos);
    const Refusal hidden = refusal(project, "SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=trees"), missing = refusal(project, "SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=nope");
    EXPECT_EQ(hidden.code, missing.code);
    EXPECT_EQ(hidden.locator, missing.locator);
}

TEST(WfsSchema, DeclaresEveryFieldWithItsType)
{
    FakeProject project = town();
    project.edit().layers[1].fields[1].alias = "Höhe in m";
    project.edit().layers[1].fields[3].in_wfs = false;
    const auto response = ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=app:trees");
    EXPECT_EQ(response.content_type, "application/gml+xml; version=3.2");
    const auto document = parsed(response.body);
    EXPECT_EQ(document.document_element().attribute("targetNamespace").as_string(), std::string("urn:x-stadtgdi:town"));
    std::vector<std::pair<std::string, std::string>> elements;
    for (const auto& node : document.select_nodes("//xsd:sequence/xsd:element")) elements.emplace_back(node.node().attribute("name").value(), node.node().attribute("type").value());
    EXPECT_EQ(elements, (std::vector<std::pair<std::string, std::string>>{
                            {"geometry", "gml:PointPropertyType"}, {"name", "xsd:string"}, {"height_m", "xsd:double"}, {"planted", "xsd:date"}, {"Umfang__cm_", "xsd:long"}}));
    EXPECT_EQ(text(document, "//xsd:documentation"), "Höhe in m");
    EXPECT_EQ(document.select_nodes("/xsd:schema/xsd:element").size(), 1U);
    EXPECT_EQ(parsed(ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType").body).select_nodes("/xsd:schema/xsd:element").size(), 2U);
}

TEST(WfsSchema, UnknownTypesAreRefused)
{
    const Refusal refused = refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=nope");
    EXPECT_EQ(refused.code, ows::Code::invalid_parameter_value);
    EXPECT_EQ(refused.locator, "typeName");
}

TEST(WfsSchema, AFormatThatIsNoSchemaIsRefused)
{
    for (const char* format : {"csv", "gpkg", "foo", "text/xml;%20subtype=gml/9"})
        EXPECT_EQ(text_of(refusal(town(), std::string("SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=") + format)), "InvalidParameterValue outputFormat 400") << format;
    // What the refusal names is what is given.
    for (const char* format : {"application/gml%2Bxml;%20version=3.2", "text/xml;%20subtype=gml/3.1.1", "text/xml;%20subtype=gml/2.1.2", "application/json", "XMLSCHEMA"})
        EXPECT_EQ(ask(town(), std::string("SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=") + format).status, 200) << format;
}

TEST(WfsSchema, PrefixesThatStandForAnotherNamespaceAreRefused)
{
    const auto described = [](const std::string& more) { return text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=" + more)); };
    EXPECT_EQ(described("ns:trees&NAMESPACES=xmlns(ns,urn:x-stadtgdi:town)"), "NoApplicableCode  0");
    EXPECT_EQ(described("ns:trees&NAMESPACES=xmlns(ns,urn:other)"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(described("ns:trees&NAMESPACES=xmlns(a,urn:b),xmlns(ns,urn:other)"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(described("app:trees&NAMESPACE=xmlns(app=urn:other)"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(described("trees&NAMESPACES=urn:other"), "InvalidParameterValue NAMESPACES 400");
}

TEST(WfsCapabilities, OfACityComeInTheLanguageAskedFor)
{
    FakeProject project;
    add_trees_of_a_city(project);
    for (const char* version : {"2.0.0", "1.1.0", "1.0.0"}) {
        const std::string query = std::string("SERVICE=WFS&REQUEST=GetCapabilities&VERSION=") + version;
        const http::Response german = ask(project, query), english = ask(project, query + "&LANGUAGE=eng");
        EXPECT_EQ(ask(project, query + "&LANGUAGE=ger").bytes(), german.bytes()) << "the project's own";
        for (const char* text : {">Geodata of the city of Halle<", ">Geodata of the city of Halle: Tree sites.<", ">Trees<", ">Tree sites with", "Stadtgrün"})
            EXPECT_NE(english.bytes().find(text), std::string::npos) << version << text;
        for (const char* text : {">Geodaten der Stadt Halle<", ">Bäume<", ">Baumstandorte mit", "Stadtgrün"}) EXPECT_NE(german.bytes().find(text), std::string::npos) << version << text;
        for (const char* text : {"Bäume", "Baumstandorte"}) EXPECT_EQ(english.bytes().find(text), std::string::npos) << version;
        // The same address for those whose browser says what they read.
        FakeFace face(project, "/town/ows?" + query, {{"accept-language", "en"}});
        const http::Response preferred = wfs::handle(face.context(), ows::KeyValues::of(face.request()));
        EXPECT_EQ(preferred.bytes(), english.bytes()) << version;
        EXPECT_NE(preferred.etag, german.etag) << version;
        EXPECT_EQ(std::ranges::count(preferred.headers, std::pair<std::string, std::string>("Vary", "Accept-Language")), 1) << version;
    }
    const std::string described = "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=application/json";
    EXPECT_NE(ask(project, described + "&LANGUAGE=eng").body.find("State of the site"), std::string::npos);
    EXPECT_NE(ask(project, described).body.find("Standortzustand"), std::string::npos);
}

TEST(WfsRequests, UnknownAndUnofferedOnesAreToldApart)
{
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&VERSION=2.0.0").code, ows::Code::missing_parameter_value);
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=Foo").locator, "request");
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=Transaction").status, 501);
}

TEST(WfsStoredQueries, TheOneThatEveryServiceHasIsListed)
{
    const auto list = parsed(ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=ListStoredQueries").body);
    EXPECT_STREQ(list.document_element().name(), "wfs:ListStoredQueriesResponse");
    EXPECT_TRUE(list.select_node("//wfs:StoredQuery[@id='http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById']"));
    const auto described = parsed(ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeStoredQueries").body);
    EXPECT_TRUE(described.select_node("//wfs:StoredQueryDescription/wfs:Parameter[@name='ID']"));
    EXPECT_EQ(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeStoredQueries&STOREDQUERY_ID=x").locator, "storedQueryId");
}

}  // namespace
}  // namespace stadtgdi::testing
