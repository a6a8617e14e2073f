// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>

namespace stadtgdi::geometry {

/// Why a row is invalid by the OGC rules, with the place; empty reason: valid. By GEOS.
struct Invalidity {
    std::string reason;  ///< GEOS's English words
    double x = 0, y = 0;
};
Invalidity invalidity(const table::GeometryColumn& geometry, std::size_t row);

struct Repaired {
    table::GeometryColumn geometry;         ///< polygons become multi polygons
    std::vector<std::int64_t> repaired;     ///< rows that were changed (GEOS make_valid, structure method)
    std::vector<std::int64_t> rejected;     ///< rows that stayed invalid or lost their area: null now
};
Repaired repaired(const table::GeometryColumn& polygons, base::RunContext& run);

}  // namespace stadtgdi::geometry
