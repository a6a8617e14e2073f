// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/random.hpp>
#include <layers/demo/rows.hpp>
#include <layers/demo/woodland.hpp>

namespace stadtgdi::demo {

namespace {

/// The land of a block with a corner where each path to its middle crosses the border; `gates` gets these.
Ring with_gates(const DemoContents& city, const Block& block, std::vector<Vec>& gates)
{
    const Vec hub = centre(block.outline);
    Ring ring;
    for (std::size_t i = 0; i < block.land.size(); ++i) {
        const Vec a = block.land[i], side = block.land[(i + 1) % block.land.size()] - a;
        ring.push_back(a);
        std::vector<double> shares;
        for (const int path : block.paths) {
            const Street& street = city.plan.streets[static_cast<std::size_t>(path)];
            if (norm(street.to - hub) > 1e-6) continue;   // around the park, not into it
            const Vec way = hub - street.from;
            const double across = cross(way, side);
            if (across == 0) continue;
            const double on_path = cross(a - street.from, side) / across, on_side = cross(a - street.from, way) / across;
            if (on_path >= 0 && on_path <= 1 && on_side > 0 && on_side < 1) shares.push_back(on_side);
        }
        std::sort(shares.begin(), shares.end());
        for (const double share : shares) {
            ring.push_back(a + side * share);
            gates.push_back(ring.back());
        }
    }
    return ring;
}

struct Care {
    const char *text, *intensity;
    int cuts;   ///< a year; 0: not mown
};
constexpr Care park_care[]{{"Gebrauchsrasen", "intensive", 12}, {"Wiese", "meadow", 2}, {"Landschaftsrasen", "extensive", 3}, {"Gehölzfläche", "extensive", 0}, {"Spiel- und Liegewiese", "intensive", 10}};
constexpr Care cemetery_care[]{{"Grabfeld", "intensive", 0}, {"Rasengrabfeld", "intensive", 8}, {"Gehölzfläche", "extensive", 0}};

/// The gates of a green space, and between the paths that lead to them its care units, which fill it.
void add_gates_and_units(const DemoContents& city, const Block& block, const std::string& site, const std::vector<Vec>& gates, const std::vector<Vec>& border, Random& random, Rows& gate,
                         Rows& unit)
{
    const bool cemetery = block.use == LandUse::cemetery;
    std::vector<std::size_t> cuts;   // corners of the border where one unit ends and the next one begins
    for (const Vec place : gates) {
        const Vec at = city.plan.bent(place);
        gate.begin();
        gate.at("site_uuid").add(site);
        if (cemetery) gate.at("opening_hours").add("Apr-Sep 07:00-20:00; Oct-Mar 08:00-17:00");
        gate.at("step_free").add(random.chance(0.85) ? "yes" : "no");
        gate.at("width_cm").add(static_cast<double>(150 + 50 * random.below(6)));
        gate.since(city.year - 5 - random.below(60));
        gate.geometry().add_point(at.x, at.y);
        gate.end();
        const auto nearer = [&](Vec a, Vec b) { return norm(a - at) < norm(b - at); };
        cuts.push_back(static_cast<std::size_t>(std::min_element(border.begin(), std::prev(border.end()), nearer) - border.begin()));
    }
    std::sort(cuts.begin(), cuts.end());
    const auto add = [&](const std::vector<Vec>& ring) {
        const Care& care = cemetery ? cemetery_care[random.below(std::size(cemetery_care))] : park_care[random.below(std::size(park_care))];
        unit.begin();
        unit.at("site_uuid").add(site);
        unit.at("content_group").add("vegetation");
        unit.at("content_text").add(care.text);
        if (care.cuts > 0) unit.at("mow_per_year").add(care.cuts);
        unit.at("biodiversity").add(care.intensity);
        unit.at("sealing_deg").add(0.0);
        unit.at("area_m2").add(ring_area(ring));
        unit.since(city.year - 1 - random.below(20));
        unit.area(ring);
        unit.end();
    };
    if (cuts.size() < 2) {
        add(border);
        return;
    }
    const std::size_t corners = border.size() - 1;
    const Vec middle = city.plan.bent(centre(block.outline));
    for (std::size_t i = 0; i < cuts.size(); ++i) {
        const std::size_t last = i + 1 < cuts.size() ? cuts[i + 1] : cuts[0] + corners;
        std::vector<Vec> ring{middle};
        for (std::size_t corner = cuts[i]; corner <= last; ++corner) ring.push_back(border[corner % corners]);
        ring.push_back(middle);
        add(ring);
    }
}

}  // namespace

void add_green(const DemoContents& city, Tables& out)
{
    Rows site("greenspace_site", city), playground("greenspace_playground", city), gate("greenspace_gate", city), unit("greenspace_unit", city);
    std::vector<std::string> uuid_of_block(city.plan.blocks.size());
    UniqueNames names;
    int number = 0;
    const auto site_no = [&number] {
        std::string no = std::to_string(++number);
        while (no.size() < 4) no.insert(0, "0");
        return no;
    };
    for (std::size_t b = 0; b < city.plan.blocks.size(); ++b) {
        const Block& block = city.plan.blocks[b];
        const char* type = block.use == LandUse::park ? "park" : block.use == LandUse::cemetery ? "cemetery" : block.use == LandUse::allotments ? "allotment" : nullptr;
        if (!type || block.land.empty()) continue;
        std::vector<Vec> gates;
        const auto ring = city.plan.bent(with_gates(city, block, gates));
        const double size = ring_area(ring);
        Random random(city.seed, 8'000'000'000ULL + b);
        if (block.use == LandUse::park && size < 5000) type = random.chance(0.5) ? "square" : "garden";
        uuid_of_block[b] = site.begin();
        site.at("site_no").add(site_no());
        const std::string kind = block.use == LandUse::park ? (size < 5000 ? "Grünanlage" : "Park") : block.use == LandUse::cemetery ? "Friedhof" : "Kleingartenanlage";
        std::vector<std::string> wishes;
        for (const int side : block.streets) wishes.push_back(kind + " " + street_name(city, side));
        site.at("name").add(names.next(wishes));
        site.at("object_type").add(type);
        site.at("usage_class").add(size >= 500'000 ? "regional" : size >= 100'000 ? "settlement" : "near_home");
        site.at("public_access").add(block.use == LandUse::park ? "free" : "hours");
        site.at("district_name").add(district_name(city, static_cast<int>(b)));
        site.at("care_class").add(1 + random.below(4));
        site.since(city.year - 10 - random.below(110));
        site.at("area_m2").add(size);
        site.area(ring);
        site.end();
        if (block.use != LandUse::allotments) add_gates_and_units(city, block, uuid_of_block[b], gates, ring, random, gate, unit);
    }
    for (std::size_t i = 0; i < city.greenery.playgrounds.size(); ++i) {
        const Playground& p = city.greenery.playgrounds[i];
        playground.begin();
        const Block& block = city.plan.blocks[static_cast<std::size_t>(p.block)];
        std::vector<std::string> wishes;
        for (const int side : block.streets) wishes.push_back("Spielplatz " + street_name(city, side));
        playground.at("name").add(names.next(wishes));
        playground.at("site_uuid").add(uuid_of_block[static_cast<std::size_t>(p.block)]);
        playground.at("street_name").add(street_name(city, block.streets[0]));
        playground.at("district_name").add(district_name(city, p.block));
        playground.at("devices").add(i % 3 == 0 ? "Rutsche, Doppelschaukel, Wippe" : i % 3 == 1 ? "Kletternetz, Sandspielfläche" : "Tischtennisplatte, Seilbahn");
        playground.at("public_access").add("free");
        playground.since(city.year - 1 - static_cast<int>(i * 7 % 25));
        const Vec at = city.plan.bent(centre(p.ring));
        playground.geometry().add_point(at.x, at.y);
        playground.end();
    }
    for (const Woodland& wood : woodlands(city.plan)) {
        const District& district = city.plan.districts[static_cast<std::size_t>(wood.district)];
        const auto ring = city.plan.bent(wood.ring);
        site.begin();
        site.at("site_no").add(site_no());
        site.at("name").add(names.next({"Stadtwald " + district.name}));
        site.at("object_type").add("wood");
        site.at("usage_class").add(ring_area(ring) >= 100'000 ? "settlement" : "near_home");
        site.at("public_access").add("free");
        site.since(1920);
        site.at("district_name").add(district.name);
        site.at("area_m2").add(ring_area(ring));
        site.area(ring);
        site.end();
    }
    out.emplace("greenspace_site", site.finish());
    out.emplace("greenspace_playground", playground.finish());
    out.emplace("greenspace_gate", gate.finish());
    out.emplace("greenspace_unit", unit.finish());
}

void add_trees(const DemoContents& city, Tables& out)
{
    Rows rows("trees_tree", city);
    auto& site_no = rows.at("site_no");
    auto& site_type = rows.at("site_type");
    auto& status = rows.at("status");
    auto& street = rows.at("street_name");
    auto& district = rows.at("district_name");
    auto& taxon = rows.at("taxon_text");
    auto& german = rows.at("taxon_name_de");
    auto& genus = rows.at("genus");
    auto& species = rows.at("species");
    auto& cultivar = rows.at("cultivar");
    auto& year = rows.at("planting_year");
    auto& year_kind = rows.at("planting_year_kind");
    auto& height = rows.at("height_m");
    auto& crown = rows.at("crown_diam_m");
    auto& girth = rows.at("trunk_circ_cm");
    auto& vitality = rows.at("vitality");
    auto& felled_on = rows.at("felled_on");
    for (std::size_t i = 0; i < city.greenery.trees.size(); ++i) {
        const Tree& tree = city.greenery.trees[i];
        Random random(city.seed, 9'000'000'000ULL + i);
        rows.begin();
        std::string no = std::to_string(i + 1);
        while (no.size() < 6) no.insert(0, "0");
        site_no.add((tree.kind == TreePlace::street ? "S" : "G") + no);
        switch (tree.kind) {
            case TreePlace::street: site_type.add("street"); break;
            case TreePlace::park: site_type.add("park"); break;
            case TreePlace::cemetery: site_type.add("cemetery"); break;
            case TreePlace::school: site_type.add("school"); break;
            case TreePlace::playground: site_type.add("playground"); break;
        }
        if (tree.street >= 0) street.add(street_name(city, tree.street));
        if (tree.block >= 0) district.add(district_name(city, tree.block));
        // Inventories never know everything, and not every site has its tree.
        const bool measured = !random.chance(0.06), dated = random.chance(0.97);
        const double fate = random.share();
        const char* state = fate < 0.008 ? "felled" : fate < 0.011 ? "stump" : fate < 0.021 ? "gap" : "standing";
        status.add(state);
        const Vec at = city.plan.bent(tree.place);
        rows.geometry().add_point(at.x, at.y);
        rows.since(tree.planting_year);
        if (fate < 0.008) felled_on.add_date(static_cast<std::int32_t>((city.year - 1970) * 365.25) - 15 - random.below(700));
        if (fate >= 0.011 && fate < 0.021) {  // nothing to measure, and what stood here is forgotten
            year_kind.add("unknown");
            rows.end();
            continue;
        }
        taxon.add(tree.species->taxon);
        german.add(tree.species->german);
        genus.add(tree.species->genus);
        species.add(std::string(tree.species->genus) + " " + std::string(tree.species->species));
        if (const auto quote = tree.species->taxon.find('\''); quote != std::string_view::npos)
            cultivar.add(tree.species->taxon.substr(quote + 1, tree.species->taxon.size() - quote - 2));
        if (dated) {
            year.add(tree.planting_year);
            year_kind.add(tree.planting_year < city.year - 60 ? "estimated" : "known");
        } else {
            year_kind.add("unknown");
        }
        if (measured && fate >= 0.021) {
            height.add(tree.height_m);
            crown.add(tree.crown_diam_m);
            girth.add(tree.trunk_circ_cm);
            vitality.add(tree.vitality);
        }
        rows.end();
    }
    out.emplace("trees_tree", rows.finish());
}

}  // namespace stadtgdi::demo
