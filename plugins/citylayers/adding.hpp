// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <plugins/citylayers/listing.hpp>

class QgsMapLayer;
class QgsProject;

namespace stadtgdi::citylayers {

enum class As {
    features,  ///< with form, style and attributes
    picture    ///< drawn by the service (WMS); only of a service
};

/// Adds a layer with style, form, aliases and metadata to the project, in the group of its family (made where missing).
/// Error(io) where QGIS cannot open it.
QgsMapLayer* add_layer(QgsProject& project, const Listing& listing, const ListedLayer& layer, As as, base::Language language);

}  // namespace stadtgdi::citylayers
