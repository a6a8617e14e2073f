// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

namespace stadtgdi::web {

/// /{project}/map: the page; /{project}/map/project.json: layer tree and settings of the map, from the visible model;
/// /{project}/map/static/...: program and style, embedded at build time, immutable by the hash in their name.
http::Response handle(const ows::FaceContext& context);

}  // namespace stadtgdi::web
