// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/table/table_builder.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/selection.hpp>
#include <services/wms/feature_info_formats.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/map_request.hpp>
#include <services/store/snapshot_cache.hpp>
#include <services/wms/requests.hpp>
#include <services/wms/row_choice.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace stadtgdi::wms {

using ows::Code;
using ows::KeyValues;
using ows::OwsException;
using project::PublishedLayer;

namespace {

constexpr std::int64_t most_features = 1000;    // of one layer
constexpr std::int64_t most_tips = 100;         // each is worked out by QGIS
constexpr std::size_t most_candidates = 20'000; // whose distance is worked out

struct Place {
    double x = 0, y = 0;          // in the CRS of the request
    double unit_per_pixel = 0;
    std::string crs;
};

struct Tolerance {
    double point = 8, line = 6, polygon = 1;  // pixels: points are drawn as symbols, lines are thin
    double of(table::GeometryKind kind) const
    {
        switch (table::single_of(kind)) {
        case table::GeometryKind::point: return point;
        case table::GeometryKind::line: return line;
        default: return polygon;
        }
    }
};

std::int64_t pixel(const KeyValues& kv, bool old, const char* name, const char* old_name, int size)
{
    const char* wanted = old ? old_name : name;
    const char* other = old ? name : old_name;
    const std::string text = kv.get(wanted, kv.get(other));
    if (text.empty())
        throw OwsException(Code::invalid_point, wanted, base::filled({"{0} is missing.", "{0} fehlt."}, std::string(wanted)));
    const auto value = ows::parse_integer(text);
    if (!value || *value < 0 || *value >= size)
        throw OwsException(Code::invalid_point, wanted,
                           base::filled({"{0} is '{1}', expected 0 to {2}.", "{0} ist '{1}', erwartet wird 0 bis {2}."}, std::string(wanted), text, std::to_string(size - 1)));
    return *value;
}

Place read_place(const KeyValues& kv, const std::string& version, const MapRequest& map)
{
    const bool old = version == "1.1.1";
    const render::MapSpec& spec = map.spec;
    const auto i = static_cast<double>(pixel(kv, old, "I", "X", spec.width));
    const auto j = static_cast<double>(pixel(kv, old, "J", "Y", spec.height));
    const double x_unit = (spec.box.xmax - spec.box.xmin) / spec.width;
    const double y_unit = (spec.box.ymax - spec.box.ymin) / spec.height;
    return {spec.box.xmin + (i + 0.5) * x_unit, spec.box.ymax - (j + 0.5) * y_unit, std::max(x_unit, y_unit), spec.crs};
}

Tolerance read_tolerance(const KeyValues& kv)
{
    Tolerance tolerance;
    tolerance.point = kv.number_or("FI_POINT_TOLERANCE", tolerance.point, 0, 100);
    tolerance.line = kv.number_or("FI_LINE_TOLERANCE", tolerance.line, 0, 100);
    tolerance.polygon = kv.number_or("FI_POLYGON_TOLERANCE", tolerance.polygon, 0, 100);
    return tolerance;
}

std::vector<const PublishedLayer*> queried_layers(const ows::FaceContext& context, const KeyValues& kv)
{
    kv.required("QUERY_LAYERS");
    const std::vector<std::string> names = kv.list("QUERY_LAYERS");
    expect_few(names.size(), "QUERY_LAYERS");
    std::vector<const PublishedLayer*> layers;
    for (const std::string& name : names) {
        const Named named = resolve(context.model, name, "QUERY_LAYERS");
        std::size_t queryable = 0;
        for (const PublishedLayer* layer : named.layers) {
            if (!layer->queryable)
                continue;
            ++queryable;
            if (std::find(layers.begin(), layers.end(), layer) == layers.end())
                layers.push_back(layer);
        }
        expect_few(layers.size(), "QUERY_LAYERS");
        if (queryable == 0)
            throw OwsException(Code::layer_not_queryable, "QUERY_LAYERS", base::filled({"Layer '{0}' cannot be queried.", "Der Layer '{0}' ist nicht abfragbar."}, name));
    }
    return layers;
}

/// The snapshot, or the rows near the place from the source of a layer that is not held.
std::shared_ptr<const store::Snapshot> rows_near(const ows::FaceContext& context, const PublishedLayer& layer, const table::Box& box)
{
    try {
        return context.project.snapshot(layer.name, context.run);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unsupported)
            throw;
        return context.project.query(layer.name, {.box = box, .count = most_features + 1}, context.run);
    }
}

