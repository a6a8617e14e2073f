// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::project {

/// Which rows of a layer somebody may see. A row of a city store may have a class of its own that is stricter than its
/// layer's (field disclosure_class); a row without one has the layer's. Words that are no class are seen by nobody who may not see all.
struct SeenRows {
    std::vector<std::string> fields;   ///< that hold the class of a row; empty: all rows are seen
    std::vector<std::string> classes;  ///< of the rows that are seen: "public", ...
    bool all() const { return fields.empty(); }
    friend bool operator==(const SeenRows&, const SeenRows&) = default;
};

/// As QGIS filters; true or false for every row. Empty where all are seen.
std::string filter_expression(const SeenRows& seen);

/// The rows of a table that are seen; nothing where these are all of them. None of a table that lacks one of the fields.
std::optional<std::vector<std::int64_t>> rows_seen(const table::Table& table, const SeenRows& seen);

}  // namespace stadtgdi::project
