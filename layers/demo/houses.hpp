// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/plan.hpp>

namespace stadtgdi::demo {

enum class HouseUse { residential, mixed, commercial, industrial, school, kindergarten, town_hall, library, health, sport, culture };

struct House {
    Ring corners;           ///< on the plan, counter-clockwise
    Vec door;               ///< in the middle of the street side
    HouseUse use = HouseUse::residential;
    int levels = 3;
    double height_m = 10;
    std::int64_t inhabitants = 0;
    int age = 0;            ///< years
    int street = -1, number = 0;
    int block = -1;
};

/// Houses along the streets of each block: closed rows around courtyards in the middle, slabs, then detached houses; halls, schools and
/// public buildings. Inhabitants add up to `inhabitants` exactly.
std::vector<House> make_houses(const Plan& plan, std::int64_t inhabitants);

}  // namespace stadtgdi::demo
