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
    model.failed_layers = {{"water", {"/srv/secret.gpkg is gone", "/srv/secret.gpkg ist weg"}}};
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

TEST(Rights, what_is_made_of_a_hidden_field_is_hidden_too)
{
    ProjectModel model = city();
    const auto field = [](const std::string& name, std::vector<project::FieldName> made_of) {
        project::PublishedField made;
        made.name = name;
        made.made_of = std::move(made_of);
        return made;
    };
    model.layers[0].fields = {field("phone", {}), field("upper", {{"trees", "phone"}}), field("of_gas", {{"gas", "owner"}}), field("elsewhere", {{"unpublished", "x"}})};
    AccessSettings settings = city_settings();
    settings.hidden_fields = {"leipzig/trees/phone", "leipzig/gas/owner"};
    settings.roles["phones"].fields = {"leipzig/trees/phone"};
    const auto shown = [&](std::set<std::string> roles) {
        std::string names;
        const ProjectModel seen = visible(model, RoleRights(settings, {"x", std::move(roles)}, "leipzig"));
        for (const project::PublishedField& one : seen.find("trees")->fields)
            names += one.in_wms && one.in_wfs ? one.name + " " : "";
        return names;
    };
    EXPECT_EQ(shown({}), "elsewhere ");
    EXPECT_EQ(shown({"phones"}), "phone upper elsewhere ");
}

TEST(Rights, values_of_another_layer_are_told_to_those_who_see_all_of_it)
{
    ProjectModel model = city();
    project::PublishedField kind, key, label;
    kind.name = "kind";
    kind.codes = {{"1", "secret"}};
    key.name = "key";
    label.name = "label";
    model.layers[1].fields = {key, label};  // gas, kritis
    model.layers[2].fields = {key, label};  // offices, internal
    const auto told = [&](const char* from, std::set<std::string> roles, const AccessSettings& settings) {
        kind.codes_from = {{from, "key"}, {from, "label"}};
        model.layers[0].fields = {kind};
        return !visible(model, RoleRights(settings, {"x", std::move(roles)}, "leipzig")).find("trees")->fields[0].codes.empty();
    };
    AccessSettings settings = city_settings();
    EXPECT_FALSE(told("gas", {}, settings));
    EXPECT_TRUE(told("gas", {"grid"}, settings));
    EXPECT_FALSE(told("gone", {"grid"}, settings));
    settings.hidden_fields = {"leipzig/offices/label"};
    EXPECT_FALSE(told("offices", {"staff"}, settings));
    settings.roles["staff"].fields = {"*"};
    EXPECT_TRUE(told("offices", {"staff"}, settings));
    model.layers[2].class_fields = {"key"};  // rows of a stricter class
    EXPECT_FALSE(told("offices", {"staff"}, settings));
}

