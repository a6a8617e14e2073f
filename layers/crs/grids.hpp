// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace stadtgdi::crs {

/// Names of the grids that the best way from one CRS to the other needs and that are not installed: PROJ then takes a way that may be metres off.
/// Codes as "EPSG:25833"; none where PROJ does not know one of them. Tens of milliseconds; any thread.
std::vector<std::string> missing_grids(const std::string& from, const std::string& to);

}  // namespace stadtgdi::crs
