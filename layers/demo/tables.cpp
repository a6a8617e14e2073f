// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/tables.hpp>
#include <layers/catalogue/city.hpp>
#include <layers/crs/transform.hpp>
#include <layers/demo/random.hpp>
#include <layers/demo/woodland.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <layers/table/table_builder.hpp>
#include <algorithm>
#include <set>

namespace stadtgdi::demo {

using table::GeometryBuilder;
using table::Table;

namespace {

constexpr const char* city_crs = "EPSG:25833";

/// Rows of one layer: begin() fills the columns that all layers share, the caller sets the rest, end() closes the row.
class Rows {
public:
    Rows(std::string layer, const DemoContents& city)
        : m_layer(std::move(layer)),
          m_seed(city.seed),
          m_definition(*catalogue::find_layer(m_layer)),
          m_builder(m_definition.schema(city_crs))
    {
        table::parse_datetime(std::to_string(city.year) + "-01-15T08:00:00Z", m_recorded);
        m_class = std::string(catalogue::name_of(m_definition.disclosure));
    }

    std::string begin()
    {
        const std::string uuid = uuid_of_row(m_seed, m_layer, m_count++);
        at("uuid").add(uuid);
        at("source").add("generated");
        at("source_ref").add("stadtgdi demo");
        at("recorded_at").add(m_recorded);
        at("qa_status").add("released");
        at("disclosure_class").add(m_class);
        return uuid;
    }
    void end() { m_builder.end_row(); }
    table::ColumnBuilder& at(std::string_view column) { return m_builder.column(column); }
    GeometryBuilder& geometry() { return m_builder.geometry(); }
    Table finish() { return std::move(m_builder).finish(); }

    void ring(const std::vector<Vec>& closed)
    {
        if (*m_definition.geometry == table::GeometryKind::multi_polygon) geometry().begin_part();
        geometry().begin_ring();
        for (const Vec& p : closed) geometry().add(p.x, p.y);
    }
    void area(const std::vector<Vec>& closed)
    {
        geometry().begin_row();
        ring(closed);
    }
    void line(const std::vector<Vec>& places)
    {
        geometry().begin_row();
        for (const Vec& p : places) geometry().add(p.x, p.y);
    }

