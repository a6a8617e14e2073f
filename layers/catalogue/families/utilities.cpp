// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

namespace {

// Readable codes; the comments name the codes of XTrasse 2.0 that they stand for.
std::vector<Code> media()
{
    return {{"electricity", {"Electricity", "Strom"}},            // 3000
            {"gas", {"Gas", "Gas"}},                              // 2000
            {"heat", {"District heating", "Fernwärme"}},          // 4000
            {"water", {"Water", "Wasser"}},                       // 6000
            {"sewage", {"Sewage", "Abwasser"}},                   // 5000
            {"telecom", {"Telecommunication", "Telekommunikation"}},  // 1000
            {"other", {"Other", "Sonstige"}}};                    // 9999
}

std::vector<Code> states()
{
    return {{"planned", {"Planned", "Geplant"}},
            {"in_operation", {"In operation", "In Betrieb"}},                        // 1000
            {"out_of_operation", {"Out of operation", "Außer Betrieb genommen"}},    // 2100
            {"abandoned", {"Abandoned", "Stillgelegt"}},                             // 2200
            {"removed", {"Removed", "Zurückgebaut"}},
            {"unknown", {"Unknown", "Unbekannt"}}};                                  // 9999
}

LayerDefinition line()
{
    const Expected with_both_nodes{"function", {"transport", "main", "distribution"}};
    return {
        .name = "utilities_line",
        .title = {"Utility lines", "Leitungen"},
        .abstract = {"Pipes and cables of all utility networks. Critical infrastructure: shown to authorised people only.",
                     "Rohre und Kabel aller Leitungsnetze. Kritische Infrastruktur: nur für Berechtigte sichtbar."},
        .geometry = GeometryKind::line,
        .fields = with_common(
            {
                {.name = "medium", .label = {"Medium", "Sparte"}, .codes = media(), .required = true, .fallback = "other"},
                {.name = "sub_medium",
                 .label = {"Kind of network", "Netzart"},
                 .codes = {{"low_voltage", {"Low voltage", "Niederspannung"}},
                           {"medium_voltage", {"Medium voltage", "Mittelspannung"}},
                           {"high_voltage", {"High voltage", "Hochspannung"}},
                           {"street_light", {"Street lighting", "Straßenbeleuchtung"}},
                           {"low_pressure", {"Low pressure", "Niederdruck"}},
                           {"medium_pressure", {"Medium pressure", "Mitteldruck"}},
                           {"high_pressure", {"High pressure", "Hochdruck"}},
                           {"flow", {"Flow", "Vorlauf"}},
                           {"return", {"Return", "Rücklauf"}},
                           {"drinking", {"Drinking water", "Trinkwasser"}},
                           {"process", {"Process water", "Brauchwasser"}},
                           {"fire", {"Fire water", "Löschwasser"}},
                           {"foul", {"Foul sewage", "Schmutzwasser"}},
                           {"storm", {"Storm water", "Regenwasser"}},
                           {"combined", {"Combined sewage", "Mischwasser"}},
                           {"fibre", {"Optical fibre", "Glasfaser"}},
                           {"copper", {"Copper", "Kupfer"}}},
                 .expected = Expected{"medium", {"electricity", "sewage"}}},
                {.name = "line_type",
                 .label = {"Construction", "Leitungstyp"},
                 .codes = {{"buried", {"Buried pipe", "Erdverlegte Leitung"}},          // 1000
                           {"cable", {"Buried cable", "Erdkabel"}},                     // 10001
                           {"submarine", {"Underwater cable", "Unterwasserkabel"}},     // 10002
                           {"protective_duct", {"Protective duct", "Schutzrohr"}},      // 10003
                           {"empty_duct", {"Empty duct", "Leerrohr"}},                  // 10004
                           {"overhead", {"Overhead line", "Freileitung"}},
                           {"other", {"Other", "Sonstige"}}},
                 .required = true,
                 .fallback = "buried"},
                {.name = "function",
                 .label = {"Function", "Netzebene"},
                 .codes = {{"transport", {"Transport", "Transportleitung"}},
                           {"main", {"Main", "Hauptleitung"}},
                           {"distribution", {"Distribution", "Verteilleitung"}},
                           {"service", {"Service connection", "Hausanschlussleitung"}}},
                 .expected = Expected{}},
                {.name = "status", .label = {"State", "Betriebszustand"}, .codes = states(), .required = true, .fallback = "in_operation"},
                {.name = "operator", .label = {"Operator", "Netzbetreiber"}, .expected = Expected{}},
                {.name = "street_name", .label = {"Street", "Straße"}},
                {.name = "from_node",
                 .label = {"From node", "Von Knoten"},
                 .help = {"A service connection may begin on the line that it taps, without a node.", "Ein Hausanschluss darf ohne Knoten auf der Leitung beginnen, von der er abzweigt."},
                 .expected = with_both_nodes,
                 .references = "utilities_node.uuid"},
                {.name = "to_node", .label = {"To node", "Nach Knoten"}, .expected = with_both_nodes, .references = "utilities_node.uuid"},
                {.name = "flow_dir",
                 .label = {"Direction of flow", "Fließrichtung"},
                 .help = {"As seen in the direction of drawing.", "Bezogen auf die Zeichenrichtung."},
                 .codes = {{"forward", {"Forward", "In Zeichenrichtung"}},
                           {"backward", {"Backward", "Gegen die Zeichenrichtung"}},
                           {"both", {"Both", "Beide Richtungen"}},
                           {"unknown", {"Unknown", "Unbekannt"}}},
                 .required = true,
                 .fallback = "unknown"},
                {.name = "diameter_mm",
                 .type = Type::float64,
                 .label = {"Inner diameter or width", "Innendurchmesser oder Profilbreite"},
                 .unit = "mm",
                 .minimum = 1,
                 .maximum = 6000},
                measure("profile_height_mm", {"Height of the profile", "Profilhöhe"}, "mm", 1, 6000),
                {.name = "profile",
                 .label = {"Profile", "Profilart"},
                 .codes = {{"circular", {"Circular", "Kreisprofil"}},
                           {"egg", {"Egg", "Eiprofil"}},
                           {"mouth", {"Mouth", "Maulprofil"}},
                           {"rectangular", {"Rectangular", "Rechteckprofil"}},
                           {"other", {"Other", "Sonstiges Profil"}}}},
                measure("outer_diam_mm", {"Outer diameter", "Außendurchmesser"}, "mm", 1, 8000),
                {.name = "material",
                 .label = {"Material", "Werkstoff"},
                 .codes = {{"pe", {"Polyethylene", "Polyethylen (PE)"}},
                           {"pp", {"Polypropylene", "Polypropylen (PP)"}},
                           {"pvc", {"PVC", "PVC"}},
                           {"plastic", {"Plastic", "Kunststoff"}},
                           {"grp", {"Glass-fibre plastic", "Glasfaserverstärkter Kunststoff (GFK)"}},
                           {"steel", {"Steel", "Stahl"}},
                           {"steel_pe", {"Steel in plastic jacket", "Kunststoffmantelrohr (KMR)"}},
                           {"cast_iron", {"Cast iron", "Gusseisen"}},
                           {"ductile_iron", {"Ductile iron", "Duktiles Gusseisen"}},
                           {"concrete", {"Concrete", "Beton"}},
                           {"reinforced_concrete", {"Reinforced concrete", "Stahlbeton"}},
                           {"vitrified_clay", {"Vitrified clay", "Steinzeug"}},
                           {"brick", {"Brick", "Mauerwerk"}},
                           {"asbestos_cement", {"Asbestos cement", "Asbestzement"}},
                           {"copper", {"Copper", "Kupfer"}},
                           {"aluminium", {"Aluminium", "Aluminium"}},
                           {"glass_fibre", {"Optical fibre", "Glasfaser"}},
                           {"mixed", {"Mixed", "Verschiedene Werkstoffe"}},
                           {"other", {"Other", "Sonstiger Werkstoff"}},
                           {"unknown", {"Unknown", "Unbekannt"}}}},
                {.name = "type_text",
                 .label = {"Type as delivered", "Typbezeichnung"},
                 .help = {"Cable or pipe type of the operator, e.g. NAYY 4x150 SE.", "Kabel- oder Rohrtyp des Betreibers, z. B. NAYY 4x150 SE."}},
                number("install_year", {"Year of installation", "Baujahr"}, 1800, 2100),
                measure("voltage_kv", {"Nominal voltage", "Nennspannung"}, "kV", 0, 500),
                measure("max_current_a", {"Highest current", "Höchster Strom"}, "A", 0),
                measure("pressure_bar", {"Nominal pressure", "Nenndruck"}, "bar", 0, 200),
                {.name = "depth_m",
                 .type = Type::float64,
                 .label = {"Cover", "Überdeckung"},
                 .help = {"From the surface to the top of the line.", "Von der Geländeoberfläche bis zum Scheitel der Leitung."},
                 .unit = "m",
                 .minimum = 0,
                 .maximum = 30},
                {.name = "invert_from_m", .type = Type::float64, .label = {"Invert level at the start", "Sohlhöhe am Anfang"}, .help = {"Above NHN.", "Über NHN."}, .unit = "m"},
                {.name = "invert_to_m", .type = Type::float64, .label = {"Invert level at the end", "Sohlhöhe am Ende"}, .help = {"Above NHN.", "Über NHN."}, .unit = "m"},
                {.name = "protect_strip_m",
                 .type = Type::float64,
                 .label = {"Protective strip", "Schutzstreifen"},
                 .help = {"On each side.", "Auf jeder Seite."},
                 .unit = "m",
                 .minimum = 0,
                 .maximum = 20},
                {.name = "level",
                 .type = Type::int64,
                 .label = {"Level", "Lageebene"},
                 .help = {"Lines of different levels cross without being connected.", "Leitungen verschiedener Ebenen kreuzen sich ohne Verbindung."},
                 .required = true,
                 .fallback = "0"},
                position_accuracy(),
            },
            Disclosure::kritis),
        .disclosure = Disclosure::kritis,
        .style = "line",
        .label_field = "type_text",
        .min_scale = 25000,
    };
}

LayerDefinition node()
{
    return {
        .name = "utilities_node",
        .title = {"Utility nodes", "Leitungsknoten"},
        .abstract = {"Stations, valves, manholes, house connections and other ends of utility lines. Critical infrastructure.",
                     "Stationen, Armaturen, Schächte, Hausanschlüsse und andere Enden der Leitungen. Kritische Infrastruktur."},
        .geometry = GeometryKind::point,
        .fields = with_common(
            {
                {.name = "medium", .label = {"Medium", "Sparte"}, .codes = media(), .required = true, .fallback = "other"},
                {.name = "node_type",
                 .label = {"Kind of node", "Knotenart"},
                 .codes = {{"source", {"Source or plant", "Einspeisung oder Erzeugungsanlage"}},
                           {"junction", {"Junction", "Verbindung oder Abzweig"}},
                           {"distribution_box", {"Distribution cabinet", "Verteilerschrank"}},
                           {"valve", {"Valve", "Absperrarmatur"}},
                           {"switch", {"Switch", "Schalter"}},
                           {"house_connection", {"House connection", "Hausanschluss"}},
                           {"manhole", {"Manhole", "Schacht"}},
                           {"street_inlet", {"Street inlet", "Straßenablauf"}},
                           {"hydrant", {"Hydrant", "Hydrant"}},
                           {"pump", {"Pump", "Pumpe"}},
                           {"reducer", {"Pressure regulator", "Druckregelanlage"}},
                           {"transformer", {"Transformer", "Transformatorenstation"}},
                           {"street_light", {"Street light", "Straßenleuchte"}},
                           {"structure", {"Structure", "Sonderbauwerk"}},
                           {"end", {"End", "Leitungsende"}},
                           {"virtual", {"Virtual node", "Fiktiver Knoten"}}},
                 .required = true,
                 .fallback = "junction"},
                {.name = "status", .label = {"State", "Betriebszustand"}, .codes = states(), .required = true, .fallback = "in_operation"},
                {.name = "operator", .label = {"Operator", "Netzbetreiber"}},
                {.name = "street_name", .label = {"Street", "Straße"}},
                {.name = "is_source", .type = Type::boolean, .label = {"Feeds the network", "Speist das Netz"}, .fallback = "false"},
                {.name = "operable",
                 .type = Type::boolean,
                 .label = {"Can be operated", "Bedienbar"},
                 .help = {"Whether the valve or switch works, whatever its position.", "Ob sich die Armatur betätigen lässt, unabhängig von ihrer Stellung."}},
                {.name = "state",
                 .label = {"Position", "Stellung"},
                 .codes = {{"open", {"Open", "Offen"}}, {"closed", {"Closed", "Geschlossen"}}, {"unknown", {"Unknown", "Unbekannt"}}}},
                {.name = "type_text", .label = {"Type as delivered", "Typbezeichnung"}},
                number("install_year", {"Year of installation", "Baujahr"}, 1800, 2100),
                measure("voltage_kv", {"Nominal voltage", "Nennspannung"}, "kV", 0, 500),
                measure("pressure_bar", {"Nominal pressure", "Nenndruck"}, "bar", 0, 200),
                measure("capacity_kva", {"Rated power", "Bemessungsleistung"}, "kVA", 0),
                {.name = "demand_kw", .type = Type::float64, .label = {"Connected load", "Anschlussleistung"}, .unit = "kW", .minimum = 0, .disclosure = Disclosure::kritis},
                {.name = "demand_kwh_a", .type = Type::float64, .label = {"Yearly demand", "Jahresbedarf"}, .unit = "kWh/a", .minimum = 0, .disclosure = Disclosure::kritis},
                {.name = "demand_m3_a", .type = Type::float64, .label = {"Yearly volume", "Jahresmenge"}, .unit = "m3/a", .minimum = 0, .disclosure = Disclosure::kritis},
                {.name = "invert_m", .type = Type::float64, .label = {"Invert level", "Sohlhöhe"}, .help = {"Above NHN.", "Über NHN."}, .unit = "m"},
                {.name = "cover_m", .type = Type::float64, .label = {"Cover level", "Deckelhöhe"}, .help = {"Above NHN.", "Über NHN."}, .unit = "m"},
                measure("depth_m", {"Depth", "Tiefe"}, "m", 0, 30),
                position_accuracy(),
            },
            Disclosure::kritis),
        .disclosure = Disclosure::kritis,
        .style = "node",
        .label_field = "local_id",
        .min_scale = 5000,
    };
}

LayerDefinition coverage()
{
    return {
        .name = "utilities_coverage",
        .title = {"Coverage of utility data", "Abdeckung der Leitungsauskunft"},
        .abstract = {"Where an operator has delivered its lines: tells 'no line here' from 'no data here'.",
                     "Wo ein Betreiber seine Leitungen geliefert hat: unterscheidet „keine Leitung“ von „keine Daten“."},
        .geometry = GeometryKind::multi_polygon,
        .fields = with_common(
            {
                {.name = "operator", .label = {"Operator", "Netzbetreiber"}, .required = true, .fallback = "unknown"},
                {.name = "medium", .label = {"Medium", "Sparte"}, .codes = media(), .required = true, .fallback = "other"},
                {.name = "data_state",
                 .label = {"State of the data", "Datenlage"},
                 .codes = {{"complete", {"Complete", "Vollständig"}}, {"partial", {"Partial", "Teilweise"}}, {"none", {"None", "Keine"}}},
                 .required = true,
                 .fallback = "none"},
                day("as_of", {"As of", "Stand"}),
            },
            Disclosure::kritis),
        .disclosure = Disclosure::kritis,
        .style = "coverage",
        .label_field = "operator",
    };
}

}  // namespace

LayerFamily utilities()
{
    return {.name = "utilities",
            .title = {"Utility networks", "Leitungsnetze"},
            .abstract = {"Networks of electricity, gas, heat, water, sewage and telecommunication.",
                         "Netze für Strom, Gas, Wärme, Wasser, Abwasser und Telekommunikation."},
            .layers = {line(), node(), coverage()}};
}

}  // namespace stadtgdi::catalogue::families
