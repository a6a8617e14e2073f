// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/networks.hpp>

namespace stadtgdi::demo {

/// Connects the houses to the lines of their street, at a right angle where the line reaches so far: water, electricity,
/// sewage and telecommunication each, gas or heat where the street has it. What stands in a court is supplied from the
/// house in front, and allotment houses have nothing.
void connect_houses(const Plan& plan, const std::vector<Edge>& edges, const std::vector<House>& houses, int year, Networks& networks);

}  // namespace stadtgdi::demo
