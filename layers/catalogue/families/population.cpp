// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

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
            {.name = "cell_code",
             .label = {"Cell code", "Gitterzellen-Kennung"},
             .help = {"Lower left corner in EPSG:3035, e.g. CRS3035RES100mN3127000E4477000.",
                      "Linke untere Ecke in EPSG:3035, z. B. CRS3035RES100mN3127000E4477000."},
             .required = true,
             .unique = true},
            {.name = "size_m", .type = Type::int64, .label = {"Cell size", "Zellengröße"}, .unit = "m", .required = true, .minimum = 1, .maximum = 100000, .fallback = "100"},
            {.name = "inhabitants", .type = Type::int64, .label = {"Inhabitants", "Einwohner"}, .minimum = 0},
            {.name = "inhabitants_under10", .type = Type::int64, .label = {"Younger than 10", "Unter 10 Jahre"}, .minimum = 0},
            {.name = "inhabitants_under18", .type = Type::int64, .label = {"Younger than 18", "Unter 18 Jahre"}, .minimum = 0},
            {.name = "inhabitants_18to64", .type = Type::int64, .label = {"18 to 64", "18 bis 64 Jahre"}, .minimum = 0},
            {.name = "inhabitants_65plus", .type = Type::int64, .label = {"65 and older", "65 Jahre und älter"}, .minimum = 0},
            {.name = "inhabitants_80plus", .type = Type::int64, .label = {"80 and older", "80 Jahre und älter"}, .minimum = 0},
            {.name = "share_under18_pct", .type = Type::float64, .label = {"Share younger than 18", "Anteil unter 18 Jahre"}, .unit = "%", .minimum = 0, .maximum = 100},
            {.name = "share_65plus_pct", .type = Type::float64, .label = {"Share 65 and older", "Anteil 65 Jahre und älter"}, .unit = "%", .minimum = 0, .maximum = 100},
            {.name = "mean_age", .type = Type::float64, .label = {"Mean age", "Durchschnittsalter"}, .unit = "a", .minimum = 0, .maximum = 120},
            {.name = "reference_date", .type = Type::date, .label = {"Reference date", "Stichtag"}},
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
