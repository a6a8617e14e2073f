// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/make_tile.hpp>

#include <layers/crs/transform.hpp>
#include <services/http/head.hpp>
#include <services/render/map_drawer.hpp>
#include <services/tiles/vector_tile.hpp>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace stadtgdi::tiles {

namespace {

using project::PublishedLayer;
using table::Box;

/// Tiles on a side of a block that is drawn at once, see docs/benchmarks.md.
constexpr int block_tiles = 4;

std::string key_of(const TileIndex& tile) { return std::to_string(tile.level) + '/' + std::to_string(tile.row) + '/' + std::to_string(tile.column); }

/// Null where the layer is queried at its source.
std::shared_ptr<const store::Snapshot> rows_of(const ows::FaceContext& context, const std::string& layer)
{
    try {
        return context.project.snapshot(layer, context.run);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unsupported)
            throw;
        return nullptr;
    }
}

WantedTiles wanted_of(const ows::FaceContext& context, std::string_view kind, const TileMatrixSet& set)
{
    // Pictures and data are views of their own: the same rows may change one and not the other.
    WantedTiles wanted{context.model.id + '\n' + context.rights.key() + '\n', context.model.version, {}, set.id + '\n'};
    wanted.view += kind;
    return wanted;
}

/// What a block looks at, in the CRS of its layers; generously, as windows are turned into boxes of another CRS.
std::vector<std::pair<std::string, Box>> areas_of(const ows::FaceContext& context, const std::vector<LayerState>& layers, const TileMatrixSet& set, const Box& box)
{
    std::vector<std::pair<std::string, Box>> areas;
    for (const LayerState& state : layers) {
        const PublishedLayer* layer = context.model.find(state.layer);
        if (layer == nullptr || layer->crs.empty() || std::ranges::find(areas, layer->crs, &std::pair<std::string, Box>::first) != areas.end())
            continue;
        Box there = crs::transformed(box, set.crs, layer->crs);
        if (there.empty())
            continue;
        const double x = 0.05 * (there.xmax - there.xmin), y = 0.05 * (there.ymax - there.ymin);
        areas.emplace_back(layer->crs, Box{there.xmin - x, there.ymin - y, there.xmax + x, there.ymax + y});
    }
    return areas;
}

bool all_watched(const ows::FaceContext& context, const std::vector<LayerState>& layers)
{
    return std::ranges::all_of(layers, [&](const LayerState& layer) { return context.project.watched(layer.layer); });
}

MadeTile from_cache(const ows::FaceContext& context, const WantedTiles& wanted, const TileBlock& block, const std::string& key, const std::function<std::vector<TileCache::Made>()>& make)
{
    if (all_watched(context, wanted.layers)) {
        tile_cache().set_most_bytes(context.limits.tile_cache_bytes);
        return {tile_cache().get(wanted, block, key, make, context.run), true};
    }
    for (TileCache::Made& made : make())
        if (made.key == key) {
            std::string etag = http::tag_of(made.bytes);
            return {{std::make_shared<const std::string>(std::move(made.bytes)), std::move(etag), 0}, false};
        }
    throw Error(ErrorKind::internal, {"A block of tiles lacks the tile it was made for.", "Einem Block von Kacheln fehlt die, für die er gemacht wurde."});
}

/// The rows of a layer near a tile, with their coordinates in its CRS.
VectorLayer rows_near(const ows::FaceContext& context, const PublishedLayer& layer, std::shared_ptr<const store::Snapshot> rows, const TileMatrixSet& set, const Box& around)
{
    VectorLayer near{&layer, std::move(rows), nullptr, {}};
    const Box there = crs::transformed(around, set.crs, layer.crs);
    if (there.empty())
        return near;
    if (!near.rows) {
        project::RowRequest wanted;
        wanted.box = there;
        wanted.count = context.limits.tile_features;
        near.rows = context.project.query(layer.name, std::move(wanted), context.run);
    }
    if (!near.rows->table.has_geometry())
        return near;
    near.near = near.rows->index.search(there);
    if (near.near.empty())
        return near;
    near.geometry = near.rows->geometry_in(set.crs, context.run);
    if (near.geometry)
        return near;
    // Coordinates of all rows are not kept in this CRS: those of these rows, and the rows alone.
    const table::Table& table = near.rows->table;
    auto part = std::make_shared<store::Snapshot>();
    part->table = table.take(near.near);
    for (const std::int64_t row : near.near)
        part->fids.push_back(near.rows->fids[static_cast<std::size_t>(row)]);
    near.geometry = std::make_shared<const table::GeometryColumn>(crs::transformed(part->table.geometry(), set.crs, context.run));
    near.rows = std::move(part);
    for (std::size_t i = 0; i < near.near.size(); ++i)
        near.near[i] = static_cast<std::int64_t>(i);
    return near;
}

