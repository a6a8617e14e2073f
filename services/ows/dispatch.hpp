// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

namespace stadtgdi::ows {

/// /{project}/ows: reads the parameters, finds the service and answers every error as that service's standard says; throws
/// only Error(cancelled). WMS, WMTS and WFS share the end point, SERVICE tells them apart.
http::Response handle(const FaceContext& context);

}  // namespace stadtgdi::ows
