// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>

#include <QString>

class QgsExpressionContextScope;

namespace stadtgdi::render {

/// Makes QGIS know the function of these expressions; once, before anything is drawn.
void register_chosen_rows();

/// Lets QGIS draw the chosen rows of a map's layers alone: the scope holds the lists of feature ids, and expressions look into
/// it. Null where no layer has any.
QgsExpressionContextScope* chosen_rows_scope(const MapSpec& spec);

/// True for the chosen rows of the layer at this place of the map.
QString is_chosen_expression(std::size_t layer);

}  // namespace stadtgdi::render
