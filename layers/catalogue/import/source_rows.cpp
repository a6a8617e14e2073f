// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/source_rows.hpp>
#include <layers/catalogue/import/values.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::catalogue::detail {

const table::Column* SourceRows::column(const std::string& name, const std::string& join) const
{
    if (join.empty())
        return m_table.find(name);
    const auto found = m_joins.find(join);
    return found == m_joins.end() ? nullptr : found->second.table.find(name);
}

std::string_view SourceRows::text(const table::Column* column, std::size_t row, const std::string& join, std::string& scratch) const
{
    if (!column)
        return {};
    if (!join.empty()) {
        const std::int64_t other = m_joins.at(join).row_of[row];
        if (other < 0)
            return {};
        row = static_cast<std::size_t>(other);
    }
    if (!column->valid(row))
        return {};
    std::string_view value;
    if (column->type() == table::Type::text) {
        value = trimmed(column->text(row));
    } else {
        scratch = column->as_text(row);
        value = scratch;
    }
    return std::ranges::find(m_rule->nulls, value) == m_rule->nulls.end() ? value : std::string_view{};
}

std::string SourceRows::filled(const std::string& text, std::size_t row, const std::string& join) const
{
    std::string out, scratch;
    bool any = text.find('{') == std::string::npos;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) {
            out += text.substr(at);
            break;
        }
        out += text.substr(at, open - at);
        const std::string name = text.substr(open + 1, close - open - 1);
        const std::string_view value = this->text(column(name, join), row, join, scratch);
        any = any || !value.empty();
        out += value;
        at = close + 1;
    }
    return any ? std::string(trimmed(out)) : std::string();
}

std::string SourceRows::file(std::size_t row) const
{
    const table::Column* column = m_table.find("source_file");
    return column ? std::string(column->text(row)) : std::string();
}

std::int64_t SourceRows::row_in_file(std::size_t row) const
{
    const table::Column* column = m_table.find("source_row");
    return column ? column->ints()[row] : static_cast<std::int64_t>(row);
}

bool SourceRows::holds(const Condition& condition, std::size_t row) const
{
    std::string scratch;
    const std::string_view value = text(column(condition.column), row, {}, scratch);
    const bool is = condition.values.empty() ? !value.empty() : std::ranges::find(condition.values, value) != condition.values.end();
    return is != condition.negated;
}

bool SourceRows::same(std::size_t a, std::size_t b) const
{
    for (std::size_t i = 0; i < m_table.columns().size(); ++i) {
        const std::string& name = m_table.schema().fields[i].name;
        const table::Column& column = m_table.column(i);
        if (name == "source_file" || name == "source_row")
            continue;
        if (column.valid(a) != column.valid(b) || (column.valid(a) && column.as_text(a) != column.as_text(b)))
            return false;
    }
    if (!m_table.has_geometry())
        return true;
    const table::GeometryColumn& shapes = m_table.geometry();
    if (shapes.valid(a) != shapes.valid(b))
        return false;
    if (!shapes.valid(a))
        return true;
    const auto at = shapes.coordinates(a), other = shapes.coordinates(b);
    const std::size_t count = at.second - at.first;
    if (other.second - other.first != count || shapes.part_count(a) != shapes.part_count(b))
        return false;
    const auto same = [](double one, double two) { return one == two || (std::isnan(one) && std::isnan(two)); };
    const auto equal = [&](std::span<const double> axis) { return axis.empty() || std::ranges::equal(axis.subspan(at.first, count), axis.subspan(other.first, count), same); };
    return equal(shapes.x()) && equal(shapes.y()) && equal(shapes.z());
}

}  // namespace stadtgdi::catalogue::detail
