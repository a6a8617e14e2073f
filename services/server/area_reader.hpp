// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/server/toml_reader.hpp>

namespace stadtgdi::server::detail {

/// [access.areas.NAME]: `bbox` or `wkt` with `crs`, or `file` (GeoJSON, which is in degrees without a `crs`, or WKT). Overlapping parts
/// become one; refuses what is no polygon and more than 10000 corners.
/// The file is added to `files`.
access::Area read_area(TomlReader& table, std::vector<std::string>& files);

}  // namespace stadtgdi::server::detail
