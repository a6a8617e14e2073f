// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/crs.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/exception.hpp>
#include <services/tiles/make_tile.hpp>
#include <services/tiles/wmts_requests.hpp>
#include <services/wms/feature_info_formats.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/requests.hpp>

#include <algorithm>
#include <array>

namespace stadtgdi::tiles {

using ows::Code;
using ows::OwsException;

const std::vector<Ending>& picture_endings()
{
    static const std::vector<Ending> endings{{"png", "image/png"}, {"jpg", "image/jpeg"}, {"webp", "image/webp"}};
    return endings;
}

const std::vector<Ending>& info_endings()
{
    static const std::vector<Ending> endings{{"txt", "text/plain"}, {"html", "text/html"}, {"xml", "text/xml"}, {"json", "application/json"}, {"geojson", "application/geo+json"}};
    return endings;
}

namespace {

/// Pixel of the tile.
int tile_pixel(const std::string& text, std::string_view name)
{
    const auto value = ows::parse_integer(text);
    if (!value)
        throw ows::invalid_parameter(name, base::filled({"{0} is '{1}', expected is a whole number.", "{0} ist '{1}', erwartet wird eine ganze Zahl."}, std::string(name), text));
    if (*value < 0 || *value >= tile_size)
        throw OwsException(Code::point_ij_out_of_range, name, base::filled({"{0} is {1}, expected 0 to {2}.", "{0} ist {1}, erwartet wird 0 bis {2}."}, std::string(name), text, std::to_string(tile_size - 1)));
    return static_cast<int>(*value);
}

}  // namespace

http::Response wmts_tile(const ows::FaceContext& context, const AskedTile& tile, const std::string& format)
{
    const auto known = std::ranges::any_of(picture_endings(), [&](const Ending& ending) { return format == ending.type; });
    const auto image = wms::image_format(format);
    if (!known || !image)
        throw ows::invalid_parameter("format", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, format));
    std::vector<render::MapSpec::Layer> layers;
    for (const project::PublishedLayer* layer : tile.layer.layers)
        layers.push_back({layer->name, tile.style});
    return tile_response(context, make_map_tile(context, layers, *tile.set, tile.index, *image), format);
}

http::Response wmts_feature_info(const ows::FaceContext& context, const AskedTile& tile, const std::string& i, const std::string& j, const std::string& format)
{
    if (!tile.layer.queryable)
        throw OwsException(Code::operation_not_supported, "GetFeatureInfo", base::filled({"Layer '{0}' cannot be queried.", "Der Layer '{0}' ist nicht abfragbar."}, tile.layer.name));
    if (std::ranges::find(wms::feature_info_formats(), format) == wms::feature_info_formats().end())
        throw ows::invalid_parameter("InfoFormat", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, format));
    const int column = tile_pixel(i, "I"), row = tile_pixel(j, "J");
    const table::Box box = box_of(*tile.set, tile.index);
    const bool swapped = crs::info(tile.set->crs).northing_first;
    std::string corners;
    const std::array<double, 4> numbers = swapped ? std::array{box.ymin, box.xmin, box.ymax, box.xmax} : std::array{box.xmin, box.ymin, box.xmax, box.ymax};
    for (const double number : numbers)
        corners += (corners.empty() ? "" : ",") + table::number_text(number);
    const std::string size = std::to_string(tile_size);
    return wms::get_feature_info(context,
                                 ows::KeyValues({{"LAYERS", tile.layer.name}, {"QUERY_LAYERS", tile.layer.name}, {"STYLES", tile.style}, {"CRS", ows::wms_name(tile.set->crs)}, {"BBOX", corners},
                                                 {"WIDTH", size}, {"HEIGHT", size}, {"I", std::to_string(column)}, {"J", std::to_string(row)}, {"INFO_FORMAT", format}, {"FEATURE_COUNT", "10"}}),
                                 "1.3.0");
}

}  // namespace stadtgdi::tiles
