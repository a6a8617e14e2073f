// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/wms/feature_info.hpp>

#include <optional>
#include <string_view>

namespace stadtgdi::wms {

enum class InfoFormat { plain, html, json, gml2, gml3, xml };

/// As announced in the capabilities.
const std::vector<std::string>& feature_info_formats();
std::optional<InfoFormat> info_format(std::string_view name);

struct Document {
    std::string content_type, body;
};
/// `crs` is that of the request; GML writes its coordinates in that CRS, in the axis order of `swapped`; GeoJSON has longitude
/// and latitude, for which `hits` are given in OGC:CRS84.
Document write_feature_info(InfoFormat format, const std::vector<LayerHits>& hits, const std::string& crs, bool swapped, base::Language language);

}  // namespace stadtgdi::wms