/// Pixels beyond the edges that symbols may reach in from: 20 m on the ground, within limits.
int margin_of(const TileMatrixSet& set, std::size_t level)
{
    constexpr double reach_m = 20;
    const double pixels = reach_m / (set.matrices[level].scale_denominator * 0.00028);
    return static_cast<int>(std::clamp(std::ceil(pixels), 64.0, 512.0));
}

}  // namespace

MadeTile make_vector_tile(const ows::FaceContext& context, const std::vector<const PublishedLayer*>& layers, const TileMatrixSet& set, const TileIndex& tile)
{
    WantedTiles wanted = wanted_of(context, "vector", set);
    for (const PublishedLayer* layer : layers) {
        wanted.layers.push_back({layer->name, context.project.layer_version(layer->name), rows_of(context, layer->name)});
        wanted.recipe += layer->name;
        for (const project::PublishedField& field : layer->fields)
            if (field.in_wfs)
                wanted.recipe += '\t' + field.name;
        wanted.recipe += '\n';
    }
    const Box box = box_of(set, tile), around = box_of(set, tile, 1, tile_size * static_cast<double>(tile_buffer) / tile_extent);
    const std::string key = key_of(tile);
    return from_cache(context, wanted, {key, areas_of(context, wanted.layers, set, around)}, key, [&] {
        std::vector<VectorLayer> parts;
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (VectorLayer near = rows_near(context, *layers[i], wanted.layers[i].rows, set, around); !near.near.empty())
                parts.push_back(std::move(near));
        return std::vector<TileCache::Made>{{key, vector_tile(parts, box, {context.limits.tile_features, context.limits.vector_tile_bytes}, context.run)}};
    });
}

MadeTile make_map_tile(const ows::FaceContext& context, const std::vector<render::MapSpec::Layer>& layers, const TileMatrixSet& set, const TileIndex& tile, render::ImageFormat format)
{
    WantedTiles wanted = wanted_of(context, "map", set);
    for (const render::MapSpec::Layer& layer : layers) {
        const PublishedLayer* published = context.model.find(layer.name);
        const bool compares = published != nullptr && published->type == project::LayerType::vector && context.project.watched(layer.name) && context.project.rows_stand_alone(layer.name);
        wanted.layers.push_back({layer.name, context.project.layer_version(layer.name), compares ? rows_of(context, layer.name) : nullptr});
        wanted.recipe += layer.name + '\t' + layer.style + '\n';
    }
    wanted.recipe += render::mime_type(format);
    render::MapSpec spec;
    spec.project = context.model.id;
    spec.layers = layers;
    spec.crs = set.crs;
    spec.transparent = format != render::ImageFormat::jpeg;
    const int margin = margin_of(set, tile.level);
    const auto aim = [&](const TileIndex& first, int count) {
        spec.box = box_of(set, first, count, margin);
        spec.width = spec.height = count * tile_size + 2 * margin;
        spec.labels_within = box_of(set, first, count);
    };
    aim(tile, 1);
    const int count = context.project.drawer().depends_on_window(spec, context.run) ? block_tiles : 1;
    const TileIndex first{tile.level, tile.row / count * count, tile.column / count * count};
    aim(first, count);
    const TileBlock block{key_of(first) + 'x' + std::to_string(count), areas_of(context, wanted.layers, set, spec.box)};
    return from_cache(context, wanted, block, key_of(tile), [&] {
        const render::Image picture = context.project.drawer().draw(spec, context.run);
        const TileMatrix& matrix = set.matrices[tile.level];
        std::vector<TileCache::Made> made;
        for (int y = 0; y < count; ++y)
            for (int x = 0; x < count; ++x) {
                const TileIndex one{tile.level, first.row + y, first.column + x};
                if (one.row < matrix.height && one.column < matrix.width)
                    made.push_back({key_of(one), render::encode(render::cut_out(picture, margin + x * tile_size, margin + y * tile_size, tile_size, tile_size), format)});
            }
        return made;
    });
}

http::Response tile_response(const ows::FaceContext& context, const MadeTile& made, std::string_view type)
{
    http::Response response;
    std::string modified;
    if (made.tile.modified_s > 0 && made.tile.modified_s <= std::time(nullptr))
        modified = http::http_date(made.tile.modified_s);
    const auto since = http::read_http_date(context.request.header("if-modified-since"));
    if (!modified.empty() && context.request.header("if-none-match").empty() && since && made.tile.modified_s <= *since)
        response.status = 304;
    else if (made.tile.bytes->empty())
        response.status = 204;
    else
        response.shared_body = made.tile.bytes;
    response.content_type = type;
    response.compressible = type.substr(0, 6) != "image/";
    response.etag = made.tile.etag;
    // Clients must ask again at last: without a time they would guess one from Last-Modified.
    response.set_header("Cache-Control", made.lasting ? "public, max-age=" + std::to_string(context.limits.tile_seconds) : "no-cache");
    if (!modified.empty())
        response.set_header("Last-Modified", modified);
    return response;
}

}  // namespace stadtgdi::tiles
