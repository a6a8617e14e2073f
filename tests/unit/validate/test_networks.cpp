// SPDX-License-Identifier: GPL-2.0-or-later
#include "checked.hpp"

#include <map>

using Found = std::vector<std::string>;

namespace {

Row node(const std::string& uuid, const std::string& medium, const std::string& type, const std::string& at, std::map<std::string, std::string> more = {})
{
    more.insert({{"uuid", uuid}, {"medium", medium}, {"node_type", type}});
    return {more, "POINT (" + at + ")"};
}

Row line(const std::string& medium, const std::string& from, const std::string& to, const std::string& places, std::map<std::string, std::string> more = {})
{
    more.insert({{"medium", medium}, {"from_node", from}, {"to_node", to}});
    return {more, "LINESTRING (" + places + ")"};
}

Store network(const std::vector<Row>& nodes, const std::vector<Row>& lines)
{
    return {{"utilities_node", make_layer("utilities_node", nodes)}, {"utilities_line", make_layer("utilities_line", lines)}};
}

}  // namespace

TEST(Utilities, V203FindsEndsThatNearlyMeet)
{
    // a and b are 3 cm apart; c, of another medium, d, in a distance of 6 cm, and e, joined to a by a line, are fine.
    const Store store = network({node("a", "gas", "junction", "0 0"), node("b", "gas", "junction", "0.03 0"), node("c", "water", "junction", "0.03 0"), node("d", "gas", "junction", "0 0.06"),
                                 node("e", "gas", "valve", "-0.04 0"), {{{"uuid", "f"}, {"medium", "gas"}}, ""}},
                                {line("gas", "a", "e", "0 0, -0.04 0"), line("gas", "a", "b", "0 0, 10 0", {{"status", "removed"}})});
    EXPECT_EQ(found(store, {"V203"}), Found{});  // a removed line still says that a and b are two
    const Store apart = network({node("a", "gas", "junction", "0 0"), node("b", "gas", "junction", "0.03 0"), node("c", "water", "junction", "0.03 0"), node("d", "gas", "junction", "0 0.06")}, {line("gas", "a", "d", "0 0, 0 0.06")});
    EXPECT_EQ(found(apart, {"V203"}), Found{"V203 error 1 geom"});
}

TEST(Utilities, V203LooksAtEndsWithoutANode)
{
    const Store store = network({}, {line("heat", "", "", "0 0, 100 0", {{"sub_medium", "flow"}}), line("heat", "", "", "100.02 0, 200 0", {{"sub_medium", "flow"}}), line("heat", "", "", "200 0, 300 0", {{"sub_medium", "flow"}})});
    EXPECT_EQ(found(store, {"V203"}), Found{"V203 error 1 from_node"});
}

TEST(Utilities, V204FindsNodesBesideALine)
{
    // b lies 2 cm off the middle of the line a-z, c 10 cm; d is 2 cm from its end; e is of another medium; cables share trenches.
    const Store store = network({node("a", "gas", "junction", "0 0"), node("z", "gas", "junction", "100 0"), node("b", "gas", "valve", "50 0.02"), node("c", "gas", "valve", "60 0.1"),
                                 node("d", "gas", "valve", "99.98 0"), node("e", "water", "valve", "50 0.02"), node("f", "electricity", "junction", "50 200.01")},
                                {line("gas", "a", "z", "0 0, 100 0"), line("electricity", "f", "", "0 200, 100 200")});
    EXPECT_EQ(found(store, {"V204"}), Found{"V204 error 2 geom"});
}

TEST(Utilities, V204AcceptsHouseConnectionsOnASewer)
{
    const Store store = network({node("a", "sewage", "manhole", "0 0"), node("z", "sewage", "manhole", "100 0"), node("h", "sewage", "house_connection", "50 0.01"), node("m", "sewage", "manhole", "60 0.01")},
                                {line("sewage", "a", "z", "0 0, 100 0")});
    EXPECT_EQ(found(store, {"V204"}), Found{"V204 error 3 geom"});
}

TEST(Utilities, V205FindsCrossingsAtOneLevel)
{
    const std::string across = "50 -10, 50 10";
    const Store store = network({}, {line("gas", "", "", "0 0, 100 0"), line("gas", "", "", across), line("gas", "", "", across, {{"level", "1"}}), line("water", "", "", across), line("gas", "", "", "50 0, 50 10"),
                                     line("electricity", "", "", "0 0, 100 0"), line("electricity", "", "", across), line("gas", "", "", "60 -10, 60 10", {{"status", "abandoned"}})});
    EXPECT_EQ(found(store, {"V205"}), Found{"V205 warning 1 geom"});
}

