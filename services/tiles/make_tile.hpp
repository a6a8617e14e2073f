// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/render/map_spec.hpp>
#include <services/tiles/tile_cache.hpp>
#include <services/tiles/tile_matrix_set.hpp>
#include <vector>

namespace stadtgdi::tiles {

/// A tile and whether a later request may be answered with it.
struct MadeTile {
    Tile tile;
    bool lasting = true;   ///< false: a change of its data would go unnoticed
};

/// Of these layers, one in the tile for each; see vector_tile.
MadeTile make_vector_tile(const ows::FaceContext& context, const std::vector<const project::PublishedLayer*>& layers, const TileMatrixSet& set, const TileIndex& tile);

/// A picture of these layers, bottom first; JPEG on white, others on a transparent ground. Tiles fit together: symbols are drawn
/// across their edges, and where there are labels or symbols that depend on their surroundings a block of tiles is drawn at once,
/// whose edges no label crosses.
MadeTile make_map_tile(const ows::FaceContext& context, const std::vector<render::MapSpec::Layer>& layers, const TileMatrixSet& set, const TileIndex& tile, render::ImageFormat format);

/// With ETag, Last-Modified and Cache-Control; 304 for those who have it.
http::Response tile_response(const ows::FaceContext& context, const MadeTile& made, std::string_view type);

}  // namespace stadtgdi::tiles
