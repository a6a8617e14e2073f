// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace stadtgdi::wms {

/// "orange" in any case as 0xffffa500: the names of CSS, which are those of SVG and of QGIS.
std::optional<std::uint32_t> colour_named(std::string_view name);

}  // namespace stadtgdi::wms
