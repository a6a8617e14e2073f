// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/wmts.hpp>

#include <services/features/ask.hpp>
#include <services/ows/exception.hpp>
#include <services/tiles/resources.hpp>
#include <services/tiles/wmts_requests.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>

namespace stadtgdi::tiles {

using ows::Code;
using ows::KeyValues;
using ows::OwsException;

namespace {

http::Response report(const ows::FaceContext& context, const OwsException& error)
{
    return ows::ows_exception(error, ows::language_of(context), "1.0.0");
}

/// What `request` gives; `status` of errors of the client, 0: that of their code.
template <class Request> http::Response answered(const ows::FaceContext& context, const Request& request, int status = 0)
{
    const auto shown = [&](const OwsException& error) {
        http::Response response = report(context, error);
        if (status != 0 && response.status == 400)
            response.status = status;
        return response;
    };
    try {
        return request();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled)
            throw;
        return shown(ows::from_error(error, {}));
    } catch (const std::exception& error) {
        return shown(ows::from_error(error, {}));
    }
}

http::Response by_parameters(const ows::FaceContext& context, const KeyValues& kv)
{
    const std::string request = kv.required("request");
    const auto is = [&](std::string_view name) { return ows::equal_ignoring_case(request, name); };
    if (is("GetCapabilities"))
        return wmts_capabilities(context, kv);
    if (!is("GetTile") && !is("GetFeatureInfo"))
        throw ows::invalid_parameter("request", base::filled({"'{0}' is no request of WMTS that is offered.", "'{0}' ist keine angebotene Anfrage des WMTS."}, request));
    if (const std::string version = kv.required("version"); version != "1.0.0")
        throw ows::invalid_parameter("version", base::filled({"Version '{0}' is not spoken, 1.0.0 is.", "Die Version '{0}' wird nicht unterstützt, nur 1.0.0."}, version));
    TileWords words;
    words.layer = kv.required("layer");
    if (!kv.has("style"))
        throw ows::missing_parameter("style");  // it may be empty
    words.style = kv.get("style");
    const std::string format = kv.required("format");
    words.set = kv.required("TileMatrixSet");
    words.matrix = kv.required("TileMatrix");
    words.row = kv.required("TileRow");
    words.column = kv.required("TileCol");
    if (is("GetTile"))
        return wmts_tile(context, read_tile(context, words), format);
    const std::string i = kv.required("I"), j = kv.required("J"), info_format = kv.required("InfoFormat");
    return wmts_feature_info(context, read_tile(context, words), i, j, info_format);
}

OwsException no_such_address() { return {Code::not_found, "", {"There is nothing at this address.", "Unter dieser Adresse gibt es nichts."}, 404}; }

/// "17.png" as the name before the point and the type that its ending stands for.
std::pair<std::string, std::string> with_ending(const std::string& text, const std::vector<Ending>& endings)
{
    const std::size_t point = text.rfind('.');
    if (point != std::string::npos)
        for (const Ending& ending : endings)
            if (text.substr(point + 1) == ending.ending)
                return {text.substr(0, point), ending.type};
    throw no_such_address();
}

http::Response by_address(const ows::FaceContext& context)
{
    std::vector<std::string> rest(context.request.segments.begin() + 2, context.request.segments.end());
    if (rest.empty() || rest.front() != "1.0.0")
        throw no_such_address();
    rest.erase(rest.begin());
    if (rest.size() == 1 && rest.front() == "WMTSCapabilities.xml") {
        if (const std::string accept = context.request.header("accept");
            !accept.empty() && features::weight(accept, "application/xml") == 0 && features::weight(accept, "text/xml") == 0)
            throw OwsException(Code::invalid_parameter_value, "Accept", {"The capabilities are XML.", "Die Capabilities sind XML."}, 406);
        http::Response response = wmts_capabilities(context, {});
        response.set_header("Vary", "Accept, Accept-Language");
        return response;
    }
    if (rest.size() == 6) {
        const auto [column, type] = with_ending(rest[5], picture_endings());
        return wmts_tile(context, read_tile(context, {rest[0], rest[1], rest[2], rest[3], rest[4], column}), type);
    }
    if (rest.size() != 8)
        throw no_such_address();
    const auto [i, type] = with_ending(rest[7], info_endings());
    return wmts_feature_info(context, read_tile(context, {rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]}), i, rest[6], type);
}

