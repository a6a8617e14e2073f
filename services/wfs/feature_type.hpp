// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::wfs {

inline constexpr std::string_view prefix = "app";  ///< of the feature types' namespace
inline constexpr std::string_view gml_format = "application/gml+xml; version=3.2";
inline constexpr std::string_view geojson_format = "application/geo+json";

/// A layer as WFS shows it: names that XML allows, and only the fields that are published.
struct FeatureType {
    const project::PublishedLayer* layer = nullptr;
    std::string name;                                       ///< without prefix; feature ids are "<name>.<fid>"
    std::string geometry_name;                              ///< empty: no geometry
    std::vector<const project::PublishedField*> fields;
    std::vector<std::string> field_names;                   ///< in XML
};

/// All published types, in the order of the layers.
std::vector<FeatureType> feature_types(const project::ProjectModel& model);

/// By its name with or without prefix, in XML or as QGIS has it. nullptr: none.
const FeatureType* find_type(const std::vector<FeatureType>& types, std::string_view name);

std::string qualified(std::string_view name);

enum class Format { gml, geojson };
/// From OUTPUTFORMAT in the spellings clients use. InvalidParameterValue else.
Format format_of(const std::string& output_format);

}  // namespace stadtgdi::wfs
