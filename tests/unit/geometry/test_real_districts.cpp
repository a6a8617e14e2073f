// SPDX-License-Identifier: GPL-2.0-or-later
// The 63 Ortsteile of Leipzig: real borders, shared corners, thousands of points.
#include <layers/crs/transform.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/geometry/repair.hpp>
#include <layers/io/source.hpp>
#include <tests/support/source_folder.hpp>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>

using namespace stadtgdi;
using namespace stadtgdi::geometry;

namespace {

const std::filesystem::path data = source_folder() / ".." / "shared" / "data" / "leipzig";

class Districts : public testing::Test {
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(data / "districts")) GTEST_SKIP() << "the Leipzig data are not here";
        districts = repaired(read("leipzig_ortsteile.geojson"), run).geometry;
    }
    table::GeometryColumn read(const char* name)
    {
        const auto source = io::Source::open((data / "districts" / name).string());
        return source->read({.target_crs = "EPSG:25833"}, run).geometry();
    }
    base::RunContext run;
    table::GeometryColumn districts;
};

}  // namespace

TEST_F(Districts, AreasAreThoseOfTheCity)
{
    ASSERT_EQ(districts.size(), 63U);
    double sum = 0;
    for (std::size_t row = 0; row < districts.size(); ++row) {
        double expected = 0;
        GEOSArea_r(detail::context(), detail::to_geos(districts, row).get(), &expected);
        EXPECT_NEAR(area(districts, row), expected, 1e-4);
        EXPECT_EQ(invalidity(districts, row).reason, "");
        sum += area(districts, row);
    }
    const auto border = repaired(read("leipzig_stadtgrenze.geojson"), run).geometry;
    EXPECT_NEAR(sum / 1e6, 297.8, 1.0);  // the official area of Leipzig in km2
    EXPECT_NEAR(sum, area(border, 0), 0.001 * sum);
    EXPECT_NEAR(area(unioned(districts, run), 0), sum, 0.001 * sum);
}

TEST_F(Districts, EveryPointIsWhereGeosSeesItAndCornersBelongToOneDistrict)
{
    std::mt19937_64 random(12);
    std::vector<double> x, y;
    const table::Box extent = districts.extent();
    for (int i = 0; i < 3000; ++i) {
        if (i % 3 == 0) {
            const std::size_t corner = random() % districts.x().size();
            x.push_back(districts.x()[corner]);
            y.push_back(districts.y()[corner]);
        } else {
            x.push_back(extent.xmin + (extent.xmax - extent.xmin) * static_cast<double>(random() % 100003) / 100003);
            y.push_back(extent.ymin + (extent.ymax - extent.ymin) * static_cast<double>(random() % 100019) / 100019);
        }
    }
    const index::PackedRTree tree(districts, run);
    const auto zones = zone_of_points(x, y, districts, tree, run);
    std::vector<detail::GeosGeometry> shapes;
    std::vector<detail::Strips> strips;
    for (std::size_t row = 0; row < districts.size(); ++row) {
        shapes.push_back(detail::to_geos(districts, row));
        strips.emplace_back(districts, row);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        const detail::GeosGeometry point(GEOSGeom_createPointFromXY_r(detail::context(), x[i], y[i]));
        std::int64_t expected = -1;
        for (std::size_t row = 0; row < shapes.size() && expected < 0; ++row)
            if (districts.box(row).contains(x[i], y[i]) && GEOSIntersects_r(detail::context(), shapes[row].get(), point.get()) == 1)
                expected = static_cast<std::int64_t>(row);
        ASSERT_EQ(zones[i], expected) << x[i] << " " << y[i];
        if (i % 3 == 0) {
            ASSERT_GE(zones[i], 0);
        }
        for (std::size_t row = 0; row < strips.size(); ++row) ASSERT_EQ(strips[row].locate(x[i], y[i]), locate(districts, row, x[i], y[i]));
    }
}

TEST_F(Districts, PointsOnSurfaceLieInTheirDistrictAndDistancesAgreeWithGeos)
{
    for (std::size_t row = 0; row < districts.size(); ++row) {
        const Point inside = point_on_surface(districts, row);
        EXPECT_EQ(locate(districts, row, inside.x, inside.y), Location::inside);
        const std::size_t other = (row + 17) % districts.size();
        const detail::GeosGeometry point(GEOSGeom_createPointFromXY_r(detail::context(), inside.x, inside.y));
        double expected = 0;
        GEOSDistance_r(detail::context(), detail::to_geos(districts, other).get(), point.get(), &expected);
        EXPECT_NEAR(distance(districts, other, inside.x, inside.y), expected, 1e-6);
    }
}
