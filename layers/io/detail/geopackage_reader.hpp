// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/detail/layer_reader.hpp>

namespace stadtgdi::io::detail {

/// A layer of a GeoPackage straight through SQLite, in one read transaction: what others commit meanwhile is seen
/// whole or not at all, and booleans are right (GDAL 3.6's Arrow batches lose some). Figures:
/// docs/decisions/0003-arrow-batches.md. None where a geometry is of another kind than declared: GDAL reads it then.
std::optional<table::Table> read_geopackage(const std::string& path, OGRLayer& layer, LayerReader& reader, base::RunContext& run);

}  // namespace stadtgdi::io::detail
