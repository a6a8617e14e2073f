// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/table/arrow.hpp>
#include <cmath>
#include <random>

using namespace stadtgdi::table;

namespace {

std::vector<std::uint8_t> bytes(std::string_view hex)
{
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

const char* const point_1_2 = "0101000000000000000000F03F0000000000000040";
const char* const point_1_2_big = "00000000013FF00000000000004000000000000000";

}  // namespace

TEST(Wkb, ReadsBothByteOrdersAndEwkb)
{
    GeometryBuilder b(GeometryKind::point, "", true);
    EXPECT_TRUE(add_wkb(b, GeometryKind::point, bytes(point_1_2)));
    EXPECT_TRUE(add_wkb(b, GeometryKind::point, bytes(point_1_2_big)));
    // EWKB with SRID 25833 and z; ISO with z (1001); ISO with m (2001)
    EXPECT_TRUE(add_wkb(b, GeometryKind::point, bytes("01010000A0E9640000000000000000F03F00000000000000400000000000000840")));
    EXPECT_TRUE(add_wkb(b, GeometryKind::point, bytes("01E9030000000000000000F03F00000000000000400000000000000840")));
    EXPECT_TRUE(add_wkb(b, GeometryKind::point, bytes("01D1070000000000000000F03F00000000000000400000000000000840")));
    const GeometryColumn g = std::move(b).finish();
    ASSERT_EQ(g.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(g.x()[i], 1);
        EXPECT_EQ(g.y()[i], 2);
        if (i == 2 || i == 3)
            EXPECT_EQ(g.z()[i], 3);
        else
            EXPECT_TRUE(std::isnan(g.z()[i]));  // a height that is not known
    }
}

TEST(Wkb, WidensSingleToMultiAndClosesRings)
{
    // POLYGON ((0 0, 1 0, 1 1)), not closed
    const auto open = bytes("01030000000100000003000000" "00000000000000000000000000000000" "000000000000F03F0000000000000000" "000000000000F03F000000000000F03F");
    GeometryBuilder b(GeometryKind::multi_polygon, "");
    ASSERT_TRUE(add_wkb(b, GeometryKind::multi_polygon, open));
    const GeometryColumn g = std::move(b).finish();
    EXPECT_EQ(g.part_count(0), 1U);
    EXPECT_EQ(g.x().size(), 4U);
    GeometryBuilder points(GeometryKind::multi_point, "");
    ASSERT_TRUE(add_wkb(points, GeometryKind::multi_point, bytes(point_1_2)));
    EXPECT_EQ(std::move(points).finish().part_count(0), 1U);
}

TEST(Wkb, ARingOfUnknownPlacesIsClosedOnce)
{
    // POLYGON ((NaN 0, 1 0, NaN 0))
    const auto closed = bytes("01030000000100000003000000" "000000000000F87F0000000000000000" "000000000000F03F0000000000000000" "000000000000F87F0000000000000000");
    GeometryBuilder b(GeometryKind::polygon, "");
    ASSERT_TRUE(add_wkb(b, GeometryKind::polygon, closed));
    EXPECT_EQ(std::move(b).finish().x().size(), 3U);
}

TEST(Wkb, EmptyPointIsARowWithoutCoordinates)
{
    const auto empty = bytes("0101000000000000000000F87F000000000000F87F");
    GeometryBuilder single(GeometryKind::point, ""), multi(GeometryKind::multi_point, "");
    ASSERT_TRUE(add_wkb(single, GeometryKind::point, empty));
    ASSERT_TRUE(add_wkb(multi, GeometryKind::multi_point, empty));
    EXPECT_EQ(std::move(single).finish().part_count(0), 0U);
    EXPECT_EQ(std::move(multi).finish().part_count(0), 0U);
}

TEST(Wkb, DamagedOrOtherKindsAddNothing)
{
    const auto whole = bytes("01030000000100000003000000" "00000000000000000000000000000000" "000000000000F03F0000000000000000" "000000000000F03F000000000000F03F");
    for (const GeometryKind kind : {GeometryKind::polygon, GeometryKind::multi_polygon}) {
        GeometryBuilder b(kind, "");
        for (std::size_t cut = 0; cut < whole.size(); ++cut) EXPECT_FALSE(add_wkb(b, kind, std::span(whole).first(cut)));
        EXPECT_EQ(b.size(), 0U);
        EXPECT_FALSE(add_wkb(b, kind, bytes(point_1_2)));
        EXPECT_FALSE(add_wkb(b, kind, bytes("0107000000" "00000000")));            // collection
        EXPECT_FALSE(add_wkb(b, kind, bytes("0103000000" "FFFFFFFF" "FFFFFFFF")));  // counts beyond the bytes
        EXPECT_FALSE(add_wkb(b, kind, bytes("0503000000")));
        EXPECT_EQ(std::move(b).finish().x().size(), 0U);
    }
    GeometryBuilder point(GeometryKind::point, "");
    EXPECT_FALSE(add_wkb(point, GeometryKind::point, bytes("010400000001000000" "0101000000000000000000F03F0000000000000040")));
}

TEST(Wkb, RandomBytesNeverDoHarm)
{
    std::mt19937 random(3);
    for (int round = 0; round < 20000; ++round) {
        std::vector<std::uint8_t> noise(random() % 80);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : random() % 7);
        if (noise.size() > 5) noise[0] = 1, noise[1] = static_cast<std::uint8_t>(1 + random() % 6), noise[2] = noise[3] = noise[4] = 0;
        GeometryBuilder b(GeometryKind::multi_polygon, "");
        const bool added = add_wkb(b, GeometryKind::multi_polygon, noise);
        EXPECT_EQ(std::move(b).finish().size(), added ? 1U : 0U);
    }
}
