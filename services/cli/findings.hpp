// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <services/cli/command_line.hpp>
#include <services/cli/output.hpp>

namespace stadtgdi::cli {

/// Rows count from one on every face: terminal, CSV and JSON.
Json to_json(const base::Finding& finding, base::Language language);
Json to_json(const std::vector<base::Finding>& findings, base::Language language);

/// "error  V104  trees_tree, row 12, planting_year = 1066: ..."
std::string line_of(const base::Finding& finding, base::Language language);

/// The first ones in full, the rest as numbers by rule; to stderr.
void print_findings(const std::vector<base::Finding>& findings, const Call& call);

/// Error(io), before the work rather than after it, where the findings cannot be written to `path`; empty: not asked for.
void require_writable_findings(const std::string& path);

/// All of them into a file: .json, else CSV with a head line. Error(io).
void write_findings(const std::vector<base::Finding>& findings, const std::string& path, base::Language language);

std::int64_t count_errors(const std::vector<base::Finding>& findings);

/// "12 findings (3 errors)".
std::string findings_text(const std::vector<base::Finding>& findings, base::Language language);

/// "57,273 rows".
std::string rows_text(std::int64_t rows, base::Language language);

}  // namespace stadtgdi::cli
