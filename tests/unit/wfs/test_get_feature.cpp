// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <algorithm>

namespace stadtgdi::testing {
namespace {

std::string error_of(const std::string& query)
{
    return text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&" + query));
}

TEST(GetFeature, GivesGml32ByDefault)
{
    const auto response = ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=app:trees");
    EXPECT_EQ(response.content_type, "application/gml+xml; version=3.2");
    const auto document = parsed(response.body);
    EXPECT_STREQ(document.document_element().name(), "wfs:FeatureCollection");
    EXPECT_STREQ(document.document_element().attribute("numberMatched").value(), "20");
    EXPECT_STREQ(document.document_element().attribute("numberReturned").value(), "20");
    EXPECT_EQ(document.select_nodes("//wfs:member/app:trees").size(), 20U);
    const auto first = document.select_node("//app:trees[@gml:id='trees.1']").node();
    EXPECT_STREQ(first.child("app:name").child_value(), "Linde \"<&>\" ü");
    EXPECT_STREQ(first.child("app:Umfang__cm_").child_value(), "100");
    EXPECT_STREQ(first.child("app:geometry").child("gml:Point").attribute("srsName").value(), "urn:ogc:def:crs:EPSG::25833");
    EXPECT_STREQ(first.child("app:geometry").child("gml:Point").child("gml:pos").child_value(), "318000 5690000");
    const auto second = document.select_node("//app:trees[@gml:id='trees.2']").node();
    EXPECT_FALSE(second.child("app:name")) << "null is left out";
    const auto last = document.select_node("//app:trees[@gml:id='trees.20']").node();
    EXPECT_FALSE(last.child("app:geometry"));
}

TEST(GetFeature, GivesGeoJsonInCrs84UnlessAsked)
{
    const auto plain = json_features(town(), "TYPENAMES=trees");
    EXPECT_EQ(plain["numberMatched"], 20);
    EXPECT_EQ(plain["numberReturned"], 20);
    EXPECT_FALSE(plain.contains("crs"));
    EXPECT_EQ(plain["features"][0]["properties"]["Umfang (cm)"], 100);
    EXPECT_TRUE(plain["features"][1]["properties"]["name"].is_null());
    EXPECT_TRUE(plain["features"][19]["geometry"].is_null());
    EXPECT_NEAR(plain["features"][0]["geometry"]["coordinates"][0].get<double>(), 12.3868, 0.001);
    EXPECT_NEAR(plain["features"][0]["geometry"]["coordinates"][1].get<double>(), 51.3327, 0.001);
    const auto metres = json_features(town(), "TYPENAMES=trees&SRSNAME=EPSG:25833");
    EXPECT_EQ(metres["crs"]["properties"]["name"], "urn:ogc:def:crs:EPSG::25833");
    EXPECT_EQ(metres["features"][1]["geometry"]["coordinates"], (nlohmann::json{318010, 5690000}));
}

TEST(GetFeature, AcceptsTheSpellingsOfClients)
{
    for (const char* format : {"application/gml%2Bxml;%20version=3.2", "application/gml+xml;+version=3.2", "text/xml;%20subtype=gml/3.2.1", "GML32"})
        EXPECT_NE(get_feature(town(), std::string("TYPENAME=trees&OUTPUTFORMAT=") + format).find("<wfs:FeatureCollection"), std::string::npos) << format;
    for (const char* format : {"geojson", "application/json", "application/geo+json", "application/vnd.geo%2Bjson"})
        EXPECT_EQ(get_feature(town(), std::string("TYPENAME=trees&OUTPUTFORMAT=") + format)[0], '{') << format;
    EXPECT_EQ(json_features(town(), "TYPENAME=trees&MAXFEATURES=3")["numberReturned"], 3);
}

TEST(GetFeature, HitsCountWhatResultsGive)
{
    for (const char* filter : {"", "&BBOX=318005,5689990,318045,5690010", "&RESOURCEID=trees.3,trees.5,trees.99"}) {
        const std::string query = std::string("TYPENAMES=trees") + filter;
        const auto results = json_features(town(), query);
        const auto hits = json_features(town(), query + "&RESULTTYPE=hits");
        EXPECT_EQ(hits["numberMatched"], results["features"].size()) << filter;
        EXPECT_EQ(hits["numberReturned"], 0);
        EXPECT_TRUE(hits["features"].empty());
        const auto gml = parsed(get_feature(town(), query + "&RESULTTYPE=hits"));
        EXPECT_EQ(gml.document_element().attribute("numberMatched").as_uint(), results["features"].size());
        EXPECT_FALSE(gml.select_node("//wfs:member"));
    }
}

/// The same four trees by each name of a CRS: urn names latitude first, EPSG:n longitude first.
TEST(GetFeature, TheAxisOrderOfABoxFollowsTheFormOfItsCrs)
{
    const std::vector<std::string> expected{"trees.2", "trees.3", "trees.4", "trees.5"};
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&BBOX=318005,5689990,318045,5690010")), expected);
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&BBOX=318005,5689990,318045,5690010,EPSG:25833")), expected);
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&BBOX=318005,5689990,318045,5690010,urn:ogc:def:crs:EPSG::25833")), expected);
    const auto place = [](int tree) { return json_features(town(), "TYPENAMES=trees&RESOURCEID=trees." + std::to_string(tree))["features"][0]["geometry"]["coordinates"]; };
    const double west = place(2)[0].get<double>() - 0.00003, east = place(5)[0].get<double>() + 0.00003, south = place(1)[1].get<double>() - 0.0001, north = south + 0.0002;
    const auto box = [](double a, double b, double c, double d) { return std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c) + "," + std::to_string(d); };
    for (const char* crs : {"EPSG:4326", "EPSG:4258", "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"})
        EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&BBOX=" + box(west, south, east, north) + "," + crs)), expected) << crs;
    for (const char* crs : {"urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4258", "http://www.opengis.net/def/crs/EPSG/0/4326"}) {
        EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&BBOX=" + box(south, west, north, east) + "," + crs)), expected) << crs;
        EXPECT_TRUE(ids(json_features(town(), "TYPENAMES=trees&BBOX=" + box(west, south, east, north) + "," + crs)).empty()) << crs;
    }
}

TEST(GetFeature, CoordinatesFollowTheFormOfSrsname)
{
    const auto pos = [](const std::string& crs) {
        const auto document = parsed(get_feature(town(), "TYPENAMES=trees&COUNT=1&SRSNAME=" + crs));
        const auto point = document.select_node("//gml:Point").node();
        EXPECT_EQ(point.attribute("srsName").as_string(), crs) << "echoed";
        double a = 0, b = 0;
        EXPECT_EQ(std::sscanf(point.child("gml:pos").child_value(), "%lf %lf", &a, &b), 2);
        return std::pair(a, b);
    };
    EXPECT_NEAR(pos("urn:ogc:def:crs:EPSG::4326").first, 51.33, 0.01);
    EXPECT_NEAR(pos("http://www.opengis.net/def/crs/EPSG/0/4326").first, 51.33, 0.01);
    EXPECT_NEAR(pos("EPSG:4326").first, 12.387, 0.01);
    EXPECT_NEAR(pos("urn:ogc:def:crs:OGC:1.3:CRS84").first, 12.387, 0.01);
    EXPECT_NEAR(pos("EPSG:3857").first, 1378900, 1000);
    EXPECT_GT(pos("EPSG:3035").first, pos("EPSG:3035").second) << "easting 4.4e6 first";
    EXPECT_LT(pos("urn:ogc:def:crs:EPSG::3035").first, pos("urn:ogc:def:crs:EPSG::3035").second) << "northing 3.1e6 first";
}

TEST(GetFeature, PolygonsAreHitByTheirAreaNotTheirBox)
{
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=districts&BBOX=318100,5690100,318200,5690200")), std::vector<std::string>{"districts.1"});
    EXPECT_TRUE(ids(json_features(town(), "TYPENAMES=districts&BBOX=318450,5690450,318550,5690550")).empty()) << "in the hole";
}

TEST(GetFeature, PropertiesCanBeChosen)
{
    const auto some = json_features(town(), "TYPENAMES=trees&COUNT=1&PROPERTYNAME=name,app:Umfang__cm_");
    EXPECT_EQ(some["features"][0]["properties"].size(), 2U);
    EXPECT_TRUE(some["features"][0]["geometry"].is_null());
    const auto document = parsed(get_feature(town(), "TYPENAMES=trees&COUNT=1&PROPERTYNAME=geometry"));
    EXPECT_TRUE(document.select_node("//gml:Point"));
    EXPECT_FALSE(document.select_node("//app:name"));
    EXPECT_EQ(error_of("TYPENAMES=trees&PROPERTYNAME=exec(1)"), "InvalidParameterValue propertyName 400");
}

TEST(GetFeature, RowsCanBeSorted)
{
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&COUNT=2&SORTBY=height_m%20DESC")), (std::vector<std::string>{"trees.20", "trees.19"}));
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&COUNT=3&SORTBY=name,number+D")), (std::vector<std::string>{"trees.20", "trees.19", "trees.18"}));
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=trees&STARTINDEX=19&SORTBY=name")), std::vector<std::string>{"trees.2"}) << "null last";
    EXPECT_EQ(error_of("TYPENAMES=trees&SORTBY=env('HOME')"), "InvalidParameterValue sortBy 400");
    std::string keys = "name";
    for (int i = 0; i < 20; ++i) keys += ",name";
    EXPECT_EQ(error_of("TYPENAMES=trees&SORTBY=" + keys), "InvalidParameterValue sortBy 400") << "too many";
}

TEST(GetFeature, FeaturesAreFoundByTheirIds)
{
    EXPECT_EQ(ids(json_features(town(), "RESOURCEID=trees.5,trees.2,trees.2")), (std::vector<std::string>{"trees.2", "trees.5"}));
    EXPECT_EQ(json_features(town(), "TYPENAMES=trees&RESOURCEID=trees.x")["numberMatched"], 0);
    EXPECT_EQ(error_of("TYPENAMES=trees&RESOURCEID=districts.1"), "InvalidParameterValue RESOURCEID 400");
}

TEST(GetFeature, TheStoredQueryGivesTheFeatureItself)
{
    const std::string query = "STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=";
    const auto document = parsed(get_feature(town(), query + "trees.3"));
    EXPECT_STREQ(document.document_element().name(), "app:trees");
    EXPECT_STREQ(document.document_element().attribute("gml:id").value(), "trees.3");
    EXPECT_STREQ(document.document_element().attribute("xmlns:gml").value(), "http://www.opengis.net/gml/3.2");
    for (const char* id : {"trees.99", "nope.1", "trees.1%20OR%201=1", "trees.1e400", "1", "trees.99999999999999999999"}) EXPECT_EQ(error_of(query + id), "NotFound ID 404") << id;
    EXPECT_EQ(error_of("STOREDQUERY_ID=foo&ID=trees.1"), "InvalidParameterValue storedQueryId 400");
}

TEST(GetFeature, TheStoredQueryWithoutAFeatureToSendGivesACollection)
{
    const std::string query = "STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=trees.3";
    for (const char* nothing : {"&RESULTTYPE=hits", "&COUNT=0", "&STARTINDEX=1"}) {
        const auto root = parsed(get_feature(town(), query + nothing)).document_element();
        EXPECT_STREQ(root.name(), "wfs:FeatureCollection") << nothing;
        EXPECT_STREQ(root.attribute("numberMatched").value(), "1") << nothing;
        EXPECT_STREQ(root.attribute("numberReturned").value(), "0") << nothing;
        const auto json = json_features(town(), query + nothing);
        EXPECT_EQ(json["numberMatched"], 1) << nothing;
        EXPECT_TRUE(json["features"].empty()) << nothing;
        for (const char* version : {"1.1.0", "1.0.0"})
            EXPECT_TRUE(parsed(ask(town(), std::string("SERVICE=WFS&REQUEST=GetFeature&VERSION=") + version + "&" + query + nothing).body).document_element()) << version << nothing;
    }
    EXPECT_STREQ(parsed(get_feature(town(), query + "&COUNT=1&STARTINDEX=0")).document_element().name(), "app:trees");
    const auto posted = parsed(post(town(), "<wfs:GetFeature service=\"WFS\" version=\"2.0.0\" count=\"0\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\"><wfs:StoredQuery id=\"urn:ogc:def:query:OGC-WFS::GetFeatureById\">"
                                            "<wfs:Parameter name=\"ID\">trees.3</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>").body);
    EXPECT_STREQ(posted.document_element().name(), "wfs:FeatureCollection");
}

TEST(GetFeature, WrongParametersAreNamed)
{
    EXPECT_EQ(error_of(""), "MissingParameterValue typeNames 400");
    EXPECT_EQ(error_of("TYPENAMES=nope"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(error_of("TYPENAMES=trees,nope"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(error_of("TYPENAMES=(trees,districts)"), "OptionNotSupported typeNames 501") << "a join";
    EXPECT_EQ(error_of("TYPENAMES=(trees)(nope)"), "InvalidParameterValue typeName 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&RESOLVE=remote"), "OptionNotSupported resolve 501");
    EXPECT_EQ(error_of("TYPENAMES=trees&RESOLVE=foo"), "InvalidParameterValue resolve 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&COUNT=-1"), "InvalidParameterValue COUNT 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&COUNT=1.5"), "InvalidParameterValue COUNT 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&STARTINDEX=-5&OUTPUTFORMAT=geojson"), "InvalidParameterValue STARTINDEX 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&OUTPUTFORMAT=foo"), "InvalidParameterValue outputFormat 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&SRSNAME=EPSG:999999"), "InvalidParameterValue srsName 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&BBOX=1,2,3"), "InvalidParameterValue BBOX 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&RESULTTYPE=foo"), "InvalidParameterValue resultType 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&CQL_FILTER=a=1"), "OptionNotSupported CQL_FILTER 501");
}

