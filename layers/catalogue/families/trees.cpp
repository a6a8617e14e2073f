// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

namespace {

// What the cadastre holds of the tree and each inspection of that day.
FieldDefinition height() { return measure("height_m", {"Height", "Baumhöhe"}, "m", 0.5, 50); }
FieldDefinition crown_diameter() { return measure("crown_diam_m", {"Crown diameter", "Kronendurchmesser"}, "m", 0.5, 40); }
FieldDefinition girth() { return measure("trunk_circ_cm", {"Trunk girth", "Stammumfang"}, "cm", 3, 1500); }

FieldDefinition vitality()
{
    return {.name = "vitality",
            .type = Type::int64,
            .label = {"Vitality (Roloff)", "Vitalität (Roloff)"},
            .codes = {{"0", {"0 vigorous", "0 vital"}},
                      {"1", {"1 weakened", "1 geschwächt"}},
                      {"2", {"2 clearly weakened", "2 merklich geschädigt"}},
                      {"3", {"3 severely damaged", "3 stark geschädigt"}},
                      {"4", {"4 dead", "4 abgestorben"}}},
            .minimum = 0,
            .maximum = 4};
}

FieldDefinition damage_class()
{
    return {.name = "damage_class",
            .label = {"Damage class", "Schadensklasse"},
            .codes = {{"none_light", {"None or light", "Nicht oder leicht geschädigt"}}, {"severe", {"Severe", "Stärker geschädigt"}}}};
}

LayerDefinition tree()
{
    return {
        .name = "trees_tree",
        .title = {"Trees", "Bäume"},
        .abstract = {"Tree sites with their present tree: one row is one site, which stays when the tree is felled and replanted.",
                     "Baumstandorte mit ihrem jetzigen Baum: eine Zeile ist ein Standort; er bleibt bestehen, wenn der Baum gefällt und nachgepflanzt wird."},
        .geometry = GeometryKind::point,
        .fields = with_common({
            {.name = "site_no", .label = {"Site number", "Standortnummer"}, .expected = Expected{}},
            {.name = "site_type",
             .label = {"Kind of site", "Standortart"},
             .codes = {{"street", {"Street", "Straße"}},
                       {"park", {"Park or green space", "Grün- und Parkanlage"}},
                       {"cemetery", {"Cemetery", "Friedhof"}},
                       {"school", {"School or nursery", "Schule oder Kindertagesstätte"}},
                       {"playground", {"Playground", "Spielplatz"}},
                       {"sport", {"Sports ground", "Sportanlage"}},
                       {"forest_edge", {"Edge of a wood", "Waldrand"}},
                       {"building", {"Plot of a building", "Gebäudegrundstück"}},
                       {"other", {"Other", "Sonstiger Standort"}}},
             .required = true,
             .fallback = "street"},
            {.name = "status",
             .label = {"State of the site", "Standortzustand"},
             .codes = {{"standing", {"Standing tree", "Baum vorhanden"}},
                       {"felled", {"Felled", "Gefällt"}},
                       {"stump", {"Stump or trunk piece", "Stubben oder Stammstück"}},
                       {"gap", {"Empty site", "Fehlstelle"}},
                       {"planned", {"Planned", "Geplant"}},
                       {"group", {"Group or stand of trees", "Baumgruppe oder Bestand"}}},
             .required = true,
             .fallback = "standing"},
            {.name = "object_no",
             .label = {"Green object", "Grünobjekt"},
             .help = {"Number of the green space or street object that the site belongs to.",
                      "Nummer der Grünanlage oder des Straßenobjekts, zu dem der Standort gehört."}},
            {.name = "street_name", .label = {"Street or place", "Straße oder Anlage"}},
            {.name = "street_key", .label = {"Street key", "Straßenschlüssel"}},
            {.name = "house_no", .label = {"House number", "Hausnummer"}},
            {.name = "district_name", .label = {"District", "Ortsteil"}},
            {.name = "taxon_text",
             .label = {"Species as delivered", "Baumart (Originaltext)"},
             .help = {"The botanical name exactly as the source writes it.", "Botanischer Name genau in der Schreibweise der Quelle."},
             .expected = Expected{"status", {"standing"}}},
            {.name = "taxon_name_de", .label = {"German name", "Deutscher Name"}},
            {.name = "genus", .label = {"Genus", "Gattung"}, .help = {"Botanical genus, e.g. Tilia.", "Botanische Gattung, z. B. Tilia."}},
            {.name = "species",
             .label = {"Species", "Art"},
             .help = {"Genus and epithet, e.g. Tilia cordata; empty where only the genus is known.",
                      "Gattung und Epitheton, z. B. Tilia cordata; leer, wenn nur die Gattung bekannt ist."}},
            {.name = "cultivar", .label = {"Cultivar", "Sorte"}},
            number("planting_year", {"Year of planting", "Pflanzjahr"}, 1500, 2100),
            {.name = "planting_year_kind",
             .label = {"Year is", "Pflanzjahr ist"},
             .codes = {{"known", {"Known", "Bekannt"}}, {"estimated", {"Estimated", "Geschätzt"}}, {"unknown", {"Unknown", "Unbekannt"}}},
             .required = true,
             .fallback = "unknown"},
            height(),
            crown_diameter(),
            girth(),
            {.name = "trunk_circ_height_m",
             .type = Type::float64,
             .label = {"Girth measured at", "Messhöhe des Stammumfangs"},
             .help = {"Tree statutes measure at 1.00 m or 1.30 m.", "Baumschutzsatzungen messen in 1,00 m oder 1,30 m Höhe."},
             .unit = "m",
             .minimum = 0.1,
             .maximum = 2},
            measure("trunk_diam_cm", {"Trunk diameter", "Stammdurchmesser"}, "cm", 1, 500),
            number("stem_count", {"Number of stems", "Anzahl der Stämme"}, 1, 50),
            vitality(),
            damage_class(),
            {.name = "protection",
             .label = {"Protection", "Schutzstatus"},
             .codes = {{"none", {"None", "Keiner"}},
                       {"statute", {"Tree protection statute", "Baumschutzsatzung"}},
                       {"monument", {"Natural monument", "Naturdenkmal"}},
                       {"habitat", {"Habitat tree", "Biotopbaum"}},
                       {"replacement", {"Replacement planting", "Ersatzpflanzung"}}}},
            {.name = "pit_type",
             .label = {"Tree pit", "Baumscheibe"},
             .codes = {{"open", {"Open", "Offen"}},
                       {"planted", {"Planted", "Bepflanzt"}},
                       {"sealed", {"Sealed", "Versiegelt"}},
                       {"grate", {"Grate", "Baumrost"}},
                       {"structural_soil", {"Structural soil", "Überbaubares Substrat"}}}},
            measure("pit_area_m2", {"Area of the pit", "Fläche der Baumscheibe"}, "m2", 0.2, 200),
            {.name = "root_volume_m3",
             .type = Type::float64,
             .label = {"Rooting volume", "Durchwurzelbarer Raum"},
             .unit = "m3",
             .minimum = 0,
             .maximum = 100},
            flag("sponsored", {"Sponsored", "Baumpatenschaft vergeben"}),
            {.name = "sponsorship_no", .label = {"Sponsorship number", "Patenschaftsnummer"}, .disclosure = Disclosure::internal},
            day("last_watered", {"Last watered", "Letzte Bewässerung"}),
            day("felled_on", {"Felled on", "Gefällt am"}),
            {.name = "care_area", .label = {"Care area", "Pflegebereich"}},
            position_accuracy(),
        }),
        .style = "tree",
        .label_field = "taxon_name_de",
    };
}

LayerDefinition inspection()
{
    return {
        .name = "trees_inspection",
        .title = {"Tree inspections", "Baumkontrollen"},
        .abstract = {"Regular and extra inspections of trees for traffic safety.", "Regel- und Zusatzkontrollen der Bäume zur Verkehrssicherheit."},
        .geometry = {},
        .fields = with_common(
            {
                {.name = "tree_uuid", .label = {"Tree", "Baum"}, .required = true, .references = "trees_tree.uuid"},
                {.name = "inspected_on", .type = Type::date, .label = {"Date", "Kontrolldatum"}, .required = true, .fallback = "today()"},
                {.name = "kind",
                 .label = {"Kind", "Kontrollart"},
                 .codes = {{"regular", {"Regular", "Regelkontrolle"}},
                           {"extra", {"Extra", "Zusatzkontrolle"}},
                           {"detailed", {"Detailed", "Eingehende Untersuchung"}}},
                 .required = true,
                 .fallback = "regular"},
                {.name = "expectation",
                 .label = {"Safety expectation", "Sicherheitserwartung"},
                 .codes = {{"lower", {"Lower", "Geringer"}}, {"higher", {"Higher", "Höher"}}},
                 .required = true,
                 .fallback = "higher"},
                {.name = "phase",
                 .label = {"Phase of life", "Entwicklungsphase"},
                 .codes = {{"youth", {"Youth", "Jugendphase"}}, {"mature", {"Mature", "Reifephase"}}, {"ageing", {"Ageing", "Alterungsphase"}}}},
                height(),
                crown_diameter(),
                girth(),
                vitality(),
                damage_class(),
                {.name = "findings", .label = {"Findings", "Befund"}},
                {.name = "traffic_safe", .type = Type::boolean, .label = {"Safe for traffic", "Verkehrssicher"}, .required = true, .fallback = "true"},
                {.name = "action", .label = {"Action", "Maßnahme"}},
                {.name = "urgency",
                 .label = {"Urgency", "Dringlichkeit"},
                 .codes = {{"immediate", {"At once", "Sofort"}},
                           {"three_months", {"Within three months", "Innerhalb von drei Monaten"}},
                           {"one_year", {"Within a year", "Innerhalb eines Jahres"}},
                           {"none", {"None", "Keine"}}}},
                day("due_date", {"Next inspection due", "Nächste Kontrolle fällig"}),
                {.name = "inspector_role",
                 .label = {"Role of the inspector", "Funktion der kontrollierenden Person"},
                 .help = {"Never a name.", "Niemals ein Name."}},
            },
            Disclosure::internal),
        .disclosure = Disclosure::internal,
        .label_field = "inspected_on",
    };
}

}  // namespace

LayerFamily trees()
{
    return {.name = "trees",
            .title = {"Tree sites", "Baumstandorte"},
            .abstract = {"The tree cadastre of the city.", "Das Baumkataster der Stadt."},
            .layers = {tree(), inspection()}};
}

}  // namespace stadtgdi::catalogue::families
