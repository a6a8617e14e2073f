// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/exception.hpp>
#include <services/project/project_model.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::ows {

/// A CRS as a request named it. Inside the service coordinates are always x = easting or longitude; `swapped` says that
/// the request reads and writes them the other way round.
struct CrsName {
    std::string code;      ///< "EPSG:25833", "OGC:CRS84"
    bool swapped = false;  ///< first number is northing or latitude
    std::string name;      ///< as given, echoed as srsName
};

/// What every project is served in: EPSG:25832, 25833, 4258, 4326, OGC:CRS84, EPSG:3857, 3035.
const std::vector<std::string>& service_crs();
/// The model's list, normalized, with the service's own appended; no code twice.
std::vector<std::string> offered_crs(const project::ProjectModel& model);
/// In that list, or the CRS that a layer of the model is kept in.
bool is_offered(const project::ProjectModel& model, std::string_view code);

/// Axis order of WFS 2.0 and OGC API Features: URN and http names by PROJ's official order, "EPSG:n" (and
/// "...epsg.xml#n") traditionally x, y; CRS84 always longitude, latitude. InvalidParameterValue where unknown or not offered.
CrsName wfs_crs(std::string_view name, const project::ProjectModel& model, std::string_view locator);
/// WMS: 1.3.0 by the official order ("CRS:84": longitude first), 1.1.1 always x, y. InvalidCRS (InvalidSRS) else.
CrsName wms_crs(std::string_view name, std::string_view version, const project::ProjectModel& model);

/// "EPSG:25833", "CRS:84": as WMS lists a CRS.
std::string wms_name(std::string_view code);
/// http://www.opengis.net/def/crs/EPSG/0/25833 or .../OGC/1.3/CRS84
std::string uri_name(std::string_view code);
/// urn:ogc:def:crs:EPSG::25833 or urn:ogc:def:crs:OGC:1.3:CRS84
std::string urn_name(std::string_view code);
/// Decimals that hold a centimetre's tenth: 3 for metres, 8 for degrees.
int decimals_of(std::string_view code);

/// Four (or six: heights are passed over) finite numbers, put into x, y order. With `positive` both sides must be longer
/// than zero (WMS); else min <= max suffices. InvalidParameterValue with `locator`.
table::Box parse_box(const std::vector<std::string>& numbers, bool swapped, bool positive, std::string_view locator);
table::Box parse_wms_box(std::string_view text, const CrsName& crs);

struct BoxWithCrs {
    table::Box box;
    CrsName crs;
};
/// "a,b,c,d[,crs]" of WFS; without CRS in `fallback`; a trailing comma is passed over.
BoxWithCrs parse_wfs_box(std::string_view text, const CrsName& fallback, const project::ProjectModel& model);

}  // namespace stadtgdi::ows
