// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <string>

namespace stadtgdi::web {

/// The CRS the map is shown in: the project's where the map's program knows it, else EPSG:3857.
std::string view_crs(const project::ProjectModel& model);

/// Layer tree and settings of the map, from the visible model (read by src/project.ts).
std::string project_json(const project::ProjectModel& model, const access::Visitor& visitor);

/// Where most of a layer lies, for zooming to it, and its densest part at a scale at which it is shown; null where it has no place. Apart from the project, since it reads the layer.
std::string extent_json(const ows::FaceContext& context, const project::PublishedLayer& layer);

}  // namespace stadtgdi::web
