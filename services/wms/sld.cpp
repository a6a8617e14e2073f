// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/sld.hpp>

#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/strict_xml.hpp>
#include <services/ows/xml_body.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/row_choice.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace stadtgdi::wms {

using render::PlainSymbol;

namespace {

constexpr std::size_t longest = 256 * 1024;
constexpr std::size_t most_rules = 100, most_dashes = 32;
constexpr double largest = 1000;  // pixels or metres

class SldReader {
public:
    SldReader(std::string_view text, std::string_view parameter) : m_parameter(parameter)
    {
        if (text.size() > longest)
            wrong({"it is longer than 256 KiB", "sie ist länger als 256 KiB"});
        auto document = std::make_shared<pugi::xml_document>();
        if (const auto fault = ows::read_strictly(text, *document))
            wrong(*fault);
        m_sld.document = std::move(document);
    }

    Sld read()
    {
        const pugi::xml_node root = m_sld.document->document_element();
        if (ows::local_name(root) != "StyledLayerDescriptor")
            wrong({"its root is not StyledLayerDescriptor", "ihre Wurzel ist nicht StyledLayerDescriptor"});
        for (const pugi::xml_node& child : root.children()) {
            if (child.type() != pugi::node_element || is_text(child))
                continue;
            if (ows::local_name(child) != "NamedLayer")
                refuse(child);
            read_layer(child);
        }
        if (m_sld.styles.empty())
            wrong({"it has no NamedLayer", "sie hat keinen NamedLayer"});
        return std::move(m_sld);
    }

    /// Of all symbolizers, whatever they are in.
    render::PlainSymbols read_symbols()
    {
        render::PlainSymbols symbols;
        const auto visit = [&](const pugi::xml_node& node) {
            if (ows::local_name(node).ends_with("Symbolizer"))
                read_symbolizer(node, symbols);
            return false;
        };
        m_sld.document->find_node(visit);
        return symbols;
    }

private:
    [[noreturn]] void wrong(const base::Text& what) const
    {
        throw ows::invalid_parameter(m_parameter, base::Text{"The style description cannot be used: " + what.en + ".", "Die Stilbeschreibung ist nicht verwendbar: " + what.de + "."});
    }
    [[noreturn]] void refuse(const pugi::xml_node& node) const
    {
        throw ows::OwsException(ows::Code::option_not_supported, m_parameter,
                                base::filled({"Style descriptions with '{0}' are not drawn.", "Stilbeschreibungen mit '{0}' werden nicht gezeichnet."}, std::string(ows::local_name(node))));
    }

    static bool is_text(const pugi::xml_node& node)
    {
        for (const char* name : {"Name", "Title", "Abstract", "Description"})
            if (ows::local_name(node) == name)
                return true;
        return false;
    }

