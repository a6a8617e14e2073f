// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/wms/feature_info_formats.hpp>

namespace stadtgdi::wms {

/// One geometry as GML 2.1.2 or 3.1.1 with srsName; empty for null. For the few features of an answer: WFS has its own, faster writer.
std::string gml_geometry(const table::GeometryColumn& geometry, std::size_t row, const std::string& crs, bool swapped, bool version_3);

/// The hits as a GeoJSON FeatureCollection, always easting or longitude first; a CRS other than longitude and latitude is told
/// by the older member "crs".
std::string feature_info_json(const std::vector<LayerHits>& hits, const InfoStyle& style);

}  // namespace stadtgdi::wms
