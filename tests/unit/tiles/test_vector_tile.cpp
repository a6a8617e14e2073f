// SPDX-License-Identifier: GPL-2.0-or-later
#include "decoded_tile.hpp"
#include <layers/table/table_builder.hpp>
#include <services/store/snapshot_cache.hpp>
#include <services/tiles/vector_tile.hpp>
#include <gtest/gtest.h>
#include <cmath>
#include <random>

namespace stadtgdi::tiles {
namespace {

using stadtgdi::testing::decoded;
using stadtgdi::testing::DecodedFeature;
using table::GeometryKind;
using table::Type;

/// Its units are metres, from the upper left corner down.
constexpr table::Box tile_box{0, 0, 4096, 4096};

/// One layer with everything that it is made of.
struct Layer {
    project::PublishedLayer published;
    VectorLayer part;

    Layer(std::string name, table::Table rows, std::vector<std::int64_t> fids = {})
    {
        base::RunContext run(1);
        published.name = std::move(name);
        for (const table::Field& field : rows.schema().fields) {
            published.fields.emplace_back();
            published.fields.back().name = field.name;
            published.fields.back().type = field.type;
        }
        if (fids.empty())
            for (std::size_t i = 0; i < rows.rows(); ++i)
                fids.push_back(static_cast<std::int64_t>(i) + 1);
        for (std::size_t i = 0; i < rows.rows(); ++i)
            part.near.push_back(static_cast<std::int64_t>(i));
        part.rows = store::make_snapshot(std::move(rows), std::move(fids), published.name, "1", nullptr, run);
        part.geometry = std::make_shared<const table::GeometryColumn>(part.rows->table.geometry());
    }
    VectorLayer get() const
    {
        VectorLayer layer = part;
        layer.layer = &published;
        return layer;
    }
};

std::string tile_of(const std::vector<VectorLayer>& layers, const VectorLimits& limits = {})
{
    base::RunContext run(1);
    return vector_tile(layers, tile_box, limits, run);
}

Layer point_layer()
{
    table::TableBuilder b({{{"name", Type::text}}, table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}});
    b.column(0).add("a");
    b.geometry().add_point(25, 4096 - 17);
    b.end_row();
    return {"p", std::move(b).finish()};
}

TEST(VectorTile, IsTheBytesOfTheSpecification)
{
    const Layer layer = point_layer();
    const std::string expected = std::string("\x1a\x22"                  // layer
                                             "\x0a\x01p"                  // name
                                             "\x78\x02"                   // version 2
                                             "\x28\x80\x20"               // extent 4096
                                             "\x12\x0d"                   // feature
                                             "\x08\x01"                   // id 1
                                             "\x12\x02\x00\x00"           // tags 0 0
                                             "\x18\x01"                   // point
                                             "\x22\x03\x09\x32\x22"       // MoveTo(+25, +17)
                                             "\x1a\x04name"
                                             "\x22\x03\x0a\x01"
                                             "a",
                                             36);
    EXPECT_EQ(tile_of({layer.get()}), expected);
}

template <class Build> std::vector<std::uint32_t> commands(GeometryKind kind, const Build& build)
{
    table::TableBuilder b({{}, table::GeometryField{"geom", kind, "EPSG:25833", false}});
    build(b.geometry());
    b.end_row();
    const Layer layer("x", std::move(b).finish());
    const auto layers = decoded(tile_of({layer.get()}));
    return layers.empty() ? std::vector<std::uint32_t>() : layers.at(0).features.at(0).commands;
}

void add_all(table::GeometryBuilder& b, std::initializer_list<std::pair<double, double>> points)
{
    for (const auto& [x, y] : points)
        b.add(x, 4096 - y);
}

using Commands = std::vector<std::uint32_t>;

// The examples of the specification, 4.3.5.
TEST(VectorTile, WritesTheGeometriesOfTheSpecification)
{
    EXPECT_EQ(commands(GeometryKind::multi_point, [](auto& b) { b.begin_row(); add_all(b, {{5, 7}, {3, 2}}); }), (Commands{17, 10, 14, 3, 9}));
    EXPECT_EQ(commands(GeometryKind::line, [](auto& b) { b.begin_row(); add_all(b, {{2, 2}, {2, 10}, {10, 10}}); }), (Commands{9, 4, 4, 18, 0, 16, 16, 0}));
    EXPECT_EQ(commands(GeometryKind::multi_line, [](auto& b) {
                  b.begin_row();
                  b.begin_ring();
                  add_all(b, {{2, 2}, {2, 10}, {10, 10}});
                  b.begin_ring();
                  add_all(b, {{1, 1}, {3, 5}});
              }), (Commands{9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8}));
    EXPECT_EQ(commands(GeometryKind::polygon, [](auto& b) {
                  b.begin_row();
                  b.begin_ring();
                  add_all(b, {{3, 6}, {8, 12}, {20, 34}, {3, 6}});
              }), (Commands{9, 6, 12, 18, 10, 12, 24, 44, 15}));
}

TEST(VectorTile, ShellsRunClockwiseAndHolesTheOtherWay)
{
    for (const bool reversed : {false, true}) {
        table::TableBuilder b({{}, table::GeometryField{"geom", GeometryKind::polygon, "EPSG:25833", false}});
        b.geometry().begin_row();
        b.geometry().begin_ring();
        if (reversed)
            add_all(b.geometry(), {{11, 11}, {11, 20}, {20, 20}, {20, 11}, {11, 11}});
        else
            add_all(b.geometry(), {{11, 11}, {20, 11}, {20, 20}, {11, 20}, {11, 11}});
        b.geometry().begin_ring();
        add_all(b.geometry(), {{13, 13}, {13, 17}, {17, 17}, {17, 13}, {13, 13}});
        b.end_row();
        const Layer layer("x", std::move(b).finish());
        const auto layers = decoded(tile_of({layer.get()}));
        const auto& parts = layers.at(0).features.at(0).parts;
        ASSERT_EQ(parts.size(), 2U);
        EXPECT_EQ(doubled_area(parts[0]), 2 * 81);
        EXPECT_EQ(doubled_area(parts[1]), -2 * 16);
    }
}

TEST(VectorTile, ValuesKeepTheirTypesAndStandOnce)
{
    table::TableBuilder b({{{"text", Type::text}, {"real", Type::float64}, {"whole", Type::int64}, {"yes", Type::boolean}, {"day", Type::date}, {"time", Type::datetime}, {"hidden", Type::text}},
                           table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < 3; ++i) {
        b.column(0).add("Linde");
        if (i == 1)
            b.column(1).add(std::nan(""));
        else
            b.column(1).add(1.5);
        b.column(2).add(i == 0 ? -3 : 3);
        if (i != 2)
            b.column(3).add(true);
        b.column(4).add_date(19723);
        b.column(5).add(std::int64_t{1'717'786'800'000'000});
        b.column(6).add("secret");
        b.geometry().add_point(100, 100);
        b.end_row();
    }
    Layer layer("x", std::move(b).finish(), {7, -1, std::numeric_limits<std::int64_t>::max()});
    layer.published.fields[6].in_wfs = false;
    const auto layers = decoded(tile_of({layer.get()}));
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].version, 2U);
    EXPECT_EQ(layers[0].extent, 4096U);
    EXPECT_EQ(layers[0].keys, (std::vector<std::string>{"text", "real", "whole", "yes", "day", "time"}));
    EXPECT_EQ(layers[0].values.size(), 7U) << "Linde, 1.5, -3, 3, true, the day, the time";
    const auto& features = layers[0].features;
    ASSERT_EQ(features.size(), 3U);
    const std::map<std::string, std::string> first{{"text", "text:Linde"}, {"real", "double:1.5"}, {"whole", "sint:-3"}, {"yes", "bool:1"}, {"day", "text:2024-01-01"}, {"time", "text:2024-06-07T19:00:00Z"}};
    EXPECT_EQ(features[0].tags, first);
    EXPECT_EQ(features[1].tags.count("real"), 0U) << "no number";
    EXPECT_EQ(features[1].tags.at("whole"), "uint:3");
    EXPECT_EQ(features[2].tags.count("yes"), 0U) << "null";
    EXPECT_EQ(features[0].id, 7U);
    EXPECT_EQ(features[1].id, 0U) << "a negative id has no place";
    EXPECT_EQ(features[2].id, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

TEST(VectorTile, LayersWithoutAnythingThereAreLeftOut)
{
    table::TableBuilder b({{}, table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}});
    b.geometry().add_point(10000, 10000);
    b.end_row();
    const Layer far("far", std::move(b).finish()), near = point_layer();
    const auto layers = decoded(tile_of({far.get(), near.get()}));
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].name, "p");
    EXPECT_EQ(tile_of({far.get()}), "");
    EXPECT_EQ(tile_of({}), "");
}

Layer squares(int count)
{
    table::TableBuilder b({{{"number", Type::int64}}, table::GeometryField{"geom", GeometryKind::polygon, "EPSG:25833", false}});
    for (int i = 0; i < count; ++i) {
        const double size = 4 + (i * 37 % count), x = 10 + 5 * i;
        b.column(0).add(i * 37 % count);
        b.geometry().begin_row();
        b.geometry().begin_ring();
        add_all(b.geometry(), {{x, 10}, {x + size, 10}, {x + size, 10 + size}, {x, 10 + size}, {x, 10}});
        b.end_row();
    }
    return {"squares", std::move(b).finish()};
}

TEST(VectorTile, OfTooManyTheLargestStay)
{
    const Layer layer = squares(101);
    const auto layers = decoded(tile_of({layer.get()}, {10, 1'000'000}));
    ASSERT_EQ(layers.at(0).features.size(), 10U);
    std::uint64_t before = 0;
    for (const DecodedFeature& feature : layers[0].features) {
        EXPECT_GE(std::stoi(feature.tags.at("number").substr(5)), 91);
        EXPECT_GT(feature.id, before) << "in the order of the layer";
        before = feature.id;
    }
}

TEST(VectorTile, ATileOfTooManyBytesKeepsWhatFits)
{
    const Layer layer = squares(500);
    const std::size_t all = tile_of({layer.get()}).size();
    for (const std::size_t most : {all, all - 1, all / 2, all / 10, std::size_t{200}}) {
        const std::string tile = tile_of({layer.get()}, {1'000'000, most});
        EXPECT_LE(tile.size(), most);
        EXPECT_GE(tile.size(), most / 2) << "and not much less";
        EXPECT_NO_THROW(decoded(tile));
    }
    const std::string few = tile_of({layer.get()}, {50, all / 20});
    EXPECT_LE(few.size(), all / 20);
}

TEST(VectorTile, PointsThatStayAreAnEvenChoiceThatNeighboursShare)
{
    table::TableBuilder b({{}, table::GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}});
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) {
            b.geometry().add_point(32 + 64 * x, 32 + 64 * y);
            b.end_row();
        }
    const Layer layer("points", std::move(b).finish());
    const auto layers = decoded(tile_of({layer.get()}, {1024, 1'000'000}));
    ASSERT_EQ(layers.at(0).features.size(), 1024U);
    std::array<int, 4> quarters{};
    for (const DecodedFeature& feature : layers[0].features)
        ++quarters[(feature.parts[0][0].x < 2048 ? 0U : 1U) + (feature.parts[0][0].y < 2048 ? 0U : 2U)];
    for (const int count : quarters)
        EXPECT_NEAR(count, 256, 60);
}

TEST(VectorTile, StopsWhenNobodyWaits)
{
    std::stop_source source;
    source.request_stop();
    base::RunContext run(1, source.get_token());
    const Layer layer = squares(3);
    EXPECT_THROW(vector_tile({layer.get()}, tile_box, {}, run), Error);
}

}  // namespace
}  // namespace stadtgdi::tiles
