// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/connections.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>
#include <map>
#include <numeric>

namespace stadtgdi::demo {

namespace {

constexpr std::size_t media = medium_names.size();
// By medium, in the order of the enumeration.
constexpr double at_junction_m[media]{-1.6, -2.8, 3.4, 1.8, 0.0, 4.4};  // where the node stands beside the middle of the junction
constexpr double depth_m[media]{1.5, 1.0, 0.7, 1.2, 2.8, 0.6};

bool is_main(const Street& street) { return street.kind == StreetKind::arterial || street.kind == StreetKind::collector; }

/// Left of the street's axis positive.
double offset_m(const Street& street, Medium medium)
{
    const bool main = is_main(street);
    const double wall = street.width_m / 2;
    switch (medium) {
        case Medium::electricity: return wall - 0.6;
        case Medium::telecom: return 0.6 - wall;
        case Medium::water: return main ? -2.4 : -1.3;
        case Medium::gas: return main ? -3.8 : -2.5;
        case Medium::heat: return main ? 2.6 : 1.8;
        default: return 0.0;
    }
}

bool reaches(const Plan& plan, const Edge& edge, Medium medium)
{
    const Vec middle = (edge.places.front() + edge.places.back()) * 0.5;
    const double inner = 1.0 - norm({middle.x / 1.12, middle.y / 0.9}) / plan.radius_m;
    switch (medium) {
        case Medium::heat: return inner > 0.5 || (middle.x < -0.4 * plan.radius_m && inner > 0.15);
        case Medium::gas: return inner < 0.88;
        default: return true;
    }
}

double cm(double metres) { return std::floor(metres * 100) / 100; }

/// The streets that a medium reaches, without scattered pieces: what hangs together has a works of its own.
struct Area {
    std::vector<bool> edges;
    std::vector<int> part;   ///< of each node of the plan: one of its nodes names a part
};

Area area_of(const Plan& plan, const std::vector<Edge>& edges, Medium medium)
{
    Area area;
    area.part.resize(plan.nodes.size());
    std::iota(area.part.begin(), area.part.end(), 0);
    const auto root = [&](int node) {
        const auto up = [&](int one) -> int& { return area.part[static_cast<std::size_t>(one)]; };
        while (up(node) != node) node = up(node) = up(up(node));
        return node;
    };
    for (const Edge& edge : edges) {
        const bool in = plan.streets[static_cast<std::size_t>(edge.street)].kind != StreetKind::path && reaches(plan, edge, medium);
        area.edges.push_back(in);
        if (in) area.part[static_cast<std::size_t>(root(edge.from))] = root(edge.to);
    }
    std::vector<int> size(plan.nodes.size(), 0);
    for (std::size_t e = 0; e < edges.size(); ++e)
        if (area.edges[e]) ++size[static_cast<std::size_t>(root(edges[e].from))];
    constexpr int least_edges = 25;
    for (std::size_t e = 0; e < edges.size(); ++e) area.edges[e] = area.edges[e] && size[static_cast<std::size_t>(root(edges[e].from))] >= least_edges;
    for (std::size_t node = 0; node < area.part.size(); ++node) area.part[node] = root(static_cast<int>(node));
    return area;
}

class Mains {
public:
    Mains(const Plan& plan, const std::vector<Edge>& edges, int year)
        : m_plan(plan), m_edges(edges), m_year(year), m_plant{0.15 * plan.radius_m, -0.95 * plan.radius_m}, m_node_of(plan.nodes.size() * media, -1), m_on_main_street(plan.nodes.size())
    {
        for (std::size_t m = 0; m < media; ++m) m_areas[m] = area_of(plan, edges, static_cast<Medium>(m));
        for (const Edge& edge : edges)
            if (is_main(street_of(edge)))
                for (const int node : {edge.from, edge.to}) m_on_main_street[static_cast<std::size_t>(node)] = true;
    }

