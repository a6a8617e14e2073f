// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/validate/detail/check.hpp>

namespace stadtgdi::validate {

namespace detail {

const std::vector<RuleEntry>& rule_entries()
{
    constexpr auto info = Severity::info, warning = Severity::warning, error = Severity::error;
    static const std::vector<RuleEntry> entries = {
        {{"V001", error, {"Geometry is missing", "Geometrie fehlt"}, {}}, geometry_missing},
        {{"V002", error, {"Geometry is not valid", "Geometrie ist ungültig"}, {}}, geometry_invalid},
        {{"V003", error, {"Outside the city", "Außerhalb der Stadt"}, {}}, geometry_far_outside},
        {{"V004", error, {"Coordinates look swapped", "Koordinaten scheinen vertauscht"}, {}}, coordinates_swapped},
        {{"V005", error, {"Object id occurs twice", "Objekt-ID mehrfach vergeben"}, {}}, uuid_repeated},
        {{"V006", error, {"Required value is missing", "Pflichtangabe fehlt"}, {}}, required_missing},
        {{"V007", error, {"Value is not in the code list", "Wert nicht in der Codeliste"}, {}}, code_unknown},
        {{"V008", error, {"Life span ends before it begins", "Gültigkeit endet vor ihrem Beginn"}, {}}, life_span_backward},
        {{"V009", error, {"Recorded in the future", "Erfassung liegt in der Zukunft"}, {}}, recorded_in_future},
        {{"V010", error, {"Number is not plausible", "Zahl nicht plausibel"}, {}}, number_implausible},
        {{"V011", warning, {"Text with a wrong character set", "Text mit falschem Zeichensatz"}, {}}, text_garbled},
        {{"V012", error, {"Personal data in a public field", "Personenbezug in öffentlichem Feld"}, {}}, personal_data},
        {{"V013",
          error,
          {"Reference to an object that does not exist", "Verweis auf ein fehlendes Objekt"},
          {"buildings_entrance", "buildings_lift", "buildings_parking", "buildings_place", "buildings_survey", "buildings_toilet", "greenspace_gate", "greenspace_playground",
           "greenspace_unit", "statgrid_value", "trees_inspection", "walking_edge"}},
         reference_dangling},
        {{"V101", error, {"Year of planting in the future", "Pflanzjahr in der Zukunft"}, {"trees_tree"}}, planting_year_in_future},
        {{"V102", error, {"Year of planting before 1800", "Pflanzjahr vor 1800"}, {"trees_tree"}}, planting_year_too_old},
        {{"V103", error, {"Age over 500 years", "Alter über 500 Jahre"}, {"trees_tree"}}, tree_too_old},
        {{"V104", error, {"Crown diameter out of range", "Kronendurchmesser außerhalb des Wertebereichs"}, {"trees_tree"}}, crown_range},
        {{"V105", error, {"Height out of range", "Baumhöhe außerhalb des Wertebereichs"}, {"trees_tree"}}, height_range},
        {{"V106", error, {"Girth out of range", "Stammumfang außerhalb des Wertebereichs"}, {"trees_tree"}}, girth_range},
        {{"V107", warning, {"Crown too wide for the height", "Krone zu breit für die Höhe"}, {"trees_tree"}}, crown_against_height},
        {{"V108", warning, {"Girth contradicts diameter", "Umfang widerspricht Durchmesser"}, {"trees_tree"}}, girth_against_diameter},
        {{"V109", info, {"Very slender tree", "Sehr schlanker Baum"}, {"trees_tree"}}, slenderness},
        {{"V110", warning, {"Girth grew too fast", "Umfang zu schnell gewachsen"}, {"trees_tree"}}, girth_growth},
        {{"V111", error, {"Stem inside a building or water", "Stamm im Gebäude oder Gewässer"}, {"trees_tree"}}, tree_in_building},
        {{"V112", error, {"Tree recorded twice", "Baum doppelt erfasst"}, {"trees_tree"}}, tree_repeated},
        {{"V113", warning, {"Trees closer than 0.5 m", "Bäume näher als 0,5 m"}, {"trees_tree"}}, trees_too_close},
        {{"V114", error, {"Species unknown or contradictory", "Baumart unbekannt oder widersprüchlich"}, {"trees_tree"}}, taxon_unknown},
        {{"V115", warning, {"Tree never inspected", "Baum ohne Baumkontrolle"}, {"trees_tree"}}, inspection_missing},
        {{"V116", error, {"Inspection overdue", "Baumkontrolle überfällig"}, {"trees_inspection"}}, inspection_overdue},
        {{"V117", error, {"Inspection of a tree that is gone", "Kontrolle eines nicht mehr vorhandenen Baums"}, {"trees_inspection"}}, inspection_of_no_tree},
        {{"V118", warning, {"Trunk has shrunk", "Stamm ist geschrumpft"}, {"trees_inspection", "trees_tree"}}, girth_shrank},
        {{"V119", warning, {"Planned tree too near to lines or buildings", "Geplanter Baum zu nahe an Leitungen oder Gebäuden"}, {"trees_tree"}}, planned_tree_blocked},
        {{"V201", error, {"Line without length", "Leitung ohne Länge"}, {"utilities_line"}}, line_without_length},
        {{"V202", error, {"Line recorded twice", "Leitung doppelt erfasst"}, {"utilities_line"}}, line_repeated},
        {{"V203", error, {"Ends nearly meet", "Enden liegen fast aufeinander"}, {"utilities_line", "utilities_node"}}, nodes_nearly_meet},
        {{"V204", error, {"Node beside a line", "Knoten liegt neben einer Leitung"}, {"utilities_line", "utilities_node"}}, node_beside_line},
        {{"V205", warning, {"Lines cross without a node", "Leitungen kreuzen sich ohne Knoten"}, {"utilities_line"}}, lines_cross},
        {{"V206", warning, {"Line ends at nothing", "Leitung endet ohne Anschluss"}, {"utilities_line", "utilities_node"}}, end_dangling},
        {{"V207", info, {"Node that only divides a line", "Knoten teilt nur eine Leitung"}, {"utilities_node"}}, node_superfluous},
        {{"V208", warning, {"Isolated part of a network", "Abgetrennter Netzteil"}, {"utilities_line"}}, network_isolated},
        {{"V209", error, {"Node of a line is missing", "Knoten einer Leitung fehlt"}, {"utilities_line"}}, node_dangling},
        {{"V210", error, {"Direction of flow of a sewer", "Fließrichtung eines Kanals"}, {"utilities_line"}}, direction_missing},
        {{"V211", warning, {"Sewer with counter slope", "Kanal mit Gegengefälle"}, {"utilities_line"}}, counter_slope},
        {{"V212", warning, {"Sewer becomes narrower", "Kanal wird enger"}, {"utilities_line"}}, diameter_shrinks},
        {{"V213", warning, {"Line and node of different media", "Leitung und Knoten verschiedener Sparten"}, {"utilities_line"}}, medium_mismatch},
        {{"V214", warning, {"Invert contradicts the cover level", "Sohle widerspricht der Deckelhöhe"}, {"utilities_line", "utilities_node"}}, invert_against_ground},
        {{"V220", warning, {"Material does not fit the medium", "Werkstoff passt nicht zur Sparte"}, {"utilities_line"}}, material_impossible},
        {{"V221", error, {"Year of installation out of range", "Baujahr außerhalb des Wertebereichs"}, {"utilities_line", "utilities_node"}}, install_year_range},
        {{"V222", error, {"Outer smaller than inner diameter", "Außen- kleiner als Innendurchmesser"}, {"utilities_line"}}, outer_diameter_too_small},
        {{"V223", error, {"Cover out of range", "Überdeckung außerhalb des Wertebereichs"}, {"utilities_line", "utilities_node"}}, cover_range},
        {{"V224", warning, {"House connection without a building", "Hausanschluss ohne Gebäude"}, {"utilities_node"}}, connection_without_building},
        {{"V225", error, {"House connection without supply", "Hausanschluss ohne Versorgung"}, {"utilities_node"}}, customer_unsupplied},
        {{"V226", warning, {"Position accuracy is missing", "Lagegenauigkeit fehlt"}, {"utilities_line", "utilities_node"}}, accuracy_missing},
        {{"V227", error, {"Protected data in an open layer", "Geschützte Daten in offener Ebene"}, {}}, disclosure_too_open},
        {{"V301", error, {"Green spaces overlap", "Grünanlagen überlappen sich"}, {"greenspace_site"}}, sites_overlap},
        {{"V302", warning, {"Care units do not fill the green space", "Pflegeeinheiten füllen die Grünanlage nicht"}, {"greenspace_site", "greenspace_unit"}}, units_do_not_fit},
        {{"V303", warning, {"Sliver", "Splitterfläche"}, {"greenspace_site", "greenspace_unit"}}, site_sliver},
        {{"V304", info, {"Very small area", "Sehr kleine Fläche"}, {"greenspace_site"}}, site_tiny},
        {{"V305", warning, {"Public access unknown", "Zugänglichkeit unbekannt"}, {"greenspace_playground", "greenspace_site"}}, access_unknown},
        {{"V306", warning, {"Green space without a way in", "Grünanlage ohne Zugang"}, {"greenspace_site"}}, site_without_way_in},
        {{"V307", info, {"Kind of object contradicts ALKIS", "Objektart widerspricht ALKIS"}, {"greenspace_site"}}, object_type_against_alkis},
        {{"V308", error, {"Degree of sealing out of range", "Versiegelungsgrad außerhalb des Wertebereichs"}, {"greenspace_unit"}}, sealing_range},
        {{"V401", error, {"Place without an entrance", "Einrichtung ohne Eingang"}, {"buildings_place"}}, entrance_missing},
        {{"V402", error, {"Entrance off the building", "Eingang abseits des Gebäudes"}, {"buildings_entrance"}}, entrance_off_building},
        {{"V403", error, {"Steps contradict their height", "Stufen widersprechen ihrer Höhe"}, {"buildings_entrance"}}, steps_against_height},
        {{"V404", error, {"Measure in another unit", "Maß in anderer Einheit"}, {"buildings_entrance", "buildings_lift", "buildings_toilet"}}, entrance_units},
        {{"V405", warning, {"Slope of the ramp", "Neigung der Rampe"}, {"buildings_entrance"}}, ramp_slope},
        {{"V406", error, {"Accessibility better than the measures", "Zugänglichkeit besser als die Maße"}, {"buildings_entrance", "buildings_lift", "buildings_toilet"}}, declared_better_than_measured},
        {{"V407", error, {"Lift cabin out of range", "Aufzugskabine außerhalb des Wertebereichs"}, {"buildings_lift"}}, lift_cabin_range},
        {{"V408", error, {"Survey is old", "Erhebung ist alt"}, {"buildings_survey"}}, survey_old},
        {{"V409", warning, {"Lift is missing or not described", "Aufzug fehlt oder ist nicht erfasst"}, {"buildings_place"}}, lift_not_described},
        {{"V410", info, {"Building and place contradict each other", "Gebäude und Einrichtung widersprechen sich"}, {"buildings_place"}}, wheelchair_contradicts},
        {{"V411", info, {"Text in one language only", "Text nur in einer Sprache"}, {"buildings_place"}}, text_untranslated},
        {{"V501", warning, {"Steps for wheelchairs", "Treppe mit Rollstuhl nutzbar"}, {"walking_edge"}}, steps_for_wheelchairs},
        {{"V502", error, {"Incline out of range", "Längsneigung außerhalb des Wertebereichs"}, {"walking_edge"}}, incline_range},
        {{"V503", error, {"Kerb height", "Bordsteinhöhe"}, {"walking_node"}}, kerb_range},
        {{"V504", warning, {"Isolated path", "Abgetrennter Weg"}, {"walking_edge"}}, walking_isolated},
        {{"V601", error, {"Cell code contradicts the geometry", "Gitterzellen-Kennung widerspricht der Geometrie"}, {"population_cell", "statgrid_cell"}}, cell_code_against_geometry},
        {{"V602", error, {"Cell code is damaged", "Gitterzellen-Kennung ist fehlerhaft"}, {"population_cell", "statgrid_cell", "statgrid_value"}}, cell_code_damaged},
        {{"V603", error, {"Long and short cell code differ", "Lange und kurze Kennung verschieden"}, {"statgrid_cell"}}, cell_codes_differ},
        {{"V604", error, {"Value of too few cases is public", "Öffentlicher Wert aus zu wenigen Fällen"}, {"statgrid_value"}}, value_discloses},
        {{"V605", warning, {"Cells and districts differ", "Zellen und Ortsteile weichen ab"}, {"population_cell"}}, cells_against_districts},
    };
    return entries;
}

}  // namespace detail

const std::vector<Rule>& all_rules()
{
    static const std::vector<Rule> rules = [] {
        std::vector<Rule> all;
        for (const detail::RuleEntry& entry : detail::rule_entries())
            all.push_back(entry.rule);
        return all;
    }();
    return rules;
}

}  // namespace stadtgdi::validate