TEST(Utilities, V205KnowsThatSewersCrossAtDifferentHeights)
{
    // In the middle of both: 10.5 m against 10.9 m and, in the second pair, 10.45 m.
    const auto sewers = [](const std::string& from, const std::string& to) {
        return network({}, {line("sewage", "", "", "0 0, 100 0", {{"invert_from_m", "11"}, {"invert_to_m", "10"}}), line("sewage", "", "", "50 -10, 50 10", {{"invert_from_m", from}, {"invert_to_m", to}})});
    };
    EXPECT_EQ(found(sewers("11", "10.8"), {"V205"}), Found{});
    EXPECT_EQ(found(sewers("10.5", "10.4"), {"V205"}), Found{"V205 warning 1 geom"});
}

TEST(Utilities, V206FindsEndsAtNothing)
{
    // s-a-b: b is a mere junction. The frame lines keep the network's extent away from it.
    const std::vector<Row> nodes = {node("s", "gas", "source", "0 0", {{"is_source", "true"}}), node("a", "gas", "junction", "50 50"), node("b", "gas", "junction", "90 50"), node("h", "gas", "house_connection", "50 90"),
                                    node("e", "gas", "junction", "200 50")};
    const std::vector<Row> lines = {line("gas", "s", "a", "0 0, 50 50"), line("gas", "a", "b", "50 50, 90 50"), line("gas", "a", "h", "50 50, 50 90"), line("gas", "a", "e", "50 50, 200 50"), line("gas", "", "", "0 -100, 0 200"),
                                    line("gas", "a", "", "50 50, 70 70"), line("gas", "a", "", "50 50, 75 60", {{"function", "service"}})};
    // e ends at the edge of the plan; a free end is told at the line, one of a service connection is not told.
    EXPECT_EQ(found(network(nodes, lines), {"V206"}), (Found{"V206 warning 5 to_node", "V206 warning 2 node_type"}));
}

TEST(Utilities, V206JoinsBranchesThatAreOnlyDrawn)
{
    const Store store = network({}, {line("heat", "", "", "0 0, 100 0, 100 100"), line("heat", "", "", "50 0, 50 50"), line("heat", "", "", "50 50, 60 100")});
    EXPECT_EQ(found(store, {"V206"}), Found{});
    const Store loose = network({}, {line("heat", "", "", "0 0, 100 0, 100 100"), line("heat", "", "", "50 0.2, 50 50"), line("heat", "", "", "50 50, 60 100")});
    EXPECT_EQ(found(loose, {"V206"}), Found{});  // 0.2 m from the edge of the plan: cut there
    const Store inside = network({}, {line("heat", "", "", "0 -9, 0 0, 100 0, 100 100"), line("heat", "", "", "50 0.2, 50 50"), line("heat", "", "", "50 50, 60 100")});
    EXPECT_EQ(found(inside, {"V206"}), Found{"V206 warning 1 from_node"});
}

TEST(Utilities, V207FindsNodesThatOnlyDivideALine)
{
    const std::vector<Row> nodes = {node("a", "gas", "end", "0 0"), node("b", "gas", "junction", "10 0"), node("c", "gas", "junction", "20 0"), node("d", "gas", "valve", "30 0"), node("e", "gas", "end", "40 0")};
    const std::vector<Row> lines = {line("gas", "a", "b", "0 0, 10 0", {{"diameter_mm", "100"}}), line("gas", "b", "c", "10 0, 20 0", {{"diameter_mm", "100"}}), line("gas", "c", "d", "20 0, 30 0", {{"diameter_mm", "80"}}),
                                    line("gas", "d", "e", "30 0, 40 0", {{"diameter_mm", "80"}})};
    EXPECT_EQ(found(network(nodes, lines), {"V207"}), Found{"V207 info 1 node_type"});
}

TEST(Utilities, V207SaysOnceWhatHoldsForAWholeDelivery)
{
    std::vector<Row> nodes, lines;
    for (int i = 0; i <= 110; ++i) {
        nodes.push_back(node("n" + std::to_string(i), "gas", "junction", std::to_string(i * 10) + " 0"));
        if (i > 0)
            lines.push_back(line("gas", "n" + std::to_string(i - 1), "n" + std::to_string(i), std::to_string(i * 10 - 10) + " 0, " + std::to_string(i * 10) + " 0"));
    }
    EXPECT_EQ(found(network(nodes, lines), {"V207"}), Found{"V207 info -1 node_type"});
}

TEST(Utilities, V208AndV225FollowTheLinesFromTheSource)
{
    // s-a-h is fed through a closed valve; b-i is cut off, its line c-b has been removed; j hangs on nothing.
    const std::vector<Row> nodes = {node("s", "water", "source", "0 0", {{"is_source", "true"}}), node("a", "water", "valve", "10 0", {{"state", "closed"}}), node("h", "water", "house_connection", "20 0"),
                                    node("b", "water", "junction", "30 0"), node("i", "water", "house_connection", "40 0"), node("j", "water", "house_connection", "90 90"),
                                    node("k", "gas", "house_connection", "90 80"), node("l", "water", "house_connection", "91 90", {{"status", "planned"}})};
    const std::vector<Row> lines = {line("water", "s", "a", "0 0, 10 0"), line("water", "a", "h", "10 0, 20 0"), line("water", "h", "b", "20 0, 30 0", {{"status", "removed"}}), line("water", "b", "i", "30 0, 40 0")};
    EXPECT_EQ(found(network(nodes, lines), {"V208"}), Found{"V208 warning 3 from_node"});
    EXPECT_EQ(found(network(nodes, lines), {"V225"}), (Found{"V225 error 4 node_type", "V225 error 5 node_type"}));
}

