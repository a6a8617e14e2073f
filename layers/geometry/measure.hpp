// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>

namespace stadtgdi::geometry {

/// Planar measures of a row in the unit of its CRS; own kernels on spans, no allocation. Null and empty give 0.
double area(const table::GeometryColumn& geometry, std::size_t row);    ///< shells minus holes, >= 0
double length(const table::GeometryColumn& geometry, std::size_t row);  ///< of lines; of polygons the perimeter

struct Point {
    double x, y;
};
/// Centroid of the highest dimension, as GEOS gives it; NaN for null.
Point centroid(const table::GeometryColumn& geometry, std::size_t row);
/// A point inside the polygon (or on the line), also where the centroid is not.
Point point_on_surface(const table::GeometryColumn& geometry, std::size_t row);

/// Distance of a point to a row's points, lines or area (0 inside); NaN for null and empty.
double distance(const table::GeometryColumn& geometry, std::size_t row, double x, double y);

}  // namespace stadtgdi::geometry
