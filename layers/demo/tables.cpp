// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/demo/random.hpp>
#include <layers/demo/rows.hpp>
#include <layers/statgrid/cell_code.hpp>

namespace stadtgdi::demo {

using table::Table;

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

std::vector<Vec> city_ring(const DemoContents& city)
{
    // The ring road's streets come first in the plan, one for each edge of the outline.
    Ring outline;
    std::vector<int> streets;
    for (std::size_t s = 0; s < city.plan.border.size(); ++s) {
        outline.push_back(city.plan.streets[s].from);
        streets.push_back(static_cast<int>(s));
    }
    return city.plan.bent_to_border(outline, streets);
}

namespace {

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
        rows.since(1999);
        rows.area(ring);
        rows.end();
    };
    add("000", city.name, "city", "", all, city_ring(city));
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

/// Inhabitants by 100 m cell of the European grid, and the 1 km cells that hold the city.
void grid(const DemoContents& city, Tables& out, base::RunContext& run)
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
        people.since(city.year - 1);
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
        cells.since(2010);
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

std::map<std::string, Table> make_tables(DemoContents city, base::RunContext& run)
{
    std::map<std::string, Table> out;
    out.emplace("districts_district", districts(city));
    run.progress(0.4, {"Buildings", "Gebäude"});
    add_buildings(city, out);
    run.throw_if_stopped();
    run.progress(0.5, {"Green spaces", "Grünflächen"});
    add_green(city, out);
    run.progress(0.55, {"Trees", "Bäume"});
    add_trees(city, out);
    city.greenery = {};
    run.throw_if_stopped();
    run.progress(0.65, {"Utility networks", "Leitungsnetze"});
    add_utilities(city, out);
    city.networks = {};
    add_walking(city, out);
    grid(city, out, run);
    return out;
}

}  // namespace stadtgdi::demo
