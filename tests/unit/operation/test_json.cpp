// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.hpp"
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
