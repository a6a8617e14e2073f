// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/processing/findings.hpp>
#include <layers/table/table_builder.hpp>

namespace stadtgdi::processing {

using table::Type;

std::string crs_of_layers(const operation::Inputs& inputs)
{
    for (const auto& [name, table] : inputs.tables)
        if (table.has_geometry()) return table.geometry().crs();
    return {};
}

table::Table findings_table(const std::vector<base::Finding>& findings, const std::string& crs, base::Language language)
{
    table::Schema schema;
    schema.fields = {{"severity", Type::text}, {"rule", Type::text}, {"layer", Type::text}, {"row", Type::int64},
                     {"uuid", Type::text},     {"field", Type::text}, {"value", Type::text}, {"message", Type::text}};
    schema.geometry.emplace();
    schema.geometry->crs = crs;
    table::TableBuilder builder(schema);
    for (const base::Finding& finding : findings) {
        builder.column(0).add(base::name_of(finding.severity));
        builder.column(1).add(std::string_view(finding.rule));
        builder.column(2).add(std::string_view(finding.layer));
        if (finding.row >= 0) builder.column(3).add(finding.row + 1);   // as every face counts
        builder.column(4).add(std::string_view(finding.uuid));
        builder.column(5).add(std::string_view(finding.field));
        builder.column(6).add(std::string_view(finding.value));
        builder.column(7).add(std::string_view(finding.message.in(language)));
        if (finding.x && finding.y) builder.geometry().add_point(*finding.x, *finding.y);
        builder.end_row();
    }
    return std::move(builder).finish();
}

}  // namespace stadtgdi::processing
