// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>

namespace stadtgdi::trees {

/// Canopy cover (Überschirmung) of zones: crowns are discs, and where they overlap the ground counts once; exact, by
/// DiscUnion. Definition and columns: docs/operations/trees.canopy_cover.md.
operation::Operation canopy_cover_operation();

}  // namespace stadtgdi::trees
