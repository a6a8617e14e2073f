// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/demo.hpp>
#include <layers/table/table.hpp>

namespace stadtgdi::demo {

/// Plants a few of each error that the checks know into the tables and says which.
std::vector<Defect> plant_defects(std::map<std::string, table::Table>& tables, std::uint64_t seed);

}  // namespace stadtgdi::demo
