// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/plan.hpp>
#include <layers/demo/names.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>
#include <array>
#include <optional>

namespace stadtgdi::demo {

namespace {

constexpr double inhabitants_per_km2 = 3500.0;
constexpr double hectare = 10'000.0;

struct Cell {
    Ring ring;
    std::vector<int> streets;
    std::uint64_t path;   ///< names the cell by the cuts that led to it: its stream of random numbers
    int district = -1, borough = -1;
};

class Planner {
public:
    Planner(std::int64_t inhabitants, std::uint64_t seed) : m_seed(seed), m_naming(seed, 3)
    {
        m_plan.seed = seed;
        m_city_area = static_cast<double>(inhabitants) / inhabitants_per_km2 * 1e6;
        m_plan.radius_m = std::sqrt(m_city_area / 3.141592653589793);
    }

    Plan plan(base::RunContext& run)
    {
        std::vector<Cell> open{outline()};
        while (!open.empty()) {
            Cell cell = std::move(open.back());
            open.pop_back();
            if ((m_plan.blocks.size() & 1023U) == 0) run.throw_if_stopped();
            grow(std::move(cell), open);
        }
        for (std::size_t i = 0; i < m_plan.blocks.size(); ++i)
            if (const LandUse use = m_plan.blocks[i].use; use == LandUse::park || use == LandUse::cemetery) add_paths(i);
        finish_streets();
        for (Block& block : m_plan.blocks) {
            std::vector<double> distances;
            for (const int street : block.streets) distances.push_back(m_plan.streets[static_cast<std::size_t>(street)].width_m / 2);
            block.land = inset(block.outline, distances);
        }
        return std::move(m_plan);
    }

private:
    /// An ellipse of 48 corners whose edges are the ring road.
    Cell outline()
    {
        Cell cell;
        constexpr int per_quarter = 12;
        const Vec turns[4]{{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
        for (const Vec turn : turns) {
            for (int k = 0; k < per_quarter; ++k) {
                const double t = static_cast<double>(k) / per_quarter;  // half-angle formulas: no sine or cosine needed
                const double c = (1 - t * t) / (1 + t * t), s = 2 * t / (1 + t * t);
                cell.ring.push_back({(turn.x * c - turn.y * s) * m_plan.radius_m * 1.12, (turn.x * s + turn.y * c) * m_plan.radius_m * 0.9});
            }
        }
        const std::string name = m_names.street(StreetKind::arterial, m_naming);
        for (std::size_t i = 0; i < cell.ring.size(); ++i) m_plan.nodes.push_back({cell.ring[i], 0});
        for (std::size_t i = 0; i < cell.ring.size(); ++i) {
            const auto next = (i + 1) % cell.ring.size();
            cell.streets.push_back(add_street(StreetKind::arterial, name, cell.ring[i], static_cast<int>(i), cell.ring[next], static_cast<int>(next)));
        }
        cell.path = 1;
        make_border(cell.ring);
        return cell;
    }

    /// The municipal border runs freely round the ring road: woods and fields lie between.
    void make_border(const Ring& ring)
    {
        constexpr std::size_t bays = 12;
        Random random(m_seed, 20);
        std::array<double, bays> wide{};
        for (double& one : wide) one = 60 + random.share() * std::min(0.32 * m_plan.radius_m, 1500.0);
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const std::size_t per_bay = ring.size() / bays, bay = i / per_bay;
            const double t = static_cast<double>(i % per_bay) / static_cast<double>(per_bay), blend = t * t * (3 - 2 * t);
            m_plan.border.push_back(ring[i] + unit(ring[i]) * (wide[bay] * (1 - blend) + wide[(bay + 1) % bays] * blend));
        }
    }

    int add_street(StreetKind kind, std::string name, Vec from, int from_node, Vec to, int to_node)
    {
        Street street;
        street.kind = kind;
        street.width_m = kind == StreetKind::arterial ? 27 : kind == StreetKind::collector ? 18 : kind == StreetKind::residential ? 12.5 : 3;
        street.name = std::move(name);
        street.from = from;
        street.to = to;
        street.stops = {{0.0, from, from_node}, {norm(to - from), to, to_node}};
        m_plan.streets.push_back(std::move(street));
        return static_cast<int>(m_plan.streets.size()) - 1;
    }

    double centrality(Vec place) const { return std::clamp(1.0 - norm({place.x / 1.12, place.y / 0.9}) / m_plan.radius_m, 0.0, 1.0); }

    void grow(Cell cell, std::vector<Cell>& open)
    {
        const double size = area(cell.ring);
        const Vec middle = centre(cell.ring);
        const double inner = centrality(middle);
        Random random(m_seed, 1000 + cell.path);

        if (cell.borough < 0 && size < std::max(m_city_area / 6, 2e6)) {
            cell.borough = static_cast<int>(m_plan.boroughs.size());
            m_plan.boroughs.push_back(district(cell, size == m_city_area ? "Mitte" : m_names.district(m_naming)));
        }
        if (cell.district < 0 && size < std::min(1.6e6, m_city_area / 3)) {
            cell.district = static_cast<int>(m_plan.districts.size());
            District made = district(cell, m_names.district(m_naming));
            made.borough = cell.borough;
            m_plan.districts.push_back(std::move(made));
        }
        if (const auto use = large_use(size, inner, middle, random)) {
            add_block(std::move(cell), *use, inner);
            return;
        }
        const double target = (0.8 + 1.5 * (1 - inner)) * hectare * random.between(0.8, 1.5);
        if (size > target) {
            // A cut fails where it would end near a corner; large cells must not stay whole for that.
            const int attempts = size > 5 * hectare ? 200 : 6;
            for (int attempt = 0; attempt < attempts; ++attempt)
                if (cut(cell, size, random, open)) return;
        }
        add_block(std::move(cell), small_use(size, inner, middle, random), inner);
    }

    District district(const Cell& cell, std::string name) const
    {
        District made;
        made.name = std::move(name);
        made.outline = cell.ring;
        made.streets = cell.streets;
        return made;
    }

    /// Greens and works that are larger than a block.
    std::optional<LandUse> large_use(double size, double inner, Vec middle, Random& random) const
    {
        if (size > 16 * hectare || size < 4 * hectare) return {};
        const double east = middle.x / m_plan.radius_m;
        if (east > 0.35 && inner < 0.45 && random.chance(0.28)) return LandUse::industry;
        if (random.chance(0.06)) return LandUse::park;
        if (inner < 0.5 && random.chance(0.05)) return LandUse::allotments;
        if (inner < 0.75 && random.chance(0.02)) return LandUse::cemetery;
        return {};
    }

    LandUse small_use(double size, double inner, Vec middle, Random& random) const
    {
        if (random.chance(0.035)) return LandUse::park;
        if (size > 0.9 * hectare && random.chance(0.03)) return LandUse::school;
        if (inner > 0.82) return LandUse::centre;
        if (inner > 0.45) return LandUse::perimeter;
        const double west = -middle.x / m_plan.radius_m;
        if (west > 0.4 && random.chance(0.75)) return LandUse::rows;
        if (inner > 0.3) return random.chance(0.5) ? LandUse::perimeter : LandUse::rows;
        return LandUse::detached;
    }

    void add_block(Cell cell, LandUse use, double inner)
    {
        Block block;
        block.outline = std::move(cell.ring);
        block.streets = std::move(cell.streets);
        block.use = use;
        block.district = cell.district;
        block.centrality = inner;
        m_plan.blocks.push_back(std::move(block));
    }

    struct Cut {
        std::size_t edge = 0;
        Vec place;
        int node = -1;   ///< of a junction that is there already
    };

    /// Where the line meets an edge of the cell, moved onto a junction of the street's other side where one is near.
    std::optional<Cut> meet(const Cell& cell, std::size_t edge, Vec on, Vec along) const
    {
        const Vec a = cell.ring[edge], b = cell.ring[(edge + 1) % cell.ring.size()];
        const double side_a = cross(along, a - on), side_b = cross(along, b - on);
        Cut met{edge, a + (b - a) * (side_a / (side_a - side_b)), -1};
        const Street& street = m_plan.streets[static_cast<std::size_t>(cell.streets[edge])];
        const double at = dot(met.place - street.from, unit(street.to - street.from));
        double nearest = 32.0;
        for (const auto& stop : street.stops) {
            if (stop.node < 0 || std::abs(stop.along_m - at) >= nearest) continue;
            if (dot(stop.place - a, b - a) <= 0 || dot(stop.place - b, a - b) <= 0) continue;  // on another cell's edge
            nearest = std::abs(stop.along_m - at);
            met.place = stop.place;
            met.node = stop.node;
        }
        if (norm(met.place - a) < 22 || norm(met.place - b) < 22) return {};
        return met;
    }

    bool cut(const Cell& cell, double size, Random& random, std::vector<Cell>& open)
    {
        // Across the longest edge of small cells, across the longest diameter of large ones.
        const std::size_t count = cell.ring.size();
        Vec from, to;
        double longest = -1;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t last = size > 0.6e6 ? count : i + 2;
            for (std::size_t j = i + 1; j < last; ++j) {
                const double length = norm(cell.ring[j % count] - cell.ring[i]);
                if (length > longest) {
                    longest = length;
                    from = cell.ring[i];
                    to = cell.ring[j % count];
                }
            }
        }
        const Vec across = left_of(unit(to - from));
        const Vec tilted = unit(across + left_of(across) * random.between(-0.16, 0.16));
        const Vec on = from + (to - from) * random.between(0.38, 0.62);
        std::vector<std::size_t> crossed;
        for (std::size_t i = 0; i < count; ++i)
            if ((cross(tilted, cell.ring[i] - on) > 0) != (cross(tilted, cell.ring[(i + 1) % count] - on) > 0)) crossed.push_back(i);
        if (crossed.size() != 2) return false;
        const auto first = meet(cell, crossed[0], on, tilted), second = meet(cell, crossed[1], on, tilted);
        if (!first || !second) return false;

        const StreetKind kind = size > 1.3e6 ? StreetKind::arterial : size > 16 * hectare ? StreetKind::collector : StreetKind::residential;
        const int node_a = junction(cell, *first), node_b = junction(cell, *second);
        const int street = add_street(kind, m_names.street(kind, m_naming), first->place, node_a, second->place, node_b);
        open.push_back(child(cell, *second, *first, street, cell.path * 2 + 1));
        open.push_back(child(cell, *first, *second, street, cell.path * 2));
        return true;
    }

