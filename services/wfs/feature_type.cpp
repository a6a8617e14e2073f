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

std::optional<std::string_view> below_type(const FeatureType& type, std::string_view path) { return ows::below_type(path, {type.name, type.layer->name}); }

std::optional<Property> find_property(const FeatureType& type, std::string_view path)
{
    const auto field = [&](std::string_view name) -> std::optional<Property> {
        for (std::size_t i = 0; i < type.fields.size(); ++i)
            if (type.field_names[i] == name || type.fields[i]->name == name) return Property{.field = i};
        return std::nullopt;
    };
    // A field's own name may have slashes and colons.
    if (const auto found = field(ows::trimmed(path))) return found;
    const auto name = ows::property_in(path, {type.name, type.layer->name});
    if (!name || name->empty()) return std::nullopt;
    if (const auto found = field(*name)) return found;
    return *name == type.geometry_name ? std::optional(Property{.geometry = true}) : std::nullopt;
}

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
    return std::any_of(m_bound.begin(), m_bound.end(), [&](const auto& bound) { return bound.first == plain.substr(0, colon) && bound.second != m_own; });
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