    Networks lay()
    {
        for (std::size_t e = 0; e < m_edges.size(); ++e) {
            Random random(m_plan.seed, 6'000'000'000ULL + e);
            for (std::size_t m = 0; m < media; ++m)
                if (m_areas[m].edges[e]) lay(static_cast<int>(e), static_cast<Medium>(m), random);
        }
        grow_sewers();
        close_ends();
        choose_sources();
        return std::move(m_out);
    }

private:
    const Street& street_of(const Edge& edge) const { return m_plan.streets[static_cast<std::size_t>(edge.street)]; }
    double height(Vec place) const { return 96.0 + norm(place - m_plant) * 0.0031; }

    int node(Medium medium, int at, int street)
    {
        const auto m = static_cast<std::size_t>(medium);
        int& index = m_node_of[static_cast<std::size_t>(at) * media + m];
        if (index >= 0) return index;
        index = static_cast<int>(m_out.nodes.size());
        Random random(m_plan.seed, 5'000'000'000ULL + static_cast<std::uint64_t>(at) * media + m);
        PipeNode made;
        made.medium = medium;
        const Vec place = m_plan.nodes[static_cast<std::size_t>(at)].place;
        made.place = m_plan.bent(place + Vec{at_junction_m[m], at_junction_m[m] * 0.45});
        made.street = street;
        made.install_year = m_year - 3 - random.below(80);
        switch (medium) {
            case Medium::water: made.type = random.chance(0.35) ? "hydrant" : random.chance(0.5) ? "valve" : "junction"; break;
            case Medium::gas: made.type = random.chance(0.06) ? "reducer" : random.chance(0.3) ? "valve" : "junction"; break;
            // Transformers stand where medium and low voltage meet.
            case Medium::electricity:
                made.type = m_on_main_street[static_cast<std::size_t>(at)] && random.chance(0.3) ? "transformer" : random.chance(0.5) ? "distribution_box" : "junction";
                break;
            case Medium::heat: made.type = random.chance(0.25) ? "valve" : "junction"; break;
            case Medium::sewage:
                made.type = "manhole";
                made.invert_m = cm(height(place));
                made.cover_m = cm(height(place) + depth_m[m] + 0.3);
                break;
            case Medium::telecom: made.type = random.chance(0.3) ? "distribution_box" : "junction"; break;
        }
        m_out.nodes.push_back(made);
        m_height.push_back(height(place));
        m_part.push_back(m_areas[m].part[static_cast<std::size_t>(at)]);
        return index;
    }

    void lay(int index, Medium medium, Random& random)
    {
        const Edge& edge = m_edges[static_cast<std::size_t>(index)];
        const Street& street = street_of(edge);
        const bool main = is_main(street);
        const auto m = static_cast<std::size_t>(medium);
        Pipe pipe;
        pipe.medium = medium;
        pipe.street = edge.street;
        pipe.edge = index;
        pipe.from = node(medium, edge.from, edge.street);
        pipe.to = node(medium, edge.to, edge.street);
        pipe.offset_m = offset_m(street, medium);
        pipe.install_year = m_year - 2 - random.below(95);
        pipe.depth_m = cm(depth_m[m] * random.between(0.85, 1.25));
        const bool recent = pipe.install_year > 1985;
        switch (medium) {
            case Medium::water:
                pipe.sub_medium = "drinking";
                pipe.diameter_mm = main ? (random.chance(0.4) ? 300 : 200) : (random.chance(0.5) ? 150 : 100);
                pipe.material = recent ? (main ? "ductile_iron" : "pe") : "cast_iron";
                break;
            case Medium::gas:
                pipe.sub_medium = main ? "medium_pressure" : "low_pressure";
                pipe.diameter_mm = main ? 250 : 110;
                pipe.material = recent ? "pe" : "steel";
                break;
            case Medium::electricity:
                pipe.sub_medium = "low_voltage";
                pipe.diameter_mm = 45;
                pipe.material = recent ? "aluminium" : "copper";
                pipe.line_type = "cable";
                break;
            case Medium::heat:   // flow and return in one trench
                pipe.diameter_mm = main ? 300 : 125;
                pipe.material = "steel_pe";
                break;
            case Medium::sewage:
                pipe.sub_medium = norm(edge.places.front()) < m_plan.radius_m * 0.6 ? "combined" : "foul";
                break;
            case Medium::telecom:
                pipe.sub_medium = recent ? "fibre" : "copper";
                pipe.diameter_mm = 50;
                pipe.material = recent ? "glass_fibre" : "copper";
                pipe.line_type = recent ? "protective_duct" : "cable";
                break;
        }
        draw(pipe);
        m_out.pipes.push_back(pipe);
        if (medium == Medium::electricity && main) {
            pipe.sub_medium = "medium_voltage";
            pipe.diameter_mm = 75;
            pipe.material = "aluminium";
            pipe.offset_m -= 0.5;
            pipe.depth_m = cm(pipe.depth_m + 0.3);
            draw(pipe);
            m_out.pipes.push_back(std::move(pipe));
        }
    }

    void draw(Pipe& pipe)
    {
        const Edge& edge = m_edges[static_cast<std::size_t>(pipe.edge)];
        const Straight straight = straight_part(m_plan, edge, pipe.offset_m);
        pipe.places.clear();
        pipe.places.push_back(m_out.nodes[static_cast<std::size_t>(pipe.from)].place);
        pipe.places.insert(pipe.places.end(), straight.places.begin(), straight.places.end());
        pipe.places.push_back(m_out.nodes[static_cast<std::size_t>(pipe.to)].place);
        // Sewers are drawn in the direction of flow.
        if (pipe.medium == Medium::sewage && height(edge.places.front()) < height(edge.places.back())) {
            std::reverse(pipe.places.begin(), pipe.places.end());
            std::swap(pipe.from, pipe.to);
        }
    }

    /// What comes to a manhole leaves by the pipe that falls deepest; other pipes begin there. So sewers grow towards the plant.
    void grow_sewers()
    {
        const auto height_of = [&](int node) { return m_height[static_cast<std::size_t>(node)]; };
        std::vector<int> trunk(m_out.nodes.size(), -1), from_top;
        for (std::size_t p = 0; p < m_out.pipes.size(); ++p) {
            const Pipe& pipe = m_out.pipes[p];
            if (pipe.medium != Medium::sewage) continue;
            int& known = trunk[static_cast<std::size_t>(pipe.from)];
            if (known < 0) from_top.push_back(pipe.from);
            if (known < 0 || height_of(pipe.to) < height_of(m_out.pipes[static_cast<std::size_t>(known)].to)) known = static_cast<int>(p);
        }
        std::stable_sort(from_top.begin(), from_top.end(), [&](int a, int b) { return height_of(a) > height_of(b); });
        std::vector<double> streets_above(m_out.nodes.size(), 0), carries(m_out.pipes.size(), 1);
        for (const int node : from_top) {
            const auto pipe = static_cast<std::size_t>(trunk[static_cast<std::size_t>(node)]);
            carries[pipe] += streets_above[static_cast<std::size_t>(node)];
            streets_above[static_cast<std::size_t>(m_out.pipes[pipe].to)] += carries[pipe];
        }
        for (std::size_t p = 0; p < m_out.pipes.size(); ++p) {
            Pipe& pipe = m_out.pipes[p];
            if (pipe.medium != Medium::sewage) continue;
            constexpr std::pair<double, double> sizes[]{{12, 300}, {30, 400}, {70, 500}, {150, 600}, {400, 800}, {1000, 1200}, {4000, 1800}, {1e300, 2400}};
            for (const auto& [streets, diameter] : sizes)
                if (carries[p] <= streets) {
                    pipe.diameter_mm = diameter;
                    break;
                }
            pipe.material = pipe.diameter_mm > 600 ? (pipe.install_year > 1960 ? "reinforced_concrete" : "brick") : pipe.install_year > 1985 ? "pvc" : "vitrified_clay";
        }
    }

    /// Where the area of a medium ends its lines are closed.
    void close_ends()
    {
        std::vector<int> lines(m_out.nodes.size(), 0);
        for (const Pipe& pipe : m_out.pipes)
            for (const int node : {pipe.from, pipe.to}) ++lines[static_cast<std::size_t>(node)];
        for (std::size_t i = 0; i < m_out.nodes.size(); ++i)
            if (lines[i] == 1 && m_out.nodes[i].type == "junction") m_out.nodes[i].type = "end";
    }

    /// Where each medium comes from (or, sewage, goes to): the node nearest to its works, in each part that hangs together.
    void choose_sources()
    {
        constexpr Vec works[media]{{-0.9, 0.3}, {0.9, 0.4}, {0.8, -0.5}, {0.6, 0.1}, {0.15, -0.95}, {0.0, 0.0}};
        std::map<std::pair<Medium, int>, PipeNode*> nearest;
        for (std::size_t i = 0; i < m_out.nodes.size(); ++i) {
            PipeNode& candidate = m_out.nodes[i];
            const Vec at = m_plan.bent(works[static_cast<std::size_t>(candidate.medium)] * m_plan.radius_m);
            PipeNode*& known = nearest[{candidate.medium, m_part[i]}];
            if (!known || norm(candidate.place - at) < norm(known->place - at)) known = &candidate;
        }
        for (const auto& [part, node] : nearest) {
            node->source = true;
            node->type = node->medium == Medium::sewage ? "structure" : "source";
        }
    }

    const Plan& m_plan;
    const std::vector<Edge>& m_edges;
    int m_year;
    Vec m_plant;                          // for sewage
    std::vector<int> m_node_of;           // by node of the plan and medium
    std::vector<bool> m_on_main_street;   // by node of the plan
    std::array<Area, media> m_areas;      // by medium
    std::vector<int> m_part;              // of each node of the networks
    std::vector<double> m_height;         // of the ground's fall there
    Networks m_out;
};

/// How sharp the corners at both ends are; lines keep out of footpaths, so these do not count.
void measure_corners(const Plan& plan, std::vector<Edge>& edges)
{
    std::vector<std::vector<std::pair<Vec, double*>>> leaving(plan.nodes.size());
    for (Edge& edge : edges) {
        const Street& street = plan.streets[static_cast<std::size_t>(edge.street)];
        if (street.kind == StreetKind::path) continue;
        const Vec ahead = unit(street.to - street.from);
        leaving[static_cast<std::size_t>(edge.from)].emplace_back(ahead, &edge.sharp_from);
        leaving[static_cast<std::size_t>(edge.to)].emplace_back(ahead * -1.0, &edge.sharp_to);
    }
    constexpr double least_sine = 0.05;
    for (const auto& ways : leaving)
        for (const auto& [ahead, sharp] : ways)
            for (const auto& [other, others_own] : ways)
                if (sharp != others_own) *sharp = std::max(*sharp, (1 + dot(ahead, other)) / std::max(std::abs(cross(ahead, other)), least_sine));
}

}  // namespace

std::vector<Edge> edges_of(const Plan& plan)
{
    std::vector<Edge> edges;
    for (std::size_t s = 0; s < plan.streets.size(); ++s) {
        Edge edge;
        for (const auto& stop : plan.streets[s].stops) {
            edge.places.push_back(stop.place);
            if (stop.node < 0) continue;
            if (edge.from >= 0) {
                edge.street = static_cast<int>(s);
                edge.to = stop.node;
                edges.push_back(edge);
            }
            edge = {};
            edge.from = stop.node;
            edge.places = {stop.place};
        }
    }
    measure_corners(plan, edges);
    return edges;
}

Straight straight_part(const Plan& plan, const Edge& edge, double offset_m)
{
    const Street& street = plan.streets[static_cast<std::size_t>(edge.street)];
    const Vec ahead = unit(street.to - street.from), side = left_of(ahead) * offset_m;
    const auto along = [&](Vec place) { return dot(place - street.from, ahead); };
    const double corner = std::max(6.0, std::abs(offset_m) * 0.9), length = along(edge.places.back()) - along(edge.places.front());
    Straight out;
    if (length <= 2 * corner + 4) return out;
    // At a sharp corner lines beside their streets would cross until the streets are twice the distance apart.
    constexpr double farthest_pipe_m = 3.8;
    const auto keep_off = [&](double sharp) { return std::clamp(farthest_pipe_m * sharp + 0.5, corner, std::max(corner, 0.35 * length)); };
    const double begin = along(edge.places.front()) + keep_off(edge.sharp_from), end = along(edge.places.back()) - keep_off(edge.sharp_to);
    out.along_m.push_back(begin);
    for (std::size_t i = 1; i + 1 < edge.places.size(); ++i)
        if (const double at = along(edge.places[i]); at > begin + 1 && at < end - 1) out.along_m.push_back(at);
    out.along_m.push_back(end);
    for (const double at : out.along_m) out.places.push_back(plan.bent(street.from + ahead * at + side));
    return out;
}

Networks make_networks(const Plan& plan, const std::vector<Edge>& edges, const std::vector<House>& houses, int year)
{
    Networks out = Mains(plan, edges, year).lay();
    connect_houses(plan, edges, houses, year, out);
    return out;
}

}  // namespace stadtgdi::demo
