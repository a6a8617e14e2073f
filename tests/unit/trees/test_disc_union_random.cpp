// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace stadtgdi;
using support::box_wkt;
using support::Discs;
using support::polygons;

namespace {

Discs random_discs(std::mt19937& random, int count, double side, double max_radius)
{
    std::uniform_real_distribution<double> place(0, side), radius(0.3, max_radius);
    Discs discs;
    for (int i = 0; i < count; ++i) discs.add(place(random), place(random), radius(random));
    return discs;
}

/// Whole numbers: equal radii, touching circles, common centres and corners on circles are frequent.
Discs random_lattice_discs(std::mt19937& random, int count, int side)
{
    std::uniform_int_distribution<int> place(0, side), radius(1, 5);
    Discs discs;
    for (int i = 0; i < count; ++i) discs.add(place(random), place(random), radius(random));
    return discs;
}

bool covered(const Discs& discs, double x, double y)
{
    for (std::size_t i = 0; i < discs.size(); ++i)
        if (std::hypot(discs.x[i] - x, discs.y[i] - y) <= discs.r[i]) return true;
    return false;
}

/// Area by fine horizontal lines, each cut exactly: the error falls with the square of their distance or faster.
double area_by_lines(const Discs& discs, double x0, double y0, double x1, double y1, int lines)
{
    double sum = 0;
    const double step = (y1 - y0) / lines;
    for (int line = 0; line < lines; ++line) {
        const double y = y0 + (line + 0.5) * step;
        std::vector<std::pair<double, double>> pieces;
        for (std::size_t i = 0; i < discs.size(); ++i) {
            const double dy = discs.y[i] - y;
            if (std::abs(dy) >= discs.r[i]) continue;
            const double half = std::sqrt(discs.r[i] * discs.r[i] - dy * dy);
            pieces.emplace_back(std::max(x0, discs.x[i] - half), std::min(x1, discs.x[i] + half));
        }
        std::sort(pieces.begin(), pieces.end());
        double done = x0;
        for (const auto& [from, to] : pieces) {
            sum += std::max(0.0, to - std::max(done, from)) * step;
            done = std::max(done, to);
        }
    }
    return sum;
}

}  // namespace

TEST(DiscUnionRandom, agrees_with_an_area_by_fine_lines)
{
    std::mt19937 random(1);
    for (int round = 0; round < 30; ++round) {
        const Discs discs = round % 2 == 0 ? random_discs(random, 5 + 10 * round, 60, 6) : random_lattice_discs(random, 5 + 6 * round, 60);
        const double expected = area_by_lines(discs, 10, 10, 50, 47, 40000);
        EXPECT_NEAR(discs.within(box_wkt(10, 10, 50, 47)).union_m2, expected, 2e-3) << round;
    }
}

TEST(DiscUnionRandom, agrees_with_darts_thrown_at_a_polygon_with_a_hole)
{
    std::mt19937 random(2);
    const Discs discs = random_discs(random, 60, 40, 5);
    const std::string wkt = "POLYGON ((2 3, 35 1, 38 30, 20 38, 5 33, 2 3), (15 15, 25 14, 22 26, 15 15))";
    const auto zone = polygons({wkt});
    const trees::ZonePolygon polygon(zone, 0);
    std::uniform_real_distribution<double> place(0, 40);
    int hits = 0;
    constexpr int darts = 400000;
    for (int i = 0; i < darts; ++i) {
        const double x = place(random), y = place(random);
        hits += polygon.contains(x - polygon.origin_x(), y - polygon.origin_y()) && covered(discs, x, y);
    }
    const double share = static_cast<double>(hits) / darts, sigma = 1600 * std::sqrt(share * (1 - share) / darts);
    EXPECT_NEAR(discs.within(wkt).union_m2, 1600 * share, 5 * sigma);
}

TEST(DiscUnionRandom, is_what_geos_buffers_converge_to)
{
    std::mt19937 random(3);
    const Discs discs = random_discs(random, 40, 50, 6);
    base::RunContext run(1);
    table::GeometryBuilder points(table::GeometryKind::point, "EPSG:25833");
    for (std::size_t i = 0; i < discs.size(); ++i) points.add_point(discs.x[i], discs.y[i]);
    const auto centres = std::move(points).finish();
    const std::string wkt = "POLYGON ((5 5, 45 8, 40 44, 8 40, 5 5), (20 20, 30 20, 30 30, 20 30, 20 20))";
    const auto zone = polygons({wkt});
    const double exact = discs.within(wkt).union_m2;
    double last_gap = 1e9;
    for (const int segments : {8, 32, 64, 256}) {
        const auto crowns = geometry::unioned(geometry::buffered(centres, discs.r, segments, run), run);
        const double gap = exact - geometry::intersection_area(crowns, 0, zone, 0);
        EXPECT_GT(gap, 0) << "inscribed polygons are smaller";
        EXPECT_LT(gap, last_gap);
        last_gap = gap;
    }
    EXPECT_LT(last_gap / exact, 2e-5);
}

