// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QList>
#include <memory>
#include <vector>

class QgsMapLayer;

namespace stadtgdi::render {

/// Gives vector layers exactly the style back that they had. QGIS draws another style by putting it into the layer for a moment and
/// reading the layer's own one again from XML, which replaces fonts that are not there in another way. Main thread.
class KeptStyles {
public:
    explicit KeptStyles(const QList<QgsMapLayer*>& layers);
    ~KeptStyles();
    KeptStyles(const KeptStyles&) = delete;
    KeptStyles& operator=(const KeptStyles&) = delete;

private:
    struct Kept;
    std::vector<std::unique_ptr<Kept>> m_kept;
};

}  // namespace stadtgdi::render
