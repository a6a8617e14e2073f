// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/greenery.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>
#include <array>
#include <iterator>

namespace stadtgdi::demo {

namespace {

// Crown and height of old trees, and how often a species is planted: rounded from what German street tree inventories show.
constexpr std::array<Species, 26> all_species{{
    {"Tilia cordata", "Winter-Linde", "Tilia", "cordata", 12, 20, 22, 10},
    {"Acer platanoides", "Spitz-Ahorn", "Acer", "platanoides", 13, 18, 13, 12},
    {"Tilia x europaea 'Pallida'", "Kaiser-Linde", "Tilia", "x europaea", 13, 24, 8, 3},
    {"Platanus x hispanica", "Ahornblättrige Platane", "Platanus", "x hispanica", 18, 24, 7, 5},
    {"Quercus robur", "Stiel-Eiche", "Quercus", "robur", 17, 22, 8, 14},
    {"Acer pseudoplatanus", "Berg-Ahorn", "Acer", "pseudoplatanus", 14, 22, 6, 12},
    {"Fraxinus excelsior", "Gewöhnliche Esche", "Fraxinus", "excelsior", 14, 24, 6, 9},
    {"Aesculus hippocastanum", "Rosskastanie", "Aesculus", "hippocastanum", 14, 20, 5, 6},
    {"Robinia pseudoacacia", "Robinie", "Robinia", "pseudoacacia", 11, 18, 5, 4},
    {"Acer campestre", "Feld-Ahorn", "Acer", "campestre", 8, 11, 5, 6},
    {"Carpinus betulus 'Fastigiata'", "Säulen-Hainbuche", "Carpinus", "betulus", 7, 14, 4, 1},
    {"Corylus colurna", "Baum-Hasel", "Corylus", "colurna", 8, 15, 4, 1},
    {"Sorbus intermedia", "Schwedische Mehlbeere", "Sorbus", "intermedia", 6, 10, 3, 1},
    {"Betula pendula", "Hänge-Birke", "Betula", "pendula", 8, 18, 2, 10},
    {"Tilia tomentosa", "Silber-Linde", "Tilia", "tomentosa", 13, 20, 4, 3},
    {"Pyrus calleryana 'Chanticleer'", "Chinesische Wild-Birne", "Pyrus", "calleryana", 5, 10, 4, 1},
    {"Crataegus laevigata 'Paul's Scarlet'", "Rotdorn", "Crataegus", "laevigata", 5, 7, 3, 2},
    {"Prunus avium", "Vogel-Kirsche", "Prunus", "avium", 9, 14, 1, 6},
    {"Gleditsia triacanthos", "Gleditschie", "Gleditsia", "triacanthos", 11, 17, 3, 1},
    {"Ginkgo biloba", "Ginkgo", "Ginkgo", "biloba", 8, 16, 2, 1},
    {"Ulmus x hollandica 'Lobel'", "Stadt-Ulme", "Ulmus", "x hollandica", 7, 16, 2, 1},
    {"Quercus rubra", "Rot-Eiche", "Quercus", "rubra", 15, 20, 2, 5},
    {"Fagus sylvatica", "Rot-Buche", "Fagus", "sylvatica", 18, 26, 0, 9},
    {"Pinus sylvestris", "Wald-Kiefer", "Pinus", "sylvestris", 9, 20, 0, 6},
    {"Salix alba", "Silber-Weide", "Salix", "alba", 14, 18, 0, 4},
    {"Malus sylvestris", "Holz-Apfel", "Malus", "sylvestris", 6, 7, 0, 3},
}};

const Species& pick(Random& random, bool street)
{
    int total = 0;
    for (const Species& s : all_species) total += street ? s.street_weight : s.park_weight;
    int at = random.below(total);
    for (const Species& s : all_species) {
        at -= street ? s.street_weight : s.park_weight;
        if (at < 0) return s;
    }
    return all_species.front();
}

bool inside(const Ring& ring, Vec point, double margin)
{
    for (std::size_t i = 0; i < ring.size(); ++i)
        if (cross(unit(ring[(i + 1) % ring.size()] - ring[i]), point - ring[i]) < margin) return false;
    return true;
}

double tenth(double value) { return std::floor(value * 10 + 0.5) / 10; }

class TreePlanter {
public:
    TreePlanter(const Plan& plan, const std::vector<House>& houses, int year) : m_plan(plan), m_year(year), m_block_houses(plan.blocks.size()), m_fronts(plan.streets.size() * 2)
    {
        for (const House& house : houses) {
            m_block_houses[static_cast<std::size_t>(house.block)].push_back(&house);
            if (house.street < 0 || house.number == 0) continue;
            const Street& street = plan.streets[static_cast<std::size_t>(house.street)];
            const Vec along = unit(street.to - street.from), door = house.door - street.from;
            const double off = cross(along, door);
            m_fronts[static_cast<std::size_t>(house.street) * 2 + (off > 0 ? 0 : 1)].push_back({dot(along, door), std::abs(off) - street.width_m / 2});
        }
        for (auto& fronts : m_fronts) std::sort(fronts.begin(), fronts.end(), [](const Front& a, const Front& b) { return a.along_m < b.along_m; });
    }

