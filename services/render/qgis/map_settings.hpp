// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>

#include <qgsmapsettings.h>

namespace stadtgdi::project {
struct LoadedProject;
}

namespace stadtgdi::render {

/// The settings with which QGIS draws a map of a project: its transform context, label engine, ellipsoid, expression scopes
/// and colours. Layers that are not drawable are passed over; Error(not_found) for a layer or style that is not there.
/// A box of another shape than the picture gives settings of the size that the box asks for (see picture_size); the picture
/// is then stretched, as WMS demands. Main thread.
QgsMapSettings map_settings(const project::LoadedProject& project, const MapSpec& spec);

/// Size at which a box is drawn so that a pixel is a square on the ground: that of the picture unless the shapes differ by half a
/// pixel or more.
QSize picture_size(const MapSpec& spec);

}  // namespace stadtgdi::render