std::string filter(const std::string& content)
{
    return "TYPENAMES=trees&FILTER=" + http::percent_encoded("<Filter xmlns=\"http://www.opengis.net/fes/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\">" + content + "</Filter>");
}

std::string bbox(const std::string& srs, const std::string& lower, const std::string& upper)
{
    return "<BBOX><ValueReference>geometry</ValueReference><gml:Envelope" + srs + "><gml:lowerCorner>" + lower + "</gml:lowerCorner><gml:upperCorner>" + upper + "</gml:upperCorner></gml:Envelope></BBOX>";
}

TEST(GetFeature, FilterDocumentsOfClientsAreRead)
{
    const std::vector<std::string> two{"trees.2", "trees.3"};
    const std::string box = bbox("", "318005 5689990", "318025 5690010");
    EXPECT_EQ(ids(json_features(town(), filter(box))), two);
    EXPECT_EQ(ids(json_features(town(), filter(bbox(" srsName=\"urn:ogc:def:crs:EPSG::25833\"", "318005 5689990", "318025 5690010")))), two);
    EXPECT_EQ(json_features(town(), filter(bbox(" srsName=\"urn:ogc:def:crs:EPSG::4326\"", "51 12", "52 13")))["numberMatched"], 19);
    EXPECT_EQ(ids(json_features(town(), filter("<And>" + box + "<PropertyIsEqualTo><ValueReference>app:number</ValueReference><Literal>2</Literal></PropertyIsEqualTo></And>"))),
              std::vector<std::string>{"trees.3"});
    EXPECT_EQ(ids(json_features(town(), filter("<ResourceId rid=\"trees.4\"/><ResourceId rid=\"trees.2\"/><ResourceId rid=\"districts.1\"/>"))), (std::vector<std::string>{"trees.2", "trees.4"}));
    EXPECT_EQ(json_features(town(), filter("<PropertyIsEqualTo><ValueReference>name</ValueReference><Literal>4')); drop table x --</Literal></PropertyIsEqualTo>"))["numberMatched"], 0);
}

