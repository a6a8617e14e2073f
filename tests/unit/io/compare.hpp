// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <gtest/gtest.h>
#include <layers/geometry/wkt.hpp>
#include <layers/table/table.hpp>

/// Value by value, so that a difference is named; then by hash.
inline void expect_equal(const stadtgdi::table::Table& a, const stadtgdi::table::Table& b)
{
    ASSERT_EQ(a.rows(), b.rows());
    ASSERT_EQ(a.columns().size(), b.columns().size());
    for (std::size_t i = 0; i < a.columns().size(); ++i) {
        SCOPED_TRACE(a.schema().fields[i].name);
        EXPECT_EQ(a.schema().fields[i].name, b.schema().fields[i].name);
        ASSERT_EQ(stadtgdi::table::name_of(a.column(i).type()), stadtgdi::table::name_of(b.column(i).type()));
        for (std::size_t row = 0; row < a.rows(); ++row) {
            ASSERT_EQ(a.column(i).valid(row), b.column(i).valid(row)) << "row " << row;
            if (a.column(i).valid(row)) {
                ASSERT_EQ(a.column(i).as_text(row), b.column(i).as_text(row)) << "row " << row;
            }
        }
    }
    ASSERT_EQ(a.has_geometry(), b.has_geometry());
    if (a.has_geometry()) {
        EXPECT_EQ(stadtgdi::table::name_of(a.geometry().kind()), stadtgdi::table::name_of(b.geometry().kind()));
        EXPECT_EQ(a.geometry().crs(), b.geometry().crs());
        ASSERT_EQ(a.geometry().has_z(), b.geometry().has_z());
        for (std::size_t row = 0; row < a.rows(); ++row) {
            ASSERT_EQ(a.geometry().valid(row), b.geometry().valid(row)) << "row " << row;
            ASSERT_EQ(stadtgdi::geometry::wkt(a.geometry(), row), stadtgdi::geometry::wkt(b.geometry(), row)) << "row " << row;
        }
    }
    EXPECT_EQ(hash(a), hash(b));
}
