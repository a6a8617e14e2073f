// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/wms/feature_info.hpp>

#include <optional>
#include <string_view>

namespace stadtgdi::wms {

enum class InfoFormat { plain, html, json, geojson, gml2, gml3, xml };

/// As announced in the capabilities.
const std::vector<std::string>& feature_info_formats();
std::optional<InfoFormat> info_format(std::string_view name);
/// Whether geometries belong to the format: they are in it where nobody leaves them out.
bool has_geometries(InfoFormat format);

/// How the answer is to look.
struct InfoStyle {
    InfoFormat format = InfoFormat::plain;
    std::string crs;              ///< of the request and of the geometries; of GeoJSON (RFC 7946) OGC:CRS84
    bool swapped = false;         ///< GML writes northing or latitude first
    bool with_geometry = false;   ///< as WKT in texts, XML and HTML
    bool with_boxes = false;      ///< in XML, around each feature, x = easting or longitude as in QGIS Server
    std::string box_crs = "CRS";  ///< the attribute that names their CRS
    bool only_map_tips = false;   ///< of HTML
    base::Language language = base::Language::de;
};

struct Document {
    std::string content_type, body;
};
Document write_feature_info(const InfoStyle& style, const std::vector<LayerHits>& hits);

}  // namespace stadtgdi::wms
