// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/utf8.hpp>
#include <tests/support/filter_town.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::testing {

/// The OGC code of what is thrown, "" where nothing is; the text names the parameter and nothing of the inside.
template <class Ask> std::string refused(const Ask& ask)
{
    try {
        ask();
    } catch (const ows::OwsException& error) {
        EXPECT_EQ(error.locator(), "FILTER");
        EXPECT_FALSE(error.message().en.empty());
        EXPECT_TRUE(http::is_utf8(error.message().en)) << error.message().en;
        return std::string(ows::name_of(error.code()));
    } catch (const base::Error& error) {
        return "base::Error " + error.message().en;
    }
    return "";
}

inline const std::string wrong = "InvalidParameterValue", not_offered = "OptionNotSupported", unreadable = "OperationParsingFailed";

}  // namespace stadtgdi::testing
