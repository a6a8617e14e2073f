// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/detail/orientation.hpp>
#include <array>
#include <cstddef>

namespace stadtgdi::geometry::detail {

namespace {

/// A sum of doubles that loses nothing: components grow in size and do not overlap (Shewchuk's grow-expansion).
class Expansion {
public:
    void add(double value)
    {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_size; ++i) {
            const double other = m_parts[i], sum = value + other;
            const double virtual_other = sum - value, rest = (value - (sum - virtual_other)) + (other - virtual_other);
            if (rest != 0) m_parts[kept++] = rest;
            value = sum;
        }
        if (value != 0) m_parts[kept++] = value;
        m_size = kept;
    }
    void add_product(double a, double b)
    {
        const double product = a * b;
        add(std::fma(a, b, -product));  // what the multiplication rounded away, exactly
        add(product);
    }
    int sign() const { return m_size == 0 ? 0 : m_parts[m_size - 1] > 0 ? 1 : -1; }

private:
    std::array<double, 16> m_parts{};
    std::size_t m_size = 0;
};

}  // namespace

int exact_orientation(double ax, double ay, double bx, double by, double cx, double cy)
{
    Expansion sum;  // (ax - cx)(by - cy) - (ay - cy)(bx - cx), multiplied out; cx cy cancels
    sum.add_product(ax, by);
    sum.add_product(-ax, cy);
    sum.add_product(-cx, by);
    sum.add_product(-ay, bx);
    sum.add_product(ay, cx);
    sum.add_product(cy, bx);
    return sum.sign();
}

}  // namespace stadtgdi::geometry::detail
