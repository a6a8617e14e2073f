// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <string>
#include <string_view>

namespace stadtgdi::geometry {

/// "POINT (1 2)"; coordinates with as many digits as needed to read the same number. "POINT EMPTY" etc. for null.
/// "POINT Z (1 2 3)" where the row has heights.
std::string wkt(const table::GeometryColumn& geometry, std::size_t row, int decimals = -1);

/// Adds the WKT as a row, (E)WKT with or without Z, widening single to multi. False where it is damaged or of another
/// kind: nothing is added then.
bool add_wkt(table::GeometryBuilder& builder, table::GeometryKind kind, std::string_view text);

/// The kind of geometry a WKT begins with; false where it is none of ours.
bool kind_of_wkt(std::string_view text, table::GeometryKind& kind);

}  // namespace stadtgdi::geometry
