// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/source_rows.hpp>

namespace stadtgdi::catalogue::detail {

enum class Place : std::uint8_t { fine, missing, damaged, several_parts, outside };

/// The geometries of all source rows as a layer wants them: its kind, its CRS, shifted where asked for, with the heights
/// (z) that the source has. Rows that have none say why.
struct SourceGeometry {
    table::GeometryColumn column;
    std::vector<Place> places;
};

struct GeometryTarget {
    table::GeometryKind kind;
    std::string crs;
    std::string city_crs;
    double shift_x_m = 0, shift_y_m = 0;  ///< applied in the city's CRS
};

/// Error(bad_data) where columns or the geometry that the rule names are not in the source at all.
SourceGeometry read_geometry(const SourceRows& source, const GeometryRule& rule, const GeometryTarget& target, base::RunContext& run);

}  // namespace stadtgdi::catalogue::detail
