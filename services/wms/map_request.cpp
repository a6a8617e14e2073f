// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/map_request.hpp>

#include <layers/crs/crs.hpp>
#include <services/ows/exception.hpp>
#include <services/wms/capabilities_layers.hpp>
#include <services/wms/highlights.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/row_choice.hpp>
#include <services/wms/sld.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stadtgdi::wms {

using ows::Code;
using ows::KeyValues;
using ows::OwsException;

namespace {

constexpr double standard_dpi = 25.4 / 0.28;

std::uint32_t background_of(const KeyValues& kv)
{
    const std::string text = kv.get("BGCOLOR", "0xFFFFFF");
    const auto colour = text.starts_with("0x") || text.starts_with("0X") ? ows::parse_colour(std::string_view(text).substr(2)) : std::nullopt;
    if (!colour)
        throw ows::invalid_parameter("BGCOLOR", base::filled({"BGCOLOR is '{0}', expected 0xRRGGBB.", "BGCOLOR ist '{0}', erwartet wird 0xRRGGBB."}, text));
    return *colour;
}

[[noreturn]] void no_style(const std::string& layer, const std::string& style)
{
    throw OwsException(Code::style_not_defined, "STYLES",
                       base::filled({"Layer '{0}' has no style '{1}'.", "Der Layer '{0}' hat keinen Stil '{1}'."}, layer, style));
}

std::vector<double> opacities(const KeyValues& kv)
{
    std::vector<double> list;
    for (const std::string& text : kv.list("OPACITIES")) {
        const auto value = ows::parse_integer(text);
        if (!value || *value < 0 || *value > 255)
            throw ows::invalid_parameter("OPACITIES", base::filled({"OPACITIES has '{0}', expected 0 to 255.", "OPACITIES enthält '{0}', erwartet wird 0 bis 255."}, text));
        list.push_back(static_cast<double>(*value) / 255.0);
    }
    return list;
}

/// A style may come by its name, or from a description that the client sends along.
void add_layers(const ows::FaceContext& context, const KeyValues& kv, const Sld* sld, render::MapSpec& spec)
{
    kv.required("LAYERS");
    const std::vector<std::string> names = listed_layers(kv, "LAYERS");
    expect_few(names.size(), "LAYERS");
    const std::vector<std::string> styles = kv.list("STYLES");
    // Blank members beyond the layers are harmless; anything else there names a style for no layer.
    for (std::size_t i = names.size(); i < styles.size(); ++i)
        if (!styles[i].empty())
            throw OwsException(Code::style_not_defined, "STYLES", {"STYLES has more entries than LAYERS.", "STYLES hat mehr Einträge als LAYERS."});
    const std::vector<double> opacity = opacities(kv);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Named named = resolve(context.model, names[i], "LAYERS");
        const std::string style = i < styles.size() ? styles[i] : std::string();
        const std::optional<double> own_opacity = i < opacity.size() ? std::optional(opacity[i]) : std::nullopt;
        for (const project::PublishedLayer* layer : named.layers) {
            const bool known = std::find(layer->styles.begin(), layer->styles.end(), style) != layer->styles.end();
            // "default" is what a group's only style would be called; every layer knows it as the one it opens with.
            const bool opening = style.empty() || (!known && (style == "default" || style == inspire_style));
            if (sld != nullptr && sld->find(names[i], style) != nullptr) {
                if (named.is_group)
                    no_style(names[i], style);
                add_once(spec.layers, {layer->name, style, own_opacity}, "LAYERS");
                continue;
            }
            if (!opening && (!known || named.is_group))
                no_style(names[i], style);
            // Beside styles of the client's own the layer's is named, so that none of them takes its place.
            add_once(spec.layers, {layer->name, opening && sld == nullptr ? std::string() : opening ? layer->styles.front() : style, own_opacity}, "LAYERS");
        }
    }
}

