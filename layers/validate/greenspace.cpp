// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/validate/detail/check.hpp>
#include <cmath>

namespace stadtgdi::validate::detail {

void sites_overlap(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    const GeometryColumn& sites = check.layer.table.geometry();
    const index::PackedRTree& index = check.layers.index_of(check.layer);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        check.layers.run().throw_if_stopped();
        if (!sites.valid(row))
            continue;
        for (const std::int64_t other : index.search(sites.box(row))) {
            const auto at = static_cast<std::size_t>(other);
            if (at >= row)
                continue;
            const double area = geometry::intersection_area(sites, row, sites, at);
            if (area > 1)
                check.report(static_cast<std::int64_t>(row), Severity::error, "geom", table::number_text(std::round(area)) + " m2",
                             base::filled({"Overlaps the green space of row {0} by this area.", "Überlappt die Grünanlage in Zeile {0} um diese Fläche."}, row_number(other)));
        }
    }
}

void site_sliver(Check& check)
{
    for (std::size_t row = 0; check.layer.table.has_geometry() && row < check.layer.rows(); ++row) {
        const double perimeter = geometry::length(check.layer.table.geometry(), row);
        if (perimeter > 0 && geometry::area(check.layer.table.geometry(), row) / perimeter < 0.25)
            check.report(row, "geom", {"The area is a sliver: area over perimeter is less than 0.25 m.", "Die Fläche ist ein Splitter: Fläche zu Umfang unter 0,25 m."});
    }
}

void site_tiny(Check& check)
{
    for (std::size_t row = 0; check.layer.table.has_geometry() && row < check.layer.rows(); ++row) {
        const double area = geometry::area(check.layer.table.geometry(), row);
        if (area > 0 && area < 10)
            check.report(static_cast<std::int64_t>(row), Severity::info, "geom", table::number_text(std::round(area * 10) / 10) + " m2",
                         {"The area is smaller than 10 m2.", "Die Fläche ist kleiner als 10 m2."});
    }
}

void access_unknown(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (check.layer.text("public_access", row) == "unknown")
            check.report(row, "public_access", {"Supply with green space cannot be computed without it.", "Ohne diese Angabe lässt sich die Grünversorgung nicht berechnen."});
}

void sealing_range(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (const auto degree = check.layer.number("sealing_deg", row); degree && (*degree < 0 || *degree > 1))
            check.report(row, "sealing_deg", {"0 to 1 is expected, not per cent.", "Erwartet wird 0 bis 1, nicht Prozent."});
}

}  // namespace stadtgdi::validate::detail
