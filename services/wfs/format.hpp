// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/wfs/version.hpp>
#include <string>
#include <string_view>

namespace stadtgdi::wfs {

enum class Format { gml_2, gml_3_1, gml_3_2, geojson, csv, flatgeobuf, geopackage, shapefile };

/// As Content-Type and as the capabilities list it.
std::string_view media_type(Format format);

/// From OUTPUTFORMAT in the spellings clients use; "" and "text/xml" are the version's own GML. InvalidParameterValue else.
Format format_of(const std::string& output_format, Version version);
/// Of DescribeFeatureType: one of the GML formats, XMLSCHEMA, or JSON in the form that QGIS Server gives.
Format schema_format_of(const std::string& output_format, Version version);

bool is_gml(Format format);
/// Files that a library writes as a whole.
bool is_file(Format format);
/// The version of WFS that a GML format belongs to: its collections and schemas have that version's form.
Version version_of(Format gml);

}  // namespace stadtgdi::wfs
