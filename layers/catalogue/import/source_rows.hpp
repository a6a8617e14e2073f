// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/mapping_file.hpp>
#include <layers/table/table.hpp>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

namespace stadtgdi::catalogue::detail {

/// A file joined to the source: for each source row the row of the other table, -1 for none.
struct Joined {
    table::Table table;
    std::vector<std::int64_t> row_of;
};

/// The source table as texts: trimmed, empty for null and for the mapping's null words. Columns that the source lacks
/// read as empty.
class SourceRows {
public:
    SourceRows(table::Table table, const SourceRule& rule) : m_table(std::move(table)), m_rule(&rule) {}

    const table::Table& table() const { return m_table; }
    std::size_t rows() const { return m_table.rows(); }
    void add_join(std::string name, Joined joined) { m_joins[std::move(name)] = std::move(joined); }

    const table::Column* column(const std::string& name, const std::string& join = {}) const;
    /// `scratch` holds the text where the column's type is not text.
    std::string_view text(const table::Column* column, std::size_t row, const std::string& join, std::string& scratch) const;
    /// "{a} {b}" with the row's values; empty where all of them are.
    std::string filled(const std::string& text, std::size_t row, const std::string& join = {}) const;

    std::string file(std::size_t row) const;
    std::int64_t row_in_file(std::size_t row) const;
    bool holds(const Condition& condition, std::size_t row) const;
    /// Do two rows hold the same, but for their place in the files?
    bool same(std::size_t a, std::size_t b) const;

private:
    table::Table m_table;
    const SourceRule* m_rule;
    std::map<std::string, Joined> m_joins;
};

}  // namespace stadtgdi::catalogue::detail