    Greenery plant(std::int64_t count)
    {
        streets();
        const auto wanted = count - static_cast<std::int64_t>(m_out.trees.size());
        greens(std::max<std::int64_t>(wanted, count / 10));
        return std::move(m_out);
    }

private:
    /// A house as its street sees it: its door from the beginning of the street, its wall from the edge of the street.
    struct Front {
        double along_m, setback_m;
    };

    /// Sizes from age by a saturating curve; city trees of one planting differ a little.
    void add(Vec place, const Species& species, TreePlace kind, int planting_year, int street, int block, int district, Random& random)
    {
        Tree tree;
        tree.place = place;
        tree.species = &species;
        tree.kind = kind;
        tree.street = street;
        tree.block = block;
        tree.district = district;
        tree.planting_year = planting_year;
        const double age = std::max(0, m_year - planting_year) + 6.0;  // planted at about six years
        const double grown = age / (age + 28.0) * 1.35 * random.between(0.85, 1.12);
        tree.crown_diam_m = std::clamp(tenth(species.crown_m * grown), 1.0, 28.0);
        tree.height_m = std::clamp(tenth(species.height_m * std::min(1.1, grown * 1.05)), 2.5, 38.0);
        tree.trunk_circ_cm = std::floor(std::clamp((8 + age * 2.0) * random.between(0.8, 1.2), 14.0, 520.0) + 0.5);
        const double worn = random.share() + age / 400.0;
        tree.vitality = worn < 0.55 ? 0 : worn < 0.85 ? 1 : worn < 1.02 ? 2 : worn < 1.12 ? 3 : 4;
        m_out.trees.push_back(tree);
    }

