// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>
#include <services/render/map_spec.hpp>
#include <string>
#include <vector>

namespace stadtgdi::wms {

/// Most layers of one request, as names in LAYERS and as what groups among them stand for; announced as LayerLimit.
constexpr std::size_t most_layers = 200;
/// InvalidParameterValue beyond it.
void expect_few(std::size_t layers, std::string_view parameter);

/// Adds a layer that a request names. One named again in the same style is drawn once, where it came last.
void add_once(std::vector<render::MapSpec::Layer>& layers, render::MapSpec::Layer layer, std::string_view parameter);

/// Whether the layer is offered by WMS at all.
bool is_offered(const project::PublishedLayer& layer);

/// What one name of LAYERS stands for: the layer itself, or all layers of a group or of the root, by its name or alias (of a group whose members exclude each
/// other the one that the project shows, else the first), in drawing order, bottom first; none where the root has nothing to draw.
/// Throws LayerNotDefined.
struct Named {
    std::vector<const project::PublishedLayer*> layers;
    bool is_group = false;
};
Named resolve(const project::ProjectModel& model, const std::string& name, std::string_view parameter);
/// The layers that the project shows when it is opened (all where it shows none), in drawing order.
std::vector<const project::PublishedLayer*> opened_layers(const project::ProjectModel& model);

}  // namespace stadtgdi::wms
