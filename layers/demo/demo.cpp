// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/demo.hpp>
#include <layers/catalogue/city.hpp>
#include <layers/demo/defects.hpp>
#include <layers/demo/tables.hpp>
#include <layers/io/database.hpp>

namespace stadtgdi::demo {

namespace {

/// The city's rows are of a fixed day, and so is the file: the same options give the same bytes today and tomorrow.
void fix_dates(const std::string& path, int year)
{
    if (io::is_postgis(path)) return;
    io::Database::open(path, io::Database::Access::write)
        ->execute("UPDATE gpkg_contents SET last_change = '" + std::to_string(year) + "-01-15T08:00:00.000Z'");
}

}  // namespace

DemoReport make_city(const std::string& path, const DemoOptions& options, base::RunContext& run)
{
    if (options.inhabitants < 20'000 || options.inhabitants > 5'000'000)
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"A demo city has 20,000 to 5,000,000 inhabitants, not {0}.", "Eine Beispielstadt hat 20.000 bis 5.000.000 Einwohner, nicht {0}."},
                                 std::to_string(options.inhabitants)));
    auto store = catalogue::City::plan(path, {.name = options.name, .crs = "EPSG:25833", .attribution = "StadtGDI, Beispieldaten / example data", .licence = "CC0-1.0"});
    DemoContents city;
    city.seed = options.seed;
    city.name = options.name;
    run.progress(0.0, {"Streets and blocks", "Straßen und Blöcke"});
    city.plan = make_plan(options.inhabitants, options.seed, run);
    city.houses = make_houses(city.plan, options.inhabitants);
    run.throw_if_stopped();
    city.greenery = make_greenery(city.plan, city.houses, options.inhabitants / 2, city.year);
    city.edges = edges_of(city.plan);
    city.networks = make_networks(city.plan, city.edges, city.houses, city.year);
    run.throw_if_stopped();
    run.progress(0.3, {"Tables", "Tabellen"});
    const int year = city.year;
    auto tables = make_tables(std::move(city), run);

    DemoReport report;
    if (options.defects) report.defects = plant_defects(tables, options.seed);

    auto edit = store.edit();
    double done = 0.7;
    const double step = 0.3 / static_cast<double>(tables.size());
    while (!tables.empty()) {   // let go as they are stored: large cities fill the memory
        const auto one = tables.extract(tables.begin());
        const std::string& name = one.key();
        const table::Table& table = one.mapped();
        run.throw_if_stopped();
        run.progress(done, base::filled({"Storing {0}", "{0} wird gespeichert"}, name));
        edit.replace(name, table, run);
        catalogue::StoredLayer layer;
        layer.name = name;
        layer.definition = name;
        layer.disclosure = catalogue::find_layer(name)->disclosure;
        layer.source = "stadtgdi demo";
        layer.attribution = store.info().attribution;
        layer.licence = store.info().licence;
        layer.demonstration = true;
        edit.describe(layer);
        report.rows[name] = static_cast<std::int64_t>(table.rows());
        report.hash = report.hash * 1099511628211ULL ^ table::hash(table);
        done += step;
    }
    edit.commit();
    fix_dates(path, year);
    run.progress(1.0);
    return report;
}

}  // namespace stadtgdi::demo
