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
    const std::size_t before = layers.size();
    for (const TreeNode& child : node.children) {
        collect(model, child, all, layers);
        if (node.mutually_exclusive && layers.size() > before)
            return;
    }
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
    if (const TreeNode* group = find_group(model.tree, name)) {
        collect(model, *group, false, members);
        if (members.empty())
            collect(model, *group, true, members);
    }
    if (members.empty() && name != model.root_name)
        throw ows::OwsException(ows::Code::layer_not_defined, parameter,
                                base::filled({"Layer '{0}' is not offered.", "Der Layer '{0}' wird nicht angeboten."}, name));
    Named named{{}, true};
    for (const PublishedLayer& layer : model.layers)
        if (members.contains(&layer))
            named.layers.push_back(&layer);
    return named;
}

namespace {

/// The other language, where a text is what was declared.
std::string translated(const std::string& text, const base::Text& declared, base::Language language)
{
    return text == declared.de || text == declared.en ? declared.in(language) : text;
}

}  // namespace

std::string shown_title(const PublishedLayer& layer, base::Language language)
{
    if (layer.title.empty())
        return layer.name;
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    return definition == nullptr ? layer.title : translated(layer.title, definition->title, language);
}

std::string shown_abstract(const PublishedLayer& layer, base::Language language)
{
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    return definition == nullptr ? layer.abstract : translated(layer.abstract, definition->abstract, language);
}

std::string shown_alias(const PublishedLayer& layer, const project::PublishedField& field, base::Language language)
{
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    const catalogue::FieldDefinition* declared = definition == nullptr ? nullptr : definition->find(field.name);
    return declared == nullptr ? field.alias : translated(field.alias, declared->label, language);
}

bool visible_at(const PublishedLayer& layer, double scale_denominator)
{
    // As QGIS compares them: the lower bound is inside, the upper one is not.
    if (layer.min_scale > 0 && scale_denominator >= layer.min_scale)
        return false;
    return layer.max_scale <= 0 || scale_denominator >= layer.max_scale;
}

}  // namespace stadtgdi::wms
