// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string_view>

namespace stadtgdi::demo {

/// The generator's own random numbers (PCG-XSH-RR 32, M. O'Neill 2014): the same on every machine, unlike the
/// distributions of <random>. Each thing of the city has a stream of its own, so that a change in one leaves the others.
class Random {
public:
    Random(std::uint64_t seed, std::uint64_t stream) : m_increment((stream << 1U) | 1U)
    {
        next();
        m_state += seed;
        next();
    }
    std::uint32_t next()
    {
        const std::uint64_t old = m_state;
        m_state = old * 6364136223846793005ULL + m_increment;
        const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
        const auto turn = static_cast<std::uint32_t>(old >> 59U);
        return (shifted >> turn) | (shifted << ((32U - turn) & 31U));
    }
    /// [0, 1)
    double share() { return next() * (1.0 / 4294967296.0); }
    /// [low, high)
    double between(double low, double high) { return low + (high - low) * share(); }
    /// 0 ... count - 1
    int below(int count) { return static_cast<int>(share() * count); }
    bool chance(double probability) { return share() < probability; }

private:
    std::uint64_t m_state = 0;
    std::uint64_t m_increment;
};

}  // namespace stadtgdi::demo
