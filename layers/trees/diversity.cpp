// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/diversity.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace stadtgdi::trees {

namespace {
constexpr double null = std::numeric_limits<double>::quiet_NaN();
}

Diversity diversity_of(std::span<const std::int64_t> counts)
{
    std::vector<std::int64_t> sorted;
    for (const std::int64_t count : counts)
        if (count > 0) sorted.push_back(count);
    std::sort(sorted.begin(), sorted.end());
    Diversity d;
    d.n = std::accumulate(sorted.begin(), sorted.end(), std::int64_t{0});
    d.taxa = static_cast<std::int64_t>(sorted.size());
    d.shannon_h = d.shannon_h2 = d.effective_taxa = d.evenness_j = d.simpson_d = d.simpson_1_d = d.simpson_inv_d = d.simpson_lambda = null;
    if (d.n == 0) return d;
    const auto total = static_cast<double>(d.n);
    double h = 0, squares = 0, pairs = 0;
    for (const std::int64_t count : sorted) {
        const auto number = static_cast<double>(count);
        const double p = number / total;
        h -= p * std::log(p);
        squares += p * p;
        pairs += number * (number - 1);
    }
    d.shannon_h = std::max(h, 0.0);  // a single taxon gives -0
    d.shannon_h2 = d.shannon_h / std::log(2.0);
    d.effective_taxa = std::exp(d.shannon_h);
    if (d.taxa > 1) d.evenness_j = d.shannon_h / std::log(static_cast<double>(d.taxa));
    d.simpson_d = squares;
    d.simpson_1_d = 1 - squares;
    d.simpson_inv_d = 1 / squares;
    if (d.n > 1) d.simpson_lambda = pairs / (total * (total - 1));
    return d;
}

WeightedDiversity weighted_diversity_of(std::span<const double> weights)
{
    std::vector<double> sorted;
    for (const double weight : weights)
        if (weight > 0) sorted.push_back(weight);
    std::sort(sorted.begin(), sorted.end());
    WeightedDiversity d;
    d.total = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    d.taxa = static_cast<std::int64_t>(sorted.size());
    d.shannon_h = d.effective_taxa = d.evenness_j = d.simpson_1_d = d.top_percent = null;
    if (sorted.empty()) return d;
    double h = 0, squares = 0;
    for (const double weight : sorted) {
        const double p = weight / d.total;
        h -= p * std::log(p);
        squares += p * p;
    }
    d.shannon_h = std::max(h, 0.0);
    d.effective_taxa = std::exp(d.shannon_h);
    if (d.taxa > 1) d.evenness_j = d.shannon_h / std::log(static_cast<double>(d.taxa));
    d.simpson_1_d = 1 - squares;
    d.top = static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
    d.top_percent = 100 * weights[d.top] / d.total;
    return d;
}

std::int64_t surplus_of(std::int64_t count, std::int64_t n, double limit_percent)
{
    // The small number keeps 30 % of 100 at 30 trees.
    const double allowed = std::floor(limit_percent * static_cast<double>(n) / 100 + 1e-9);
    return std::max<std::int64_t>(0, count - static_cast<std::int64_t>(allowed));
}

Dominance dominance_of(std::span<const std::int64_t> counts, double limit_percent)
{
    Dominance d;
    d.n = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    d.top_percent = null;
    if (d.n == 0) return d;
    d.top = static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    d.top_percent = 100 * static_cast<double>(counts[d.top]) / static_cast<double>(d.n);
    for (const std::int64_t count : counts) d.surplus += surplus_of(count, d.n, limit_percent);
    d.within_limit = d.top_percent <= limit_percent + 1e-9;
    return d;
}

}  // namespace stadtgdi::trees
