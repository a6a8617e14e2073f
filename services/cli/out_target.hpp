// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <layers/table/table.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace stadtgdi::cli {

/// Whether two paths lead to one file (links followed), or two connections are the same text.
bool is_same_place(const std::string& one, const std::string& other);

/// Whether a result can have several layers (GeoPackage, PostGIS).
bool holds_several_layers(const std::string& out);

/// Error(io) where no file can have the name that `option` gives: its folder is missing, or a folder has that name.
void require_folder_of(const std::string& path, const std::string& option = "--out");

/// Error(invalid_argument) where `out`, or the layer of it that is written, is what is read: writing would destroy the source.
/// Empty layers: the whole file.
void refuse_overwriting(const std::string& source, const std::string& source_layer, const std::string& out, const std::string& out_layer);

/// Error(invalid_argument) where `out` is a city and `layer` one of the declared layers, which only an import changes.
void refuse_layer_of_city(const std::string& out, const std::string& layer);

/// Rows of a table that came into a file, by what writing it said: a format may have no place for some.
std::int64_t rows_written(const table::Table& table, const std::vector<base::Finding>& said);

}  // namespace stadtgdi::cli
