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
            measure("width_m", {"Width", "Breite"}, "m", 0.2, 100),
            measure("length_m", {"Length", "Länge"}, "m", 0),
            {.name = "incline_pct",
             .type = Type::float64,
             .label = {"Incline", "Längsneigung"},
             .help = {"Positive: uphill in the direction of drawing.", "Positiv: bergauf in Zeichenrichtung."},
             .unit = "%",
             .minimum = -40,
             .maximum = 40},
            measure("cross_slope_pct", {"Cross slope", "Querneigung"}, "%", -20, 20),
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
            number("step_count", {"Number of steps", "Anzahl der Stufen"}, 0, 1000),
            flag("handrail", {"Handrail", "Handlauf"}),
            flag("tactile", {"Tactile paving", "Bodenindikatoren"}),
            flag("lit", {"Lit", "Beleuchtet"}),
            {.name = "wheelchair", .label = {"Usable by wheelchair", "Mit Rollstuhl nutzbar"}, .codes = access_codes()},
        }),
        .style = "edge",
        .label_field = "name",
    };
}

LayerDefinition way_node()
{
    return {
        .name = "walking_node",
        .title = {"Crossings and kerbs", "Querungen und Bordsteine"},
        .abstract = {"Ends and junctions of streets and paths, with kerbs and crossings.", "Enden und Kreuzungen der Wege mit Bordsteinen und Querungen."},
        .geometry = GeometryKind::point,
        .fields = with_common({
            measure("kerb_cm", {"Kerb height", "Bordsteinhöhe"}, "cm", 0, 30),
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
            flag("signal_acoustic", {"Acoustic signal", "Akustisches Signal"}),
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
            .layers = {edge(), way_node()}};
}

}  // namespace stadtgdi::catalogue::families
