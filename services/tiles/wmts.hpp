// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>

namespace stadtgdi::tiles {

/// WMTS 1.0.0 by parameters at the shared end point: GetCapabilities, GetTile, GetFeatureInfo.
http::Response handle_wmts(const ows::FaceContext& context, const ows::KeyValues& kv);

/// WMTS 1.0.0 by addresses: /{project}/wmts/1.0.0/WMTSCapabilities.xml, tiles and feature information below /{project}/wmts/1.0.0.
http::Response handle_wmts_address(const ows::FaceContext& context);

// Both answer every error as an OWS 1.1 exception report and throw only Error(cancelled).

}  // namespace stadtgdi::tiles
