// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>

namespace stadtgdi::catalogue::families {

using table::GeometryKind;
using table::Type;

namespace {

// A place is what people want to reach: an office, a practice, a library. It has a position and an address, seldom a
// footprint, so entrances, lifts, toilets, parking and surveys refer to the place; the building is optional everywhere.

std::vector<FieldDefinition> keys_and(std::vector<FieldDefinition> own)
{
    std::vector<FieldDefinition> all = {
        {.name = "place_uuid", .label = {"Place", "Einrichtung"}, .references = "buildings_place.uuid"},
        {.name = "building_uuid", .label = {"Building", "Gebäude"}, .references = "buildings_building.uuid"},
    };
    all.insert(all.end(), own.begin(), own.end());
    return with_common(std::move(all));
}

std::vector<Code> wheelchair_codes()
{
    return {{"yes", {"Yes", "Ja"}}, {"limited", {"Limited", "Eingeschränkt"}}, {"no", {"No", "Nein"}}};
}

FieldDefinition centimetres(std::string name, Text label, double minimum, double maximum, Text help = {})
{
    return {.name = std::move(name), .type = Type::float64, .label = std::move(label), .help = std::move(help), .unit = "cm", .minimum = minimum, .maximum = maximum};
}

/// No survey is complete without it, and no survey may invent it.
FieldDefinition counted_on_site(FieldDefinition field)
{
    field.expected = Expected{};
    return field;
}

std::vector<FieldDefinition> address()
{
    return {{.name = "street_name", .label = {"Street", "Straße"}},
            {.name = "house_no", .label = {"House number", "Hausnummer"}},
            {.name = "postcode", .label = {"Postcode", "Postleitzahl"}},
            {.name = "town", .label = {"Town", "Ort"}}};
}

std::vector<FieldDefinition> joined(std::vector<std::vector<FieldDefinition>> parts)
{
    std::vector<FieldDefinition> all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

LayerDefinition building()
{
    return {
        .name = "buildings_building",
        .title = {"Buildings", "Gebäude"},
        .abstract = {"Footprints of buildings with use, height and accessibility.", "Gebäudegrundrisse mit Nutzung, Höhe und Barrierefreiheit."},
        .geometry = GeometryKind::multi_polygon,
        .fields = with_common(joined({
            {
                {.name = "function",
                 .label = {"Use", "Gebäudefunktion"},
                 .codes = {{"residential", {"Dwelling", "Wohngebäude"}},
                           {"apartments", {"Apartments", "Mehrfamilienhaus"}},
                           {"house", {"House", "Ein- oder Zweifamilienhaus"}},
                           {"allotment_house", {"Allotment house", "Gartenlaube"}},
                           {"garage", {"Garage or carport", "Garage oder Carport"}},
                           {"shed", {"Shed", "Schuppen"}},
                           {"commercial", {"Shop or office", "Büro- oder Geschäftsgebäude"}},
                           {"industrial", {"Industry or storage", "Industrie- oder Lagergebäude"}},
                           {"agricultural", {"Farming", "Landwirtschaftliches Gebäude"}},
                           {"education", {"School or nursery", "Schule oder Kindertagesstätte"}},
                           {"university", {"University", "Hochschule"}},
                           {"health", {"Health", "Gesundheitseinrichtung"}},
                           {"religious", {"Church or other place of worship", "Kirche oder andere Kultstätte"}},
                           {"civic", {"Administration or culture", "Verwaltungs- oder Kulturgebäude"}},
                           {"sport", {"Sport", "Sportgebäude"}},
                           {"hotel", {"Hotel", "Beherbergung"}},
                           {"transport", {"Transport", "Verkehrsgebäude"}},
                           {"technical", {"Technical building", "Technisches Gebäude"}},
                           {"roof", {"Roof", "Überdachung"}},
                           {"ruin", {"Ruin", "Ruine"}},
                           {"construction", {"Under construction", "Im Bau"}},
                           {"other", {"Other or unknown", "Sonstiges oder unbekannt"}}},
                 .required = true,
                 .fallback = "other"},
                {.name = "function_text",
                 .label = {"Use as delivered", "Funktion (Originaltext)"},
                 .help = {"The value of the source, e.g. of ALKIS or OpenStreetMap.", "Der Wert der Quelle, z. B. aus ALKIS oder OpenStreetMap."}},
                {.name = "name", .label = {"Name", "Name"}},
            },
            address(),
            {
                {.name = "district_name", .label = {"District", "Ortsteil"}},
                {.name = "levels", .type = Type::float64, .label = {"Storeys", "Geschosse"}, .minimum = 0, .maximum = 60},
                {.name = "roof_levels", .type = Type::float64, .label = {"Storeys in the roof", "Dachgeschosse"}, .minimum = 0, .maximum = 10},
                measure("height_m", {"Height", "Gebäudehöhe"}, "m", 1, 250),
                {.name = "roof_shape", .label = {"Roof shape", "Dachform"}},
                {.name = "wheelchair", .label = {"Accessible by wheelchair", "Mit Rollstuhl zugänglich"}, .codes = wheelchair_codes()},
                {.name = "inhabitants",
                 .type = Type::float64,
                 .label = {"Inhabitants", "Einwohner"},
                 .help = {"May be estimated and therefore a fraction.", "Kann geschätzt und daher gebrochen sein."},
                 .minimum = 0,
                 .maximum = 5000,
                 .disclosure = Disclosure::restricted},
                {.name = "operator", .label = {"Operator", "Betreiber"}},
                {.name = "opening_hours", .label = {"Opening hours", "Öffnungszeiten"}},
                {.name = "alkis_id", .label = {"ALKIS id", "ALKIS-Objektkennung"}},
            },
        })),
        .style = "building",
        .label_field = "name",
        .min_scale = 75000,
    };
}

LayerDefinition place()
{
    return {
        .name = "buildings_place",
        .title = {"Accessible places", "Einrichtungen mit Barrierefreiheit"},
        .abstract = {"Places that were surveyed for accessibility: the building navigator. A place whose position is not known has no geometry.",
                     "Auf Barrierefreiheit geprüfte Einrichtungen: der Gebäudenavigator. Ist die Lage unbekannt, hat die Einrichtung keine Geometrie."},
        .geometry = GeometryKind::point,
        .fields = with_common(joined({
            {
                {.name = "name", .label = {"Name", "Name"}, .required = true, .fallback = "?"},
                {.name = "category",
                 .label = {"Category", "Kategorie"},
                 .codes = {{"education", {"Education, leisure, culture", "Bildung, Freizeit, Kultur"}},
                           {"health", {"Health", "Gesundheit"}},
                           {"law", {"Law and administration", "Recht und Verwaltung"}},
                           {"associations", {"Associations", "Verbände und Vereine"}},
                           {"hospitality", {"Restaurants and hotels", "Gastronomie und Beherbergung"}},
                           {"services", {"Services", "Dienstleistungen"}},
                           {"transport", {"Transport", "Verkehr"}},
                           {"other", {"Other", "Sonstige"}}},
                 .required = true,
                 .fallback = "other"},
            },
            address(),
            {
                {.name = "building_uuid", .label = {"Building", "Gebäude"}, .references = "buildings_building.uuid"},
                {.name = "operator", .label = {"Operator", "Betreiber"}},
                {.name = "opening_hours", .label = {"Opening hours", "Öffnungszeiten"}},
                {.name = "website", .label = {"Website", "Webseite"}},
                {.name = "phone", .label = {"Telephone of the place", "Telefon der Einrichtung"}, .disclosure = Disclosure::internal},
                {.name = "fax", .label = {"Fax of the place", "Fax der Einrichtung"}, .disclosure = Disclosure::internal},
                {.name = "entrance_access", .label = {"Entrance with a wheelchair", "Eingang mit Rollstuhl"}, .codes = access_codes(), .required = true, .fallback = "unknown"},
                flag("lift_available", {"Lift", "Aufzug vorhanden"}),
                {.name = "lift_access", .label = {"Lift with a wheelchair", "Aufzug mit Rollstuhl"}, .codes = access_codes()},
                flag("toilet_available", {"Toilet", "Toilette vorhanden"}),
                {.name = "toilet_access", .label = {"Toilet with a wheelchair", "Toilette mit Rollstuhl"}, .codes = access_codes()},
                flag("parking_available", {"Parking", "Parkplatz vorhanden"}),
                flag("help_hearing", {"Help for people with impaired hearing", "Hilfen bei Hörbehinderung"}),
                flag("help_visual", {"Help for blind people and people with impaired sight", "Hilfen bei Sehbehinderung oder Blindheit"}),
                flag("help_learning", {"Help for people with learning difficulties", "Hilfen bei Lernschwierigkeiten"}),
                flag("tactile_guidance", {"Tactile guidance", "Blindenleitsystem"}),
                flag("induction_loop", {"Induction loop", "Induktive Höranlage"}),
                flag("sign_language", {"Sign language", "Gebärdensprache"}),
                flag("easy_language", {"Easy language", "Leichte Sprache"}),
                flag("help_general", {"Help on site", "Hilfe vor Ort"}),
                {.name = "help_text", .label = {"Help: description", "Hilfe: Beschreibung"}, .help = {"In German.", "Auf Deutsch."}},
                {.name = "help_text_en", .label = {"Help: description in English", "Hilfe: Beschreibung auf Englisch"}},
                {.name = "public_floors",
                 .label = {"Floors open to the public", "Öffentlich genutzte Geschosse"},
                 .help = {"Numbers separated by commas; 0 is the ground floor, e.g. -1,0,2.", "Nummern, durch Komma getrennt; 0 ist das Erdgeschoss, z. B. -1,0,2."}},
                day("surveyed_on", {"Last survey", "Letzte Erhebung"}),
            },
        })),
        .style = "place",
        .label_field = "name",
        .min_scale = 50000,
    };
}

LayerDefinition entrance()
{
    return {
        .name = "buildings_entrance",
        .title = {"Entrances", "Eingänge"},
        .abstract = {"Entrances with steps, ramps and doors.", "Eingänge mit Stufen, Rampen und Türen."},
        .geometry = GeometryKind::point,
        .fields = keys_and({
            {.name = "is_main", .type = Type::boolean, .label = {"Main entrance", "Haupteingang"}, .required = true, .fallback = "true"},
            {.name = "access", .label = {"With a wheelchair", "Mit Rollstuhl"}, .codes = access_codes(), .required = true, .fallback = "unknown"},
            counted_on_site(number("steps", {"Steps", "Stufen"}, 0, 100)),
            centimetres("step_height_cm", {"Height of a step", "Höhe einer Stufe"}, 0, 40),
            centimetres("threshold_cm", {"Threshold", "Türschwelle"}, 0, 20),
            counted_on_site({.name = "ramp",
                             .label = {"Ramp", "Rampe"},
                             .codes = {{"none", {"None", "Keine"}}, {"fixed", {"Fixed", "Fest"}}, {"mobile", {"Mobile", "Mobil"}}}}),
            centimetres("ramp_len_cm", {"Length of the ramp", "Länge der Rampe"}, 0, 20000),
            centimetres("ramp_height_cm", {"Height of the ramp", "Höhe der Rampe"}, 0, 2000),
            centimetres("ramp_width_cm", {"Width of the ramp", "Breite der Rampe"}, 0, 1000),
            measure("ramp_slope_pct", {"Slope of the ramp", "Neigung der Rampe"}, "%", 0, 40),
            flag("ramp_handrail_left", {"Ramp: handrail on the left", "Rampe: Handlauf links"}),
            flag("ramp_handrail_right", {"Ramp: handrail on the right", "Rampe: Handlauf rechts"}),
            flag("ramp_marking", {"Ramp: marked start and end", "Rampe: farbliche Markierung"}),
            flag("handrail_left", {"Handrail on the left", "Handlauf links"}),
            flag("handrail_right", {"Handrail on the right", "Handlauf rechts"}),
            flag("edge_marking", {"First and last step marked", "Erste und letzte Stufe markiert"}),
            counted_on_site(centimetres("door_width_cm", {"Narrowest door on the way in", "Kleinste Türbreite bis zur Einrichtung"}, 40, 400)),
            {.name = "door_type",
             .label = {"Door", "Türart"},
             .codes = {{"automatic", {"Automatic", "Automatische Tür"}},
                       {"semi_automatic", {"Half automatic", "Halbautomatische Tür"}},
                       {"hinged", {"Hinged door", "Drehflügeltür"}},
                       {"manual", {"Other door", "Andere Tür"}},
                       {"swing", {"Swing door", "Pendeltür"}},
                       {"revolving", {"Revolving door", "Karusselltür"}}}},
            flag("bell", {"Bell", "Klingel"}),
            centimetres("bell_height_cm", {"Height of the bell", "Höhe der Klingel"}, 0, 250),
            {.name = "bell_place", .label = {"Where the bell is", "Ort der Klingel"}},
            flag("intercom", {"Intercom", "Wechselsprechanlage"}),
            flag("alternative", {"Another entrance for wheelchairs", "Alternativer Eingang für Rollstühle"}),
            {.name = "alternative_place", .label = {"Where the other entrance is", "Ort des alternativen Eingangs"}},
        }),
        .style = "entrance",
        .label_field = "access",
        .min_scale = 10000,
    };
}

LayerDefinition lift()
{
    return {
        .name = "buildings_lift",
        .title = {"Lifts", "Aufzüge"},
        .abstract = {"Lifts with cabin and control sizes.", "Aufzüge mit Maßen von Kabine und Bedienelementen."},
        .geometry = GeometryKind::point,
        .fields = keys_and({
            {.name = "access", .label = {"With a wheelchair", "Mit Rollstuhl"}, .codes = access_codes(), .required = true, .fallback = "unknown"},
            number("steps_to_lift", {"Steps to the lift", "Stufen bis zum Aufzug"}, 0, 100),
            centimetres("door_width_cm", {"Width of the door", "Türbreite"}, 40, 400),
            centimetres("cabin_width_cm", {"Width of the cabin", "Breite der Kabine"}, 60, 400),
            centimetres("cabin_depth_cm", {"Depth of the cabin", "Tiefe der Kabine"}, 60, 400),
            centimetres("controls_height_in_cm", {"Highest button inside", "Höchster Bedienknopf innen"}, 0, 250),
            centimetres("controls_height_out_cm", {"Highest button outside", "Höchster Bedienknopf außen"}, 0, 250),
            flag("turning_circle", {"Enough room to turn", "Ausreichender Wendekreis"}),
            {.name = "floors_served", .label = {"Floors served", "Bediente Geschosse"}},
            {.name = "key_place", .label = {"Where authorised staff can be found", "Aufenthaltsort Aufzugsberechtigter"}},
        }),
        .style = "lift",
        .label_field = "access",
        .min_scale = 10000,
    };
}

LayerDefinition toilet()
{
    return {
        .name = "buildings_toilet",
        .title = {"Toilets", "Toiletten"},
        .abstract = {"Toilets with the sizes that wheelchair users need to know.", "Toiletten mit den Maßen, die für Rollstuhlfahrende wichtig sind."},
        .geometry = GeometryKind::point,
        .fields = keys_and({
            {.name = "access", .label = {"With a wheelchair", "Mit Rollstuhl"}, .codes = access_codes(), .required = true, .fallback = "unknown"},
            flag("pictogram", {"Marked by a pictogram", "Mit Piktogramm gekennzeichnet"}),
            flag("eurokey", {"Opened by the Eurokey", "Mit Euroschlüssel"}),
            number("steps_to_toilet", {"Steps to the toilet", "Stufen bis zur Toilette"}, 0, 100),
            centimetres("step_height_cm", {"Height of a step", "Höhe einer Stufe"}, 0, 40),
            flag("steps_handrail_left", {"Steps: handrail on the left", "Stufen: Handlauf links"}),
            flag("steps_handrail_right", {"Steps: handrail on the right", "Stufen: Handlauf rechts"}),
            flag("steps_marking", {"Steps: marked", "Stufen: farbliche Markierung"}),
            centimetres("door_width_cm", {"Width of the door", "Türbreite"}, 40, 400),
            flag("unlock_outside", {"Door can be unlocked from outside", "Tür von außen entriegelbar"}),
            flag("emergency_bell", {"Emergency bell", "Notklingel"}),
            centimetres("emergency_bell_height_cm", {"Height of the emergency bell", "Höhe der Notklingel"}, 0, 250),
            centimetres("front_depth_cm", {"Space in front: depth", "Bewegungsfläche vor dem WC: Tiefe"}, 0, 1000),
            centimetres("front_width_cm", {"Space in front: width", "Bewegungsfläche vor dem WC: Breite"}, 0, 1000),
            centimetres("left_depth_cm", {"Space on the left: depth", "Bewegungsfläche links: Tiefe"}, 0, 1000),
            centimetres("left_width_cm", {"Space on the left: width", "Bewegungsfläche links: Breite"}, 0, 1000),
            centimetres("right_depth_cm", {"Space on the right: depth", "Bewegungsfläche rechts: Tiefe"}, 0, 1000),
            centimetres("right_width_cm", {"Space on the right: width", "Bewegungsfläche rechts: Breite"}, 0, 1000),
            flag("grab_bars", {"Grab bars", "Stützgriffe"}),
            flag("grab_bar_left_foldable", {"Left grab bar folds", "Stützgriff links klappbar"}),
            flag("grab_bar_right_foldable", {"Right grab bar folds", "Stützgriff rechts klappbar"}),
            {.name = "tap",
             .label = {"Tap", "Armatur am Waschbecken"},
             .codes = {{"lever", {"Lever", "Hebelarm"}}, {"sensor", {"Sensor", "Fotozelle"}}, {"unknown", {"Unknown", "Unbekannt"}}}},
        }),
        .style = "toilet",
        .label_field = "access",
        .min_scale = 10000,
    };
}

LayerDefinition parking()
{
    return {
        .name = "buildings_parking",
        .title = {"Parking for disabled people", "Behindertenparkplätze"},
        .abstract = {"Parking spaces of a place, those for disabled people counted.", "Parkplätze einer Einrichtung mit Zahl der Behindertenparkplätze."},
        .geometry = GeometryKind::point,
        .fields = keys_and({
            flag("in_front", {"Parking in front", "Parkplatz vor der Einrichtung"}),
            number("disabled_front", {"Disabled spaces in front", "Behindertenparkplätze vor der Einrichtung"}, 0, 500),
            flag("on_site", {"Own car park", "Hauseigener Parkplatz"}),
            number("disabled_site", {"Disabled spaces on site", "Behindertenparkplätze auf dem hauseigenen Parkplatz"}, 0, 500),
            {.name = "site_place", .label = {"Where the car park is", "Ort des hauseigenen Parkplatzes"}},
            centimetres("width_cm", {"Width of a space", "Stellplatzbreite"}, 200, 1000),
            centimetres("length_cm", {"Length of a space", "Stellplatzlänge"}, 300, 2000),
            measure("distance_m", {"Way to the entrance", "Weg zum Eingang"}, "m", 0, 2000),
        }),
        .style = "parking",
        .label_field = "disabled_site",
        .min_scale = 10000,
    };
}

LayerDefinition survey()
{
    return {
        .name = "buildings_survey",
        .title = {"Accessibility surveys", "Erhebungen der Barrierefreiheit"},
        .abstract = {"When and how the facts of a place were collected.", "Wann und wie die Angaben zu einer Einrichtung erhoben wurden."},
        .geometry = {},
        .fields = keys_and({
            counted_on_site(day("surveyed_on", {"Date", "Datum der Erhebung"})),
            {.name = "surveyor_kind",
             .label = {"Surveyed by", "Erhoben durch"},
             .codes = {{"association", {"Association", "Verband"}},
                       {"city", {"City", "Stadt"}},
                       {"owner", {"Owner", "Eigentümer oder Betreiber"}},
                       {"citizen", {"Citizen", "Bürgerin oder Bürger"}}},
             .required = true,
             .fallback = "city"},
            {.name = "method",
             .label = {"Method", "Verfahren"},
             .codes = {{"measured", {"Measured", "Gemessen"}}, {"estimated", {"Estimated", "Geschätzt"}}, {"declared", {"Declared", "Selbstauskunft"}}},
             .required = true,
             .fallback = "measured"},
            flag("released", {"Released", "Freigegeben"}),
            day("next_due", {"Next survey due", "Nächste Erhebung fällig"}),
        }),
        .label_field = "surveyed_on",
    };
}

}  // namespace

LayerFamily buildings()
{
    return {.name = "buildings",
            .title = {"Buildings and accessibility", "Gebäude und Zugänglichkeit"},
            .abstract = {"Buildings and places with what disabled people need to know of them.",
                         "Gebäude und Einrichtungen mit den Angaben, die Menschen mit Behinderung brauchen."},
            .layers = {building(), place(), entrance(), lift(), toilet(), parking(), survey()}};
}

}  // namespace stadtgdi::catalogue::families
