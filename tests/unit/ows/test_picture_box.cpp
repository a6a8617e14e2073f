// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/picture_box.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

namespace stadtgdi::ows {
namespace {

using table::Box;

Box at(double x, double y) { return {x, y, x, y}; }

/// A hundred places over 9 km x 9 km.
std::vector<Box> city()
{
    std::vector<Box> places;
    for (int i = 0; i < 10; ++i)
        for (int j = 0; j < 10; ++j) places.push_back(at(310000 + 1000 * i, 5690000 + 1000 * j));
    return places;
}

project::PublishedLayer layer(double min_scale, double max_scale = 0)
{
    project::PublishedLayer layer;
    layer.crs = "EPSG:25833";
    layer.min_scale = min_scale;
    layer.max_scale = max_scale;
    return layer;
}

double scale_of(const Box& box) { return (box.xmax - box.xmin) / (720 * 0.00028); }

TEST(UsualExtent, LeavesOutWhatLiesFarOff)
{
    std::vector<Box> places = city();
    EXPECT_EQ(usual_extent(places), (Box{310000, 5690000, 319000, 5699000})) << "an even city is whole";
    places.push_back(at(310000, 5318000));  // 372 km to the south
    places.push_back(Box::none());
    EXPECT_EQ(usual_extent(places), (Box{310000, 5690000, 319000, 5699000}));
}

TEST(UsualExtent, KeepsFewPlacesAndPlacesOnALine)
{
    EXPECT_TRUE(usual_extent({}).empty());
    EXPECT_EQ(usual_extent(std::vector<Box>{{1, 2, 3, 4}}), (Box{1, 2, 3, 4}));
    EXPECT_EQ(usual_extent(std::vector<Box>{at(0, 0), at(100000, 5)}), (Box{0, 0, 100000, 5}));
    EXPECT_EQ(usual_extent(std::vector<Box>{at(5, 0), at(5, 1), at(5, 2), at(5, 3), at(900, 1)}), (Box{5, 0, 900, 3}));
}

TEST(Picture, HasItsProportionsAndHoldsAllPlaces)
{
    const Picture picture = picture_of(layer(0), city());
    EXPECT_TRUE(picture.whole);
    EXPECT_NEAR((picture.box.xmax - picture.box.xmin) / (picture.box.ymax - picture.box.ymin), 1.5, 1e-9);
    for (const Box& place : city()) EXPECT_TRUE(picture.box.contains(place.xmin, place.ymin));
    const Picture tall = picture_of(layer(0), std::vector<Box>{{0, 0, 10, 5000}});
    EXPECT_NEAR((tall.box.xmax - tall.box.xmin) / (tall.box.ymax - tall.box.ymin), 1.5, 1e-9);
}

TEST(Picture, OfOnePointShowsItsNeighbourhood)
{
    const Picture picture = picture_of(layer(0), std::vector<Box>{at(310000, 5690000)});
    EXPECT_NEAR(picture.box.xmax - picture.box.xmin, 240, 1);
    EXPECT_NEAR((picture.box.ymin + picture.box.ymax) / 2, 5690000, 1e-6);
}

TEST(Picture, IsOfTheDensestPartWhereTheScaleHidesTheWhole)
{
    std::vector<Box> places = city();
    for (int i = 0; i < 30; ++i) places.push_back(at(317300 + i, 5692400 + i));
    const Picture picture = picture_of(layer(10000), places);
    EXPECT_FALSE(picture.whole);
    EXPECT_LE(scale_of(picture.box), 10000);
    EXPECT_TRUE(picture.box.contains(317315, 5692415));
    EXPECT_NEAR((picture.box.xmax - picture.box.xmin) / (picture.box.ymax - picture.box.ymin), 1.5, 1e-9);
    EXPECT_GE(scale_of(picture_of(layer(0, 5000), std::vector<Box>{at(0, 0)}).box), 5000) << "not nearer than the layer is shown";
}

TEST(Picture, ShowsAPlaceWhateverTheScaleAndThePlaces)
{
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<Box> places;
        std::uniform_real_distribution<double> anywhere(0, std::pow(10.0, 1 + round % 6));
        for (int i = 0; i <= round % 40; ++i) places.push_back(at(anywhere(random), anywhere(random)));
        const double scale = round % 3 == 0 ? 0 : 1000.0 * (1 + round % 7);
        const Picture picture = picture_of(layer(scale), places);
        EXPECT_TRUE(std::any_of(places.begin(), places.end(), [&](const Box& place) { return picture.box.contains(place.xmin, place.ymin); }));
        if (scale > 0) {
            EXPECT_LE(scale_of(picture.box), std::max(scale, 240 / (720 * 0.00028)));
        }
    }
}

TEST(Picture, NeedsAPlace)
{
    EXPECT_TRUE(picture_of(layer(0), {}).box.empty());
    EXPECT_TRUE(picture_of(layer(0), std::vector<Box>{Box::none()}).box.empty());
    EXPECT_TRUE(picture_of({}, std::vector<Box>{at(1, 1)}).box.empty()) << "without a CRS nothing is drawn";
}

}  // namespace
}  // namespace stadtgdi::ows
