// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/shown_texts.hpp>
#include <services/project/in_language.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stadtgdi::project {
namespace {

using base::Language;
using testing::ElementsAre;

/// What the writer of a city's project says in one language is known in the other.
class InLanguage : public testing::TestWithParam<Language> {
protected:
    const Language from = GetParam(), to = from == Language::de ? Language::en : Language::de;
    const catalogue::LayerDefinition& trees = *catalogue::find_layer("trees_tree");
    const catalogue::LayerFamily& family = catalogue::family_of(trees);
    const std::size_t kind = static_cast<std::size_t>(trees.find("site_type") - trees.fields.data());   // "street", "park", ...

    ProjectModel city() const
    {
        ProjectModel model;
        model.title = catalogue::service_title("Halle").in(from);
        model.abstract = catalogue::service_title("Halle: Saale").in(from) + ": " + family.title.in(from) + ", Eigenes.";
        model.keywords = {"Halle", family.title.in(from)};
        PublishedLayer layer;
        layer.definition = trees.name;
        layer.title = trees.title.in(from);
        layer.abstract = trees.abstract.in(from);
        layer.keywords = {family.title.in(from), "Eigenes"};
        for (const catalogue::FieldDefinition& field : trees.fields) {
            layer.fields.push_back({field.name, catalogue::label_with_unit(field).in(from), field.type});
            for (const catalogue::Code& code : field.codes)
                layer.fields.back().codes.emplace_back(code.value, code.label.in(from));
        }
        model.layers = {layer};
        TreeNode group;
        group.name = "trees";
        group.title = family.title.in(from);
        group.abstract = family.abstract.in(from);
        TreeNode outer;
        outer.name = outer.title = "Eigenes";
        outer.children = {group};
        model.tree.children = {outer};
        return model;
    }
};

TEST_P(InLanguage, ACityIsToldInBoth)
{
    const ProjectModel there = in_language(city(), to);
    EXPECT_EQ(there.title, catalogue::service_title("Halle").in(to));
    EXPECT_EQ(there.abstract, catalogue::service_title("Halle: Saale").in(to) + ": " + family.title.in(to) + ", Eigenes.");
    EXPECT_THAT(there.keywords, ElementsAre("Halle", family.title.in(to)));
    const PublishedLayer& layer = there.layers[0];
    EXPECT_EQ(layer.title, trees.title.in(to));
    EXPECT_EQ(layer.abstract, trees.abstract.in(to));
    EXPECT_THAT(layer.keywords, ElementsAre(family.title.in(to), "Eigenes"));
    for (std::size_t i = 0; i < trees.fields.size(); ++i) {
        EXPECT_EQ(layer.fields[i].alias, catalogue::label_with_unit(trees.fields[i]).in(to));
        ASSERT_EQ(layer.fields[i].codes.size(), trees.fields[i].codes.size());
        for (std::size_t code = 0; code < trees.fields[i].codes.size(); ++code) {
            EXPECT_EQ(layer.fields[i].codes[code].first, trees.fields[i].codes[code].value) << "values stay";
            EXPECT_EQ(layer.fields[i].codes[code].second, trees.fields[i].codes[code].label.in(to));
        }
    }
    EXPECT_EQ(there.tree.children[0].title, "Eigenes");
    EXPECT_EQ(there.tree.children[0].children[0].title, family.title.in(to));
    EXPECT_EQ(there.tree.children[0].children[0].abstract, family.abstract.in(to));
    EXPECT_EQ(in_language(there, from).abstract, city().abstract);
    EXPECT_EQ(in_language(city(), from).layers[0].fields[kind].codes, city().layers[0].fields[kind].codes);
}

TEST_P(InLanguage, WhatACityChangedStays)
{
    ProjectModel model = city();
    model.title = "Unser Geoportal";
    PublishedLayer& layer = model.layers[0];
    layer.title = "Unsere Bäume";
    layer.abstract = catalogue::demonstration_abstract(trees.abstract).in(from);
    layer.fields[0].alias = "Eigener Name [m]";
    layer.fields[kind].codes = {{"street", "An der Straße"}, {"park", trees.fields[kind].codes[1].label.in(from)}, {"new", trees.fields[kind].codes[0].label.in(from)}};
    const ProjectModel there = in_language(model, to);
    EXPECT_EQ(there.title, "Unser Geoportal");
    EXPECT_EQ(there.layers[0].title, "Unsere Bäume");
    EXPECT_EQ(there.layers[0].abstract, catalogue::demonstration_abstract(trees.abstract).in(to));
    EXPECT_EQ(there.layers[0].fields[0].alias, "Eigener Name [m]");
    EXPECT_EQ(there.layers[0].fields[kind].codes[0].second, "An der Straße");
    EXPECT_EQ(there.layers[0].fields[kind].codes[1].second, trees.fields[kind].codes[1].label.in(to));
    EXPECT_EQ(there.layers[0].fields[kind].codes[2].second, trees.fields[kind].codes[0].label.in(from)) << "a value that is not declared";
}

/// What was taken from somebody's sight does not come back.
TEST_P(InLanguage, NothingIsAdded)
{
    ProjectModel model = city();
    for (PublishedField& field : model.layers[0].fields) {
        field.codes.clear();
        field.alias.clear();
    }
    model.layers[0].abstract.clear();
    model.keywords.clear();
    const ProjectModel there = in_language(model, to);
    EXPECT_EQ(there.layers[0].abstract, "");
    EXPECT_TRUE(there.keywords.empty());
    for (const PublishedField& field : there.layers[0].fields) {
        EXPECT_EQ(field.alias, "");
        EXPECT_TRUE(field.codes.empty());
    }
}

TEST_P(InLanguage, OtherProjectsStayAsTheyAre)
{
    ProjectModel model = city();
    model.layers[0].definition.clear();
    const ProjectModel there = in_language(model, to);
    EXPECT_EQ(there.title, model.title);
    EXPECT_EQ(there.abstract, model.abstract);
    EXPECT_EQ(there.keywords, model.keywords);
    EXPECT_EQ(there.layers[0].title, model.layers[0].title);
    EXPECT_EQ(there.layers[0].fields[kind].codes, model.layers[0].fields[kind].codes);
    EXPECT_EQ(there.tree.children[0].children[0].title, model.tree.children[0].children[0].title);
}

INSTANTIATE_TEST_SUITE_P(From, InLanguage, testing::Values(Language::de, Language::en));

}  // namespace
}  // namespace stadtgdi::project
