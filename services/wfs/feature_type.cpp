// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <algorithm>

namespace stadtgdi::wfs {

std::vector<FeatureType> feature_types(const project::ProjectModel& model)
{
    std::vector<FeatureType> types;
    std::vector<std::string> layer_names;
    for (const project::PublishedLayer& layer : model.layers) {
        if (!layer.in_wfs || layer.type != project::LayerType::vector) continue;
        FeatureType type;
        type.layer = &layer;
        layer_names.push_back(layer.name);
        std::vector<std::string> names;
        if (layer.geometry) names.push_back(layer.geometry_name.empty() ? "geometry" : layer.geometry_name);
        for (const project::PublishedField& field : layer.fields)
            if (field.in_wfs) {
                type.fields.push_back(&field);
                names.push_back(field.name);
            }
        names = ows::xml_names(names);
        if (layer.geometry) {
            type.geometry_name = names.front();
            names.erase(names.begin());
        }
        type.field_names = std::move(names);
        types.push_back(std::move(type));
    }
    const auto unique = ows::xml_names(layer_names);
    for (std::size_t i = 0; i < types.size(); ++i) types[i].name = unique[i];
    return types;
}

const FeatureType* find_type(const std::vector<FeatureType>& types, std::string_view name)
{
    const auto by = [&](auto&& same) -> const FeatureType* {
        const auto found = std::find_if(types.begin(), types.end(), same);
        return found == types.end() ? nullptr : &*found;
    };
    if (const auto* type = by([&](const FeatureType& t) { return t.name == name || t.layer->name == name; })) return type;
    const auto colon = name.find(':');
    if (colon == std::string_view::npos) return nullptr;
    return by([&](const FeatureType& t) { return t.name == name.substr(colon + 1); });
}

std::string qualified(std::string_view name) { return std::string(prefix) + ":" + std::string(name); }

Format format_of(const std::string& output_format)
{
    // A "+" that a client did not encode arrives as a blank, so neither counts.
    std::string plain;
    for (const char c : output_format)
        if (c != ' ' && c != '+' && c != '"') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const char* name : {"", "application/gmlxml;version=3.2", "application/gmlxml;version=3.2.1", "text/xml;subtype=gml/3.2", "text/xml;subtype=gml/3.2.1", "gml32",
                             "gml3.2", "application/gmlxml", "text/xml", "application/xml"})
        if (plain == name) return Format::gml;
    for (const char* name : {"application/geojson", "application/json", "application/vnd.geojson", "geojson", "json"})
        if (plain == name) return Format::geojson;
    throw ows::invalid_parameter("outputFormat", base::filled({"Output format '{0}' is not offered; application/gml+xml; version=3.2 and application/geo+json are.",
                                                               "Das Ausgabeformat '{0}' wird nicht angeboten, nur application/gml+xml; version=3.2 und application/geo+json."},
                                                              output_format));
}

}  // namespace stadtgdi::wfs