    void streets()
    {
        for (std::size_t s = 0; s < m_plan.streets.size(); ++s) {
            const Street& street = m_plan.streets[s];
            Random random(m_plan.seed, 3'000'000'000ULL + s);
            if (street.kind == StreetKind::path) continue;
            const double planted = street.kind == StreetKind::arterial ? 0.85 : street.kind == StreetKind::collector ? 0.7 : 0.38;
            const Species& usual = pick(random, true);
            const int planted_in = m_year - 5 - random.below(street.kind == StreetKind::residential ? 75 : 105);
            const double spacing = random.between(9, 15) * (usual.crown_m > 14 ? 1.2 : 1.0);
            const Vec along = unit(street.to - street.from), side = left_of(along);
            // Behind the kerb, away from the cables along the walls.
            const double off = street.kind == StreetKind::arterial ? 8.0 : street.kind == StreetKind::collector ? 6.2 : 4.2;
            for (const double sign : {1.0, -1.0}) {
                if (!random.chance(planted)) continue;
                const std::vector<Front>& fronts = m_fronts[s * 2 + (sign > 0 ? 0 : 1)];
                for (std::size_t k = 0; k + 1 < street.stops.size();) {
                    std::size_t next = k + 1;
                    while (next + 1 < street.stops.size() && street.stops[next].node < 0) ++next;
                    const double begin = street.stops[k].along_m + 13, end = street.stops[next].along_m - 13;
                    for (double at = begin; at <= end; at += spacing) {
                        if (random.chance(0.07)) continue;
                        const double beside = beside_doors(fronts, at + random.between(-0.7, 0.7));
                        const Vec place = street.from + along * beside + side * (sign * off);
                        const bool renewed = random.chance(0.22);
                        const int year = renewed ? m_year - random.below(std::max(1, m_year - planted_in)) : planted_in + random.below(3);
                        const Species& species = renewed && random.chance(0.25) ? pick(random, true) : usual;
                        add(place, species, TreePlace::street, year, static_cast<int>(s), -1, -1, random);
                        clip(m_out.trees.back(), fronts, beside, street.width_m / 2 - off);
                    }
                    k = next;
                }
            }
        }
    }

    /// Not before a door and not on the connections to the house, which lie on both sides of it.
    static double beside_doors(const std::vector<Front>& fronts, double at)
    {
        constexpr double free_m = 3.2;
        const auto next = std::lower_bound(fronts.begin(), fronts.end(), at, [](const Front& front, double along) { return front.along_m < along; });
        if (next != fronts.end() && next->along_m - at < free_m) return next->along_m - free_m;
        if (next != fronts.begin() && at - std::prev(next)->along_m < free_m) return std::prev(next)->along_m + free_m;
        return at;
    }

    /// Crowns before a wall are kept off it.
    static void clip(Tree& tree, const std::vector<Front>& fronts, double at, double to_land_m)
    {
        constexpr double near_m = 14;
        double room = 1e300;
        for (auto front = std::lower_bound(fronts.begin(), fronts.end(), at - near_m, [](const Front& one, double along) { return one.along_m < along; });
             front != fronts.end() && front->along_m < at + near_m; ++front)
            room = std::min(room, to_land_m + front->setback_m);
        tree.crown_diam_m = std::min(tree.crown_diam_m, tenth(2 * room + 1.5));
    }

    void greens(std::int64_t wanted)
    {
        double room = 0;
        const auto density = [](LandUse use) {
            switch (use) {
                case LandUse::park: return 1.0;
                case LandUse::cemetery: return 1.1;
                case LandUse::school: return 0.35;
                case LandUse::allotments: return 0.25;
                case LandUse::rows: return 0.4;
                default: return 0.0;
            }
        };
        for (const Block& block : m_plan.blocks)
            if (!block.land.empty()) room += area(block.land) * density(block.use);
        if (room <= 0) return;
        // A jittered grid whose cells hold one tree each; not closer than 5.5 m on average.
        const double cell_area = std::max(30.0, room / static_cast<double>(wanted));
        for (std::size_t b = 0; b < m_plan.blocks.size(); ++b) {
            const Block& block = m_plan.blocks[b];
            const double thick = density(block.use);
            if (block.land.empty() || thick <= 0) continue;
            Random random(m_plan.seed, 4'000'000'000ULL + b);
            scatter(block, static_cast<int>(b), std::sqrt(cell_area / thick), random);
            if (block.use == LandUse::park && area(block.land) > 3000) playground(block, static_cast<int>(b), random);
        }
    }

    void scatter(const Block& block, int index, double spacing, Random& random)
    {
        Vec low{1e300, 1e300}, high{-1e300, -1e300};
        for (const Vec& p : block.land) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
        const Vec middle = centre(block.outline);
        const Vec meadow = middle + Vec{random.between(-60, 60), random.between(-60, 60)};
        const double clearing = block.use == LandUse::park && area(block.land) > 15'000 ? random.between(28, 75) : 0;
        const TreePlace kind = block.use == LandUse::cemetery ? TreePlace::cemetery : block.use == LandUse::school ? TreePlace::school : TreePlace::park;
        const int oldest = 15 + random.below(130);
        for (double y = low.y + spacing / 2; y < high.y; y += spacing)
            for (double x = low.x + spacing / 2; x < high.x; x += spacing) {
                const Vec place{x + random.between(-0.4, 0.4) * spacing, y + random.between(-0.4, 0.4) * spacing};
                const Species& species = pick(random, false);
                const int age = 3 + random.below(oldest);
                if (!inside(block.land, place, 3) || norm(place - meadow) < clearing || near_path(index, place) || near_house(index, place)) continue;
                add(place, species, kind, m_year - age, -1, index, block.district, random);
            }
    }

    bool near_path(int block, Vec place) const
    {
        for (const int street : m_plan.blocks[static_cast<std::size_t>(block)].paths) {
            const Street& path = m_plan.streets[static_cast<std::size_t>(street)];
            const Vec along = unit(path.to - path.from);
            const double at = std::clamp(dot(place - path.from, along), 0.0, norm(path.to - path.from));
            if (norm(place - (path.from + along * at)) < 3.0) return true;
        }
        return false;
    }

    bool near_house(int block, Vec place) const
    {
        for (const House* house : m_block_houses[static_cast<std::size_t>(block)])
            if (inside(house->corners, place, -3.5)) return true;
        return false;
    }

    void playground(const Block& block, int index, Random& random)
    {
        const Vec middle = centre(block.land);
        const Vec along = unit(block.land[1] - block.land[0]), inward = left_of(along);
        const double aside = random.between(12, 22), deep = random.between(10, 16);
        const Vec at = middle + along * aside + inward * deep;
        const double w = random.between(9, 16), h = random.between(7, 12);
        const Ring ring{at, at + along * w, at + along * w + inward * h, at + inward * h};
        for (const Vec& corner : ring)
            if (!inside(block.land, corner, 3)) return;
        m_out.playgrounds.push_back({ring, index});
    }

    const Plan& m_plan;
    int m_year;
    std::vector<std::vector<const House*>> m_block_houses;
    std::vector<std::vector<Front>> m_fronts;   // by street and side
    Greenery m_out;
};

}  // namespace

Greenery make_greenery(const Plan& plan, const std::vector<House>& houses, std::int64_t count, int year)
{
    return TreePlanter(plan, houses, year).plant(count);
}

}  // namespace stadtgdi::demo
