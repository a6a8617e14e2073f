// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"

namespace stadtgdi::testing {
namespace {

pugi::xml_document values(const std::string& query) { return parsed(ask(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetPropertyValue&TYPENAMES=trees&" + query).body); }

std::string value_error(const std::string& query)
{
    return text_of(refusal(town(), "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetPropertyValue&" + query));
}

TEST(GetPropertyValue, GivesTheElementsOfTheProperty)
{
    for (const char* path : {"number", "app:number", "trees/number", "app:trees/app:number", "/app:trees/app:number", "app:number[1]"}) {
        const auto document = values(std::string("VALUEREFERENCE=") + path);
        EXPECT_STREQ(document.document_element().name(), "wfs:ValueCollection");
        EXPECT_STREQ(document.document_element().attribute("numberMatched").value(), "20") << path;
        EXPECT_STREQ(document.document_element().attribute("numberReturned").value(), "20");
        const auto members = document.select_nodes("/wfs:ValueCollection/wfs:member/app:number");
        ASSERT_EQ(members.size(), 20U) << path;
        EXPECT_STREQ(members[7].node().child_value(), "7");
    }
}

TEST(GetPropertyValue, GivesIdsAsText)
{
    const auto members = values("VALUEREFERENCE=@gml:id").select_nodes("/wfs:ValueCollection/wfs:member");
    ASSERT_EQ(members.size(), 20U);
    EXPECT_STREQ(members[4].node().child_value(), "trees.5");
}

TEST(GetPropertyValue, FeaturesWithoutTheValueGiveNone)
{
    const auto names = values("VALUEREFERENCE=name");
    EXPECT_STREQ(names.document_element().attribute("numberMatched").value(), "19");
    EXPECT_EQ(names.select_nodes("//wfs:member").size(), 19U);
    const auto places = values("VALUEREFERENCE=geometry&SRSNAME=EPSG:25833");
    EXPECT_STREQ(places.document_element().attribute("numberMatched").value(), "19");
    EXPECT_STREQ(places.select_node("/wfs:ValueCollection/wfs:member[2]/app:geometry/gml:Point/gml:pos").node().child_value(), "318010 5690000");
    EXPECT_STREQ(values("VALUEREFERENCE=name&RESULTTYPE=hits").document_element().attribute("numberMatched").value(), "19");
}

TEST(GetPropertyValue, IsPagedAndFilteredLikeFeatures)
{
    const auto first = values("VALUEREFERENCE=name&COUNT=8");
    EXPECT_FALSE(first.document_element().attribute("previous"));
    std::string seen, link = first.document_element().attribute("next").value();
    std::size_t count = first.select_nodes("//app:name").size();
    while (!link.empty()) {
        const auto page = parsed(ask(town(), link.substr(link.find('?') + 1)).body);
        count += page.select_nodes("//app:name").size();
        EXPECT_TRUE(page.document_element().attribute("previous"));
        link = page.document_element().attribute("next").value();
    }
    EXPECT_EQ(count, 19U);
    EXPECT_EQ(values("VALUEREFERENCE=name&RESOURCEID=trees.1,trees.2").select_nodes("//app:name").size(), 1U);
    EXPECT_STREQ(values("VALUEREFERENCE=number&SORTBY=number%20DESC&COUNT=1").select_node("//app:number").node().child_value(), "19");
}

TEST(GetPropertyValue, WrongParametersAreNamed)
{
    EXPECT_EQ(value_error("TYPENAMES=trees"), "MissingParameterValue valueReference 400");
    EXPECT_EQ(value_error("TYPENAMES=trees&VALUEREFERENCE="), "InvalidParameterValue valueReference 400");
    for (const char* path : {"nope", "districts/name", "trees/nope", "name/text()", "name[2]", "trees/trees/name", "geometry/gml:Point", "//", "app:", "@foo"})
        EXPECT_EQ(value_error(std::string("TYPENAMES=trees&VALUEREFERENCE=") + path), "InvalidParameterValue valueReference 400") << path;
    EXPECT_EQ(value_error("TYPENAMES=(trees)(districts)&VALUEREFERENCE=name"), "OptionNotSupported typeNames 501");
    EXPECT_EQ(value_error("TYPENAMES=trees&VALUEREFERENCE=name&OUTPUTFORMAT=csv"), "InvalidParameterValue outputFormat 400");
}

}  // namespace
}  // namespace stadtgdi::testing
