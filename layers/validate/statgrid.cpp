// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <cmath>
#include <map>

namespace stadtgdi::validate::detail {

void cell_code_against_geometry(Check& check)
{
    if (!check.layer.table.has_geometry() || check.layer.table.geometry().crs() != "EPSG:3035")
        return;
    const GeometryColumn& cells = check.layer.table.geometry();
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto cell = statgrid::parse_cell_code(check.layer.text("cell_code", row));
        if (!cell || !cells.valid(row))
            continue;
        const table::Box box = cells.box(row);
        const auto e = static_cast<double>(cell->e_m), n = static_cast<double>(cell->n_m), size = static_cast<double>(cell->size_m);
        const double error = std::max({std::abs(box.xmin - e), std::abs(box.ymin - n), std::abs(box.xmax - e - size), std::abs(box.ymax - n - size)});
        const auto typed = check.layer.number("size_m", row);
        if (error > 0.01 || (typed && *typed != size))
            check.report(row, "cell_code", {"Geometry or size are not those of the code.", "Geometrie oder Größe passen nicht zur Kennung."});
    }
}

void cell_code_damaged(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const std::string_view code = check.layer.text("cell_code", row);
        if (!code.empty() && !statgrid::parse_cell_code(code))
            check.report(row, "cell_code", {"Not a grid code: CRS3035RES100mN...E... with multiples of the size is expected.",
                                            "Keine Gitterzellen-Kennung: erwartet wird CRS3035RES100mN...E... mit Vielfachen der Größe."});
    }
}

void cell_codes_differ(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto full = statgrid::parse_cell_code(check.layer.text("cell_code", row));
        const std::string_view brief = check.layer.text("cell_code_short", row);
        if (full && !brief.empty() && statgrid::parse_cell_code(brief) != full)
            check.report(row, "cell_code_short",
                         base::filled({"The short code should be {0}.", "Die Kurzkennung müsste {0} lauten."}, statgrid::short_cell_code(*full)));
    }
}

void value_discloses(Check& check)
{
    // One or two persons can be recognised; none can not.
    constexpr double least = 3;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto cases = check.layer.number("n_base", row);
        if (!cases || *cases <= 0 || *cases >= least || check.layer.text("flag", row) != "ok" || !check.layer.number("value", row))
            continue;
        if (check.layer.text("disclosure_class", row) == "public" && check.layer.disclosure == catalogue::Disclosure::open)
            check.report(row, "n_base",
                         {"A public value of fewer than 3 cases; suppress it (flag suppressed_primary, no value) or do not publish it.",
                          "Ein öffentlicher Wert aus weniger als 3 Fällen; bitte sperren (Kennzeichen suppressed_primary, ohne Wert) oder nicht veröffentlichen."});
    }
}

namespace {

// Inhabitants of the finest level of districts that has them.
double inhabitants_of(const Layer& districts, std::optional<double>& year)
{
    for (const std::string_view level : {"ortsteil", "stadtbezirk", "city"}) {
        double sum = 0;
        for (std::size_t row = 0; row < districts.rows(); ++row)
            if (const auto inhabitants = districts.number("inhabitants", row); inhabitants && districts.text("level", row) == level) {
                sum += *inhabitants;
                year = districts.number("inhabitants_year", row);
            }
        if (sum > 0)
            return sum;
    }
    return 0;
}

}  // namespace

void cells_against_districts(Check& check)
{
    const Layer* districts = check.layers.find("districts_district");
    if (!districts || districts->rows() == 0 || !districts->table.has_geometry() || districts->table.geometry().crs().empty() || !check.layer.table.has_geometry() ||
        check.layer.table.geometry().crs().empty() || !check.layer.column("inhabitants"))
        return;
    std::optional<double> year;
    const double expected = inhabitants_of(*districts, year);
    if (expected <= 0)
        return;
    // Five points of each cell: its inhabitants are in the city for certain where all are, perhaps where one is.
    const GeometryColumn& cells = check.layer.table.geometry();
    std::vector<double> x, y;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const table::Box box = check.layer.drawn(row) ? cells.box(row) : table::Box{std::nan(""), std::nan(""), std::nan(""), std::nan("")};
        for (const double px : {box.xmin, box.xmax})
            for (const double py : {box.ymin, box.ymax}) {
                x.push_back(px);
                y.push_back(py);
            }
        x.push_back((box.xmin + box.xmax) / 2);
        y.push_back((box.ymin + box.ymax) / 2);
    }
    crs::transform(cells.crs(), districts->table.geometry().crs(), x, y, check.layers.run());
    const std::vector<std::int64_t> zone = geometry::zone_of_points(x, y, districts->table.geometry(), check.layers.index_of(*districts), check.layers.run());
    struct Sum {
        double least = 0, most = 0;
        std::optional<int> year;
    };
    std::map<double, Sum> sums;  // by cell size
    const Column* day = check.layer.column("reference_date");
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto inhabitants = check.layer.number("inhabitants", row);
        if (!inhabitants)
            continue;
        const auto inside = std::count_if(zone.begin() + static_cast<std::ptrdiff_t>(row * 5), zone.begin() + static_cast<std::ptrdiff_t>(row * 5 + 5), [](std::int64_t one) { return one >= 0; });
        Sum& sum = sums[check.layer.number("size_m", row).value_or(0)];
        sum.least += inside == 5 ? *inhabitants : 0;
        sum.most += inside > 0 ? *inhabitants : 0;
        if (day && day->type() == table::Type::date && day->valid(row))
            sum.year = std::stoi(day->as_text(row).substr(0, 4));
    }
    // What rounding, perturbation and addresses at the border explain.
    constexpr double tolerance = 0.01;
    for (const auto& [size, sum] : sums) {
        if (sum.most <= 0 || (expected >= sum.least * (1 - tolerance) && expected <= sum.most * (1 + tolerance)))
            continue;
        // Census and register differ by some per cent, and so do two years.
        const bool same_year = year && sum.year && *year == *sum.year;
        const double nearest = expected < sum.least ? sum.least : sum.most;
        const double off = std::abs(expected - nearest) / expected;
        check.report(-1, same_year || off > 0.1 ? Severity::warning : Severity::info, "inhabitants", table::number_text(std::round(nearest)),
                     base::filled({"The cells of {0} m hold {1} inhabitants, the districts {2}: {3} % apart. Check reference dates and that no cells are missing.",
                                   "Die Zellen von {0} m haben {1} Einwohner, die Ortsteile {2}: {3} % Unterschied. Bitte Stichtage und Vollständigkeit der Zellen prüfen."},
                                  table::number_text(size), table::number_text(std::round(nearest)), table::number_text(expected), table::number_text(std::round(off * 1000) / 10)));
    }
}

}  // namespace stadtgdi::validate::detail
