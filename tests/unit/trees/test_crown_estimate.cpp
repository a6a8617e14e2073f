// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/crown_estimate.hpp>
#include <gtest/gtest.h>
#include <cmath>

using namespace stadtgdi::trees;

TEST(CrownModel, grows_with_the_logarithm_of_the_age)
{
    const CrownModel& model = CrownModel::shipped();
    EXPECT_NEAR(*model.diameter_m("Tilia", 0), 1.5, 1e-12);
    EXPECT_NEAR(*model.diameter_m("Tilia", 49), 1.5 + 2.1 * std::log(50.0), 1e-12);
    EXPECT_FALSE(model.diameter_m("Tilia", -1));
}

TEST(CrownModel, uses_its_general_line_for_other_genera)
{
    const CrownModel model("genus,size_class,a_m,b_m\n*,medium,1,2\nTilia,large,3,4\n");
    EXPECT_NEAR(*model.diameter_m("Whatever", 9), 1 + 2 * std::log(10.0), 1e-12);
    EXPECT_NEAR(*model.diameter_m("Tilia", 0), 3, 1e-12);
}

TEST(EstimateCrowns, keeps_measured_ones_and_fills_by_age_then_by_medians)
{
    const double none = std::nan("");
    Crowns crowns{{4, 6, 8, 10, 12, none, none, none, none}, std::vector<CrownOrigin>(9, CrownOrigin::unknown)};
    for (std::size_t i = 0; i < 5; ++i) crowns.origin[i] = CrownOrigin::measured;
    const std::vector<std::string> genus{"Tilia", "Tilia", "Tilia", "Tilia", "Tilia", "Tilia", "Acer", "Acer", "Tilia"};
    const std::vector<std::int64_t> age{-1, -1, -1, -1, -1, -1, 0, -1, 10};
    std::vector<bool> used(9, true);
    used[8] = false;
    estimate_crowns(crowns, used, genus, age);
    EXPECT_EQ(crowns.diameter_m[0], 4);
    EXPECT_NEAR(crowns.diameter_m[6], 1.5, 1e-12);
    EXPECT_EQ(crowns.origin[6], CrownOrigin::modelled);
    EXPECT_EQ(crowns.origin[5], CrownOrigin::median);
    EXPECT_EQ(crowns.diameter_m[5], 8) << "median of the genus";
    EXPECT_EQ(crowns.diameter_m[7], 7) << "one crown is too few for a genus: median of 1.5, 4, 6, 8, 10, 12";
    EXPECT_TRUE(std::isnan(crowns.diameter_m[8])) << "not in use";
}

TEST(EstimateCrowns, leaves_unknown_what_nothing_is_known_of)
{
    Crowns crowns{{std::nan("")}, {CrownOrigin::unknown}};
    estimate_crowns(crowns, {true}, {"Tilia"}, std::vector<std::int64_t>{-1});
    EXPECT_EQ(crowns.origin[0], CrownOrigin::unknown);
}