    void read_layer(const pugi::xml_node& node)
    {
        const std::string layer(ows::trimmed(ows::child_of(node, "Name").child_value()));
        if (layer.empty())
            wrong({"a NamedLayer has no Name", "ein NamedLayer hat keinen Name"});
        bool any = false;
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element || is_text(child))
                continue;
            SldStyle style;
            style.layer = layer;
            style.name = ows::trimmed(ows::child_of(child, "Name").child_value());
            if (ows::local_name(child) == "NamedStyle")
                style.by_name = true;
            else if (ows::local_name(child) == "UserStyle")
                read_user_style(child, style);
            else
                refuse(child);
            m_sld.styles.push_back(std::move(style));
            any = true;
        }
        if (!any)
            m_sld.styles.push_back({layer, {}, true});
    }

    void read_user_style(const pugi::xml_node& node, SldStyle& style)
    {
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element || is_text(child))
                continue;
            if (ows::local_name(child) == "IsDefault") {
                const std::string_view value = ows::trimmed(child.child_value());
                style.is_default = value == "1" || value == "true";
            } else if (ows::local_name(child) == "FeatureTypeStyle") {
                style.feature_type_styles.emplace_back();
                for (const pugi::xml_node& rule : child.children())
                    if (ows::local_name(rule) == "Rule")
                        style.feature_type_styles.back().push_back(read_rule(rule));
                    else if (rule.type() == pugi::node_element && !is_text(rule) && ows::local_name(rule) != "FeatureTypeName" && ows::local_name(rule) != "SemanticTypeIdentifier")
                        refuse(rule);
            } else {
                refuse(child);
            }
        }
    }

    SldRule read_rule(const pugi::xml_node& node)
    {
        if (++m_rules > most_rules)
            wrong({"it has more than 100 rules", "sie hat mehr als 100 Regeln"});
        SldRule rule;
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element || is_text(child))
                continue;
            const std::string_view name = ows::local_name(child);
            if (name == "Filter")
                rule.filter = child;
            else if (name == "ElseFilter")
                rule.otherwise = true;
            else if (name == "MinScaleDenominator")
                rule.least_denominator = number(child, 0, 1e12);
            else if (name == "MaxScaleDenominator")
                rule.most_denominator = number(child, 0, 1e12);
            else if (name == "LegendGraphic")
                continue;
            else
                read_symbolizer(child, rule.symbols);
        }
        return rule;
    }

    void read_symbolizer(const pugi::xml_node& node, render::PlainSymbols& symbols)
    {
        PlainSymbol symbol;
        m_unit = 1;
        if (const std::string_view unit = node.attribute("uom").value(); unit.ends_with("metre") || unit.ends_with("foot")) {
            symbol.metres = true;
            m_unit = unit.ends_with("foot") ? 0.3048 : 1;
        } else if (!unit.empty() && !unit.ends_with("pixel")) {
            wrong(base::filled({"the unit '{0}' is not known", "die Einheit '{0}' ist nicht bekannt"}, std::string(unit)));
        }
        const std::string_view name = ows::local_name(node);
        if (name == "PointSymbolizer")
            symbol.kind = PlainSymbol::Kind::marker;
        else if (name == "LineSymbolizer")
            symbol.kind = PlainSymbol::Kind::line;
        else if (name == "PolygonSymbolizer")
            symbol.kind = PlainSymbol::Kind::fill;
        else
            refuse(node);
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element || is_text(child))
                continue;
            const std::string_view what = ows::local_name(child);
            if (what == "Graphic" && symbol.kind == PlainSymbol::Kind::marker)
                read_graphic(child, symbol);
            else if (what == "Fill" && symbol.kind == PlainSymbol::Kind::fill)
                symbol.fill = fill_of(child);
            else if (what == "Stroke" && symbol.kind != PlainSymbol::Kind::marker)
                symbol.stroke = stroke_of(child);
            else if (what == "PerpendicularOffset" && symbol.kind == PlainSymbol::Kind::line)
                m_offset = number(child, -largest, largest) * m_unit;
            else
                refuse(child);
        }
        if (symbol.kind == PlainSymbol::Kind::marker && !symbol.fill && !symbol.stroke) {
            symbol.fill = 0xff808080;
            symbol.stroke = PlainSymbol::Stroke{};
        }
        if (symbol.kind == PlainSymbol::Kind::line && !symbol.stroke)
            symbol.stroke = PlainSymbol::Stroke{};
        if (symbol.stroke)
            symbol.stroke->offset = std::exchange(m_offset, 0);
        if (++m_symbolizers > most_rules)
            wrong({"it has more than 100 symbolizers", "sie hat mehr als 100 Symbolizer"});
        symbols.push_back(std::move(symbol));
    }

    void read_graphic(const pugi::xml_node& node, PlainSymbol& symbol)
    {
        double opacity = 1;
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element)
                continue;
            const std::string_view name = ows::local_name(child);
            if (name == "Mark")
                read_mark(child, symbol);
            else if (name == "Size")
                symbol.size = number(child, 0, largest) * m_unit;
            else if (name == "Rotation")
                symbol.rotation = number(child, -3600, 3600);
            else if (name == "Opacity")
                opacity = number(child, 0, 1);
            else if (name == "Displacement") {
                symbol.dx = number(ows::child_of(child, "DisplacementX"), -largest, largest) * m_unit;
                symbol.dy = -number(ows::child_of(child, "DisplacementY"), -largest, largest) * m_unit;
            } else
                refuse(child);
        }
        if (symbol.fill)
            symbol.fill = faded(*symbol.fill, opacity);
        if (symbol.stroke)
            symbol.stroke->colour = faded(symbol.stroke->colour, opacity);
    }

    void read_mark(const pugi::xml_node& node, PlainSymbol& symbol)
    {
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element)
                continue;
            const std::string_view name = ows::local_name(child);
            if (name == "WellKnownName") {
                symbol.mark = value_of(child);
                static const std::vector<std::string> known{"square", "circle", "triangle", "star", "cross", "x"};
                if (std::ranges::find(known, symbol.mark) == known.end())
                    wrong(base::filled({"the mark '{0}' is not known", "die Marke '{0}' ist nicht bekannt"}, symbol.mark));
            } else if (name == "Fill")
                symbol.fill = fill_of(child);
            else if (name == "Stroke")
                symbol.stroke = stroke_of(child);
            else
                refuse(child);
        }
    }

    std::uint32_t fill_of(const pugi::xml_node& node) const
    {
        std::uint32_t colour_value = 0xff808080;
        double opacity = 1;
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element)
                continue;
            const std::string_view name = parameter_name(child);
            if (name == "fill")
                colour_value = colour(child);
            else if (name == "fill-opacity")
                opacity = number(child, 0, 1);
            else
                refuse(child);
        }
        return faded(colour_value, opacity);
    }

    PlainSymbol::Stroke stroke_of(const pugi::xml_node& node) const
    {
        PlainSymbol::Stroke stroke;
        double opacity = 1;
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() != pugi::node_element)
                continue;
            const std::string_view name = parameter_name(child);
            if (name == "stroke")
                stroke.colour = colour(child);
            else if (name == "stroke-opacity")
                opacity = number(child, 0, 1);
            else if (name == "stroke-width")
                stroke.width = number(child, 0, largest) * m_unit;
            else if (name == "stroke-linejoin")
                stroke.join = choice<PlainSymbol::Stroke::Join>(child, {{"mitre", PlainSymbol::Stroke::Join::miter}, {"miter", PlainSymbol::Stroke::Join::miter},
                                                                        {"round", PlainSymbol::Stroke::Join::round}, {"bevel", PlainSymbol::Stroke::Join::bevel}});
            else if (name == "stroke-linecap")
                stroke.cap = choice<PlainSymbol::Stroke::Cap>(child, {{"butt", PlainSymbol::Stroke::Cap::butt}, {"round", PlainSymbol::Stroke::Cap::round},
                                                                      {"square", PlainSymbol::Stroke::Cap::square}});
            else if (name == "stroke-dasharray")
                stroke.dashes = dashes(child);
            else if (name == "stroke-dashoffset")
                stroke.dash_offset = number(child, -largest, largest) * m_unit;
            else
                refuse(child);
        }
        stroke.colour = faded(stroke.colour, opacity);
        return stroke;
    }

    std::string_view parameter_name(const pugi::xml_node& node) const
    {
        if (ows::local_name(node) != "CssParameter" && ows::local_name(node) != "SvgParameter")
            refuse(node);
        return node.attribute("name").value();
    }

    /// The text of an element, or of the Literal in it; expressions are not worked out.
    std::string value_of(const pugi::xml_node& node) const
    {
        for (const pugi::xml_node& child : node.children())
            if (child.type() == pugi::node_element) {
                if (ows::local_name(child) != "Literal")
                    refuse(child);
                return std::string(ows::trimmed(child.child_value()));
            }
        return std::string(ows::trimmed(node.child_value()));
    }

    double number(const pugi::xml_node& node, double least, double most) const
    {
        const std::string text = value_of(node);
        const auto value = ows::parse_number(text);
        if (!value || *value < least || *value > most)
            wrong(base::filled({"{0} is '{1}', expected is a number from {2} to {3}", "{0} ist '{1}', erwartet wird eine Zahl von {2} bis {3}"}, std::string(ows::local_name(node)), text,
                               table::number_text(least), table::number_text(most)));
        return *value;
    }

    std::uint32_t colour(const pugi::xml_node& node) const
    {
        const std::string text = value_of(node);
        const auto value = text.starts_with('#') ? ows::parse_colour(std::string_view(text).substr(1)) : std::nullopt;
        if (!value)
            wrong(base::filled({"'{0}' is no colour like #1b7837", "'{0}' ist keine Farbe wie #1b7837"}, text));
        return *value;
    }

    std::vector<double> dashes(const pugi::xml_node& node) const
    {
        std::string text = value_of(node);
        std::ranges::replace(text, ',', ' ');
        std::vector<double> list;
        double sum = 0;
        for (const std::string& one : ows::split(text, ' ')) {
            if (one.empty())
                continue;
            const auto value = ows::parse_number(one);
            if (!value || *value < 0 || *value > largest || list.size() == most_dashes)
                wrong(base::filled({"'{0}' are no lengths of dashes", "'{0}' sind keine Strichlängen"}, text));
            sum += *value;
            list.push_back(*value * m_unit);
        }
        constexpr double least_dashes = 0.1;  // nearer together they are one line
        return sum >= least_dashes ? list : std::vector<double>();
    }

    template <class T>
    T choice(const pugi::xml_node& node, const std::vector<std::pair<std::string_view, T>>& choices) const
    {
        const std::string text = value_of(node);
        for (const auto& [name, value] : choices)
            if (name == text)
                return value;
        wrong(base::filled({"'{0}' is no {1}", "'{0}' ist kein Wert von {1}"}, text, std::string(node.attribute("name").value())));
    }

    static std::uint32_t faded(std::uint32_t argb, double opacity)
    {
        const auto alpha = static_cast<std::uint32_t>(std::lround((argb >> 24) * opacity));
        return (argb & 0x00ffffffU) | alpha << 24;
    }

    std::string_view m_parameter;
    Sld m_sld;
    std::size_t m_rules = 0, m_symbolizers = 0;
    double m_unit = 1, m_offset = 0;
};

}  // namespace

