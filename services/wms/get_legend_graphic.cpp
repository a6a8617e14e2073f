// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/requests.hpp>

#include <algorithm>

namespace stadtgdi::wms {

http::Response get_legend_graphic(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& /*version*/)
{
    constexpr int largest_symbol = 1024;
    for (const char* name : {"SLD", "SLD_BODY"})
        if (kv.find(name))
            throw ows::OwsException(ows::Code::option_not_supported, name, {"Styles of the client's own are not taken.", "Eigene Stile des Clients werden nicht angenommen."});
    const char* parameter = kv.find("LAYER") || !kv.find("LAYERS") ? "LAYER" : "LAYERS";
    kv.required(parameter);
    const std::vector<std::string> names = kv.list(parameter);
    expect_few(names.size(), parameter);
    const std::vector<std::string> styles = kv.list(kv.find("STYLE") ? "STYLE" : "STYLES");

    render::LegendSpec spec;
    spec.project = context.model.id;
    bool several = names.size() > 1;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Named named = resolve(context.model, names[i], parameter);
        several = several || named.is_group;
        const std::string style = i < styles.size() ? styles[i] : std::string();
        for (const project::PublishedLayer* layer : named.layers) {
            const bool known = std::find(layer->styles.begin(), layer->styles.end(), style) != layer->styles.end();
            if (!known && !style.empty() && style != "default")
                throw ows::OwsException(ows::Code::style_not_defined, "STYLE",
                                        base::filled({"Layer '{0}' has no style '{1}'.", "Der Layer '{0}' hat keinen Stil '{1}'."}, names[i], style));
            add_once(spec.layers, {layer->name, known ? style : std::string(), 1.0}, parameter);
        }
    }
    spec.rule = kv.get("RULE");
    spec.scale_denominator = kv.number_or("SCALE", 0, 0, 1e10);
    spec.width = static_cast<int>(kv.integer_or("WIDTH", 0, 1, largest_symbol));
    spec.height = static_cast<int>(kv.integer_or("HEIGHT", spec.width, 1, largest_symbol));
    if (spec.width == 0 || spec.height == 0)
        spec.width = spec.height = 0;
    spec.dpi = dots_per_inch(context, kv);
    spec.transparent = kv.boolean_or("TRANSPARENT", false);
    spec.layer_titles = kv.boolean_or("LAYERTITLE", several);

    const std::string wanted = kv.get("FORMAT", "image/png");
    const auto format = image_format(wanted);
    if (!format)
        throw ows::OwsException(ows::Code::invalid_format, "FORMAT", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, wanted));
    http::Response response;
    try {
        response.body = render::encode(context.project.drawer().draw_legend(spec, context.run), *format);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found)
            throw;
        throw ows::invalid_parameter("RULE", error.message());
    }
    response.content_type = render::mime_type(*format);
    response.compressible = false;
    return response;
}

}  // namespace stadtgdi::wms
