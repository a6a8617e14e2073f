// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;

LayerFamily districts()
{
    LayerDefinition district = {
        .name = "districts_district",
        .title = {"Districts", "Ortsteile und Stadtbezirke"},
        .abstract = {"The city, its boroughs (Stadtbezirke) and districts (Ortsteile) with their inhabitants.",
                     "Die Stadt, ihre Stadtbezirke und Ortsteile mit Einwohnerzahlen."},
        .geometry = GeometryKind::multi_polygon,
        .fields = with_common({
            {.name = "district_no", .label = {"Number", "Nummer"}, .required = true},
            {.name = "name", .label = {"Name", "Name"}, .required = true},
            {.name = "level",
             .label = {"Level", "Gliederungsebene"},
             .codes = {{"city", {"City", "Stadt"}}, {"stadtbezirk", {"Borough", "Stadtbezirk"}}, {"ortsteil", {"District", "Ortsteil"}}},
             .required = true,
             .fallback = "ortsteil"},
            {.name = "parent_no",
             .label = {"Number of the borough", "Nummer des Stadtbezirks"},
             .help = {"Borough that a district belongs to.", "Stadtbezirk, zu dem der Ortsteil gehört."}},
            number("inhabitants", {"Inhabitants", "Einwohner"}, 0),
            number("inhabitants_year", {"Year of the inhabitants", "Stand der Einwohnerzahl"}, 1800, 2100),
            measure("area_m2", {"Area", "Fläche"}, "m2", 0),
        }),
        .style = "district",
        .label_field = "name",
    };
    return {.name = "districts",
            .title = {"Structure of the city", "Stadtgliederung"},
            .abstract = {"The administrative division of the city.", "Die kommunale Gliederung der Stadt."},
            .layers = {district}};
}

}  // namespace stadtgdi::catalogue::families
