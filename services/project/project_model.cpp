// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/project_model.hpp>

#include <layers/base/error.hpp>
#include <layers/crs/transform.hpp>

#include <algorithm>

namespace stadtgdi::project {

namespace {

/// False where nothing is left of the node. Groups that were empty from the start go too: a name alone can tell something.
bool prune(TreeNode& node, const ProjectModel& model)
{
    if (!node.layer.empty())
        return model.find(node.layer) != nullptr;
    std::erase_if(node.children, [&](TreeNode& child) { return !prune(child, model); });
    return !node.children.empty();
}

}  // namespace

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

const PublishedLayer* ProjectModel::find(std::string_view name) const
{
    const auto found = std::find_if(layers.begin(), layers.end(), [name](const PublishedLayer& layer) { return layer.name == name; });
    return found == layers.end() ? nullptr : &*found;
}

std::size_t leave_out(ProjectModel& model, const std::function<bool(const PublishedLayer&)>& which)
{
    const auto gone = std::erase_if(model.layers, which);
    prune(model.tree, model);
    if (gone > 0)
        model.extent = extent_of_layers(model);
    return gone;
}

}  // namespace stadtgdi::project
