// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/features/ask.hpp>
#include <services/render/map_spec.hpp>
#include <services/tiles/tile_matrix_set.hpp>

namespace stadtgdi::tiles {

using features::Ask;
using features::Json;

/// What tiles are cut of: the data of the project or of one collection, or a picture of them.
struct TiledData {
    bool map = false;
    const project::PublishedLayer* collection = nullptr;   ///< null: the project
    std::string path;                                      ///< "/tiles", "/collections/trees/map/tiles"
    std::string title;
    std::vector<const project::PublishedLayer*> layers;    ///< bottom first
    std::string collections = {};                          ///< of the project only these, as asked for; empty: all

    /// Its resource below `path`, with what else the address says.
    std::string url(const std::string& below, const std::string& query) const
    {
        const std::string chosen = collections.empty() ? "" : "collections=" + http::percent_encoded(collections);
        const std::string all = query + (query.empty() || chosen.empty() ? "" : "&") + chosen;
        return path + below + (all.empty() ? "" : "?" + all);
    }
    std::vector<std::string> parameters() const { return collection != nullptr ? std::vector<std::string>() : std::vector<std::string>{"collections"}; }
};

// One function a resource.
http::Response tile_matrix_sets_list(const Ask& ask);
http::Response tile_matrix_set(const Ask& ask, const TileMatrixSet& set);
http::Response tilesets(const Ask& ask, const TiledData& data);
http::Response tileset(const Ask& ask, const TiledData& data, const TileMatrixSet& set);
http::Response tile(const Ask& ask, const TiledData& data, const TileMatrixSet& set, const std::vector<std::string>& place);

using features::Format;
const std::vector<Format>& tile_formats(bool map);

/// Around the layers, in a CRS; none where they have no place in it.
table::Box extent_in(const std::vector<const project::PublishedLayer*>& layers, const std::string& crs);
/// Symbols reach beyond the extent.
constexpr double limits_margin_pixels = 32;

}  // namespace stadtgdi::tiles
