// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <QString>

class QgsMapLayer;

namespace stadtgdi::bridge {

/// The folder with qml/<family>/<style>.qml: $STADTGDI_STYLES, that of the installation, or the source tree's.
/// Error(not_found) where there is none.
QString style_folder();

/// Texts of a style in one language. A style names texts by tokens, so that the declarations stay their only home:
///   {code:status.standing}   label of a code, {field:height_m} label of a field with its unit, {title} of the layer
///   {en:Young trees|de:Junge Bäume}   texts that belong to the style alone
/// A token that names nothing is left as it stands (a test looks for them). The result is XML like the input.
QString with_texts(const QString& qml, const catalogue::LayerDefinition& layer, base::Language language);

/// Symbols and labels of a layer from its style; false where the definition names no style.
/// Error(bad_data) where QGIS cannot read it, Error(not_found) where the file is missing.
bool apply_style(QgsMapLayer& map_layer, const catalogue::LayerDefinition& layer, base::Language language);

}  // namespace stadtgdi::bridge