TEST(Utilities, V208TakesTheLargestPartForTheNetworkWhereNoSourceIsKnown)
{
    const Store store = network({}, {line("telecom", "", "", "0 0, 10 0"), line("telecom", "", "", "100 0, 200 0"), line("telecom", "", "", "200 0, 300 0"), line("telecom", "", "", "0 50, 10 50", {{"operator", "another"}})});
    EXPECT_EQ(found(store, {"V208"}), Found{"V208 warning 0 from_node"});
}

TEST(Utilities, V225AcceptsLoadsThatStandOnANodeOfTheNetwork)
{
    const std::vector<Row> nodes = {node("s", "electricity", "transformer", "0 0", {{"is_source", "true"}}), node("a", "electricity", "junction", "0 0"), node("b", "electricity", "junction", "50 0"),
                                    node("h", "electricity", "house_connection", "50 0")};
    EXPECT_EQ(found(network(nodes, {line("electricity", "a", "b", "0 0, 50 0")}), {"V225"}), Found{});
}

TEST(Utilities, V210LooksForTheDirectionOfSewers)
{
    const std::string place = "0 0, 1 1";
    EXPECT_EQ(found(network({}, {line("sewage", "", "", place, {{"flow_dir", "forward"}}), line("sewage", "", "", place, {{"flow_dir", "both"}}), line("sewage", "", "", place), line("sewage", "", "", place, {{"pressure_bar", "2"}}),
                                 line("water", "", "", place, {{"flow_dir", "both"}})}),
                    {"V210"}),
              (Found{"V210 error 1 flow_dir", "V210 warning 2 flow_dir"}));
}

TEST(Utilities, V212ComparesWithTheWidestSewerAbove)
{
    const std::vector<Row> nodes = {node("a", "sewage", "manhole", "0 0"), node("b", "sewage", "manhole", "10 0"), node("c", "sewage", "manhole", "20 0"), node("d", "sewage", "manhole", "10 10")};
    const auto lines = [](const std::string& below) {
        return std::vector<Row>{line("sewage", "a", "b", "0 0, 10 0", {{"flow_dir", "forward"}, {"diameter_mm", "400"}}), line("sewage", "b", "c", "10 0, 20 0", {{"flow_dir", "forward"}, {"diameter_mm", below}}),
                                line("sewage", "b", "d", "10 0, 10 10", {{"flow_dir", "backward"}, {"diameter_mm", "300"}})};
    };
    EXPECT_EQ(found(network(nodes, lines("400")), {"V212"}), Found{});
    EXPECT_EQ(found(network(nodes, lines("350")), {"V212"}), Found{"V212 warning 1 diameter_mm"});
    EXPECT_EQ(found(network(nodes, lines("")), {"V212"}), Found{});
}

TEST(Utilities, V214ComparesInvertAndCover)
{
    const std::vector<Row> nodes = {node("a", "sewage", "manhole", "0 0", {{"invert_m", "100"}, {"cover_m", "102"}}), node("b", "sewage", "manhole", "10 0", {{"invert_m", "103"}, {"cover_m", "102"}}),
                                    node("c", "sewage", "manhole", "20 0", {{"invert_m", "91"}, {"cover_m", "102"}}), node("d", "sewage", "manhole", "30 0", {{"invert_m", "91"}})};
    const std::vector<Row> lines = {line("sewage", "a", "d", "0 0, 30 0", {{"invert_from_m", "102.5"}, {"invert_to_m", "200"}}), line("sewage", "a", "d", "0 0, 30 0", {{"invert_from_m", "92"}})};
    EXPECT_EQ(found(network(nodes, lines), {"V214"}), (Found{"V214 warning 0 invert_from_m", "V214 warning 1 invert_m", "V214 warning 2 invert_m"}));
}

TEST(Disclosure, V227FindsObjectsThatAskForMoreProtection)
{
    const Store store = {{"trees_tree", make_layer("trees_tree", {{{}, "POINT (0 0)"}, {{{"disclosure_class", "internal"}}, "POINT (9 0)"}})},
                         {"utilities_node", make_layer("utilities_node", {node("a", "gas", "valve", "0 0"), node("b", "gas", "valve", "5 0", {{"disclosure_class", "public"}})})}};
    EXPECT_EQ(found(store, {"V227"}), Found{"V227 error 1 disclosure_class"});
}
