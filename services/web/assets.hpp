// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace stadtgdi::web {

/// A file of the map's program, part of the server; its name holds a hash of its bytes.
struct Asset {
    std::string_view name, type;
    const unsigned char* bytes;
    std::size_t size;
};

/// Script and style; none in a build without the map.
std::span<const Asset> all_assets();

}  // namespace stadtgdi::web
