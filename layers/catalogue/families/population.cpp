// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;

LayerFamily population()
{
    LayerDefinition cell = {
        .name = "population_cell",
        .title = {"Population by grid cell", "Bevölkerung je Gitterzelle"},
        .abstract = {"Inhabitants and age groups in cells of the European statistical grid; empty where the census keeps the value secret.",
                     "Einwohner und Altersgruppen in Zellen des europäischen Gitters; leer, wo der Zensus den Wert geheim hält."},
        .geometry = GeometryKind::polygon,
        .crs = "EPSG:3035",
        .fields = with_common({
            cell_code(),
            cell_size(),
            number("inhabitants", {"Inhabitants", "Einwohner"}, 0),
            number("inhabitants_under10", {"Younger than 10", "Unter 10 Jahre"}, 0),
            number("inhabitants_under18", {"Younger than 18", "Unter 18 Jahre"}, 0),
            number("inhabitants_18to64", {"18 to 64", "18 bis 64 Jahre"}, 0),
            number("inhabitants_65plus", {"65 and older", "65 Jahre und älter"}, 0),
            number("inhabitants_80plus", {"80 and older", "80 Jahre und älter"}, 0),
            measure("share_under18_pct", {"Share younger than 18", "Anteil unter 18 Jahre"}, "%", 0, 100),
            measure("share_65plus_pct", {"Share 65 and older", "Anteil 65 Jahre und älter"}, "%", 0, 100),
            measure("mean_age", {"Mean age", "Durchschnittsalter"}, "a", 0, 120),
            day("reference_date", {"Reference date", "Stichtag"}),
        }),
        .style = "cell",
        .label_field = "cell_code",
    };
    return {.name = "population",
            .title = {"Population", "Bevölkerung"},
            .abstract = {"Where the inhabitants of the city live.", "Wo die Einwohner der Stadt wohnen."},
            .layers = {cell}};
}

}  // namespace stadtgdi::catalogue::families
