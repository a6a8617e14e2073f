// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/random.hpp>
#include <layers/demo/rows.hpp>

namespace stadtgdi::demo {

namespace {

/// What leads from a line to a house.
struct Service {
    double diameter_mm, depth_m;
    std::string_view material;
};

Service service_of(const Pipe& main, int year)
{
    switch (main.medium) {
        case Medium::water: return {40, 1.5, year > 1975 ? "pe" : "steel"};
        case Medium::gas: return {40, 0.9, year > 1985 ? "pe" : "steel"};
        case Medium::electricity: return {30, 0.6, main.material};
        case Medium::heat: return {50, 1.0, main.material};
        case Medium::sewage: return {150, 2.2, year > 1980 ? "pvc" : "vitrified_clay"};
        default: return {20, 0.6, main.material};
    }
}

constexpr std::string_view operators[]{"Stadtwerke Wasser", "Stadtwerke Gas", "Stadtwerke Strom", "Stadtwerke Wärme", "Stadtentwässerung", "Stadtnetz Telekommunikation"};

/// Every operator has delivered its lines in the whole city.
void add_coverage(const DemoContents& city, Tables& out)
{
    Rows rows("utilities_coverage", city);
    std::int32_t day = 0;
    table::parse_date(std::to_string(city.year - 1) + "-12-01", day);
    const std::vector<Vec> border = city_ring(city);
    for (std::size_t medium = 0; medium < medium_names.size(); ++medium) {
        rows.begin();
        rows.at("operator").add(operators[medium]);
        rows.at("medium").add(medium_names[medium]);
        rows.at("data_state").add(static_cast<Medium>(medium) == Medium::telecom ? "partial" : "complete");
        rows.at("as_of").add_date(day);
        rows.since(city.year - 1);
        rows.area(border);
        rows.end();
    }
    out.emplace("utilities_coverage", rows.finish());
}

}  // namespace

void add_utilities(const DemoContents& city, Tables& out)
{
    Rows node("utilities_node", city), line("utilities_line", city);
    std::vector<std::string> node_uuids;
    for (const PipeNode& n : city.networks.nodes) {
        node_uuids.push_back(node.begin());
        node.since(n.install_year);
        const auto medium = static_cast<std::size_t>(n.medium);
        node.at("medium").add(medium_names[medium]);
        node.at("node_type").add(n.type);
        node.at("status").add("in_operation");
        node.at("operator").add(operators[medium]);
        node.at("street_name").add(street_name(city, n.street));
        node.at("is_source").add(n.source);
        if (n.type == "valve") {
            node.at("operable").add(true);
            node.at("state").add("open");
        }
        if (n.medium == Medium::sewage) {
            node.at("invert_m").add(n.invert_m);
            node.at("cover_m").add(n.cover_m);
        }
        node.at("install_year").add(n.install_year);
        node.at("pos_acc_m").add(0.1);
        node.geometry().add_point(n.place.x, n.place.y);
        node.end();
    }
    for (const Pipe& p : city.networks.pipes) {
        line.begin();
        line.since(p.install_year);
        const auto medium = static_cast<std::size_t>(p.medium);
        line.at("medium").add(medium_names[medium]);
        if (!p.sub_medium.empty()) line.at("sub_medium").add(p.sub_medium);
        line.at("line_type").add(p.line_type);
        line.at("function").add(city.plan.streets[static_cast<std::size_t>(p.street)].kind == StreetKind::residential ? "distribution" : "main");
        line.at("status").add("in_operation");
        line.at("operator").add(operators[medium]);
        line.at("street_name").add(street_name(city, p.street));
        line.at("from_node").add(node_uuids[static_cast<std::size_t>(p.from)]);
        line.at("to_node").add(node_uuids[static_cast<std::size_t>(p.to)]);
        line.at("flow_dir").add(p.medium == Medium::sewage ? "forward" : "unknown");
        line.at("diameter_mm").add(p.diameter_mm);
        line.at("outer_diam_mm").add(std::floor(p.diameter_mm * 1.1 + 0.5));
        line.at("material").add(p.material);
        line.at("install_year").add(p.install_year);
        line.at("depth_m").add(p.depth_m);
        if (p.medium == Medium::sewage) {
            line.at("profile").add("circular");
            line.at("invert_from_m").add(city.networks.nodes[static_cast<std::size_t>(p.from)].invert_m);
            line.at("invert_to_m").add(city.networks.nodes[static_cast<std::size_t>(p.to)].invert_m);
        }
        if (p.medium == Medium::electricity) line.at("voltage_kv").add(p.sub_medium == "medium_voltage" ? 10.0 : 0.4);
        if (p.medium == Medium::gas) line.at("pressure_bar").add(p.sub_medium == "medium_pressure" ? 0.8 : 0.05);
        line.at("level").add(0);
        line.at("pos_acc_m").add(0.1);
        line.line(p.places);
        line.end();
    }
    for (const Connection& c : city.networks.connections) {
        const Pipe& main = city.networks.pipes[static_cast<std::size_t>(c.pipe)];
        const Service service = service_of(main, c.install_year);
        const auto medium = static_cast<std::size_t>(main.medium);
        const std::string& street = street_name(city, main.street);
        const std::string uuid = node.begin();
        node.since(c.install_year);
        node.at("medium").add(medium_names[medium]);
        node.at("node_type").add("house_connection");
        node.at("status").add("in_operation");
        node.at("operator").add(operators[medium]);
        node.at("street_name").add(street);
        node.at("is_source").add(false);
        node.at("install_year").add(c.install_year);
        node.at("pos_acc_m").add(0.1);
        node.geometry().add_point(c.wall.x, c.wall.y);
        node.end();

        // Drawn as it flows: sewage from the house, everything else to it. It taps the line in the street between two nodes.
        const bool sewage = main.medium == Medium::sewage;
        line.begin();
        line.since(c.install_year);
        line.at("medium").add(medium_names[medium]);
        if (!main.sub_medium.empty()) line.at("sub_medium").add(main.sub_medium);
        line.at("line_type").add(main.line_type);
        line.at("function").add("service");
        line.at("status").add("in_operation");
        line.at("operator").add(operators[medium]);
        line.at("street_name").add(street);
        line.at(sewage ? "from_node" : "to_node").add(uuid);
        line.at("flow_dir").add(main.medium == Medium::electricity || main.medium == Medium::telecom ? "unknown" : "forward");
        line.at("diameter_mm").add(service.diameter_mm);
        line.at("outer_diam_mm").add(std::floor(service.diameter_mm * 1.1 + 0.5));
        line.at("material").add(service.material);
        line.at("install_year").add(c.install_year);
        line.at("depth_m").add(std::min(main.depth_m, service.depth_m));
        if (main.medium == Medium::electricity) line.at("voltage_kv").add(0.4);
        if (main.medium == Medium::gas) line.at("pressure_bar").add(main.sub_medium == "medium_pressure" ? 0.8 : 0.05);
        line.at("level").add(0);
        line.at("pos_acc_m").add(0.1);
        line.line(sewage ? std::vector{c.wall, c.main} : std::vector{c.main, c.wall});
        line.end();
    }
    out.emplace("utilities_node", node.finish());
    out.emplace("utilities_line", line.finish());
    add_coverage(city, out);
}

void add_walking(const DemoContents& city, Tables& out)
{
    Rows node("walking_node", city), edge("walking_edge", city);
    std::vector<std::string> uuids;
    std::vector<bool> at_street(city.plan.nodes.size());
    for (const Edge& e : city.edges)
        if (city.plan.streets[static_cast<std::size_t>(e.street)].kind != StreetKind::path)
            for (const int end : {e.from, e.to}) at_street[static_cast<std::size_t>(end)] = true;
    for (std::size_t i = 0; i < city.plan.nodes.size(); ++i) {
        Random random(city.seed, 10'000'000'000ULL + i);
        uuids.push_back(node.begin());
        const Vec at = city.plan.bent(city.plan.nodes[i].place);
        const bool lowered = random.chance(0.7);
        node.since(city.year - 3 - random.below(60));
        if (at_street[i]) {   // where paths of a park meet there is no kerb
            node.at("kerb").add(lowered ? "lowered" : "raised");
            node.at("kerb_cm").add(lowered ? 3.0 : 12.0);
            node.at("crossing").add(random.chance(0.15) ? "signals" : random.chance(0.1) ? "zebra" : "none");
        }
        node.geometry().add_point(at.x, at.y);
        node.end();
    }
    for (const Edge& e : city.edges) {
        const Street& street = city.plan.streets[static_cast<std::size_t>(e.street)];
        std::vector<Vec> places;
        for (const Vec& p : e.places) places.push_back(city.plan.bent(p));
        double length = 0;
        for (std::size_t i = 0; i + 1 < places.size(); ++i) length += norm(places[i + 1] - places[i]);
        edge.begin();
        edge.since(city.year - 20 - e.street % 100);
        edge.at("name").add(street.name);
        edge.at("kind").add(street.kind == StreetKind::path          ? "footway"
                            : street.kind == StreetKind::residential ? "residential_street"
                                                                     : "main_street");
        edge.at("from_node").add(uuids[static_cast<std::size_t>(e.from)]);
        edge.at("to_node").add(uuids[static_cast<std::size_t>(e.to)]);
        edge.at("width_m").add(street.width_m);
        edge.at("length_m").add(std::floor(length * 10 + 0.5) / 10);
        edge.at("surface").add(street.kind == StreetKind::path ? "compacted" : street.kind == StreetKind::residential ? "paving_stones" : "asphalt");
        edge.at("lit").add(street.kind != StreetKind::path);
        edge.line(places);
        edge.end();
    }
    out.emplace("walking_node", node.finish());
    out.emplace("walking_edge", edge.finish());
}

}  // namespace stadtgdi::demo
