// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/operation/zones.hpp>
#include <gtest/gtest.h>

using namespace stadtgdi;

namespace {

table::Table zones(const std::string& wkt, const std::string& crs)
{
    table::GeometryBuilder builder(table::GeometryKind::polygon, crs);
    EXPECT_TRUE(geometry::add_wkt(builder, table::GeometryKind::polygon, wkt));
    return {table::Schema{{}, table::GeometryField{"geom", table::GeometryKind::polygon, crs, false}}, {}, std::move(builder).finish()};
}

}  // namespace

TEST(Densified, puts_corners_on_long_edges_and_keeps_the_shape)
{
    const auto given = zones("POLYGON ((0 0, 1000 0, 1000 100, 0 100, 0 0))", "EPSG:25833").geometry();
    const auto dense = operation::densified(given, 250);
    EXPECT_EQ(dense.x().size(), 11u) << "three more on each long side";
    EXPECT_EQ(geometry::area(dense, 0), geometry::area(given, 0));
}

TEST(PreparedZones, are_repaired_with_a_finding)
{
    base::RunContext run(1);
    const auto out = operation::prepared_zones(zones("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", "EPSG:25833"), "EPSG:25833", "zones", run);
    EXPECT_EQ(out.n_repaired, 1);
    EXPECT_TRUE(out.repaired[0]);
    EXPECT_NEAR(geometry::area(out.geometry, 0), 50, 1e-9);
    const auto findings = run.take_findings();
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].layer, "zones");
    EXPECT_EQ(findings[0].row, 0);
}

TEST(PreparedZones, come_in_the_crs_asked_for_with_straight_borders_where_they_were)
{
    base::RunContext run(1);
    const auto out = operation::prepared_zones(zones("POLYGON ((4480000 3130000, 4490000 3130000, 4490000 3140000, 4480000 3140000, 4480000 3130000))", "EPSG:3035"), "EPSG:25833", "zones", run);
    EXPECT_EQ(out.geometry.crs(), "EPSG:25833");
    EXPECT_EQ(out.geometry.x().size(), 4u * 40 + 1);
    EXPECT_TRUE(run.take_findings().empty());
}
