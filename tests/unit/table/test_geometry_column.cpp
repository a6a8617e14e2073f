// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <layers/base/error.hpp>
#include <layers/table/geometry_column.hpp>
#include <algorithm>
#include <cmath>
#include <random>

using namespace stadtgdi::table;
using stadtgdi::Error;
using testing::ElementsAre;
using testing::Pair;

namespace {

void add_square(GeometryBuilder& b, double x, double y, double size)
{
    b.begin_ring();
    b.add(x, y);
    b.add(x + size, y);
    b.add(x + size, y + size);
    b.add(x, y + size);
    b.add(x, y);
}

/// Two parts, the first with a hole; a null; an empty one; a small square.
GeometryColumn multi_polygons()
{
    GeometryBuilder b(GeometryKind::multi_polygon, "EPSG:25833");
    b.begin_row();
    b.begin_part();
    add_square(b, 0, 0, 10);
    add_square(b, 2, 2, 2);
    b.begin_part();
    add_square(b, 20, 20, 5);
    b.add_null();
    b.begin_row();
    b.begin_row();
    b.begin_part();
    add_square(b, -3, -4, 1);
    return std::move(b).finish();
}

std::string dump(const GeometryColumn& g)
{
    std::string out(name_of(g.kind()));
    for (std::size_t row = 0; row < g.size(); ++row) {
        out += g.valid(row) ? "|" : "|null";
        std::vector<std::pair<std::size_t, std::size_t>> spans{{row, row + 1}};
        for (int depth = 0; depth < g.level_count(); ++depth) {
            std::vector<std::pair<std::size_t, std::size_t>> inner;
            for (auto [first, last] : spans)
                for (std::size_t i = first; i < last; ++i) inner.emplace_back(g.level(depth)[i], g.level(depth)[i + 1]);
            spans = inner;
            out += "[" + std::to_string(spans.size()) + "]";
        }
        for (auto [first, last] : spans) {
            out += "(";
            for (std::size_t i = first; i < last; ++i)
                out += std::to_string(g.x()[i]) + " " + std::to_string(g.y()[i]) + (g.has_z() ? " " + std::to_string(g.z()[i]) : "") + ",";
            out += ")";
        }
    }
    return out;
}

GeometryColumn random_geometries(GeometryKind kind, std::mt19937& random, int rows, bool z)
{
    GeometryBuilder b(kind, "EPSG:25833", z);
    const auto number = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const auto coordinates = [&](int n) {
        for (int i = 0; i < n; ++i) b.add(number(100), number(100), number(100));
    };
    for (int row = 0; row < rows; ++row) {
        if (number(5) == 0) {
            b.add_null();
            continue;
        }
        b.begin_row();
        switch (kind) {
            case GeometryKind::point: coordinates(number(6) == 0 ? 0 : 1); break;
            case GeometryKind::line:
            case GeometryKind::multi_point: coordinates(number(4)); break;
            case GeometryKind::polygon:
            case GeometryKind::multi_line:
                for (int i = number(3); i > 0; --i) b.begin_ring(), coordinates(1 + number(4));
                break;
            case GeometryKind::multi_polygon:
                for (int p = number(3); p > 0; --p) {
                    b.begin_part();
                    for (int i = 1 + number(2); i > 0; --i) b.begin_ring(), coordinates(1 + number(4));
                }
                break;
        }
    }
    return std::move(b).finish();
}

constexpr GeometryKind all_kinds[] = {GeometryKind::point,       GeometryKind::line,       GeometryKind::polygon,
                                      GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon};

}  // namespace

TEST(GeometryColumn, LevelsAreAsDocumented)
{
    const GeometryColumn g = multi_polygons();
    EXPECT_EQ(g.size(), 4U);
    EXPECT_THAT(g.level(0), ElementsAre(0, 2, 2, 2, 3));
    EXPECT_THAT(g.level(1), ElementsAre(0, 2, 3, 4));
    EXPECT_THAT(g.level(2), ElementsAre(0, 5, 10, 15, 20));
    EXPECT_EQ(g.part_count(0), 2U);
    EXPECT_EQ(g.part_count(1), 0U);
    EXPECT_EQ(g.part_count(2), 0U);
    EXPECT_THAT(g.coordinates(0), Pair(0, 15));
    EXPECT_THAT(g.coordinates(3), Pair(15, 20));
    EXPECT_THAT(g.rings(0), Pair(0, 3));
    EXPECT_EQ(g.coordinates(1).first, g.coordinates(1).second);
    EXPECT_TRUE(g.valid(2));
    EXPECT_FALSE(g.valid(1));
}

