// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.hpp"

#include <cstdint>

using namespace stadtgdi;
using namespace stadtgdi::support;

namespace {

operation::Value value(const char* name, const char* text) { return operation::value_of(*sample_operation().find(name), text); }

}  // namespace

TEST(ValueOf, reads_what_people_type)
{
    EXPECT_EQ(std::get<double>(value("radius_m", "2.5")), 2.5);
    EXPECT_EQ(std::get<double>(value("radius_m", " 1e3 ")), 1000);
    EXPECT_EQ(std::get<std::int64_t>(value("count", "+12")), 12);
    EXPECT_TRUE(std::get<bool>(value("exact", "TRUE")));
    EXPECT_TRUE(std::get<bool>(value("exact", "ja")));
    EXPECT_FALSE(std::get<bool>(value("exact", "0")));
    EXPECT_EQ(std::get<table::Box>(value("extent", "1, 2,3.5,-4e0")), (table::Box{1, 2, 3.5, -4}));
    EXPECT_EQ(std::get<std::string>(value("mode", "250")), "250");
    EXPECT_EQ(std::get<std::string>(value("crs", "EPSG:25833")), "EPSG:25833");
}

TEST(ValueOf, refuses_what_does_not_fit_the_kind)
{
    for (const auto& [name, text] : std::vector<std::pair<const char*, const char*>>{
             {"radius_m", "2,5"}, {"radius_m", ""}, {"radius_m", "2m"}, {"count", "1.5"}, {"count", "99999999999999999999"}, {"exact", "maybe"}, {"extent", "1,2,3"},
             {"extent", "1,2,3,4,5"}, {"extent", "1,2,3,x"}}) {
        try {
            value(name, text);
            ADD_FAILURE() << name << " took " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_NE(error.message().en.find(name), std::string::npos);
        }
    }
}
