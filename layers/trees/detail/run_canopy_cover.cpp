// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/overlay.hpp>
#include <layers/operation/zones.hpp>
#include <layers/table/table_builder.hpp>
#include <layers/trees/canopy_cover.hpp>
#include <layers/trees/detail/inputs.hpp>
#include <layers/trees/detail/runs.hpp>
#include <layers/trees/taxon_table.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stadtgdi::trees::detail {

namespace {

using operation::Inputs;
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

table::Table zones_result(const Inputs& in, const operation::Zones& zones, const std::vector<ZoneCanopy>& canopy)
{
    const std::size_t rows = canopy.size();
    std::vector<double> area(rows, null), reference(rows, null), covered(rows, null), share(rows, null), percent(rows, null), sum(rows, null), sum_percent(rows, null), overlap(rows, null),
        overlap_percent(rows, null), known(rows, null);
    std::vector<std::int64_t> crowns(rows), trees(rows), estimated(rows), unknown(rows);
    std::vector<std::uint8_t> repaired(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const ZoneCanopy& zone = canopy[row];
        repaired[row] = zones.repaired[row];
        crowns[row] = zone.crowns.discs;
        trees[row] = zone.trees;
        estimated[row] = zone.estimated;
        unknown[row] = zone.unknown;
        if (zone.trees > 0) known[row] = static_cast<double>(zone.trees - zone.unknown) / static_cast<double>(zone.trees);
        if (!(zone.area_m2 > 0)) continue;
        area[row] = zone.area_m2;
        reference[row] = zone.reference_m2;
        covered[row] = zone.crowns.union_m2;
        sum[row] = zone.crowns.sum_m2;
        if (zone.reference_m2 > 0) {
            share[row] = covered[row] / zone.reference_m2;
            percent[row] = 100 * share[row];
            sum_percent[row] = 100 * sum[row] / zone.reference_m2;
        }
        overlap[row] = sum[row] - covered[row];
        if (overlap[row] < 1e-9 * std::max(1.0, sum[row])) overlap[row] = 0;   // rounding of two sums
        if (sum[row] > 0) overlap_percent[row] = 100 * overlap[row] / sum[row];
    }
    ColumnAdder out(in.table("zones"));
    out.add("zone_area_m2", std::move(area));
    out.add("reference_m2", std::move(reference));
    out.add("canopy_m2", std::move(covered));
    out.add("canopy_share", std::move(share));
    out.add("canopy_percent", std::move(percent));
    out.add("crown_sum_m2", std::move(sum));
    out.add("crown_sum_percent", std::move(sum_percent));
    out.add("overlap_m2", std::move(overlap));
    out.add("overlap_percent", std::move(overlap_percent));
    out.add("n_crowns", std::move(crowns));
    out.add("n_trees", std::move(trees));
    out.add("n_estimated", std::move(estimated));
    out.add("n_unknown", std::move(unknown));
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
    ColumnAdder out(in.table("trees"));
    out.add("crown_used_m", crowns.diameter_m);
    out.add("crown_origin", std::move(origin).finish());
    return std::move(out).finish();
}

/// The part of each zone that counts: within the land that is taken only, and without what is left out.
table::GeometryColumn counted_part(const Inputs& in, const table::GeometryColumn& zones, const std::string& crs, base::RunContext& run)
{
    table::GeometryColumn counted = zones;
    const auto cut_by = [&](const char* name, geometry::Side side) {
        if (in.has(name)) counted = geometry::cut(counted, operation::prepared_zones(in.table(name), crs, name, run).geometry, side, run);
    };
    cut_by("only_within", geometry::Side::inside);
    cut_by("left_out", geometry::Side::outside);
    return counted;
}

/// Crowns joined to patches, one polygon each.
table::Table canopy_layer(const table::GeometryColumn& points, const std::vector<bool>& used, const Crowns& crowns, base::RunContext& run)
{
    std::vector<double> radius_m(points.size(), null);
    for (std::size_t row = 0; row < points.size(); ++row)
        if (used[row]) radius_m[row] = crowns.diameter_m[row] / 2;
    // 16 segments a quarter: 0.16 % less than the circles, which is for the eye; the zones' areas are exact.
    // Only crowns that hang together are joined: one union of all takes many times as long.
    const CrownPatches patches = crown_patches(points, radius_m, run);
    const table::GeometryColumn joined = geometry::unioned_by_group(geometry::buffered(points, radius_m, 16, run), patches.of, patches.count, run);
    table::TableBuilder builder(table::Schema{{{"area_m2", Type::float64}}, table::GeometryField{"geom", table::GeometryKind::polygon, points.crs(), false}});
    const auto rings_of = joined.level(1), corners_of = joined.ring_offsets();
    const auto span_of = [](std::span<const std::int32_t> offsets, std::size_t i) { return std::pair(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(offsets[i + 1])); };
    for (std::size_t part = 0; part + 1 < rings_of.size(); ++part) {
        builder.geometry().begin_row();
        const auto [first_ring, last_ring] = span_of(rings_of, part);
        double twice_m2 = 0;
        for (std::size_t ring = first_ring; ring < last_ring; ++ring) {
            builder.geometry().begin_ring();
            const auto [first, last] = span_of(corners_of, ring);
            double twice = 0;
            for (std::size_t i = first; i < last; ++i) {
                builder.geometry().add(joined.x()[i], joined.y()[i]);
                if (i + 1 < last)
                    twice += (joined.x()[i] - joined.x()[first]) * (joined.y()[i + 1] - joined.y()[first]) - (joined.x()[i + 1] - joined.x()[first]) * (joined.y()[i] - joined.y()[first]);
            }
            twice_m2 += ring == first_ring ? std::abs(twice) : -std::abs(twice);
        }
        builder.column(0).add(twice_m2 / 2);
        builder.end_row();
    }
    return std::move(builder).finish();
}

void note_crowns(const std::vector<bool>& used, const Crowns& crowns, base::RunContext& run)
{
    std::int64_t estimated = 0, unknown = 0;
    for (std::size_t row = 0; row < used.size(); ++row) {
        estimated += used[row] && is_estimated(crowns.origin[row]);
        unknown += used[row] && crowns.origin[row] == CrownOrigin::unknown;
    }
    note(run, "trees.crown_estimated", base::Severity::info, estimated, {"The crowns of {0} trees are estimated.", "Die Kronen von {0} Bäumen sind geschätzt."});
    note(run, "trees.crown_unknown", base::Severity::warning, unknown,
         {"{0} trees have no crown diameter; their crowns are missing in the result.", "{0} Bäume haben keinen Kronendurchmesser; ihre Kronen fehlen im Ergebnis."});
}

}  // namespace

Results run_canopy_cover(const Inputs& in, base::RunContext& run)
{
    const table::GeometryColumn& points = in.table("trees").geometry();
    const operation::Zones zones = operation::prepared_zones(in.table("zones"), points.crs(), "zones", run);
    const std::vector<bool> used = standing_trees(in, run);
    Crowns crowns = measured_crowns(in, used, run);
    if (in.text("missing") == "estimate") estimate_crowns(crowns, used, genera(in), ages(in));
    note_crowns(used, crowns, run);
    const table::GeometryColumn counted = counted_part(in, zones.geometry, points.crs(), run);

    Results results;
    results.tables["zones"] = zones_result(in, zones, canopy_cover(points, used, crowns, zones.geometry, counted, run));
    if (in.wants("canopy")) results.tables["canopy"] = canopy_layer(points, used, crowns, run);
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

}  // namespace stadtgdi::trees::detail
