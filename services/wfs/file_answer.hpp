// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/wfs/collection.hpp>

namespace stadtgdi::wfs {

/// FlatGeobuf, GeoPackage (a table for each part) or zipped Shapefile: written to a file that only we can read, of at most
/// limits.max_file_bytes, and sent from there. Nothing is left behind: the file loses its name before the first byte is sent.
/// InvalidParameterValue where it would be larger.
void send_file(http::Response& response, const ows::FaceContext& context, Format format, std::vector<Part>& parts);

/// A name for what a browser saves, in letters that every system takes.
std::string file_name(std::string_view type, std::string_view ending);

}  // namespace stadtgdi::wfs
