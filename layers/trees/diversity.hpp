// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace stadtgdi::trees {

/// Diversity of a stand from the numbers of its taxa, p_i = n_i / N. NaN is null: everything for N = 0, the evenness J
/// for a single taxon, the finite-sample Simpson index lambda for N < 2. Same as vegan::diversity in R.
struct Diversity {
    std::int64_t n = 0;       ///< N, trees with a known taxon
    std::int64_t taxa = 0;    ///< S
    double shannon_h;         ///< H' = -sum p ln p
    double shannon_h2;        ///< the same with logarithms to base 2
    double effective_taxa;    ///< exp(H')
    double evenness_j;        ///< H' / ln S
    double simpson_d;         ///< sum p^2
    double simpson_1_d;       ///< 1 - D, Gini-Simpson
    double simpson_inv_d;     ///< 1 / D
    double simpson_lambda;    ///< sum n_i (n_i - 1) / (N (N - 1))
};
/// Zero counts are no taxa. The sums run from the smallest count to the largest: same result for any order.
Diversity diversity_of(std::span<const std::int64_t> counts);

/// The same for shares of a weight (crown or basal area) instead of numbers of trees: the taxa that a pest would take most
/// canopy with. NaN where nothing has a weight; the evenness for a single taxon.
struct WeightedDiversity {
    double total = 0;
    std::int64_t taxa = 0;
    double shannon_h, effective_taxa, evenness_j, simpson_1_d;
    std::size_t top = 0;      ///< taxon with the largest weight, the smaller index of equal ones
    double top_percent;
};
/// Weights of 0 are no taxa.
WeightedDiversity weighted_diversity_of(std::span<const double> weights);

/// One level of Santamour's 10-20-30 rule (1990): no taxon above the limit, which may be met exactly.
struct Dominance {
    std::int64_t n = 0;             ///< trees with a known taxon
    std::size_t top = 0;            ///< the most common taxon, the smaller index of equal ones
    double top_percent;             ///< NaN for n = 0
    bool within_limit = true;
    std::int64_t surplus = 0;       ///< trees above the limit, over all taxa
};
Dominance dominance_of(std::span<const std::int64_t> counts, double limit_percent);
/// Trees of one taxon above the limit: n_i less the most that the limit allows of N.
std::int64_t surplus_of(std::int64_t count, std::int64_t n, double limit_percent);

}  // namespace stadtgdi::trees
