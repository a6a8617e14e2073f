// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"

namespace stadtgdi::testing {
namespace {

const std::string names_2_0 = "xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:app=\"urn:x-stadtgdi:town\"";
const std::string names_1 = "xmlns:wfs=\"http://www.opengis.net/wfs\" xmlns:ogc=\"http://www.opengis.net/ogc\" xmlns:gml=\"http://www.opengis.net/gml\" xmlns:app=\"urn:x-stadtgdi:town\"";

std::string request(const std::string& name, const std::string& attributes, const std::string& content)
{
    return "<wfs:" + name + " service=\"WFS\" version=\"2.0.0\" " + names_2_0 + " " + attributes + ">" + content + "</wfs:" + name + ">";
}

std::string feature_request(const std::string& content, const std::string& attributes = "") { return request("GetFeature", attributes, content); }

std::string post_error(const std::string& xml, const std::string& type = "text/xml")
{
    return text_of(refusal_of([&] { post(town(), xml, type); }));
}

/// Without what differs from second to second.
std::string timeless(std::string xml)
{
    for (auto at = xml.find("timeStamp=\""); at != std::string::npos; at = xml.find("timeStamp=\"", at + 1)) xml.replace(at + 11, 20, "");
    return xml;
}

const std::string equal_five = "<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>app:number</fes:ValueReference><fes:Literal>5</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>";

/// What is asked in XML is answered as the same in parameters.
TEST(XmlRequests, AnswerAsTheSameInParameters)
{
    const std::string get = "SERVICE=WFS&VERSION=2.0.0&REQUEST=";
    const auto same = [&](const std::string& xml, const std::string& query) {
        const auto a = post(town(), xml), b = ask(town(), get + query);
        EXPECT_EQ(a.content_type, b.content_type);
        std::string left = timeless(a.body), right = timeless(b.body);
        for (std::string* text : {&left, &right})  // links differ in how they say the same
            for (const char* name : {" next=\"", " previous=\""})
                if (const auto at = text->find(name); at != std::string::npos) text->erase(at, text->find('"', at + std::string(name).size()) - at);
        EXPECT_EQ(left, right) << xml;
    };
    same("<wfs:GetCapabilities service=\"WFS\" " + names_2_0 + "/>", "GetCapabilities");
    same("<wfs:GetCapabilities service=\"WFS\" xmlns:ows=\"http://www.opengis.net/ows/1.1\" " + names_2_0 +
             "><ows:AcceptVersions><ows:Version>1.1.0</ows:Version></ows:AcceptVersions></wfs:GetCapabilities>",
         "GetCapabilities&ACCEPTVERSIONS=1.1.0");
    same(request("DescribeFeatureType", "", ""), "DescribeFeatureType");
    same(request("DescribeFeatureType", "", "<wfs:TypeName>app:trees</wfs:TypeName>"), "DescribeFeatureType&TYPENAMES=trees");
    same(request("ListStoredQueries", "", ""), "ListStoredQueries");
    same(request("DescribeStoredQueries", "", "<wfs:StoredQueryId>http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById</wfs:StoredQueryId>"), "DescribeStoredQueries");
    same(feature_request("<wfs:Query typeNames=\"app:trees\"/>"), "GetFeature&TYPENAMES=trees");
    same(feature_request("<wfs:Query typeNames=\"app:trees\"/>", "count=\"3\" startIndex=\"2\""), "GetFeature&TYPENAMES=trees&COUNT=3&STARTINDEX=2");
    same(feature_request("<wfs:Query typeNames=\"app:trees\"/>", "resultType=\"hits\""), "GetFeature&TYPENAMES=trees&RESULTTYPE=hits");
    same(feature_request("<wfs:Query typeNames=\"app:trees\" srsName=\"urn:ogc:def:crs:EPSG::4326\"><wfs:PropertyName>app:name</wfs:PropertyName><wfs:PropertyName>app:geometry</wfs:PropertyName>"
                         "<fes:SortBy><fes:SortProperty><fes:ValueReference>app:number</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></wfs:Query>"),
         "GetFeature&TYPENAMES=trees&SRSNAME=urn:ogc:def:crs:EPSG::4326&PROPERTYNAME=name,geometry&SORTBY=number%20DESC");
    same(feature_request("<wfs:Query typeNames=\"app:trees\">" + equal_five + "</wfs:Query>"), "GetFeature&TYPENAMES=trees&RESOURCEID=trees.6");
    same(feature_request("<wfs:StoredQuery id=\"http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById\"><wfs:Parameter name=\"id\">trees.3</wfs:Parameter></wfs:StoredQuery>"),
         "GetFeature&STOREDQUERY_ID=http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById&ID=trees.3");
    same(request("GetPropertyValue", "valueReference=\"app:number\" count=\"2\"", "<wfs:Query typeNames=\"app:trees\"/>"), "GetPropertyValue&TYPENAMES=trees&VALUEREFERENCE=number&COUNT=2");
}

TEST(XmlRequests, SeveralQueriesGiveACollectionEach)
{
    const std::string xml = feature_request("<wfs:Query typeNames=\"app:trees\">" + equal_five + "</wfs:Query><wfs:Query typeNames=\"app:districts\"/>"
                                            "<wfs:StoredQuery id=\"urn:ogc:def:query:OGC-WFS::GetFeatureById\"><wfs:Parameter name=\"ID\">trees.2</wfs:Parameter></wfs:StoredQuery>", "count=\"2\"");
    const auto document = parsed(post(town(), xml).body);
    const auto root = document.document_element();
    EXPECT_STREQ(root.attribute("numberMatched").value(), "5");
    EXPECT_STREQ(root.attribute("numberReturned").value(), "2");
    const auto inner = document.select_nodes("/wfs:FeatureCollection/wfs:member/wfs:FeatureCollection");
    ASSERT_EQ(inner.size(), 3U);
    EXPECT_STREQ(inner[0].node().attribute("numberMatched").value(), "1");
    EXPECT_STREQ(inner[1].node().attribute("numberMatched").value(), "3");
    EXPECT_STREQ(inner[1].node().attribute("numberReturned").value(), "1");
    EXPECT_STREQ(inner[2].node().attribute("numberReturned").value(), "0");
    // The filter with its parentheses goes on through the links of pages.
    std::string next = root.attribute("next").value();
    const auto second = parsed(ask(town(), next.substr(next.find('?') + 1)).body);
    EXPECT_EQ(second.select_nodes("//app:districts").size(), 2U);
    next = second.document_element().attribute("next").value();
    const auto third = parsed(ask(town(), next.substr(next.find('?') + 1)).body);
    EXPECT_STREQ(third.document_element().attribute("numberReturned").value(), "1");
    EXPECT_TRUE(third.select_node("//app:trees[@gml:id='trees.2']"));
    EXPECT_FALSE(third.document_element().attribute("next"));
}

TEST(XmlRequests, ParenthesesInFiltersAreText)
{
    const auto filter = [](const std::string& text) {
        return "<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>" + text + "</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>";
    };
    for (const char* text : {"Ahorn", "<![CDATA[Ahorn]]>", "Ah<![CDATA[or]]>n", "a)(b", ")", "(", ")(", "x)", ")()", ")()x", "()", "<![CDATA[a>)(<b]]>", "<![CDATA[>)()]]>", "<![CDATA[</fes:Filter>)(<fes:Filter>]]>"}) {
        const auto document = parsed(post(town(), feature_request("<wfs:Query typeNames=\"app:trees\">" + filter(text) + "</wfs:Query><wfs:Query typeNames=\"app:districts\">" +
                                                                  filter("Ortsteil 1") + "</wfs:Query>")).body);
        EXPECT_STREQ(document.document_element().attribute("numberMatched").value(), std::string_view(text).starts_with("Ah") || std::string_view(text).find("Ahorn") != std::string_view::npos ? "19" : "1") << text;
    }
    const auto like = [](const std::string& single) { return "<fes:Filter><fes:PropertyIsLike wildCard=\"*\" singleChar=\"" + single + "\" escapeChar=\"!\"><fes:ValueReference>name</fes:ValueReference><fes:Literal>Aho&gt;)n</fes:Literal></fes:PropertyIsLike></fes:Filter>"; };
    for (const char* single : {")", "(", "&gt;"})
        EXPECT_STREQ(parsed(post(town(), feature_request("<wfs:Query typeNames=\"app:trees\">" + like(single) + "</wfs:Query><wfs:Query typeNames=\"app:trees\"/>")).body).document_element().attribute("numberMatched").value(), "20") << single;
}

TEST(XmlRequests, OlderVersionsAreRead)
{
    const std::string equal = "<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>app:number</ogc:PropertyName><ogc:Literal>5</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>";
    const auto document = parsed(post(town(), "<wfs:GetFeature service=\"WFS\" version=\"1.1.0\" maxFeatures=\"9\" " + names_1 + "><wfs:Query typeName=\"app:trees\">" + equal +
                                                  "</wfs:Query><wfs:Query typeName=\"app:districts\"/></wfs:GetFeature>").body);
    EXPECT_EQ(document.select_nodes("//gml:featureMember/app:trees").size(), 1U);
    EXPECT_EQ(document.select_nodes("//gml:featureMember/app:districts").size(), 3U);
    const auto ids = parsed(post(town(), "<wfs:GetFeature service=\"WFS\" version=\"1.0.0\" outputFormat=\"GML2\" " + names_1 + "><wfs:Query typeName=\"app:trees\"><ogc:PropertyName>app:name</ogc:PropertyName>"
                                         "<ogc:Filter><ogc:FeatureId fid=\"trees.3\"/></ogc:Filter></wfs:Query></wfs:GetFeature>").body);
    EXPECT_TRUE(ids.select_node("//gml:featureMember/app:trees[@fid='trees.3']/app:name"));
    const std::string bare = post(town(), "<GetFeature xmlns=\"http://www.opengis.net/wfs\" service=\"WFS\"><Query typeName=\"trees\"/></GetFeature>").body;
    EXPECT_NE(bare.find("numberOfFeatures"), std::string::npos) << "1.1.0 is what a document of that namespace stands for";
}

TEST(XmlRequests, TypesOfAnotherNamespaceAreNotOurs)
{
    const auto types = [](const std::string& bound) {
        return "<wfs:GetFeature service=\"WFS\" version=\"2.0.0\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\"><wfs:Query xmlns:x=\"" + bound + "\" typeNames=\"x:trees\"/></wfs:GetFeature>";
    };
    EXPECT_EQ(post(town(), types("urn:x-stadtgdi:town")).status, 200);
    EXPECT_EQ(post_error(types("urn:other")), "InvalidParameterValue typeName 400");
    EXPECT_EQ(post_error(feature_request("<wfs:Query typeNames=\"app:nope\"/>")), "InvalidParameterValue typeName 400");
}

TEST(XmlRequests, WhatIsNotOfferedIsRefused)
{
    EXPECT_EQ(post_error(feature_request("<wfs:Query typeNames=\"app:trees app:districts\" aliases=\"a b\"/>")), "OptionNotSupported typeNames 501");
    // Whether a type exists makes no difference.
    for (const char* type : {"trees", "nope"})
        for (const char* name : {"Transaction", "LockFeature", "GetFeatureWithLock", "CreateStoredQuery", "DropStoredQuery"})
            EXPECT_EQ(post_error(request(name, "", std::string("<wfs:Insert><app:") + type + "/></wfs:Insert><wfs:Query typeNames=\"app:" + type + "\"/>")),
                      std::string("OperationNotSupported ") + name + " 501");
    EXPECT_EQ(post_error("<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"><soap:Body/></soap:Envelope>", "application/soap+xml"), "OperationNotSupported  501");
    EXPECT_EQ(post_error(request("Foo", "", "")), "InvalidParameterValue request 400");
    EXPECT_EQ(post_error("<wfs:GetFeature service=\"WFS\" version=\"3.0.0\" " + names_2_0 + "/>"), "InvalidParameterValue version 400");
    EXPECT_EQ(post_error(feature_request("")), "MissingParameterValue typeNames 400");
    std::string many;
    for (int i = 0; i < 101; ++i) many += "<wfs:Query typeNames=\"app:trees\"/>";
    EXPECT_EQ(post_error(feature_request(many)), "InvalidParameterValue Query 400");
}

std::string utf_16(const std::string& ascii, bool little)
{
    std::string text = little ? "\xff\xfe" : "\xfe\xff";
    for (const char c : ascii) {
        if (!little) text += '\0';
        text += c;
        if (little) text += '\0';
    }
    return text;
}

TEST(XmlRequests, EncodingsAreReadOrRefusedButNeverMistaken)
{
    const std::string value = "Linde \"&lt;&amp;&gt;\" \xc3\xbc", latin = "Linde \"&lt;&amp;&gt;\" \xfc";
    const auto xml = [](const std::string& text, const std::string& declaration = "") {
        return declaration + feature_request("<wfs:Query typeNames=\"app:trees\"><fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>" + text +
                                             "</fes:Literal></fes:PropertyIsEqualTo></fes:Filter></wfs:Query>", "resultType=\"hits\"");
    };
    const auto matched = [](const http::Response& response) { return std::string(parsed(response.body).document_element().attribute("numberMatched").value()); };
    EXPECT_EQ(matched(post(town(), xml(value))), "1");
    EXPECT_EQ(matched(post(town(), "\xef\xbb\xbf" + xml(value))), "1");
    EXPECT_EQ(matched(post(town(), xml(value), "application/xml; charset=\"utf-8\"")), "1");
    EXPECT_EQ(matched(post(town(), xml(latin, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"))), "1");
    EXPECT_EQ(matched(post(town(), xml(latin), "text/xml; charset=ISO-8859-1")), "1");
    for (const bool little : {true, false}) EXPECT_EQ(matched(post(town(), utf_16(xml("Ahorn"), little))), "18");
    EXPECT_EQ(post_error(xml(latin)), "OperationParsingFailed  400") << "not UTF-8";
    EXPECT_EQ(post_error(xml("a", "<?xml version=\"1.0\" encoding=\"UTF-7\"?>")), "OperationParsingFailed  400");
    EXPECT_EQ(post_error(xml("a"), "text/xml; charset=windows-1252"), "OperationParsingFailed  400");
    EXPECT_EQ(post_error(xml(std::string("a\0b", 3))), "OperationParsingFailed  400");
    EXPECT_EQ(post_error(utf_16(xml("Ahorn"), true) + "x"), "OperationParsingFailed  400");
    EXPECT_EQ(post_error(xml("a&#xD800;")), "OperationParsingFailed  400") << "refers to half a character";
    for (const bool little : {true, false}) EXPECT_EQ(post_error(utf_16(xml("a&#0;"), little)), "OperationParsingFailed  400");
    for (const std::string& half : {std::string("\x3c\xd8", 2), std::string("\x3c\xdc", 2), std::string("\x3c\xd8\x3c\xd8", 4), std::string("\x3c\xdc\x3c\xd8", 4)}) {
        std::string halves = utf_16(xml("a"), true);
        EXPECT_EQ(post_error(halves.insert(halves.find(std::string("a\0<\0/\0", 6)), half)), "OperationParsingFailed  400") << "half a pair";
    }
    std::string pair = utf_16(xml("a"), true);
    EXPECT_EQ(matched(post(town(), pair.insert(pair.find(std::string("a\0<\0/\0", 6)), std::string("\x3c\xd8\x33\xdf", 4)))), "0");
}

TEST(XmlRequests, WhatIsNotWellFormedIsNotExecuted)
{
    const std::string query = "<wfs:Query typeNames=\"app:trees\"/>", whole = feature_request(query);
    const auto with_text = [](const std::string& text) {
        return feature_request("<wfs:Query typeNames=\"app:trees\"><fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>" + text + "</fes:Literal></fes:PropertyIsEqualTo></fes:Filter></wfs:Query>");
    };
    EXPECT_EQ(post(town(), whole).status, 200);
    for (const std::string& damaged : {feature_request(query, "count=\"1\" count=\"5\""), whole + whole, whole + "text", "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>" + whole, feature_request(query, "b=\"<\""),
                                       with_text("&nope;"), with_text("a & b"), feature_request(query + "&nope;")})
        EXPECT_EQ(post_error(damaged), "OperationParsingFailed  400") << damaged;
}

TEST(XmlRequests, TheNamespaceIsThatOfTheVersion)
{
    const auto of = [](const std::string& space, const std::string& version, const std::string& name = "GetFeature") {
        return "<wfs:" + name + " service=\"WFS\"" + (version.empty() ? "" : " version=\"" + version + "\"") + (space.empty() ? "" : " xmlns:wfs=\"" + space + "\"") +
               "><wfs:Query typeName=\"trees\" typeNames=\"trees\"/></wfs:" + name + ">";
    };
    const std::string old = "http://www.opengis.net/wfs", current = "http://www.opengis.net/wfs/2.0";
    for (const auto& [space, version] : {std::pair(old, "1.0.0"), {old, "1.1.0"}, {old, ""}, {current, "2.0.0"}, {current, "2.0.2"}, {current, ""}, {"", "2.0.0"}, {"", "1.1.0"}})
        EXPECT_EQ(post(town(), of(space, version)).status, 200) << space << ' ' << version;
    for (const auto& [space, version] : {std::pair(old, "2.0.0"), {current, "1.1.0"}, {current, "1.0.0"}, {old + "/9", "2.0.0"}, {old + "/9", ""}, {"urn:other", "1.0.0"}})
        EXPECT_EQ(post_error(of(space, version)), "OperationParsingFailed  400") << space << ' ' << version;
    for (const std::string& space : {old, current}) EXPECT_EQ(post(town(), of(space, "", "GetCapabilities")).status, 200);
    EXPECT_EQ(post_error(of("urn:other", "", "GetCapabilities")), "OperationParsingFailed  400");
}

TEST(XmlRequests, HostileDocumentsAreRefused)
{
    const std::string query = feature_request("<wfs:Query typeNames=\"app:trees\"/>");
    EXPECT_EQ(post_error("<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + query), "OperationParsingFailed  400");
    EXPECT_EQ(post_error("<!DOCTYPE f [<!ENTITY % d SYSTEM \"http://127.0.0.1:9/d.dtd\"> %d;]>" + query), "OperationParsingFailed  400");
    EXPECT_EQ(post_error(utf_16("<!DOCTYPE f []>" + query, true)), "OperationParsingFailed  400");
    EXPECT_EQ(post_error("<wfs:GetFeature"), "OperationParsingFailed  400");
    EXPECT_EQ(post_error("hello"), "OperationParsingFailed  400");
    std::string deep;
    for (int i = 0; i < 20000; ++i) deep += "<fes:Not>";
    const std::string begin = "<wfs:GetFeature service=\"WFS\" version=\"2.0.0\" " + names_2_0 + "><wfs:Query typeNames=\"app:trees\"><fes:Filter>";
    std::string end = "</fes:Filter></wfs:Query></wfs:GetFeature>";
    for (int i = 0; i < 20000; ++i) end = "</fes:Not>" + end;
    EXPECT_EQ(refusal_of([&] { post(town(), begin + deep + end); }).status / 100, 4) << "nested too deeply";
    std::string many = begin;
    for (int i = 0; i < 100'000; ++i) many += "<a/>";
    EXPECT_EQ(post_error(many + "</fes:Filter></wfs:Query></wfs:GetFeature>"), "OperationParsingFailed  400") << "too many tags";
    EXPECT_EQ(post_error(begin + "<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>" + std::string(300'000, '(') + "</fes:Literal></fes:PropertyIsEqualTo></fes:Filter></wfs:Query></wfs:GetFeature>"),
              "OperationParsingFailed FILTER 400");
    EXPECT_EQ(post(town(), "<?xml-stylesheet href=\"http://127.0.0.1:9/a.xsl\"?>" +
                           feature_request("<wfs:Query typeNames=\"app:trees\"/>", "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"x http://127.0.0.1:9/a.xsd\"")).status, 200);
}

}  // namespace
}  // namespace stadtgdi::testing
