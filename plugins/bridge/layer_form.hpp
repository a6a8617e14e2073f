// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <QString>

class QgsVectorLayer;

namespace stadtgdi::bridge {

/// "Crown diameter [m]".
QString alias_of(const catalogue::FieldDefinition& field, base::Language language);

/// The QGIS expression of a declared default: uuid(), now(), today() or a literal; empty where there is none.
QString default_expression(const catalogue::FieldDefinition& field);

/// Makes QGIS's attribute form from the declaration: aliases with units, lists of codes, ranges, dates, constraints,
/// defaults, help; row id and derived ids cannot be edited; what is not public is kept out of WMS and WFS.
void apply_form(QgsVectorLayer& map_layer, const catalogue::LayerDefinition& layer, base::Language language);

}  // namespace stadtgdi::bridge