    static std::string uuid_of_row(std::uint64_t seed, const std::string& layer, std::int64_t row)
    {
        return catalogue::uuid_of("demo:" + std::to_string(seed) + ":" + layer + ":" + std::to_string(row));
    }

private:
    std::string m_layer;
    std::uint64_t m_seed;
    const catalogue::LayerDefinition& m_definition;
    table::TableBuilder m_builder;
    std::int64_t m_recorded = 0;
    std::string m_class;
    std::int64_t m_count = 0;
};

double ring_area(const std::vector<Vec>& closed)
{
    double twice = 0;
    for (std::size_t i = 0; i + 1 < closed.size(); ++i) twice += cross(closed[i] - closed[0], closed[i + 1] - closed[0]);
    return std::floor(std::abs(twice) / 2 * 10 + 0.5) / 10;
}

const std::string& street_name(const DemoContents& city, int street)
{
    static const std::string none;
    return street < 0 ? none : city.plan.streets[static_cast<std::size_t>(street)].name;
}

const std::string& district_name(const DemoContents& city, int block)
{
    static const std::string none;
    if (block < 0) return none;
    const int district = city.plan.blocks[static_cast<std::size_t>(block)].district;
    return district < 0 ? none : city.plan.districts[static_cast<std::size_t>(district)].name;
}

Table districts(const DemoContents& city)
{
    Rows rows("districts_district", city);
    std::vector<std::int64_t> of_district(city.plan.districts.size()), of_borough(city.plan.boroughs.size());
    std::int64_t all = 0;
    for (const House& house : city.houses) {
        const int district = city.plan.blocks[static_cast<std::size_t>(house.block)].district;
        of_district[static_cast<std::size_t>(district)] += house.inhabitants;
        of_borough[static_cast<std::size_t>(city.plan.districts[static_cast<std::size_t>(district)].borough)] += house.inhabitants;
        all += house.inhabitants;
    }
    const auto add = [&](const std::string& number, const std::string& name, const char* level, const std::string& parent, std::int64_t inhabitants,
                         const std::vector<Vec>& ring) {
        rows.begin();
        rows.at("district_no").add(number);
        rows.at("name").add(name);
        rows.at("level").add(level);
        if (!parent.empty()) rows.at("parent_no").add(parent);
        rows.at("inhabitants").add(inhabitants);
        rows.at("inhabitants_year").add(city.year - 1);
        rows.at("area_m2").add(ring_area(ring));
        rows.area(ring);
        rows.end();
    };
    // The ring road's streets come first in the plan, one for each edge of the outline.
    Ring outline;
    std::vector<int> streets;
    for (int s = 0; s < 48; ++s) {
        outline.push_back(city.plan.streets[static_cast<std::size_t>(s)].from);
        streets.push_back(s);
    }
    add("000", city.name, "city", "", all, city.plan.bent_to_border(outline, streets));
    for (std::size_t i = 0; i < city.plan.boroughs.size(); ++i) {
        const District& b = city.plan.boroughs[i];
        add(b.number, b.name, "stadtbezirk", "", of_borough[i], city.plan.bent_to_border(b.outline, b.streets));
    }
    for (std::size_t i = 0; i < city.plan.districts.size(); ++i) {
        const District& d = city.plan.districts[i];
        add(d.number, d.name, "ortsteil", city.plan.boroughs[static_cast<std::size_t>(d.borough)].number, of_district[i],
            city.plan.bent_to_border(d.outline, d.streets));
    }
    return rows.finish();
}

/// Gives each name once: a second one gets the next of `others`, then a Roman number.
class UniqueNames {
public:
    std::string next(const std::vector<std::string>& wishes)
    {
        for (const std::string& wish : wishes)
            if (m_given.insert(wish).second) return wish;
        for (int number = 2;; ++number)
            if (const std::string name = wishes.front() + " " + roman(number); m_given.insert(name).second) return name;
    }

private:
    static std::string roman(int number)
    {
        constexpr std::pair<int, const char*> signs[]{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
        std::string text;
        for (const auto& [value, sign] : signs)
            for (; number >= value; number -= value) text += sign;
        return text;
    }
    std::set<std::string> m_given;
};

const char* function_of(const House& house, const Plan& plan)
{
    if (plan.blocks[static_cast<std::size_t>(house.block)].use == LandUse::allotments) return "allotment_house";
    switch (house.use) {
        case HouseUse::residential: return house.levels > 2 ? "apartments" : "house";
        case HouseUse::mixed: return "apartments";
        case HouseUse::commercial: return "commercial";
        case HouseUse::industrial: return "industrial";
        case HouseUse::school: case HouseUse::kindergarten: return "education";
        case HouseUse::health: return "health";
        case HouseUse::sport: return "sport";
        default: return "civic";
    }
}

bool open_to_all(const House& house)
{
    switch (house.use) {
        case HouseUse::residential: case HouseUse::mixed: case HouseUse::commercial: case HouseUse::industrial: return false;
        default: return true;
    }
}

const char* public_name(HouseUse use)
{
    switch (use) {
        case HouseUse::school: return "Schule";
        case HouseUse::kindergarten: return "Kita";
        case HouseUse::town_hall: return "Bürgeramt";
        case HouseUse::library: return "Stadtbibliothek";
        case HouseUse::health: return "Ärztehaus";
        case HouseUse::sport: return "Sporthalle";
        default: return "Kulturhaus";
    }
}

const char* place_category(HouseUse use)
{
    switch (use) {
        case HouseUse::health: return "health";
        case HouseUse::town_hall: return "law";
        default: return "education";
    }
}

/// Buildings, and of those open to all the place with entrance, lift, toilet, parking and survey.
void buildings(const DemoContents& city, std::map<std::string, Table>& out)
{
    Rows building("buildings_building", city), place("buildings_place", city), entrance("buildings_entrance", city), lift("buildings_lift", city),
        toilet("buildings_toilet", city), parking("buildings_parking", city), survey("buildings_survey", city);
    UniqueNames names;
    for (std::size_t i = 0; i < city.houses.size(); ++i) {
        const House& house = city.houses[i];
        Random random(city.seed, 7'000'000'000ULL + i);
        const bool is_public = open_to_all(house);
        std::string name;
        const std::string number = house.number > 0 ? std::to_string(house.number) : "";
        if (is_public) {
            const std::string wish = std::string(public_name(house.use)) + " " + street_name(city, house.street);
            name = names.next(number.empty() ? std::vector{wish} : std::vector{wish, wish + " " + number});
        }
        const auto address = [&](Rows& rows) {
            rows.at("street_name").add(street_name(city, house.street));
            if (!number.empty()) rows.at("house_no").add(number);
        };

        const std::string building_uuid = building.begin();
        building.at("function").add(function_of(house, city.plan));
        if (is_public) building.at("name").add(name);
        address(building);
        building.at("district_name").add(district_name(city, house.block));
        building.at("levels").add(static_cast<double>(house.levels));
        building.at("height_m").add(house.height_m);
        building.at("inhabitants").add(static_cast<double>(house.inhabitants));
        building.area(city.plan.bent(house.corners));

        if (is_public) {
            const Vec door = city.plan.bent(house.door);
            const int steps = random.chance(0.45) ? 0 : 1 + random.below(7);
            const bool ramp = steps > 0 && random.chance(0.4);
            const double slope = ramp ? std::floor(random.between(4, 13) * 10) / 10 : 0;
            const double door_cm = 75 + 5 * random.below(10);
            const char* access = (steps == 0 || (ramp && slope <= 6)) && door_cm >= 90 ? "full" : steps <= 1 || (ramp && slope <= 12) ? "partial" : "none";
            building.at("wheelchair").add(access[0] == 'f' ? "yes" : access[0] == 'p' ? "limited" : "no");
            const bool has_lift = house.levels > 1 && random.chance(0.5), has_toilet = random.chance(0.6), has_parking = random.chance(0.5);
            const double cabin_cm = 90 + 10 * random.below(7), toilet_cm = 70 + 5 * random.below(7);
            const char* lift_access = cabin_cm >= 110 ? "full" : "partial";
            const char* toilet_access = toilet_cm >= 90 ? "full" : "partial";
            const auto survey_day = static_cast<std::int32_t>((city.year - 1970) * 365.25) - random.below(2400);

            const std::string place_uuid = place.begin();
            place.at("name").add(name);
            place.at("category").add(place_category(house.use));
            address(place);
            place.at("building_uuid").add(building_uuid);
            place.at("entrance_access").add(access);
            place.at("lift_available").add(has_lift);
            if (has_lift) place.at("lift_access").add(lift_access);
            place.at("toilet_available").add(has_toilet);
            if (has_toilet) place.at("toilet_access").add(toilet_access);
            place.at("parking_available").add(has_parking);
            place.at("help_hearing").add(random.chance(0.1));
            place.at("help_visual").add(random.chance(0.15));
            place.at("surveyed_on").add_date(survey_day);
            place.geometry().add_point(door.x, door.y);
            place.end();

            const auto begin = [&](Rows& rows) {
                rows.begin();
                rows.at("place_uuid").add(place_uuid);
                rows.at("building_uuid").add(building_uuid);
            };
            begin(entrance);
            entrance.at("is_main").add(true);
            entrance.at("access").add(access);
            entrance.at("steps").add(steps);
            if (steps > 0) entrance.at("step_height_cm").add(14.0 + random.below(5));
            entrance.at("ramp").add(ramp ? "fixed" : "none");
            if (ramp) {
                const double high = steps * 15.0;
                entrance.at("ramp_height_cm").add(high);
                entrance.at("ramp_len_cm").add(std::floor(high / slope * 100 + 0.5));
                entrance.at("ramp_slope_pct").add(slope);
                entrance.at("ramp_width_cm").add(120.0);
                entrance.at("ramp_handrail_left").add(true);
                entrance.at("ramp_handrail_right").add(random.chance(0.6));
            }
            entrance.at("door_width_cm").add(door_cm);
            entrance.at("door_type").add(random.chance(0.3) ? "automatic" : "manual");
            entrance.at("bell").add(random.chance(0.4));
            entrance.geometry().add_point(door.x, door.y);
            entrance.end();
            if (has_lift) {
                begin(lift);
                lift.at("access").add(lift_access);
                lift.at("door_width_cm").add(90.0);
                lift.at("cabin_width_cm").add(cabin_cm);
                lift.at("cabin_depth_cm").add(140.0);
                lift.at("controls_height_in_cm").add(100.0 + random.below(20));
                lift.geometry().add_point(door.x, door.y);
                lift.end();
            }
            if (has_toilet) {
                begin(toilet);
                toilet.at("access").add(toilet_access);
                toilet.at("door_width_cm").add(toilet_cm);
                toilet.at("front_depth_cm").add(150.0);
                toilet.at("front_width_cm").add(150.0);
                toilet.at("grab_bars").add(random.chance(0.7));
                toilet.at("eurokey").add(random.chance(0.5));
                toilet.geometry().add_point(door.x, door.y);
                toilet.end();
            }
            if (has_parking) {
                begin(parking);
                parking.at("on_site").add(true);
                parking.at("disabled_site").add(1 + random.below(3));
                parking.at("width_cm").add(350.0);
                parking.at("length_cm").add(500.0);
                parking.geometry().add_point(door.x, door.y);
                parking.end();
            }
            begin(survey);
            survey.at("surveyed_on").add_date(survey_day);
            survey.at("surveyor_kind").add("association");
            survey.at("method").add("measured");
            survey.at("released").add(true);
            survey.end();
        }
        building.end();
    }
    out.emplace("buildings_building", building.finish());
    out.emplace("buildings_place", place.finish());
    out.emplace("buildings_entrance", entrance.finish());
    out.emplace("buildings_lift", lift.finish());
    out.emplace("buildings_toilet", toilet.finish());
    out.emplace("buildings_parking", parking.finish());
    out.emplace("buildings_survey", survey.finish());
}

void green(const DemoContents& city, std::map<std::string, Table>& out)
{
    Rows site("greenspace_site", city), playground("greenspace_playground", city);
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
        const auto ring = city.plan.bent(block.land);
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
        site.at("area_m2").add(size);
        site.area(ring);
        site.end();
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
        site.at("district_name").add(district.name);
        site.at("area_m2").add(ring_area(ring));
        site.area(ring);
        site.end();
    }
    out.emplace("greenspace_site", site.finish());
    out.emplace("greenspace_playground", playground.finish());
}

Table trees(const DemoContents& city)
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
        if (fate < 0.008) felled_on.add_date(static_cast<std::int32_t>((city.year - 1970) * 365.25) - 15 - random.below(700));
        if (fate >= 0.011 && fate < 0.021) {  // nothing to measure, and what stood here is forgotten
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
    return rows.finish();
}

void utilities(const DemoContents& city, std::map<std::string, Table>& out)
{
    Rows node("utilities_node", city), line("utilities_line", city);
    constexpr std::string_view operators[]{"Stadtwerke Wasser", "Stadtwerke Gas", "Stadtwerke Strom", "Stadtwerke Wärme", "Stadtentwässerung", "Stadtnetz Telekommunikation"};
    std::vector<std::string> node_uuids;
    for (const PipeNode& n : city.networks.nodes) {
        node_uuids.push_back(node.begin());
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
        if (n.medium == Medium::sewage) node.at("invert_m").add(n.invert_m);
        node.at("install_year").add(n.install_year);
        node.at("pos_acc_m").add(0.1);
        node.geometry().add_point(n.place.x, n.place.y);
        node.end();
    }
    for (const Pipe& p : city.networks.pipes) {
        line.begin();
        const auto medium = static_cast<std::size_t>(p.medium);
        line.at("medium").add(medium_names[medium]);
        line.at("sub_medium").add(p.sub_medium);
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
    out.emplace("utilities_node", node.finish());
    out.emplace("utilities_line", line.finish());
}

void walking(const DemoContents& city, std::map<std::string, Table>& out)
{
    Rows node("walking_node", city), edge("walking_edge", city);
    std::vector<std::string> uuids;
    for (std::size_t i = 0; i < city.plan.nodes.size(); ++i) {
        Random random(city.seed, 10'000'000'000ULL + i);
        uuids.push_back(node.begin());
        const Vec at = city.plan.bent(city.plan.nodes[i].place);
        const bool lowered = random.chance(0.7);
        node.at("kerb").add(lowered ? "lowered" : "raised");
        node.at("kerb_cm").add(lowered ? 3.0 : 12.0);
        node.at("crossing").add(random.chance(0.15) ? "signals" : random.chance(0.1) ? "zebra" : "none");
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

/// Inhabitants by 100 m cell of the European grid, and the 1 km cells that hold the city.
void grid(const DemoContents& city, std::map<std::string, Table>& out, base::RunContext& run)
{
    std::vector<double> x, y;
    for (const House& house : city.houses) {
        const Vec door = city.plan.bent(house.door);
        x.push_back(door.x);
        y.push_back(door.y);
    }
    crs::transform(city_crs, "EPSG:3035", x, y, run);
    struct Count {
        std::int64_t all = 0, under18 = 0, from65 = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Count> counts;   // by northing, easting
    std::map<std::pair<std::int64_t, std::int64_t>, bool> squares;
    for (std::size_t i = 0; i < city.houses.size(); ++i) {
        const auto cell = statgrid::cell_at(x[i], y[i], 100);
        const auto square = statgrid::cell_at(x[i], y[i], 1000);
        squares[{square.n_m, square.e_m}] = true;
        const std::int64_t people = city.houses[i].inhabitants;
        if (people == 0) continue;
        Random random(city.seed, 11'000'000'000ULL + i);
        Count& count = counts[{cell.n_m, cell.e_m}];
        count.all += people;
        const auto young = static_cast<std::int64_t>(static_cast<double>(people) * random.between(0.08, 0.24));
        const auto old = static_cast<std::int64_t>(static_cast<double>(people) * random.between(0.12, 0.32));
        count.under18 += young;
        count.from65 += old;
    }
    const auto square_ring = [](std::int64_t e, std::int64_t n, std::int64_t size) {
        const auto ed = static_cast<double>(e), nd = static_cast<double>(n), sd = static_cast<double>(size);
        return std::vector<Vec>{{ed, nd}, {ed + sd, nd}, {ed + sd, nd + sd}, {ed, nd + sd}, {ed, nd}};
    };
    Rows people("population_cell", city), cells("statgrid_cell", city);
    for (const auto& [corner, count] : counts) {
        people.begin();
        const statgrid::Cell cell{100, corner.second, corner.first};
        people.at("cell_code").add(statgrid::cell_code(cell));
        people.at("size_m").add(100);
        people.at("inhabitants").add(count.all);
        people.at("inhabitants_under18").add(count.under18);
        people.at("inhabitants_18to64").add(count.all - count.under18 - count.from65);
        people.at("inhabitants_65plus").add(count.from65);
        people.area(square_ring(corner.second, corner.first, 100));
        people.end();
    }
    for (const auto& [corner, used] : squares) {
        cells.begin();
        const statgrid::Cell cell{1000, corner.second, corner.first};
        cells.at("cell_code").add(statgrid::cell_code(cell));
        cells.at("cell_code_short").add(statgrid::short_cell_code(cell));
        cells.at("size_m").add(1000);
        cells.at("east_m").add(corner.second);
        cells.at("north_m").add(corner.first);
        cells.area(square_ring(corner.second, corner.first, 1000));
        cells.end();
    }
    out.emplace("population_cell", people.finish());
    out.emplace("statgrid_cell", cells.finish());
}

}  // namespace

std::map<std::string, Table> make_tables(const DemoContents& city, base::RunContext& run)
{
    std::map<std::string, Table> out;
    out.emplace("districts_district", districts(city));
    run.progress(0.4, {"Buildings", "Gebäude"});
    buildings(city, out);
    run.throw_if_stopped();
    run.progress(0.5, {"Green spaces", "Grünflächen"});
    green(city, out);
    run.progress(0.55, {"Trees", "Bäume"});
    out.emplace("trees_tree", trees(city));
    run.throw_if_stopped();
    run.progress(0.65, {"Utility networks", "Leitungsnetze"});
    utilities(city, out);
    walking(city, out);
    grid(city, out, run);
    return out;
}

}  // namespace stadtgdi::demo