std::int64_t whole_number(const std::string& text, std::string_view name)
{
    if (const auto value = ows::parse_integer(text))
        return *value;
    throw ows::invalid_parameter(name, base::filled({"{0} is '{1}', expected is a whole number.", "{0} ist '{1}', erwartet wird eine ganze Zahl."}, std::string(name), text));
}

void expect_between(std::int64_t value, std::int64_t first, std::int64_t last, std::string_view name)
{
    if (value < first || value > last)
        throw OwsException(Code::tile_out_of_range, name, base::filled({"{0} is {1}, expected {2} to {3}.", "{0} ist {1}, erwartet wird {2} bis {3}."}, std::string(name),
                                                                       std::to_string(value), std::to_string(first), std::to_string(last)));
}

}  // namespace

std::vector<WmtsLayer> wmts_layers(const project::ProjectModel& model)
{
    std::vector<WmtsLayer> all;
    if (model.find(model.root_name) == nullptr && !model.root_name.empty()) {
        WmtsLayer whole{model.root_name, model.title.empty() ? model.id : model.title, model.abstract, model.keywords, wms::opened_layers(model), {"default"}, false};
        whole.queryable = std::ranges::any_of(whole.layers, &project::PublishedLayer::queryable);
        if (!whole.layers.empty())
            all.push_back(std::move(whole));
    }
    for (auto layer = model.layers.rbegin(); layer != model.layers.rend(); ++layer)
        if (wms::is_offered(*layer))
            all.push_back({layer->name, layer->title.empty() ? layer->name : layer->title, layer->abstract, layer->keywords, {&*layer},
                           layer->styles.empty() ? std::vector<std::string>{"default"} : layer->styles, layer->queryable});
    return all;
}

std::optional<TileLimits> limits_of(const WmtsLayer& layer, const TileMatrixSet& set, std::size_t level)
{
    const table::Box extent = extent_in(layer.layers, set.crs);
    if (extent.empty())
        return TileLimits{0, set.matrices[level].height - 1, 0, set.matrices[level].width - 1};
    return limits_of(set, level, extent, limits_margin_pixels);
}

AskedTile read_tile(const ows::FaceContext& context, const TileWords& words)
{
    AskedTile tile;
    std::vector<WmtsLayer> layers = wmts_layers(context.model);
    const auto layer = std::ranges::find(layers, words.layer, &WmtsLayer::name);
    if (layer == layers.end())
        throw ows::invalid_parameter("layer", base::filled({"Layer '{0}' is not offered.", "Der Layer '{0}' wird nicht angeboten."}, words.layer));
    tile.layer = std::move(*layer);
    const auto style = std::ranges::find(tile.layer.styles, words.style);
    if (style == tile.layer.styles.end() && !words.style.empty() && words.style != "default")
        throw ows::invalid_parameter("Style", base::filled({"Layer '{0}' has no style '{1}'.", "Der Layer '{0}' hat keinen Stil '{1}'."}, words.layer, words.style));
    if (style != tile.layer.styles.end() && style != tile.layer.styles.begin())
        tile.style = *style;
    tile.set = find_tile_matrix_set(words.set);
    if (tile.set == nullptr)
        throw ows::invalid_parameter("TileMatrixSet", base::filled({"There is no tile matrix set '{0}'.", "Ein Kachelschema '{0}' gibt es nicht."}, words.set));
    const auto level = find_level(*tile.set, words.matrix);
    if (!level)
        throw ows::invalid_parameter("TileMatrix", base::filled({"There is no tile matrix '{0}'.", "Eine Kachelmatrix '{0}' gibt es nicht."}, words.matrix));
    tile.index = {*level, whole_number(words.row, "TileRow"), whole_number(words.column, "TileCol")};
    const auto limits = limits_of(tile.layer, *tile.set, *level);
    if (!limits)
        throw OwsException(Code::tile_out_of_range, "TileMatrixSet", {"The layer lies outside of the tile matrix set.", "Der Layer liegt außerhalb des Kachelschemas."});
    expect_between(tile.index.row, limits->first_row, limits->last_row, "TileRow");
    expect_between(tile.index.column, limits->first_column, limits->last_column, "TileCol");
    return tile;
}

http::Response handle_wmts(const ows::FaceContext& context, const KeyValues& kv)
{
    return answered(context, [&] { return by_parameters(context, kv); });
}

http::Response handle_wmts_address(const ows::FaceContext& context)
{
    // What an address does not lead to is not there.
    return answered(context, [&] { return by_address(context); }, 404);
}

}  // namespace stadtgdi::tiles
