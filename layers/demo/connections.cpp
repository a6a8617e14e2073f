// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/connections.hpp>
#include <algorithm>

namespace stadtgdi::demo {

namespace {

// Where a medium enters the house, beside its door; in the order of the enumeration.
constexpr double beside_door_m[]{0.3, 0.9, 1.5, -0.3, -0.9, -1.5};

Vec entry(const House& house, Medium medium) { return house.door + unit(house.corners[1] - house.corners[0]) * beside_door_m[static_cast<std::size_t>(medium)]; }

double rounded_mm(double metres) { return std::floor(metres * 1000.0 + 0.5) / 1000.0; }

/// Houses of each street by their doors, from its beginning.
using Doors = std::vector<std::pair<double, int>>;

std::vector<Doors> doors_of_streets(const Plan& plan, const std::vector<House>& houses)
{
    std::vector<Doors> doors(plan.streets.size());
    for (std::size_t h = 0; h < houses.size(); ++h) {
        const House& house = houses[h];
        if (house.street < 0 || (house.number == 0 && house.use != HouseUse::school)) continue;
        const Street& street = plan.streets[static_cast<std::size_t>(house.street)];
        doors[static_cast<std::size_t>(house.street)].emplace_back(dot(house.door - street.from, unit(street.to - street.from)), static_cast<int>(h));
    }
    for (Doors& of_street : doors) std::sort(of_street.begin(), of_street.end());
    return doors;
}

/// Moves places along a line apart so that no two meet it in one point, and keeps them between low and high.
void spread(std::vector<std::pair<double, int>>& places, double low, double high)
{
    constexpr double apart_m = 0.1;
    for (auto& place : places) place.first = std::clamp(place.first, low, high);
    std::sort(places.begin(), places.end());
    for (std::size_t i = 1; i < places.size(); ++i) places[i].first = std::max(places[i].first, places[i - 1].first + apart_m);
    for (std::size_t i = places.size(); i-- > 0;) places[i].first = std::min(places[i].first, high - apart_m * static_cast<double>(places.size() - 1 - i));
}

}  // namespace

void connect_houses(const Plan& plan, const std::vector<Edge>& edges, const std::vector<House>& houses, int year, Networks& networks)
{
    const std::vector<Doors> doors = doors_of_streets(plan, houses);
    std::vector<bool> has_heat(edges.size());
    for (const Pipe& pipe : networks.pipes)
        if (pipe.medium == Medium::heat) has_heat[static_cast<std::size_t>(pipe.edge)] = true;
    for (std::size_t p = 0; p < networks.pipes.size(); ++p) {
        const Pipe& pipe = networks.pipes[p];
        const Edge& edge = edges[static_cast<std::size_t>(pipe.edge)];
        const Street& street = plan.streets[static_cast<std::size_t>(pipe.street)];
        const Doors& of_street = doors[static_cast<std::size_t>(pipe.street)];
        if (of_street.empty() || pipe.sub_medium == "medium_voltage") continue;
        const Straight straight = straight_part(plan, edge, pipe.offset_m);
        if (straight.along_m.empty()) continue;
        const Vec ahead = unit(street.to - street.from);
        const double begin = dot(edge.places.front() - street.from, ahead), end = dot(edge.places.back() - street.from, ahead);
        std::vector<std::pair<double, int>> meets;
        for (auto door = std::lower_bound(of_street.begin(), of_street.end(), std::pair(begin, -1)); door != of_street.end() && door->first < end; ++door) {
            const House& house = houses[static_cast<std::size_t>(door->second)];
            // Nobody heats with both.
            const bool by_heat = has_heat[static_cast<std::size_t>(pipe.edge)] && (house.levels > 2 || door->second % 3 == 0);
            if ((pipe.medium == Medium::gas && by_heat) || (pipe.medium == Medium::heat && !by_heat)) continue;
            meets.emplace_back(dot(entry(house, pipe.medium) - street.from, ahead), door->second);
        }
        spread(meets, straight.along_m.front() + 0.2, straight.along_m.back() - 0.2);
        std::size_t piece = 0;
        for (const auto& [at, house] : meets) {
            while (piece + 2 < straight.along_m.size() && straight.along_m[piece + 1] < at) ++piece;
            const double share = (at - straight.along_m[piece]) / (straight.along_m[piece + 1] - straight.along_m[piece]);
            const Vec on = straight.places[piece] + (straight.places[piece + 1] - straight.places[piece]) * share;
            const House& to = houses[static_cast<std::size_t>(house)];
            networks.connections.push_back({.pipe = static_cast<int>(p),
                                            .house = house,
                                            .main = {rounded_mm(on.x), rounded_mm(on.y)},
                                            .wall = plan.bent(entry(to, pipe.medium)),
                                            .install_year = std::max(pipe.install_year, year - to.age)});
        }
    }
}

}  // namespace stadtgdi::demo
