// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace stadtgdi::cli {

/// stadtgdi-qgis beside this program; Error(unsupported) where it is not.
std::string qgis_program();

/// Becomes stadtgdi-qgis with these arguments; returns only by Error(io).
[[noreturn]] void become_qgis_program(const std::vector<std::string>& arguments);

}  // namespace stadtgdi::cli
