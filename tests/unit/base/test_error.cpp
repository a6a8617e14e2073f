// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/error.hpp>
#include <layers/base/finding.hpp>

using namespace stadtgdi::base;

TEST(Error, CarriesKindAndBothLanguages)
{
    try {
        throw Error(ErrorKind::not_found, {"Layer 'x' is not there.", "Layer 'x' fehlt."});
    } catch (const std::exception& error) {
        EXPECT_STREQ(error.what(), "Layer 'x' is not there.");
        EXPECT_EQ(dynamic_cast<const Error&>(error).kind(), ErrorKind::not_found);
        EXPECT_EQ(dynamic_cast<const Error&>(error).message().de, "Layer 'x' fehlt.");
    }
}

TEST(Error, KindsAndSeveritiesHaveNames)
{
    EXPECT_EQ(name_of(ErrorKind::invalid_argument), "invalid_argument");
    EXPECT_EQ(name_of(ErrorKind::bad_data), "bad_data");
    EXPECT_EQ(name_of(ErrorKind::internal), "internal");
    EXPECT_EQ(name_of(Severity::warning), "warning");
}
