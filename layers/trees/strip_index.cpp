// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/strip_index.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace stadtgdi::trees {

StripIndex::StripIndex(std::span<const double> x, std::span<const double> y, std::span<const double> radius)
{
    const auto radius_of = [&](std::size_t row) { return radius.empty() ? 0.0 : radius[row]; };
    double sum = 0;
    table::Box extent = table::Box::none();
    struct Entry {
        std::int64_t key;
        double x;
        std::int64_t row;
    };
    std::vector<Entry> order;
    order.reserve(x.size());
    for (std::size_t row = 0; row < x.size(); ++row) {
        const double r = radius_of(row);
        if (!std::isfinite(x[row]) || !std::isfinite(y[row]) || !std::isfinite(r) || r < 0) continue;
        order.push_back({0, x[row], static_cast<std::int64_t>(row)});
        sum += r;
        m_max_radius = std::max(m_max_radius, r);
        extent.grow(x[row], y[row]);
    }
    if (order.empty()) return;
    const auto count = static_cast<double>(order.size());
    m_origin_y = extent.ymin;
    // Points have no radius: strips with about as many points as strips there are.
    m_height = sum > 0 ? 2 * sum / count : (extent.ymax - extent.ymin) / std::sqrt(count);
    m_height = std::max({m_height, (extent.ymax - extent.ymin) * 1e-9, 1e-9});
    for (Entry& entry : order) entry.key = key_of(y[static_cast<std::size_t>(entry.row)]);
    std::sort(order.begin(), order.end(), [&](const Entry& a, const Entry& b) {
        if (a.key != b.key) return a.key < b.key;
        if (a.x != b.x) return a.x < b.x;
        const auto row_a = static_cast<std::size_t>(a.row), row_b = static_cast<std::size_t>(b.row);
        return std::tuple(y[row_a], radius_of(row_a), a.row) < std::tuple(y[row_b], radius_of(row_b), b.row);
    });
    m_x.reserve(order.size());
    m_y.reserve(order.size());
    m_r.reserve(order.size());
    m_row.reserve(order.size());
    for (const Entry& entry : order) {
        const auto row = static_cast<std::size_t>(entry.row);
        if (m_strips.empty() || m_strips.back().key != entry.key) m_strips.push_back({entry.key, m_x.size(), m_x.size(), 0.0});
        m_x.push_back(x[row]);
        m_y.push_back(y[row]);
        m_r.push_back(radius_of(row));
        m_row.push_back(entry.row);
        m_strips.back().last = m_x.size();
        m_strips.back().max_radius = std::max(m_strips.back().max_radius, radius_of(row));
    }
}

std::int64_t StripIndex::key_of(double y) const
{
    // Boxes may reach far beyond the discs.
    return static_cast<std::int64_t>(std::clamp(std::floor((y - m_origin_y) / m_height), -4e18, 4e18));
}

std::size_t StripIndex::first_strip(std::int64_t key) const
{
    const auto at = std::lower_bound(m_strips.begin(), m_strips.end(), key, [](const Strip& strip, std::int64_t k) { return strip.key < k; });
    return static_cast<std::size_t>(at - m_strips.begin());
}

std::size_t StripIndex::first_in(const Strip& strip, double x) const
{
    const auto begin = m_x.begin() + static_cast<std::ptrdiff_t>(strip.first), end = m_x.begin() + static_cast<std::ptrdiff_t>(strip.last);
    return static_cast<std::size_t>(std::lower_bound(begin, end, x) - m_x.begin());
}

}  // namespace stadtgdi::trees