const SldStyle* Sld::find(std::string_view layer, std::string_view style) const
{
    const SldStyle* first = nullptr;
    const SldStyle* opening = nullptr;
    for (const SldStyle& one : styles) {
        if (one.layer != layer || one.by_name)
            continue;
        if (!style.empty() && one.name == style)
            return &one;
        if (first == nullptr)
            first = &one;
        if (opening == nullptr && one.is_default)
            opening = &one;
    }
    return !style.empty() ? nullptr : opening != nullptr ? opening : first;
}

namespace {

Fids without(const Fids& all, const std::vector<Fids>& taken)
{
    std::vector<std::int64_t> rest = *all;
    for (const Fids& part : taken) {
        std::vector<std::int64_t> left;
        if (part)
            std::ranges::set_difference(rest, *part, std::back_inserter(left));
        rest = std::move(left);
    }
    return std::make_shared<const std::vector<std::int64_t>>(std::move(rest));
}

/// The rules of a style that hold at a scale, each as the layer drawn with its symbols and rows.
void add_rules(const SldStyle& style, const ows::FaceContext& context, const render::MapSpec::Layer& drawn, double scale, std::vector<render::MapSpec::Layer>& layers)
{
    const project::PublishedLayer& published = *context.model.find(drawn.name);
    if (published.type != project::LayerType::vector)
        throw ows::OwsException(ows::Code::option_not_supported, "SLD_BODY", base::filled({"Layer '{0}' has no features to draw.", "Der Layer '{0}' hat keine Objekte, die zu zeichnen wären."}, drawn.name));
    for (const std::vector<SldRule>& rules : style.feature_type_styles) {
        std::vector<Fids> of_rules;
        std::vector<const SldRule*> shown;
        for (const SldRule& rule : rules)
            if (scale >= rule.least_denominator && scale < rule.most_denominator) {
                shown.push_back(&rule);
                if (!rule.otherwise)
                    of_rules.push_back(rule.filter ? fids_by_filter(context, published, rule.filter, "SLD_BODY") : Fids());
            }
        auto of_rule = of_rules.begin();
        Fids rest;  // worked out once
        for (const SldRule* rule : shown) {
            render::MapSpec::Layer layer = drawn;
            layer.style.clear();
            layer.symbols = std::make_shared<const render::PlainSymbols>(rule->symbols);
            if (rule->otherwise && !rest)
                rest = without(all_fids(context, published), of_rules);
            layer.chosen = common(drawn.chosen, rule->otherwise ? rest : *of_rule++);
            if (!rule->symbols.empty())
                layers.push_back(std::move(layer));
        }
    }
}

}  // namespace

