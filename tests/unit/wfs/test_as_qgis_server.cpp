// SPDX-License-Identifier: GPL-2.0-or-later
// What clients of QGIS Server ask, as QGIS Server 3.40 answers it.
#include "town.hpp"
#include <services/http/target.hpp>
#include <services/ows/xml_names.hpp>

namespace stadtgdi::testing {
namespace {

using Ids = std::vector<std::string>;

std::string encoded(const std::string& text) { return http::percent_encoded(text); }

Ids by_expression(const std::string& expression, const std::string& query = "TYPENAME=trees") { return ids(json_features(town(), query + "&EXP_FILTER=" + encoded(expression))); }

std::string expression_error(const std::string& expression, const std::string& query = "TYPENAME=trees")
{
    return text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&" + query + "&EXP_FILTER=" + encoded(expression)));
}

TEST(WfsAsQgisServer, ExpressionsChooseFeatures)
{
    EXPECT_EQ(by_expression("\"number\" IN (2,3) AND \"name\" ILIKE '%AHORN%'"), (Ids{"trees.3", "trees.4"}));
    EXPECT_EQ(by_expression("$id IN ( 2 , 3 )"), (Ids{"trees.2", "trees.3"}));
    EXPECT_EQ(by_expression("$id = 3"), (Ids{"trees.3"}));
    EXPECT_EQ(by_expression("(\"number\" = 1) OR (\"number\" = '2')"), (Ids{"trees.2", "trees.3"})) << "brackets of its own";
    EXPECT_EQ(by_expression("\"Umfang (cm)\" <= 82 AND planted > '2022-01-26'"), (Ids{"trees.20"}));
    EXPECT_EQ(by_expression("\"name\" IS NULL OR \"name\" LIKE 'Linde \"<&>\"%'"), (Ids{"trees.1", "trees.2"}));
    EXPECT_EQ(json_features(town(), "TYPENAME=trees&EXP_FILTER=").at("numberMatched"), 20);
    for (const char* version : {"1.0.0", "1.1.0"})
        EXPECT_EQ(parsed(ask(town(), std::string("SERVICE=WFS&REQUEST=GetFeature&TYPENAME=trees&EXP_FILTER=") + encoded("$id IN (2,3)") + "&VERSION=" + version).body).select_nodes("//gml:featureMember").size(), 2U);
    EXPECT_EQ(parsed(ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetPropertyValue&TYPENAMES=trees&VALUEREFERENCE=number&EXP_FILTER=" + encoded("$id = 3")).body).select_nodes("//app:number").size(), 1U);
}

TEST(WfsAsQgisServer, ExpressionsNarrowBoxesAndStandBehindIdsAndFilters)
{
    EXPECT_EQ(by_expression("\"number\" >= 2", "TYPENAME=trees&BBOX=318005,5689990,318045,5690010"), (Ids{"trees.3", "trees.4", "trees.5"}));
    EXPECT_EQ(by_expression("\"number\" = 9", "TYPENAME=trees&BBOX=318005,5689990,318045,5690010"), Ids{});
    EXPECT_EQ(by_expression("\"number\" = 9", "TYPENAME=trees&FEATUREID=trees.2"), (Ids{"trees.2"}));
    EXPECT_EQ(by_expression("\"number\" = 9", "FEATUREID=trees.2"), (Ids{"trees.2"}));
    const std::string five = encoded("<Filter><PropertyIsEqualTo><PropertyName>number</PropertyName><Literal>5</Literal></PropertyIsEqualTo></Filter>");
    EXPECT_EQ(by_expression("\"number\" = 9", "TYPENAME=trees&FILTER=" + five), (Ids{"trees.6"}));
    EXPECT_EQ(expression_error("env('HOME') = 'x'", "FEATUREID=trees.2"), "InvalidParameterValue EXP_FILTER 400") << "but they are read";
}

TEST(WfsAsQgisServer, EachOfSeveralTypesHasAnExpression)
{
    EXPECT_EQ(by_expression("($id IN (1,3))(\"name\" = ')' OR \"number\" IN (0, 4))", "TYPENAMES=districts,trees"), (Ids{"districts.1", "districts.3", "trees.1", "trees.5"}));
    EXPECT_EQ(by_expression(" ($id = 2) ()", "TYPENAMES=(districts)(trees)&COUNT=3"), (Ids{"districts.2", "trees.1", "trees.2"}));
    for (const char* wrong : {"$id = 1", "($id = 1)", "($id = 1)($id = 2)($id = 3)", "($id = 1)($id = 2", "($id = 1) OR ($id = 2)", "($id = ')')("})
        EXPECT_EQ(expression_error(wrong, "TYPENAMES=districts,trees"), "InvalidParameterValue EXP_FILTER 400") << wrong;
}

TEST(WfsAsQgisServer, ExpressionsThatAreNotKnownAreRefused)
{
    FakeProject project = town();
    project.edit().layers[1].fields[3].in_wfs = false;
    EXPECT_EQ(text_of(refusal(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=trees&EXP_FILTER=" + encoded("\"number\" = 1"))), "InvalidParameterValue EXP_FILTER 400") << "hidden";
    for (const char* wrong : {"env('HOME') like '/%'", "\"name\" = upper('x')", "$geometry IS NULL", "@project_path = 'x'", "foo(", "\"nope\" = 1", "\"number\" = 'x'", "$id > 2", "<Filter/>"})
        EXPECT_EQ(expression_error(wrong), "InvalidParameterValue EXP_FILTER 400") << wrong;
    EXPECT_EQ(text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=trees&CQL_FILTER=number%3D1")), "OptionNotSupported CQL_FILTER 501");
}

/// Layers with the names of the reviewer's project.
FakeProject odd_names()
{
    FakeProject project;
    for (const char* name : {"Bäume (Bestand)", "Rad & Fuß", "1. Stock", "Plan 1:500", "50% Linie", "Quote'd \"q\"", "Bäume / Stadt gesamt v1.2", "x y", "x_y", "p q", "p:q", "p_q 2"})
        project.add(name, trees(3));
    return project;
}

TEST(WfsAsQgisServer, TypesAreFoundByItsSpelling)
{
    const FakeProject project = odd_names();
    const auto found = [&](const std::string& name) -> std::string { return json_features(project, "TYPENAME=" + encoded(name)).at("features").at(0).at("id"); };
    EXPECT_EQ(found("Bäume_(Bestand)"), found("Bäume (Bestand)"));
    EXPECT_EQ(found("Bäume_(Bestand)"), found("Bäume__Bestand_")) << "as the capabilities have it";
    EXPECT_EQ(found("Rad_&_Fuß"), found("Rad & Fuß"));
    EXPECT_EQ(found("1._Stock"), found("1. Stock"));
    EXPECT_EQ(found("Plan_1-500"), found("Plan 1:500"));
    EXPECT_EQ(found("app:Plan_1-500"), found("Plan 1:500"));
    EXPECT_EQ(found("50%_Linie"), found("50% Linie"));
    EXPECT_EQ(found("Quote'd_\"q\""), found("Quote'd \"q\""));
    EXPECT_EQ(found("Bäume_/_Stadt_gesamt_v1.2"), found("Bäume / Stadt gesamt v1.2"));
    EXPECT_EQ(found("(Bäume_(Bestand))"), found("Bäume (Bestand)")) << "in brackets";
    EXPECT_EQ(found("x_y"), "x_y.1") << "its own name";
    EXPECT_EQ(found("p-q"), "p_q_2.1") << "only one is spelled so";
    const auto chosen = [&](const std::string& query) { return ids(json_features(project, query)); };
    const std::string own = found("Plan 1:500").substr(0, found("Plan 1:500").rfind('.'));
    EXPECT_EQ(chosen("FEATUREID=Plan_1-500.2"), (Ids{own + ".2"}));
    EXPECT_EQ(chosen("TYPENAME=Plan_1-500&PROPERTYNAME=" + encoded("Plan_1-500/Umfang_cm")), (Ids{own + ".1", own + ".2", own + ".3"}));
    EXPECT_EQ(chosen("TYPENAME=Plan_1-500&FILTER=" + encoded("<fes:Filter xmlns:fes=\"http://www.opengis.net/fes/2.0\"><fes:ResourceId rid=\"Plan_1-500.3\"/></fes:Filter>")), (Ids{own + ".3"}));
    EXPECT_EQ(parsed(post(project, "<GetFeature service=\"WFS\" version=\"1.1.0\" xmlns=\"http://www.opengis.net/wfs\"><Query typeName=\"feature:Bäume_(Bestand)\" xmlns:feature=\"http://www.qgis.org/gml\"/></GetFeature>").body)
                  .document_element().attribute("numberOfFeatures").value(), std::string("3"));
    for (const char* none : {"Bäume_Bestand", "plan_1-500", "", "app:"})
        EXPECT_NE(refusal(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=" + encoded(none)).status, 0) << none;
}

TEST(WfsAsQgisServer, ASpellingOfTwoTypesIsNone)
{
    FakeProject project;
    for (const char* name : {"a b(", "a_b(", "c d:", "c_d:"}) project.add(name, trees(1));
    const auto status = [&](const std::string& name) { return refusal(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=" + encoded(name)).status; };
    EXPECT_EQ(status("a_b("), 0) << "the second's own name";
    EXPECT_EQ(status("c_d-"), 400);
    EXPECT_EQ(json_features(project, "TYPENAME=" + encoded("a_b(")).at("features").at(0).at("id"), "a_b__2.1");
}

TEST(WfsAsQgisServer, PropertiesAreFoundByItsSpelling)
{
    const auto features = json_features(town(), "TYPENAME=trees&PROPERTYNAME=Umfang_cm,number&SORTBY=Umfang_cm&COUNT=1").at("features");
    EXPECT_EQ(features.at(0).at("properties"), (nlohmann::json{{"number", 19}, {"Umfang (cm)", 81}}));
    EXPECT_EQ(by_expression("\"Umfang_cm\" = 81"), (Ids{"trees.20"}));
    EXPECT_EQ(text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=trees&PROPERTYNAME=Umfang_(cm)")), "InvalidParameterValue propertyName 400");
    EXPECT_EQ(text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=trees&PROPERTYNAME=//name")), "InvalidParameterValue propertyName 400");
    table::TableBuilder b({{{"a-b", table::Type::int64}, {"ab", table::Type::int64}, {"c-d", table::Type::int64}, {"c(d", table::Type::int64}}, std::nullopt});
    for (std::size_t i = 0; i < 4; ++i) b.column(i).add(static_cast<int>(i));
    b.end_row();
    FakeProject project;
    project.add("t", std::move(b).finish());
    EXPECT_EQ(json_features(project, "TYPENAME=t&PROPERTYNAME=ab").at("features").at(0).at("properties"), (nlohmann::json{{"ab", 1}})) << "own names first";
    EXPECT_EQ(refusal(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=t&PROPERTYNAME=cd").status, 400) << "two";
}

TEST(WfsAsQgisServer, NamespacesThatItsClientsBindAreLetThrough)
{
    const auto query = [](const std::string& prefix, const std::string& space) {
        return post(town(), "<GetFeature xmlns=\"http://www.opengis.net/wfs\" service=\"WFS\" version=\"1.1.0\" outputFormat=\"application/json\"><Query typeName=\"" + prefix + ":trees\" xmlns:" + prefix + "=\"" + space +
                                "\"><Filter xmlns=\"http://www.opengis.net/ogc\"><PropertyIsEqualTo><PropertyName>" + prefix + ":number</PropertyName><Literal>4</Literal></PropertyIsEqualTo></Filter></Query></GetFeature>").body;
    };
    EXPECT_EQ(ids(nlohmann::json::parse(query("feature", "http://www.qgis.org/gml"))), (Ids{"trees.5"}));
    EXPECT_EQ(ids(nlohmann::json::parse(query("app", "http://www.deegree.org/app"))), (Ids{"trees.5"}));
    EXPECT_EQ(text_of(refusal_of([&] { query("app", "http://www.deegree.org/app/"); })), "InvalidParameterValue typeName 400");
    EXPECT_EQ(ids(json_features(town(), "TYPENAMES=feature:trees&COUNT=1&NAMESPACES=" + encoded("xmlns(feature,http://www.qgis.org/gml)"))), (Ids{"trees.1"}));
}

TEST(WfsAsQgisServer, DescribesTypesInJson)
{
    FakeProject project = town();
    project.edit().layers[1].fields[1].alias = "Höhe in \"m\"";
    project.edit().layers[1].fields[3].in_wfs = false;
    for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
        const auto response = ask(project, std::string("SERVICE=WFS&REQUEST=DescribeFeatureType&TYPENAME=app:trees&OUTPUTFORMAT=application/json&VERSION=") + version);
        EXPECT_EQ(response.content_type, "application/json");
        EXPECT_EQ(nlohmann::json::parse(response.body), nlohmann::json::parse(R"({"elementFormDefault": "qualified", "targetNamespace": "urn:x-stadtgdi:town", "targetPrefix": "app", "featureTypes": [{"typeName": "trees", "properties": [
            {"name": "geometry", "type": "gml:PointPropertyType", "localType": "Point", "minOccurs": "0", "maxOccurs": "1"},
            {"name": "name", "type": "string", "localType": "string", "nillable": "true"},
            {"name": "height_m", "alias": "Höhe in \"m\"", "type": "double", "localType": "double", "nillable": "true"},
            {"name": "planted", "type": "date", "localType": "date", "nillable": "true"},
            {"name": "Umfang__cm_", "type": "long", "localType": "long", "nillable": "true"}]}]})")) << version;
        for (const char* format : {"geojson", "application/geo%2Bjson", "application/vnd.geo%2Bjson"})
            EXPECT_EQ(ask(project, std::string("SERVICE=WFS&REQUEST=DescribeFeatureType&TYPENAME=trees&OUTPUTFORMAT=") + format + "&VERSION=" + version).body, response.body) << format;
    }
    const auto both = nlohmann::json::parse(ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=application/json").body).at("featureTypes");
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both.at(0).at("properties").at(0).at("type"), "gml:MultiSurfacePropertyType");
    EXPECT_EQ(both.at(0).at("properties").at(0).at("localType"), "MultiSurface");
    for (const char* version : {"1.1.0", "2.0.0"})
        EXPECT_TRUE(parsed(ask(project, std::string("SERVICE=WFS&REQUEST=GetCapabilities&VERSION=") + version).body)
                        .select_node("//ows:Operation[@name='DescribeFeatureType']/ows:Parameter[@name='outputFormat']//ows:Value[text()='application/json']")) << version;
}

TEST(WfsAsQgisServer, CentroidsExtentsOrNothingStandForGeometries)
{
    const auto geometry = [](const std::string& name, const std::string& more = "TYPENAME=districts&SRSNAME=EPSG:25833") { return json_features(town(), more + "&COUNT=1&GEOMETRYNAME=" + name).at("features").at(0).at("geometry"); };
    EXPECT_TRUE(geometry("none").is_null());
    EXPECT_TRUE(geometry("NONE").is_null());
    EXPECT_EQ(geometry("centroid"), (nlohmann::json{{"type", "Point"}, {"coordinates", {318500, 5690500}}}));
    EXPECT_EQ(geometry("Centroid"), geometry("centroid"));
    EXPECT_EQ(geometry("EXTENT"), nlohmann::json::parse(R"({"type": "Polygon", "coordinates": [[[318000, 5690000], [319000, 5690000], [319000, 5691000], [318000, 5691000], [318000, 5690000]]]})"));
    for (const char* other : {"", "geometry", "xxx", "(none)"}) EXPECT_EQ(geometry(other).at("type"), "MultiPolygon") << other;
    EXPECT_EQ(geometry("extent", "TYPENAME=trees&SRSNAME=EPSG:25833").at("coordinates").at(0).size(), 5U) << "as QGIS Server, of a point too";
    EXPECT_TRUE(geometry("centroid", "TYPENAME=districts&PROPERTYNAME=name").is_null());
    EXPECT_TRUE(geometry("centroid", "FEATUREID=trees.20").is_null()) << "a tree without a place";
    EXPECT_TRUE(geometry("extent", "FEATUREID=trees.20").is_null());
    const auto both = json_features(town(), "TYPENAMES=districts,trees&GEOMETRYNAME=centroid").at("features");
    for (const auto& feature : both) EXPECT_TRUE(feature.at("geometry").is_null() || feature.at("geometry").at("type") == "Point");
    // The extent is taken in the layer's CRS, so in CRS84 it is askew; in GML it is that of the coordinates sent.
    const auto askew = geometry("extent", "TYPENAME=districts").at("coordinates").at(0);
    EXPECT_NE(askew.at(0).at(1), askew.at(1).at(1));
    const auto gml = [](const std::string& name, const std::string& version) {
        return parsed(ask(town(), "SERVICE=WFS&REQUEST=GetFeature&TYPENAME=districts&COUNT=1&MAXFEATURES=1&VERSION=" + version + "&SRSNAME=EPSG:4326&GEOMETRYNAME=" + name).body);
    };
    for (const char* version : {"1.0.0", "1.1.0", "2.0.0"}) {
        EXPECT_FALSE(gml("none", version).select_node("//app:districts/app:geometry")) << version;
        EXPECT_TRUE(gml("none", version).select_node("//app:districts/app:name")) << version;
        EXPECT_TRUE(gml("centroid", version).select_node("//app:districts/app:geometry/gml:Point")) << version;
        EXPECT_TRUE(gml("extent", version).select_node("//app:districts/app:geometry/gml:Polygon")) << version;
        EXPECT_TRUE(gml("other", version).select_node("//gml:featureMember//app:geometry/*[contains(name(), 'Multi')] | //wfs:member//app:geometry/*[contains(name(), 'Multi')]")) << version;
    }
    const std::string corners = gml("extent", "1.1.0").select_node("//gml:posList").node().child_value();
    const std::vector<std::string> numbers = ows::split(corners, ' ');
    ASSERT_EQ(numbers.size(), 10U);
    EXPECT_EQ(numbers[1], numbers[3]);
    EXPECT_EQ(numbers[2], numbers[4]);
}

TEST(WfsAsQgisServer, LongAnswersHaveCentroidsToo)
{
    const auto features = json_features(town(2000), "TYPENAME=trees&SRSNAME=EPSG:25833&GEOMETRYNAME=centroid").at("features");
    ASSERT_EQ(features.size(), 2000U);
    for (std::size_t i = 0; i < 1999; ++i) EXPECT_EQ(features.at(i).at("geometry").at("coordinates").at(0), 318000 + 10.0 * static_cast<double>(i));
    EXPECT_TRUE(features.at(1999).at("geometry").is_null());
}

TEST(WfsAsQgisServer, SpellsNamesOfPropertiesAsItDoes)
{
    // One field for each sign, described by QGIS Server 3.40.
    const std::vector<std::pair<std::string, std::string>> spelled{
        {"Höhe (m)", "Höhe_m"}, {"Straßen-Nr", "StraßenNr"}, {"1 Wert", "1_Wert"}, {"a.b", "a.b"}, {"a(b", "ab"}, {"a;b", "a;b"}, {"a:b", "a:b"}, {"a/b", "a/b"}, {"a?b", "a?b"}, {"a@b", "a@b"}, {"a[b", "a[b"},
        {"a]b", "a]b"}, {"a\\b", "a\\b"}, {"a^b", "a^b"}, {"a`b", "ab"}, {"a{b", "ab"}, {"a²b", "a²b"}, {"a½b", "a½b"}, {"a€b", "ab"}, {"a–b", "ab"}, {"a·b", "ab"}, {"a+b", "ab"}, {"a#b", "ab"}, {"a%b", "ab"},
        {"a&b", "ab"}, {"a'b", "ab"}, {"a!b", "ab"}, {"a~b", "ab"}, {"a|b", "ab"}, {"a$b", "ab"}, {"a,b", "ab"}, {"a=b", "a=b"}, {"a<b", "a<b"}, {"a>b", "a>b"}, {"a_b", "a_b"}, {"aéb", "aéb"}, {"a\xcc\x81" "b", "ab"},
        {"a日b", "a日b"}, {"a\xc2\xa0" "b", "ab"}};
    for (const auto& [name, expected] : spelled) EXPECT_EQ(ows::property_name_in_qgis(name), expected);
}

}  // namespace
}  // namespace stadtgdi::testing
