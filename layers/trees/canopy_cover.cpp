// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/canopy_cover.hpp>
#include <layers/operation/zones.hpp>
#include <layers/table/table_builder.hpp>
#include <layers/trees/crown_estimate.hpp>
#include <layers/trees/detail/inputs.hpp>
#include <layers/trees/disc_union.hpp>
#include <layers/trees/taxon_table.hpp>
#include <layers/trees/trees_in_zones.hpp>
#include <cmath>
#include <limits>

namespace stadtgdi::trees {

namespace {

using operation::Inputs;
using operation::Kind;
using operation::Results;
using table::Type;
constexpr double null = std::numeric_limits<double>::quiet_NaN();

void report_crown(base::RunContext& run, const Inputs& in, std::size_t row, double diameter_m, base::Text expected)
{
    const table::Table& trees = in.table("trees");
    base::Finding finding;
    finding.rule = "V104";
    finding.severity = base::Severity::error;
    finding.layer = "trees";
    finding.row = static_cast<std::int64_t>(row);
    if (const table::Column* uuid = trees.find("uuid"); uuid != nullptr && uuid->type() == Type::text) finding.uuid = uuid->text(row);
    finding.field = in.text("crown_field");
    finding.value = table::number_text(diameter_m);
    finding.message = std::move(expected);
    finding.x = trees.geometry().x()[row];
    finding.y = trees.geometry().y()[row];
    run.report(std::move(finding));
}

/// Measured diameters; impossible ones become findings and count as missing.
Crowns measured_crowns(const Inputs& in, const std::vector<bool>& used, base::RunContext& run)
{
    const std::size_t rows = in.table("trees").rows();
    const double max_crown_m = in.number("max_crown_m");
    Crowns crowns{std::vector<double>(rows, null), std::vector<CrownOrigin>(rows, CrownOrigin::unknown)};
    const table::Column* column = in.column("crown_field", "trees");
    if (column == nullptr) return crowns;
    for (std::size_t row = 0; row < rows; ++row) {
        if (!used[row] || !column->valid(row)) continue;
        const double diameter_m = column->number(row);
        if (std::isnan(diameter_m)) continue;
        if (!(diameter_m > 0)) {
            report_crown(run, in, row, diameter_m, {"A crown diameter is above 0 m; it counts as missing.", "Ein Kronendurchmesser ist größer als 0 m; der Wert gilt als fehlend."});
        } else if (diameter_m > max_crown_m) {
            const std::string limit = table::number_text(max_crown_m);
            report_crown(run, in, row, diameter_m,
                         base::filled({"A crown is at most {0} m wide; the value counts as missing.", "Eine Krone ist höchstens {0} m breit; der Wert gilt als fehlend."}, limit));
        } else {
            crowns.diameter_m[row] = diameter_m;
            crowns.origin[row] = CrownOrigin::measured;
        }
    }
    return crowns;
}

std::vector<std::string> genera(const Inputs& in)
{
    const table::Table& trees = in.table("trees");
    std::vector<std::string> out(trees.rows());
    const table::Column* genus = in.column("genus_field", "trees");
    if (genus == nullptr) return out;
    const TaxonTable& taxa = TaxonTable::shipped();
    std::unordered_map<std::string, std::string> known;
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        if (!genus->valid(row)) continue;
        const auto [at, is_new] = known.try_emplace(std::string(genus->text(row)));
        if (is_new) at->second = taxa.accepted(parse_taxon(at->first)).genus;
        out[row] = at->second;
    }
    return out;
}

std::vector<std::int64_t> ages(const Inputs& in)
{
    const table::Table& trees = in.table("trees");
    std::vector<std::int64_t> out(trees.rows(), -1);
    const table::Column* year = in.column("planting_year_field", "trees");
    if (year == nullptr) return out;
    const std::int64_t reference = in.integer("reference_year");
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        if (!year->valid(row)) continue;
        // A tree planted next spring has the crown of one planted now; other years in the future are slips.
        const auto age = reference - static_cast<std::int64_t>(std::floor(year->number(row)));
        if (age >= -1 && age <= 1000) out[row] = std::max<std::int64_t>(age, 0);
    }
    return out;
}

struct Counts {
    std::vector<std::int64_t> trees, estimated, unknown;
};

