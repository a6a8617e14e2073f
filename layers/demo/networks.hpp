// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/houses.hpp>
#include <array>
#include <string_view>

namespace stadtgdi::demo {

/// A piece of street between two junctions.
struct Edge {
    int street = -1;
    int from = -1, to = -1;       ///< nodes of the plan
    std::vector<Vec> places;      ///< on the plan, both ends included
    double sharp_from = 0, sharp_to = 0;  ///< cotangent of half the smallest angle to another street at the junction: 0 straight on, 1 a right angle
};
std::vector<Edge> edges_of(const Plan& plan);

enum class Medium { water, gas, electricity, heat, sewage, telecom };
constexpr std::array<std::string_view, 6> medium_names{"water", "gas", "electricity", "heat", "sewage", "telecom"};

struct Pipe {
    Medium medium;
    int street = -1, edge = -1;
    int from = -1, to = -1;       ///< index into Networks::nodes
    double offset_m = 0;          ///< from the street's axis, left positive
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
    double invert_m = 0, cover_m = 0;
    int install_year = 0;
};

/// The part of a line that runs beside the axis of its street; the ends lead to the nodes. Empty in short pieces of street.
struct Straight {
    std::vector<double> along_m;  ///< from the beginning of the street
    std::vector<Vec> places;      ///< on the map
};
Straight straight_part(const Plan& plan, const Edge& edge, double offset_m);

/// From a line in the street to the wall of a house, where its node is; the end in the street lies on the line.
struct Connection {
    int pipe = -1, house = -1;
    Vec main, wall;               ///< on the map
    int install_year = 0;
};

struct Networks {
    std::vector<Pipe> pipes;
    std::vector<PipeNode> nodes;
    std::vector<Connection> connections;
};

/// Lines of six media along the streets, each at its own distance from the axis as in a German standard cross-section
/// (DIN 1998: cables along the walls, pipes in the carriageway), joined by nodes at the junctions, and connections to the
/// houses at a right angle. Sewers fall towards the treatment plant in the south and grow on their way.
Networks make_networks(const Plan& plan, const std::vector<Edge>& edges, const std::vector<House>& houses, int year);

}  // namespace stadtgdi::demo