    int junction(const Cell& cell, const Cut& at)
    {
        if (at.node >= 0) return at.node;
        const int node = add_node(at.place);
        add_stop(cell.streets[at.edge], at.place, node);
        return node;
    }

    /// The side of the cell from `begin` counter-clockwise to `end`, closed by the new street.
    static Cell child(const Cell& cell, const Cut& begin, const Cut& end, int street, std::uint64_t path)
    {
        Cell out;
        out.path = path * 0x9E3779B97F4A7C15ULL >> 1U;
        out.district = cell.district;
        out.borough = cell.borough;
        out.ring.push_back(begin.place);
        out.streets.push_back(cell.streets[begin.edge]);
        for (std::size_t i = (begin.edge + 1) % cell.ring.size();; i = (i + 1) % cell.ring.size()) {
            out.ring.push_back(cell.ring[i]);
            out.streets.push_back(cell.streets[i]);
            if (i == end.edge) break;
        }
        out.ring.push_back(end.place);
        out.streets.push_back(street);
        return out;
    }

    int add_node(Vec place)
    {
        m_plan.nodes.push_back({place, 0});
        return static_cast<int>(m_plan.nodes.size()) - 1;
    }

    void add_stop(int street, Vec place, int node)
    {
        Street& on = m_plan.streets[static_cast<std::size_t>(street)];
        on.stops.push_back({dot(place - on.from, unit(on.to - on.from)), place, node});
    }

