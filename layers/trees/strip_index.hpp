// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace stadtgdi::trees {

/// Discs (points where the radius is 0) in horizontal strips about two mean radii high, by x within a strip. Finding the
/// discs that touch a box costs a binary search a strip; one far outlier or one huge crown does not slow down the rest.
/// The order does not depend on the order of the input, so that sums over it do not either.
class StripIndex {
public:
    StripIndex() = default;
    /// Rows with a coordinate or radius that is not finite, or with a negative radius, are left out.
    /// An empty radius span means points.
    StripIndex(std::span<const double> x, std::span<const double> y, std::span<const double> radius, base::RunContext& run);

    std::size_t size() const { return m_x.size(); }
    double x(std::size_t i) const { return m_x[i]; }
    double y(std::size_t i) const { return m_y[i]; }
    double radius(std::size_t i) const { return m_r[i]; }
    std::int64_t row(std::size_t i) const { return m_row[i]; }  ///< of the input

    /// Calls visit(i) for every disc whose box touches the box.
    template <class Visit> void visit(const table::Box& box, const Visit& visit) const;

private:
    struct Strip {
        std::int64_t key;
        std::size_t first, last;
        double max_radius;
    };
    std::int64_t key_of(double y) const;
    std::size_t first_strip(std::int64_t key) const;
    std::size_t first_in(const Strip& strip, double x) const;

    double m_origin_y = 0, m_height = 1, m_max_radius = 0;
    std::vector<double> m_x, m_y, m_r;
    std::vector<std::int64_t> m_row;
    std::vector<Strip> m_strips;
};

template <class Visit> void StripIndex::visit(const table::Box& box, const Visit& visit) const
{
    if (m_strips.empty() || box.empty()) return;
    const std::int64_t last_key = key_of(box.ymax + m_max_radius);
    for (std::size_t s = first_strip(key_of(box.ymin - m_max_radius)); s < m_strips.size() && m_strips[s].key <= last_key; ++s) {
        const Strip& strip = m_strips[s];
        // a millionth of a strip more, so that rounding of the key never hides a disc
        const double low = m_origin_y + (static_cast<double>(strip.key) - 1e-6) * m_height, high = low + (1 + 2e-6) * m_height;
        if (high + strip.max_radius < box.ymin || low - strip.max_radius > box.ymax) continue;
        const double end = box.xmax + strip.max_radius;
        for (std::size_t i = first_in(strip, box.xmin - strip.max_radius); i < strip.last && m_x[i] <= end; ++i)
            if (m_x[i] + m_r[i] >= box.xmin && m_x[i] - m_r[i] <= box.xmax && m_y[i] + m_r[i] >= box.ymin && m_y[i] - m_r[i] <= box.ymax) visit(i);
    }
}

}  // namespace stadtgdi::trees
