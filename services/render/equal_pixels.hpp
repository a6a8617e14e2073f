// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace stadtgdi::render {

/// How many pixels are equal, from the first on; a run is equal to itself one pixel later.
inline std::size_t equal_pixels(const std::uint32_t* a, const std::uint32_t* b, std::size_t most)
{
    const auto differing = [&](std::size_t at) {  // of two pixels
        std::uint64_t x, y;
        std::memcpy(&x, a + at, 8);
        std::memcpy(&y, b + at, 8);
        return x ^ y;
    };
    std::size_t n = 0;
    while (n + 8 <= most && (differing(n) | differing(n + 2) | differing(n + 4) | differing(n + 6)) == 0)
        n += 8;
    while (n + 2 <= most && differing(n) == 0)
        n += 2;
    return n < most && a[n] == b[n] ? n + 1 : n;
}

}  // namespace stadtgdi::render