Counts counts_of(const ZoneMembers& members, const Crowns& crowns, std::size_t zones)
{
    Counts counts{std::vector<std::int64_t>(zones), std::vector<std::int64_t>(zones), std::vector<std::int64_t>(zones)};
    for (std::size_t zone = 0; zone < zones; ++zone) {
        for (const std::int64_t row : members.of(zone)) {
            const CrownOrigin origin = crowns.origin[static_cast<std::size_t>(row)];
            ++counts.trees[zone];
            counts.estimated[zone] += origin == CrownOrigin::modelled || origin == CrownOrigin::median;
            counts.unknown[zone] += origin == CrownOrigin::unknown;
        }
    }
    return counts;
}

table::Table zones_result(const Inputs& in, const operation::Zones& zones, const std::vector<DiscUnion::Cover>& covers, const Counts& counts)
{
    const std::size_t rows = covers.size();
    std::vector<double> area(rows, null), canopy(rows, null), share(rows, null), percent(rows, null), sum(rows, null), sum_percent(rows, null), overlap(rows, null),
        overlap_percent(rows, null), known(rows, null);
    std::vector<std::int64_t> crowns(rows);
    std::vector<std::uint8_t> repaired(rows);
    for (std::size_t zone = 0; zone < rows; ++zone) {
        repaired[zone] = zones.repaired[zone];
        crowns[zone] = covers[zone].discs;
        if (counts.trees[zone] > 0) known[zone] = static_cast<double>(counts.trees[zone] - counts.unknown[zone]) / static_cast<double>(counts.trees[zone]);
        const double area_m2 = ZonePolygon(zones.geometry, zone).area();
        if (!(area_m2 > 0)) continue;
        area[zone] = area_m2;
        canopy[zone] = covers[zone].union_m2;
        share[zone] = canopy[zone] / area_m2;
        percent[zone] = 100 * share[zone];
        sum[zone] = covers[zone].sum_m2;
        sum_percent[zone] = 100 * sum[zone] / area_m2;
        overlap[zone] = std::max(0.0, sum[zone] - canopy[zone]);
        if (sum[zone] > 0) overlap_percent[zone] = 100 * overlap[zone] / sum[zone];
    }
    detail::ColumnAdder out(in.table("zones"));
    out.add("zone_area_m2", std::move(area));
    out.add("canopy_m2", std::move(canopy));
    out.add("canopy_share", std::move(share));
    out.add("canopy_percent", std::move(percent));
    out.add("crown_sum_m2", std::move(sum));
    out.add("crown_sum_percent", std::move(sum_percent));
    out.add("overlap_m2", std::move(overlap));
    out.add("overlap_percent", std::move(overlap_percent));
    out.add("n_crowns", std::move(crowns));
    out.add("n_trees", counts.trees);
    out.add("n_estimated", counts.estimated);
    out.add("n_unknown", counts.unknown);
    out.add("known_share", std::move(known));
    out.add("zone_repaired", table::Column::of_bools(std::move(repaired)));
    return std::move(out).finish();
}

table::Table crowns_result(const Inputs& in, const Crowns& crowns)
{
    table::ColumnBuilder origin(Type::text);
    for (const CrownOrigin from : crowns.origin)
        switch (from) {
            case CrownOrigin::measured: origin.add("measured"); break;
            case CrownOrigin::modelled: origin.add("estimated_model"); break;
            case CrownOrigin::median: origin.add("estimated_median"); break;
            case CrownOrigin::unknown: origin.add_null(); break;
        }
    detail::ColumnAdder out(in.table("trees"));
    out.add("crown_used_m", crowns.diameter_m);
    out.add("crown_origin", std::move(origin).finish());
    return std::move(out).finish();
}

