// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/kvp.hpp>
#include <services/tiles/make_tile.hpp>
#include <services/tiles/resources.hpp>

namespace stadtgdi::tiles {

using features::Problem;

const std::vector<Format>& tile_formats(bool map)
{
    static const std::vector<Format> data{{"mvt", "application/vnd.mapbox-vector-tile"}};
    static const std::vector<Format> pictures{{"png", "image/png"}, {"jpeg", "image/jpeg"}, {"webp", "image/webp"}};
    return map ? pictures : data;
}

namespace {

TileIndex tile_at(const TileMatrixSet& set, const std::vector<std::string>& place)
{
    const auto level = find_level(set, place[0]);
    if (!level)
        throw Problem(404, base::filled({"There is no tile matrix '{0}'.", "Eine Kachelmatrix '{0}' gibt es nicht."}, place[0]));
    const TileMatrix& matrix = set.matrices[*level];
    const auto row = ows::parse_integer(place[1]), column = ows::parse_integer(place[2]);
    if (!row || !column)
        throw Problem(400, {"Row and column of a tile are whole numbers.", "Zeile und Spalte einer Kachel sind ganze Zahlen."});
    if (*row < 0 || *row >= matrix.height || *column < 0 || *column >= matrix.width)
        throw Problem(404, base::filled({"Tile matrix '{0}' has {1} rows and {2} columns.", "Die Kachelmatrix '{0}' hat {1} Zeilen und {2} Spalten."}, matrix.id,
                                        std::to_string(matrix.height), std::to_string(matrix.width)));
    return {*level, *row, *column};
}

}  // namespace

http::Response tile(const Ask& ask, const TiledData& data, const TileMatrixSet& set, const std::vector<std::string>& place)
{
    features::expect_parameters(ask, data.parameters());
    const Format& format = features::asked_format(ask.context.request, tile_formats(data.map));
    const TileIndex index = tile_at(set, place);
    MadeTile made;
    if (data.map) {
        std::vector<render::MapSpec::Layer> layers;
        for (const project::PublishedLayer* layer : data.layers)
            layers.push_back({layer->name, {}});
        made = make_map_tile(ask.context, layers, set, index, format.name == "jpeg" ? render::ImageFormat::jpeg : format.name == "webp" ? render::ImageFormat::webp : render::ImageFormat::png);
    } else {
        made = make_vector_tile(ask.context, data.layers, set, index);
    }
    http::Response response = tile_response(ask.context, made, format.type);
    if (!ask.parameter("f"))
        response.set_header("Vary", "Accept");
    return response;
}

}  // namespace stadtgdi::tiles
