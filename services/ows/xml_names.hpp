// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::ows {

/// A name that XML allows (NCName): what it forbids becomes "_", a name that may not begin so gets "_" in front.
///     "Baumart deutsch" -> "Baumart_deutsch", "2024" -> "_2024", "Höhe (m)" -> "Höhe__m_"
std::string xml_name(std::string_view name);

/// The name of a property as QGIS Server writes it: a blank becomes "_", signs are left out but for some.
///     "Höhe (m)" -> "Höhe_m"
std::string property_name_in_qgis(std::string_view name);

/// The same for all names of one scope; a name taken by an earlier one gets "_2", "_3" ... Depends on nothing else.
std::vector<std::string> xml_names(const std::vector<std::string>& names);

/// xmlns of a project's feature types.
std::string feature_namespace(std::string_view project_id);

/// Stable 64 bit hash as hexadecimal digits, for ETags.
using http::tag_of;

/// Now as "2026-11-21T19:05:41Z".
std::string utc_now();

}  // namespace stadtgdi::ows
