// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/base/error.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/relation.hpp>
#include <thread>

namespace stadtgdi::geometry {
namespace {

using table::GeometryKind;

const std::vector<Relation> all{Relation::intersects, Relation::disjoint, Relation::equals, Relation::contains, Relation::within, Relation::touches, Relation::crosses, Relation::overlaps};

/// GEOS without preparing, the row first.
bool by_geos(Relation relation, const GEOSGeometry* row, const GEOSGeometry* other)
{
    GEOSContextHandle_t context = detail::context();
    switch (relation) {
    case Relation::intersects: return GEOSIntersects_r(context, row, other) == 1;
    case Relation::disjoint: return GEOSDisjoint_r(context, row, other) == 1;
    case Relation::equals: return GEOSEquals_r(context, row, other) == 1;
    case Relation::contains: return GEOSContains_r(context, row, other) == 1;
    case Relation::within: return GEOSWithin_r(context, row, other) == 1;
    case Relation::touches: return GEOSTouches_r(context, row, other) == 1;
    case Relation::crosses: return GEOSCrosses_r(context, row, other) == 1;
    case Relation::overlaps: return GEOSOverlaps_r(context, row, other) == 1;
    }
    return false;
}

std::optional<bool> holds(Relation relation, GeometryKind row_kind, const std::string& row, GeometryKind kind, const std::string& other)
{
    return PreparedGeometry(shapes(kind, {other}), 0).holds(relation, shapes(row_kind, {row}), 0);
}

TEST(Relation, OfSquaresIsThatOfTheStandard)
{
    const std::string square = "POLYGON((0 0,4 0,4 4,0 4,0 0))", inside = "POLYGON((1 1,2 1,2 2,1 2,1 1))", beside = "POLYGON((4 0,8 0,8 4,4 4,4 0))", across = "POLYGON((2 2,6 2,6 6,2 6,2 2))",
                      away = "POLYGON((9 9,10 9,10 10,9 9))";
    const auto polygons = [](Relation relation, const std::string& row, const std::string& other) { return holds(relation, GeometryKind::polygon, row, GeometryKind::polygon, other); };
    EXPECT_EQ(polygons(Relation::within, inside, square), true) << "the row comes first";
    EXPECT_EQ(polygons(Relation::within, square, inside), false);
    EXPECT_EQ(polygons(Relation::contains, square, inside), true);
    EXPECT_EQ(polygons(Relation::contains, inside, square), false);
    EXPECT_EQ(polygons(Relation::touches, beside, square), true);
    EXPECT_EQ(polygons(Relation::overlaps, across, square), true);
    EXPECT_EQ(polygons(Relation::disjoint, away, square), true);
    EXPECT_EQ(polygons(Relation::intersects, away, square), false);
    EXPECT_EQ(polygons(Relation::equals, "POLYGON((4 4,0 4,0 0,4 0,4 4))", square), true) << "whatever corner is first";
    EXPECT_EQ(holds(Relation::crosses, GeometryKind::line, "LINESTRING(-1 1,5 1)", GeometryKind::polygon, square), true);
    EXPECT_EQ(holds(Relation::within, GeometryKind::point, "POINT(4 2)", GeometryKind::polygon, square), false) << "on the edge is not within";
    EXPECT_EQ(holds(Relation::touches, GeometryKind::point, "POINT(4 2)", GeometryKind::polygon, square), true);
}

TEST(Relation, OfRandomStarsIsThatOfGeos)
{
    const auto stars = random_stars(60, 7);
    for (std::size_t i = 0; i < 12; ++i) {
        const PreparedGeometry prepared(stars, i);
        const detail::GeosGeometry own = detail::to_geos(stars, i);
        for (std::size_t row = 0; row < stars.size(); ++row) {
            const detail::GeosGeometry other = detail::to_geos(stars, row);
            for (const Relation relation : all) EXPECT_EQ(prepared.holds(relation, stars, row), by_geos(relation, other.get(), own.get())) << i << " " << row << " " << static_cast<int>(relation);
            double distance = 0;
            ASSERT_EQ(GEOSDistance_r(detail::context(), own.get(), other.get(), &distance), 1);
            EXPECT_NEAR(prepared.distance(stars, row).value_or(-1), distance, 1e-9);
        }
    }
}

TEST(Relation, OfNullAndOfWhatCannotBeAShapeIsUnknown)
{
    const PreparedGeometry square(shapes(GeometryKind::polygon, {"POLYGON((0 0,4 0,4 4,0 4,0 0))"}), 0);
    const auto null = shapes(GeometryKind::point, {""});
    for (const Relation relation : all) EXPECT_EQ(square.holds(relation, null, 0), std::nullopt);
    EXPECT_EQ(square.distance(null, 0), std::nullopt);
    table::GeometryBuilder builder(GeometryKind::polygon, "EPSG:25833");
    builder.begin_row();
    builder.begin_ring();
    builder.add(1, 1);
    builder.add(2, 2);
    const auto two_corners = std::move(builder).finish();
    EXPECT_EQ(square.holds(Relation::intersects, two_corners, 0), std::nullopt);
    EXPECT_EQ(square.holds(Relation::disjoint, two_corners, 0), std::nullopt) << "neither true nor false, so that NOT finds it no more";
    EXPECT_THROW(PreparedGeometry(two_corners, 0), base::Error);
    EXPECT_THROW(PreparedGeometry(null, 0), base::Error);
}

TEST(Relation, OfShapesThatCrossThemselvesIsAnswered)
{
    const std::string bow = "POLYGON((0 0,4 4,4 0,0 4,0 0))", nested = "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((1 1,3 1,3 3,1 3,1 1)))";
    for (const Relation relation : all) {
        EXPECT_TRUE(holds(relation, GeometryKind::polygon, bow, GeometryKind::polygon, "POLYGON((1 0,3 0,3 9,1 9,1 0))").has_value()) << static_cast<int>(relation);
        EXPECT_TRUE(holds(relation, GeometryKind::multi_polygon, nested, GeometryKind::polygon, bow).has_value()) << static_cast<int>(relation);
    }
    EXPECT_EQ(holds(Relation::overlaps, GeometryKind::polygon, bow, GeometryKind::polygon, "POLYGON((1 0,3 0,3 9,1 9,1 0))"), true);
    EXPECT_EQ(holds(Relation::intersects, GeometryKind::polygon, bow, GeometryKind::polygon, "POLYGON((9 9,10 9,10 10,9 9))"), false);
}

TEST(Relation, IsTheSameForAnyNumberOfThreads)
{
    const auto stars = random_stars(200, 11);
    const PreparedGeometry prepared(stars, 0);
    std::vector<std::vector<int>> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : found)
            threads.emplace_back([&] {
                for (std::size_t row = 0; row < stars.size(); ++row) mine.push_back(prepared.holds(Relation::overlaps, stars, row).value_or(false) ? 1 : 0);
            });
    }
    for (const auto& other : found) EXPECT_EQ(other, found[0]);
}

TEST(Relation, ConverseIsSeenFromTheOtherSide)
{
    EXPECT_EQ(converse(Relation::within), Relation::contains);
    EXPECT_EQ(converse(Relation::contains), Relation::within);
    for (const Relation relation : {Relation::intersects, Relation::disjoint, Relation::equals, Relation::touches, Relation::crosses, Relation::overlaps}) EXPECT_EQ(converse(relation), relation);
}

}  // namespace
}  // namespace stadtgdi::geometry
