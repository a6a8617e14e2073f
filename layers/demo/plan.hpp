// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace stadtgdi::demo {

struct Vec {
    double x = 0, y = 0;
    friend Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
    friend Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
    friend Vec operator*(Vec a, double f) { return {a.x * f, a.y * f}; }
};
inline double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
inline double cross(Vec a, Vec b) { return a.x * b.y - a.y * b.x; }
inline double norm(Vec a) { return std::sqrt(dot(a, a)); }
inline Vec unit(Vec a) { return a * (1.0 / norm(a)); }
inline Vec left_of(Vec a) { return {-a.y, a.x}; }
using Ring = std::vector<Vec>;  ///< open: the first point is not repeated; counter-clockwise

double area(const Ring& ring);
Vec centre(const Ring& ring);
/// The part of a convex ring left of the line through `on` along `along`.
Ring clipped(const Ring& ring, Vec on, Vec along);
/// A convex ring with each edge moved inward by its own distance; empty where nothing is left.
Ring inset(const Ring& ring, const std::vector<double>& distances);
Ring inset(const Ring& ring, double distance);
/// Smallest distance from a point to the ring's edges.
double edge_distance(const Ring& ring, Vec point);

enum class StreetKind { arterial, collector, residential, path };

/// A straight street of the plan, before the plan is bent; points are its junctions and ends, sorted along it.
struct Street {
    StreetKind kind = StreetKind::residential;
    double width_m = 12;
    std::string name;
    Vec from, to;
    struct Stop {
        double along_m;
        Vec place;
        int node;   ///< index into Plan::nodes, -1: only a bend point
    };
    std::vector<Stop> stops;
};

enum class LandUse { centre, perimeter, rows, detached, industry, school, park, cemetery, allotments };

struct Block {
    Ring outline;               ///< along the street axes, convex
    std::vector<int> streets;   ///< of each edge
    Ring land;                  ///< without the streets' halves
    LandUse use = LandUse::detached;
    std::vector<int> paths;     ///< streets inside it
    int district = -1;
    double centrality = 0;      ///< 1 in the middle of the city, 0 at its edge
};

struct District {
    std::string number, name;
    Ring outline;
    std::vector<int> streets;
    int borough = -1;           ///< of districts: index into boroughs
};

struct Node {
    Vec place;
    int degree = 0;
};

/// Streets and blocks of a city of straight lines around (0, 0); `bent` moves every point to where it is on the map.
struct Plan {
    double radius_m = 0;
    std::vector<Street> streets;
    std::vector<Node> nodes;
    std::vector<Block> blocks;
    std::vector<District> districts, boroughs;
    std::vector<Vec> border;      ///< of the city, one corner outside each corner of the ring road; streets 0 ... 47 are the ring road
    std::uint64_t seed = 0;

    /// Map coordinates (EPSG:25833), rounded to millimetres.
    Vec bent(Vec plan) const;
    /// The ring along the streets with every junction and a point each 40 m, on the map, closed.
    std::vector<Vec> bent_along_streets(const Ring& outline, const std::vector<int>& edge_streets) const;
    /// The place at the city's border that lies outside a place of the ring road (streets[street]).
    Vec at_border(int street, Vec place) const;
    /// The same for districts, which reach from the ring road to the city's border.
    std::vector<Vec> bent_to_border(const Ring& outline, const std::vector<int>& edge_streets) const;
    bool is_ring_road(int street) const { return street >= 0 && static_cast<std::size_t>(street) < border.size(); }
    /// A free ring with a point each 25 m, on the map, closed.
    std::vector<Vec> bent(const Ring& ring) const;
};

/// Recursive subdivision of a round city: early cuts are main streets, late ones residential streets; what is left are
/// blocks, small in the middle and large at the edge.
Plan make_plan(std::int64_t inhabitants, std::uint64_t seed, base::RunContext& run);

}  // namespace stadtgdi::demo
