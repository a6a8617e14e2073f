// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/demo/greenery.hpp>
#include <layers/demo/networks.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>
#include <map>
#include <numeric>

using namespace stadtgdi;
using namespace stadtgdi::demo;

TEST(Random, GivesThePublishedNumbersOfPcg32)
{
    // The reference implementation's demo: seed 42, stream 54 (pcg-c-basic).
    Random random(42, 54);
    const std::uint32_t expected[]{0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
    for (const std::uint32_t number : expected) EXPECT_EQ(random.next(), number);
}

TEST(Ring, InsetOfASquareIsTheSmallerSquare)
{
    const Ring square{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    EXPECT_DOUBLE_EQ(area(square), 100);
    EXPECT_DOUBLE_EQ(area(inset(square, 2)), 36);
    EXPECT_TRUE(inset(square, 5).empty());
    EXPECT_DOUBLE_EQ(edge_distance(square, {3, 5}), 3);
}

TEST(Plan, BlocksAreConvexAndFillTheCity)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 7, run);
    double blocks = 0;
    for (const Block& block : plan.blocks) {
        blocks += area(block.outline);
        for (std::size_t i = 0; i < block.outline.size(); ++i) {
            const Vec a = block.outline[i], b = block.outline[(i + 1) % block.outline.size()], c = block.outline[(i + 2) % block.outline.size()];
            EXPECT_GE(cross(unit(b - a), unit(c - b)), -1e-9);
        }
        EXPECT_GE(block.district, 0);
    }
    Ring outline;
    for (int s = 0; s < 48; ++s) outline.push_back(plan.streets[static_cast<std::size_t>(s)].from);
    EXPECT_NEAR(blocks, area(outline), 1e-3);
    EXPECT_GT(plan.blocks.size(), 150U);
}

TEST(Plan, WorksForManySeeds)
{
    base::RunContext run;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Plan plan = make_plan(20'000 + static_cast<std::int64_t>(seed) * 3000, seed, run);
        for (const Block& block : plan.blocks) {
            ASSERT_GE(block.district, 0) << seed;
            ASSERT_LT(area(block.outline), 200'000) << seed;
        }
        for (const District& district : plan.districts) ASSERT_GE(district.borough, 0) << seed;
    }
}

TEST(Plan, EveryStreetPieceJoinsTwoJunctions)
{
    base::RunContext run;
    const Plan plan = make_plan(30'000, 3, run);
    for (const Edge& edge : edges_of(plan)) {
        ASSERT_GE(edge.from, 0);
        ASSERT_GE(edge.to, 0);
        EXPECT_EQ(edge.places.front().x, plan.nodes[static_cast<std::size_t>(edge.from)].place.x);
        EXPECT_EQ(edge.places.back().y, plan.nodes[static_cast<std::size_t>(edge.to)].place.y);
    }
}

TEST(Plan, TheStreetNetworkIsConnected)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 5, run);
    std::vector<int> group(plan.nodes.size());
    std::iota(group.begin(), group.end(), 0);
    const auto root = [&](int i) {
        while (group[static_cast<std::size_t>(i)] != i) i = group[static_cast<std::size_t>(i)] = group[static_cast<std::size_t>(group[static_cast<std::size_t>(i)])];
        return i;
    };
    for (const Edge& edge : edges_of(plan)) group[static_cast<std::size_t>(root(edge.from))] = root(edge.to);
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) EXPECT_EQ(root(static_cast<int>(i)), root(0)) << i;
}

