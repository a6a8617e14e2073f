// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>

namespace stadtgdi::wfs {

/// WFS 2.0.0, 1.1.0 and 1.0.0: GetCapabilities, DescribeFeatureType, GetFeature, and in 2.0.0 GetPropertyValue,
/// ListStoredQueries, DescribeStoredQueries. Throws OwsException; ows::handle makes the document.
http::Response handle(const ows::FaceContext& context, const ows::KeyValues& kv);

/// "1.0.0", "1.1.0" or "2.0.0": in whose form an error is told to a client that asked for this version.
std::string_view error_version(std::string_view version);

}  // namespace stadtgdi::wfs
