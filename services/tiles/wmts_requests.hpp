// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>
#include <services/tiles/tile_matrix_set.hpp>
#include <string>
#include <vector>

namespace stadtgdi::tiles {

/// A layer as WMTS offers it: one of the project, or the whole project as it opens.
struct WmtsLayer {
    std::string name, title, abstract;
    std::vector<std::string> keywords;
    std::vector<const project::PublishedLayer*> layers;   ///< bottom first
    std::vector<std::string> styles;                      ///< the first is the default one
    bool queryable = false;
};
/// The project first, then its layers, top first.
std::vector<WmtsLayer> wmts_layers(const project::ProjectModel& model);
/// The tiles of a matrix that the layer may have something in; all where it has no extent, nothing where it lies elsewhere.
std::optional<TileLimits> limits_of(const WmtsLayer& layer, const TileMatrixSet& set, std::size_t level);

/// A tile as words, from parameters or an address.
struct TileWords {
    std::string layer, style, set, matrix, row, column;
};
struct AskedTile {
    WmtsLayer layer;
    std::string style;          ///< empty: the default one
    const TileMatrixSet* set = nullptr;
    TileIndex index;
};
/// InvalidParameterValue and TileOutOfRange with the parameter as locator.
AskedTile read_tile(const ows::FaceContext& context, const TileWords& words);

// One function a request.
http::Response wmts_capabilities(const ows::FaceContext& context, const ows::KeyValues& kv);
http::Response wmts_tile(const ows::FaceContext& context, const AskedTile& tile, const std::string& format);
http::Response wmts_feature_info(const ows::FaceContext& context, const AskedTile& tile, const std::string& i, const std::string& j, const std::string& format);

/// Endings of addresses with the formats they stand for.
struct Ending {
    const char* ending;
    const char* type;
};
const std::vector<Ending>& picture_endings();
const std::vector<Ending>& info_endings();

}  // namespace stadtgdi::tiles
