// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <vector>

namespace stadtgdi::trees::detail {

/// Parameters that the tree operations share.
operation::Parameter trees_parameter(bool metric);
operation::Parameter status_parameter();
operation::Parameter genus_parameter();

/// Which rows take part: those with a position, and where there is a status field those that stand (empty counts as
/// standing). Rows left out are counted in findings.
std::vector<bool> standing_trees(const operation::Inputs& in, base::RunContext& run);

/// One finding for the whole layer: a count and what it means.
void note(base::RunContext& run, const char* rule, base::Severity severity, std::int64_t count, base::Text message);

/// Values that may be missing: NaN (or a flag) is null.
table::Column doubles_with_null(std::vector<double> values);
table::Column bools_with_null(std::vector<std::uint8_t> values, const std::vector<bool>& valid);

/// Adds columns to a copy of a table (or to none).
class ColumnAdder {
public:
    explicit ColumnAdder(table::Table start) : m_table(std::move(start)) {}
    void add(const char* name, table::Column column) { m_table = m_table.with_column({name, column.type()}, std::move(column)); }
    void add(const char* name, std::vector<double> values) { add(name, doubles_with_null(std::move(values))); }
    void add(const char* name, std::vector<std::int64_t> values) { add(name, table::Column::of_ints(std::move(values))); }
    table::Table finish() && { return std::move(m_table); }

private:
    table::Table m_table;
};

}  // namespace stadtgdi::trees::detail