TEST(DiscUnionRandom, is_bit_for_bit_the_same_in_any_order_and_with_any_number_of_threads)
{
    std::mt19937 random(4);
    const Discs discs = random_discs(random, 5000, 400, 5);
    const auto zones = polygons({box_wkt(0, 0, 200, 200), "POLYGON ((10 10, 390 50, 380 380, 30 300, 10 10))"});
    base::RunContext one(1), four(4);
    const auto expected = discs.united(1).within_each(zones, one);
    std::vector<std::size_t> order(discs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < 3; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        Discs shuffled;
        for (const std::size_t i : order) shuffled.add(discs.x[i], discs.y[i], discs.r[i]);
        const auto found = shuffled.united(4).within_each(zones, four);
        for (std::size_t zone = 0; zone < found.size(); ++zone) {
            EXPECT_EQ(found[zone].union_m2, expected[zone].union_m2);
            EXPECT_EQ(found[zone].sum_m2, expected[zone].sum_m2);
            EXPECT_EQ(found[zone].discs, expected[zone].discs);
        }
    }
}

TEST(DiscUnionRandom, does_not_change_by_duplicates_and_hidden_discs)
{
    std::mt19937 random(5);
    const Discs discs = random_lattice_discs(random, 300, 80);
    Discs more = discs;
    for (std::size_t i = 0; i < discs.size(); i += 2) {
        more.add(discs.x[i], discs.y[i], discs.r[i]);
        more.add(discs.x[i], discs.y[i], discs.r[i] / 2);
    }
    const std::string wkt = "POLYGON ((3 2, 77 5, 70 70, 10 75, 3 2))";
    EXPECT_NEAR(discs.within(wkt).union_m2, more.within(wkt).union_m2, 1e-9);
}

TEST(DiscUnionRandom, over_the_cells_of_a_partition_adds_up_to_the_whole)
{
    std::mt19937 random(6);
    for (const bool lattice : {false, true}) {
        const Discs discs = lattice ? random_lattice_discs(random, 800, 100) : random_discs(random, 800, 100, 6);
        std::vector<std::string> cells;
        for (int i = -1; i < 11; ++i)
            for (int j = -1; j < 11; ++j) cells.push_back(box_wkt(10 * i, 10 * j, 10 * i + 10, 10 * j + 10));
        base::RunContext run(2);
        const auto crowns = discs.united();
        double canopy = 0, sum = 0, single = 0;
        for (const auto& cover : crowns.within_each(polygons(cells), run)) {
            canopy += cover.union_m2;
            sum += cover.sum_m2;
        }
        for (const double r : discs.r) single += std::numbers::pi * r * r;
        EXPECT_NEAR(canopy, crowns.area(), 1e-8);
        EXPECT_NEAR(sum, single, 1e-7);
    }
}

TEST(DiscUnionRandom, on_a_lattice_of_triangles_adds_up_although_circles_touch_sides_and_pass_corners)
{
    std::mt19937 random(8);
    for (int round = 0; round < 150; ++round) {
        const Discs discs = random_lattice_discs(random, 1 + round * 2, 40);
        const int step = 4 + round % 9;
        std::vector<std::string> triangles;
        for (int i = -6; i < 46; i += step)
            for (int j = -6; j < 46; j += step) {
                const auto at = [](int x, int y) { return std::to_string(x) + " " + std::to_string(y); };
                triangles.push_back("POLYGON ((" + at(i, j) + ", " + at(i + step, j) + ", " + at(i + step, j + step) + ", " + at(i, j) + "))");
                triangles.push_back("POLYGON ((" + at(i, j) + ", " + at(i + step, j + step) + ", " + at(i, j + step) + ", " + at(i, j) + "))");
            }
        base::RunContext run(1);
        const auto crowns = discs.united();
        double canopy = 0;
        for (const auto& cover : crowns.within_each(polygons(triangles), run)) canopy += cover.union_m2;
        EXPECT_NEAR(canopy, crowns.area(), 1e-8) << round;
    }
}

TEST(DiscUnionRandom, of_one_disc_in_any_triangle_agrees_with_fine_buffers)
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> place(0, 20);
    base::RunContext run(1);
    for (int round = 0; round < 50; ++round) {
        Discs disc;
        disc.add(place(random), place(random), 1 + place(random) / 4);
        const auto at = [&] { return table::number_text(place(random)) + " " + table::number_text(place(random)); };
        const std::string first = at();
        const std::string wkt = "POLYGON ((" + first + ", " + at() + ", " + at() + ", " + first + "))";
        table::GeometryBuilder point(table::GeometryKind::point, "EPSG:25833");
        point.add_point(disc.x[0], disc.y[0]);
        const auto buffer = geometry::buffered(std::move(point).finish(), disc.r, 4096, run);
        EXPECT_NEAR(disc.within(wkt).union_m2, geometry::intersection_area(buffer, 0, polygons({wkt}), 0), 1e-4) << wkt;
    }
}
