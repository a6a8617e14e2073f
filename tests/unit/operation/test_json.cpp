// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.hpp"
#include <layers/operation/json.hpp>
#include <nlohmann/json.hpp>

using namespace stadtgdi;

TEST(OperationJson, holds_the_declaration)
{
    const auto json = nlohmann::json::parse(operation::json_of({support::sample_operation()}));
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json[0]["id"], "test.sample");
    EXPECT_EQ(json[0]["title"]["de"], "Beispiel");
    EXPECT_EQ(json[0]["parameters"][3]["default"], 5.0);
    EXPECT_EQ(json[0]["parameters"][3]["maximum"], 10.0);
    EXPECT_TRUE(json[0]["parameters"][4]["default"].is_null());
    EXPECT_EQ(json[0]["parameters"][6]["choices"][1]["value"], "250");
    EXPECT_EQ(json[0]["parameters"][2]["types"][0], "float64");
    EXPECT_EQ(json[0]["outputs"][0]["name"], "result");
}

TEST(OperationJson, values_keep_their_type)
{
    EXPECT_EQ(operation::json_of(operation::Value{}).dump(), "null");
    EXPECT_EQ(operation::json_of(operation::Value{true}).dump(), "true");
    EXPECT_EQ(operation::json_of(operation::Value{std::int64_t{5}}).dump(), "5");
    EXPECT_EQ(operation::json_of(operation::Value{5.0}).dump(), "5.0");
    EXPECT_EQ(operation::json_of(operation::Value{std::string("Straße")}).dump(), "\"Straße\"");
    EXPECT_EQ(operation::json_of(operation::Value{table::Box{1, 2, 3, 4}}).dump(), "[1.0,2.0,3.0,4.0]");
}
