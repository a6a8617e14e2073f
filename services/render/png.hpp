// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>

namespace stadtgdi::render {

/// PNG of a picture: RGB where every pixel is opaque, RGBA else, at most 256 colours as a palette. Fast rather than small
/// (libdeflate, one filter).
/// `few_colours`: always a palette; pictures of more than 256 colours lose some.
std::string encode_png(const Image& image, bool few_colours = false);

}  // namespace stadtgdi::render
