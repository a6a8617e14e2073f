// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>

namespace stadtgdi::wfs {

/// WFS 2.0.0 by GET and by POST of a form: GetCapabilities, DescribeFeatureType, ListStoredQueries, DescribeStoredQueries,
/// GetFeature. Throws OwsException; ows::handle makes the document.
http::Response handle(const ows::FaceContext& context, const ows::KeyValues& kv);

}  // namespace stadtgdi::wfs
