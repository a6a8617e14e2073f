// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/catalogue/city.hpp>
#include <map>
#include <string>
#include <vector>

namespace stadtgdi::validate {

/// One rule of the list in rules.cpp; ids as in docs/layers (V001, V104 ...).
struct Rule {
    std::string id;
    base::Severity severity;          ///< the highest it reports
    base::Text title;
    std::vector<std::string> layers;  ///< layer names it reads; empty: every layer
};
const std::vector<Rule>& all_rules();

struct CheckOptions {
    std::vector<std::string> rules;   ///< ids; empty: all
    std::vector<std::string> layers;  ///< empty: all
    std::string reference_date;       ///< "2026-11-21"; empty: the newest recorded_at of the store
};

/// Runs the rules over the layers of a city; findings sorted by layer, row and rule.
std::vector<base::Finding> check(const catalogue::City& city, const CheckOptions& options, base::RunContext& run);

/// The same over tables by layer name that are in no store.
std::vector<base::Finding> check(const std::map<std::string, table::Table>& layers, const CheckOptions& options, base::RunContext& run);

}  // namespace stadtgdi::validate
