// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>
#include <services/store/snapshot.hpp>
#include <services/tiles/tile_shapes.hpp>
#include <string>

namespace stadtgdi::tiles {

/// What one layer of a tile (Mapbox Vector Tile 2.1) is made of.
struct VectorLayer {
    const project::PublishedLayer* layer = nullptr;
    std::shared_ptr<const store::Snapshot> rows;             ///< shared with the store
    std::shared_ptr<const table::GeometryColumn> geometry;   ///< of all these rows, in the CRS of the tile; shared with them
    std::vector<std::int64_t> near;                          ///< rows that may be in the tile, ascending
};

struct VectorLimits {
    std::int64_t features = 20'000;   ///< of a layer
    std::size_t bytes = 1'000'000;    ///< of the tile
};

/// A tile; empty where no layer has anything there. Of a layer with more features than the limit those are kept that show most:
/// the largest areas, the longest lines, of points an even choice. A tile of more bytes than the limit keeps the same share of
/// every layer, chosen in the same way. `tile`: its ground in the CRS of the geometries.
std::string vector_tile(const std::vector<VectorLayer>& layers, const table::Box& tile, const VectorLimits& limits, base::RunContext& run);

}  // namespace stadtgdi::tiles
