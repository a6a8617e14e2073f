// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/trees/trees_in_zones.hpp>

using namespace stadtgdi;
using support::box_wkt;
using support::polygons;

namespace {

std::vector<std::vector<std::int64_t>> members(const std::vector<std::pair<double, double>>& points, const std::vector<std::string>& zones, std::int64_t& outside,
                                               const std::vector<bool>& used = {})
{
    table::GeometryBuilder builder(table::GeometryKind::point, "EPSG:25833");
    for (const auto& [x, y] : points) builder.add_point(x, y);
    base::RunContext run(2);
    const auto found = trees::trees_in_zones(std::move(builder).finish(), used, polygons(zones), run);
    outside = found.outside;
    std::vector<std::vector<std::int64_t>> out;
    for (std::size_t zone = 0; zone < zones.size(); ++zone) out.emplace_back(found.of(zone).begin(), found.of(zone).end());
    return out;
}

}  // namespace

TEST(TreesInZones, gives_a_point_on_a_common_border_to_the_zone_with_the_smallest_number)
{
    std::int64_t outside = 0;
    const auto found = members({{5, 5}, {10, 5}, {15, 5}, {10, 0}, {0, 0}, {30, 5}}, {box_wkt(10, 0, 20, 10), box_wkt(0, 0, 10, 10)}, outside);
    EXPECT_EQ(found[0], (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(found[1], (std::vector<std::int64_t>{0, 4}));
    EXPECT_EQ(outside, 1);
}

TEST(TreesInZones, counts_a_point_in_every_zone_that_overlaps_there)
{
    std::int64_t outside = 0;
    const auto found = members({{5, 5}, {15, 5}}, {box_wkt(0, 0, 20, 10), box_wkt(0, 0, 10, 10)}, outside);
    EXPECT_EQ(found[0], (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(found[1], (std::vector<std::int64_t>{0}));
    EXPECT_EQ(outside, 0);
}

TEST(TreesInZones, leaves_out_holes_empty_zones_and_unused_points)
{
    std::int64_t outside = 0;
    const auto found = members({{5, 5}, {1, 1}, {2, 2}}, {"POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))", ""}, outside, {true, true, false});
    EXPECT_EQ(found[0], (std::vector<std::int64_t>{1}));
    EXPECT_TRUE(found[1].empty());
    EXPECT_EQ(outside, 1);
}

TEST(TreesInZones, counts_a_point_on_the_border_of_districts_and_boroughs_once_in_each_level)
{
    std::int64_t outside = 0;
    // City, boroughs west and east, districts south-west, north-west, east; a tree where all three districts meet and one on the city's border.
    const std::vector<std::string> zones = {box_wkt(0, 0, 20, 20), box_wkt(0, 0, 10, 20), box_wkt(10, 0, 20, 20), box_wkt(0, 0, 10, 10), box_wkt(0, 10, 10, 20), box_wkt(10, 0, 20, 20)};
    const auto found = members({{10, 10}, {10, 0}, {20, 5}}, zones, outside);
    EXPECT_EQ(found[0], (std::vector<std::int64_t>{0, 1, 2}));
    EXPECT_EQ(found[1], (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(found[2], (std::vector<std::int64_t>{2}));
    EXPECT_EQ(found[3], (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(found[4], (std::vector<std::int64_t>{}));
    EXPECT_EQ(found[5], (std::vector<std::int64_t>{2}));
    EXPECT_EQ(outside, 0);
}
