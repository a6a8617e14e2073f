// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <plugins/bridge/qgis_session.hpp>
#include <gtest/gtest.h>

/// QGIS for the tests of one program, with a profile of its own that vanishes at the end.
class QgisTest : public testing::Test {
protected:
    static void SetUpTestSuite() { stadtgdi::bridge::ensure_qgis(); }
};