    /// A path all round inside a large park, crossing those to the middle.
    void add_round(std::size_t index, const std::string& name, const std::vector<int>& spokes)
    {
        Block& block = m_plan.blocks[index];
        std::vector<double> distances;
        for (const int street : block.streets) distances.push_back(m_plan.streets[static_cast<std::size_t>(street)].width_m / 2 + 16);
        const Ring round = inset(block.outline, distances);
        if (round.empty() || area(round) < 1.2 * hectare) return;
        std::vector<int> corners;
        for (const Vec corner : round) corners.push_back(add_node(corner));
        for (std::size_t i = 0; i < round.size(); ++i) {
            const std::size_t next = (i + 1) % round.size();
            const Vec a = round[i], b = round[next];
            const int side = add_street(StreetKind::path, name, a, corners[i], b, corners[next]);
            block.paths.push_back(side);
            for (const int spoke : spokes) {
                const Vec gate = m_plan.streets[static_cast<std::size_t>(spoke)].from, hub = m_plan.streets[static_cast<std::size_t>(spoke)].to;
                const double across = cross(hub - gate, b - a);
                if (std::abs(across) < 1e-9) continue;
                const double on_spoke = cross(a - gate, b - a) / across, on_side = cross(a - gate, hub - gate) / across;
                if (on_spoke <= 0 || on_spoke >= 1 || on_side <= 0.01 || on_side >= 0.99) continue;
                const Vec place = a + (b - a) * on_side;
                const int node = add_node(place);
                add_stop(side, place, node);
                add_stop(spoke, place, node);
            }
        }
    }

