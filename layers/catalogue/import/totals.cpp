// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/totals.hpp>
#include <layers/table/table_builder.hpp>

#include <algorithm>
#include <map>

namespace stadtgdi::catalogue::detail {
namespace {

/// A row of one of the tables.
struct Place {
    std::size_t table, row;
};

class Totals {
public:
    Totals(const TotalRule& rule, std::vector<table::Table>& tables, std::vector<base::Finding>& findings) : m_rule(rule), m_tables(tables), m_findings(findings) {}

    void fill()
    {
        std::map<std::string, std::vector<Place>> parts_of;  // by the whole's key
        std::vector<Place> wholes;
        for (std::size_t t = 0; t < m_tables.size(); ++t) {
            for (std::size_t row = 0; row < m_tables[t].rows(); ++row) {
                if (holds(m_rule.parts, {t, row}))
                    parts_of[m_rule.part_key.empty() ? "" : text(m_rule.part_key, {t, row})].push_back({t, row});
                if (holds(m_rule.wholes, {t, row}))
                    wholes.push_back({t, row});
            }
        }
        for (const std::string& field : m_rule.sum)
            fill_field(field, wholes, parts_of, [](const std::vector<double>& values) {
                double sum = 0;
                for (const double value : values)
                    sum += value;
                return std::optional(sum);
            });
        for (const std::string& field : m_rule.same)
            fill_field(field, wholes, parts_of, [](const std::vector<double>& values) {
                return std::ranges::adjacent_find(values, std::ranges::not_equal_to{}) == values.end() ? std::optional(values.front()) : std::nullopt;
            });
    }

private:
    std::string text(const std::string& field, Place at) const
    {
        const table::Column* column = m_tables[at.table].find(field);
        return column && column->valid(at.row) ? column->as_text(at.row) : "";
    }

    bool holds(const std::map<std::string, std::string>& conditions, Place at) const
    {
        return std::ranges::all_of(conditions, [&](const auto& one) { return text(one.first, at) == one.second; });
    }

    template <class Combine>
    void fill_field(const std::string& field, const std::vector<Place>& wholes, const std::map<std::string, std::vector<Place>>& parts_of, Combine combine)
    {
        std::map<std::size_t, std::map<std::size_t, double>> found;  // by table and row
        for (const Place& whole : wholes) {
            if (m_tables[whole.table].column(field).valid(whole.row))
                continue;
            const auto parts = parts_of.find(m_rule.part_key.empty() ? "" : text(m_rule.whole_key, whole));
            std::vector<double> values;
            for (const Place& part : parts == parts_of.end() ? std::vector<Place>{} : parts->second)
                if (const table::Column& column = m_tables[part.table].column(field); column.valid(part.row))
                    values.push_back(column.number(part.row));
            const std::size_t expected = parts == parts_of.end() ? 0 : parts->second.size();
            const std::optional<double> value = values.empty() || values.size() < expected ? std::nullopt : combine(values);
            if (value)
                found[whole.table][whole.row] = *value;
            else
                report(field, whole, values.size(), expected);
        }
        for (const auto& [t, rows] : found)
            m_tables[t] = m_tables[t].with_column(m_tables[t].schema().fields[*m_tables[t].schema().find(field)], filled(m_tables[t].column(field), rows));
    }

    static table::Column filled(const table::Column& column, const std::map<std::size_t, double>& rows)
    {
        table::ColumnBuilder builder(column.type());
        builder.reserve(column.size());
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (const auto value = rows.find(row); value == rows.end())
                builder.add_from(column, row);
            else if (column.type() == table::Type::int64)
                builder.add(static_cast<std::int64_t>(value->second));
            else
                builder.add(value->second);
        }
        return std::move(builder).finish();
    }

    void report(const std::string& field, Place whole, std::size_t known, std::size_t parts)
    {
        base::Finding finding;
        finding.rule = "import.total";
        finding.severity = base::Severity::warning;
        finding.layer = m_rule.layer->name;
        finding.uuid = text("uuid", whole);
        finding.field = field;
        finding.value = m_rule.whole_key.empty() ? "" : text(m_rule.whole_key, whole);
        finding.message = known == parts && parts > 0
                              ? base::Text{"The parts do not agree in this value; it stays empty.", "Die Teile stimmen in diesem Wert nicht überein; er bleibt leer."}
                              : base::filled({"The value is known for {0} of {1} parts only; the total stays empty.", "Der Wert ist nur für {0} von {1} Teilen bekannt; die Summe bleibt leer."},
                                             std::to_string(known), std::to_string(parts));
        m_findings.push_back(std::move(finding));
    }

    const TotalRule& m_rule;
    std::vector<table::Table>& m_tables;
    std::vector<base::Finding>& m_findings;
};

}  // namespace

void add_totals(const TotalRule& rule, std::vector<table::Table>& tables, std::vector<base::Finding>& findings)
{
    Totals(rule, tables, findings).fill();
}

}  // namespace stadtgdi::catalogue::detail
