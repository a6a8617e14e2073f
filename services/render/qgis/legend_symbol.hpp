// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QSizeF>
#include <memory>

class QgsRenderContext;
class QgsSymbol;

namespace stadtgdi::render {

/// A copy of a symbol for the box of its legend entry, whatever the map's symbol is like: markers lie in the middle, as large
/// as the box allows; lines and borders can be seen and do not fill it. Sizes are millimetres, none depends on scale or feature.
std::unique_ptr<QgsSymbol> legend_symbol(const QgsSymbol& symbol, QSizeF box_mm, QgsRenderContext& context);

}  // namespace stadtgdi::render
