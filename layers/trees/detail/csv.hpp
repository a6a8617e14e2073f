// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::trees::detail {

/// Rows of the room's own data files: comma separated without quoting, a header line, comment lines begin with #.
/// Error(bad_data) names `what` and the line where the number of cells is not that of the header.
std::vector<std::vector<std::string>> csv_rows(std::string_view text, std::string_view what);

std::string_view shipped_taxa();
std::string_view shipped_crowns();

}  // namespace stadtgdi::trees::detail
