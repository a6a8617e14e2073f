// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/demo/greenery.hpp>
#include <layers/demo/networks.hpp>
#include <layers/table/table.hpp>
#include <map>
#include <string>

namespace stadtgdi::demo {

struct DemoContents {
    Plan plan;
    std::vector<House> houses;
    Greenery greenery;
    std::vector<Edge> edges;
    Networks networks;
    std::uint64_t seed = 1;
    std::string name;
    int year = 2026;
};

/// All layers of the city as tables with the columns of their definitions, by layer name. What has become a table is let go.
std::map<std::string, table::Table> make_tables(DemoContents city, base::RunContext& run);

}  // namespace stadtgdi::demo
