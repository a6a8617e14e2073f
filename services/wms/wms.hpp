// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>

namespace stadtgdi::wms {

/// WMS 1.3.0 and 1.1.1: GetCapabilities, GetMap, GetFeatureInfo, DescribeLayer, GetLegendGraphic, GetStyles, GetProjectSettings. Throws OwsException, which ows::handle
/// turns into the document of the version; errors of GetMap that the client wants inside a picture are answered here.
http::Response handle(const ows::FaceContext& context, const ows::KeyValues& kv);

}  // namespace stadtgdi::wms
