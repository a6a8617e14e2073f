// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <cmath>
#include <stop_token>
#include <tuple>

using namespace stadtgdi;
using support::box_wkt;
using support::Discs;
using support::lens_area;
constexpr double pi = std::numbers::pi;

TEST(DiscUnion, gives_the_worked_number_of_two_crowns_in_a_cell)
{
    Discs discs;
    discs.add(17, 20, 5);
    discs.add(23, 20, 5);
    const auto cover = discs.within(box_wkt(0, 0, 40, 40));
    EXPECT_NEAR(cover.union_m2, 134.714872, 5e-7);
    EXPECT_NEAR(100 * cover.union_m2 / 1600, 8.419679, 5e-7);
    EXPECT_NEAR(100 * cover.sum_m2 / 1600, 9.817477, 5e-7);
    EXPECT_NEAR(lens_area(5, 5, 6), 22.364761, 5e-7);
    EXPECT_EQ(cover.discs, 2);
}

TEST(DiscUnion, of_nothing_is_nothing)
{
    const Discs none;
    EXPECT_EQ(none.united().area(), 0);
    EXPECT_EQ(none.within(box_wkt(0, 0, 1, 1)).union_m2, 0);
}

TEST(DiscUnion, leaves_out_discs_without_a_usable_radius)
{
    Discs discs;
    discs.add(0, 0, std::nan(""));
    discs.add(0, 0, 0);
    discs.add(0, 0, -3);
    discs.add(std::nan(""), 0, 3);
    discs.add(10, 0, 1);
    EXPECT_NEAR(discs.united().area(), pi, 1e-12);
}

TEST(DiscUnion, counts_duplicates_once_but_in_the_sum)
{
    Discs discs;
    for (int i = 0; i < 4; ++i) discs.add(10, 10, 3);
    const auto cover = discs.within(box_wkt(0, 0, 20, 20));
    EXPECT_NEAR(cover.union_m2, 9 * pi, 1e-12);
    EXPECT_NEAR(cover.sum_m2, 36 * pi, 1e-12);
    EXPECT_EQ(cover.discs, 4);
}

TEST(DiscUnion, counts_a_disc_within_another_once_also_where_they_touch_from_inside)
{
    for (const double x : {10.0, 11.0, 12.0}) {
        Discs discs;
        discs.add(10, 10, 5);
        discs.add(x, 10, 3);
        EXPECT_NEAR(discs.united().area(), 25 * pi, 1e-10) << x;
    }
}

TEST(DiscUnion, adds_discs_that_touch_from_outside)
{
    Discs discs;
    discs.add(0, 0, 5);
    discs.add(10, 0, 5);
    discs.add(0, 8, 3);
    EXPECT_NEAR(discs.united().area(), 59 * pi, 1e-10);
}

TEST(DiscUnion, hardly_moves_when_discs_are_almost_equal_or_almost_touch)
{
    for (const double shift : {1e-15, 1e-13, 1e-11, 1e-9, 1e-7}) {
        Discs almost_equal;
        almost_equal.add(100, 100, 5);
        almost_equal.add(100 + shift, 100, 5);
        EXPECT_NEAR(almost_equal.united().area(), 25 * pi + 10 * shift, 1e-11) << shift;
        Discs almost_touching;
        almost_touching.add(100, 100, 5);
        almost_touching.add(110 - shift, 100, 5);
        EXPECT_NEAR(almost_touching.united().area(), 50 * pi - lens_area(5, 5, 10 - shift), 1e-10) << shift;
        Discs almost_inside;
        almost_inside.add(100, 100, 5);
        almost_inside.add(102 + shift, 100, 3);
        EXPECT_NEAR(almost_inside.united().area(), 25 * pi, 1e-9) << shift;
    }
}

TEST(DiscUnion, follows_the_circle_segment_where_a_border_cuts_a_disc)
{
    Discs discs;
    discs.add(0, 20, 5);  // centre on the border: half a disc
    EXPECT_NEAR(discs.within(box_wkt(0, 0, 40, 40)).union_m2, 12.5 * pi, 1e-12);
    Discs off;
    off.add(-3, 20, 5);
    const double half_angle = std::acos(3.0 / 5);
    EXPECT_NEAR(off.within(box_wkt(0, 0, 40, 40)).union_m2, 25 * (half_angle - std::sin(2 * half_angle) / 2), 1e-12);
    Discs corner;
    corner.add(0, 0, 5);
    EXPECT_NEAR(corner.within(box_wkt(0, 0, 40, 40)).union_m2, 6.25 * pi, 1e-12);
}

TEST(DiscUnion, ignores_discs_that_only_touch_the_border)
{
    Discs discs;
    discs.add(-5, 20, 5);  // from outside
    discs.add(5, 20, 5);   // from inside
    const auto cover = discs.within(box_wkt(0, 0, 40, 40));
    EXPECT_NEAR(cover.union_m2, 25 * pi, 1e-9);
    EXPECT_EQ(cover.discs, 1);
}

