// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/wms/wms.hpp>

namespace stadtgdi::wms {

/// One function a request; `version` is "1.3.0" or "1.1.1".
/// With `project_settings`: what QGIS's own web clients want to know besides (GetProjectSettings).
http::Response get_capabilities(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version, bool project_settings = false);
http::Response get_map(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version);
http::Response get_feature_info(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version);
http::Response describe_layer(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version);
http::Response get_styles(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version);
http::Response get_legend_graphic(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version);

}  // namespace stadtgdi::wms
