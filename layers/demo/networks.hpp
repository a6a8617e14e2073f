// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/plan.hpp>
#include <array>
#include <string_view>

namespace stadtgdi::demo {

/// A piece of street between two junctions.
struct Edge {
    int street = -1;
    int from = -1, to = -1;       ///< nodes of the plan
    std::vector<Vec> places;      ///< on the plan, both ends included
};
std::vector<Edge> edges_of(const Plan& plan);

enum class Medium { water, gas, electricity, heat, sewage, telecom };
constexpr std::array<std::string_view, 6> medium_names{"water", "gas", "electricity", "heat", "sewage", "telecom"};

struct Pipe {
    Medium medium;
    int street = -1;
    int from = -1, to = -1;       ///< index into Networks::nodes
    std::vector<Vec> places;      ///< on the map
    double diameter_mm = 0, depth_m = 0;
    int install_year = 0;
    std::string_view sub_medium, material, line_type = "buried";
};

struct PipeNode {
    Medium medium;
    Vec place;                    ///< on the map
    std::string_view type;
    int street = -1;
    bool source = false;
    double invert_m = 0;
    int install_year = 0;
};

struct Networks {
    std::vector<Pipe> pipes;
    std::vector<PipeNode> nodes;
};

/// Lines of six media along the streets, each at its own distance from the axis as in a German standard cross-section
/// (DIN 1998), joined by nodes at the junctions; sewers fall towards the treatment plant in the south.
Networks make_networks(const Plan& plan, const std::vector<Edge>& edges, int year);

}  // namespace stadtgdi::demo