TEST(GeometryColumn, BoxesAndExtent)
{
    const GeometryColumn g = multi_polygons();
    EXPECT_EQ(g.box(0), (Box{0, 0, 25, 25}));
    EXPECT_TRUE(g.box(1).empty());
    EXPECT_TRUE(g.box(2).empty());
    EXPECT_EQ(g.extent(), (Box{-3, -4, 25, 25}));
    EXPECT_TRUE(GeometryColumn().extent().empty());
    Box box = Box::none();
    box.grow(Box{1, 2, 3, 4});
    EXPECT_EQ(box, (Box{1, 2, 3, 4}));
    box.grow(Box::none());
    box.grow(g.box(2));
    box.grow(Box{9, 9, 0, 9});
    EXPECT_EQ(box, (Box{1, 2, 3, 4}));
    Box still_empty = Box::none();
    still_empty.grow(Box::none());
    EXPECT_EQ(still_empty, Box::none());
    EXPECT_FALSE(Box::none().intersects(Box{-1e300, -1e300, 1e300, 1e300}));
    EXPECT_TRUE((Box{0, 0, 1, 1}).intersects(Box{1, 1, 2, 2}));
}

TEST(GeometryColumn, NullPointsAreNaN)
{
    GeometryBuilder b(GeometryKind::point, "EPSG:25833");
    b.add_null();
    b.add_point(1, 2);
    b.begin_row();
    b.add_null();
    const GeometryColumn g = std::move(b).finish();
    ASSERT_EQ(g.size(), 4U);
    EXPECT_TRUE(std::isnan(g.x()[0]) && std::isnan(g.y()[3]));
    EXPECT_EQ(g.part_count(1), 1U);
    EXPECT_EQ(g.part_count(2), 0U);
    EXPECT_TRUE(g.valid(2));
    EXPECT_EQ(g.extent(), (Box{1, 2, 1, 2}));
}

TEST(GeometryColumn, TakeKeepsShapes)
{
    const GeometryColumn g = multi_polygons();
    const GeometryColumn t = g.take(std::vector<std::int64_t>{3, 1, 0, 3});
    EXPECT_EQ(t.box(0), g.box(3));
    EXPECT_EQ(t.box(2), g.box(0));
    EXPECT_FALSE(t.valid(1));
    EXPECT_THAT(t.level(0), ElementsAre(0, 1, 1, 3, 4));
    EXPECT_EQ(t.part_count(2), 2U);
}

TEST(GeometryColumn, TakingAllRowsGivesTheSameAndCopyingRowByRowToo)
{
    std::mt19937 random(7);
    for (const GeometryKind kind : all_kinds) {
        for (const bool z : {false, true}) {
            const GeometryColumn g = random_geometries(kind, random, 50, z);
            std::vector<std::int64_t> rows(g.size());
            for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
            EXPECT_EQ(dump(g.take(rows)), dump(g));
            GeometryBuilder b(kind, "EPSG:25833", z);
            for (std::size_t i = 0; i < g.size(); ++i) b.add_row(g, i);
            EXPECT_EQ(dump(std::move(b).finish()), dump(g));
            std::shuffle(rows.begin(), rows.end(), random);
            GeometryBuilder shuffled(kind, "EPSG:25833", z);
            for (const auto row : rows) shuffled.add_row(g, static_cast<std::size_t>(row));
            EXPECT_EQ(dump(std::move(shuffled).finish()), dump(g.take(rows)));
        }
    }
}

