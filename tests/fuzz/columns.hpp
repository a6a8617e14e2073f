// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <tests/fuzz/expect.hpp>
#include <algorithm>

namespace stadtgdi::fuzz {

/// Offsets fit together, and each level ends where the next one does.
inline void expect_sound(const table::GeometryColumn& column)
{
    std::size_t count = column.size();
    for (int depth = 0; depth < column.level_count(); ++depth) {
        const auto offsets = column.level(depth);
        expect(offsets.size() == count + 1 && offsets.front() == 0 && std::is_sorted(offsets.begin(), offsets.end()), "offsets ascend");
        count = static_cast<std::size_t>(offsets.back());
    }
    expect(column.x().size() == count && column.y().size() == count && (!column.has_z() || column.z().size() == count), "the innermost level counts coordinates");
}

inline bool same(std::span<const double> a, std::span<const double> b)
{
    return std::ranges::equal(a, b, [](double p, double q) { return p == q || (p != p && q != q); });
}

inline bool same(const table::GeometryColumn& a, const table::GeometryColumn& b)
{
    if (a.size() != b.size() || a.kind() != b.kind() || !same(a.x(), b.x()) || !same(a.y(), b.y()) || !same(a.z(), b.z())) return false;
    for (int depth = 0; depth < a.level_count(); ++depth)
        if (!std::ranges::equal(a.level(depth), b.level(depth))) return false;
    for (std::size_t row = 0; row < a.size(); ++row)
        if (a.valid(row) != b.valid(row)) return false;
    return true;
}

}  // namespace stadtgdi::fuzz
