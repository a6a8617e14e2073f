// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/geometry/wkb.hpp>
#include <layers/table/arrow.hpp>

#include <random>

using namespace stadtgdi;
using geometry::wkt;
using table::GeometryBuilder;
using table::GeometryKind;

TEST(Wkt, WritesWhatItReads)
{
    const std::pair<GeometryKind, std::vector<std::string>> cases[] = {
        {GeometryKind::point, {"POINT (1 2)", "POINT EMPTY", "POINT (318123.123456 -0.5)"}},
        {GeometryKind::line, {"LINESTRING (0 0, 1 1, 2 0.1)", "LINESTRING EMPTY"}},
        {GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY"}},
        {GeometryKind::multi_point, {"MULTIPOINT ((1 2), (3 4))", "MULTIPOINT EMPTY"}},
        {GeometryKind::multi_line, {"MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))"}},
        {GeometryKind::multi_polygon, {"MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1)), ((9 9, 10 9, 9 10, 9 9)))"}},
    };
    for (const auto& [kind, rows] : cases) {
        const auto g = shapes(kind, rows);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(wkt(g, i), rows[i]);
            GeometryKind found{};
            EXPECT_TRUE(geometry::kind_of_wkt(rows[i], found));
            EXPECT_EQ(found, kind);
        }
    }
    const auto z = shapes(GeometryKind::line, {"LINESTRING Z (0 0 5, 1 1 6.5)"}, true);
    EXPECT_EQ(wkt(z, 0), "LINESTRING Z (0 0 5, 1 1 6.5)");
    // A column with heights where rows have none, or not at every point.
    const auto some = shapes(GeometryKind::line, {"LINESTRING (0 0, 1 1)", "LINESTRING Z (0 0 NaN, 1 1 6.5)", "LINESTRING Z (0 0 nan, 1 1 6.5)"}, true);
    EXPECT_EQ(wkt(some, 0), "LINESTRING (0 0, 1 1)");
    EXPECT_EQ(wkt(some, 1), "LINESTRING Z (0 0 NaN, 1 1 6.5)");
    EXPECT_EQ(wkt(some, 2), wkt(some, 1));
}

TEST(Wkt, ReadsTheWaysOthersWrite)
{
    for (const char* text : {"point(1 2)", "SRID=25833;POINT(1 2)", "  POINT ( 1.0   2e0 )  ", "POINT Z (1 2 3)", "POINTZ(1 2 3)", "POINT(1 2 3)", "POINT M (1 2 9)",
                             "POINT ZM (1 2 3 4)", "POINTZM (1 2 3 4)", "Point (+1 2)"})
        EXPECT_EQ(wkt(shapes(GeometryKind::point, {text}), 0), "POINT (1 2)") << text;
    EXPECT_EQ(wkt(shapes(GeometryKind::multi_point, {"MULTIPOINT (1 2, 3 4)"}), 0), "MULTIPOINT ((1 2), (3 4))");
    EXPECT_EQ(wkt(shapes(GeometryKind::multi_polygon, {"POLYGON ((0 0, 1 0, 1 1))"}), 0), "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))");
    EXPECT_EQ(wkt(shapes(GeometryKind::multi_line, {"LINESTRING (0 0, 1 1)"}), 0), "MULTILINESTRING ((0 0, 1 1))");
    EXPECT_EQ(wkt(shapes(GeometryKind::point, {"POINT M (1 2 9)"}, true), 0), "POINT (1 2)");
}

TEST(Wkt, RefusesDamagedTextAndOtherKinds)
{
    GeometryBuilder b(GeometryKind::polygon, "");
    for (const char* text : {"", "POLYGON ((NaN 0, 1 0, 1 1, NaN 0))", "POLYGON Z ((0 0 inf, 1 0 0, 1 1 0, 0 0 0))", "POLYGON", "POLYGON (", "POLYGON ((0 0, 1 0, 1 1, 0 0)", "POLYGON ((0 0, 1 0, 1 1, 0 0)) x", "POLYGON ((0 0, 1 0, 1 a, 0 0))",
                             "POLYGON ((0, 1, 2))", "POLYGON (())", "POINT (1 2)", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", "CURVEPOLYGON ((0 0, 1 0, 1 1, 0 0))",
                             "POLYGON ((0 0, nan 0, 1 1, 0 0))", "POLYGON ((0 0 0 0 0, 1 0, 1 1, 0 0))", "SRID=25833"})
        EXPECT_FALSE(geometry::add_wkt(b, GeometryKind::polygon, text)) << text;
    EXPECT_EQ(b.size(), 0U);
    GeometryKind kind{};
    EXPECT_FALSE(geometry::kind_of_wkt("GEOMETRYCOLLECTION EMPTY", kind));
}