TEST(GetFeature, FiltersThatAreNotUnderstoodAreRefused)
{
    EXPECT_EQ(error_of(filter("<PropertyIsEqualTo><Function name=\"env\"/><Literal>x</Literal></PropertyIsEqualTo>")), "OptionNotSupported FILTER 501");
    EXPECT_EQ(error_of(filter("<PropertyIsEqualTo><ValueReference>nope</ValueReference><Literal>x</Literal></PropertyIsEqualTo>")), "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error_of(filter("<BBOX><ValueReference>name</ValueReference></BBOX>")), "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error_of(filter(bbox("", "1 nan", "2 3"))), "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&FILTER=%3CFilter"), "OperationParsingFailed FILTER 400");
    EXPECT_EQ(error_of("TYPENAMES=trees&FILTER=" + http::percent_encoded("<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Filter>&x;</Filter>")), "OperationParsingFailed FILTER 400");
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<And>";
    deep += bbox("", "1 2", "3 4");
    for (int i = 0; i < 100; ++i) deep += "</And>";
    EXPECT_EQ(error_of(filter(deep)), "InvalidParameterValue FILTER 400");
    EXPECT_EQ(error_of(filter(bbox("", "1 2", "3 4")) + "&BBOX=1,2,3,4"), "InvalidParameterValue FILTER 400");
}

