// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <vector>

class QgsMapLayer;
class QgsProject;
class QgsVectorLayer;

namespace stadtgdi::project {

/// Writes what value relations of a layer's form stand for into value maps, for labels, feature information and represent_value(): QGIS
/// looks related layers up in the one project of its process. Lists of values, filters by the form, long tables and layers that may not be
/// shown stay as they are. Returns the layers looked into. Main thread.
std::vector<const QgsMapLayer*> resolve_value_relations(QgsVectorLayer& layer, const QgsProject& project, const std::function<bool(const QgsMapLayer&)>& may_be_shown);

}  // namespace stadtgdi::project
