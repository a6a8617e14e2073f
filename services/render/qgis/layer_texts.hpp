// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace stadtgdi::project {
struct LoadedProject;
}

namespace stadtgdi::render {

/// A style of a layer as a StyledLayerDescriptor (MapDrawer::style_document). Main thread.
std::string style_document(const project::LoadedProject& project, const MapSpec::Layer& layer);

/// The layer's map tip for each of its rows (MapDrawer::map_tips): the HTML of the template, with values that are escaped. Main thread.
std::vector<std::string> map_tips(const project::LoadedProject& project, const std::string& layer, const std::vector<std::int64_t>& fids);

}  // namespace stadtgdi::render
