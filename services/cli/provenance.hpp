// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/sink.hpp>
#include <layers/operation/operation.hpp>
#include <services/cli/layer_reference.hpp>
#include <services/cli/output.hpp>
#include <map>

namespace stadtgdi::cli {

/// What a result was made with, so that it can be made again: operation, all parameters (the defaults too), sources with the
/// time of their last change, and the version of StadtGDI. `checked`: with the defaults filled in.
Json provenance_of(const operation::Operation& operation, const operation::Inputs& checked, const std::map<std::string, LayerReference>& sources);

/// In one line, for a table's description.
std::string provenance_text(const Json& provenance);

/// Writes it beside the layer into a GeoPackage (metadata extension of OGC 12-128r18: gpkg_metadata, gpkg_metadata_reference)
/// within the sink's transaction. Other formats have no place for it.
void store_provenance(io::Sink& sink, const std::string& out, const std::string& layer, const Json& provenance);

}  // namespace stadtgdi::cli
