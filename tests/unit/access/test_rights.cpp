// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/role_rights.hpp>

#include <gtest/gtest.h>

namespace stadtgdi::access {

namespace {

using catalogue::Disclosure;
using project::ProjectModel;
using project::PublishedLayer;
using project::TreeNode;

PublishedLayer layer(const std::string& name, Disclosure disclosure, table::Box extent = {300000, 5600000, 301000, 5601000})
{
    PublishedLayer l;
    l.name = name;
    l.crs = "EPSG:25833";
    l.extent = extent;
    l.disclosure = disclosure;
    return l;
}

TreeNode leaf(const std::string& name)
{
    TreeNode node;
    node.layer = name;
    return node;
}

TreeNode group(const std::string& name, std::vector<TreeNode> children)
{
    TreeNode node;
    node.name = name;
    node.children = std::move(children);
    return node;
}

/// trees (open) · utilities [ power [gas], empty ] · offices (internal)
ProjectModel city()
{
    ProjectModel model;
    model.id = "leipzig";
    model.crs = "EPSG:25833";
    model.extent = {0, 0, 900000, 6000000};
    model.layers = {layer("trees", Disclosure::open), layer("gas", Disclosure::kritis, {310000, 5600000, 320000, 5601000}), layer("offices", Disclosure::internal)};
    model.tree = group("", {leaf("trees"), group("utilities", {group("power", {leaf("gas")}), group("empty", {})}), leaf("offices")});
    model.failed_layers = {{"water", "/srv/secret.gpkg is gone"}};
    return model;
}

AccessSettings city_settings()
{
    AccessSettings s;
    s.roles["grid"] = {{Disclosure::kritis}, {}};
    s.roles["grid_elsewhere"] = {{Disclosure::kritis}, {"dresden/*"}};
    s.roles["grid_here"] = {{Disclosure::kritis}, {"leipzig/g*"}};
    s.roles["staff"] = {{Disclosure::internal}, {}};
    return s;
}

std::vector<std::string> names_seen_by(std::set<std::string> roles)
{
    const RoleRights rights(city_settings(), {"x", std::move(roles)}, "leipzig");
    std::vector<std::string> names;
    for (const PublishedLayer& l : visible(city(), rights).layers)
        names.push_back(l.name);
    return names;
}

}  // namespace

TEST(Rights, without_a_role_only_open_layers_are_seen)
{
    EXPECT_EQ(names_seen_by({}), (std::vector<std::string>{"trees"}));
    EXPECT_EQ(names_seen_by({"unknown"}), (std::vector<std::string>{"trees"}));
}

TEST(Rights, a_role_adds_its_classes_and_nothing_else)
{
    EXPECT_EQ(names_seen_by({"grid"}), (std::vector<std::string>{"trees", "gas"}));
    EXPECT_EQ(names_seen_by({"staff"}), (std::vector<std::string>{"trees", "offices"}));
    EXPECT_EQ(names_seen_by({"grid", "staff"}), (std::vector<std::string>{"trees", "gas", "offices"}));
}

TEST(Rights, a_role_can_be_narrowed_to_layers)
{
    EXPECT_EQ(names_seen_by({"grid_elsewhere"}), (std::vector<std::string>{"trees"}));
    EXPECT_EQ(names_seen_by({"grid_here"}), (std::vector<std::string>{"trees", "gas"}));
}

TEST(Rights, nothing_of_a_hidden_layer_is_left_in_the_model)
{
    const ProjectModel seen = visible(city(), RoleRights(city_settings(), {}, "leipzig"));
    EXPECT_EQ(seen.find("gas"), nullptr);
    ASSERT_EQ(seen.tree.children.size(), 1u) << "groups without layers go, also the outer one";
    EXPECT_EQ(seen.tree.children[0].layer, "trees");
    EXPECT_TRUE(seen.failed_layers.empty());
    EXPECT_NEAR(seen.extent.xmin, 300000, 1);
    EXPECT_NEAR(seen.extent.xmax, 301000, 1) << "the extent does not tell where the hidden layer lies";
    EXPECT_NEAR(seen.extent.ymax, 5601000, 1);
}

TEST(Rights, who_sees_all_gets_the_extent_of_the_project)
{
    const ProjectModel seen = visible(city(), RoleRights(city_settings(), {"x", {"grid", "staff"}}, "leipzig"));
    EXPECT_EQ(seen.extent, city().extent);
    EXPECT_EQ(seen.tree.children.size(), 3u);
}

TEST(Rights, an_extent_in_another_crs_is_counted_in_that_of_the_project)
{
    ProjectModel model = city();
    model.layers[0].crs = "EPSG:4326";
    model.layers[0].extent = {12.3, 51.3, 12.4, 51.4};
    const ProjectModel seen = visible(model, RoleRights(city_settings(), {}, "leipzig"));
    EXPECT_GT(seen.extent.xmin, 300000);
    EXPECT_LT(seen.extent.xmax, 330000);
    EXPECT_GT(seen.extent.ymin, 5680000);
    EXPECT_LT(seen.extent.ymax, 5710000);
}

TEST(Rights, keys_of_caches_tell_apart_what_differs)
{
    const auto key = [](std::set<std::string> roles) { return RoleRights(city_settings(), {"x", std::move(roles)}, "leipzig").key(); };
    EXPECT_EQ(key({}), "public");
    EXPECT_EQ(key({"unknown"}), "public");
    EXPECT_EQ(key({"grid"}), key({"grid"}));
    const std::set<std::string> all = {key({}), key({"grid"}), key({"staff"}), key({"grid", "staff"}), key({"grid_here"}), key({"grid_elsewhere"})};
    EXPECT_EQ(all.size(), 6u);
}

TEST(Rights, rows_of_a_stricter_class_need_the_right_to_that_class)
{
    ProjectModel model = city();
    for (PublishedLayer& l : model.layers)
        l.class_fields = {"disclosure_class"};
    const auto seen = [&](std::set<std::string> roles, const char* name) {
        const ProjectModel reduced = visible(model, RoleRights(city_settings(), {"x", std::move(roles)}, "leipzig"));
        return reduced.find(name)->seen;
    };
    EXPECT_EQ(seen({}, "trees"), (project::SeenRows{{"disclosure_class"}, {"public"}}));
    EXPECT_EQ(seen({"staff"}, "trees").classes, (std::vector<std::string>{"public", "internal"}));
    EXPECT_EQ(seen({"grid_here"}, "trees").classes, (std::vector<std::string>{"public"}));
    EXPECT_TRUE(seen({"grid"}, "gas").all());  // there is nothing stricter
    EXPECT_EQ(seen({"staff"}, "offices").classes, (std::vector<std::string>{"public", "internal"}));
    model.layers[0].class_fields.clear();
    EXPECT_TRUE(seen({}, "trees").all());
}

TEST(Rights, classes_that_one_may_not_see_are_not_named)
{
    ProjectModel model = city();
    PublishedLayer& trees = model.layers[0];
    trees.class_fields = {"disclosure_class"};
    project::PublishedField& field = trees.fields.emplace_back();
    field.name = "disclosure_class";
    field.codes = {{"public", "Public"}, {"internal", "Internal"}, {"kritis", "Critical"}};
    const auto named = [&](std::set<std::string> roles) {
        const ProjectModel reduced = visible(model, RoleRights(city_settings(), {"x", std::move(roles)}, "leipzig"));
        return reduced.find(trees.name)->fields.back().codes.size();
    };
    EXPECT_EQ(named({}), 1u);
    EXPECT_EQ(named({"staff"}), 2u);
}

TEST(Patterns, a_star_stands_for_any_characters)
{
    EXPECT_TRUE(fits_pattern("*", ""));
    EXPECT_TRUE(fits_pattern("a/b", "a/b"));
    EXPECT_TRUE(fits_pattern("*/utilities_*", "leipzig/utilities_line"));
    EXPECT_TRUE(fits_pattern("a*b*c", "axxbyybzc"));
    EXPECT_FALSE(fits_pattern("a*b*c", "axxbyyb"));
    EXPECT_FALSE(fits_pattern("a/b", "a/bc"));
    EXPECT_FALSE(fits_pattern("", "a"));
    EXPECT_FALSE(fits_pattern(std::string(50, '*') + "x", std::string(5000, 'a')));
}

}  // namespace stadtgdi::access
