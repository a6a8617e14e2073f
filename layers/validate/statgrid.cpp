// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/statgrid/cell_code.hpp>
#include <layers/validate/detail/check.hpp>
#include <cmath>

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

}  // namespace stadtgdi::validate::detail