TEST(DiscUnion, is_not_misled_where_the_middle_of_an_arc_touches_the_border)
{
    // From (66, 88) to (66, 96) the circle runs inside the triangle; halfway it touches the side x = 68.
    Discs disc;
    disc.add(63, 92, 5);
    const double below = disc.within("POLYGON ((58 88, 68 88, 68 98, 58 88))").union_m2;
    const double above = disc.within("POLYGON ((58 88, 68 98, 58 98, 58 88))").union_m2;
    const double bottom = 25 * std::acos(0.8) - 12;  // the segment under y = 88
    EXPECT_NEAR(below + above + bottom, 25 * pi, 1e-9);
    EXPECT_NEAR(below, 42.230, 2e-3);
}

TEST(DiscUnion, fills_a_zone_that_lies_within_a_disc)
{
    Discs discs;
    discs.add(0.5, 0.5, 5);
    discs.add(0.4, 0.5, 4);
    const auto cover = discs.within(box_wkt(0, 0, 1, 1));
    EXPECT_NEAR(cover.union_m2, 1, 1e-14);
    EXPECT_NEAR(cover.sum_m2, 2, 1e-14);
}

TEST(DiscUnion, fills_a_zone_that_only_several_discs_together_cover)
{
    Discs discs;
    for (int i = 0; i <= 10; ++i)
        for (int j = 0; j <= 10; ++j) discs.add(i, j, 1);
    EXPECT_NEAR(discs.within(box_wkt(0, 0, 10, 10)).union_m2, 100, 1e-11);
}

TEST(DiscUnion, keeps_the_middle_of_a_disc_whose_whole_circle_others_cover)
{
    Discs ring;
    for (int i = 0; i < 24; ++i) ring.add(5 * std::cos(i * pi / 12), 5 * std::sin(i * pi / 12), 1);
    const double without = ring.united().area();
    Discs filled = ring;
    filled.add(0, 0, 5);
    EXPECT_GT(filled.united().area(), without + 40);
    // A cell in the middle, whose border only the large disc covers.
    EXPECT_NEAR(filled.within(box_wkt(-1, -1, 1, 1)).union_m2, 4, 1e-12);
    EXPECT_NEAR(filled.within(box_wkt(0, -10, 10, 10)).union_m2, filled.united().area() / 2, 1e-9);
}

TEST(DiscUnion, leaves_out_holes_and_takes_every_part)
{
    Discs discs;
    discs.add(5, 5, 4);
    discs.add(25, 5, 1);
    const std::string hole = "((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))", island = "((20 0, 30 0, 30 10, 20 10, 20 0))";
    EXPECT_NEAR(discs.within("POLYGON " + hole).union_m2, 16 * pi - 4, 1e-12);
    EXPECT_NEAR(discs.within("MULTIPOLYGON (" + hole + ", " + island + ")").union_m2, 17 * pi - 4, 1e-12);
}

TEST(DiscUnion, does_not_care_which_way_round_rings_run)
{
    Discs discs;
    discs.add(5, 5, 6);
    const double one = discs.within("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))").union_m2;
    const double other = discs.within("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))").union_m2;
    EXPECT_NEAR(one, other, 1e-12);
}

TEST(DiscUnion, passes_corners_that_lie_on_a_circle)
{
    // 3-4-5: the corners (3, 4) and (4, 3) lie exactly on the circle of radius 5 around the origin.
    Discs discs;
    discs.add(0, 0, 5);
    const double sector = 0.5 * 25 * (std::atan2(4, 3) - std::atan2(3, 4));
    EXPECT_NEAR(discs.within("POLYGON ((0 0, 8 6, 6 8, 0 0))").union_m2, sector, 1e-12);
    EXPECT_NEAR(discs.within("POLYGON ((0 0, 4 3, 3 4, 0 0))").union_m2, 3.5, 1e-12);
    EXPECT_NEAR(discs.within("POLYGON ((4 3, 8 6, 6 8, 3 4, 4 3))").union_m2, sector - 3.5, 1e-12);
}

TEST(DiscUnion, keeps_its_digits_at_the_northings_of_utm)
{
    Discs near, far;
    const double e = 316000, n = 5690000;
    for (const auto& [x, y, r] : {std::tuple{17.0, 20.0, 5.0}, {23.0, 20.0, 5.0}, {1.0, 39.0, 4.0}}) {
        near.add(x, y, r);
        far.add(e + x, n + y, r);
    }
    EXPECT_NEAR(near.within(box_wkt(0, 0, 40, 40)).union_m2, far.within(box_wkt(e, n, e + 40, n + 40)).union_m2, 1e-8);
    EXPECT_NEAR(near.united().area(), far.united().area(), 1e-8);
}

TEST(DiscUnion, is_not_slowed_or_confused_by_far_outliers)
{
    Discs discs;
    discs.add(0, 0, 5);
    discs.add(1e9, -1e9, 5);
    discs.add(1e12, 1e12, 20);
    EXPECT_NEAR(discs.within(box_wkt(-10, -10, 10, 10)).union_m2, 25 * pi, 1e-12);
}

TEST(DiscUnion, stops_on_request)
{
    std::stop_source stop;
    stop.request_stop();
    base::RunContext run(2, stop.get_token());
    const std::vector<double> x{0}, y{0}, r{1};
    EXPECT_THROW(trees::DiscUnion(x, y, r, run), Error);
}
