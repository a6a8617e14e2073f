// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <string_view>
#include <vector>

namespace stadtgdi::geometry {

/// For each row whether its geometry and the area share a point; edges count. The area is a POLYGON or MULTIPOLYGON in WKT, in the
/// column's CRS. False for null, empty and NaN. Error(invalid_argument) where the WKT is no such thing. Cost: a point lookup in strips
/// or one prepared GEOS intersection a row whose box meets that of the area.
std::vector<bool> rows_in_area(const table::GeometryColumn& geometry, std::string_view area_wkt);

}  // namespace stadtgdi::geometry