namespace {

/// Symbols in metres are as large as the map is near.
void expect_small(const render::PlainSymbols& symbols, const MapRequest& request)
{
    constexpr double most_pixels = 4096;
    const double metres_per_pixel = request.scale_denominator * 0.0254 / request.spec.dpi;
    for (const PlainSymbol& symbol : symbols)
        if (symbol.metres && std::max(symbol.size, symbol.stroke ? symbol.stroke->width : 0.0) > most_pixels * metres_per_pixel)
            throw ows::invalid_parameter("SLD_BODY", {"A symbol is larger than the map at this scale.", "Ein Symbol ist in diesem Maßstab größer als die Karte."});
}

}  // namespace

void draw_by(const Sld& sld, const ows::FaceContext& context, MapRequest& request)
{
    std::vector<render::MapSpec::Layer> layers;
    for (const render::MapSpec::Layer& layer : request.spec.layers) {
        // A style of the client's goes before one of the layer's with the same name.
        if (const SldStyle* style = sld.find(layer.name, layer.style))
            add_rules(*style, context, layer, request.scale_denominator, layers);
        else
            layers.push_back(layer);
    }
    expect_few(layers.size(), "SLD_BODY");
    for (const render::MapSpec::Layer& layer : layers)
        if (layer.symbols)
            expect_small(*layer.symbols, request);
    request.spec.layers = std::move(layers);
}

Sld read_sld(std::string_view text, std::string_view parameter)
{
    return SldReader(text, parameter).read();
}

render::PlainSymbols read_symbols(std::string_view text, std::string_view parameter)
{
    return SldReader(text, parameter).read_symbols();
}

}  // namespace stadtgdi::wms
