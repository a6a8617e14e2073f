// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QSizeF>
#include <QString>
#include <memory>

class QgsRenderContext;
class QgsSymbol;

namespace stadtgdi::render {

/// The same for markers that differ in size and colour alone, which keep their sizes beside each other; empty of other symbols.
QString marker_kind(const QgsSymbol& symbol);

/// What a marker must be enlarged by to fill the box; 0 of other symbols.
double marker_factor(const QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context);

/// A copy of a symbol for the box of its legend entry, whatever the map's symbol is like: markers lie in the middle, as large
/// as the box allows, or enlarged by a factor (0: none) and never so small that nothing is seen; lines and borders can be seen and do not
/// fill it. Sizes are millimetres, none depends on scale or feature.
std::unique_ptr<QgsSymbol> legend_symbol(const QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context, double factor = 0);

}  // namespace stadtgdi::render
