// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/buffer.hpp>
#include <cstdint>

namespace stadtgdi::table {

/// Which rows have a value: one bit a row as in Arrow (least significant first, 1 = has a value); no bits: all have one.
class Validity {
public:
    Validity() = default;
    Validity(Buffer<std::uint8_t> bits, std::size_t null_count) : m_bits(std::move(bits)), m_null_count(null_count) {}
    /// From one bool a row.
    static Validity of(const std::vector<bool>& valid);
    /// From bits of which the first `rows` count.
    static Validity of_bits(Buffer<std::uint8_t> bits, std::size_t rows);

    bool valid(std::size_t row) const { return m_bits.empty() || (m_bits[row >> 3] >> (row & 7) & 1) != 0; }
    bool all_valid() const { return m_null_count == 0; }
    std::size_t null_count() const { return m_null_count; }
    const Buffer<std::uint8_t>& bits() const { return m_bits; }
    Validity take(std::span<const std::int64_t> rows) const;

private:
    Buffer<std::uint8_t> m_bits;
    std::size_t m_null_count = 0;
};

}  // namespace stadtgdi::table
