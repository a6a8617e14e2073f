// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.hpp"
#include <algorithm>
#include <set>

using namespace stadtgdi;

TEST(AllOperations, are_sorted_by_id_and_each_is_complete_in_both_languages)
{
    const auto& operations = operation::all_operations();
    EXPECT_TRUE(std::is_sorted(operations.begin(), operations.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
    const auto complete = [](const base::Text& text) { return !text.en.empty() && !text.de.empty(); };
    for (const auto& op : operations) {
        EXPECT_TRUE(complete(op.title) && complete(op.abstract)) << op.id;
        EXPECT_FALSE(op.source.empty()) << op.id;
        EXPECT_TRUE(static_cast<bool>(op.run)) << op.id;
        std::set<std::string> names;
        for (const auto& p : op.parameters) {
            EXPECT_TRUE(complete(p.label)) << op.id << "." << p.name;
            EXPECT_EQ(p.help.en.empty(), p.help.de.empty()) << op.id << "." << p.name;
            EXPECT_TRUE(names.insert(p.name).second) << op.id << "." << p.name << " twice";
            EXPECT_TRUE(p.of.empty() || op.find(p.of) != nullptr) << op.id << "." << p.name;
            for (const auto& choice : p.choices) EXPECT_TRUE(complete(choice.label)) << op.id << "." << p.name;
            if (p.kind == operation::Kind::choice) {
                const auto is_default = [&](const operation::Choice& c) { return operation::Value(c.value) == p.fallback; };
                EXPECT_TRUE(std::any_of(p.choices.begin(), p.choices.end(), is_default)) << op.id << "." << p.name;
            }
        }
        EXPECT_FALSE(op.outputs.empty()) << op.id;
        for (const auto& output : op.outputs) {
            EXPECT_TRUE(complete(output.label)) << op.id << "." << output.name;
            EXPECT_TRUE(output.copies.empty() || op.find(output.copies) != nullptr) << op.id << "." << output.name;
            for (const auto& field : output.fields) EXPECT_TRUE(complete(field.label)) << op.id << "." << output.name << "." << field.name;
        }
    }
}

TEST(FindOperation, gives_the_operation_or_names_like_it)
{
    EXPECT_EQ(operation::find_operation("trees.canopy_cover").id, "trees.canopy_cover");
    for (const char* slip : {"trees.canopy_cove", "tree.canopy_cover", "canopy"}) {
        try {
            operation::find_operation(slip);
            ADD_FAILURE() << slip;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::not_found);
            EXPECT_NE(error.message().en.find("trees.canopy_cover"), std::string::npos) << error.message().en;
            EXPECT_EQ(error.message().en.find("make_grid"), std::string::npos) << error.message().en;
        }
    }
    try {
        operation::find_operation("zzzzzzzzzz");
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_NE(error.message().de.find("statgrid.make_grid"), std::string::npos) << "nothing is near: all are listed";
    }
}
