// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/rights.hpp>

#include <layers/crs/transform.hpp>

#include <algorithm>

namespace stadtgdi::access {

namespace {

using project::ProjectModel;
using project::PublishedLayer;
using project::TreeNode;

/// False where nothing is left of the node. Groups that were empty from the start go too: a name alone can tell something.
bool prune(TreeNode& node, const ProjectModel& model)
{
    if (!node.layer.empty())
        return model.find(node.layer) != nullptr;
    std::erase_if(node.children, [&](TreeNode& child) { return !prune(child, model); });
    return !node.children.empty();
}

/// Around what is left, within what the project says; in its CRS.
table::Box extent_of_layers(const ProjectModel& model)
{
    table::Box all = table::Box::none();
    for (const PublishedLayer& layer : model.layers) {
        if (layer.extent.empty() || layer.crs.empty())
            continue;
        try {
            all.grow(crs::transformed(layer.extent, layer.crs, model.crs));
        } catch (const Error&) {
            // a layer whose CRS is unknown here adds nothing
        }
    }
    const table::Box within{std::max(all.xmin, model.extent.xmin), std::max(all.ymin, model.extent.ymin), std::min(all.xmax, model.extent.xmax),
                            std::min(all.ymax, model.extent.ymax)};
    return within.empty() ? all : within;
}

/// A field of a stricter class than its layer's is answered by no face, neither shown nor filtered by.
void hide_fields(PublishedLayer& layer, const Rights& rights)
{
    const catalogue::LayerDefinition* definition = layer.definition.empty() ? nullptr : catalogue::find_layer(layer.definition);
    if (!definition)
        return;
    PublishedLayer asked;
    asked.name = layer.name;
    for (project::PublishedField& field : layer.fields) {
        const catalogue::FieldDefinition* declared = definition->find(field.name);
        if (!declared || declared->disclosure == catalogue::Disclosure::open)
            continue;
        asked.disclosure = declared->disclosure;
        if (!rights.may_see(asked))
            field.in_wms = field.in_wfs = false;
    }
}

}  // namespace

ProjectModel visible(const ProjectModel& model, const Rights& rights)
{
    ProjectModel seen = model;
    seen.failed_layers.clear();   // names and reasons are for the operator's log
    const auto hidden = std::erase_if(seen.layers, [&](const PublishedLayer& layer) { return !rights.may_see(layer); });
    for (PublishedLayer& layer : seen.layers)
        hide_fields(layer, rights);
    prune(seen.tree, seen);
    if (hidden > 0)
        seen.extent = extent_of_layers(seen);
    return seen;
}

}  // namespace stadtgdi::access
