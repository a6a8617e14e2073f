// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/plain_symbol.hpp>

#include <qgis.h>

#include <memory>
#include <vector>

class QgsFeatureRenderer;
class QgsMapLayer;
class QgsCoordinateReferenceSystem;

namespace stadtgdi::render {

PlainSymbol::Kind kind_of(Qgis::GeometryType type);

/// One symbol for all rows of a layer of that kind; points of lines and areas are drawn as QGIS draws them. Nothing where no symbol fits.
std::unique_ptr<QgsFeatureRenderer> renderer_of(const PlainSymbols& symbols, PlainSymbol::Kind kind);

/// A layer in memory for every highlight, top first. Main thread.
std::vector<std::unique_ptr<QgsMapLayer>> highlight_layers(const std::vector<Highlight>& highlights, const QgsCoordinateReferenceSystem& crs);

}  // namespace stadtgdi::render
