// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <proj.h>
#include <string>

namespace stadtgdi::crs::detail {

struct DestroyPj {
    void operator()(PJ* pj) const { proj_destroy(pj); }
};
using PjHandle = std::unique_ptr<PJ, DestroyPj>;

/// The PROJ context of this thread: PROJ's objects may not be used by two threads at once.
PJ_CONTEXT* context();

/// What PROJ knows a code of ours by: "EPSG:25833", "OGC:CRS84".
PjHandle crs_handle(const std::string& code);

}  // namespace stadtgdi::crs::detail
