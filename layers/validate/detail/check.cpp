// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/validate/detail/check.hpp>
#include <layers/validate/detail/network.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace stadtgdi::validate::detail {

std::optional<double> Layer::number(std::string_view field, std::size_t row) const
{
    const Column* column = this->column(field);
    if (!column || !column->valid(row) || column->type() == table::Type::text)
        return {};
    const double value = column->number(row);
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string_view Layer::text(std::string_view field, std::size_t row) const
{
    const Column* column = this->column(field);
    return column && column->type() == table::Type::text && column->valid(row) ? column->text(row) : std::string_view{};
}

bool Layer::drawn(std::size_t row) const { return table.has_geometry() && table.geometry().valid(row) && table.geometry().part_count(row) > 0; }

Layers::Layers(const catalogue::City& city, base::RunContext& run) : m_city(&city), m_run(&run)
{
    for (const catalogue::StoredLayer& layer : city.layers()) {
        m_names.push_back(layer.name);
        m_disclosures.emplace(layer.name, layer.disclosure);
    }
    std::ranges::sort(m_names);
}

Layers::Layers(const std::map<std::string, table::Table>& tables, base::RunContext& run) : m_run(&run)
{
    for (const auto& [name, one] : tables) {
        m_names.push_back(name);
        m_layers.emplace(name, with_definition(name, one));
    }
}

Layer Layers::with_definition(const std::string& name, table::Table table) const
{
    Layer layer{.name = name, .definition = catalogue::find_layer(name), .table = std::move(table)};
    if (const auto stored = m_disclosures.find(name); stored != m_disclosures.end())
        layer.disclosure = stored->second;
    else if (layer.definition)
        layer.disclosure = layer.definition->disclosure;
    return layer;
}

const Layer* Layers::find(const std::string& name)
{
    if (const auto known = m_layers.find(name); known != m_layers.end())
        return &known->second;
    if (!std::ranges::binary_search(m_names, name))
        return nullptr;
    return &m_layers.emplace(name, with_definition(name, m_city->read(name, *m_run))).first->second;
}

const index::PackedRTree& Layers::index_of(const Layer& layer)
{
    if (const auto known = m_indexes.find(layer.name); known != m_indexes.end())
        return known->second;
    return m_indexes.emplace(layer.name, index::PackedRTree(layer.table.geometry(), *m_run)).first->second;
}

const std::map<std::string, std::int64_t, std::less<>>* Layers::rows_by(const std::string& name, const std::string& field)
{
    const std::string key = name + "." + field;
    if (const auto known = m_rows_by.find(key); known != m_rows_by.end())
        return &known->second;
    const Layer* layer = find(name);
    if (!layer || !layer->column(field))
        return nullptr;
    auto& rows = m_rows_by[key];
    for (std::size_t row = 0; row < layer->rows(); ++row)
        if (const std::string_view value = layer->text(field, row); !value.empty())
            rows.emplace(value, static_cast<std::int64_t>(row));
    return &rows;
}

const Network* Layers::utilities()
{
    if (!m_network)
        if (const Layer* lines = find("utilities_line"))
            m_network = std::make_shared<const Network>(*lines, find("utilities_node"), *this);
    return m_network.get();
}

int Layers::reference_year() const
{
    using namespace std::chrono;
    return static_cast<int>(year_month_day{sys_days{days{reference_day}}}.year());
}

void Check::report(std::int64_t row, Severity severity, std::string_view field, std::string value, Text message)
{
    base::Finding finding;
    finding.rule = m_rule->id;
    finding.severity = std::min(severity, m_rule->severity);
    finding.layer = layer.name;
    finding.row = row;
    finding.field = field;
    finding.value = std::move(value);
    finding.message = std::move(message);
    if (row >= 0) {
        const auto at = static_cast<std::size_t>(row);
        finding.uuid = layer.text("uuid", at);
        if (layer.drawn(at)) {
            const std::size_t first = layer.table.geometry().coordinates(at).first;
            finding.x = layer.table.geometry().x()[first];
            finding.y = layer.table.geometry().y()[first];
        }
    }
    m_findings->push_back(std::move(finding));
}

void Check::report(std::size_t row, std::string_view field, Text message)
{
    const Column* column = layer.column(field);
    report(static_cast<std::int64_t>(row), m_rule->severity, field, column ? base::shortened(column->as_text(row), 200) : std::string(), std::move(message));
}

void Check::report_missing(const std::vector<std::size_t>& missing, std::size_t asked, Severity severity, std::string_view field, const Text& message, const Text& once)
{
    constexpr std::size_t few = 20;
    if (missing.size() > few && missing.size() * 2 > asked) {
        report(-1, severity, field, std::to_string(missing.size()), base::filled(once, std::to_string(missing.size()), std::to_string(asked), row_number(missing.front())));
        return;
    }
    for (const std::size_t row : missing)
        report(static_cast<std::int64_t>(row), severity, field, {}, message);
}

void Check::place(double x, double y)
{
    m_findings->back().x = x;
    m_findings->back().y = y;
}

}  // namespace stadtgdi::validate::detail
