// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

namespace {

std::vector<Code> access_to_the_public()
{
    return {{"free", {"Free", "Frei zugänglich"}},
            {"hours", {"Opening hours", "Zu Öffnungszeiten"}},
            {"fee", {"Entrance fee", "Gegen Eintritt"}},
            {"none", {"Not open to the public", "Nicht öffentlich"}},
            {"unknown", {"Unknown", "Unbekannt"}}};
}

LayerDefinition site()
{
    return {
        .name = "greenspace_site",
        .title = {"Green spaces", "Grünanlagen"},
        .abstract = {"Parks and other green spaces as administrative objects.", "Parks und andere Grünflächen als Verwaltungsobjekte (Anlagen)."},
        .geometry = GeometryKind::multi_polygon,
        .fields = with_common({
            {.name = "site_no", .label = {"Object number", "Objektnummer"}, .expected = Expected{}},
            {.name = "name", .label = {"Name", "Name"}, .expected = Expected{}},
            {.name = "object_type",
             .label = {"Kind of object", "Objektart"},
             .codes = {{"park", {"Park", "Park- oder Grünanlage"}},
                       {"garden", {"Garden", "Gartenanlage"}},
                       {"square", {"Green square", "Grünplatz"}},
                       {"playground", {"Playground", "Spielplatz"}},
                       {"roadside", {"Roadside green", "Straßenbegleitgrün"}},
                       {"cemetery", {"Cemetery", "Friedhof"}},
                       {"allotment", {"Allotment gardens", "Kleingartenanlage"}},
                       {"sport", {"Sports ground", "Sportanlage"}},
                       {"wood", {"Wood", "Wald oder Gehölz"}},
                       {"water", {"Water", "Gewässer"}},
                       {"biotope", {"Biotope", "Biotop"}},
                       {"compensation", {"Compensation area", "Ausgleichsfläche"}},
                       {"other", {"Other", "Sonstige Grünfläche"}}},
             .required = true,
             .fallback = "park"},
            {.name = "usage_class",
             .label = {"Reach", "Versorgungsstufe"},
             .codes = {{"near_home", {"Near home", "Wohnungsnah"}},
                       {"settlement", {"Settlement", "Siedlungsnah"}},
                       {"regional", {"Regional", "Übergeordnet"}}}},
            {.name = "public_access", .label = {"Public access", "Öffentliche Zugänglichkeit"}, .codes = access_to_the_public(), .required = true, .fallback = "free"},
            {.name = "operator", .label = {"Responsible", "Zuständig"}},
            {.name = "opening_hours", .label = {"Opening hours", "Öffnungszeiten"}},
            {.name = "district_name", .label = {"District", "Ortsteil"}},
            measure("noise_db", {"Noise", "Lärmbelastung"}, "dB(A)", 0, 120),
            number("care_class", {"Care class", "Pflegeklasse"}, 1, 5),
            {.name = "area_m2",
             .type = Type::float64,
             .label = {"Area", "Fläche"},
             .help = {"From the geometry; never typed.", "Aus der Geometrie berechnet; nie eingetippt."},
             .unit = "m2",
             .minimum = 0},
            {.name = "alkis_use", .label = {"ALKIS land use", "Nutzung nach ALKIS"}},
            {.name = "xplan_ref", .label = {"Plan", "Bezug zum Bauleitplan (XPlanung)"}},
        }),
        .style = "site",
        .label_field = "name",
    };
}

LayerDefinition unit()
{
    return {
        .name = "greenspace_unit",
        .title = {"Green care units", "Pflegeeinheiten"},
        .abstract = {"Areas of one kind of care inside a green space.", "Flächen gleicher Pflege innerhalb einer Grünanlage."},
        .geometry = GeometryKind::multi_polygon,
        .fields = with_common({
            {.name = "site_uuid", .label = {"Green space", "Grünanlage"}, .references = "greenspace_site.uuid"},
            {.name = "content_group",
             .label = {"Main group", "Hauptgruppe"},
             .codes = {{"vegetation", {"Vegetation", "Vegetation"}},
                       {"paved", {"Paved areas", "Befestigte Flächen"}},
                       {"water", {"Water", "Wasseranlagen"}},
                       {"structure", {"Structures", "Bauliche Anlagen"}},
                       {"equipment", {"Equipment", "Ausstattungen"}},
                       {"building", {"Buildings", "Gebäude"}}},
             .required = true,
             .fallback = "vegetation"},
            {.name = "content_code", .label = {"Content code", "Flächeninhaltscode"}, .help = {"Four digits (GALK).", "Vierstellig (GALK)."}},
            {.name = "content_text", .label = {"Content", "Flächeninhalt"}},
            number("mow_per_year", {"Cuts a year", "Schnitte im Jahr"}, 0, 60),
            {.name = "biodiversity",
             .label = {"Intensity", "Pflegeintensität"},
             .codes = {{"intensive", {"Intensive", "Intensiv"}},
                       {"extensive", {"Extensive", "Extensiv"}},
                       {"meadow", {"Meadow", "Wiese"}},
                       {"biotope", {"Biotope", "Biotop"}}}},
            {.name = "sealing_deg", .type = Type::float64, .label = {"Degree of sealing", "Versiegelungsgrad"}, .help = {"0 to 1.", "0 bis 1."}, .minimum = 0, .maximum = 1},
            {.name = "runoff_psi", .type = Type::float64, .label = {"Runoff coefficient", "Abflussbeiwert"}, .minimum = 0, .maximum = 1},
            measure("area_m2", {"Area", "Fläche"}, "m2", 0),
        }),
        .style = "unit",
        .label_field = "content_text",
        .min_scale = 10000,
    };
}

LayerDefinition gate()
{
    return {
        .name = "greenspace_gate",
        .title = {"Entrances to green spaces", "Eingänge der Grünanlagen"},
        .abstract = {"Where people enter a green space.", "Wo man eine Grünanlage betritt."},
        .geometry = GeometryKind::point,
        .fields = with_common({
            {.name = "site_uuid", .label = {"Green space", "Grünanlage"}, .references = "greenspace_site.uuid"},
            {.name = "opening_hours", .label = {"Opening hours", "Öffnungszeiten"}},
            {.name = "step_free", .label = {"Without steps", "Stufenlos"}, .codes = yes_no_codes(), .required = true, .fallback = "unknown"},
            measure("width_cm", {"Width", "Breite"}, "cm", 40, 2000),
        }),
        .style = "gate",
        .label_field = "opening_hours",
        .min_scale = 10000,
    };
}

LayerDefinition playground()
{
    return {
        .name = "greenspace_playground",
        .title = {"Playgrounds", "Spielplätze"},
        .abstract = {"Public playgrounds with their equipment.", "Öffentliche Spielplätze mit ihrer Ausstattung."},
        .geometry = GeometryKind::point,
        .fields = with_common({
            {.name = "name", .label = {"Name", "Name"}},
            {.name = "site_uuid", .label = {"Green space", "Grünanlage"}, .references = "greenspace_site.uuid"},
            {.name = "street_name", .label = {"Place", "Lage"}},
            {.name = "district_name", .label = {"District", "Ortsteil"}},
            {.name = "equipment", .label = {"Equipment", "Ausstattung"}, .help = {"Separated by semicolons.", "Durch Semikolon getrennt."}},
            {.name = "devices", .label = {"Play equipment", "Spielgeräte"}, .help = {"Separated by semicolons.", "Durch Semikolon getrennt."}},
            {.name = "transit_lines", .label = {"Public transport lines", "Linien des Nahverkehrs"}},
            {.name = "transit_stops", .label = {"Stops", "Haltestellen"}},
            {.name = "public_access", .label = {"Public access", "Öffentliche Zugänglichkeit"}, .codes = access_to_the_public(), .required = true, .fallback = "free"},
        }),
        .style = "playground",
        .label_field = "name",
        .min_scale = 50000,
    };
}

}  // namespace

LayerFamily greenspace()
{
    return {.name = "greenspace",
            .title = {"Green space", "Grünflächen"},
            .abstract = {"The green spaces of the city and their management.", "Die Grünflächen der Stadt und ihr Management."},
            .layers = {site(), unit(), gate(), playground()}};
}

}  // namespace stadtgdi::catalogue::families
