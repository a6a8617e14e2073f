// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <services/ows/number_text.hpp>
#include <cmath>

namespace stadtgdi::ows {

/// Bytes of the longest coordinate pair with heights and separators.
inline constexpr std::size_t coordinate_room = 80;

/// Whether every coordinate of the span is a finite number: what a CRS cannot show is NaN.
inline bool finite(std::span<const double> x, std::span<const double> y, std::size_t begin, std::size_t end)
{
    double sum = 0;  // x * 0 is 0 for finite numbers and NaN else
    for (std::size_t i = begin; i < end; ++i) sum += x[i] * 0.0 + y[i] * 0.0;
    return sum == 0.0;
}

/// Signed area of a closed ring: positive where it runs counterclockwise.
inline double signed_area(std::span<const double> x, std::span<const double> y, std::size_t begin, std::size_t end)
{
    double sum = 0;
    for (std::size_t i = begin; i + 1 < end; ++i) sum += (x[i] - x[begin]) * (y[i + 1] - y[begin]) - (x[i + 1] - x[begin]) * (y[i] - y[begin]);
    return sum / 2;
}

}  // namespace stadtgdi::ows
