// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/project/project_model.hpp>

#include <qgscoordinatereferencesystem.h>
#include <qgsexpressioncontext.h>
#include <qgsfields.h>
#include <qgsvectorsimplifymethod.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

class QgsFeatureRenderer;
class QgsVectorLayer;
class QgsVectorLayerFeatureSource;

namespace stadtgdi::render {

/// Scales at which something is drawn: denominators below `most_denominator` and not below `least_denominator`; 0: no limit.
struct ScaleRange {
    double most_denominator = 0, least_denominator = 0;
    bool contains(double scale) const;
};

/// The style of a vector layer as needed to draw its rows without its layer: what depends on the rows alone is worked out once for
/// all of them (StyleClasses), what depends on the resolution once for a resolution (StartedSymbols).
struct CompiledStyle {
    std::shared_ptr<const base::Text> why_not;   ///< why QGIS draws the symbols of the layer; null: compiled. Shared with reports

    enum class Kind { nothing, symbols, rules } kind = Kind::nothing;
    std::unique_ptr<QgsFeatureRenderer> renderer;  ///< never started; cloned by those who need it
    QgsFields fields;
    std::set<int> used_fields;                     ///< of which the symbol of a row depends
    bool uses_geometry = false;                    ///< the symbol of a row depends on its geometry
    bool uses_id = false;                          ///< the same for its feature id
    bool subset = false;                           ///< the source has a filter of its own
    std::vector<double> scale_limits;              ///< ascending; between two of them every row keeps its symbols
    bool symbol_levels = false;
    bool rasterized = false;                       ///< drawn for itself and then laid on the map, also where it is opaque
    double opacity = 1;
    QgsCoordinateReferenceSystem crs;
    QgsVectorSimplifyMethod simplify;
    bool simplifies = false;
    QgsExpressionContext expressions;              ///< global, project and layer
    std::unique_ptr<QgsVectorLayerFeatureSource> source;  ///< asked for the order of rows only

    CompiledStyle();
    ~CompiledStyle();
    CompiledStyle(const CompiledStyle&) = delete;
    CompiledStyle& operator=(const CompiledStyle&) = delete;

    bool scale_range_set = false;
    ScaleRange scale_range;                        ///< of the layer
    std::vector<std::vector<ScaleRange>> label_ranges;  ///< scales of labels and diagrams: those in all ranges of one of these
    bool masks = false;                            ///< its labels or symbols cut holes into others
    bool above_labels = false;

    bool in_range(double scale) const { return !scale_range_set || scale_range.contains(scale); }
    bool has_labels_at(double scale) const;
};

/// Looks at a layer and its style; `style` empty: the current one. `scopes`: of the project and the layer. Null where it cannot be read now. Main thread.
std::unique_ptr<CompiledStyle> compile_style(QgsVectorLayer& layer, const project::PublishedLayer& published, const std::string& style,
                                             const QgsExpressionContext& scopes);

/// The same with another renderer than the layer's, and without its labels. Main thread.
std::unique_ptr<CompiledStyle> compile_style(QgsVectorLayer& layer, const project::PublishedLayer& published, std::unique_ptr<QgsFeatureRenderer> renderer,
                                             const QgsExpressionContext& scopes);

}  // namespace stadtgdi::render
