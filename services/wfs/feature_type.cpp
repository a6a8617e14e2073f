// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <algorithm>

namespace stadtgdi::wfs {

namespace {

/// A type's name as QGIS Server has it.
std::string name_in_qgis(std::string name)
{
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, ':', '-');
    return name;
}

}  // namespace

std::vector<FeatureType> feature_types(const project::ProjectModel& model)
{
    std::vector<FeatureType> types;
    std::vector<std::string> layer_names;
    for (const project::PublishedLayer& layer : model.layers) {
        if (!layer.in_wfs || layer.type != project::LayerType::vector) continue;
        FeatureType type;
        type.layer = &layer;
        layer_names.push_back(layer.name_of_features());
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
    for (std::size_t i = 0; i < types.size(); ++i) types[i].name = types[i].name_in_qgis = unique[i];
    std::vector<std::string> in_qgis;
    for (const FeatureType& type : types) in_qgis.push_back(name_in_qgis(type.layer->name_of_features()));
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (in_qgis[i] == types[i].name) continue;
        bool taken = false;
        for (std::size_t j = 0; j < types.size(); ++j)
            taken = taken || (j != i && (in_qgis[j] == in_qgis[i] || types[j].name == in_qgis[i] || types[j].layer->name_of_features() == in_qgis[i]));
        if (!taken) types[i].name_in_qgis = in_qgis[i];
    }
    return types;
}

const FeatureType* find_type(const std::vector<FeatureType>& types, std::string_view name)
{
    const auto by = [&](auto&& same) -> const FeatureType* {
        const auto found = std::find_if(types.begin(), types.end(), same);
        return found == types.end() ? nullptr : &*found;
    };
    if (const auto* type = by([&](const FeatureType& t) { return t.name == name || t.layer->name_of_features() == name; })) return type;
    const auto colon = name.find(':');
    const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
    if (const auto* type = by([&](const FeatureType& t) { return t.name == local; })) return type;
    return by([&](const FeatureType& t) { return t.name_in_qgis == local; });
}

std::string qualified(std::string_view name) { return std::string(prefix) + ":" + std::string(name); }

std::optional<std::string_view> below_type(const FeatureType& type, std::string_view path) { return ows::below_type(path, {type.name, type.layer->name_of_features(), type.name_in_qgis}); }

std::optional<Property> find_property(const FeatureType& type, std::string_view path)
{
    const auto field = [&](std::string_view name) -> std::optional<Property> {
        for (std::size_t i = 0; i < type.fields.size(); ++i)
            if (type.field_names[i] == name || type.fields[i]->name == name) return Property{.field = i};
        return std::nullopt;
    };
    // A field's own name may have slashes and colons.
    if (const auto found = field(ows::trimmed(path))) return found;
    const auto name = ows::property_in(path, {type.name, type.layer->name_of_features(), type.name_in_qgis});
    if (!name || name->empty()) return std::nullopt;
    if (const auto found = field(*name)) return found;
    if (*name == type.geometry_name) return Property{.geometry = true};
    std::optional<Property> in_qgis;
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
        if (ows::property_name_in_qgis(type.fields[i]->name) != *name) continue;
        if (in_qgis) return std::nullopt;
        in_qgis = Property{.field = i};
    }
    return in_qgis;
}

bool is_sent_for_any(std::string_view name_space) { return name_space == "http://www.qgis.org/gml" || name_space == "http://www.deegree.org/app"; }

Prefixes::Prefixes(const ows::KeyValues& kv, std::string own) : m_own(std::move(own))
{
    for (const char* name : {"NAMESPACES", "NAMESPACE"}) {
        const auto text = kv.find(name);
        std::string_view rest = text ? std::string_view(*text) : std::string_view();
        while (!rest.empty()) {
            const auto close = rest.find(')');
            if (rest.substr(0, 6) != "xmlns(" || close == std::string_view::npos)
                throw ows::invalid_parameter(name, base::filled({"{0} must be like xmlns(prefix,address).", "{0} muss wie xmlns(Präfix,Adresse) aussehen."}, std::string(name)));
            const std::string_view inner = rest.substr(6, close - 6);
            if (const auto between = inner.find_first_of(",="); between != std::string_view::npos)
                m_bound.emplace_back(ows::trimmed(inner.substr(0, between)), ows::trimmed(inner.substr(between + 1)));
            rest.remove_prefix(close + 1);
            if (!rest.empty() && rest.front() == ',') rest.remove_prefix(1);
        }
    }
}

bool Prefixes::is_foreign(std::string_view name) const
{
    const std::string_view plain = ows::trimmed(name);
    const auto colon = plain.find(':');
    if (colon == std::string_view::npos) return false;
    return std::any_of(m_bound.begin(), m_bound.end(), [&](const auto& bound) { return bound.first == plain.substr(0, colon) && bound.second != m_own && !is_sent_for_any(bound.second); });
}

std::vector<const FeatureType*> types_asked(const std::vector<FeatureType>& types, const ows::KeyValues& kv, const project::ProjectModel& model)
{
    constexpr std::size_t most = 100;
    const char* parameter = kv.find("TYPENAMES") ? "TYPENAMES" : "TYPENAME";
    const auto groups = kv.groups(parameter);
    const Prefixes prefixes(kv, ows::feature_namespace(model.id));
    std::vector<const FeatureType*> asked;
    bool join = false;
    for (const auto& group : groups) {
        for (const std::string& name : group) {
            const FeatureType* type = find_type(types, ows::trimmed(name));
            if (type == nullptr || prefixes.is_foreign(name))
                throw ows::invalid_parameter("typeName", base::filled({"Feature type '{0}' is not offered.", "Der Objekttyp '{0}' wird nicht angeboten."}, name));
            asked.push_back(type);
        }
        join = join || (group.size() > 1 && kv.get(parameter).front() == '(');
    }
    if (join) throw ows::OwsException(ows::Code::option_not_supported, "typeNames", {"Joins of feature types are not offered.", "Verbünde von Objekttypen werden nicht angeboten."});
    if (asked.size() > most)
        throw ows::invalid_parameter("typeName", {"A request may ask for at most 100 feature types.", "Eine Anfrage darf höchstens 100 Objekttypen nennen."});
    return asked;
}

}  // namespace stadtgdi::wfs
