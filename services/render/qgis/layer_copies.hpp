// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
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
    /// `most`: how many may be drawn at the same time.
    explicit LayerCopies(std::size_t most) : m_most(most) {}

    /// The layer itself where nobody draws it, else a copy, or one that is drawn already where there is no further copy. To be
    /// given back.
    QgsMapLayer* take(QgsMapLayer& layer);
    void give_back(QgsMapLayer& taken);

private:
    struct Copy {
        QgsMapLayer* layer;  ///< the layer itself comes first; copies are owned by the project's store of layers
        int users = 0;
        bool old = false;    ///< the data have changed since: deleted by its last user
    };
    struct Copies {
        std::vector<Copy> all;
        bool no_more = false;  ///< it has no copies, or could not be opened again; until its data change
    };

    void forget(QgsMapLayer& layer);

    std::size_t m_most;
    std::map<QgsMapLayer*, Copies> m_copies;  // by layer
};

}  // namespace stadtgdi::render
