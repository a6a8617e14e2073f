// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/operations.hpp>
#include <layers/trees/detail/inputs.hpp>
#include <layers/trees/detail/runs.hpp>

namespace stadtgdi::trees {

namespace {

using operation::Kind;
using table::Type;

operation::Output canopy_zones_output()
{
    operation::Output out;
    out.name = "zones";
    out.label = {"Zones with canopy cover", "Zonen mit Überschirmung"};
    out.geometry = operation::Geometry::polygon;
    out.copies = "zones";
    out.fields = {
        {"zone_area_m2", Type::float64, {"Area of the zone", "Fläche der Zone"}, "m2"},
        {"reference_m2", Type::float64, {"Part of the zone that counts, the base of the shares", "Teil der Zone, der zählt, Bezug der Anteile"}, "m2"},
        {"canopy_m2", Type::float64, {"Area under crowns, each place once", "Überschirmte Fläche, jede Stelle einfach"}, "m2"},
        {"canopy_share", Type::float64, {"Share of the zone under crowns (0 to 1)", "Überschirmter Anteil der Zone (0 bis 1)"}},
        {"canopy_percent", Type::float64, {"Share of the zone under crowns", "Überschirmter Anteil der Zone"}, "%"},
        {"crown_sum_m2", Type::float64, {"Sum of the crowns within the zone, overlaps counted again", "Summe der Kronenflächen in der Zone, Überlappungen mehrfach"}, "m2"},
        {"crown_sum_percent", Type::float64, {"The same as a share of the zone", "Dieselbe Summe als Anteil der Zone"}, "%"},
        {"overlap_m2", Type::float64, {"Sum less area under crowns", "Summe abzüglich überschirmter Fläche"}, "m2"},
        {"overlap_percent", Type::float64, {"Overlap as a share of the sum", "Überlappung als Anteil der Summe"}, "%"},
        {"n_crowns", Type::int64, {"Crowns that reach into the zone", "Kronen, die in die Zone reichen"}},
        {"n_trees", Type::int64, {"Trees that stand in the zone", "Bäume mit Standort in der Zone"}},
        {"n_estimated", Type::int64, {"Of these with estimated crowns", "Davon mit geschätzter Krone"}},
        {"n_unknown", Type::int64, {"Of these without crown, missing in the result", "Davon ohne Krone, im Ergebnis nicht enthalten"}},
        {"known_share", Type::float64, {"Share of the trees with a crown (0 to 1)", "Anteil der Bäume mit Krone (0 bis 1)"}},
        {"zone_repaired", Type::boolean, {"The polygon was repaired", "Die Fläche wurde repariert"}},
    };
    return out;
}

std::vector<operation::OutputField> diversity_fields()
{
    std::vector<operation::OutputField> fields = {
        {"zone", Type::text, {"Zone (only without a zones layer)", "Zone (nur ohne Zonen-Layer)"}},
        {"n_trees", Type::int64, {"Trees", "Bäume"}},
        {"n_known", Type::int64, {"Trees with a known taxon at the level, N", "Bäume mit bekanntem Taxon der Ebene, N"}},
        {"n_taxa", Type::int64, {"Taxa, S", "Taxa, S"}},
        {"shannon_h", Type::float64, {"Shannon index H' (natural logarithm)", "Shannon-Index H' (natürlicher Logarithmus)"}},
        {"shannon_h2", Type::float64, {"Shannon index to base 2", "Shannon-Index zur Basis 2"}, "bit"},
        {"effective_taxa", Type::float64, {"Effective number of taxa, exp(H')", "Effektive Artenzahl, exp(H')"}},
        {"evenness_j", Type::float64, {"Evenness J = H'/ln S; empty for one taxon", "Evenness J = H'/ln S; leer bei einem Taxon"}},
        {"simpson_d", Type::float64, {"Simpson D = sum of p squared", "Simpson D = Summe der p-Quadrate"}},
        {"simpson_1_d", Type::float64, {"Gini-Simpson 1 - D", "Gini-Simpson 1 - D"}},
        {"simpson_inv_d", Type::float64, {"Inverse Simpson 1/D", "Inverser Simpson 1/D"}},
        {"simpson_lambda", Type::float64, {"Simpson for finite samples; empty for N < 2", "Simpson für endliche Stichproben; leer bei N < 2"}},
        {"too_few", Type::boolean, {"Too few trees for a sound index", "Zu wenige Bäume für einen belastbaren Index"}},
    };
    const std::array<base::Text, 3> words{{{"species", "Art"}, {"genus", "Gattung"}, {"family", "Familie"}}};
    for (std::size_t at = 0; at < 3; ++at) {
        const std::string name = detail::level_names[at];
        const base::Text& word = words[at];
        fields.push_back({"top_" + name, Type::text, {"Most common " + word.en, "Häufigste " + word.de}});
        fields.push_back({"top_" + name + "_percent", Type::float64, {"Share of the most common " + word.en, "Anteil der häufigsten " + word.de}, "%"});
        fields.push_back({name + "_within_limit", Type::boolean, {"Limit met (" + word.en + ")", "Grenze eingehalten (" + word.de + ")"}});
        fields.push_back({name + "_surplus", Type::int64, {"Trees above the limit (" + word.en + ")", "Bäume über der Grenze (" + word.de + ")"}});
        fields.push_back({name + "_unknown_share", Type::float64, {"Share of trees with unknown " + word.en + " (0 to 1)", "Anteil der Bäume mit unbekannter " + word.de + " (0 bis 1)"}});
    }
    fields.push_back({"within_limits", Type::boolean, {"All three limits met", "Alle drei Grenzen eingehalten"}});
    const std::vector<operation::OutputField> weighted = {
        {"weight_m2", Type::float64, {"Sum of the weight (this and the following only with a weight)", "Summe des Gewichts (dies und die folgenden nur mit Gewichtung)"}, "m2"},
        {"weight_known_share", Type::float64, {"Share of trees with taxon and weight (0 to 1)", "Anteil der Bäume mit Taxon und Gewicht (0 bis 1)"}},
        {"weighted_shannon_h", Type::float64, {"Shannon index H' of the weight", "Shannon-Index H' des Gewichts"}},
        {"weighted_effective_taxa", Type::float64, {"Effective number of taxa by weight", "Effektive Artenzahl nach Gewicht"}},
        {"weighted_evenness_j", Type::float64, {"Evenness J by weight; empty for one taxon", "Evenness J nach Gewicht; leer bei einem Taxon"}},
        {"weighted_simpson_1_d", Type::float64, {"Gini-Simpson 1 - D by weight", "Gini-Simpson 1 - D nach Gewicht"}},
        {"top_weighted", Type::text, {"Taxon with the largest weight", "Taxon mit dem größten Gewicht"}},
        {"top_weighted_percent", Type::float64, {"Its share of the weight", "Sein Anteil am Gewicht"}, "%"},
    };
    fields.insert(fields.end(), weighted.begin(), weighted.end());
    return fields;
}

operation::Parameter limit(const char* name, base::Text label, double fallback)
{
    return {.name = name, .kind = Kind::number, .label = std::move(label), .help = {"May be met exactly.", "Darf genau erreicht werden."}, .unit = "%", .minimum = 0, .maximum = 100, .fallback = fallback};
}

}  // namespace

operation::Operation canopy_cover_operation()
{
    operation::Operation op;
    op.id = "trees.canopy_cover";
    op.title = {"Canopy cover", "Überschirmung"};
    op.abstract = {
        "The area under tree crowns in each zone (district, block or grid cell), as square metres and as a share of the zone. A crown is a disc around "
        "the tree; where crowns overlap the ground counts once, crowns on a border are split, and trees outside a zone count with the part of their crown "
        "that reaches in. The area of the union of discs is exact: it is integrated along arcs, without polygons in place of circles. Trees without a "
        "crown diameter are left out or estimated from genus and age, `crown_diam_m = a + b ln(age + 1)`, or from the median of the genus; both are counted. "
        "Shares refer to the whole zone, or to the zone without areas that are left out (water, buildings) and within areas that alone are taken (public land); "
        "crowns then count within that part. Polygons in another CRS are brought into that of the trees.",
        "Die von Baumkronen überschirmte Fläche je Zone (Ortsteil, Baublock oder Gitterzelle) in Quadratmetern und als Anteil der Zone. Eine Krone ist ein Kreis um "
        "den Baum; wo Kronen sich überlappen, zählt der Boden einfach, Kronen auf einer Grenze werden geteilt, und Bäume außerhalb einer Zone zählen mit dem Teil "
        "ihrer Krone, der hineinreicht. Die Fläche der vereinigten Kreise ist exakt: Sie wird entlang der Bögen integriert, ohne Vielecke anstelle der Kreise. "
        "Bäume ohne Kronendurchmesser bleiben außer Betracht oder werden aus Gattung und Alter geschätzt, `crown_diam_m = a + b ln(Alter + 1)`, oder aus dem Median der "
        "Gattung; beides wird gezählt. Anteile beziehen sich auf die ganze Zone oder auf die Zone ohne ausgenommene Flächen (Gewässer, Gebäude) und nur innerhalb gegebener Flächen "
        "(öffentliche Grundstücke); Kronen zählen dann in diesem Teil. Flächen in einem anderen Koordinatensystem werden in das der Bäume gebracht."};
    op.source = "Exact area of a union of discs by Green's theorem; crown table: layers/trees/data/crowns.csv";
    op.parameters = {
        detail::trees_parameter(true),
        {.name = "zones", .kind = Kind::layer, .label = {"Zones", "Zonen"}, .help = {"Districts, blocks or cells; they may overlap.", "Ortsteile, Baublöcke oder Zellen; sie dürfen sich überlappen."},
         .geometry = operation::Geometry::polygon, .metric = true, .suggested_layer = "districts_district"},
        {.name = "left_out", .kind = Kind::layer, .label = {"Areas left out of the zones", "Aus den Zonen ausgenommene Flächen"},
         .help = {"Water or buildings: neither they nor the crowns above them count.", "Gewässer oder Gebäude: Weder sie noch die Kronen darüber zählen."}, .optional = true,
         .geometry = operation::Geometry::polygon, .metric = true},
        {.name = "only_within", .kind = Kind::layer, .label = {"Areas that alone are taken of the zones", "Flächen, die allein von den Zonen zählen"},
         .help = {"Public land: only it and the crowns above it count.", "Öffentliche Grundstücke: Nur sie und die Kronen darüber zählen."}, .optional = true,
         .geometry = operation::Geometry::polygon, .metric = true},
        {.name = "crown_field", .kind = Kind::field, .label = {"Field with the crown diameter", "Feld mit dem Kronendurchmesser"}, .help = {"In metres.", "In Metern."},
         .optional = true, .unit = "m", .fallback = std::string("crown_diam_m"), .of = "trees", .types = {Type::float64, Type::int64}},
        {.name = "missing", .kind = Kind::choice, .label = {"Trees without crown diameter", "Bäume ohne Kronendurchmesser"}, .help = {}, .fallback = std::string("exclude"),
         .choices = {{"exclude", {"leave out and count", "auslassen und zählen"}}, {"estimate", {"estimate, flag and count", "schätzen, kennzeichnen und zählen"}}}},
        {.name = "reference_year", .kind = Kind::integer, .label = {"Reference year of the age", "Bezugsjahr des Alters"},
         .help = {"Age = reference year - year of planting; needed to estimate.", "Alter = Bezugsjahr - Pflanzjahr; zum Schätzen nötig."},
         .optional = true, .minimum = 1500, .maximum = 2200},
        detail::genus_parameter(),
        {.name = "planting_year_field", .kind = Kind::field, .label = {"Field with the year of planting", "Feld mit dem Pflanzjahr"}, .help = {}, .optional = true,
         .fallback = std::string("planting_year"), .of = "trees", .types = {Type::int64, Type::float64}},
        detail::status_parameter(),
        {.name = "max_crown_m", .kind = Kind::number, .label = {"Widest believable crown", "Größte glaubhafte Krone"},
         .help = {"Wider crowns become findings and count as missing.", "Breitere Kronen werden als Befund gemeldet und gelten als fehlend."}, .unit = "m", .minimum = 0.5,
         .maximum = 100, .fallback = 40.0},
    };
    operation::Output crowns;
    crowns.name = "crowns";
    crowns.label = {"Trees with the crown that was used", "Bäume mit der verwendeten Krone"};
    crowns.geometry = operation::Geometry::point;
    crowns.copies = "trees";
    crowns.optional = true;
    crowns.fields = {{"crown_used_m", Type::float64, {"Crown diameter used", "Verwendeter Kronendurchmesser"}, "m"},
                     {"crown_origin", Type::text, {"measured, estimated_model or estimated_median", "measured (gemessen), estimated_model oder estimated_median (geschätzt)"}}};
    operation::Output canopy;
    canopy.name = "canopy";
    canopy.label = {"Crowns joined to patches, for the map", "Zu Flächen vereinigte Kronen, für die Karte"};
    canopy.geometry = operation::Geometry::polygon;
    canopy.optional = true;
    canopy.fields = {{"area_m2", Type::float64, {"Area of the patch as drawn", "Gezeichnete Größe der Fläche"}, "m2"}};
    op.outputs = {canopy_zones_output(), crowns, canopy};
    op.check_more = detail::check_canopy_cover;
    op.run = detail::run_canopy_cover;
    return op;
}

operation::Operation diversity_operation()
{
    operation::Operation op;
    op.id = "trees.diversity";
    op.title = {"Tree diversity", "Baumartenvielfalt"};
    op.abstract = {
        "Diversity of a stand of trees: Shannon and Simpson indices, evenness, and Santamour's rule that no species should have more than 10 %, no genus more "
        "than 20 % and no family more than 30 % of the trees (the limits can be changed and may be met exactly). By zone of a layer, by a field of the trees, or "
        "for all together. Names are read as registers write them; synonyms count once, cultivars count to their species, and a name such as `Tilia species` "
        "counts at genus and family level only. Genera and families come from the taxon table; what it does not know is counted as unknown.",
        "Vielfalt eines Baumbestands: Shannon- und Simpson-Index, Evenness und die Regel von Santamour, nach der keine Art mehr als 10 %, keine Gattung mehr als "
        "20 % und keine Familie mehr als 30 % der Bäume stellen soll (die Grenzen sind einstellbar und dürfen genau erreicht werden). Je Zone eines Layers, je Wert "
        "eines Feldes der Bäume oder für alle zusammen. Namen werden so gelesen, wie Kataster sie schreiben; Synonyme zählen einmal, Sorten zählen zu ihrer Art, und ein "
        "Name wie `Tilia species` zählt nur auf Ebene von Gattung und Familie. Gattungen und Familien stehen in der Taxontabelle; was sie nicht kennt, zählt als unbekannt."};
    op.source = "Shannon 1948; Simpson 1949; Santamour 1990; taxon table: layers/trees/data/taxa.csv";
    op.parameters = {
        detail::trees_parameter(false),
        {.name = "taxon_field", .kind = Kind::field, .label = {"Field with the botanical name", "Feld mit dem botanischen Namen"},
         .help = {"Full name, e.g. Tilia cordata 'Greenspire'.", "Voller Name, z. B. Tilia cordata 'Greenspire'."}, .optional = true,
         .fallback = std::string("taxon_text"), .of = "trees", .types = {Type::text}},
        detail::genus_parameter(),
        detail::status_parameter(),
        {.name = "zones", .kind = Kind::layer, .label = {"Zones", "Zonen"}, .help = {"One result for each area.", "Ein Ergebnis je Fläche."}, .optional = true,
         .geometry = operation::Geometry::polygon, .suggested_layer = "districts_district"},
        {.name = "zone_field", .kind = Kind::field, .label = {"Field of the trees that names their zone", "Feld der Bäume mit ihrer Zone"}, .help = {"Instead of a zones layer.", "Anstelle eines Zonen-Layers."},
         .optional = true, .of = "trees"},
        {.name = "level", .kind = Kind::choice, .label = {"Level of the indices", "Ebene der Indizes"}, .help = {}, .fallback = std::string("species"),
         .choices = {{"species", {"Species", "Art"}}, {"genus", {"Genus", "Gattung"}}, {"family", {"Family", "Familie"}}}},
        limit("species_limit_percent", {"Most of a species", "Höchstanteil einer Art"}, 10.0),
        limit("genus_limit_percent", {"Most of a genus", "Höchstanteil einer Gattung"}, 20.0),
        limit("family_limit_percent", {"Most of a family", "Höchstanteil einer Familie"}, 30.0),
        {.name = "min_trees", .kind = Kind::integer, .label = {"Trees for a sound index", "Bäume für einen belastbaren Index"}, .help = {"Fewer set `too_few`.", "Weniger setzen `too_few`."},
         .minimum = 0, .fallback = std::int64_t{30}},
        {.name = "weight", .kind = Kind::choice, .label = {"Weight of a tree", "Gewichtung der Bäume"},
         .help = {"Adds indices of the shares of crown or basal area; large trees count more.", "Ergänzt Indizes der Anteile an Kronen- oder Grundfläche; große Bäume zählen mehr."},
         .fallback = std::string("none"),
         .choices = {{"none", {"numbers only", "nur Stückzahlen"}}, {"crown_area", {"crown area", "Kronenfläche"}}, {"basal_area", {"basal area of the trunk", "Stammgrundfläche"}}}},
        {.name = "crown_field", .kind = Kind::field, .label = {"Field with the crown diameter", "Feld mit dem Kronendurchmesser"}, .help = {"In metres; for the weight by crown area.", "In Metern; zur Gewichtung nach Kronenfläche."},
         .optional = true, .unit = "m", .fallback = std::string("crown_diam_m"), .of = "trees", .types = {Type::float64, Type::int64}},
        {.name = "trunk_field", .kind = Kind::field, .label = {"Field with the trunk's circumference", "Feld mit dem Stammumfang"}, .help = {"In centimetres; for the weight by basal area.", "In Zentimetern; zur Gewichtung nach Stammgrundfläche."},
         .optional = true, .unit = "cm", .fallback = std::string("trunk_circ_cm"), .of = "trees", .types = {Type::float64, Type::int64}},
    };
    operation::Output zones;
    zones.name = "zones";
    zones.label = {"Zones with diversity", "Zonen mit Vielfalt"};
    zones.geometry = operation::Geometry::polygon;
    zones.copies = "zones";
    zones.fields = diversity_fields();
    operation::Output surplus;
    surplus.name = "surplus";
    surplus.label = {"Taxa above their limit", "Taxa über ihrer Grenze"};
    surplus.optional = true;
    surplus.fields = {{"zone", Type::text, {"Zone", "Zone"}},           {"level", Type::text, {"Level", "Ebene"}},
                      {"taxon", Type::text, {"Taxon", "Taxon"}},        {"taxon_de", Type::text, {"German name", "Deutscher Name"}},
                      {"n", Type::int64, {"Trees", "Bäume"}},           {"percent", Type::float64, {"Share", "Anteil"}, "%"},
                      {"limit_percent", Type::float64, {"Limit", "Grenze"}, "%"}, {"surplus", Type::int64, {"Trees above the limit", "Bäume über der Grenze"}}};
    op.outputs = {zones, surplus};
    op.check_more = detail::check_diversity;
    op.run = detail::run_diversity;
    return op;
}

}  // namespace stadtgdi::trees
