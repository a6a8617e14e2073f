// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QList>
#include <QObject>
#include <map>
#include <vector>

class QgsMapLayer;

namespace stadtgdi::render {

/// Copies of vector layers for maps that are drawn at the same time. QGIS copies fields and transformations for every row; two
/// threads that draw one layer count the users of the same values, and wait for each other at every row. A copy has a data
/// provider and values of its own, and the id and project of its layer, so that it draws the same. Main thread.
class LayerCopies : public QObject {
public:
    LayerCopies() = default;

    /// The layers themselves where nobody draws them, else copies; to be given back. A layer named twice is the same one twice.
    QList<QgsMapLayer*> take(const QList<QgsMapLayer*>& layers);
    void give_back(const QList<QgsMapLayer*>& taken);

private:
    struct Copy {
        QgsMapLayer* layer;  ///< the layer itself comes first; copies are owned by the project's store of layers
        int users = 0;
    };
    using Copies = std::vector<Copy>;

    QgsMapLayer* take(QgsMapLayer& layer);
    /// Its data changed: copies would show what was.
    void forget(QgsMapLayer& layer);

    std::map<QgsMapLayer*, Copies> m_copies;
};

}  // namespace stadtgdi::render
