// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cmath>

namespace stadtgdi::geometry::detail {

/// Sign of the exact determinant, by expansions; only for what the filter below cannot decide.
int exact_orientation(double ax, double ay, double bx, double by, double cx, double cy);

/// 1: c lies left of the line from a to b, -1: right, 0: exactly on it. Filter after J. R. Shewchuk, "Adaptive Precision
/// Floating-Point Arithmetic and Fast Robust Geometric Predicates" (1997).
inline int orientation(double ax, double ay, double bx, double by, double cx, double cy)
{
    const double left = (ax - cx) * (by - cy), right = (ay - cy) * (bx - cx);
    const double determinant = left - right;
    constexpr double error_factor = 3.3306690738754716e-16;  // (3 + 16 e) e with e = 2^-53
    if (std::abs(determinant) > error_factor * (std::abs(left) + std::abs(right))) return determinant > 0 ? 1 : -1;
    return exact_orientation(ax, ay, bx, by, cx, cy);
}

}  // namespace stadtgdi::geometry::detail
