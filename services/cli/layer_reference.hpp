// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/io/source.hpp>
#include <layers/table/table.hpp>
#include <services/cli/command_line.hpp>
#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::cli {

/// A layer on a command line: "trees.geojson", "leipzig.gpkg#trees_tree", "leipzig.gpkg:trees_tree", "PG:dbname=x schemas=y#trees_tree".
struct LayerReference {
    std::string path;
    std::string layer;   ///< empty: the only one, or the one that fits
};

/// '#' always separates; ':' does where a file of the name before it exists.
LayerReference parse_layer_reference(const std::string& text);

/// A layer whose place is known and which is not read yet.
struct OpenedLayer {
    LayerReference reference;   ///< with the layer's name
    std::unique_ptr<io::Source> source;

    table::Table read(base::RunContext& run) const { return source->read({.layer = reference.layer}, run); }
};

/// `suggested`: the layer that is taken where none is named and the source has several. Error(invalid_argument) that lists the
/// layers where that does not help either. A city is opened as one: an older store is upgraded, a newer one refused.
OpenedLayer open_layer(const std::string& reference, const std::string& suggested, const Call& call);

}  // namespace stadtgdi::cli
