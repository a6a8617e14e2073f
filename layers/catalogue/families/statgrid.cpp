// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

LayerFamily statgrid()
{
    LayerDefinition cell = {
        .name = "statgrid_cell",
        .title = {"Statistical grid", "Gitterzellen"},
        .abstract = {"Cells of the European statistical grid (EPSG:3035) on which results are reported.",
                     "Zellen des europäischen statistischen Gitters (EPSG:3035), auf denen Ergebnisse ausgewiesen werden."},
        .geometry = GeometryKind::polygon,
        .crs = "EPSG:3035",
        .fields = with_common({
            cell_code(),
            {.name = "cell_code_short",
             .label = {"Short code", "Kurzkennung"},
             .help = {"The short form, e.g. 100mN31270E44770.", "Die Kurzform, z. B. 100mN31270E44770."}},
            cell_size(),
            {.name = "east_m", .type = Type::int64, .label = {"Easting of the lower left corner", "Rechtswert der linken unteren Ecke"}, .unit = "m"},
            {.name = "north_m", .type = Type::int64, .label = {"Northing of the lower left corner", "Hochwert der linken unteren Ecke"}, .unit = "m"},
            {.name = "share_in_city",
             .type = Type::float64,
             .label = {"Share inside the city", "Flächenanteil in der Stadt"},
             .help = {"0 to 1.", "0 bis 1."},
             .minimum = 0,
             .maximum = 1},
            {.name = "ags", .label = {"Municipality key", "Amtlicher Gemeindeschlüssel"}},
        }),
        .style = "cell",
        .label_field = "cell_code",
    };
    LayerDefinition value = {
        .name = "statgrid_value",
        .title = {"Values of the statistical grid", "Werte der Gitterzellen"},
        .abstract = {"One row is one indicator of one cell in one period.", "Eine Zeile ist ein Indikator einer Zelle in einem Zeitraum."},
        .geometry = {},
        .fields = with_common({
            {.name = "cell_code", .label = {"Cell code", "Gitterzellen-Kennung"}, .required = true, .references = "statgrid_cell.cell_code"},
            {.name = "indicator", .label = {"Indicator", "Indikator"}, .required = true},
            {.name = "period", .label = {"Period", "Zeitraum"}, .help = {"Year or ISO date.", "Jahr oder ISO-Datum."}},
            {.name = "value", .type = Type::float64, .label = {"Value", "Wert"}},
            {.name = "unit", .label = {"Unit", "Einheit"}},
            number("n_base", {"Number of cases", "Fallzahl"}, 0),
            {.name = "flag",
             .label = {"Flag", "Kennzeichen"},
             .codes = {{"ok", {"Reliable", "Verlässlich"}},
                       {"suppressed_primary", {"Suppressed (primary)", "Geheim gehalten (primär)"}},
                       {"suppressed_secondary", {"Suppressed (secondary)", "Geheim gehalten (sekundär)"}},
                       {"rounded", {"Rounded", "Gerundet"}},
                       {"perturbed", {"Perturbed", "Überlagert (Cell-Key)"}},
                       {"estimated", {"Estimated", "Geschätzt"}},
                       {"no_data", {"No data", "Keine Daten"}}},
             .required = true,
             .fallback = "ok"},
        }),
        .label_field = "indicator",
    };
    return {.name = "statgrid",
            .title = {"Statistics by grid cell", "Statistik je Gitterzelle"},
            .abstract = {"The statistical grid on which results are reported.", "Das statistische Gitter, auf dem Ergebnisse ausgewiesen werden."},
            .layers = {cell, value}};
}

}  // namespace stadtgdi::catalogue::families
