// SPDX-License-Identifier: GPL-2.0-or-later
#include "refused.hpp"
#include <cctype>
#include <set>
#include <tuple>

namespace stadtgdi::testing {
namespace {

struct Both {
    const char *text, *json;
    Rows rows;
};

class Cql2 : public ::testing::TestWithParam<Both> {};

TEST_P(Cql2, TextAndJsonGiveTheSameRows)
{
    const FilterTown town;
    const Both& filter = GetParam();
    EXPECT_EQ(town.text(filter.text), filter.rows) << filter.text;
    EXPECT_EQ(town.json(filter.json), filter.rows) << filter.json;
}

const Rows all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, none{};

INSTANTIATE_TEST_SUITE_P(Comparisons, Cql2, ::testing::Values(
    Both{"n = 4", R"({"op":"=","args":[{"property":"n"},4]})", {4}},
    Both{"n <> 4", R"({"op":"<>","args":[{"property":"n"},4]})", {0, 1, 2, 5, 6, 7, 8, 9}},
    Both{"n < 2", R"({"op":"<","args":[{"property":"n"},2]})", {0, 1}},
    Both{"7 < n", R"({"op":"<","args":[7,{"property":"n"}]})", {8, 9}},
    Both{"n > 7.5", R"({"op":">","args":[{"property":"n"},7.5]})", {8, 9}},
    Both{"n <= 1", R"({"op":"<=","args":[{"property":"n"},1]})", {0, 1}},
    Both{"n >= 8.0", R"({"op":">=","args":[{"property":"n"},8.0]})", {8, 9}},
    Both{"h = 1e0", R"({"op":"=","args":[{"property":"h"},1e0]})", {2}},
    Both{"h = -0.5 OR h = +.5", R"({"op":"or","args":[{"op":"=","args":[{"property":"h"},-0.5]},{"op":"=","args":[{"property":"h"},0.5]}]})", {1}},
    Both{"n > 1 AND n < 6 AND h > 1", R"({"op":"and","args":[{"op":">","args":[{"property":"n"},1]},{"op":"<","args":[{"property":"n"},6]},{"op":">","args":[{"property":"h"},1]}]})", {5}},
    Both{"n = 0 OR n = 1 AND n = 2", R"({"op":"or","args":[{"op":"=","args":[{"property":"n"},0]},{"op":"and","args":[{"op":"=","args":[{"property":"n"},1]},{"op":"=","args":[{"property":"n"},2]}]}]})", {0}},
    Both{"NOT (n < 8)", R"({"op":"not","args":[{"op":"<","args":[{"property":"n"},8]}]})", {8, 9}},
    Both{"ok = TRUE", R"({"op":"=","args":[{"property":"ok"},true]})", {0, 2, 4, 6, 8}},
    Both{"ok = false", R"({"op":"=","args":[{"property":"ok"},false]})", {1, 3, 7, 9}},
    Both{"\"a:b\" = 'x'", R"({"op":"=","args":[{"property":"a:b"},"x"]})", {0}},
    Both{"name IS NULL", R"({"op":"isNull","args":[{"property":"name"}]})", {2}},
    Both{"name IS NOT NULL", R"({"op":"not","args":[{"op":"isNull","args":[{"property":"name"}]}]})", {0, 1, 3, 4, 5, 6, 7, 8, 9}},
    Both{"geom IS NULL", R"({"op":"isNull","args":[{"property":"geom"}]})", {9}},
    Both{"n BETWEEN 2 AND 4", R"({"op":"between","args":[{"property":"n"},2,4]})", {2, 4}},
    Both{"n NOT BETWEEN 1 AND 8", R"({"op":"not","args":[{"op":"between","args":[{"property":"n"},1,8]}]})", {0, 9}},
    Both{"n IN (1, 2.0, 77)", R"({"op":"in","args":[{"property":"n"},[1,2.0,77]]})", {1, 2}},
    Both{"name NOT IN ('Linde')", R"({"op":"not","args":[{"op":"in","args":[{"property":"name"},["Linde"]]}]})", {1, 3, 4, 5, 6, 7, 8, 9}},
    Both{"n = h * 2", R"({"op":"=","args":[{"property":"n"},{"op":"*","args":[{"property":"h"},2]}]})", {0, 1, 2, 5, 6, 7, 8, 9}},
    Both{"n + 1 - 2 = -(-3)", R"({"op":"=","args":[{"op":"-","args":[{"op":"+","args":[{"property":"n"},1]},2]},3]})", {4}},
    Both{"n / 4 = 0.5", R"({"op":"=","args":[{"op":"/","args":[{"property":"n"},4]},0.5]})", {2}},
    Both{"n % 5 = 4", R"({"op":"=","args":[{"op":"%","args":[{"property":"n"},5]},4]})", {4, 9}},
    Both{"n div 5 = 1", R"({"op":"=","args":[{"op":"div","args":[{"property":"n"},5]},1]})", {5, 6, 7, 8, 9}},
    Both{"n ^ 2 = 64", R"({"op":"=","args":[{"op":"^","args":[{"property":"n"},2]},64]})", {8}},
    Both{"1 = 1 AND (1=1 AND 1=0)", R"({"op":"and","args":[{"op":"=","args":[1,1]},{"op":"and","args":[{"op":"=","args":[1,1]},{"op":"=","args":[1,0]}]}]})", none}));

INSTANTIATE_TEST_SUITE_P(Texts, Cql2, ::testing::Values(
    Both{"name LIKE 'a%'", R"({"op":"like","args":[{"property":"name"},"a%"]})", {1, 6}},
    Both{"name LIKE '_ind_'", R"({"op":"like","args":[{"property":"name"},"_ind_"]})", {0}},
    Both{"name LIKE '100\\%'", R"({"op":"like","args":[{"property":"name"},"100\\%"]})", {5}},
    Both{"name LIKE 'a\\_b'", R"({"op":"like","args":[{"property":"name"},"a\\_b"]})", {6}},
    Both{"name LIKE 'back\\\\sl%'", R"({"op":"like","args":[{"property":"name"},"back\\\\sl%"]})", {7}},
    Both{"name NOT LIKE '%a%'", R"({"op":"not","args":[{"op":"like","args":[{"property":"name"},"%a%"]}]})", {0, 4, 5, 8, 9}},
    Both{"name = 'O''Brien'", R"({"op":"=","args":[{"property":"name"},"O'Brien"]})", {4}},
    Both{"name = 'O\\'Brien'", R"({"op":"=","args":[{"property":"name"},"O'Brien"]})", {4}},
    Both{"CASEI(name) = CASEI('STRASSE')", R"({"op":"=","args":[{"op":"casei","args":[{"property":"name"}]},{"op":"casei","args":["STRASSE"]}]})", {3}},
    Both{"CASEI(name) LIKE casei('A%')", R"({"op":"like","args":[{"op":"casei","args":[{"property":"name"}]},{"op":"casei","args":["A%"]}]})", {1, 6}},
    Both{"CASEI(name) IN (CASEI('LINDE'), CASEI('Ahorn'))", R"({"op":"in","args":[{"op":"casei","args":[{"property":"name"}]},[{"op":"casei","args":["LINDE"]},{"op":"casei","args":["Ahorn"]}]]})", {0, 1}},
    // Composed and decomposed letters are the same once they are folded, else texts are compared as they are.
    Both{"CASEI(name) = CASEI('\xc3\xa4PFEL')", "{\"op\":\"=\",\"args\":[{\"op\":\"casei\",\"args\":[{\"property\":\"name\"}]},{\"op\":\"casei\",\"args\":[\"a\xcc\x88PFEL\"]}]}", {8, 9}},
    Both{"ACCENTI(name) = ACCENTI('\xc3\x84pfel')", R"({"op":"=","args":[{"op":"accenti","args":[{"property":"name"}]},{"op":"accenti","args":["Apfel"]}]})", {8, 9}},
    Both{"CASEI(ACCENTI(name)) = CASEI(ACCENTI('\xc3\xa4PFEL'))", R"({"op":"=","args":[{"op":"casei","args":[{"op":"accenti","args":[{"property":"name"}]}]},"apfel"]})", {8, 9}},
    Both{"name = '\xc3\x84pfel'", "{\"op\":\"=\",\"args\":[{\"property\":\"name\"},\"\xc3\x84pfel\"]}", {8}},
    Both{"name = 'A\xcc\x88pfel'", "{\"op\":\"=\",\"args\":[{\"property\":\"name\"},\"A\xcc\x88pfel\"]}", {9}},
    Both{"name IN ('', ';', '--', '/*', '?', '$1', ':name', '{x}', '\xf0\x9f\x8c\xb3')", R"({"op":"in","args":[{"property":"name"},["",";","--","/*","?","$1",":name","{x}","🌳"]]})", none}));

INSTANTIATE_TEST_SUITE_P(Times, Cql2, ::testing::Values(
    Both{"day = DATE('2024-01-03')", R"({"op":"=","args":[{"property":"day"},{"date":"2024-01-03"}]})", {2}},
    Both{"start < TIMESTAMP('2024-01-01T02:00:00Z')", R"({"op":"<","args":[{"property":"start"},{"timestamp":"2024-01-01T02:00:00Z"}]})", {0, 1}},
    Both{"T_AFTER(day, DATE('2024-01-08'))", R"({"op":"t_after","args":[{"property":"day"},{"date":"2024-01-08"}]})", {8, 9}},
    Both{"T_BEFORE(start, TIMESTAMP('2024-01-01T01:30:00Z'))", R"({"op":"t_before","args":[{"property":"start"},{"timestamp":"2024-01-01T01:30:00Z"}]})", {0, 1}},
    Both{"T_DURING(day, INTERVAL('2024-01-01','2024-01-04'))", R"({"op":"t_during","args":[{"property":"day"},{"interval":["2024-01-01","2024-01-04"]}]})", {1, 2}},
    Both{"T_CONTAINS(INTERVAL('2024-01-01','2024-01-04'), day)", R"({"op":"t_contains","args":[{"interval":["2024-01-01","2024-01-04"]},{"property":"day"}]})", {1, 2}},
    Both{"T_EQUALS(day, DATE('2024-01-02'))", R"({"op":"t_equals","args":[{"property":"day"},{"date":"2024-01-02"}]})", {1}},
    Both{"T_DISJOINT(INTERVAL(start, stop), INTERVAL('..', '2024-01-01T04:30:00Z'))", R"({"op":"t_disjoint","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["..","2024-01-01T04:30:00Z"]}]})", {5, 6, 9}},
    Both{"T_INTERSECTS(INTERVAL(start, stop), INTERVAL('2024-01-01T07:00:00Z', '..'))", R"({"op":"t_intersects","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T07:00:00Z",".."]}]})", {5, 6, 9}},
    Both{"T_MEETS(INTERVAL(start, stop), INTERVAL('2024-01-01T05:00:00Z','2024-01-01T09:00:00Z'))", R"({"op":"t_meets","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T05:00:00Z","2024-01-01T09:00:00Z"]}]})", {3}},
    Both{"T_METBY(INTERVAL(start, stop), INTERVAL('2024-01-01T01:00:00Z','2024-01-01T05:00:00Z'))", R"({"op":"t_metBy","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T01:00:00Z","2024-01-01T05:00:00Z"]}]})", {5}},
    Both{"T_OVERLAPS(INTERVAL(start, stop), INTERVAL('2024-01-01T03:00:00Z','2024-01-01T05:00:00Z'))", R"({"op":"t_overlaps","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T03:00:00Z","2024-01-01T05:00:00Z"]}]})", {2}},
    Both{"T_OVERLAPPEDBY(INTERVAL(start, stop), INTERVAL('2024-01-01T03:00:00Z','2024-01-01T05:00:00Z'))", R"({"op":"t_overlappedBy","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T03:00:00Z","2024-01-01T05:00:00Z"]}]})", {4}},
    Both{"T_STARTS(INTERVAL(start, stop), INTERVAL('2024-01-01T03:00:00Z','2024-01-01T09:00:00Z'))", R"({"op":"t_starts","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T03:00:00Z","2024-01-01T09:00:00Z"]}]})", {3}},
    Both{"T_STARTEDBY(INTERVAL(start, stop), INTERVAL('2024-01-01T03:00:00Z','2024-01-01T04:00:00Z'))", R"({"op":"t_startedBy","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T03:00:00Z","2024-01-01T04:00:00Z"]}]})", {3}},
    Both{"T_FINISHES(INTERVAL(start, stop), INTERVAL('2024-01-01T01:00:00Z','2024-01-01T05:00:00Z'))", R"({"op":"t_finishes","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T01:00:00Z","2024-01-01T05:00:00Z"]}]})", {3}},
    Both{"T_FINISHEDBY(INTERVAL(start, stop), INTERVAL('2024-01-01T04:00:00Z','2024-01-01T05:00:00Z'))", R"({"op":"t_finishedBy","args":[{"interval":[{"property":"start"},{"property":"stop"}]},{"interval":["2024-01-01T04:00:00Z","2024-01-01T05:00:00Z"]}]})", {3}}));

// 3: lists are compared by value and type
INSTANTIATE_TEST_SUITE_P(Lists, Cql2, ::testing::Values(
    Both{"A_EQUALS((1, 2), (2.0, 1, 1))", R"({"op":"a_equals","args":[[1,2],[2.0,1,1]]})", all},
    Both{"A_EQUALS((1, 2), ('1', '2'))", R"({"op":"a_equals","args":[[1,2],["1","2"]]})", none},
    Both{"A_EQUALS(('1.0', 'a'), ('1', 'a'))", R"({"op":"a_equals","args":[["1.0","a"],["1","a"]]})", none},
    Both{"A_EQUALS(('a'), ('a'))", R"({"op":"a_equals","args":[["a"],["a"]]})", all},
    Both{"A_CONTAINS((1, 2, 3), (3, 1))", R"({"op":"a_contains","args":[[1,2,3],[3,1]]})", all},
    Both{"A_CONTAINEDBY((1, 2, 3), (3, 1))", R"({"op":"a_containedBy","args":[[1,2,3],[3,1]]})", none},
    Both{"A_OVERLAPS((1, 'a'), ('a', 7))", R"({"op":"a_overlaps","args":[[1,"a"],["a",7]]})", all},
    Both{"A_OVERLAPS((TRUE, 'a'), (1, 'b'))", R"({"op":"a_overlaps","args":[[true,"a"],[1,"b"]]})", none}));

TEST(Cql2Text, SpatialFunctionsReadEveryGeometryInBothForms)
{
    const FilterTown metres(ten_places(), "EPSG:25833");
    const auto both = [&](const std::string& name, const std::string& wkt, const std::string& geojson, const Rows& rows) {
        EXPECT_EQ(metres.text("S_" + name + "(geom, " + wkt + ")"), rows) << name << wkt;
        std::string lower = "s_" + name;
        for (char& c : lower) c = static_cast<char>(std::tolower(c));
        EXPECT_EQ(metres.json("{\"op\":\"" + lower + "\",\"args\":[{\"property\":\"geom\"}," + geojson + "]}"), rows) << name << geojson;
    };
    both("INTERSECTS", "POINT(318020 5690000)", R"({"type":"Point","coordinates":[318020,5690000,7]})", {2});
    both("EQUALS", "POINT Z (318020 5690000 3)", R"({"type":"Point","coordinates":[318020,5690000]})", {2});
    both("DISJOINT", "LINESTRING(318000 5690000, 318075 5690000)", R"({"type":"LineString","coordinates":[[318000,5690000],[318075,5690000]]})", {8});
    both("TOUCHES", "LINESTRING(318000 5690000, 318010 5690000)", R"({"type":"LineString","coordinates":[[318000,5690000],[318010,5690000]]})", {0, 1});
    both("WITHIN", "POLYGON((318005 5689990,318035 5689990,318035 5690010,318005 5690010,318005 5689990),(318015 5689999,318025 5689999,318025 5690001,318015 5690001,318015 5689999))",
         R"({"type":"Polygon","coordinates":[[[318005,5689990],[318035,5689990],[318035,5690010],[318005,5690010],[318005,5689990]],[[318015,5689999],[318025,5689999],[318025,5690001],[318015,5690001],[318015,5689999]]]})", {1, 3});
    both("INTERSECTS", "MULTIPOINT((318000 5690000),(318080 5690000))", R"({"type":"MultiPoint","coordinates":[[318000,5690000],[318080,5690000]]})", {0, 8});
    both("INTERSECTS", "MULTILINESTRING((318000 5690000,318001 5690000),(318079 5690000,318090 5690000))", R"({"type":"MultiLineString","coordinates":[[[318000,5690000],[318001,5690000]],[[318079,5690000],[318090,5690000]]]})", {0, 8});
    both("INTERSECTS", "MULTIPOLYGON(((317999 5689999,318001 5689999,318001 5690001,317999 5689999)))", R"({"type":"MultiPolygon","coordinates":[[[[317999,5689999],[318001,5689999],[318001,5690001],[317999,5689999]]]]})", {0});
    both("INTERSECTS", "GEOMETRYCOLLECTION(POINT(318000 5690000),LINESTRING(318079 5690000,318090 5690000))",
         R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[318000,5690000]},{"type":"LineString","coordinates":[[318079,5690000],[318090,5690000]]}]})", {0, 8});
    both("INTERSECTS", "BBOX(318005,5689990,318025,5690010)", R"({"bbox":[318005,5689990,318025,5690010]})", {1, 2});
    both("WITHIN", "BBOX(318010,5689990,0,318025,5690010,9)", R"({"bbox":[318010,5689990,0,318025,5690010,9]})", {2});
    both("CONTAINS", "POINT(318020 5690000)", R"({"type":"Point","coordinates":[318020,5690000]})", {2});
    both("INTERSECTS", "POLYGON EMPTY", R"({"type":"Polygon","coordinates":[]})", none);
    both("CROSSES", "POINT(318020 5690000)", R"({"type":"Point","coordinates":[318020,5690000]})", none);
    both("OVERLAPS", "MULTIPOINT((318020 5690000),(0 0))", R"({"type":"MultiPoint","coordinates":[[318020,5690000],[0,0]]})", none);
    EXPECT_EQ(metres.text("S_WITHIN(POINT(318020 5690000), geom)"), (Rows{2})) << "the geometry may come first";
    EXPECT_EQ(metres.text("S_CONTAINS(POLYGON((318005 5689990,318015 5689990,318015 5690010,318005 5690010,318005 5689990)), geom)"), (Rows{1}));
}

// 2: the official order of axes, whatever parts the numbers
TEST(Cql2Text, TwoGeometriesOfTheFilterAreTrueOrFalseForAllRows)
{
    const FilterTown town(ten_places(), "EPSG:25833");
    const std::string square = "POLYGON((0 0,4 0,4 4,0 4,0 0))", beside = "POLYGON((4 0,8 0,8 4,4 4,4 0))", shifted = "POLYGON((2 0,6 0,6 4,2 4,2 0))", inner = "POLYGON((1 1,2 1,2 2,1 2,1 1))";
    const std::string line = "LINESTRING(-1 1,9 1)", gathering = "GEOMETRYCOLLECTION(POINT(9 9),POINT(1 1))";
    for (const auto& [a, b, names] : {std::tuple{square, square, std::set<std::string>{"INTERSECTS", "EQUALS", "CONTAINS", "WITHIN"}}, {square, beside, {"INTERSECTS", "TOUCHES"}},
                                      {square, shifted, {"INTERSECTS", "OVERLAPS"}}, {square, inner, {"INTERSECTS", "CONTAINS"}}, {inner, square, {"INTERSECTS", "WITHIN"}},
                                      {line, square, {"INTERSECTS", "CROSSES"}}, {square, std::string("POINT(9 9)"), {"DISJOINT"}}, {std::string("POINT(1 1)"), inner, {"INTERSECTS", "TOUCHES"}},
                                      {inner, std::string("BBOX(0,0,4,4)"), {"INTERSECTS", "WITHIN"}}, {square, std::string("POLYGON EMPTY"), {"DISJOINT"}}})
        for (const char* name : {"INTERSECTS", "EQUALS", "DISJOINT", "TOUCHES", "WITHIN", "OVERLAPS", "CROSSES", "CONTAINS"}) {
            const std::string condition = std::string("S_") + name + "(" + a + "," + b + ")";
            EXPECT_EQ(town.text(condition), names.contains(name) ? all : Rows{}) << condition;
            EXPECT_EQ(town.text("NOT " + condition), names.contains(name) ? Rows{} : all) << condition;
        }
    EXPECT_EQ(town.text("S_INTERSECTS(" + gathering + "," + square + ")"), all);
    EXPECT_EQ(town.text("S_DISJOINT(" + beside + "," + gathering + ")"), all);
    EXPECT_EQ(town.text("S_INTERSECTS(" + gathering + "," + gathering + ")"), all);
    EXPECT_EQ(town.json(R"({"op":"s_within","args":[{"type":"Point","coordinates":[1,2]},{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}]})"), all);
    EXPECT_EQ(refused([&] { town.text("S_WITHIN(" + square + "," + gathering + ")"); }), not_offered);
    EXPECT_EQ(refused([&] { town.text("S_WITHIN(" + square + ",n)"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("S_WITHIN(n," + square + ")"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("S_WITHIN(" + square + ",'x')"); }), wrong);
    std::string deep = "POINT(1 1)";
    for (int i = 0; i < 1000; ++i) deep = "GEOMETRYCOLLECTION(" + deep + ")";
    EXPECT_EQ(refused([&] { town.text("S_INTERSECTS(" + deep + ",POINT(1 1))"); }), wrong);
}

TEST(Cql2Text, PropertiesAreComparedWithPropertiesThatAreTheOtherSideToo)
{
    const FilterTown town;
    for (const char* name : {"INTERSECTS", "EQUALS", "CONTAINS", "WITHIN"}) {
        EXPECT_EQ(town.text(std::string("S_") + name + "(geom,geom)"), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8})) << name;
        EXPECT_EQ(town.text(std::string("NOT S_") + name + "(geom,geom)"), Rows{}) << name << ": of nothing nothing is known";
    }
    for (const char* name : {"DISJOINT", "TOUCHES", "OVERLAPS", "CROSSES"}) {
        EXPECT_EQ(town.text(std::string("S_") + name + "(geom,geom)"), Rows{}) << name;
        EXPECT_EQ(town.text(std::string("NOT S_") + name + "(geom,geom)"), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8})) << name;
    }
    EXPECT_EQ(town.text("n > h"), (Rows{1, 2, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("n = n"), (Rows{0, 1, 2, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("4 BETWEEN h AND n"), (Rows{5, 6, 7, 8}));
    EXPECT_EQ(town.text("n IN (h, 3 + 1)"), (Rows{0, 4}));
    EXPECT_EQ(town.text("name = \"a:b\""), Rows{});
    EXPECT_EQ(town.text("T_BEFORE(start, stop)"), (Rows{0, 1, 2, 3, 4, 5, 6, 9}));
    EXPECT_EQ(town.text("T_EQUALS(day, day)").size(), 9U);
}

TEST(Cql2Text, AxesHaveTheOrderOfTheCrs)
{
    const FilterTown official(ten_places(), "http://www.opengis.net/def/crs/EPSG/0/4326"), traditional(ten_places(), "OGC:CRS84");
    const Rows in_box{0, 1, 2, 3, 4, 5, 6, 7, 8};
    for (const char* blank : {" ", "\t", "\n", "\r\n", "  \t "}) {
        const std::string b = blank;
        EXPECT_EQ(official.text("S_INTERSECTS(geom, POLYGON((51" + b + "12,52" + b + "12,52" + b + "13,51" + b + "13,51" + b + "12)))"), in_box) << ::testing::PrintToString(b);
        EXPECT_EQ(traditional.text("S_INTERSECTS(geom, POLYGON((12" + b + "51,12" + b + "52,13" + b + "52,13" + b + "51,12" + b + "51)))"), in_box);
    }
    EXPECT_EQ(official.text("S_INTERSECTS(geom, BBOX(51,12,52,13))"), in_box);
    EXPECT_EQ(official.text("S_INTERSECTS(geom, BBOX(12,51,13,52))"), none);
    EXPECT_EQ(official.json(R"({"op":"s_intersects","args":[{"property":"geom"},{"bbox":[51,12,52,13]}]})"), in_box);
}

TEST(Cql2Text, NumbersAreReadWithoutLoss)
{
    const FilterTown town;
    EXPECT_EQ(town.text("big = 9007199254740993"), (Rows{1}));
    EXPECT_EQ(town.json(R"({"op":"=","args":[{"property":"big"},9007199254740993]})"), (Rows{1}));
    EXPECT_EQ(town.text("n = '1'"), (Rows{1}));
    EXPECT_EQ(town.text("n = 1.0"), (Rows{1}));
    EXPECT_EQ(town.text("n < 1e3"), (Rows{0, 1, 2, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("n < 99999999999999999999"), (Rows{0, 1, 2, 4, 5, 6, 7, 8, 9}));
    for (const char* bad : {"n = 1e999", "n = 1e", "n = 1..2", "n = 0x10", "n = 1 2", "n = 'one'", "n = nan", "name = 1", "day = DATE('2024-13-01')", "ok = 2"})
        EXPECT_EQ(refused([&] { town.text(bad); }), wrong) << bad;
}

// 4: 64 brackets, not 32
TEST(Cql2Text, DepthAndSizeHaveLimits)
{
    const FilterTown town;
    const auto brackets = [&](std::size_t depth) { return town.text(std::string(depth, '(') + "n = 1" + std::string(depth, ')')); };
    EXPECT_EQ(brackets(64), (Rows{1}));
    EXPECT_EQ(refused([&] { brackets(65); }), wrong);
    EXPECT_EQ(refused([&] { brackets(100'000); }), wrong);
    EXPECT_EQ(refused([&] { town.text(std::string(100'000, '(')); }), wrong);
    const auto repeated = [](const std::string& part, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += part;
        return text;
    };
    EXPECT_EQ(town.text(repeated("NOT ", 60) + "n = 1"), (Rows{1}));
    EXPECT_EQ(refused([&] { town.text(repeated("NOT ", 1000) + "n = 1"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("n = " + repeated("-", 1000) + "1"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("n = 2" + repeated("^2", 1000)); }), wrong);
    EXPECT_EQ(refused([&] { town.text("name = " + repeated("casei(", 1000) + "'a'" + std::string(1000, ')')); }), wrong);
    EXPECT_EQ(refused([&] { town.text("n = 1" + repeated(" OR n = 1", 20'000)); }), wrong);
    EXPECT_EQ(refused([&] { town.text("name = '" + std::string(300'000, 'x') + "'"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("S_INTERSECTS(geom, " + repeated("GEOMETRYCOLLECTION(", 1000) + "POINT(1 1)" + std::string(1000, ')') + ")"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("S_INTERSECTS(geom, LINESTRING(0 0" + repeated(",1 1", 70'000) + "))"); }), wrong);
}

TEST(Cql2Json, DepthHasLimitsToo)
{
    const FilterTown town;
    const auto nested = [&](std::size_t depth) {
        std::string text, end;
        for (std::size_t i = 0; i < depth; ++i) text += R"({"op":"not","args":[)", end += "]}";
        return town.json(text + R"({"op":"=","args":[{"property":"n"},1]})" + end);
    };
    EXPECT_EQ(nested(62), (Rows{1}));
    EXPECT_EQ(refused([&] { nested(64); }), wrong);
    EXPECT_EQ(refused([&] { nested(1'600); }), wrong);
    EXPECT_EQ(refused([&] { town.json(std::string(200'000, '[')); }), wrong);
    for (const char* bad : {"", "{", "n = 1", "null", "[]", "1", "\"a\"", R"({"op":"="})", R"({"op":"=","args":[1]})", R"({"op":"=","args":{}})", R"({"op":7,"args":[]})", R"({"op":"in","args":[{"property":"n"},1]})",
                            R"({"op":"like","args":[{"property":"name"},{"property":"name"}]})", R"({"op":"and","args":[true]})", R"({"op":"=","args":[{"property":"n"},null]})",
                            R"({"op":"s_intersects","args":[{"property":"geom"},{"type":"Point","coordinates":["1","2"]}]})", R"({"op":"s_intersects","args":[{"property":"geom"},{"type":"Circle","coordinates":[1,2]}]})",
                            R"({"op":"s_intersects","args":[{"property":"geom"},{"bbox":[1,2,3]}]})", R"({"op":"=","args":[{"property":"n"},1e400]})", R"({"op":"=","args":[{"date":"today"},{"property":"day"}]})"})
        EXPECT_EQ(refused([&] { town.json(bad); }), wrong) << bad;
    EXPECT_EQ(refused([&] { town.json(R"({"op":"sleep","args":[]})"); }), wrong);
}

TEST(Cql2Json, WhatIsNoConditionIsNamed)
{
    const FilterTown town;
    const auto told = [&](const std::string& cql2) {
        try {
            town.json(cql2);
        } catch (const ows::OwsException& error) {
            return error.message().en;
        }
        return std::string();
    };
    for (const char* name : {"casei", "accenti"})
        EXPECT_NE(told(std::string(R"({"op":")") + name + R"(","args":[{"property":"name"}]})").find("'" + std::string(name) + "(name)' is neither true nor false"), std::string::npos) << name;
    EXPECT_NE(told(R"({"op":"+","args":[{"property":"n"},1]})").find("'n + 1' is neither true nor false"), std::string::npos);
    EXPECT_NE(told(R"({"op":"div","args":[{"property":"n"},{"op":"*","args":[2,3]}]})").find("'n div (2 * 3)' is neither"), std::string::npos);
}

TEST(Cql2Text, WhatIsNoFilterIsRefused)
{
    const FilterTown town;
    for (const char* bad : {"", " ", "n", "n =", "= 1", "n = 1 AND", "n = 1)", "(n = 1", "n == 1", "n = 'a", "\"n = 1", "n != 1", "name ILIKE 'a'", "nothing = 1", "geom = 1", "n = geom", "n IN ()", "n IN 1", "n BETWEEN 1", "n IS 1",
                            "n LIKE 'a%'", "name LIKE name", "(1, 2) = 1", "A_EQUALS(name, ('a'))", "CASEI(n) = 'a'", "DATE('x') = day", "INTERVAL('2024-01-02','2024-01-01')", "T_AFTER(n, DATE('2024-01-01'))",
                            "T_AFTER(day, INTERVAL('2024-01-02','2024-01-01'))", "S_INTERSECTS(geom)", "S_INTERSECTS(geom, POINT(1))", "S_INTERSECTS(geom, POINT(1 2)", "S_INTERSECTS(geom, POLYGON((0 0)))", "S_INTERSECTS(name, POINT(1 2))",
                            "S_INTERSECTS(geom, POINT(nan 1))", "S_INTERSECTS(geom, BBOX(1,2,3))", "S_INTERSECTS(geom, BBOX(3,2,1,4))", "name + 1 = 2", "n = 1; DROP TABLE places", "n = 1 -- x", "n = 1 /* x */",
                            "name = 'b' ) and (select sqlite_version()", "name = 'x' UNION SELECT 1"})
        EXPECT_EQ(refused([&] { town.text(bad); }), wrong) << bad;
    for (const char* bad : {"eval('1') = 1", "strStartsWith(name,'x'') = true and 1=(SELECT CAST ((SELECT version()) AS INTEGER)) -- ')=true", "env('HOME') = 'x'", "exec(name) = 1"})
        EXPECT_NE(refused([&] { town.text(bad); }), "") << bad;
    EXPECT_EQ(refused([&] { town.text("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(1 2)))"); }), not_offered);
    EXPECT_EQ(refused([&] { town.text("A_EQUALS((name, name), (n, n))"); }), not_offered) << "3: fields in lists have no value";
}

// Values of a client that errors repeat are cut between characters, not within one.
TEST(Cql2Text, ErrorsRepeatWholeCharacters)
{
    const FilterTown town;
    for (const std::string before : {"", "a"}) {
        std::string value = before;
        while (value.size() < 100) value += "\xc3\xa4";
        for (const std::string& bad : {"day = DATE('" + value + "')", "start = TIMESTAMP('" + value + "')", "n = '" + value + "'", value + " = 1", "n = 1 " + value})
            EXPECT_EQ(refused([&] { town.text(bad); }), wrong) << bad;
        for (const std::string& bad : {"{\"" + value + "\":1}", "{\"op\":\"=\",\"args\":[{\"property\":\"n\"},\"" + value + "\"]}"})
            EXPECT_EQ(refused([&] { town.json(bad); }), wrong) << bad;
        EXPECT_EQ(refused([&] { town.xml("<fes:Intersects><fes:ValueReference>geom</fes:ValueReference><gml:Point><gml:" + value + "/></gml:Point></fes:Intersects>"); }), wrong);
        EXPECT_EQ(refused([&] { town.xml("<fes:" + value + "/>"); }), not_offered);
    }
}

// 11: what QGIS Server takes, and no more
TEST(Cql2Text, TheDialectOfQgisIsNarrow)
{
    const FilterTown town;
    const auto ask = [&](const char* text) { return town.text(text, ows::Cql2Dialect::qgis); };
    EXPECT_EQ(ask("\"n\" = 1"), (Rows{1}));
    EXPECT_EQ(ask("\"n\" != 1 AND \"n\" <= 2"), (Rows{0, 2}));
    EXPECT_EQ(ask("\"name\" ILIKE 'A%' OR \"name\" LIKE 'Li%'"), (Rows{0, 1, 6}));
    EXPECT_EQ(ask("NOT ( \"n\" IN ( 1 , 2 ) OR \"h\" > -3.5 )"), none);
    EXPECT_EQ(ask("\"name\" IS NULL OR \"n\" BETWEEN 8 AND 9"), (Rows{2, 8, 9}));
    EXPECT_EQ(ask("\"name\" = 'O''Brien'"), (Rows{4}));
    for (const char* bad : {"n = 1", "\"n\" + 1 = 2", "\"n\" = 2 * 3", "- \"n\" = 1", "CASEI(\"name\") = 'a'", "S_INTERSECTS(\"geom\", POINT(1 2))", "\"day\" = DATE('2024-01-01')", "A_EQUALS((1),(1))", "\"n\" = 2 ^ 2", "sleep(1) = 1"})
        EXPECT_EQ(refused([&] { ask(bad); }), wrong) << bad;
}

TEST(Cql2Text, TheExpressionsOfQgisHaveIds)
{
    const FilterTown town;
    const auto ask = [&](const char* text) { return town.text(text, ows::Cql2Dialect::qgis_expression); };
    EXPECT_EQ(ask("$id = 3"), (Rows{2})) << "ids count from 1";
    EXPECT_EQ(ask("$id IN ( 2 , 3 )"), (Rows{1, 2}));
    EXPECT_EQ(ask("($ID = '3') OR 4 = $id"), (Rows{2, 3}));
    EXPECT_EQ(ask("$id IN (1,2,3) AND n >= 1"), (Rows{1, 2})) << "names need no quotes";
    EXPECT_EQ(ask("$id NOT IN (1,2,3) AND $id <> 4 AND $id != 5 AND NOT $id = 6"), (Rows{6, 7, 8, 9}));
    EXPECT_EQ(ask("$id IN (2, 2, 2.5, 99)"), (Rows{1}));
    EXPECT_EQ(ask("\"name\" ILIKE '%pfel' AND \"n\" > '8'"), (Rows{9}));
    for (const char* bad : {"$id", "$id > 2", "$id LIKE '2'", "$id IS NULL", "$id = n", "$id = $id", "$id IN n", "$id IN ()", "$id IN ($id)", "n IN ($id)", "n < $id", "$id + 1 = 2", "$id()", "$ id = 1", "$",
                            "$geometry IS NULL", "$length > 1", "$idx = 1", "@layer = 1", "abs(n) = 1", "n = NULL", "nope = 1", "n = 1;", "n || 'x' = 'x'", "CASE WHEN n = 1 THEN 1 END = 1", "NOT", "ILIKE = 1",
                            "\"name\" ~ '.*'", "n + 1 = 2"})
        EXPECT_EQ(refused([&] { ask(bad); }), wrong) << bad;
    EXPECT_EQ(refused([&] { town.text("$id = 1", ows::Cql2Dialect::qgis); }), wrong) << "WMS has no ids there";
    EXPECT_EQ(refused([&] { town.text("$id = 1"); }), wrong);
    std::string many = "$id IN (1";
    for (int i = 0; i < 3000; ++i) many += ",1";
    EXPECT_EQ(refused([&] { ask((many + ")").c_str()); }), wrong);
}

}  // namespace
}  // namespace stadtgdi::testing
