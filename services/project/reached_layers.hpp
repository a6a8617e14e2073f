// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QStringList>

#include <vector>

class QgsMapLayer;
class QgsProject;

namespace stadtgdi::project {

/// What a layer shows through its virtual fields, symbols, labels and legend.
struct ReachedLayers {
    /// Other layers that expressions look into (aggregate(), get_feature(), overlay_within() and the like); all of the project where
    /// they do not say which.
    std::vector<const QgsMapLayer*> layers;
    bool others = false;        ///< also sources that are not in the project
    QStringList style_texts;    ///< names of fields and expressions of symbols, labels and legend
    QStringList field_texts;    ///< expressions of virtual fields
    bool unsaid = false;        ///< an expression does not say what it asks for
};
/// Whether an expression may ask for more than a row of its layer.
bool asks_beyond_the_row(const QString& expression);

/// Main thread.
ReachedLayers reached_layers(const QgsMapLayer& layer, const QgsProject& project);

}  // namespace stadtgdi::project
