// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stadtgdi::demo {

struct DemoOptions {
    std::int64_t inhabitants = 20'000;   ///< 20,000 to 5,000,000; about one tree to two inhabitants
    std::uint64_t seed = 1;
    bool defects = false;                ///< plants the errors that plant_defects lists
    std::string name = "Musterstadt";
};

/// One planted error: what `stadtgdi check` must find.
struct Defect {
    std::string rule, layer, uuid, field, value;
};

struct DemoReport {
    std::map<std::string, std::int64_t> rows;   ///< by layer
    std::vector<Defect> defects;
    std::uint64_t hash = 0;                     ///< of all tables in order of their names
};

/// Makes a plausible German city (EPSG:25833) with all layer families and stores it as a new City; an existing file
/// is refused. Same options: same rows, the same hash on every machine, and with the same SQLite the same bytes.
///     demo::make_city("city/demo.gpkg", {.inhabitants = 50'000}, run);
DemoReport make_city(const std::string& path, const DemoOptions& options, base::RunContext& run);

}  // namespace stadtgdi::demo
