// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/property_path.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::wfs {

inline constexpr std::string_view prefix = "app";  ///< of the feature types' namespace

/// A layer as WFS shows it: names that XML allows, and only the fields that are published.
struct FeatureType {
    const project::PublishedLayer* layer = nullptr;
    std::string name;                                       ///< without prefix; feature ids are "<name>.<fid>"
    std::string name_in_qgis;                               ///< as QGIS Server spells it, where no other type has that name, else `name`: understood, never given
    std::string geometry_name;                              ///< empty: no geometry
    std::vector<const project::PublishedField*> fields;
    std::vector<std::string> field_names;                   ///< in XML
};

/// All published types, in the order of the layers.
std::vector<FeatureType> feature_types(const project::ProjectModel& model);

/// By its name with or without prefix, in XML, as QGIS has it or as QGIS Server spells it. nullptr: none.
const FeatureType* find_type(const std::vector<FeatureType>& types, std::string_view name);

std::string qualified(std::string_view name);
using ows::local_part;

/// What a path of a request leads to.
struct Property {
    bool geometry = false;
    std::size_t field = 0;   ///< of the type's, where it is not the geometry
};
/// Names are those of XML, the field's own or, where only one is meant, QGIS Server's. Nothing: none such.
std::optional<Property> find_property(const FeatureType& type, std::string_view path);
/// The path below the type's own element, which is left out more often than not; nothing for that of another type.
std::optional<std::string_view> below_type(const FeatureType& type, std::string_view path);

/// Namespaces that clients of QGIS Server (OpenLayers, Masterportal) bind whatever the service's own is.
bool is_sent_for_any(std::string_view name_space);

/// Prefixes that a request binds: NAMESPACES=xmlns(app,urn:...) in 2.0.0, NAMESPACE=xmlns(app=urn:...) in 1.1.0.
class Prefixes {
public:
    /// `own` is the namespace of the feature types.
    Prefixes(const ows::KeyValues& kv, std::string own);
    /// Whether the prefix of a qualified name stands for another namespace than ours. One that is not bound does not, nor does one that
    /// is_sent_for_any.
    bool is_foreign(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> m_bound;
    std::string m_own;
};

/// The types of TYPENAMES (TYPENAME). "(a)(b)" and "a,b" are two queries; "(a,b)" is a join, which is OptionNotSupported.
/// InvalidParameterValue for types that are not offered, whoever may see them. Empty where the parameter is missing.
std::vector<const FeatureType*> types_asked(const std::vector<FeatureType>& types, const ows::KeyValues& kv, const project::ProjectModel& model);

}  // namespace stadtgdi::wfs
