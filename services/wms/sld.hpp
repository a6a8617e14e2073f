// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/render/plain_symbol.hpp>

#include <pugixml.hpp>

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::wms {

struct MapRequest;

struct SldRule {
    pugi::xml_node filter;        ///< of Sld::document; none: all features
    bool otherwise = false;       ///< those that no other rule of the FeatureTypeStyle takes
    double least_denominator = 0, most_denominator = std::numeric_limits<double>::infinity();
    render::PlainSymbols symbols;
};

struct SldStyle {
    std::string layer, name;
    bool by_name = false;         ///< a NamedStyle: one that the layer has
    bool is_default = false;
    std::vector<std::vector<SldRule>> feature_type_styles = {};  ///< drawn one after the other
};

/// A StyledLayerDescriptor 1.0 or 1.1 that a client sends, understood as far as it can be drawn exactly: named layers with user
/// styles of point, line and polygon symbolizers with plain values, filters and scales. Nothing in it is ever fetched.
struct Sld {
    std::shared_ptr<const pugi::xml_document> document;  // filters lie in it; shared by copies
    std::vector<SldStyle> styles;

    /// Of a layer as named in LAYERS; `style` empty: the default one, else the first.
    const SldStyle* find(std::string_view layer, std::string_view style) const;
};

/// InvalidParameterValue for what is no SLD or wrong in it, OptionNotSupported for what cannot be drawn exactly, both with the parameter as locator.
Sld read_sld(std::string_view text, std::string_view parameter);

/// The symbolizers of such a document, without the rules they are in.
render::PlainSymbols read_symbols(std::string_view text, std::string_view parameter);

/// Puts the rules of the styles in place of the layers that take theirs from `sld`.
void draw_by(const Sld& sld, const ows::FaceContext& context, MapRequest& request);

}  // namespace stadtgdi::wms
