// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/detail/inputs.hpp>
#include <cmath>

namespace stadtgdi::trees::detail {

using operation::Kind;

operation::Parameter trees_parameter(bool metric)
{
    return {.name = "trees", .kind = Kind::layer, .label = {"Trees", "Bäume"}, .help = {"Tree sites, one point each.", "Baumstandorte, je ein Punkt."},
            .geometry = operation::Geometry::point, .metric = metric, .suggested_layer = "trees_tree"};
}

operation::Parameter status_parameter()
{
    return {.name = "status_field", .kind = Kind::field, .label = {"Field with the state of the site", "Feld mit dem Standortzustand"},
            .help = {"Only rows with `standing` or an empty value take part.", "Nur Zeilen mit `standing` oder leerem Wert nehmen teil."},
            .optional = true, .fallback = std::string("status"), .of = "trees", .types = {table::Type::text}};
}

operation::Parameter genus_parameter()
{
    return {.name = "genus_field", .kind = Kind::field, .label = {"Field with the genus", "Feld mit der Gattung"}, .help = {"Botanical genus, e.g. Tilia.", "Botanische Gattung, z. B. Tilia."},
            .optional = true, .fallback = std::string("genus"), .of = "trees", .types = {table::Type::text}};
}

void note(base::RunContext& run, const char* rule, base::Severity severity, std::int64_t count, base::Text message)
{
    if (count == 0) return;
    base::Finding finding;
    finding.rule = rule;
    finding.severity = severity;
    finding.layer = "trees";
    finding.message = base::filled(std::move(message), std::to_string(count));
    run.report(std::move(finding));
}

std::vector<bool> standing_trees(const operation::Inputs& in, base::RunContext& run)
{
    const table::Table& trees = in.table("trees");
    const table::GeometryColumn& points = trees.geometry();
    const table::Column* status = in.column("status_field", "trees");
    std::vector<bool> used(trees.rows(), false);
    std::int64_t without_position = 0, not_standing = 0;
    for (std::size_t row = 0; row < trees.rows(); ++row) {
        if (!points.valid(row) || !std::isfinite(points.x()[row]) || !std::isfinite(points.y()[row]))
            ++without_position;
        else if (status != nullptr && status->valid(row) && status->text(row) != "standing" && !status->text(row).empty())
            ++not_standing;
        else
            used[row] = true;
    }
    note(run, "trees.no_position", base::Severity::warning, without_position, {"{0} trees have no position and are left out.", "{0} Bäume haben keine Lage und bleiben außer Betracht."});
    note(run, "trees.not_standing", base::Severity::info, not_standing, {"{0} sites without a standing tree are left out.", "{0} Standorte ohne stehenden Baum bleiben außer Betracht."});
    return used;
}

table::Column doubles_with_null(std::vector<double> values)
{
    std::vector<bool> valid(values.size());
    // NaN stays in the values, so that NumPy views of them are not taken for zeros.
    for (std::size_t row = 0; row < values.size(); ++row) valid[row] = !std::isnan(values[row]);
    return table::Column::of_doubles(std::move(values), table::Validity::of(valid));
}

table::Column bools_with_null(std::vector<std::uint8_t> values, const std::vector<bool>& valid)
{
    return table::Column::of_bools(std::move(values), table::Validity::of(valid));
}

}  // namespace stadtgdi::trees::detail
