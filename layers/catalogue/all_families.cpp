// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue {

const std::vector<LayerFamily>& all_families()
{
    static const std::vector<LayerFamily> families = {
        families::buildings(),  //
        families::districts(),  //
        families::greenspace(), //
        families::population(), //
        families::statgrid(),   //
        families::trees(),      //
        families::utilities(),  //
        families::walking(),
    };
    return families;
}

const LayerDefinition* find_layer(std::string_view name)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& layer : family.layers)
            if (layer.name == name)
                return &layer;
    return nullptr;
}

const LayerFamily& family_of(const LayerDefinition& layer)
{
    for (const LayerFamily& family : all_families())
        for (const LayerDefinition& one : family.layers)
            if (one.name == layer.name)
                return family;
    throw Error(ErrorKind::not_found, base::filled({"No family holds the layer '{0}'.", "Keine Fachschale enthält die Ebene „{0}“."}, layer.name));
}

std::string_view name_of(Disclosure disclosure)
{
    switch (disclosure) {
    case Disclosure::open: return "public";
    case Disclosure::internal: return "internal";
    case Disclosure::restricted: return "restricted";
    case Disclosure::kritis: break;
    }
    return "kritis";
}

std::optional<Disclosure> disclosure_of(std::string_view name)
{
    for (const Disclosure one : {Disclosure::open, Disclosure::internal, Disclosure::restricted, Disclosure::kritis})
        if (name_of(one) == name)
            return one;
    return {};
}

const FieldDefinition* LayerDefinition::find(std::string_view field) const
{
    for (const FieldDefinition& one : fields)
        if (one.name == field)
            return &one;
    return nullptr;
}

table::Schema LayerDefinition::schema(const std::string& city_crs) const
{
    table::Schema schema;
    for (const FieldDefinition& field : fields)
        schema.fields.push_back({field.name, field.type});
    if (geometry)
        schema.geometry = table::GeometryField{.name = "geom", .kind = *geometry, .crs = crs.empty() ? city_crs : crs};
    return schema;
}

}  // namespace stadtgdi::catalogue
