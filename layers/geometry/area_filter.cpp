// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/area_filter.hpp>

#include <layers/base/error.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/detail/strips.hpp>
#include <layers/geometry/wkt.hpp>
#include <cmath>

namespace stadtgdi::geometry {

using table::GeometryKind;

namespace {

struct DestroyPreparedArea {
    void operator()(const GEOSPreparedGeometry* g) const { GEOSPreparedGeom_destroy_r(detail::context(), g); }
};

/// Of the coordinates of a row; nothing where one of them is no number.
table::Box box_of(const table::GeometryColumn& geometry, std::size_t row)
{
    table::Box box = table::Box::none();
    if (!geometry.valid(row)) return box;
    const auto [first, last] = geometry.coordinates(row);
    for (std::size_t i = first; i < last; ++i) {
        if (!std::isfinite(geometry.x()[i]) || !std::isfinite(geometry.y()[i])) return table::Box::none();
        box.grow(geometry.x()[i], geometry.y()[i]);
    }
    return box;
}

}  // namespace

std::vector<bool> rows_in_area(const table::GeometryColumn& geometry, std::string_view area_wkt)
{
    table::GeometryBuilder builder(GeometryKind::multi_polygon, geometry.crs());
    if (!add_wkt(builder, GeometryKind::multi_polygon, area_wkt))
        throw Error(ErrorKind::invalid_argument, {"The area is no polygon in WKT.", "Das Gebiet ist kein Polygon in WKT."});
    const table::GeometryColumn area = std::move(builder).finish();
    const table::Box around = box_of(area, 0);
    std::vector<bool> inside(geometry.size());
    if (around.empty()) return inside;
    if (geometry.kind() == GeometryKind::point) {
        const detail::Strips strips(area, 0);
        for (std::size_t row = 0; row < inside.size(); ++row) {
            const table::Box box = box_of(geometry, row);
            inside[row] = !box.empty() && around.intersects(box) && strips.locate(box.xmin, box.ymin) != Location::outside;
        }
        return inside;
    }
    const detail::GeosGeometry polygon = detail::to_geos(area, 0);
    if (!polygon) throw Error(ErrorKind::invalid_argument, {"The area is no polygon.", "Das Gebiet ist kein Polygon."});
    const std::unique_ptr<const GEOSPreparedGeometry, DestroyPreparedArea> prepared(GEOSPrepare_r(detail::context(), polygon.get()));
    for (std::size_t row = 0; row < inside.size(); ++row) {
        const table::Box box = box_of(geometry, row);
        if (box.empty() || !around.intersects(box)) continue;
        const detail::GeosGeometry shape = detail::to_geos(geometry, row);
        inside[row] = shape && GEOSPreparedIntersects_r(detail::context(), prepared.get(), shape.get()) == 1;
    }
    return inside;
}

}  // namespace stadtgdi::geometry
