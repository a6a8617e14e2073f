// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::crs {

/// Everything else in the project stores x = easting or longitude, y = northing or latitude, whatever the CRS's
/// official axis order; the order matters only where coordinates are read from or written to text of a standard.
struct CrsInfo {
    std::string code;            ///< "EPSG:25833", "OGC:CRS84"
    std::string name;            ///< "ETRS89 / UTM zone 33N"
    bool geographic = false;     ///< degrees
    bool northing_first = false; ///< official axis order is y, x (EPSG:4326, 4258, 3035, 31467), as PROJ's database says
    double metres_per_unit = 1;  ///< of projected CRS; of geographic ones the metres of a degree at the equator
    table::Box area_of_use;      ///< in degrees, longitude and latitude
};

/// Accepts "EPSG:25833", "epsg:25833", "urn:ogc:def:crs:EPSG::25833", "http://www.opengis.net/def/crs/EPSG/0/25833",
/// "http://www.opengis.net/gml/srs/epsg.xml#25833", "CRS:84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84",
/// "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "[EPSG:25833]". Gives "EPSG:25833" or "OGC:CRS84".
/// Error(invalid_argument) where it is none of these, Error(not_found) where PROJ does not know the code.
std::string normalized(std::string_view name);

/// Cached; any thread. Same errors as normalized().
const CrsInfo& info(std::string_view name);

/// Throws Error(invalid_argument) that names `what` where the CRS is geographic or unknown.
void require_metric(std::string_view code, std::string_view what);

std::string urn(std::string_view code);  ///< urn:ogc:def:crs:EPSG::25833
std::string uri(std::string_view code);  ///< http://www.opengis.net/def/crs/EPSG/0/25833

}  // namespace stadtgdi::crs
