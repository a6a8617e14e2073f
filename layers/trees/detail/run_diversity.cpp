// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/zones.hpp>
#include <layers/table/table_builder.hpp>
#include <layers/trees/detail/inputs.hpp>
#include <layers/trees/detail/runs.hpp>
#include <layers/trees/diversity.hpp>
#include <layers/trees/taxa_of_trees.hpp>
#include <layers/trees/trees_in_zones.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>

namespace stadtgdi::trees::detail {

namespace {

using operation::Inputs;
using operation::Results;
using table::Type;

/// The trees of each row of the result, and that table before the indices are added.
struct Stands {
    table::Table table;
    std::vector<std::string> names;                  ///< for the surplus list
    std::vector<std::vector<std::int64_t>> rows;
};

Stands stands_by_zones(const Inputs& in, const std::vector<bool>& used, base::RunContext& run)
{
    const table::GeometryColumn& points = in.table("trees").geometry();
    const operation::Zones zones = operation::prepared_zones(in.table("zones"), points.crs(), "zones", run);
    const ZoneMembers members = trees_in_zones(points, used, zones.geometry, run);
    note(run, "trees.outside_zones", base::Severity::info, members.outside, {"{0} trees stand in no zone.", "{0} Bäume stehen in keiner Zone."});
    Stands stands{in.table("zones"), {}, {}};
    const table::Column* name = stands.table.find("name");
    for (std::size_t zone = 0; zone < zones.geometry.size(); ++zone) {
        const auto rows = members.of(zone);
        stands.rows.emplace_back(rows.begin(), rows.end());
        stands.names.push_back(name != nullptr && name->valid(zone) ? name->as_text(zone) : std::to_string(zone + 1));
    }
    return stands;
}

table::Table table_of_names(const std::vector<std::string>& names)
{
    table::TableBuilder builder(table::Schema{{{"zone", Type::text}}, {}});
    for (const std::string& name : names) {
        builder.column(0).add(std::string_view(name));
        builder.end_row();
    }
    return std::move(builder).finish();
}

Stands stands_by_field(const Inputs& in, const std::vector<bool>& used, base::RunContext& run)
{
    const table::Column& field = *in.column("zone_field", "trees");
    std::map<std::string, std::vector<std::int64_t>> groups;
    std::int64_t without = 0;
    for (std::size_t row = 0; row < used.size(); ++row) {
        if (!used[row]) continue;
        if (field.valid(row))
            groups[field.as_text(row)].push_back(static_cast<std::int64_t>(row));
        else
            ++without;
    }
    note(run, "trees.outside_zones", base::Severity::info, without, {"{0} trees name no zone.", "{0} Bäume nennen keine Zone."});
    Stands stands;
    for (auto& [name, rows] : groups) {
        stands.names.push_back(name);
        stands.rows.push_back(std::move(rows));
    }
    stands.table = table_of_names(stands.names);
    return stands;
}

Stands one_stand(const std::vector<bool>& used)
{
    Stands stands;
    stands.names = {"all"};
    stands.rows.resize(1);
    for (std::size_t row = 0; row < used.size(); ++row)
        if (used[row]) stands.rows[0].push_back(static_cast<std::int64_t>(row));
    stands.table = table_of_names(stands.names);
    return stands;
}

std::vector<std::int64_t> counts_of(const TaxaOfTrees::Level& level, const std::vector<std::int64_t>& rows)
{
    std::vector<std::int64_t> counts(level.names.size(), 0);
    for (const std::int64_t row : rows)
        if (const std::int32_t taxon = level.of_row[static_cast<std::size_t>(row)]; taxon >= 0) ++counts[static_cast<std::size_t>(taxon)];
    return counts;
}

void add_indices(ColumnAdder& out, const TaxaOfTrees::Level& level, const Stands& stands, std::int64_t min_trees)
{
    std::vector<std::int64_t> trees, n, taxa;
    std::array<std::vector<double>, 8> indices;
    std::vector<std::uint8_t> too_few;
    for (const auto& rows : stands.rows) {
        const Diversity d = diversity_of(counts_of(level, rows));
        trees.push_back(static_cast<std::int64_t>(rows.size()));
        n.push_back(d.n);
        taxa.push_back(d.taxa);
        const std::array<double, 8> values{d.shannon_h, d.shannon_h2, d.effective_taxa, d.evenness_j, d.simpson_d, d.simpson_1_d, d.simpson_inv_d, d.simpson_lambda};
        for (std::size_t i = 0; i < values.size(); ++i) indices[i].push_back(values[i]);
        too_few.push_back(d.n < min_trees);
    }
    out.add("n_trees", std::move(trees));
    out.add("n_known", std::move(n));
    out.add("n_taxa", std::move(taxa));
    constexpr std::array<const char*, 8> names{"shannon_h", "shannon_h2", "effective_taxa", "evenness_j", "simpson_d", "simpson_1_d", "simpson_inv_d", "simpson_lambda"};
    for (std::size_t i = 0; i < names.size(); ++i) out.add(names[i], std::move(indices[i]));
    out.add("too_few", table::Column::of_bools(std::move(too_few)));
}

/// Square metres of each tree; NaN: not known.
std::vector<double> weights_of(const Inputs& in, const std::vector<bool>& used, base::RunContext& run)
{
    const bool by_crown = in.text("weight") == "crown_area";
    const table::Column& column = *in.column(by_crown ? "crown_field" : "trunk_field", "trees");
    std::vector<double> weights(used.size(), std::numeric_limits<double>::quiet_NaN());
    std::int64_t unknown = 0;
    for (std::size_t row = 0; row < used.size(); ++row) {
        if (!used[row]) continue;
        const double size = column.valid(row) ? column.number(row) : 0.0;
        if (!(size > 0) || !std::isfinite(size))
            ++unknown;
        else
            weights[row] = by_crown ? std::numbers::pi / 4 * size * size : size * size / (4 * std::numbers::pi) / 1e4;   // trunk in cm
    }
    note(run, "trees.weight_unknown", base::Severity::warning, unknown,
         {"{0} trees have no size to be weighed by and are missing in the weighted indices.", "{0} Bäume haben kein Maß zur Gewichtung und fehlen in den gewichteten Indizes."});
    return weights;
}

void add_weighted(ColumnAdder& out, const TaxaOfTrees::Level& level, const Stands& stands, const std::vector<double>& weights)
{
    std::vector<double> total, known, shannon, effective, evenness, simpson, percent;
    table::ColumnBuilder top(Type::text);
    for (const auto& rows : stands.rows) {
        std::vector<double> of_taxon(level.names.size(), 0.0);
        std::int64_t used = 0;
        for (const std::int64_t row : rows) {
            const auto at = static_cast<std::size_t>(row);
            if (level.of_row[at] < 0 || std::isnan(weights[at])) continue;
            of_taxon[static_cast<std::size_t>(level.of_row[at])] += weights[at];
            ++used;
        }
        const WeightedDiversity d = weighted_diversity_of(of_taxon);
        total.push_back(d.total);
        known.push_back(rows.empty() ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(used) / static_cast<double>(rows.size()));
        shannon.push_back(d.shannon_h);
        effective.push_back(d.effective_taxa);
        evenness.push_back(d.evenness_j);
        simpson.push_back(d.simpson_1_d);
        percent.push_back(d.top_percent);
        if (d.taxa > 0)
            top.add(std::string_view(level.names[d.top]));
        else
            top.add_null();
    }
    out.add("weight_m2", std::move(total));
    out.add("weight_known_share", std::move(known));
    out.add("weighted_shannon_h", std::move(shannon));
    out.add("weighted_effective_taxa", std::move(effective));
    out.add("weighted_evenness_j", std::move(evenness));
    out.add("weighted_simpson_1_d", std::move(simpson));
    out.add("top_weighted", std::move(top).finish());
    out.add("top_weighted_percent", std::move(percent));
}

/// Columns of one level; `within` keeps whether each stand meets the limits so far (nothing known: unknown).
void add_dominance(ColumnAdder& out, const char* level_name, const TaxaOfTrees::Level& level, const Stands& stands, double limit_percent,
                   std::vector<std::uint8_t>& within, std::vector<bool>& known)
{
    const std::string name = level_name;
    table::ColumnBuilder top(Type::text);
    std::vector<double> percent, unknown;
    std::vector<std::int64_t> surplus;
    std::vector<std::uint8_t> within_here;
    std::vector<bool> known_here;
    for (std::size_t stand = 0; stand < stands.rows.size(); ++stand) {
        const Dominance d = dominance_of(counts_of(level, stands.rows[stand]), limit_percent);
        const auto all = static_cast<double>(stands.rows[stand].size());
        if (d.n > 0)
            top.add(std::string_view(level.names[d.top]));
        else
            top.add_null();
        percent.push_back(d.top_percent);
        surplus.push_back(d.surplus);
        unknown.push_back(all > 0 ? (all - static_cast<double>(d.n)) / all : std::numeric_limits<double>::quiet_NaN());
        within_here.push_back(d.n > 0 && d.within_limit);
        known_here.push_back(d.n > 0);
        within[stand] = within[stand] != 0 && d.within_limit;
        known[stand] = known[stand] && d.n > 0;
    }
    out.add(("top_" + name).c_str(), std::move(top).finish());
    out.add(("top_" + name + "_percent").c_str(), std::move(percent));
    out.add((name + "_within_limit").c_str(), bools_with_null(std::move(within_here), known_here));
    out.add((name + "_surplus").c_str(), std::move(surplus));
    out.add((name + "_unknown_share").c_str(), std::move(unknown));
}

table::Table surplus_table(const TaxaOfTrees& taxa, const Stands& stands, const std::array<double, 3>& limits)
{
    table::TableBuilder builder(table::Schema{{{"zone", Type::text}, {"level", Type::text}, {"taxon", Type::text}, {"taxon_de", Type::text}, {"n", Type::int64},
                                               {"percent", Type::float64}, {"limit_percent", Type::float64}, {"surplus", Type::int64}}, {}});
    for (std::size_t stand = 0; stand < stands.rows.size(); ++stand) {
        for (std::size_t at = 0; at < 3; ++at) {
            const TaxaOfTrees::Level& level = taxa.levels[at];
            const std::vector<std::int64_t> counts = counts_of(level, stands.rows[stand]);
            const std::int64_t n = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
            std::vector<std::size_t> order(counts.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
            for (const std::size_t taxon : order) {
                const std::int64_t surplus = surplus_of(counts[taxon], n, limits[at]);
                if (surplus == 0) break;
                builder.column(0).add(std::string_view(stands.names[stand]));
                builder.column(1).add(level_names[at]);
                builder.column(2).add(std::string_view(level.names[taxon]));
                if (const auto german = TaxonTable::shipped().name_de(level.names[taxon]); !german.empty()) builder.column(3).add(german);
                builder.column(4).add(counts[taxon]);
                builder.column(5).add(100 * static_cast<double>(counts[taxon]) / static_cast<double>(n));
                builder.column(6).add(limits[at]);
                builder.column(7).add(surplus);
                builder.end_row();
            }
        }
    }
    return std::move(builder).finish();
}

void report_unresolved(base::RunContext& run, const TaxaOfTrees& taxa)
{
    for (const auto& [text, count] : taxa.unresolved) {
        base::Finding finding;
        finding.rule = "V114";
        finding.layer = "trees";
        finding.field = "taxon";
        finding.value = text;
        finding.message = base::filled({"{0} trees: the taxon table knows no such genus; they count as unknown.", "{0} Bäume: die Taxontabelle kennt diese Gattung nicht; sie gelten als unbekannt."},
                                       std::to_string(count));
        run.report(std::move(finding));
    }
}

}  // namespace

Results run_diversity(const Inputs& in, base::RunContext& run)
{
    const table::Table& trees = in.table("trees");
    const std::vector<bool> used = standing_trees(in, run);
    const TaxaOfTrees taxa = taxa_of_trees(trees.rows(), in.column("taxon_field", "trees"), in.column("genus_field", "trees"), used);
    report_unresolved(run, taxa);
    run.progress(0.3, {"Finding the trees of each zone", "Bäume den Zonen zuordnen"});
    const Stands stands = in.has("zones") ? stands_by_zones(in, used, run) : in.has("zone_field") ? stands_by_field(in, used, run) : one_stand(used);
    run.progress(0.8, {"Computing indices", "Indizes berechnen"});

    const std::array<double, 3> limits{in.number("species_limit_percent"), in.number("genus_limit_percent"), in.number("family_limit_percent")};
    const auto level = static_cast<std::size_t>(std::find(level_names.begin(), level_names.end(), in.text("level")) - level_names.begin());
    ColumnAdder out(stands.table);
    add_indices(out, taxa.levels[level], stands, in.integer("min_trees"));
    std::vector<std::uint8_t> within(stands.rows.size(), 1);
    std::vector<bool> known(stands.rows.size(), true);
    for (std::size_t at = 0; at < 3; ++at) add_dominance(out, level_names[at], taxa.levels[at], stands, limits[at], within, known);
    out.add("within_limits", bools_with_null(std::move(within), known));
    if (in.text("weight") != "none") add_weighted(out, taxa.levels[level], stands, weights_of(in, used, run));

    Results results;
    results.tables["zones"] = std::move(out).finish();
    if (in.wants("surplus")) results.tables["surplus"] = surplus_table(taxa, stands, limits);
    return results;
}

void check_diversity(const Inputs& in)
{
    if (in.has("zones") && in.has("zone_field"))
        throw Error(ErrorKind::invalid_argument, {"trees.diversity takes 'zones' or 'zone_field', not both.", "trees.diversity nimmt 'zones' oder 'zone_field', nicht beides."});
    for (const auto& [weight, field] : {std::pair{"crown_area", "crown_field"}, std::pair{"basal_area", "trunk_field"}})
        if (in.text("weight") == weight && !in.has(field))
            throw Error(ErrorKind::invalid_argument, base::filled({"trees.diversity needs '{0}' for the weight '{1}'.", "trees.diversity braucht '{0}' für die Gewichtung '{1}'."}, field, weight));
    if (!in.has("taxon_field") && !in.has("genus_field"))
        throw Error(ErrorKind::invalid_argument, {"trees.diversity needs a field with botanical names: 'taxon_field' or 'genus_field'.",
                                                  "trees.diversity braucht ein Feld mit botanischen Namen: 'taxon_field' oder 'genus_field'."});
}

}  // namespace stadtgdi::trees::detail
