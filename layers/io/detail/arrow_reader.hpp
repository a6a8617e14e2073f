// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/detail/layer_reader.hpp>

namespace stadtgdi::io::detail {

/// The layer through GDAL's Arrow stream (docs/decisions/0003-arrow-batches.md); none where a batch does not fit our
/// types (a geometry of another kind than declared): then it must be read feature by feature.
std::optional<table::Table> read_arrow(OGRLayer& layer, LayerReader& reader, base::RunContext& run);

}  // namespace stadtgdi::io::detail