TEST(Wkt, PolygonsWithoutRingsAreEmpty)
{
    const auto one = shapes(GeometryKind::polygon, {"POLYGON (EMPTY)", "POLYGON (EMPTY, EMPTY)"});
    EXPECT_EQ(wkt(one, 0), "POLYGON EMPTY");
    EXPECT_EQ(wkt(one, 1), "POLYGON EMPTY");
    const auto many = shapes(GeometryKind::multi_polygon, {"MULTIPOLYGON ((EMPTY))", "MULTIPOLYGON ((EMPTY), ((0 0, 1 0, 1 1, 0 0)))"});
    EXPECT_EQ(wkt(many, 0), "MULTIPOLYGON EMPTY");
    EXPECT_EQ(wkt(many, 1), "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))");
}

TEST(Wkt, DamageAtAnyPlaceNeverAddsHalfARow)
{
    const std::string whole = "MULTIPOLYGON Z (((0 0 1, 4 0 1, 4 4 1, 0 0 1), (1 1 1, 2 1 1, 2 2 1, 1 1 1)), ((9 9 1, 10 9 1, 9 10 1, 9 9 1)))";
    const std::string noise = "(), 0123456789.eE+-ZMEMPTYPOLYGON;\0nainf";
    std::mt19937 random(13);
    for (int round = 0; round < 20000; ++round) {
        std::string text = whole;
        for (unsigned change = 0; change < 1 + random() % 3; ++change) {
            const std::size_t at = random() % text.size();
            if (random() % 3 == 0)
                text.erase(at, 1 + random() % 5);
            else
                text[at] = noise[random() % noise.size()];
            if (text.empty()) break;
        }
        GeometryBuilder b(GeometryKind::multi_polygon, "", true);
        const bool added = geometry::add_wkt(b, GeometryKind::multi_polygon, text);
        const auto g = std::move(b).finish();
        ASSERT_EQ(g.size(), added ? 1U : 0U) << text;
        if (!added) continue;
        GeometryBuilder again(GeometryKind::multi_polygon, "", true);
        ASSERT_TRUE(geometry::add_wkt(again, GeometryKind::multi_polygon, wkt(g, 0))) << text;
        ASSERT_EQ(wkt(std::move(again).finish(), 0), wkt(g, 0));
    }
}

TEST(Wkt, RoundsToDecimals)
{
    const auto g = shapes(GeometryKind::point, {"POINT (1.23456 -0.0004)", "POINT (100 2.5)"});
    EXPECT_EQ(wkt(g, 0, 2), "POINT (1.23 0)");
    EXPECT_EQ(wkt(g, 1, 3), "POINT (100 2.5)");
    EXPECT_EQ(wkt(g, 1, 0), "POINT (100 2)");
}

TEST(Wkb, ReadsBackWhatIsWritten)
{
    const std::pair<GeometryKind, std::vector<std::string>> cases[] = {
        {GeometryKind::point, {"POINT (1 2)", "POINT EMPTY"}},
        {GeometryKind::line, {"LINESTRING (0 0, 1 1, 2 0.1)", "LINESTRING EMPTY"}},
        {GeometryKind::polygon, {"POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY"}},
        {GeometryKind::multi_point, {"MULTIPOINT ((1 2), (3 4))", "MULTIPOINT EMPTY"}},
        {GeometryKind::multi_line, {"MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))"}},
        {GeometryKind::multi_polygon, {"MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1)), ((9 9, 10 9, 9 10, 9 9)))"}},
    };
    for (const auto& [kind, rows] : cases) {
        for (const bool z : {false, true}) {
            const auto g = shapes(kind, rows, z);
            GeometryBuilder back(kind, "EPSG:25833", z);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                std::vector<std::uint8_t> bytes;
                geometry::append_wkb(g, i, bytes);
                ASSERT_TRUE(table::add_wkb(back, kind, bytes)) << rows[i];
            }
            const auto b = std::move(back).finish();
            for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(wkt(b, i), wkt(g, i));
        }
    }
    std::vector<std::uint8_t> bytes;
    geometry::append_wkb(shapes(GeometryKind::point, {"", "POINT (1 2)"}), 0, bytes);
    EXPECT_TRUE(bytes.empty());
    geometry::append_wkb(shapes(GeometryKind::point, {"", "POINT (1 2)"}), 1, bytes);
    EXPECT_EQ(bytes, (std::vector<std::uint8_t>{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40}));
}
