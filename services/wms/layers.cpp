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

/// `all`: also those that the project does not show at first.
void collect(const ProjectModel& model, const TreeNode& node, bool all, std::set<const PublishedLayer*>& layers)
{
    if (!node.layer.empty()) {
        const PublishedLayer* layer = model.find(node.layer);
        if (layer != nullptr && is_offered(*layer) && (all || layer->visible))
            layers.insert(layer);
        return;
    }
    const auto has_any = [&model](bool hidden) {
        return [&model, hidden](const TreeNode& child) {
            std::set<const PublishedLayer*> found;
            collect(model, child, hidden, found);
            return !found.empty();
        };
    };
    if (node.mutually_exclusive) {  // the one that the project shows, else the first
        auto shown = std::ranges::find_if(node.children, has_any(false));
        if (shown == node.children.end() && all)
            shown = std::ranges::find_if(node.children, has_any(true));
        if (shown != node.children.end())
            collect(model, *shown, all, layers);
        return;
    }
    for (const TreeNode& child : node.children)
        collect(model, child, all, layers);
}

std::vector<const PublishedLayer*> in_drawing_order(const ProjectModel& model, const std::set<const PublishedLayer*>& members)
{
    std::vector<const PublishedLayer*> layers;
    for (const PublishedLayer& layer : model.layers)
        if (members.contains(&layer))
            layers.push_back(&layer);
    return layers;
}

}  // namespace

void expect_few(std::size_t layers, std::string_view parameter)
{
    if (layers > most_layers)
        throw ows::invalid_parameter(parameter, base::filled({"More than {0} layers at once are not offered.", "Mehr als {0} Layer zugleich werden nicht angeboten."},
                                                             std::to_string(most_layers)));
}

void add_once(std::vector<render::MapSpec::Layer>& layers, render::MapSpec::Layer layer, std::string_view parameter)
{
    std::erase_if(layers, [&](const render::MapSpec::Layer& other) { return other.name == layer.name && other.style == layer.style; });
    layers.push_back(std::move(layer));
    expect_few(layers.size(), parameter);
}

bool is_offered(const PublishedLayer& layer)
{
    return layer.in_wms && layer.drawable;
}

Named resolve(const ProjectModel& model, const std::string& name, std::string_view parameter)
{
    if (const PublishedLayer* layer = model.find(name); layer != nullptr && is_offered(*layer))
        return {{layer}, false};
    std::set<const PublishedLayer*> members;
    const TreeNode* group = find_group(model.tree, name);
    const bool is_alias = group == nullptr && !name.empty() && name == model.root_alias;
    if (is_alias)
        group = &model.tree;
    if (group != nullptr)
        collect(model, *group, true, members);
    if (members.empty() && name != model.root_name && !is_alias)
        throw ows::OwsException(ows::Code::layer_not_defined, parameter,
                                base::filled({"Layer '{0}' is not offered.", "Der Layer '{0}' wird nicht angeboten."}, name));
    return {in_drawing_order(model, members), true};
}

std::vector<const PublishedLayer*> opened_layers(const ProjectModel& model)
{
    std::set<const PublishedLayer*> members;
    collect(model, model.tree, false, members);
    if (members.empty())
        collect(model, model.tree, true, members);
    return in_drawing_order(model, members);
}

}  // namespace stadtgdi::wms
