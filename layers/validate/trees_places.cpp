// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/locate.hpp>
#include <layers/validate/detail/check.hpp>
#include <cmath>

namespace stadtgdi::validate::detail {

namespace {

bool stands(const Layer& trees, std::size_t row)
{
    const std::string_view status = trees.text("status", row);
    return trees.table.geometry().valid(row) && (status.empty() || status == "standing");
}

bool same_tree(const Layer& trees, std::size_t a, std::size_t b)
{
    const auto same = [&](std::string_view field) {
        const Column* column = trees.column(field);
        return !column || column->as_text(a) == column->as_text(b);
    };
    return same("genus") && same("species") && same("planting_year");
}

// Calls use(row, other, distance) for standing trees closer than half a metre, row > other.
template <class Use> void close_pairs(Check& check, Use use)
{
    const Layer& trees = check.layer;
    if (!trees.table.has_geometry() || trees.table.geometry().kind() != table::GeometryKind::point)
        return;
    const auto x = trees.table.geometry().x(), y = trees.table.geometry().y();
    const index::PackedRTree& index = check.layers.index_of(trees);
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        if (row % 4096 == 0)
            check.layers.run().throw_if_stopped();
        if (!stands(trees, row))
            continue;
        for (const std::int64_t other : index.within(x[row], y[row], 0.5)) {
            const auto at = static_cast<std::size_t>(other);
            if (at < row && stands(trees, at))
                if (const double distance = std::hypot(x[row] - x[at], y[row] - y[at]); distance < 0.5)
                    use(row, at, distance);
        }
    }
}

// Calls use(row, areas, area) for standing trees inside an area of the layer.
template <class Use> void each_inside(Check& check, const char* layer, Use use)
{
    const Layer* areas = check.layers.find(layer);
    const Layer& trees = check.layer;
    if (!areas || areas->rows() == 0 || !areas->table.has_geometry() || !trees.table.has_geometry() || trees.table.geometry().crs() != areas->table.geometry().crs())
        return;
    const GeometryColumn& points = trees.table.geometry();
    const std::vector<std::int64_t> in = geometry::zone_of_points(points.x(), points.y(), areas->table.geometry(), check.layers.index_of(*areas), check.layers.run());
    for (std::size_t row = 0; row < trees.rows(); ++row)
        if (in[row] >= 0 && stands(trees, row))
            use(row, *areas, static_cast<std::size_t>(in[row]));
}

}  // namespace

void tree_in_building(Check& check)
{
    each_inside(check, "buildings_building", [&](std::size_t row, const Layer& buildings, std::size_t in) {
        if (buildings.text("function", in) != "roof")
            check.report(static_cast<std::int64_t>(row), Severity::error, "geom", std::string(buildings.text("uuid", in)),
                         {"The stem stands inside the footprint of a building.", "Der Stamm steht innerhalb eines Gebäudegrundrisses."});
    });
    each_inside(check, "greenspace_site", [&](std::size_t row, const Layer& sites, std::size_t in) {
        if (sites.text("object_type", in) == "water")
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", std::string(sites.text("uuid", in)),
                         {"The stem stands in water.", "Der Stamm steht in einem Gewässer."});
    });
}

void tree_repeated(Check& check)
{
    close_pairs(check, [&](std::size_t row, std::size_t other, double distance) {
        if (same_tree(check.layer, row, other))
            check.report(static_cast<std::int64_t>(row), Severity::error, "geom", table::number_text(std::round(distance * 100) / 100) + " m",
                         base::filled({"The same tree is there twice: species and year equal those of row {0}, less than half a metre away.",
                                       "Der Baum ist doppelt vorhanden: Art und Pflanzjahr gleichen Zeile {0}, weniger als einen halben Meter entfernt."},
                                      row_number(other)));
    });
}

void trees_too_close(Check& check)
{
    close_pairs(check, [&](std::size_t row, std::size_t other, double distance) {
        if (!same_tree(check.layer, row, other))
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", table::number_text(std::round(distance * 100) / 100) + " m",
                         base::filled({"Another tree (row {0}) stands less than half a metre away.", "Ein anderer Baum (Zeile {0}) steht weniger als einen halben Meter entfernt."},
                                      row_number(other)));
    });
}

}  // namespace stadtgdi::validate::detail
