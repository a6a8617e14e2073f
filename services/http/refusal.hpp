// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>

namespace stadtgdi::http {

/// A request that is not understood or not allowed, before any route sees it.
struct Refusal {
    int status = 400;
    base::Text text;
};

}  // namespace stadtgdi::http