Results run_canopy_cover(const Inputs& in, base::RunContext& run)
{
    const table::GeometryColumn& points = in.table("trees").geometry();
    const operation::Zones zones = operation::prepared_zones(in.table("zones"), points.crs(), "zones", run);
    const std::vector<bool> used = detail::standing_trees(in, run);
    Crowns crowns = measured_crowns(in, used, run);
    if (in.text("missing") == "estimate") estimate_crowns(crowns, used, genera(in), ages(in));

    std::int64_t estimated = 0, unknown = 0;
    std::vector<double> radius(points.size(), null);
    for (std::size_t row = 0; row < points.size(); ++row) {
        if (!used[row]) continue;
        radius[row] = crowns.diameter_m[row] / 2;
        estimated += crowns.origin[row] == CrownOrigin::modelled || crowns.origin[row] == CrownOrigin::median;
        unknown += crowns.origin[row] == CrownOrigin::unknown;
    }
    detail::note(run, "trees.crown_estimated", base::Severity::info, estimated, {"The crowns of {0} trees are estimated.", "Die Kronen von {0} Bäumen sind geschätzt."});
    detail::note(run, "trees.crown_unknown", base::Severity::warning, unknown,
                 {"{0} trees have no crown diameter; their crowns are missing in the result.", "{0} Bäume haben keinen Kronendurchmesser; ihre Kronen fehlen im Ergebnis."});
    run.progress(0.2, {"Uniting crowns", "Kronen vereinigen"});
    const DiscUnion discs(points.x(), points.y(), radius, run);
    run.progress(0.5, {"Clipping to the zones", "Zuschneiden auf die Zonen"});
    const std::vector<DiscUnion::Cover> covers = discs.within_each(zones.geometry, run);
    run.progress(0.9, {"Counting trees", "Bäume zählen"});
    const ZoneMembers members = trees_in_zones(points, used, zones.geometry, run);

    Results results;
    results.tables["zones"] = zones_result(in, zones, covers, counts_of(members, crowns, zones.geometry.size()));
    if (in.wants("crowns")) results.tables["crowns"] = crowns_result(in, crowns);
    return results;
}

void check_canopy_cover(const Inputs& in)
{
    if (in.text("missing") == "estimate" && !in.has("reference_year"))
        throw Error(ErrorKind::invalid_argument, {"trees.canopy_cover needs 'reference_year' to estimate crowns from the age of trees (it never takes today's year by itself).",
                                                  "trees.canopy_cover braucht 'reference_year', um Kronen aus dem Alter der Bäume zu schätzen (das heutige Jahr wird nie von selbst genommen)."});
    if (in.text("missing") == "exclude" && !in.has("crown_field"))
        throw Error(ErrorKind::invalid_argument, {"The layer 'trees' has no crown diameters. Name the field in 'crown_field', or set 'missing' to 'estimate'.",
                                                  "Der Layer 'trees' hat keine Kronendurchmesser. Bitte das Feld in 'crown_field' nennen oder 'missing' auf 'estimate' setzen."});
}

operation::Output zones_output()
{
    operation::Output out;
    out.name = "zones";
    out.label = {"Zones with canopy cover", "Zonen mit Überschirmung"};
    out.geometry = operation::Geometry::polygon;
    out.copies = "zones";
    out.fields = {
        {"zone_area_m2", Type::float64, {"Area of the zone", "Fläche der Zone"}, "m2"},
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
        "Zones in another CRS are brought into that of the trees.",
        "Die von Baumkronen überschirmte Fläche je Zone (Ortsteil, Baublock oder Gitterzelle) in Quadratmetern und als Anteil der Zone. Eine Krone ist ein Kreis um "
        "den Baum; wo Kronen sich überlappen, zählt der Boden einfach, Kronen auf einer Grenze werden geteilt, und Bäume außerhalb einer Zone zählen mit dem Teil "
        "ihrer Krone, der hineinreicht. Die Fläche der vereinigten Kreise ist exakt: Sie wird entlang der Bögen integriert, ohne Vielecke anstelle der Kreise. "
        "Bäume ohne Kronendurchmesser bleiben außer Betracht oder werden aus Gattung und Alter geschätzt, `crown_diam_m = a + b ln(Alter + 1)`, oder aus dem Median der "
        "Gattung; beides wird gezählt. Zonen in einem anderen Koordinatensystem werden in das der Bäume gebracht."};
    op.source = "Exact area of a union of discs by Green's theorem; crown table: layers/trees/data/crowns.csv";
    op.parameters = {
        detail::trees_parameter(true),
        {.name = "zones", .kind = Kind::layer, .label = {"Zones", "Zonen"}, .help = {"Districts, blocks or cells; they may overlap.", "Ortsteile, Baublöcke oder Zellen; sie dürfen sich überlappen."},
         .geometry = operation::Geometry::polygon, .metric = true, .suggested_layer = "districts_district"},
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
    op.outputs = {zones_output(), crowns};
    op.check_more = check_canopy_cover;
    op.run = run_canopy_cover;
    return op;
}

}  // namespace stadtgdi::trees
