// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <layers/io/sink.hpp>
#include <layers/table/table.hpp>

namespace stadtgdi::catalogue {

/// The table as its layer is stored: the definition's columns first, in its order and types (whole numbers become real
/// ones where it says so); missing ones are null or hold the definition's fallback; then what the table has beyond.
/// The geometry is called "geom", is multi where the definition says so, and all null in `city_crs` where the table has
/// none. No definition: only the name of the geometry changes. Error(invalid_argument) for another type or kind.
table::Table completed(const table::Table& table, const LayerDefinition* definition, const std::string& city_crs);

/// Defaults, descriptions and indexes of a layer's columns.
io::WriteOptions write_options(const std::string& layer, const LayerDefinition* definition, io::WriteMode mode);

}  // namespace stadtgdi::catalogue
