// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/plan.hpp>

namespace stadtgdi::demo {

struct Woodland {
    int district = -1;
    Ring ring;    ///< on the plan
};

/// Woods between the ring road and the city's border, each in one district; elsewhere there are fields, which have no layer.
std::vector<Woodland> woodlands(const Plan& plan);

}  // namespace stadtgdi::demo