/// Of the rows that the map draws of a layer; null: all.
Fids chosen_of(const MapRequest& map, const PublishedLayer& layer)
{
    const auto drawn = std::ranges::find_if(map.layers, [&](const render::MapSpec::Layer& one) { return one.name == layer.name; });
    return drawn == map.layers.end() ? nullptr : drawn->chosen;
}

/// Of these rows of a snapshot the places of the first that have a symbol on the map: one more than `count`, where there are so many.
std::vector<std::size_t> first_drawn(const ows::FaceContext& context, const PublishedLayer& layer, const MapRequest& map, const store::Snapshot& snapshot,
                                     std::span<const std::int64_t> rows, std::int64_t count)
{
    std::vector<std::size_t> drawn;
    constexpr std::size_t at_once = 1024;  // QGIS is asked for some layers
    for (std::size_t first = 0; first < rows.size() && std::ssize(drawn) <= count; first += at_once) {
        std::vector<std::int64_t> fids;
        for (const std::int64_t row : rows.subspan(first, std::min(at_once, rows.size() - first)))
            fids.push_back(snapshot.fids[static_cast<std::size_t>(row)]);
        const std::vector<bool> is_drawn = context.project.drawer().draws(map.spec, layer.name, fids, context.run);
        for (std::size_t i = 0; i < fids.size(); ++i)
            if (is_drawn[i])
                drawn.push_back(first + i);
    }
    return drawn;
}

LayerHits find_hits(const ows::FaceContext& context, const PublishedLayer& layer, const Place& place, const Tolerance& tolerance, const MapRequest& map, std::int64_t count)
{
    LayerHits hits;
    hits.layer = &layer;
    const double widest = place.unit_per_pixel * std::max({tolerance.point, tolerance.line, tolerance.polygon, 1.0});
    const table::Box around{place.x - widest, place.y - widest, place.x + widest, place.y + widest};
    const table::Box box = crs::transformed(around, place.crs, layer.crs);
    if (box.empty())
        return hits;
    hits.snapshot = rows_near(context, layer, box);
    if (!hits.snapshot->table.has_geometry())
        return hits;
    std::vector<std::int64_t> candidates = hits.snapshot->index.search(box);
    if (const Fids chosen = chosen_of(map, layer))
        std::erase_if(candidates, [&](std::int64_t row) { return !std::ranges::binary_search(*chosen, hits.snapshot->fids[static_cast<std::size_t>(row)]); });
    if (candidates.size() > most_candidates)
        candidates.resize(most_candidates);
    const table::GeometryColumn there = crs::transformed(hits.snapshot->table.geometry().take(candidates), place.crs, context.run);

    struct Hit {
        std::size_t candidate;
        double distance;
    };
    std::vector<Hit> found;
    const double allowed = place.unit_per_pixel * tolerance.of(there.kind());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const double distance = geometry::distance(there, i, place.x, place.y);
        if (distance <= allowed)
            found.push_back({i, distance});
    }
    std::stable_sort(found.begin(), found.end(), [](const Hit& a, const Hit& b) { return a.distance < b.distance; });
    std::vector<std::int64_t> nearest;
    for (const Hit& hit : found)
        nearest.push_back(candidates[hit.candidate]);
    std::vector<std::size_t> drawn = first_drawn(context, layer, map, *hits.snapshot, nearest, count);
    hits.matched = std::ssize(drawn);
    drawn.resize(std::min(drawn.size(), static_cast<std::size_t>(count)));
    std::vector<std::int64_t> kept;
    for (const std::size_t i : drawn) {
        kept.push_back(static_cast<std::int64_t>(found[i].candidate));
        hits.rows.push_back(nearest[i]);
    }
    hits.geometry = there.take(kept);
    return hits;
}

