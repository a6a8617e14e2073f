// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/section_output.hpp>
#include <algorithm>

namespace stadtgdi::catalogue::detail {

namespace {

// "source_<name>", no longer than a database takes, and unlike every other column of the layer: case does not tell columns apart.
std::string kept_name(ImportState& state, const LayerDefinition& layer, const std::string& column)
{
    auto& names = state.kept_names[layer.name];
    if (const auto known = names.find(column); known != names.end())
        return known->second;
    const auto lower = [](std::string text) {
        std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return text;
    };
    std::set<std::string> taken = {"fid", "geom"};
    for (const FieldDefinition& field : layer.fields)
        taken.insert(lower(field.name));
    for (const auto& [from, name] : names)
        taken.insert(lower(name));
    const std::string name = "source_" + column;
    const std::string start = base::shortened(name, 58);  // of PostgreSQL's 63 bytes five are for a number
    std::string free = name.size() <= 63 ? name : start;
    for (int number = 2; taken.contains(lower(free)); ++number)
        free = start + "_" + std::to_string(number);
    return names[column] = free;
}

}  // namespace

void Section::finish(base::RunContext&)
{
    bool first = true;
    for (const auto& output : m_outputs) {
        const LayerDefinition& layer = *output->rule->layer;
        table::Schema schema = layer.schema(m_state->city_crs);
        std::vector<table::Column> columns;
        for (Output::Slot& slot : output->slots)
            columns.push_back(std::move(slot.column).finish());
        // What the mapping leaves aside goes with the first table of the row.
        if (first && m_state->options.keep_unmapped)
            for (const std::string& name : m_unmapped) {
                table::ColumnBuilder kept(table::Type::text);
                const table::Column& from = *m_source->column(name);
                for (const std::int64_t row : output->rows)
                    from.valid(static_cast<std::size_t>(row)) ? kept.add(std::string_view(from.as_text(static_cast<std::size_t>(row)))) : kept.add_null();
                schema.fields.push_back({kept_name(*m_state, layer, name), table::Type::text});
                columns.push_back(std::move(kept).finish());
            }
        first = false;
        std::optional<table::GeometryColumn> geometry;
        if (schema.geometry) {
            if (output->geometry.places.empty()) {
                table::GeometryBuilder builder(schema.geometry->kind, schema.geometry->crs);
                for (std::size_t i = 0; i < output->rows.size(); ++i)
                    builder.add_null();
                geometry = std::move(builder).finish();
            } else {
                // A row kept without a usable position must not carry half of one.
                for (std::size_t row = 0; row < output->geometry.places.size(); ++row)
                    if (output->geometry.places[row] == Place::outside) {
                        table::GeometryBuilder builder(schema.geometry->kind, schema.geometry->crs, output->geometry.column.has_z());
                        for (const std::int64_t kept : output->rows)
                            output->geometry.places[static_cast<std::size_t>(kept)] == Place::fine
                                ? builder.add_row(output->geometry.column, static_cast<std::size_t>(kept))
                                : builder.add_null();
                        geometry = std::move(builder).finish();
                        break;
                    }
                if (!geometry)
                    geometry = output->geometry.column.take(output->rows);
            }
            schema.geometry->has_z = geometry->has_z();
        }
        m_state->tables[layer.name].emplace_back(std::move(schema), std::move(columns), std::move(geometry));
    }
}

}  // namespace stadtgdi::catalogue::detail
