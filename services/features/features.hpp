// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

namespace stadtgdi::features {

/// /{project}/ogcapi/...: OGC API Features Parts 1 to 3 as JSON and HTML. Segments from the third on are looked at.
/// Answers every error itself (JSON exceptions, RFC 7807 shaped); throws only Error(cancelled).
http::Response handle(const ows::FaceContext& context);

}  // namespace stadtgdi::features