TEST(GeometryColumn, AsMultiIsTheSameAsAddingToAMultiColumn)
{
    std::mt19937 random(8);
    for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon}) {
        for (int round = 0; round < 20; ++round) {
            const GeometryColumn g = random_geometries(kind, random, 12, round % 2 == 0);
            GeometryBuilder b(multi_of(kind), "EPSG:25833", g.has_z());
            for (std::size_t i = 0; i < g.size(); ++i) b.add_row(g, i);
            EXPECT_EQ(dump(g.as_multi()), dump(std::move(b).finish()));
        }
    }
}

TEST(GeometryColumn, AsMultiSharesTheCoordinates)
{
    GeometryBuilder b(GeometryKind::polygon, "");
    b.begin_row();
    add_square(b, 0, 0, 1);
    const GeometryColumn g = std::move(b).finish();
    EXPECT_EQ(g.as_multi().x().data(), g.x().data());
    EXPECT_EQ(g.as_multi().kind(), GeometryKind::multi_polygon);
}

TEST(GeometryColumn, WithCoordinatesSharesTheLevels)
{
    const GeometryColumn g = multi_polygons();
    std::vector<double> x(g.x().begin(), g.x().end()), y(g.y().begin(), g.y().end());
    for (double& value : x) value += 100;
    const GeometryColumn moved = g.with_coordinates("EPSG:3857", x, y);
    EXPECT_EQ(moved.crs(), "EPSG:3857");
    EXPECT_EQ(moved.box(0), (Box{100, 0, 125, 25}));
    EXPECT_EQ(moved.level(2).data(), g.level(2).data());
    EXPECT_FALSE(moved.valid(1));
    EXPECT_THROW(g.with_coordinates("", {1.0}, {1.0}), Error);
}

TEST(GeometryColumn, RefusesLevelsThatDoNotFit)
{
    EXPECT_THROW(GeometryColumn(GeometryKind::line, "", {1, 2}, {1, 2}, {}), Error);
    EXPECT_THROW(GeometryColumn(GeometryKind::line, "", {1, 2}, {1, 2}, {Buffer<std::int32_t>{0, 3}}), Error);
    EXPECT_THROW(GeometryColumn(GeometryKind::point, "", {1, 2}, {1}), Error);
    EXPECT_THROW(GeometryColumn(GeometryKind::point, "", {1, 2}, {1, 2}, {}, Validity::of({true, false})), Error);
    EXPECT_NO_THROW(GeometryColumn(GeometryKind::line, "", {1, 2}, {1, 2}, {Buffer<std::int32_t>{0, 2}}));
}

TEST(GeometryBuilder, RefusesKindsThatDoNotFit)
{
    GeometryBuilder b(GeometryKind::line, "");
    EXPECT_THROW(b.add_row(multi_polygons(), 0), Error);
    EXPECT_THROW(b.begin_ring(), Error);
    EXPECT_THROW(b.begin_part(), Error);
    GeometryBuilder points(GeometryKind::point, "");
    points.add_point(1, 2);
    points.add(3, 4);
    EXPECT_THROW(std::move(points).finish(), Error);
}

TEST(GeometryColumn, HeightsThatAreNotKnownAreNaN)
{
    GeometryBuilder b(GeometryKind::multi_line, "EPSG:25833", true);
    b.begin_row();
    b.begin_ring();
    b.add(1, 1, 110);
    b.add(2, 2);
    GeometryBuilder flat(GeometryKind::line, "EPSG:25833");
    flat.begin_row();
    flat.add(3, 3);
    flat.add(4, 4);
    b.add_row(std::move(flat).finish(), 0);
    const GeometryColumn g = std::move(b).finish();
    ASSERT_TRUE(g.has_z());
    EXPECT_EQ(g.z()[0], 110);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(std::isnan(g.z()[i])) << i;
    EXPECT_TRUE(g.has_height(0));
    EXPECT_FALSE(g.has_height(1));
    const GeometryColumn plane = g.with_z(false);
    EXPECT_FALSE(plane.has_z());
    EXPECT_EQ(plane.x().data(), g.x().data());
    const GeometryColumn again = plane.with_z(true);
    ASSERT_EQ(again.z().size(), 4U);
    EXPECT_TRUE(std::isnan(again.z()[0]));
    EXPECT_FALSE(again.has_height(0));
}
