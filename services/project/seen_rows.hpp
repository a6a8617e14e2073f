// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::project {

/// Where somebody may see rows of further classes: a row is there when its geometry and the polygon share a point.
struct SeenArea {
    std::string wkt;                   ///< POLYGON or MULTIPOLYGON, in the layer's CRS
    std::vector<std::string> classes;
    friend bool operator==(const SeenArea&, const SeenArea&) = default;
};

/// Which rows of a layer somebody may see. A row has its layer's class; a row of a city store may also have one of its own that is
/// stricter (field disclosure_class). It is seen when all of them are, everywhere or where it lies. Words that are no class are seen
/// by nobody who may not see all.
struct SeenRows {
    std::vector<std::string> fields = {};   ///< that hold the class of a row
    std::vector<std::string> classes = {};  ///< of the rows that are seen everywhere: "public", ...
    std::string own_class = {};             ///< the layer's; empty: seen everywhere
    std::vector<SeenArea> areas = {};
    bool all() const { return fields.empty() && own_class.empty(); }
    friend bool operator==(const SeenRows&, const SeenRows&) = default;
};

/// As QGIS filters; true or false for every row. Empty where all are seen.
std::string filter_expression(const SeenRows& seen);

/// The rows of a table that are seen; nothing where these are all of them. None of a table that lacks one of the fields.
std::optional<std::vector<std::int64_t>> rows_seen(const table::Table& table, const SeenRows& seen);

}  // namespace stadtgdi::project