TEST(GetFeature, AnUnchangedAnswerIsNotSentAgain)
{
    const FakeProject project = town();
    const std::string target = "/town/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees";
    FakeFace first(project, target);
    const std::string tag = wfs::handle(first.context(), ows::KeyValues::of(first.request())).etag;
    EXPECT_FALSE(tag.empty());
    FakeFace again(project, target, {{"if-none-match", "\"" + tag + "\""}});
    EXPECT_EQ(wfs::handle(again.context(), ows::KeyValues::of(again.request())).status, 304);
}

/// "trees.1", or "#trees.1" for a member that only refers to it.
std::vector<std::string> members(const std::string& xml, const std::string& member)
{
    std::vector<std::string> found;
    const auto document = parsed(xml);
    for (const auto& one : document.select_nodes(("//" + member).c_str())) {
        const pugi::xml_node node = one.node();
        if (node.child("wfs:FeatureCollection")) continue;
        const pugi::xml_attribute href = node.attribute("xlink:href");
        EXPECT_EQ(static_cast<bool>(href), !node.first_child()) << "either a feature or a reference";
        const pugi::xml_node feature = node.first_child();
        found.emplace_back(href ? href.value() : feature.attribute("gml:id") ? feature.attribute("gml:id").value() : feature.attribute("fid").value());
    }
    return found;
}

