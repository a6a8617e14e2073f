// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <services/render/qgis/compiled_style.hpp>
#include <services/store/snapshot.hpp>

#include <qgssymbol.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace stadtgdi::render {

/// Which symbols draw each row of a snapshot, at one range of scales: renderer, rules and data-defined values evaluated by QGIS, once for
/// every combination of the values they depend on. Never changed.
struct StyleClasses {
    struct Part {
        std::uint32_t symbol;
        int level;                                 ///< of the symbol layers to draw; -1: all of them
    };
    std::vector<std::uint32_t> of_row;             ///< place in `classes`
    std::vector<std::vector<Part>> classes;        ///< drawn in this order; none: nothing is drawn
    std::vector<std::unique_ptr<QgsSymbol>> symbols;  ///< with plain values in place of data-defined ones; never started
    std::vector<std::uint32_t> families;           ///< of every symbol: the renderer's symbol it was made of, by place in symbols()
    std::vector<int> levels;                       ///< drawn one after the other; empty: rows are drawn with all symbol layers
    bool in_window_order = true;                   ///< rows of a window are drawn in the snapshot's window order
    std::shared_ptr<const base::Text> why_not;     ///< the rows need too many symbols. Shared with reports
};

/// Any thread. `scale` stands for all between two of the style's limits.
std::unique_ptr<StyleClasses> classify(const CompiledStyle& style, const store::Snapshot& rows, double scale, base::RunContext& run);

}  // namespace stadtgdi::render