/// Features without a place: those that FILTER_GEOM, a geometry in the CRS of the map, and FILTER take, without the former only in the box of the
/// map if there is one. In their order; only by FILTER alone, as in QGIS Server, also those that the map has no symbol for.
LayerHits find_rows(const ows::FaceContext& context, const PublishedLayer& layer, const MapRequest& map, const std::optional<std::string>& wkt, std::int64_t count)
{
    LayerHits hits;
    hits.layer = &layer;
    if (!layer.geometry)
        return hits;
    Fids fids = chosen_of(map, layer);
    ows::FeatureQuery query;
    if (wkt) {
        ows::CrsName crs = map.crs;
        crs.swapped = false;  // as WKT is written
        fids = common(fids, fids_meeting(context, layer, *wkt, crs, "FILTER_GEOM"));
    } else if (!map.spec.box.empty()) {
        query.box = ows::BoxWithCrs{map.spec.box, map.crs};
    }
    if (fids)
        query.fids = *fids;
    const ows::Selection selection = ows::select(context, layer, query);
    hits.matched = selection.matched;
    if (hits.matched == 0)
        return hits;
    const bool only_drawn = wkt || query.box;
    const auto take_from = [&](std::shared_ptr<const store::Snapshot> snapshot) {
        hits.snapshot = std::move(snapshot);
        std::vector<std::int64_t> all;
        if (!selection.rows) {
            all.resize(hits.snapshot->table.rows());
            std::iota(all.begin(), all.end(), 0);
        }
        const std::span<const std::int64_t> rows = selection.rows ? std::span(*selection.rows) : std::span(all);
        hits.rows.clear();
        if (only_drawn) {
            const std::vector<std::size_t> drawn = first_drawn(context, layer, map, *hits.snapshot, rows, count);
            hits.matched = std::ssize(drawn);
            for (const std::size_t i : drawn)
                hits.rows.push_back(rows[i]);
        } else {
            const auto first = rows.first(std::min(rows.size(), static_cast<std::size_t>(count)));
            hits.rows.assign(first.begin(), first.end());
        }
        hits.rows.resize(std::min(hits.rows.size(), static_cast<std::size_t>(count)));
    };
    if (selection.snapshot) {
        take_from(selection.snapshot);
    } else {
        // Of a layer that is not held more rows are read only where the first of them have no symbol.
        const auto read = [&](std::int64_t rows) { take_from(context.project.query(layer.name, {.box = selection.source_box, .count = rows}, context.run)); };
        read(count + 1);
        if (hits.matched <= count && selection.matched > count + 1)
            read(most_candidates);
    }
    hits.geometry = crs::transformed(hits.snapshot->table.geometry().take(hits.rows), map.spec.crs, context.run);
    return hits;
}

/// The values under the place; nothing outside of the raster and where it has no data.
LayerHits find_values(const ows::FaceContext& context, const PublishedLayer& layer, const Place& place, const render::MapSpec& map)
{
    LayerHits hits;
    hits.layer = &layer;
    std::vector<double> x{place.x}, y{place.y};
    crs::transform(place.crs, layer.crs, x, y, context.run);
    const table::Box box = crs::transformed(map.box, place.crs, layer.crs);
    if (box.empty() || !std::isfinite(x[0]) || !std::isfinite(y[0]))
        return hits;
    const auto values = context.project.raster_values(layer.name, {x[0], y[0], box, map.width, map.height}, context.run);
    table::Schema schema;
    for (const project::PublishedField& band : layer.fields)
        schema.fields.push_back({band.name, table::Type::float64});
    table::TableBuilder builder(schema);
    bool any = false;
    for (std::size_t i = 0; i < layer.fields.size(); ++i) {
        if (i < values.size() && values[i])
            builder.column(i).add(*values[i]);
        else
            builder.column(i).add_null();
        any = any || (i < values.size() && values[i]);
    }
    builder.end_row();
    hits.snapshot = store::make_snapshot(std::move(builder).finish(), {0}, layer.name, {}, nullptr, context.run);
    if (any)
        hits.rows = {0};
    return hits;
}

