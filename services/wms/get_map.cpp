// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wms/dimensions.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/requests.hpp>

#include <algorithm>

namespace stadtgdi::wms {

using ows::KeyValues;

namespace {

enum class Report { xml, in_image, blank };

Report report_of(const KeyValues& kv)
{
    const std::string wanted = ows::upper(kv.get("EXCEPTIONS", "XML"));
    if (wanted == "INIMAGE" || wanted == "APPLICATION/VND.OGC.SE_INIMAGE")
        return Report::in_image;
    if (wanted == "BLANK" || wanted == "APPLICATION/VND.OGC.SE_BLANK")
        return Report::blank;
    return Report::xml;
}

http::Response image_response(const render::Image& image, const PictureRequest& picture)
{
    http::Response response;
    response.content_type = picture.mime_type;
    response.body = render::encode(image, picture.format, picture.quality);
    response.compressible = false;
    return response;
}

bool says_now(const std::string& values) { return ows::upper(values).find("CURRENT") != std::string::npos; }

/// Whether a dimension is asked for by what is the case now, or without it that is shown, so that the picture changes by itself.
bool asks_for_now(const ows::FaceContext& context, const KeyValues& kv, const render::MapSpec& spec)
{
    const auto asks = [](const auto& pair) {
        const std::string name = ows::upper(pair.first);
        return (name == "TIME" || name == "DATE" || name.starts_with("DIM_")) && says_now(pair.second);
    };
    if (std::ranges::any_of(kv.all(), asks))
        return true;
    return std::ranges::any_of(spec.layers, [&](const render::MapSpec::Layer& layer) {
        return std::ranges::any_of(offered_dimensions(*context.model.find(layer.name)), [&](const project::Dimension& dimension) {
            return dimension.shown == project::Dimension::Default::reference && says_now(dimension.reference) && kv.get(parameter_of(dimension)).empty();
        });
    });
}

/// Empty where a change of the data would go unnoticed.
std::string etag_of(const ows::FaceContext& context, const KeyValues& kv, const render::MapSpec& spec)
{
    if (asks_for_now(context, kv, spec))
        return {};
    for (const render::MapSpec::Layer& layer : spec.layers)
        if (!context.project.watched(layer.name))
            return {};
    std::string text = context.project.version() + '\n' + context.rights.key();
    for (const auto& [name, value] : kv.all())
        text += '\n' + name + '=' + value;
    return "m" + http::tag_of(text);
}

/// Clients say it in words of their own: any but FALSE will do, as for QGIS Server.
bool is_tile(const KeyValues& kv)
{
    const std::string tiled = ows::upper(kv.get("TILED", "FALSE"));
    return tiled != "FALSE" && tiled != "0";
}

/// Of a tile, as much around it as the project says: symbols and labels that reach in from there are not cut at its edges.
render::Image drawn_with_buffer(const ows::FaceContext& context, render::MapSpec spec)
{
    const int buffer = context.model.tile_buffer, width = spec.width, height = spec.height;
    const double x = buffer * (spec.box.xmax - spec.box.xmin) / width, y = buffer * (spec.box.ymax - spec.box.ymin) / height;
    spec.box = {spec.box.xmin - x, spec.box.ymin - y, spec.box.xmax + x, spec.box.ymax + y};
    spec.width += 2 * buffer;
    spec.height += 2 * buffer;
    return render::cut_out(context.project.drawer().draw(spec, context.run), buffer, buffer, width, height);
}

http::Response draw(const ows::FaceContext& context, const KeyValues& kv, const std::string& version)
{
    MapRequest request = read_map_request(context, kv, version);
    const PictureRequest picture = read_picture_request(context, kv);
    request.spec.transparent = picture.transparent;
    request.spec.background = picture.background;
    const bool buffered = is_tile(kv) && context.model.tile_buffer > 0;
    const std::string etag = etag_of(context, kv, request.spec);
    if (!etag.empty() && http::has_etag(context.request, etag))
        return http::not_modified(etag);
    http::Response response = image_response(buffered ? drawn_with_buffer(context, request.spec) : context.project.drawer().draw(request.spec, context.run), picture);
    response.etag = etag;
    add_warnings(response, request);
    return response;
}

/// The picture that tells of an error; nothing where even its size or format is wrong.
std::optional<http::Response> error_picture(const ows::FaceContext& context, const KeyValues& kv, const ows::OwsException& error, Report report)
{
    try {
        const PictureRequest picture = read_picture_request(context, kv);
        const std::string text = report == Report::blank ? std::string() : error.message().in(ows::language_of(context));
        return image_response(context.project.drawer().draw_text(text, picture.width, picture.height, picture.transparent, picture.background), picture);
    } catch (const ows::OwsException&) {
        return {};
    }
}

}  // namespace

http::Response get_map(const ows::FaceContext& context, const KeyValues& kv, const std::string& version)
{
    const Report report = report_of(kv);
    if (report == Report::xml)
        return draw(context, kv, version);
    try {
        return draw(context, kv, version);
    } catch (const std::exception& error) {
        if (const auto* known = dynamic_cast<const Error*>(&error); known != nullptr && known->kind() == ErrorKind::cancelled)
            throw;
        if (std::optional<http::Response> picture = error_picture(context, kv, ows::from_error(error, version), report))
            return *std::move(picture);
        throw;
    }
}

}  // namespace stadtgdi::wms
