// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QString>
#include <services/render/map_spec.hpp>

namespace stadtgdi::render {

/// A text on a plain ground, white or black as can be read there; with a halo on none. Wrapped and as small as it must be to have room.
/// From any thread.
Image text_picture(const QString& text, int width, int height, bool transparent, std::uint32_t background);

}  // namespace stadtgdi::render
