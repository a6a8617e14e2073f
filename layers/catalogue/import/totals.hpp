// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <layers/catalogue/import/mapping_file.hpp>
#include <layers/table/table.hpp>

namespace stadtgdi::catalogue::detail {

/// Fills empty fields of wholes (boroughs) with the sums over their parts (districts), as the rule says. A value of the
/// source stays; a sum of which a part is unknown is not made and becomes a finding. `tables` are of the rule's layer.
void add_totals(const TotalRule& rule, std::vector<table::Table>& tables, std::vector<base::Finding>& findings);

}  // namespace stadtgdi::catalogue::detail
