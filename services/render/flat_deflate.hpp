// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace stadtgdi::render {

/// The rows of a picture as PNG compresses them: each a filter byte of 0 and `channels` bytes a pixel.
struct FlatRows {
    const std::uint32_t* pixels;  ///< the colours that are compared: those that are equal have the same bytes
    const std::uint8_t* bytes;
    std::size_t width, height, channels;
    std::size_t stride() const { return 1 + width * channels; }
    std::size_t size() const { return stride() * height; }
};

/// A zlib stream (RFC 1950, 1951) of rows with runs of one colour. It goes over pixels where libdeflate goes over bytes: runs, rows
/// that are like the one above, and pairs of pixels seen before; docs/decisions/0007 has the figures.
std::string deflate_flat(const FlatRows& rows);

}  // namespace stadtgdi::render
