// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/geometry/detail/orientation.hpp>
#include <algorithm>

namespace stadtgdi::geometry::detail {

/// Counts how often edges cross the ray from (x, y) to the right; even-odd, exact on the edges.
struct Crossings {
    double x, y;
    bool odd = false;
    bool on_edge = false;

    void edge(double x1, double y1, double x2, double y2)
    {
        if (x1 < x && x2 < x) return;
        if (y1 == y2) {
            if (y1 == y && x >= std::min(x1, x2) && x <= std::max(x1, x2)) on_edge = true;
            return;
        }
        if (x2 == x && y2 == y) on_edge = true;
        if ((y1 > y) == (y2 > y)) {
            if (x1 == x && y1 == y) on_edge = true;
            return;
        }
        const int side = orientation(x1, y1, x2, y2, x, y);
        if (side == 0)
            on_edge = true;
        else if ((side > 0) == (y2 > y1))
            odd = !odd;
    }
};

}  // namespace stadtgdi::geometry::detail
