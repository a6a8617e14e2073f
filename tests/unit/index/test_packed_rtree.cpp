// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <layers/index/packed_rtree.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace stadtgdi;
using index::PackedRTree;
using table::Box;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// Boxes on whole numbers, so that touching, equal and doubled ones are common; every tenth is unusable.
std::vector<Box> random_boxes(std::size_t n, std::mt19937& random, int world = 100, int size = 6)
{
    std::vector<Box> out;
    for (std::size_t i = 0; i < n; ++i) {
        const auto number = [&](int below) { return static_cast<double>(random() % static_cast<unsigned>(below)); };
        const double x = number(world), y = number(world);
        out.push_back({x, y, x + number(size), y + number(size)});
        if (random() % 10 == 0) out.back() = random() % 2 == 0 ? Box::none() : Box{std::nan(""), y, std::nan(""), y};
    }
    return out;
}

double distance(const Box& box, double x, double y)
{
    const double dx = x < box.xmin ? box.xmin - x : x > box.xmax ? x - box.xmax : 0, dy = y < box.ymin ? box.ymin - y : y > box.ymax ? y - box.ymax : 0;
    return std::sqrt(dx * dx + dy * dy);
}

constexpr std::size_t sizes[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, 4097, 30000};

}  // namespace

TEST(PackedRTree, FindsWhatBruteForceFinds)
{
    std::mt19937 random(1);
    base::RunContext run(2);
    for (const std::size_t n : sizes) {
        const auto boxes = random_boxes(n, random);
        const PackedRTree tree(boxes, run);
        for (int query = 0; query < 40; ++query) {
            const Box box = random_boxes(1, random, 100, query % 4 == 0 ? 1 : 60)[0];
            std::vector<std::int64_t> expected;
            for (std::size_t i = 0; i < n; ++i)
                if (!boxes[i].empty() && boxes[i].intersects(box)) expected.push_back(static_cast<std::int64_t>(i));
            ASSERT_EQ(tree.search(box), expected) << n;
            std::vector<std::int64_t> visited;
            tree.visit(box, [&](std::int64_t row) {
                visited.push_back(row);
                return true;
            });
            std::sort(visited.begin(), visited.end());
            ASSERT_EQ(visited, expected);
        }
        const auto usable = std::count_if(boxes.begin(), boxes.end(), [](const Box& b) { return !b.empty(); });
        EXPECT_EQ(tree.size(), static_cast<std::size_t>(usable));
        EXPECT_EQ(tree.search({-1e9, -1e9, 1e9, 1e9}).size(), tree.size());
    }
}

TEST(PackedRTree, WithinAndNearestAgreeWithBruteForceAlsoInTies)
{
    std::mt19937 random(2);
    base::RunContext run(2);
    for (const std::size_t n : sizes) {
        const auto boxes = random_boxes(n, random);
        const PackedRTree tree(boxes, run);
        for (int query = 0; query < 30; ++query) {
            const double x = static_cast<double>(random() % 120) - 10, y = static_cast<double>(random() % 120) - 10;
            std::vector<std::pair<double, std::int64_t>> all;
            for (std::size_t i = 0; i < n; ++i)
                if (!boxes[i].empty()) all.emplace_back(distance(boxes[i], x, y), static_cast<std::int64_t>(i));
            std::vector<std::int64_t> near;
            for (const auto& [d, row] : all)
                if (d <= 13) near.push_back(row);
            ASSERT_EQ(tree.within(x, y, 13), near);
            std::sort(all.begin(), all.end());
            for (const std::size_t k : {std::size_t{1}, std::size_t{7}, n + 5}) {
                const auto found = tree.nearest(x, y, k);
                ASSERT_EQ(found.size(), std::min(k, all.size()));
                for (std::size_t i = 0; i < found.size(); ++i) {
                    ASSERT_EQ(found[i].row, all[i].second);
                    ASSERT_EQ(found[i].distance_m, all[i].first);
                }
            }
            // A distance of its own, larger than that to the box, reverses ties and order.
            const auto farther = [&](std::int64_t row) { return distance(boxes[static_cast<std::size_t>(row)], x, y) + static_cast<double>(row % 7); };
            for (auto& [d, row] : all) d = farther(row);
            std::sort(all.begin(), all.end());
            const auto found = tree.nearest(x, y, 9, 20, farther);
            std::size_t i = 0;
            for (; i < all.size() && i < 9 && all[i].first <= 20; ++i) ASSERT_EQ(found.at(i).row, all[i].second);
            ASSERT_EQ(found.size(), i);
        }
    }
}

TEST(PackedRTree, ManyEqualPointsComeInRowOrder)
{
    base::RunContext run(1);
    const PackedRTree tree(std::vector<Box>(100, Box{5, 5, 5, 5}), run);
    const auto found = tree.nearest(0, 0, 3);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[2].row, 2);
    EXPECT_EQ(tree.search({5, 5, 5, 5}).size(), 100U);
    EXPECT_EQ(tree.within(5, 9, 4).size(), 100U);
    EXPECT_EQ(tree.extent(), (Box{5, 5, 5, 5}));
}

TEST(PackedRTree, EmptyTreesAnswerWithNothing)
{
    base::RunContext run(1);
    for (const PackedRTree& tree : {PackedRTree(), PackedRTree(std::vector<Box>{}, run), PackedRTree(std::vector<Box>{Box::none()}, run)}) {
        EXPECT_EQ(tree.size(), 0U);
        EXPECT_TRUE(tree.extent().empty());
        EXPECT_THAT(tree.search({-1, -1, 1, 1}), IsEmpty());
        EXPECT_THAT(tree.within(0, 0, 1e9), IsEmpty());
        EXPECT_THAT(tree.nearest(0, 0, 3), IsEmpty());
        EXPECT_TRUE(tree.covered_by({0, 0, 1, 1}));
    }
}

TEST(PackedRTree, LeavesNullAndEmptyRowsOut)
{
    table::GeometryBuilder b(table::GeometryKind::line, "EPSG:25833");
    b.add_null();
    b.begin_row();
    b.add(1, 1);
    b.add(3, 2);
    b.begin_row();
    base::RunContext run(1);
    const PackedRTree tree(std::move(b).finish(), run);
    EXPECT_EQ(tree.size(), 1U);
    EXPECT_THAT(tree.search({0, 0, 9, 9}), ElementsAre(1));
    EXPECT_TRUE(tree.covered_by({1, 1, 3, 2}));
    EXPECT_FALSE(tree.covered_by({1, 1, 3, 1.9}));
}

TEST(PackedRTree, VisitingStopsWhenAsked)
{
    base::RunContext run(1);
    const PackedRTree tree(std::vector<Box>(1000, Box{0, 0, 1, 1}), run);
    int visits = 0;
    tree.visit({0, 0, 1, 1}, [&](std::int64_t) { return ++visits < 5; });
    EXPECT_EQ(visits, 5);
}

TEST(PackedRTree, IsTheSameForAnyThreadCount)
{
    std::mt19937 random(3);
    const auto boxes = random_boxes(50000, random, 1000);
    base::RunContext one(1), many(4);
    const PackedRTree a(boxes, one), b(boxes, many);
    std::vector<std::int64_t> order_a, order_b;
    a.visit(a.extent(), [&](std::int64_t row) { return order_a.push_back(row), true; });
    b.visit(b.extent(), [&](std::int64_t row) { return order_b.push_back(row), true; });
    EXPECT_EQ(order_a, order_b);
}
