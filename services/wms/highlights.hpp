// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/kvp.hpp>
#include <services/render/plain_symbol.hpp>

#include <vector>

namespace stadtgdi::wms {

/// Geometries that a client brings along, in the CRS of the map: HIGHLIGHT_GEOM (WKT, parted by ";"), and for each of them
/// HIGHLIGHT_SYMBOL (SLD), HIGHLIGHT_LABELSTRING, HIGHLIGHT_LABELFONT, HIGHLIGHT_LABELSIZE (points), HIGHLIGHT_LABELWEIGHT,
/// HIGHLIGHT_LABELCOLOR, HIGHLIGHT_LABELBUFFERCOLOR, HIGHLIGHT_LABELBUFFERSIZE (mm), HIGHLIGHT_LABEL_ROTATION,
/// HIGHLIGHT_LABEL_DISTANCE (mm), HIGHLIGHT_LABEL_HORIZONTAL_ALIGNMENT and HIGHLIGHT_LABEL_VERTICAL_ALIGNMENT. Labels are texts, never expressions.
std::vector<render::Highlight> read_highlights(const ows::KeyValues& kv);

}  // namespace stadtgdi::wms