void add_layers_of(const ows::FaceContext& context, const Sld& sld, render::MapSpec& spec)
{
    for (const SldStyle& style : sld.styles) {
        const Named named = resolve(context.model, style.layer, "SLD_BODY");
        if (named.is_group)
            no_style(style.layer, style.name);
        const project::PublishedLayer& layer = *named.layers.front();
        if (style.by_name && !style.name.empty() && std::ranges::find(layer.styles, style.name) == layer.styles.end())
            no_style(style.layer, style.name);
        add_once(spec.layers, {layer.name, style.name}, "SLD_BODY");
    }
}

/// In the style they open with; those that are there stay as they are.
void add_queried_layers(const ows::FaceContext& context, const KeyValues& kv, render::MapSpec& spec)
{
    const std::vector<std::string> names = kv.list("QUERY_LAYERS");
    expect_few(names.size(), "QUERY_LAYERS");
    for (const std::string& name : names)
        for (const project::PublishedLayer* layer : resolve(context.model, name, "QUERY_LAYERS").layers)
            if (std::ranges::none_of(spec.layers, [&](const render::MapSpec::Layer& other) { return other.name == layer->name; }))
                add_once(spec.layers, {layer->name, {}}, "QUERY_LAYERS");
}

/// Metres on the ground that a unit of the CRS stands for, in the middle of the box.
double metres_per_unit(const std::string& crs, const table::Box& box)
{
    const crs::CrsInfo& info = crs::info(crs);
    if (!info.geographic)
        return info.metres_per_unit;
    return info.metres_per_unit * std::max(0.01, std::cos((box.ymin + box.ymax) / 2 * std::numbers::pi / 180));
}

}  // namespace

int largest_width(const ows::FaceContext& context)
{
    return context.model.max_width > 0 ? std::min(context.model.max_width, context.limits.max_width) : context.limits.max_width;
}

int largest_height(const ows::FaceContext& context)
{
    return context.model.max_height > 0 ? std::min(context.model.max_height, context.limits.max_height) : context.limits.max_height;
}

std::optional<render::ImageFormat> image_format(std::string_view name)
{
    std::string plain;
    for (const char c : ows::upper(name))
        if (c != ' ')
            plain += c;
    if (plain == "IMAGE/PNG" || plain == "PNG" || plain == "IMAGE/PNG;MODE=24BIT" || plain == "IMAGE/PNG;MODE=16BIT")
        return render::ImageFormat::png;
    if (plain == "IMAGE/PNG;MODE=8BIT" || plain == "IMAGE/PNG8")
        return render::ImageFormat::png8;
    if (plain == "IMAGE/JPEG" || plain == "IMAGE/JPG" || plain == "JPEG" || plain == "JPG")
        return render::ImageFormat::jpeg;
    if (plain == "IMAGE/WEBP" || plain == "WEBP")
        return render::ImageFormat::webp;
    return {};
}

double dots_per_inch(const ows::FaceContext& context, const KeyValues& kv)
{
    std::string_view parameter = "DPI";
    std::string text = kv.get("DPI");
    if (text.empty()) {
        parameter = "MAP_RESOLUTION";
        text = kv.get(parameter);
    }
    if (text.empty() && kv.find("FORMAT_OPTIONS"))
        for (const std::string& option : ows::split(kv.get("FORMAT_OPTIONS"), ';'))
            if (ows::upper(option).starts_with("DPI:")) {
                parameter = "FORMAT_OPTIONS";
                text = option.substr(4);
            }
    if (text.empty())
        return standard_dpi;
    const auto value = ows::parse_number(text);
    if (!value || *value < 10 || *value > context.limits.max_dpi)
        throw ows::invalid_parameter(parameter, base::filled({"The resolution is '{0}', expected 10 to {1} dots per inch.",
                                                              "Die Auflösung ist '{0}', erwartet werden 10 bis {1} Punkte je Zoll."},
                                                             text, std::to_string(static_cast<int>(context.limits.max_dpi))));
    return *value;
}

