// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#define GEOS_USE_ONLY_R_API
#include <layers/table/geometry_column.hpp>
#include <geos_c.h>
#include <memory>
#include <string>

namespace stadtgdi::geometry::detail {

/// GEOS's handle of this thread; its last message is kept for ours.
GEOSContextHandle_t context();
const std::string& last_message();

struct DestroyGeometry {
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context(), g); }
};
using GeosGeometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

/// A row as GEOS sees it; null where the row is null or GEOS refuses it (rings of too few points): see last_message().
GeosGeometry to_geos(const table::GeometryColumn& geometry, std::size_t row);

/// All polygons of a result, also those inside collections, as one row of a multi polygon column; a null row without any.
void add_polygons(table::GeometryBuilder& builder, const GEOSGeometry* geometry);

/// Made valid by the structure method: rings keep their role, overlaps count once. Null where GEOS fails.
GeosGeometry made_valid(const GEOSGeometry* geometry);

double area_of(const GEOSGeometry* geometry);

}  // namespace stadtgdi::geometry::detail
