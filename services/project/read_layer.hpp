// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>

class QgsMapLayer;

namespace stadtgdi::project {

/// What the layer itself says of how it is published; names, disclosure and place in the tree are the project's matter.
/// Error(io) for a layer whose source has gone. Main thread.
PublishedLayer read_layer(const QgsMapLayer& layer, const std::string& project_crs);

}  // namespace stadtgdi::project
