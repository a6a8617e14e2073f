// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/networks.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>

namespace stadtgdi::demo {

namespace {

constexpr std::size_t media = medium_names.size();
constexpr double offset_m[media]{-2.6, -3.9, 3.4, 1.8, 0.0, 4.4};  // from the street axis, left positive
constexpr double depth_m[media]{1.5, 1.0, 0.7, 1.2, 2.8, 0.6};

bool has_medium(const Plan& plan, const Edge& edge, Medium medium)
{
    const Vec middle = (edge.places.front() + edge.places.back()) * 0.5;
    const double inner = 1.0 - norm({middle.x / 1.12, middle.y / 0.9}) / plan.radius_m;
    switch (medium) {
        case Medium::heat: return inner > 0.5 || (middle.x < -0.4 * plan.radius_m && inner > 0.15);
        case Medium::gas: return inner < 0.88;
        default: return true;
    }
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
    return edges;
}

Networks make_networks(const Plan& plan, const std::vector<Edge>& edges, int year)
{
    Networks out;
    const Vec plant{0.15 * plan.radius_m, -0.95 * plan.radius_m};
    std::vector<int> node_of(plan.nodes.size() * media, -1);
    const auto height = [&](Vec place) { return 96.0 + norm(place - plant) * 0.0031; };

    const auto node = [&](Medium medium, int at, int street) {
        const auto m = static_cast<std::size_t>(medium);
        int& index = node_of[static_cast<std::size_t>(at) * media + m];
        if (index >= 0) return index;
        index = static_cast<int>(out.nodes.size());
        Random random(plan.seed, 5'000'000'000ULL + static_cast<std::uint64_t>(at) * media + m);
        PipeNode made;
        made.medium = medium;
        const Vec place = plan.nodes[static_cast<std::size_t>(at)].place;
        made.place = plan.bent(place + Vec{offset_m[m], offset_m[m] * 0.45});
        made.street = street;
        made.install_year = year - 3 - random.below(80);
        switch (medium) {
            case Medium::water: made.type = random.chance(0.35) ? "hydrant" : random.chance(0.5) ? "valve" : "junction"; break;
            case Medium::gas: made.type = random.chance(0.06) ? "reducer" : random.chance(0.3) ? "valve" : "junction"; break;
            case Medium::electricity: made.type = random.chance(0.12) ? "transformer" : random.chance(0.5) ? "distribution_box" : "junction"; break;
            case Medium::heat: made.type = random.chance(0.25) ? "valve" : "junction"; break;
            case Medium::sewage: made.type = "manhole"; made.invert_m = std::floor(height(place) * 100) / 100; break;
            case Medium::telecom: made.type = random.chance(0.3) ? "distribution_box" : "junction"; break;
        }
        out.nodes.push_back(made);
        return index;
    };

    for (std::size_t e = 0; e < edges.size(); ++e) {
        const Edge& edge = edges[e];
        const Street& street = plan.streets[static_cast<std::size_t>(edge.street)];
        if (street.kind == StreetKind::path) continue;
        Random random(plan.seed, 6'000'000'000ULL + e);
        const bool main = street.kind != StreetKind::residential;
        for (std::size_t m = 0; m < media; ++m) {
            const auto medium = static_cast<Medium>(m);
            if (!has_medium(plan, edge, medium)) continue;
            Pipe pipe;
            pipe.medium = medium;
            pipe.street = edge.street;
            pipe.from = node(medium, edge.from, edge.street);
            pipe.to = node(medium, edge.to, edge.street);
            std::vector<Vec> places = edge.places;
            if (medium == Medium::sewage && height(places.front()) < height(places.back())) {
                std::reverse(places.begin(), places.end());
                std::swap(pipe.from, pipe.to);
            }
            const Vec side = left_of(unit(street.to - street.from)) * offset_m[m];
            pipe.places.push_back(out.nodes[static_cast<std::size_t>(pipe.from)].place);
            const double length = norm(places.back() - places.front());
            const Vec ahead = unit(places.back() - places.front());
            if (length > 16) pipe.places.push_back(plan.bent(places.front() + ahead * 6.0 + side));
            for (std::size_t i = 1; i + 1 < places.size(); ++i) pipe.places.push_back(plan.bent(places[i] + side));
            if (length > 16) pipe.places.push_back(plan.bent(places.back() - ahead * 6.0 + side));
            pipe.places.push_back(out.nodes[static_cast<std::size_t>(pipe.to)].place);
            pipe.install_year = year - 2 - random.below(95);
            pipe.depth_m = std::floor(depth_m[m] * random.between(0.85, 1.25) * 100) / 100;
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
                    pipe.sub_medium = main ? "medium_voltage" : "low_voltage";
                    pipe.diameter_mm = main ? 75 : 45;
                    pipe.material = main ? "aluminium" : "copper";
                    pipe.line_type = "cable";
                    break;
                case Medium::heat:
                    pipe.sub_medium = "flow";
                    pipe.diameter_mm = main ? 300 : 125;
                    pipe.material = "steel_pe";
                    break;
                case Medium::sewage:
                    pipe.sub_medium = norm(edge.places.front()) < plan.radius_m * 0.6 ? "combined" : "foul";
                    pipe.diameter_mm = main ? 800 : (random.chance(0.4) ? 400 : 300);
                    pipe.material = recent ? (main ? "reinforced_concrete" : "pvc") : (main ? "brick" : "vitrified_clay");
                    break;
                case Medium::telecom:
                    pipe.sub_medium = recent ? "fibre" : "copper";
                    pipe.diameter_mm = 50;
                    pipe.material = recent ? "glass_fibre" : "copper";
                    pipe.line_type = recent ? "protective_duct" : "cable";
                    break;
            }
            out.pipes.push_back(std::move(pipe));
        }
    }

    // Where each medium comes from (or, sewage, goes to): the node nearest to its works.
    const Vec works[media]{{-0.9, 0.3}, {0.9, 0.4}, {0.8, -0.5}, {0.6, 0.1}, {0.15, -0.95}, {0.0, 0.0}};
    for (std::size_t m = 0; m < media; ++m) {
        const Vec at = plan.bent(works[m] * plan.radius_m);
        PipeNode* nearest = nullptr;
        for (PipeNode& candidate : out.nodes)
            if (static_cast<std::size_t>(candidate.medium) == m && (!nearest || norm(candidate.place - at) < norm(nearest->place - at))) nearest = &candidate;
        if (!nearest) continue;
        nearest->source = true;
        nearest->type = m == static_cast<std::size_t>(Medium::sewage) ? "structure" : "source";
    }
    return out;
}

}  // namespace stadtgdi::demo
