// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/exception.hpp>
#include <services/wms/capabilities_layers.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/requests.hpp>

#include <algorithm>

namespace stadtgdi::wms {

namespace {

/// A rule that is not there is the client's error.
template <class Make>
auto with_rule(const render::LegendSpec& spec, const Make& make)
{
    try {
        return make();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found || spec.rule.empty())
            throw;
        throw ows::invalid_parameter("RULE", error.message());
    }
}

constexpr std::int64_t longest_map_side = 100'000;

/// WIDTH and HEIGHT are those of symbols, but with BBOX those of the map, as QGIS Server has them; of an entry alone they are its picture's.
bool has_symbol_size(const ows::KeyValues& kv) { return !kv.find("BBOX") || kv.find("RULE"); }

void read_symbol_size(const ows::KeyValues& kv, render::LegendSpec& spec)
{
    constexpr std::int64_t largest_symbol = 1024;
    const std::int64_t longest = has_symbol_size(kv) ? largest_symbol : longest_map_side;
    const auto width = static_cast<int>(kv.integer_or("WIDTH", 0, 1, longest)), height = static_cast<int>(kv.integer_or("HEIGHT", width, 1, longest));
    if (!has_symbol_size(kv) || width == 0 || height == 0)
        return;
    spec.width = width;
    spec.height = height;
}

render::RuleLabels rule_labels(const ows::KeyValues& kv)
{
    if (ows::equal_ignoring_case(kv.get("RULELABEL"), "AUTO"))
        return render::RuleLabels::of_several;
    return kv.boolean_or("RULELABEL", true) ? render::RuleLabels::all : render::RuleLabels::none;
}

/// With BBOX only entries of what the map shows there; with SCALE alone, of what it shows anywhere at that scale, where
/// symbols depend on it.
void keep_shown_entries(const ows::FaceContext& context, const ows::KeyValues& kv, render::LegendSpec& spec)
{
    std::optional<ows::CrsName> crs;
    table::Box box = table::Box::none();
    if (const auto text = kv.find("BBOX")) {
        const std::string version = kv.get("VERSION", "1.3.0").starts_with("1.1.1") ? "1.1.1" : "1.3.0";
        crs = ows::wms_crs(kv.get("CRS", kv.get("SRS", context.model.crs)), version, context.model);
        box = ows::parse_wms_box(*text, *crs);
        const std::int64_t width = kv.integer_or(kv.find("SRCWIDTH") || has_symbol_size(kv) ? "SRCWIDTH" : "WIDTH", 0, 1, longest_map_side);
        if (spec.scale_denominator == 0 && width > 0)
            spec.scale_denominator = scale_denominator(crs->code, box, static_cast<int>(width), spec.dpi);
    } else if (spec.scale_denominator == 0) {
        return;
    }
    for (render::MapSpec::Layer& layer : spec.layers) {
        const project::PublishedLayer& published = *context.model.find(layer.name);
        if (published.type != project::LayerType::vector)
            continue;
        project::LegendContent content;
        content.scale_denominator = spec.scale_denominator;
        content.box = table::Box::none();
        if (crs) {
            content.box = crs::transformed(box, crs->code, published.crs);
            if (content.box.empty()) {
                layer.entries.emplace();
                continue;
            }
        }
        layer.entries = context.project.entries_in(layer.name, layer.style, content, context.run);
    }
}

}  // namespace

http::Response get_legend_graphic(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& /*version*/)
{
    refuse_foreign_styles(kv);
    if (kv.find("SLD_BODY"))
        throw ows::OwsException(ows::Code::option_not_supported, "SLD_BODY", {"Legends are drawn of the layers' own styles.", "Legenden werden von den eigenen Stilen der Layer gezeichnet."});
    const char* parameter = kv.find("LAYER") || !kv.find("LAYERS") ? "LAYER" : "LAYERS";
    kv.required(parameter);
    const std::vector<std::string> names = listed_layers(kv, parameter);
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
            if (!known && !style.empty() && style != "default" && style != inspire_style)
                throw ows::OwsException(ows::Code::style_not_defined, "STYLE",
                                        base::filled({"Layer '{0}' has no style '{1}'.", "Der Layer '{0}' hat keinen Stil '{1}'."}, names[i], style));
            if (kv.find("LANGUAGE") && !layer->definition.empty())
                spec.language = ows::language_of(context);
            add_once(spec.layers, {layer->name, known ? style : std::string()}, parameter);
        }
    }
    spec.rule = kv.get("RULE");
    spec.scale_denominator = kv.number_or("SCALE", 0, 0, 1e10);
    read_symbol_size(kv, spec);
    spec.rule_labels = rule_labels(kv);
    spec.dpi = dots_per_inch(context, kv);
    spec.transparent = kv.boolean_or("TRANSPARENT", false);
    spec.layer_titles = kv.boolean_or("LAYERTITLE", several);

    keep_shown_entries(context, kv, spec);
    const std::string wanted = kv.get("FORMAT", "image/png");
    if (ows::equal_ignoring_case(wanted, "application/json")) {
        spec.layer_titles = true;
        http::Response response;
        response.body = with_rule(spec, [&] { return context.project.drawer().legend_json(spec, kv.boolean_or("SHOWRULEDETAILS", false), context.run); });
        response.content_type = "application/json; charset=utf-8";
        return response;
    }
    const auto format = image_format(wanted);
    if (!format)
        throw ows::OwsException(ows::Code::invalid_format, "FORMAT", base::filled({"Format '{0}' is not offered.", "Das Format '{0}' wird nicht angeboten."}, wanted));
    http::Response response;
    response.body = with_rule(spec, [&] { return context.project.drawer().encoded_legend(spec, *format, context.run); });
    response.content_type = render::mime_type(*format);
    response.compressible = false;
    return response;
}

}  // namespace stadtgdi::wms
