// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/strip_index.hpp>
#include <layers/base/parallel_for.hpp>
#include <algorithm>
#include <cmath>
#include <tuple>

namespace stadtgdi::trees {

namespace {

struct Entry {
    std::int64_t key;
    double x, y, r;
    std::int64_t row;

    /// Equal discs keep the order of their rows, which changes no sum.
    friend bool operator<(const Entry& a, const Entry& b) { return std::tie(a.x, a.y, a.r, a.row) < std::tie(b.x, b.y, b.r, b.row); }
};

/// Entries by key; where there are few keys by counting, else (one far outlier) by comparing.
void sort_by_key(std::vector<Entry>& entries, std::int64_t last_key)
{
    if (last_key > 4 * static_cast<std::int64_t>(entries.size())) {
        std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
        return;
    }
    std::vector<std::size_t> next(static_cast<std::size_t>(last_key) + 2, 0);
    for (const Entry& entry : entries) ++next[static_cast<std::size_t>(entry.key) + 1];
    for (std::size_t key = 1; key < next.size(); ++key) next[key] += next[key - 1];
    std::vector<Entry> sorted(entries.size());
    for (const Entry& entry : entries) sorted[next[static_cast<std::size_t>(entry.key)]++] = entry;
    entries.swap(sorted);
}

}  // namespace

StripIndex::StripIndex(std::span<const double> x, std::span<const double> y, std::span<const double> radius, base::RunContext& run)
{
    double sum = 0;
    table::Box extent = table::Box::none();
    std::vector<Entry> entries;
    entries.reserve(x.size());
    for (std::size_t row = 0; row < x.size(); ++row) {
        const double r = radius.empty() ? 0.0 : radius[row];
        if (!std::isfinite(x[row]) || !std::isfinite(y[row]) || !std::isfinite(r) || r < 0) continue;
        entries.push_back({0, x[row], y[row], r, static_cast<std::int64_t>(row)});
        sum += r;
        m_max_radius = std::max(m_max_radius, r);
        extent.grow(x[row], y[row]);
    }
    if (entries.empty()) return;
    const auto count = static_cast<double>(entries.size());
    m_origin_y = extent.ymin;
    // Points have no radius: strips with about as many points as strips there are.
    m_height = sum > 0 ? 2 * sum / count : (extent.ymax - extent.ymin) / std::sqrt(count);
    m_height = std::max({m_height, (extent.ymax - extent.ymin) * 1e-9, 1e-9});
    for (Entry& entry : entries) entry.key = key_of(entry.y);
    sort_by_key(entries, key_of(extent.ymax));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (m_strips.empty() || m_strips.back().key != entries[i].key) m_strips.push_back({entries[i].key, i, i, 0.0});
        m_strips.back().last = i + 1;
        m_strips.back().max_radius = std::max(m_strips.back().max_radius, entries[i].r);
    }
    m_x.resize(entries.size());
    m_y.resize(entries.size());
    m_r.resize(entries.size());
    m_row.resize(entries.size());
    base::parallel_for(run, m_strips.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t s = begin; s < end; ++s) {
            const Strip& strip = m_strips[s];
            std::sort(entries.begin() + static_cast<std::ptrdiff_t>(strip.first), entries.begin() + static_cast<std::ptrdiff_t>(strip.last));
            for (std::size_t i = strip.first; i < strip.last; ++i) {
                m_x[i] = entries[i].x;
                m_y[i] = entries[i].y;
                m_r[i] = entries[i].r;
                m_row[i] = entries[i].row;
            }
        }
    });
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
