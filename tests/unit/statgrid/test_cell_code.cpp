// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <gtest/gtest.h>

using namespace stadtgdi;
using namespace stadtgdi::statgrid;

TEST(CellCode, gives_the_worked_codes)
{
    const Cell cell = cell_at(4341177.7, 2691702.3, 100);
    EXPECT_EQ(cell_code(cell), "CRS3035RES100mN2691700E4341100");
    EXPECT_EQ(short_cell_code(cell), "100mN26917E43411");
    const Cell markt = cell_at(4486442.03, 3139323.48, 100);
    EXPECT_EQ(cell_code(markt), "CRS3035RES100mN3139300E4486400");
    EXPECT_EQ(short_cell_code(markt), "100mN31393E44864");
    EXPECT_EQ(short_cell_code(parent(markt, 1000)), "1kmN3139E4486");
    EXPECT_EQ(cell_code(parent(markt, 1000)), "CRS3035RES1000mN3139000E4486000");
}

TEST(CellCode, stands_for_the_place_that_proj_computes)
{
    base::RunContext run(1);
    std::vector<double> x{12.3747, 5}, y{51.3406, 50};
    crs::transform("EPSG:4326", "EPSG:3035", x, y, run);
    EXPECT_NEAR(x[0], 4486442.03, 0.01);
    EXPECT_NEAR(y[0], 3139323.48, 0.01);
    EXPECT_NEAR(x[1], 3962799.45, 0.01);
    EXPECT_NEAR(y[1], 2999718.85, 0.01);
    EXPECT_EQ(cell_code(cell_at(x[0], y[0], 100)), "CRS3035RES100mN3139300E4486400");
}

TEST(CellCode, leaves_out_as_many_zeros_as_the_size_ends_with)
{
    EXPECT_EQ(short_cell_code({250, 4486250, 3139500}), "250mN313950E448625");
    EXPECT_EQ(short_cell_code({500, 4486500, 3139500}), "500mN31395E44865");
    EXPECT_EQ(short_cell_code({5000, 4485000, 3135000}), "5kmN3135E4485");
    EXPECT_EQ(short_cell_code({10000, 4480000, 3130000}), "10kmN313E448");
    EXPECT_EQ(short_cell_code({100000, 4400000, 3100000}), "100kmN31E44");
}

TEST(CellCode, reads_what_it_writes_for_every_size)
{
    for (const std::int64_t size : cell_sizes_m) {
        const Cell cell = cell_at(4486442.03, 3139323.48, size);
        EXPECT_TRUE(is_valid(cell));
        EXPECT_EQ(parse_cell_code(cell_code(cell)), cell) << size;
        EXPECT_EQ(parse_cell_code(short_cell_code(cell)), cell) << size;
    }
}

TEST(CellCode, reads_a_country_prefix_and_kilometres_in_the_long_form)
{
    const Cell cell{1000, 4486000, 3139000};
    EXPECT_EQ(parse_cell_code("DE_CRS3035RES1000mN3139000E4486000"), cell);
    EXPECT_EQ(parse_cell_code("CRS3035RES1kmN3139000E4486000"), cell);
    EXPECT_EQ(parse_cell_code(" 1kmN3139E4486 "), cell);
}

TEST(CellCode, refuses_what_is_no_code)
{
    for (const char* code : {"", "100m", "100mE43411N26917", "CRS3035RES100mN2691750E4341100", "CRS3035RES300mN2691900E4341000", "CRS3035RES100mN2691700E4341100x",
                             "CRS3035RES100mN-100E4341100", "CRS25832RES100mN2691700E4341100", "CRS3035RES100mN2691700E", "100mN26917E43411.5", "mN1E1", "CRS3035100mN2691700E4341100",
                             "100mN99999999999999999999E1", "CRS3035RES100mN26917E43411"})
        EXPECT_FALSE(parse_cell_code(code)) << code;
}

TEST(CellCode, cells_are_half_open)
{
    EXPECT_EQ(cell_at(4341100, 2691700, 100), (Cell{100, 4341100, 2691700}));
    EXPECT_EQ(cell_at(4341199.999, 2691799.999, 100), (Cell{100, 4341100, 2691700}));
    EXPECT_EQ(cell_at(4341200, 2691700, 100), (Cell{100, 4341200, 2691700}));
}
