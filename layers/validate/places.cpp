// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/locate.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::validate::detail {

namespace {

// First coordinate of each row; NaN where a row has none.
void first_points(const GeometryColumn& geometry, std::vector<double>& x, std::vector<double>& y)
{
    x.assign(geometry.size(), std::nan(""));
    y.assign(geometry.size(), std::nan(""));
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (!geometry.valid(row) || geometry.part_count(row) == 0)
            continue;
        const std::size_t at = geometry.coordinates(row).first;
        x[row] = geometry.x()[at];
        y[row] = geometry.y()[at];
    }
}

// Grids of the statistical offices reach beyond the city on purpose, and districts are what is measured against.
bool must_be_inside(const Layer& layer)
{
    return layer.definition && layer.definition->crs.empty() && layer.table.has_geometry() && !layer.name.starts_with("districts_");
}

}  // namespace

void geometry_far_outside(Check& check)
{
    const Layer* districts = check.layers.find("districts_district");
    if (!must_be_inside(check.layer) || !districts || districts->rows() == 0 || !districts->table.has_geometry())
        return;
    std::vector<double> x, y;
    first_points(check.layer.table.geometry(), x, y);
    const GeometryColumn& areas = districts->table.geometry();
    const std::vector<std::int64_t> zone = geometry::zone_of_points(x, y, areas, check.layers.index_of(*districts), check.layers.run());
    for (std::size_t row = 0; row < zone.size(); ++row) {
        if (zone[row] >= 0 || std::isnan(x[row]))
            continue;
        double distance = std::numeric_limits<double>::infinity();
        for (std::size_t area = 0; area < areas.size(); ++area)
            if (areas.valid(area)) {
                const table::Box box = areas.box(area);
                const double to_box = std::hypot(std::max({box.xmin - x[row], 0.0, x[row] - box.xmax}), std::max({box.ymin - y[row], 0.0, y[row] - box.ymax}));
                if (to_box < distance)
                    distance = std::min(distance, geometry::distance(areas, area, x[row], y[row]));
            }
        if (distance > 200)
            check.report(static_cast<std::int64_t>(row), distance > 5000 ? Severity::error : Severity::warning, "geom", table::number_text(std::round(distance)) + " m",
                         {"The object lies outside the city by this distance.", "Das Objekt liegt um diese Strecke außerhalb der Stadt."});
    }
}

void coordinates_swapped(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    const GeometryColumn& geometry = check.layer.table.geometry();
    if (geometry.crs().empty() || crs::info(geometry.crs()).geographic)
        return;
    const table::Box area = crs::transformed(crs::info(geometry.crs()).area_of_use, "OGC:CRS84", geometry.crs());
    std::vector<double> x, y;
    first_points(geometry, x, y);
    for (std::size_t row = 0; row < x.size(); ++row) {
        if (std::isnan(x[row]))
            continue;
        const bool degrees = std::abs(x[row]) <= 180 && std::abs(y[row]) <= 180;
        const bool swapped = !area.empty() && !area.contains(x[row], y[row]) && area.contains(y[row], x[row]);
        if (degrees || swapped)
            check.report(static_cast<std::int64_t>(row), Severity::error, "geom", table::number_text(x[row]) + " " + table::number_text(y[row]),
                         degrees ? Text{"The coordinates look like degrees in a layer of metres.", "Die Koordinaten sehen nach Grad aus, die Ebene hat aber Meter."}
                                 : Text{"Easting and northing look swapped.", "Rechtswert und Hochwert sehen vertauscht aus."});
    }
}

}  // namespace stadtgdi::validate::detail
