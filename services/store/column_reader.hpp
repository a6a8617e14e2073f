// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/data_source.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/project_model.hpp>
#include <optional>

namespace stadtgdi::store {

/// A whole table of a GeoPackage, read in columns past QGIS, where that gives what QGIS would give; nothing where it is
/// another kind of source, or the columns differ from those of the model. Several times faster.
std::optional<project::Rows> read_plain_table(const project::DataSource& source, const project::PublishedLayer& layer, base::RunContext& run);

}  // namespace stadtgdi::store