TEST(Houses, LieOnTheirBlockAndHoldAllInhabitants)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 1, run);
    const auto houses = make_houses(plan, 20'000);
    std::int64_t people = 0;
    for (const House& house : houses) {
        people += house.inhabitants;
        const Ring& land = plan.blocks[static_cast<std::size_t>(house.block)].land;
        for (const Vec& corner : house.corners)
            for (std::size_t i = 0; i < land.size(); ++i)
                EXPECT_GE(cross(unit(land[(i + 1) % land.size()] - land[i]), corner - land[i]), -0.05);
    }
    EXPECT_EQ(people, 20'000);
}

TEST(Plan, LargeParksHaveAWayAllRound)
{
    base::RunContext run;
    const Plan plan = make_plan(60'000, 1, run);
    int rounds = 0;
    for (const Block& block : plan.blocks) {
        if (block.use != LandUse::park || area(block.outline) < 25'000) continue;
        // More paths than gates: those all round. Each meets the others at both of its ends.
        int gates = 0;
        for (const int street : block.paths) {
            const Street& path = plan.streets[static_cast<std::size_t>(street)];
            EXPECT_EQ(path.kind, StreetKind::path);
            gates += norm(path.to - centre(block.outline)) < 0.01;
            EXPECT_GT(plan.nodes[static_cast<std::size_t>(path.stops.front().node)].degree, 1);
            EXPECT_GT(plan.nodes[static_cast<std::size_t>(path.stops.back().node)].degree, 1);
        }
        rounds += static_cast<int>(block.paths.size()) > gates + 2;
    }
    EXPECT_GT(rounds, 0);
}

TEST(Networks, SewersNeverBecomeNarrowerOnTheirWay)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 1, run);
    const auto edges = edges_of(plan);
    const auto networks = make_networks(plan, edges, make_houses(plan, 20'000), 2026);
    std::map<int, double> in, out;
    for (const Pipe& pipe : networks.pipes) {
        if (pipe.medium != Medium::sewage) continue;
        EXPECT_GE(networks.nodes[static_cast<std::size_t>(pipe.from)].invert_m, networks.nodes[static_cast<std::size_t>(pipe.to)].invert_m);
        in[pipe.to] = std::max(in[pipe.to], pipe.diameter_mm);
        out[pipe.from] = std::max(out[pipe.from], pipe.diameter_mm);
    }
    for (const auto& [node, diameter] : in)
        if (out.contains(node)) {
            EXPECT_GE(out[node], diameter);
        }
}

TEST(Trees, StandNeitherBeforeDoorsNorInTheCarriageway)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 1, run);
    const auto houses = make_houses(plan, 20'000);
    std::map<int, std::vector<const House*>> of_street;
    for (const House& house : houses)
        if (house.number > 0) of_street[house.street].push_back(&house);
    for (const Tree& tree : make_greenery(plan, houses, 10'000, 2026).trees) {
        if (tree.street < 0) continue;
        const Street& street = plan.streets[static_cast<std::size_t>(tree.street)];
        const Vec along = unit(street.to - street.from);
        const double off = cross(along, tree.place - street.from);
        EXPECT_GT(std::abs(off), street.kind == StreetKind::residential ? 4.0 : 6.0);
        EXPECT_LT(std::abs(off), street.width_m / 2 - 2);
        for (const House* house : of_street[tree.street])
            if (off * cross(along, house->door - street.from) > 0) {
                EXPECT_GT(std::abs(dot(house->door - tree.place, along)), 2.0);
            }
    }
}

TEST(Trees, DoNotStandInHouses)
{
    base::RunContext run;
    const Plan plan = make_plan(20'000, 1, run);
    const auto houses = make_houses(plan, 20'000);
    const auto green = make_greenery(plan, houses, 10'000, 2026);
    EXPECT_NEAR(static_cast<double>(green.trees.size()), 10'000, 2'500);
    std::vector<std::vector<const House*>> of_block(plan.blocks.size());
    for (const House& house : houses) of_block[static_cast<std::size_t>(house.block)].push_back(&house);
    for (const Tree& tree : green.trees) {
        if (tree.block < 0) continue;
        for (const House* house : of_block[static_cast<std::size_t>(tree.block)]) {
            bool in = true;
            for (std::size_t i = 0; i < 4; ++i) in = in && cross(house->corners[(i + 1) % 4] - house->corners[i], tree.place - house->corners[i]) > 0;
            EXPECT_FALSE(in);
        }
    }
}