    /// Paths from the middle of a green to gates on its longer sides.
    void add_paths(std::size_t index)
    {
        const Ring ring = m_plan.blocks[index].outline;
        const std::vector<int> sides = m_plan.blocks[index].streets;
        if (area(ring) < 0.8 * hectare) return;
        Random random(m_seed, 500'000'000 + index);
        const Vec middle = centre(ring);
        const int hub = add_node(middle);
        const std::string name = m_names.street(StreetKind::path, m_naming);
        std::vector<int> spokes;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
            if (norm(b - a) < 70) continue;
            const Vec gate = a + (b - a) * random.between(0.35, 0.65);
            const int node = add_node(gate);
            add_stop(sides[i], gate, node);
            spokes.push_back(add_street(StreetKind::path, name, gate, node, middle, hub));
        }
        m_plan.blocks[index].paths = spokes;
        if (m_plan.blocks[index].use == LandUse::park) add_round(index, name, spokes);
    }

    void finish_streets()
    {
        for (Street& street : m_plan.streets) {
            std::sort(street.stops.begin(), street.stops.end(), [](const auto& a, const auto& b) { return a.along_m < b.along_m; });
            std::vector<Street::Stop> all;
            for (std::size_t i = 0; i < street.stops.size(); ++i) {
                ++m_plan.nodes[static_cast<std::size_t>(street.stops[i].node)].degree;
                all.push_back(street.stops[i]);
                if (i + 1 == street.stops.size()) break;
                const auto& next = street.stops[i + 1];
                const int pieces = std::max(1, static_cast<int>((next.along_m - street.stops[i].along_m) / 40.0));
                for (int k = 1; k < pieces; ++k) {
                    const double share = static_cast<double>(k) / pieces;
                    all.push_back({street.stops[i].along_m + (next.along_m - street.stops[i].along_m) * share,
                                   street.stops[i].place + (next.place - street.stops[i].place) * share, -1});
                }
            }
            street.stops = std::move(all);
        }
        const auto number = [](std::vector<District>& list, int digits) {
            for (std::size_t i = 0; i < list.size(); ++i) {
                list[i].number = std::to_string(i + 1);
                while (static_cast<int>(list[i].number.size()) < digits) list[i].number.insert(0, "0");
            }
        };
        number(m_plan.boroughs, 2);
        number(m_plan.districts, 3);
    }

    Plan m_plan;
    std::uint64_t m_seed;
    double m_city_area;
    Names m_names;
    Random m_naming;
};

}  // namespace

Plan make_plan(std::int64_t inhabitants, std::uint64_t seed, base::RunContext& run) { return Planner(inhabitants, seed).plan(run); }

}  // namespace stadtgdi::demo
