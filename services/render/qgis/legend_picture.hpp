// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_drawer.hpp>

namespace stadtgdi::project {
struct LoadedProject;
}

namespace stadtgdi::render {

/// The legend of one or more layers. Error(not_found) for a layer, style or rule that is not there. Main thread.
Image legend_picture(const project::LoadedProject& project, const LegendSpec& spec);

/// The same as JSON (MapDrawer::legend_json). Main thread.
std::string legend_json(const project::LoadedProject& project, const LegendSpec& spec, bool details);

}  // namespace stadtgdi::render
