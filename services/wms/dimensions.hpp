// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/kvp.hpp>
#include <services/project/project_model.hpp>
#include <services/store/snapshot.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::wms {

/// The dimensions of a layer whose fields may be seen.
std::vector<project::Dimension> offered_dimensions(const project::PublishedLayer& layer);

/// What capabilities say of a dimension.
struct DimensionExtent {
    std::string values;           ///< "2019-01-01,2020-01-01" or "2019-01-01/2024-12-31/P1D"; empty: no row has one
    std::string shown;            ///< without the dimension in a request
    bool is_time = false;
};
DimensionExtent extent_of(const store::Snapshot& rows, const project::Dimension& dimension, base::RunContext& run);

/// The parameter that names a dimension in requests: "TIME", "ELEVATION", "DIM_SPECIES".
std::string parameter_of(const project::Dimension& dimension);

/// Rows by a dimension: those with one of the values that a request gives (a list of values and intervals, "current" for times; a
/// time of less precision stands for all of it), else those of its default. Throws InvalidDimensionValue for what is no value.
struct DimensionChoice {
    std::optional<std::vector<std::uint8_t>> rows;  ///< 1: of these; nothing: all
    bool in_extent = true;        ///< some value asked for lies between the least and the greatest
    std::string used_default;     ///< the value that was used, where the request gives none
};
DimensionChoice choose(const store::Snapshot& rows, const project::Dimension& dimension, const ows::KeyValues& kv, base::RunContext& run);

}  // namespace stadtgdi::wms