std::vector<std::string> map_tips_of(const ows::FaceContext& context, const LayerHits& hits)
{
    std::vector<std::int64_t> fids;
    for (const std::int64_t row : hits.rows)
        fids.push_back(hits.snapshot->fids[static_cast<std::size_t>(row)]);
    return context.project.drawer().map_tips(hits.layer->name, fids, context.run);
}

/// Whether features are asked for without a place of the map: by FILTER_GEOM, or by FILTER where there is no pixel.
bool without_place(const KeyValues& kv)
{
    const bool pixel = kv.find("I") || kv.find("J") || kv.find("X") || kv.find("Y");
    return kv.find("FILTER_GEOM") || (kv.find("FILTER") && !pixel);
}

}  // namespace

http::Response get_feature_info(const ows::FaceContext& context, const KeyValues& kv, const std::string& version)
{
    const bool rows_alone = without_place(kv);
    MapRequest map = read_map_request(context, kv, version, rows_alone ? Purpose::rows : Purpose::place);
    const std::vector<const PublishedLayer*> layers = queried_layers(context, kv);
    const std::string wanted = kv.get("INFO_FORMAT", "text/plain");
    const auto format = info_format(wanted);
    if (!format)
        throw OwsException(Code::invalid_format, "INFO_FORMAT", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, wanted));
    const std::int64_t asked = kv.integer_or("FEATURE_COUNT", 1, 1, 1'000'000'000);
    const Place place = rows_alone ? Place() : read_place(kv, version, map);
    const Tolerance tolerance = read_tolerance(kv);

    InfoStyle style;
    style.format = *format;
    style.crs = *format == InfoFormat::geojson ? "OGC:CRS84" : map.spec.crs;
    style.swapped = map.crs.swapped;
    style.with_geometry = kv.boolean_or("WITH_GEOMETRY", has_geometries(*format));
    style.only_map_tips = ows::equal_ignoring_case(kv.get("WITH_MAPTIP"), "HTML_FI_ONLY_MAPTIP");
    style.language = ows::language_of(context);
    style.with_boxes = context.model.boxes_in_feature_info || style.with_geometry;
    style.box_crs = version == "1.1.1" ? "SRS" : "CRS";
    const bool map_tips = style.only_map_tips || kv.boolean_or("WITH_MAPTIP", false);

    const std::int64_t count = std::min(asked, map_tips ? most_tips : most_features);
    bool cut = false;
    std::vector<LayerHits> hits;
    for (const PublishedLayer* layer : layers) {
        const bool raster = layer->type == project::LayerType::raster;
        if (raster && (rows_alone || !context.project.drawer().draws(map.spec, layer->name, {0}, context.run).front()))
            continue;
        LayerHits found = rows_alone ? find_rows(context, *layer, map, kv.find("FILTER_GEOM"), count)
                          : raster   ? find_values(context, *layer, place, map.spec)
                                     : find_hits(context, *layer, place, tolerance, map, count);
        cut = cut || found.matched > count;
        if (found.rows.empty())
            continue;
        if (*format == InfoFormat::geojson && !found.is_raster())
            found.geometry = crs::transformed(found.geometry, "OGC:CRS84", context.run);
        if (map_tips && layer->has_map_tip)
            found.map_tips = map_tips_of(context, found);
        hits.push_back(std::move(found));
    }
    if (cut && count < asked)
        map.warnings.push_back("99 FEATURE_COUNT cut to " + std::to_string(count) + " features of a layer" + (map_tips ? " with map tips" : ""));
    Document document = write_feature_info(style, hits);
    http::Response response;
    response.content_type = std::move(document.content_type);
    response.body = std::move(document.body);
    response.set_header("Vary", "Accept-Language");
    add_warnings(response, map);
    return response;
}

}  // namespace stadtgdi::wms