TEST(Rights, patterns_that_fit_nothing_are_named)
{
    auto model = std::make_shared<ProjectModel>(city());
    model->layers[0].fields.emplace_back().name = "phone";
    AccessSettings settings;
    settings.hidden_fields = {"leipzig/trees/phone", "leipzig/trees/Phone", "*/*/fax"};
    settings.roles["grid"] = {{Disclosure::kritis}, {"leipzig/g*", "nope/nix"}};
    EXPECT_EQ(patterns_without_use(settings, {model}),
              (std::vector<std::string>{"access.hidden_fields: leipzig/trees/Phone", "access.hidden_fields: */*/fax", "access.roles.grid.layers: nope/nix"}));
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

namespace {

Area strip(double west, double east)
{
    const std::string w = std::to_string(west), e = std::to_string(east);
    return {"EPSG:25833", "POLYGON ((" + w + " 0, " + e + " 0, " + e + " 9, " + w + " 9, " + w + " 0))"};
}

ProjectModel city_with_geometry()
{
    ProjectModel model = city();
    for (PublishedLayer& l : model.layers)
        l.geometry = table::GeometryKind::point;
    return model;
}

AccessSettings settings_with_areas()
{
    AccessSettings s = city_settings();
    s.roles["west"] = {{Disclosure::kritis}};
    s.roles["west"].area = strip(1, 2);
    s.roles["east"] = {{Disclosure::kritis}, {"leipzig/g*"}};
    s.roles["east"].area = strip(3, 4);
    return s;
}

}  // namespace

TEST(Areas, narrow_what_their_role_gives_and_add_up)
{
    const AccessSettings s = settings_with_areas();
    const auto seen = [&](std::set<std::string> roles) {
        const ProjectModel reduced = visible(city_with_geometry(), RoleRights(s, {"x", std::move(roles)}, "leipzig"));
        return reduced.find("gas") ? std::optional(reduced.find("gas")->seen) : std::nullopt;
    };
    EXPECT_FALSE(seen({}));
    ASSERT_TRUE(seen({"west"}));
    EXPECT_EQ(seen({"west"})->own_class, "kritis");
    ASSERT_EQ(seen({"west"})->areas.size(), 1u);
    EXPECT_EQ(seen({"west", "east"})->areas.size(), 2u);
    EXPECT_TRUE(seen({"west", "grid"})->all());
    EXPECT_TRUE(visible(city_with_geometry(), RoleRights(s, {"x", {"west"}}, "leipzig")).find("trees")->seen.all()) << "what is open to everybody";
    const auto key = [&](std::set<std::string> roles) { return RoleRights(s, {"x", std::move(roles)}, "leipzig").key(); };
    EXPECT_EQ((std::set<std::string>{key({"west"}), key({"east"}), key({"grid"}), key({"east", "west"})}).size(), 4u);
}

TEST(Areas, cannot_part_rasters_and_tables_without_geometry)
{
    const RoleRights rights(settings_with_areas(), {"x", {"west"}}, "leipzig");
    PublishedLayer gas = layer("gas", Disclosure::kritis);
    EXPECT_FALSE(rights.may_see(gas));
    gas.geometry = table::GeometryKind::point;
    EXPECT_TRUE(rights.may_see(gas));
    gas.type = project::LayerType::raster;
    EXPECT_FALSE(rights.may_see(gas));
}

TEST(Areas, that_cannot_be_shown_in_the_crs_of_a_layer_show_nothing_of_it)
{
    ProjectModel model = city_with_geometry();
    model.layers[0].crs = model.layers[1].crs = "USER:100000";
    model.layers[1].class_fields = {"disclosure_class"};
    const project::SeenRows seen = visible(model, RoleRights(settings_with_areas(), {"x", {"west", "staff"}}, "leipzig")).find("gas")->seen;
    EXPECT_FALSE(seen.all());
    EXPECT_TRUE(seen.areas.empty());
    EXPECT_EQ(seen.own_class, "kritis");
}

TEST(Areas, give_fields_of_a_stricter_class_to_nobody)
{
    ProjectModel model = city_with_geometry();
    project::PublishedField& field = model.layers[0].fields.emplace_back();
    field.name = "pipe";
    field.disclosure = Disclosure::kritis;
    EXPECT_FALSE(visible(model, RoleRights(settings_with_areas(), {"x", {"west"}}, "leipzig")).find("trees")->fields[0].in_wfs);
}

TEST(HiddenFields, are_there_for_roles_that_show_them)
{
    AccessSettings s = city_settings();
    s.hidden_fields = {"leipzig/tr*/inspector", "*/*/phone"};
    s.roles["care"].fields = {"leipzig/trees/*"};
    ProjectModel model = city();
    for (const char* name : {"id", "inspector", "phone"}) {
        project::PublishedField field;
        field.name = name;
        field.codes = {{"1", "one"}};
        model.layers[0].fields.push_back(field);
    }
    model.layers[0].display_field = "inspector";
    const auto shown = [&](std::set<std::string> roles, std::string project = "leipzig") {
        const ProjectModel reduced = visible(model, RoleRights(s, {"x", std::move(roles)}, std::move(project)));
        std::string names;
        for (const project::PublishedField& field : reduced.find("trees")->fields) {
            EXPECT_EQ(field.in_wfs, field.in_wms);
            EXPECT_EQ(field.codes.empty(), !field.in_wfs);
            if (field.in_wfs)
                names += field.name + " ";
        }
        return names + reduced.find("trees")->display_field;
    };
    EXPECT_EQ(shown({}), "id ");
    EXPECT_EQ(shown({"grid"}), "id ");
    EXPECT_EQ(shown({"care"}), "id inspector phone inspector");
    EXPECT_EQ(shown({}, "dresden"), "id inspector inspector");
    const auto key = [&](std::set<std::string> roles) { return RoleRights(s, {"x", std::move(roles)}, "leipzig").key(); };
    EXPECT_NE(key({}), "public") << "tags from before the fields were hidden do not fit";
    EXPECT_NE(key({}), key({"care"}));
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