TEST(GetFeature, TheBoxIsAroundTheFeaturesThatHaveAPlace)
{
    const auto document = parsed(get_feature(town(), "TYPENAMES=trees&RESOURCEID=trees.1,trees.3,trees.20"));
    const pugi::xml_node envelope = document.select_node("/wfs:FeatureCollection/wfs:boundedBy/gml:Envelope").node();
    EXPECT_STREQ(envelope.child_value("gml:lowerCorner"), "318000 5690000");
    EXPECT_STREQ(envelope.child_value("gml:upperCorner"), "318020 5690000");
}

/// One feature: its box is what is written of it. 1.0.0 writes "x,y".
TEST(GetFeature, TheBoxIsRoundedLikeTheCoordinates)
{
    table::TableBuilder b({{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    b.column(0).add("Linde");
    b.geometry().add_point(326636.20999657, 5686814.90989598);
    b.end_row();
    FakeProject project;
    project.add("trees", std::move(b).finish());
    for (const char* version : {"1.0.0", "1.1.0", "2.0.0"})
        for (const char* crs : {"", "&SRSNAME=EPSG:25832", "&SRSNAME=urn:ogc:def:crs:EPSG::4326", "&SRSNAME=EPSG:3857"}) {
            const auto document = parsed(ask(project, std::string("SERVICE=WFS&REQUEST=GetFeature&TYPENAME=trees&TYPENAMES=trees&VERSION=") + version + crs).body);
            const auto text = [&](const char* path) { return std::string(document.select_node(path).node().child_value()); };
            if (std::string_view(version) == "1.0.0") {
                const std::string place = text("//gml:Point/gml:coordinates");
                EXPECT_EQ(text("//gml:boundedBy/gml:Box/gml:coordinates"), place + " " + place) << crs;
                continue;
            }
            const std::string place = text("//gml:Point/gml:pos");
            EXPECT_EQ(text("//gml:lowerCorner"), place) << version << crs;
            EXPECT_EQ(text("//gml:upperCorner"), place) << version << crs;
            if (*crs == 0) { EXPECT_EQ(place, "326636.21 5686814.91"); }
        }
}

TEST(GetFeature, AFeatureFoundAgainIsAReferenceToItself)
{
    const std::vector<std::string> expected{"trees.2", "trees.3", "districts.1", "trees.1", "#trees.2", "trees.4", "#trees.1", "#trees.3"};
    const std::string queries = "(trees)(districts)(trees)(trees)", ids = "(trees.2,trees.3)(districts.1)(trees.1,trees.2,trees.4)(trees.1,trees.3)";
    for (const auto& [version, member, names] : {std::tuple{"2.0.0", "wfs:member", "TYPENAMES="}, {"1.1.0", "gml:featureMember", "TYPENAME="}, {"1.0.0", "gml:featureMember", "TYPENAME="}}) {
        for (const char* crs : {"", "&SRSNAME=EPSG:25832"}) {
            const std::string query = std::string("SERVICE=WFS&REQUEST=GetFeature&VERSION=") + version + "&" + names + queries + "&RESOURCEID=" + ids + crs;
            const auto response = ask(town(), query);
            EXPECT_EQ(members(response.body, member), expected) << version << response.body;
            EXPECT_EQ(std::find(response.headers.begin(), response.headers.end(), std::pair<std::string, std::string>("OGC-NumberReturned", "8")) != response.headers.end(), true);
        }
    }
    const std::string body = get_feature(town(), "TYPENAMES=(trees)(trees)&COUNT=22");
    EXPECT_NE(body.find("numberMatched=\"40\" numberReturned=\"22\""), std::string::npos);
    EXPECT_NE(body.find("<wfs:member xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#trees.2\"/>"), std::string::npos);
    EXPECT_EQ(members(get_feature(town(), "TYPENAMES=(trees)(trees)&COUNT=2&STARTINDEX=20"), "wfs:member"), (std::vector<std::string>{"trees.1", "trees.2"})) << "on another page there is nothing to refer to";
    EXPECT_EQ(json_features(town(), "TYPENAMES=trees,trees")["features"][25]["properties"]["number"], 5) << "GeoJSON has no references";
}

TEST(GetFeature, ManyFeaturesFoundAgainAreReferencesInOrder)
{
    FakeProject project = town(3000);
    for (const bool from_source : {false, true}) {
        if (from_source) project.serve_from_source("trees");
        for (const char* crs : {"", "&SRSNAME=EPSG:25832"}) {
            const auto found = members(get_feature(project, std::string("TYPENAMES=(trees)(trees)") + crs), "wfs:member");
            ASSERT_EQ(found.size(), 6000U);
            for (std::size_t i = 0; i < 3000; ++i) {
                ASSERT_EQ(found[i], "trees." + std::to_string(i + 1));
                ASSERT_EQ(found[3000 + i], "#trees." + std::to_string(i + 1));
            }
        }
    }
}

}  // namespace
}  // namespace stadtgdi::testing
