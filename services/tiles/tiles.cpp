// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/tiles.hpp>

#include <layers/crs/transform.hpp>
#include <services/features/resources.hpp>
#include <services/ows/kvp.hpp>
#include <services/tiles/resources.hpp>
#include <services/tiles/wmts.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace stadtgdi::tiles {

using features::Problem;
using project::PublishedLayer;

namespace {

bool has_place(const PublishedLayer& layer) { return layer.geometry.has_value() && !layer.crs.empty(); }

/// Whether a collection is among those that `collections` names; all are where it is missing.
std::function<bool(const PublishedLayer&)> chosen_collections(const Ask& ask)
{
    const auto text = ask.parameter("collections");
    if (!text)
        return [](const PublishedLayer&) { return true; };
    const std::vector<std::string> names = ows::split(*text, ',');
    const auto known = features::collection_layers(ask.context.model);
    for (const std::string& name : names)
        if (std::ranges::none_of(known, [&](const PublishedLayer* layer) { return layer->name_of_features() == name; }))
            throw Problem(400, base::filled({"collections has '{0}', which is no collection.", "collections enthält '{0}', eine solche Datensammlung gibt es nicht."}, base::shortened(name, 60)));
    return [names](const PublishedLayer& layer) { return std::ranges::find(names, layer.name_of_features()) != names.end(); };
}

TiledData tiled_data(const Ask& ask, const PublishedLayer* collection, bool map)
{
    const project::ProjectModel& model = ask.context.model;
    TiledData data{map, collection, collection != nullptr ? features::collection_path(*collection) : std::string(), {}, {}};
    data.path += map ? "/map/tiles" : "/tiles";
    data.title = collection != nullptr ? features::title_of(*collection) : model.title.empty() ? model.id : model.title;
    if (collection != nullptr) {
        if (map ? wms::is_offered(*collection) : has_place(*collection))
            data.layers = {collection};
    } else if (map && !ask.parameter("collections")) {
        data.layers = wms::opened_layers(model);
    } else {
        data.collections = ask.parameter("collections").value_or("");
        const auto chosen = chosen_collections(ask);
        for (const PublishedLayer* layer : features::collection_layers(model))
            if (chosen(*layer) && (map ? wms::is_offered(*layer) : has_place(*layer)))
                data.layers.push_back(layer);
    }
    if (data.layers.empty())
        throw features::nothing_here();  // a table, or what has no picture
    return data;
}

const TileMatrixSet& set_named(const std::string& id)
{
    if (const TileMatrixSet* set = find_tile_matrix_set(id))
        return *set;
    throw Problem(404, base::filled({"There is no tile matrix set '{0}'.", "Ein Kachelschema '{0}' gibt es nicht."}, id));
}

http::Response route(Ask& ask)
{
    std::vector<std::string> rest(ask.context.request.segments.begin() + 2, ask.context.request.segments.end());
    const auto take = [&](std::string_view name) {
        if (rest.empty() || rest.front() != name)
            return false;
        rest.erase(rest.begin());
        return true;
    };
    const auto take_name = [&] {
        if (rest.empty())
            throw features::nothing_here();
        std::string name = rest.front();
        rest.erase(rest.begin());
        return name;
    };
    if (take("tileMatrixSets")) {
        if (rest.empty())
            return tile_matrix_sets_list(ask);
        const std::string id = take_name();
        const TileMatrixSet& set = set_named(id);
        if (!rest.empty())
            throw features::nothing_here();
        return tile_matrix_set(ask, set);
    }
    const PublishedLayer* collection = take("collections") ? &features::collection_named(ask.context.model, take_name()) : nullptr;
    const bool map = take("map");
    if (!take("tiles"))
        throw features::nothing_here();
    const TiledData data = tiled_data(ask, collection, map);
    if (rest.empty())
        return tilesets(ask, data);
    const std::string id = take_name();
    const TileMatrixSet& set = set_named(id);
    if (rest.empty())
        return tileset(ask, data, set);
    if (rest.size() != 3)
        throw features::nothing_here();
    return tile(ask, data, set, rest);
}

}  // namespace

table::Box extent_in(const std::vector<const PublishedLayer*>& layers, const std::string& crs)
{
    table::Box box = table::Box::none();
    for (const PublishedLayer* layer : layers)
        if (!layer->crs.empty())
            box.grow(layer->crs == crs ? layer->extent : crs::transformed(layer->extent, layer->crs, crs));
    return std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax) ? box : table::Box::none();
}

http::Response handle(const ows::FaceContext& context)
{
    if (context.request.segments[1] == "wmts")
        return handle_wmts_address(context);
    return features::answered(context, route);
}

}  // namespace stadtgdi::tiles
