// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/houses.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>

namespace stadtgdi::demo {

namespace {

struct Manner {
    double front_low_m, front_high_m;   ///< width of a house along the street
    double depth_m;
    double gap_low_m, gap_high_m;       ///< to the next house
    double setback_m;
    int levels_low, levels_high;
};

Manner manner_of(LandUse use)
{
    switch (use) {
        case LandUse::centre: return {12, 26, 14, 0, 0, 0, 4, 6};
        case LandUse::perimeter: return {13, 19, 12, 0, 0, 0.5, 3, 5};
        case LandUse::rows: return {34, 68, 11.5, 14, 26, 9, 5, 7};
        case LandUse::industry: return {45, 90, 32, 18, 40, 10, 1, 2};
        default: return {9, 13, 10, 6, 13, 5, 1, 2};
    }
}

class Builder {
public:
    Builder(const Plan& plan, std::vector<House>& houses) : m_plan(plan), m_houses(houses), m_numbers(plan.streets.size() * 2, 0) {}

    void build(int index)
    {
        const Block& block = m_plan.blocks[static_cast<std::size_t>(index)];
        if (block.land.empty()) return;
        Random random(m_plan.seed, 2'000'000'000ULL + static_cast<std::uint64_t>(index));
        switch (block.use) {
            case LandUse::park: case LandUse::cemetery: return;
            case LandUse::allotments: allotments(block, index, random); return;
            case LandUse::school: school(block, index, random); return;
            default: along_streets(block, index, random);
        }
        if (block.use == LandUse::centre || block.use == LandUse::perimeter) courtyard(block, index, random);
        if (block.use == LandUse::industry) yard(block, index, random);
    }

private:
    /// The side of the land that an edge of the outline became, -1 where it vanished.
    int street_of(const Block& block, Vec a, Vec b) const
    {
        const Vec middle = (a + b) * 0.5;
        int best = -1;
        double nearest = 1e300;
        for (std::size_t i = 0; i < block.outline.size(); ++i) {
            const Vec from = block.outline[i], to = block.outline[(i + 1) % block.outline.size()];
            const double off = std::abs(cross(unit(to - from), middle - from));
            if (off < nearest) {
                nearest = off;
                best = block.streets[i];
            }
        }
        return best;
    }

    void along_streets(const Block& block, int index, Random& random)
    {
        const Ring& land = block.land;
        const std::size_t count = land.size();
        Manner manner = manner_of(block.use);
        // Narrow land gets shallow houses so that backs do not meet.
        if (inset(land, manner.depth_m + manner.setback_m + 5).empty()) {
            manner.depth_m = std::max(8.0, manner.depth_m * 0.7);
            manner.setback_m = std::min(manner.setback_m, 3.0);
        }
        const double deep = manner.depth_m + manner.setback_m;
        for (std::size_t i = 0; i < count; ++i) {
            const Vec before = land[(i + count - 1) % count], a = land[i], b = land[(i + 1) % count], after = land[(i + 2) % count];
            const double length = norm(b - a);
            if (length < manner.front_low_m) continue;
            const Vec along = unit(b - a), inward = left_of(along);
            const double start = deep * half_angle_cotangent(before, a, b) + (manner.gap_low_m > 0 ? 2 : 0);
            const double end = length - manner.setback_m - std::max(0.0, deep * cotangent(a, b, after));
            const int street = street_of(block, a, b);
            double at = start;
            while (at < end - manner.front_low_m * 0.6) {
                double front = std::min(random.between(manner.front_low_m, manner.front_high_m), end - at);
                if (manner.gap_low_m == 0 && end - at - front < manner.front_low_m * 0.6) front = end - at;  // closed rows end at the corner
                if (front > manner.front_high_m * 1.5) front /= 2;
                const bool vacant = random.chance(block.use == LandUse::industry ? 0.25 : 0.035);
                if (!vacant) place(block, index, street, a + along * at + inward * manner.setback_m, along, front, manner.depth_m, manner, i, random);
                at += front + random.between(manner.gap_low_m, manner.gap_high_m);
            }
        }
    }

    static double cotangent(Vec before, Vec corner, Vec after)
    {
        const Vec u = unit(before - corner), v = unit(after - corner);
        return dot(u, v) / std::max(0.05, std::abs(cross(u, v)));
    }
    static double half_angle_cotangent(Vec before, Vec corner, Vec after)
    {
        const Vec u = unit(before - corner), v = unit(after - corner);
        return (1 + dot(u, v)) / std::max(0.05, std::abs(cross(u, v)));
    }

    void place(const Block& block, int index, int street, Vec corner, Vec along, double front, double depth, const Manner& manner,
               std::size_t edge, Random& random)
    {
        const Vec inward = left_of(along);
        House house;
        house.corners = {corner, corner + along * front, corner + along * front + inward * depth, corner + inward * depth};
        // The back must leave room to the houses of the other sides.
        for (const Vec back : {house.corners[2], house.corners[3], (house.corners[2] + house.corners[3]) * 0.5})
            if (!has_room(block.land, back, edge, manner)) return;
        house.door = corner + along * (front * 0.5);
        house.block = index;
        house.street = street;
        int& last = m_numbers[static_cast<std::size_t>(street) * 2 + side_of(street, house.door)];
        last += last == 0 ? (side_of(street, house.door) == 0 ? 1 : 2) : 2;
        house.number = last;
        house.levels = manner.levels_low + random.below(manner.levels_high - manner.levels_low + 1);
        switch (block.use) {
            case LandUse::centre: house.use = random.chance(0.5) ? HouseUse::commercial : HouseUse::mixed; break;
            case LandUse::industry: house.use = HouseUse::industrial; break;
            case LandUse::perimeter: house.use = random.chance(0.12) ? HouseUse::mixed : HouseUse::residential; break;
            default: house.use = HouseUse::residential;
        }
        if (house.use != HouseUse::industrial && random.chance(0.012)) {
            constexpr HouseUse open_to_all[]{HouseUse::kindergarten, HouseUse::health, HouseUse::library, HouseUse::culture, HouseUse::sport, HouseUse::town_hall};
            house.use = open_to_all[random.below(6)];
        }
        finish(std::move(house), random);
    }

    static bool has_room(const Ring& land, Vec back, std::size_t own_edge, const Manner& manner)
    {
        for (std::size_t i = 0; i < land.size(); ++i) {
            const Vec a = land[i], b = land[(i + 1) % land.size()];
            const double off = cross(unit(b - a), back - a);
            if (off < -0.01) return false;
            const bool neighbour = i == own_edge || i == (own_edge + 1) % land.size() || (i + 1) % land.size() == own_edge;
            if (!neighbour && off < manner.depth_m + manner.setback_m + 3) return false;
        }
        return true;
    }

    std::size_t side_of(int street, Vec place) const
    {
        const Street& s = m_plan.streets[static_cast<std::size_t>(street)];
        return cross(s.to - s.from, place - s.from) > 0 ? 0 : 1;
    }

    void free_standing(const Block& block, int index, Vec middle, Vec along, double front, double depth, HouseUse use, int levels, Random& random)
    {
        const Vec inward = left_of(along);
        const Vec corner = middle - along * (front / 2) - inward * (depth / 2);
        House house;
        house.corners = {corner, corner + along * front, corner + along * front + inward * depth, corner + inward * depth};
        for (const Vec& c : house.corners)
            for (std::size_t i = 0; i < block.land.size(); ++i) {
                const Vec a = block.land[i], b = block.land[(i + 1) % block.land.size()];
                if (cross(unit(b - a), c - a) < 2) return;
            }
        house.door = corner + along * (front / 2);
        house.use = use;
        house.levels = levels;
        house.block = index;
        house.street = street_of(block, block.land[0], block.land[1]);
        finish(std::move(house), random);
    }

    void courtyard(const Block& block, int index, Random& random)
    {
        const Ring inner = inset(block.land, 26);
        if (inner.empty() || area(inner) < 350 || !random.chance(0.6)) return;
        const Vec along = unit(block.land[1] - block.land[0]);
        // One draw after the other: the order in which arguments are computed differs between compilers.
        const double front = random.between(10, 16), depth = random.between(8, 10);
        const int levels = 1 + random.below(2);
        free_standing(block, index, centre(inner), along, front, depth, HouseUse::commercial, levels, random);
    }

    /// Halls in rows behind those along the streets.
    void yard(const Block& block, int index, Random& random)
    {
        const Ring inner = inset(block.land, 52);   // behind a hall and its yard
        if (inner.empty()) return;
        const Vec along = unit(block.land[1] - block.land[0]), inward = left_of(along), middle = centre(inner);
        for (int i = -4; i <= 4; ++i)
            for (int j = -5; j <= 5; ++j) {
                const Vec at = middle + along * (i * 92.0) + inward * (j * 58.0);
                const double front = random.between(48, 76), depth = random.between(24, 38);
                if (random.chance(0.22) || !inset_contains(inner, at, front / 2)) continue;
                free_standing(block, index, at, along, front, depth, HouseUse::industrial, 1, random);
            }
    }

    void school(const Block& block, int index, Random& random)
    {
        const Vec along = unit(block.land[1] - block.land[0]);
        const Vec middle = centre(block.land);
        free_standing(block, index, middle, along, 52, 15, HouseUse::school, 3, random);
        free_standing(block, index, middle + left_of(along) * 28.0, along, 30, 18, HouseUse::sport, 1, random);
    }

    void allotments(const Block& block, int index, Random& random)
    {
        const Vec along = unit(block.land[1] - block.land[0]), inward = left_of(along);
        const Vec middle = centre(block.land);
        for (int i = -9; i <= 9; ++i)
            for (int j = -9; j <= 9; ++j) {
                if (j % 3 == 0 || random.chance(0.12)) continue;
                const Vec at = middle + along * (i * 19.0 + random.between(-2, 2)) + inward * (j * 15.0);
                if (inset_contains(block.land, at, 8)) free_standing(block, index, at, along, 4.5, 3.5, HouseUse::residential, 1, random);
            }
    }

    static bool inset_contains(const Ring& ring, Vec point, double distance)
    {
        for (std::size_t i = 0; i < ring.size(); ++i)
            if (cross(unit(ring[(i + 1) % ring.size()] - ring[i]), point - ring[i]) < distance) return false;
        return true;
    }

    /// Old rows in the middle with gaps that were filled later, slabs of some decades, the rest grew all the time.
    int age(LandUse use, std::size_t house) const
    {
        Random random(m_plan.seed, 13'000'000'000ULL + house);
        switch (use) {
            case LandUse::centre: case LandUse::perimeter: return random.chance(0.7) ? 95 + random.below(55) : 3 + random.below(60);
            case LandUse::rows: return 36 + random.below(30);
            default: return 2 + random.below(90);
        }
    }

    void finish(House house, Random& random)
    {
        house.age = age(m_plan.blocks[static_cast<std::size_t>(house.block)].use, m_houses.size());
        const double storey = house.use == HouseUse::industrial ? 6.5 : 3.1;
        house.height_m = std::floor((house.levels * storey + random.between(0.5, 3.5)) * 10) / 10;
        m_houses.push_back(std::move(house));
    }

    const Plan& m_plan;
    std::vector<House>& m_houses;
    std::vector<int> m_numbers;   // last house number by street and side
};

/// Shares the inhabitants out by dwelling space, each house a whole number, the sum exact.
void settle(std::vector<House>& houses, const Plan& plan, std::int64_t inhabitants)
{
    const auto space = [&](const House& house) {
        const bool garden = plan.blocks[static_cast<std::size_t>(house.block)].use == LandUse::allotments;
        const double part = garden ? 0.0 : house.use == HouseUse::residential ? 1.0 : house.use == HouseUse::mixed ? 0.7 : 0.0;
        return area(house.corners) * house.levels * part;
    };
    double total = 0;
    for (const House& house : houses) total += space(house);
    double so_far = 0;
    std::int64_t given = 0;
    for (House& house : houses) {
        so_far += space(house);
        const auto due = static_cast<std::int64_t>(so_far / total * static_cast<double>(inhabitants) + 0.5);
        house.inhabitants = due - given;
        given = due;
    }
}

}  // namespace

std::vector<House> make_houses(const Plan& plan, std::int64_t inhabitants)
{
    std::vector<House> houses;
    Builder builder(plan, houses);
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) builder.build(static_cast<int>(i));
    settle(houses, plan, inhabitants);
    return houses;
}

}  // namespace stadtgdi::demo
