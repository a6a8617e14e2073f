// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/woodland.hpp>
#include <layers/demo/random.hpp>
#include <array>

namespace stadtgdi::demo {

namespace {

constexpr std::size_t bays = 12;

/// Some bays of the border are wooded; the first always is.
std::array<bool, bays> wooded_bays(std::uint64_t seed)
{
    Random random(seed, 21);
    std::array<bool, bays> wooded{};
    for (bool& one : wooded) one = random.chance(0.45);
    wooded[0] = true;
    return wooded;
}

/// Beyond the ring road's half and its trees, and not quite to the border.
void add_strip(const Plan& plan, int street, Vec place, Ring& inner, Ring& outer)
{
    const Vec border = plan.at_border(street, place), outward = unit(border - place);
    inner.push_back(place + outward * 17.0);
    outer.push_back(border - outward * 3.0);
}

}  // namespace

std::vector<Woodland> woodlands(const Plan& plan)
{
    const std::array<bool, bays> wooded = wooded_bays(plan.seed);
    std::vector<Woodland> out;
    for (std::size_t d = 0; d < plan.districts.size(); ++d) {
        const District& district = plan.districts[d];
        const std::size_t count = district.outline.size();
        const auto is_wooded = [&](std::size_t edge) {
            const int street = district.streets[edge % count];
            return plan.is_ring_road(street) && wooded[static_cast<std::size_t>(street) * bays / plan.border.size()];
        };
        for (std::size_t i = 0; i < count; ++i) {
            if (!is_wooded(i) || is_wooded(i + count - 1)) continue;
            Ring inner, outer;
            std::size_t edge = i;
            for (; is_wooded(edge) && edge < i + count; ++edge) add_strip(plan, district.streets[edge % count], district.outline[edge % count], inner, outer);
            add_strip(plan, district.streets[(edge - 1) % count], district.outline[edge % count], inner, outer);
            // Counter-clockwise: along the border, back along the road.
            Ring ring = outer;
            ring.insert(ring.end(), inner.rbegin(), inner.rend());
            if (area(ring) > 3000) out.push_back({static_cast<int>(d), std::move(ring)});
        }
    }
    return out;
}

}  // namespace stadtgdi::demo