PictureRequest read_picture_request(const ows::FaceContext& context, const KeyValues& kv)
{
    PictureRequest picture;
    picture.mime_type = kv.required("FORMAT");
    const auto format = image_format(picture.mime_type);
    if (!format)
        throw OwsException(Code::invalid_format, "FORMAT", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, picture.mime_type));
    picture.format = *format;
    picture.mime_type = *format == render::ImageFormat::png8 ? "image/png; mode=8bit" : render::mime_type(*format);
    picture.width = static_cast<int>(kv.integer("WIDTH", 1, largest_width(context)));
    picture.height = static_cast<int>(kv.integer("HEIGHT", 1, largest_height(context)));
    picture.transparent = kv.boolean_or("TRANSPARENT", false) && picture.format != render::ImageFormat::jpeg;
    picture.background = background_of(kv);
    picture.quality = static_cast<int>(kv.integer_or("IMAGE_QUALITY", context.model.image_quality > 0 ? context.model.image_quality : -1, 1, 100));
    return picture;
}

void add_warnings(http::Response& response, const MapRequest& request)
{
    for (std::string warning : request.warnings) {
        std::ranges::replace_if(warning, [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f; }, '?');
        response.headers.emplace_back("Warning", std::move(warning));
    }
}

std::vector<std::string> listed_layers(const KeyValues& kv, std::string_view parameter)
{
    std::vector<std::string> names = kv.list(parameter);
    while (names.size() > 1 && names.back().empty())
        names.pop_back();
    return names;
}

double scale_denominator(const std::string& crs, const table::Box& box, int width, double dpi)
{
    return (box.xmax - box.xmin) * metres_per_unit(crs, box) / width * dpi / 0.0254;
}

void refuse_foreign_styles(const KeyValues& kv)
{
    if (kv.find("SLD"))
        throw OwsException(Code::option_not_supported, "SLD", {"Styles are not fetched from elsewhere; SLD_BODY takes them.", "Stile werden nicht von anderswo geholt; SLD_BODY nimmt sie an."});
}

MapRequest read_map_request(const ows::FaceContext& context, const KeyValues& kv, const std::string& version, Purpose purpose)
{
    const bool rows_alone = purpose == Purpose::rows;
    refuse_foreign_styles(kv);
    std::optional<Sld> sld;
    if (const auto body = kv.find("SLD_BODY"))
        sld = read_sld(*body, "SLD_BODY");
    for (const SldStyle& style : sld ? sld->styles : std::vector<SldStyle>())
        resolve(context.model, style.layer, "SLD_BODY");
    MapRequest request;
    render::MapSpec& spec = request.spec;
    spec.project = context.model.id;
    if (sld && !kv.find("LAYERS"))
        add_layers_of(context, *sld, spec);
    else if (!rows_alone || kv.find("LAYERS"))
        add_layers(context, kv, sld ? &*sld : nullptr, spec);
    if (purpose != Purpose::map)
        add_queried_layers(context, kv, spec);
    const bool old = version == "1.1.1";
    auto crs = kv.find(old ? "SRS" : "CRS");
    if (!crs)
        crs = kv.find(old ? "CRS" : "SRS");  // clients mix the versions; the name is all that differs
    if (!crs)
        throw ows::missing_parameter(old ? "SRS" : "CRS");
    request.crs = ows::wms_crs(*crs, version, context.model);
    spec.crs = request.crs.code;
    spec.box = rows_alone && !kv.find("BBOX") ? table::Box::none() : ows::parse_wms_box(kv.required("BBOX"), request.crs);
    if (!rows_alone || kv.find("WIDTH"))
        spec.width = static_cast<int>(kv.integer("WIDTH", 1, largest_width(context)));
    if (!rows_alone || kv.find("HEIGHT"))
        spec.height = static_cast<int>(kv.integer("HEIGHT", 1, largest_height(context)));
    spec.dpi = dots_per_inch(context, kv);
    spec.highlights = read_highlights(kv);
    const bool has_scale = !spec.box.empty() && spec.width > 0;
    if (has_scale)
        request.scale_denominator = scale_denominator(spec.crs, spec.box, spec.width, spec.dpi);
    request.warnings = choose_rows(context, kv, spec.layers);
    request.layers = spec.layers;
    if (sld && has_scale)
        draw_by(*sld, context, request);
    return request;
}

}  // namespace stadtgdi::wms
