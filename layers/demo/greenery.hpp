// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/houses.hpp>
#include <layers/demo/plan.hpp>
#include <string_view>

namespace stadtgdi::demo {

struct Species {
    std::string_view taxon, german, genus, species;
    double crown_m, height_m;     ///< of an old tree
    int street_weight, park_weight;
};

enum class TreePlace { street, park, cemetery, school, playground };

struct Tree {
    Vec place;
    const Species* species = nullptr;
    TreePlace kind = TreePlace::street;
    int street = -1, block = -1, district = -1;
    int planting_year = 0;
    double crown_diam_m = 0, height_m = 0, trunk_circ_cm = 0;
    int vitality = 0;
};

struct Playground {
    Ring ring;
    int block = -1;
};

struct Greenery {
    std::vector<Tree> trees;
    std::vector<Playground> playgrounds;
};

/// Rows of one species along streets, mixed stands in parks; `count` trees in all where there is room.
Greenery make_greenery(const Plan& plan, const std::vector<House>& houses, std::int64_t count, int year);

}  // namespace stadtgdi::demo
