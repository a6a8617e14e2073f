// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/city.hpp>
#include <layers/demo/planter.hpp>
#include <algorithm>
#include <numeric>

namespace stadtgdi::demo {

using table::ColumnBuilder;
using table::Table;

Planter::Rows Planter::pick(const std::string& layer, int count, const Fits& fits)
{
    const Table& from = table(layer);
    if (from.rows() == 0) return {};
    auto& used = m_used[layer];
    Rows rows;
    const auto missing = [&] { return static_cast<int>(rows.size()) < count; };
    const auto random_row = [&] { return static_cast<std::size_t>(m_random.below(static_cast<int>(from.rows()))); };
    const table::Column* status = layer == "trees_tree" ? from.find("status") : nullptr;
    const auto take = [&](std::size_t row) {
        if (status && status->text(row) != "standing") return;
        if (std::find(used.begin(), used.end(), row) != used.end() || (fits && !fits(from, row))) return;
        used.push_back(row);
        rows.push_back(row);
    };
    for (int attempt = 0; attempt < count * 200 && missing(); ++attempt) take(random_row());
    // What is rare is looked for from some row on.
    if (missing()) {
        const std::size_t first = random_row();
        for (std::size_t i = 0; i < from.rows() && missing(); ++i) take((first + i) % from.rows());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

void Planter::set(const std::string& layer, const char* field, const Rows& rows, const Set& value)
{
    Table& changed = table(layer);
    const table::Column& old = changed.column(field);
    ColumnBuilder builder(old.type());
    for (std::size_t row = 0; row < changed.rows(); ++row) {
        if (!std::binary_search(rows.begin(), rows.end(), row))
            builder.add_from(old, row);
        else
            value(builder);
    }
    changed = changed.with_column({field, old.type()}, std::move(builder).finish());
}

void Planter::set_text(const std::string& layer, const char* field, const Rows& rows, const std::string& value)
{
    set(layer, field, rows, [&](ColumnBuilder& column) { column.add(std::string_view(value)); });
}

void Planter::move(const std::string& layer, std::size_t row, double x, double y)
{
    Table& changed = table(layer);
    std::vector<double> xs(changed.geometry().x().begin(), changed.geometry().x().end()), ys(changed.geometry().y().begin(), changed.geometry().y().end());
    xs[row] = x;
    ys[row] = y;
    changed = changed.with_geometry(changed.geometry().with_coordinates(changed.geometry().crs(), std::move(xs), std::move(ys)));
}

void Planter::copy_geometry(const std::string& layer, std::size_t from, std::size_t to)
{
    Table& changed = table(layer);
    std::vector<std::int64_t> rows(changed.rows());
    std::iota(rows.begin(), rows.end(), 0);
    rows[to] = static_cast<std::int64_t>(from);
    changed = changed.with_geometry(changed.geometry().take(rows));
}

Planter::Rows Planter::value(const char* rule, const char* layer, const char* field, int count, const Set& value, const char* shown, const Fits& fits)
{
    const Rows rows = pick(layer, count, fits);
    set(layer, field, rows, value);
    for (const std::size_t row : rows) note(rule, layer, uuid(layer, row), field, shown);
    return rows;
}

Planter::Rows Planter::place(const char* rule, const char* layer, int count, const std::function<void(double&, double&)>& change, const char* shown)
{
    Rows rows = pick(layer, count);
    for (const std::size_t row : rows) {
        double x = table(layer).geometry().x()[row], y = table(layer).geometry().y()[row];
        change(x, y);
        move(layer, row, x, y);
        note(rule, layer, uuid(layer, row), "geom", shown);
    }
    return rows;
}

void Planter::without_geometry(const char* layer, int count)
{
    Table& changed = table(layer);
    const Rows rows = pick(layer, count);
    table::GeometryBuilder builder(changed.geometry().kind(), changed.geometry().crs());
    for (std::size_t row = 0; row < changed.rows(); ++row) {
        if (std::binary_search(rows.begin(), rows.end(), row))
            builder.add_null();
        else
            builder.add_row(changed.geometry(), row);
    }
    for (const std::size_t row : rows) note("V001", layer, uuid(layer, row), "geom", "");
    changed = changed.with_geometry(std::move(builder).finish());
}

void Planter::add_layer(const std::string& layer, const std::vector<std::map<std::string, std::string>>& rows)
{
    const catalogue::LayerDefinition& definition = *catalogue::find_layer(layer);
    const Table& trees = table("trees_tree");
    std::int64_t recorded = 0;
    table::parse_datetime(trees.column("recorded_at").as_text(0), recorded);
    table::TableBuilder builder(definition.schema(trees.geometry().crs()));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (const catalogue::FieldDefinition& field : definition.fields) {
            const auto given = rows[row].find(field.name);
            const std::string value = given != rows[row].end() ? given->second : field.fallback;
            ColumnBuilder& column = builder.column(field.name);
            std::int32_t day = 0;
            if (field.name == "uuid" && given == rows[row].end()) column.add(catalogue::uuid_of("demo defect:" + layer + ":" + std::to_string(row)));
            else if (field.name == "source") column.add("generated");
            else if (field.type == table::Type::datetime) column.add(recorded);
            else if (value.empty()) continue;
            else if (field.type == table::Type::boolean) column.add(value == "true");
            else if (field.type == table::Type::int64) column.add(static_cast<std::int64_t>(std::stoll(value)));
            else if (field.type == table::Type::float64) column.add(std::stod(value));
            else if (field.type == table::Type::text) column.add(std::string_view(value));
            else if (table::parse_date(value, day)) column.add_date(day);
        }
        builder.end_row();
    }
    m_tables.insert_or_assign(layer, std::move(builder).finish());
}

}  // namespace stadtgdi::demo
