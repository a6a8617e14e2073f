// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/in_language.hpp>

#include <layers/catalogue/shown_texts.hpp>

#include <algorithm>
#include <string_view>

namespace stadtgdi::project {

using base::Language;

namespace {

void translate(std::vector<std::string>& keywords, Language language)
{
    for (std::string& keyword : keywords)
        keyword = catalogue::family_text(keyword, language);
}

void translate(PublishedField& field, const catalogue::FieldDefinition& declared, Language language)
{
    field.alias = catalogue::in_language(field.alias, {declared.label, catalogue::label_with_unit(declared)}, language);
    for (auto& [value, label] : field.codes)
        for (const catalogue::Code& code : declared.codes)
            if (code.value == value)
                label = catalogue::in_language(label, {code.label}, language);
}

void translate(PublishedLayer& layer, Language language)
{
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    if (!layer.definition.empty())
        translate(layer.keywords, language);
    if (definition == nullptr)
        return;
    layer.title = catalogue::in_language(layer.title, {definition->title}, language);
    layer.abstract = catalogue::in_language(layer.abstract, {definition->abstract, catalogue::demonstration_abstract(definition->abstract)}, language);
    for (PublishedField& field : layer.fields)
        if (const catalogue::FieldDefinition* declared = definition->find(field.name))
            translate(field, *declared, language);
}

void translate_groups(TreeNode& node, Language language)
{
    for (TreeNode& child : node.children) {
        if (!child.layer.empty())
            continue;
        child.title = catalogue::family_text(child.title.empty() ? child.name : child.title, language);
        child.abstract = catalogue::family_text(child.abstract, language);
        translate_groups(child, language);
    }
}

/// "Geodaten der Stadt Musterstadt: Baumstandorte, Grünflächen."; what is of another form stays as it is.
std::string service_text(const std::string& text, Language language)
{
    for (const Language from : {Language::de, Language::en}) {
        const std::string beginning = catalogue::service_title("").in(from);
        if (!text.starts_with(beginning))
            continue;
        const std::size_t end = std::min(text.rfind(": "), text.size());
        std::string there = catalogue::service_title(text.substr(beginning.size(), end - beginning.size())).in(language);
        if (end == text.size())
            return there;
        if (!text.ends_with('.'))
            return text;
        std::string_view rest = std::string_view(text).substr(end + 2);
        rest.remove_suffix(1);
        for (const char* sign = ": "; !rest.empty(); sign = ", ") {
            const std::string_view title = rest.substr(0, rest.find(", "));
            there += sign + catalogue::family_text(std::string(title), language);
            rest.remove_prefix(std::min(title.size() + 2, rest.size()));
        }
        return there + ".";
    }
    return text;
}

}  // namespace

ProjectModel in_language(ProjectModel model, Language language)
{
    if (std::ranges::all_of(model.layers, [](const PublishedLayer& layer) { return layer.definition.empty(); }))
        return model;
    model.title = service_text(model.title, language);
    model.abstract = service_text(model.abstract, language);
    translate(model.keywords, language);
    translate_groups(model.tree, language);
    for (PublishedLayer& layer : model.layers)
        translate(layer, language);
    return model;
}

}  // namespace stadtgdi::project
