// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/layers.hpp>

#include <services/ows/exception.hpp>

#include <algorithm>
#include <set>

namespace stadtgdi::wms {

using project::ProjectModel;
using project::PublishedLayer;
using project::TreeNode;

namespace {

const TreeNode* find_group(const TreeNode& node, const std::string& name)
{
    if (node.layer.empty() && node.name == name)
        return &node;
    for (const TreeNode& child : node.children)
        if (const TreeNode* found = child.layer.empty() ? find_group(child, name) : nullptr)
            return found;
    return nullptr;
}

void collect(const ProjectModel& model, const TreeNode& node, std::set<const PublishedLayer*>& layers)
{
    if (!node.layer.empty()) {
        const PublishedLayer* layer = model.find(node.layer);
        if (layer != nullptr && is_offered(*layer))
            layers.insert(layer);
        return;
    }
    if (!node.mutually_exclusive) {
        for (const TreeNode& child : node.children)
            collect(model, child, layers);
        return;
    }
    const auto shown = std::find_if(node.children.begin(), node.children.end(), [&model](const TreeNode& child) {
        const PublishedLayer* layer = model.find(child.layer);
        return layer != nullptr && is_offered(*layer) && layer->visible;
    });
    if (shown != node.children.end())
        collect(model, *shown, layers);
    else if (!node.children.empty())
        collect(model, node.children.front(), layers);
}

}  // namespace

bool is_offered(const PublishedLayer& layer)
{
    return layer.in_wms && layer.drawable;
}

Named resolve(const ProjectModel& model, const std::string& name, std::string_view parameter)
{
    if (const PublishedLayer* layer = model.find(name); layer != nullptr && is_offered(*layer))
        return {{layer}, false};
    std::set<const PublishedLayer*> members;
    if (const TreeNode* group = find_group(model.tree, name)) {
        collect(model, *group, members);
        // Layers that are in no tree (made by programs) belong to the root alone.
    }
    if (members.empty())
        throw ows::OwsException(ows::Code::layer_not_defined, parameter,
                                base::filled({"Layer '{0}' is not offered.", "Der Layer '{0}' wird nicht angeboten."}, name));
    Named named{{}, true};
    for (const PublishedLayer& layer : model.layers)
        if (members.contains(&layer))
            named.layers.push_back(&layer);
    return named;
}

bool visible_at(const PublishedLayer& layer, double scale_denominator)
{
    // As QGIS compares them: the lower bound is inside, the upper one is not.
    if (layer.min_scale > 0 && scale_denominator >= layer.min_scale)
        return false;
    return layer.max_scale <= 0 || scale_denominator >= layer.max_scale;
}

}  // namespace stadtgdi::wms
