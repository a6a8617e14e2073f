// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/validity.hpp>
#include <bit>

namespace stadtgdi::table {

Validity Validity::of(const std::vector<bool>& valid)
{
    std::vector<std::uint8_t> bits((valid.size() + 7) / 8, 0);
    std::size_t nulls = 0;
    for (std::size_t i = 0; i < valid.size(); ++i) {
        if (valid[i])
            bits[i >> 3] = static_cast<std::uint8_t>(bits[i >> 3] | 1U << (i & 7));
        else
            ++nulls;
    }
    if (nulls == 0) return {};
    return {std::move(bits), nulls};
}

Validity Validity::of_bits(Buffer<std::uint8_t> bits, std::size_t rows)
{
    std::size_t set = 0;
    for (std::size_t i = 0; i < rows / 8; ++i) set += static_cast<std::size_t>(std::popcount(bits[i]));
    if (rows % 8 != 0) set += static_cast<std::size_t>(std::popcount(static_cast<std::uint8_t>(bits[rows / 8] & ((1U << (rows % 8)) - 1))));
    if (set == rows) return {};
    return {std::move(bits), rows - set};
}

Validity Validity::take(std::span<const std::int64_t> rows) const
{
    if (all_valid()) return {};
    std::vector<std::uint8_t> bits((rows.size() + 7) / 8, 0);
    std::size_t nulls = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool has = valid(static_cast<std::size_t>(rows[i]));
        bits[i >> 3] = static_cast<std::uint8_t>(bits[i >> 3] | (has ? 1U : 0U) << (i & 7));
        nulls += has ? 0 : 1;
    }
    if (nulls == 0) return {};
    return {std::move(bits), nulls};
}

}  // namespace stadtgdi::table
