// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

namespace {

LayerDefinition edge()
{
    return {
        .name = "walking_edge",
        .title = {"Streets and paths", "Straßen und Wege"},
        .abstract = {"Lines on which people walk; what is not known stays empty.", "Linien, auf denen man zu Fuß geht; Unbekanntes bleibt leer."},
        .geometry = GeometryKind::line,
        .fields = with_common({
            {.name = "name", .label = {"Name", "Name"}},
            {.name = "kind",
             .label = {"Kind", "Art"},
             .codes = {{"main_street", {"Main street", "Hauptstraße"}},
                       {"residential_street", {"Residential street", "Wohnstraße"}},
                       {"living_street", {"Living street", "Verkehrsberuhigter Bereich"}},
                       {"service_road", {"Service road", "Zufahrt"}},
                       {"pedestrian", {"Pedestrian street", "Fußgängerzone"}},
                       {"sidewalk", {"Pavement", "Gehweg an der Straße"}},
                       {"footway", {"Footway", "Fußweg"}},
                       {"shared", {"Shared foot and cycle path", "Gemeinsamer Geh- und Radweg"}},
                       {"path", {"Path", "Pfad"}},
                       {"track", {"Track", "Wirtschaftsweg"}},
                       {"crossing", {"Crossing", "Querung"}},
                       {"steps", {"Steps", "Treppe"}},
                       {"lift", {"Lift", "Aufzug"}}},
             .required = true,
             .fallback = "footway"},
            {.name = "from_node", .label = {"From node", "Von Knoten"}, .references = "walking_node.uuid"},
            {.name = "to_node", .label = {"To node", "Nach Knoten"}, .references = "walking_node.uuid"},
            {.name = "width_m", .type = Type::float64, .label = {"Width", "Breite"}, .unit = "m", .minimum = 0.2, .maximum = 100},
            {.name = "length_m", .type = Type::float64, .label = {"Length", "Länge"}, .unit = "m", .minimum = 0},
            {.name = "incline_pct",
             .type = Type::float64,
             .label = {"Incline", "Längsneigung"},
             .help = {"Positive: uphill in the direction of drawing.", "Positiv: bergauf in Zeichenrichtung."},
             .unit = "%",
             .minimum = -40,
             .maximum = 40},
            {.name = "cross_slope_pct", .type = Type::float64, .label = {"Cross slope", "Querneigung"}, .unit = "%", .minimum = -20, .maximum = 20},
            {.name = "surface",
             .label = {"Surface", "Oberfläche"},
             .codes = {{"asphalt", {"Asphalt", "Asphalt"}},
                       {"concrete", {"Concrete", "Beton"}},
                       {"paving_stones", {"Paving stones", "Betonpflaster oder Platten"}},
                       {"sett", {"Sett", "Natursteinpflaster"}},
                       {"cobblestone", {"Cobblestones", "Kopfsteinpflaster"}},
                       {"compacted", {"Compacted", "Wassergebundene Decke"}},
                       {"gravel", {"Gravel", "Schotter"}},
                       {"sand", {"Sand", "Sand"}},
                       {"grass", {"Grass", "Gras"}},
                       {"ground", {"Bare ground", "Unbefestigt"}},
                       {"wood", {"Wood", "Holz"}},
                       {"metal", {"Metal", "Metall"}},
                       {"other", {"Other", "Sonstige"}}}},
            {.name = "smoothness",
             .label = {"Smoothness", "Ebenheit"},
             .codes = {{"excellent", {"Excellent", "Sehr eben"}},
                       {"good", {"Good", "Eben"}},
                       {"intermediate", {"Intermediate", "Mäßig eben"}},
                       {"bad", {"Bad", "Uneben"}},
                       {"very_bad", {"Very bad", "Sehr uneben"}},
                       {"horrible", {"Horrible", "Kaum befahrbar"}}}},
            {.name = "step_count", .type = Type::int64, .label = {"Number of steps", "Anzahl der Stufen"}, .minimum = 0, .maximum = 1000},
            {.name = "handrail", .type = Type::boolean, .label = {"Handrail", "Handlauf"}},
            {.name = "tactile", .type = Type::boolean, .label = {"Tactile paving", "Bodenindikatoren"}},
            {.name = "lit", .type = Type::boolean, .label = {"Lit", "Beleuchtet"}},
            {.name = "wheelchair", .label = {"Usable by wheelchair", "Mit Rollstuhl nutzbar"}, .codes = access_codes()},
        }),
        .style = "edge",
        .label_field = "name",
    };
}

LayerDefinition node()
{
    return {
        .name = "walking_node",
        .title = {"Crossings and kerbs", "Querungen und Bordsteine"},
        .abstract = {"Ends and junctions of streets and paths, with kerbs and crossings.", "Enden und Kreuzungen der Wege mit Bordsteinen und Querungen."},
        .geometry = GeometryKind::point,
        .fields = with_common({
            {.name = "kerb_cm", .type = Type::float64, .label = {"Kerb height", "Bordsteinhöhe"}, .unit = "cm", .minimum = 0, .maximum = 30},
            {.name = "kerb",
             .label = {"Kerb", "Bordstein"},
             .codes = {{"flush", {"Flush", "Nullabsenkung"}},
                       {"lowered", {"Lowered", "Abgesenkt"}},
                       {"raised", {"Raised", "Hochbord"}},
                       {"rolled", {"Rolled", "Rundbord"}}}},
            {.name = "crossing",
             .label = {"Crossing", "Querungsart"},
             .codes = {{"signals", {"Traffic lights", "Lichtsignalanlage"}},
                       {"zebra", {"Zebra crossing", "Fußgängerüberweg"}},
                       {"island", {"Traffic island", "Mittelinsel"}},
                       {"none", {"None", "Ungesichert"}}}},
            {.name = "signal_acoustic", .type = Type::boolean, .label = {"Acoustic signal", "Akustisches Signal"}},
        }),
        .style = "node",
        .label_field = "crossing",
        .min_scale = 10000,
    };
}

}  // namespace

LayerFamily walking()
{
    return {.name = "walking",
            .title = {"Walking network", "Wegenetz"},
            .abstract = {"Streets and paths as a network for people on foot and in wheelchairs.",
                         "Straßen und Wege als Netz für Menschen zu Fuß und im Rollstuhl."},
            .layers = {edge(), node()}};
}

}  // namespace stadtgdi::catalogue::families
