// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/operation/operation.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <layers/statgrid/make_grid.hpp>
#include <layers/table/table_builder.hpp>
#include <gtest/gtest.h>

using namespace stadtgdi;
using operation::Inputs;

namespace {

table::Table run(Inputs in)
{
    base::RunContext context(2);
    return operation::run(operation::find_operation("statgrid.make_grid"), std::move(in), context).tables.at("cells");
}

table::Table layer(table::GeometryKind kind, const std::vector<std::string>& wkts, const std::string& crs)
{
    table::GeometryBuilder builder(kind, crs);
    for (const std::string& wkt : wkts) EXPECT_TRUE(geometry::add_wkt(builder, kind, wkt));
    return {table::Schema{{}, table::GeometryField{"geom", kind, crs, false}}, {}, std::move(builder).finish()};
}

Inputs over(table::Box box, const char* size, const char* crs = "EPSG:3035")
{
    Inputs in;
    in.values["extent"] = box;
    in.values["extent_crs"] = std::string(crs);
    in.values["cell_size_m"] = std::string(size);
    return in;
}

}  // namespace

TEST(MakeGrid, covers_an_extent_from_the_south_west_row_by_row)
{
    const table::Table cells = run(over({4486050, 3139000, 4486300, 3139200}, "100"));
    ASSERT_EQ(cells.rows(), 6u) << "three columns from 4486000, two rows; the far border adds none";
    EXPECT_EQ(cells.column("cell_code").text(0), "CRS3035RES100mN3139000E4486000");
    EXPECT_EQ(cells.column("cell_code_short").text(0), "100mN31390E44860");
    EXPECT_EQ(cells.column("cell_code").text(5), "CRS3035RES100mN3139100E4486200");
    EXPECT_EQ(cells.column("size_m").ints()[3], 100);
    EXPECT_EQ(cells.column("east_m").ints()[1], 4486100);
    EXPECT_EQ(cells.column("north_m").ints()[3], 3139100);
    EXPECT_EQ(cells.geometry().crs(), "EPSG:3035");
    EXPECT_EQ(geometry::wkt(cells.geometry(), 0), "POLYGON ((4486000 3139000, 4486100 3139000, 4486100 3139100, 4486000 3139100, 4486000 3139000))");
    for (std::size_t row = 0; row < cells.rows(); ++row) EXPECT_EQ(geometry::area(cells.geometry(), row), 10000);
}

TEST(MakeGrid, makes_codes_that_read_back_as_the_cell_for_every_size)
{
    for (const std::int64_t size : statgrid::cell_sizes_m) {
        const table::Table cells = run(over({4486050, 3139050, 4486060, 3139060}, std::to_string(size).c_str()));
        ASSERT_EQ(cells.rows(), 1u);
        const auto cell = statgrid::parse_cell_code(cells.column("cell_code").text(0));
        ASSERT_TRUE(cell);
        EXPECT_EQ(cell->size_m, size);
        EXPECT_EQ(cell->e_m, cells.column("east_m").ints()[0]);
        EXPECT_EQ(cell, statgrid::parse_cell_code(cells.column("cell_code_short").text(0)));
    }
}

TEST(MakeGrid, puts_the_country_before_the_code_on_request)
{
    Inputs in = over({4486000, 3139000, 4487000, 3140000}, "1000");
    EXPECT_EQ(run(in).column("cell_code").text(0), "CRS3035RES1000mN3139000E4486000");
    in.values["country"] = std::string("DE");
    const auto cells = run(in);
    EXPECT_EQ(cells.column("cell_code").text(0), "DE_CRS3035RES1000mN3139000E4486000");
    EXPECT_EQ(cells.column("cell_code_short").text(0), "1kmN3139E4486");
    EXPECT_EQ(*statgrid::parse_cell_code(cells.column("cell_code").text(0)), (statgrid::Cell{1000, 4486000, 3139000}));
    in.values["country"] = std::string("Deutschland");
    EXPECT_THROW(run(in), Error);
}

TEST(MakeGrid, takes_an_extent_in_any_crs)
{
    const table::Table cells = run(over({12.3747, 51.3406, 12.3747, 51.3406}, "100", "EPSG:4326"));
    ASSERT_EQ(cells.rows(), 1u);
    EXPECT_EQ(cells.column("cell_code").text(0), "CRS3035RES100mN3139300E4486400");
}

TEST(MakeGrid, gives_a_point_on_the_far_border_its_cell)
{
    Inputs in;
    in.tables["layer"] = layer(table::GeometryKind::point, {"POINT (4486000 3139000)", "POINT (4487000 3139000)"}, "EPSG:3035");
    EXPECT_EQ(run(in).rows(), 2u);
}

TEST(MakeGrid, clips_to_zones_and_gives_shares_that_count_overlaps_once)
{
    Inputs in;
    in.values["cell_size_m"] = std::string("100");
    in.tables["zones"] = layer(table::GeometryKind::polygon,
                               {"POLYGON ((4486000 3139000, 4486150 3139000, 4486150 3139100, 4486000 3139100, 4486000 3139000))",
                                "POLYGON ((4486050 3139000, 4486150 3139000, 4486150 3139050, 4486050 3139050, 4486050 3139000))",
                                "POLYGON ((4486000 3139350, 4486050 3139350, 4486050 3139400, 4486000 3139400, 4486000 3139350))"},
                               "EPSG:3035");
    const table::Table cells = run(in);
    ASSERT_EQ(cells.rows(), 3u) << "cells without a share are not made";
    EXPECT_NEAR(cells.column("share_in_zone").doubles()[0], 1, 1e-12);
    EXPECT_NEAR(cells.column("share_in_zone").doubles()[1], 0.5, 1e-12);
    EXPECT_NEAR(cells.column("share_in_zone").doubles()[2], 0.25, 1e-12);
}

TEST(MakeGrid, keeps_the_area_of_zones_from_another_crs)
{
    Inputs in;
    in.values["cell_size_m"] = std::string("250");
    in.tables["zones"] = layer(table::GeometryKind::polygon, {"POLYGON ((316000 5690000, 319000 5690000, 319000 5692000, 316000 5692000, 316000 5690000))"}, "EPSG:25833");
    const table::Table cells = run(in);
    double area = 0;
    for (const double share : cells.column("share_in_zone").doubles()) area += share * 250 * 250;
    EXPECT_NEAR(area / 6e6, 1, 1e-3) << "EPSG:3035 keeps areas, UTM nearly";
}

TEST(MakeGrid, refuses_too_many_cells_before_making_one)
{
    try {
        run(over({4000000, 3000000, 4900000, 3900000}, "100"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_NE(error.message().en.find("81000000 cells"), std::string::npos) << error.message().en;
    }
}

TEST(MakeGrid, refuses_an_extent_outside_europe_and_none_at_all)
{
    EXPECT_THROW(run(over({100, 100, 200, 200}, "100")), Error);
    EXPECT_THROW(run(over({-120, 30, -119, 31}, "1000", "EPSG:4326")), Error);
    EXPECT_THROW(run(Inputs{}), Error);
    EXPECT_THROW(run(over({4486050, 3139000, 4486300, 3139200}, "300")), Error);
}
