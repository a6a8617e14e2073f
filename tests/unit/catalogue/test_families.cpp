// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <algorithm>
#include <layers/catalogue/layer_family.hpp>
#include <layers/base/error.hpp>
#include <set>

using namespace stadtgdi;
using namespace stadtgdi::catalogue;

namespace {

template <class Use> void each_field(Use use)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers)
            for (const FieldDefinition& field : layer.fields)
                use(layer, field);
}

bool is_snake_case(const std::string& name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

TEST(Families, AreListedByName)
{
    std::vector<std::string> names;
    for (const LayerFamily& family : all_families())
        names.push_back(family.name);
    EXPECT_EQ(names, (std::vector<std::string>{"buildings", "districts", "greenspace", "population", "statgrid", "trees", "utilities", "walking"}));
}

TEST(Families, NameTheirLayersFamilyFirstAndOnce)
{
    std::set<std::string> seen;
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers) {
            EXPECT_TRUE(layer.name.starts_with(family.name + "_")) << layer.name;
            EXPECT_TRUE(seen.insert(layer.name).second) << layer.name;
            EXPECT_EQ(find_layer(layer.name)->name, layer.name);
            EXPECT_EQ(family_of(layer).name, family.name);
        }
    EXPECT_EQ(find_layer("trees_forest"), nullptr);
}

TEST(Families, SpeakGermanAndEnglishEverywhere)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers) {
            EXPECT_FALSE(layer.title.en.empty() || layer.title.de.empty()) << layer.name;
            EXPECT_FALSE(layer.abstract.en.empty() || layer.abstract.de.empty()) << layer.name;
        }
    each_field([](const LayerDefinition& layer, const FieldDefinition& field) {
        EXPECT_FALSE(field.label.en.empty() || field.label.de.empty()) << layer.name << "." << field.name;
        EXPECT_EQ(field.help.en.empty(), field.help.de.empty()) << layer.name << "." << field.name;
        for (const Code& code : field.codes)
            EXPECT_FALSE(code.label.en.empty() || code.label.de.empty()) << layer.name << "." << field.name << "=" << code.value;
    });
}

TEST(Families, NameFieldsInSnakeCaseWithTheirUnit)
{
    each_field([](const LayerDefinition& layer, const FieldDefinition& field) {
        EXPECT_TRUE(is_snake_case(field.name)) << layer.name << "." << field.name;
        const std::set<std::string> in_name = {"m", "cm", "mm", "m2", "m3", "kV", "bar", "kW", "kVA"};
        if (in_name.contains(field.unit)) {
            std::string ending = field.unit;
            std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            EXPECT_TRUE(field.name.ends_with("_" + ending)) << layer.name << "." << field.name << " [" << field.unit << "]";
        }
    });
}

TEST(Families, DeclareEachFieldAndCodeOnce)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers) {
            std::set<std::string> names;
            for (const FieldDefinition& field : layer.fields) {
                EXPECT_TRUE(names.insert(field.name).second) << layer.name << "." << field.name;
                std::set<std::string> codes;
                for (const Code& code : field.codes)
                    EXPECT_TRUE(codes.insert(code.value).second) << layer.name << "." << field.name << "=" << code.value;
            }
        }
}

TEST(Families, GiveEveryRequiredFieldADefaultOrLeaveItToTheUserOnPurpose)
{
    // What only people can know: a new object is not complete without it.
    const std::set<std::string> typed = {"tree_uuid", "district_no", "name", "cell_code", "indicator"};
    each_field([&](const LayerDefinition& layer, const FieldDefinition& field) {
        if (field.required && field.fallback.empty()) {
            EXPECT_TRUE(typed.contains(field.name)) << layer.name << "." << field.name;
        }
    });
    // A tree is drawn with a click: nothing has to be typed.
    for (const FieldDefinition& field : find_layer("trees_tree")->fields)
        EXPECT_TRUE(!field.required || !field.fallback.empty()) << field.name;
}

TEST(Families, ExpectValuesOfRowsThatCanBe)
{
    each_field([](const LayerDefinition& layer, const FieldDefinition& field) {
        if (!field.expected)
            return;
        EXPECT_FALSE(field.required) << layer.name << "." << field.name;
        EXPECT_EQ(field.expected->field.empty(), field.expected->values.empty()) << layer.name << "." << field.name;
        if (field.expected->field.empty())
            return;
        const FieldDefinition* other = layer.find(field.expected->field);
        ASSERT_NE(other, nullptr) << layer.name << "." << field.name;
        for (const std::string& value : field.expected->values)
            EXPECT_TRUE(std::ranges::any_of(other->codes, [&](const Code& code) { return code.value == value; })) << layer.name << "." << field.name << " " << value;
    });
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers)
            for (const char* field : {"valid_from", "valid_to", "responsible_unit"})
                EXPECT_NE(layer.find(field), nullptr) << layer.name;
}

TEST(Families, UseDefaultsThatAreAllowedValues)
{
    each_field([](const LayerDefinition& layer, const FieldDefinition& field) {
        if (!field.fallback.empty() && !field.codes.empty()) {
            EXPECT_TRUE(std::ranges::any_of(field.codes, [&](const Code& code) { return code.value == field.fallback; })) << layer.name << "." << field.name;
        }
        if (field.minimum && field.maximum) {
            EXPECT_LT(*field.minimum, *field.maximum) << layer.name << "." << field.name;
        }
    });
}

TEST(Families, ReferToFieldsThatExist)
{
    each_field([](const LayerDefinition& layer, const FieldDefinition& field) {
        if (field.references.empty())
            return;
        const std::size_t dot = field.references.find('.');
        ASSERT_NE(dot, std::string::npos) << layer.name << "." << field.name;
        const LayerDefinition* other = find_layer(field.references.substr(0, dot));
        ASSERT_NE(other, nullptr) << field.references;
        const FieldDefinition* key = other->find(field.references.substr(dot + 1));
        ASSERT_NE(key, nullptr) << field.references;
        EXPECT_TRUE(key->unique) << field.references;
    });
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers)
            EXPECT_NE(layer.find(layer.label_field), nullptr) << layer.name << " " << layer.label_field;
}

TEST(Families, KeepUtilityLinesFromThePublic)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers) {
            if (family.name != "utilities")
                continue;
            EXPECT_EQ(layer.disclosure, Disclosure::kritis) << layer.name;
            EXPECT_EQ(layer.find("disclosure_class")->fallback, "kritis") << layer.name;
        }
    EXPECT_EQ(find_layer("trees_tree")->disclosure, Disclosure::open);
}

TEST(Families, TurnIntoSchemas)
{
    const table::Schema tree = find_layer("trees_tree")->schema("EPSG:25833");
    ASSERT_TRUE(tree.geometry);
    EXPECT_EQ(tree.geometry->crs, "EPSG:25833");
    EXPECT_EQ(tree.geometry->kind, table::GeometryKind::point);
    EXPECT_EQ(tree.fields.at(*tree.find("planting_year")).type, table::Type::int64);
    EXPECT_EQ(tree.fields.front().name, "uuid");
    EXPECT_EQ(find_layer("statgrid_cell")->schema("EPSG:25833").geometry->crs, "EPSG:3035");
    EXPECT_FALSE(find_layer("trees_inspection")->schema("EPSG:25833").geometry);
}

TEST(Disclosure, HasANameBothWays)
{
    EXPECT_EQ(name_of(Disclosure::open), "public");
    EXPECT_EQ(disclosure_of("kritis"), Disclosure::kritis);
    EXPECT_EQ(disclosure_of("secret"), std::nullopt);
}
