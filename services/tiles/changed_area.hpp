// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/store/snapshot.hpp>
#include <optional>
#include <vector>

namespace stadtgdi::tiles {

/// Where a layer looks different: boxes, in its CRS, of the rows that came, went, changed or moved in the order of drawing, as they
/// were and as they are. Nothing where this cannot be told: then everywhere. Cost: one look at every value.
std::optional<std::vector<table::Box>> changed_area(const store::Snapshot& before, const store::Snapshot& after);

}  // namespace stadtgdi::tiles
