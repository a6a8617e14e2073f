// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

namespace stadtgdi::tiles {

/// OGC API Tiles below /{project}/ogcapi (tileMatrixSets, tiles, map/tiles, the latter two also of a collection) and the addresses of
/// WMTS below /{project}/wmts. Answers every error itself; throws only Error(cancelled).
http::Response handle(const ows::FaceContext& context);

}  // namespace stadtgdi::tiles
