// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/error.hpp>
#include <layers/crs/transform.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace stadtgdi;

using table::Box;
using table::GeometryBuilder;
using table::GeometryKind;

namespace {

std::pair<double, double> moved(const char* from, const char* to, double x, double y)
{
    base::RunContext run(1);
    crs::transform(from, to, {&x, 1}, {&y, 1}, run);
    return {x, y};
}

}  // namespace

TEST(Transform, GivesKnownPlaces)
{
    const auto leipzig = moved("EPSG:4326", "EPSG:3035", 12.3747, 51.3406);
    EXPECT_NEAR(leipzig.first, 4486442.03, 0.01);
    EXPECT_NEAR(leipzig.second, 3139323.48, 0.01);
    // The worked example of EPSG guidance note 7-2, Lambert azimuthal equal area: 50 N, 5 E.
    const auto example = moved("EPSG:4258", "EPSG:3035", 5, 50);
    EXPECT_NEAR(example.first, 3962799.45, 0.01);
    EXPECT_NEAR(example.second, 2999718.85, 0.01);
    const auto mercator = moved("OGC:CRS84", "EPSG:3857", 180, 0);
    EXPECT_NEAR(mercator.first, 20037508.3427892, 1e-6);
    EXPECT_NEAR(mercator.second, 0, 1e-6);
    const auto meridian = moved("EPSG:4258", "EPSG:25833", 15, 0);
    EXPECT_NEAR(meridian.first, 500000, 1e-6);
    EXPECT_NEAR(meridian.second, 0, 1e-6);
}

TEST(Transform, LongitudeFirstIsTheSamePlaceAsLatitudeFirst)
{
    // Of an old datum, for which there are grids.
    const auto there = moved("EPSG:31468", "OGC:CRS84", 4590000, 5720000);
    EXPECT_EQ(there, moved("EPSG:31468", "EPSG:4326", 4590000, 5720000));
    EXPECT_EQ(moved("OGC:CRS84", "EPSG:31468", there.first, there.second), moved("EPSG:4326", "EPSG:31468", there.first, there.second));
}

TEST(Transform, RoundTripsStayWithinAMillimetre)
{
    std::mt19937_64 random(4);
    std::uniform_real_distribution<double> lon(6, 15), lat(47.3, 55);
    base::RunContext run(2);
    const std::size_t n = 20000;
    std::vector<double> x(n), y(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = lon(random), y[i] = lat(random);
    crs::transform("EPSG:4258", "EPSG:25832", x, y, run);
    const auto x0 = x, y0 = y;
    for (const char* code : {"EPSG:25833", "EPSG:3035", "EPSG:3857", "EPSG:4839", "EPSG:4326", "OGC:CRS84"}) {
        crs::transform("EPSG:25832", code, x, y, run);
        crs::transform(code, "EPSG:25832", x, y, run);
        for (std::size_t i = 0; i < n; ++i) ASSERT_NEAR(std::hypot(x[i] - x0[i], y[i] - y0[i]), 0, 0.001) << code;
    }
}

TEST(Transform, IsTheSameForAnyThreadCount)
{
    std::vector<double> x(50000), y(50000);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 300000 + static_cast<double>(i), y[i] = 5690000 - static_cast<double>(i);
    auto x1 = x, y1 = y;
    base::RunContext one(1), four(4);
    crs::transform("EPSG:25833", "EPSG:3857", x, y, one);
    crs::transform("EPSG:25833", "EPSG:3857", x1, y1, four);
    EXPECT_EQ(x, x1);
    EXPECT_EQ(y, y1);
}

TEST(Transform, PointsOutsideTheDomainBecomeNaNAndHarmNoOthers)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> x{12, nan, 12, 12, 12}, y{51, nan, 95, 51, std::numeric_limits<double>::infinity()};
    base::RunContext run(1);
    crs::transform("EPSG:4326", "EPSG:25833", x, y, run);
    EXPECT_TRUE(std::isfinite(x[0]));
    EXPECT_TRUE(std::isnan(x[1]) && std::isnan(y[1]));
    EXPECT_TRUE(std::isnan(x[2]) && std::isnan(y[2]));
    EXPECT_EQ(x[3], x[0]);
    EXPECT_TRUE(std::isnan(x[4]));
}

TEST(Transform, TablesKeepTheirColumnsAndShapes)
{
    GeometryBuilder b(GeometryKind::line, "EPSG:25833");
    b.begin_row();
    b.add(318000, 5690000);
    b.add(319000, 5691000);
    b.add_null();
    const table::Table t = table::Table().with_geometry(std::move(b).finish(), "way").with_column({"id", table::Type::int64}, table::Column::of_ints({1, 2}));
    base::RunContext run(1);
    const table::Table there = crs::transformed(t, "http://www.opengis.net/def/crs/EPSG/0/4326", run);
    EXPECT_EQ(there.schema().geometry->crs, "EPSG:4326");
    EXPECT_EQ(there.schema().geometry->name, "way");
    EXPECT_NEAR(there.geometry().x()[0], 12.39, 0.01);
    EXPECT_NEAR(there.geometry().y()[0], 51.33, 0.01);
    EXPECT_FALSE(there.geometry().valid(1));
    EXPECT_EQ(there.column("id").ints().data(), t.column("id").ints().data());
    EXPECT_EQ(crs::transformed(t, "EPSG:25833", run).geometry().x().data(), t.geometry().x().data());
    EXPECT_THROW(crs::transformed(table::GeometryColumn(GeometryKind::point, "", {1}, {1}), "EPSG:4326", run), Error);
}

TEST(Transform, BoxesHoldTheBulgeOfTheirEdges)
{
    // Between its corners a parallel runs north of the straight line in UTM.
    const Box box = crs::transformed(Box{9, 50, 15, 51}, "EPSG:4326", "EPSG:25832");
    const auto corner = moved("EPSG:4326", "EPSG:25832", 15, 51), low = moved("EPSG:4326", "EPSG:25832", 9, 50);
    EXPECT_GE(box.ymax, corner.second);
    EXPECT_LE(box.ymin, low.second);
    EXPECT_TRUE(crs::transformed(Box::none(), "EPSG:4326", "EPSG:25832").empty());
    EXPECT_EQ(crs::transformed(Box{1, 2, 3, 4}, "EPSG:25832", "EPSG:25832"), (Box{1, 2, 3, 4}));
}
