// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/kept_styles.hpp>

#include <qgsdiagramrenderer.h>
#include <qgsrenderer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

namespace stadtgdi::render {

struct KeptStyles::Kept {
    QgsVectorLayer* layer;
    std::unique_ptr<QgsFeatureRenderer> renderer;
    std::unique_ptr<QgsAbstractVectorLayerLabeling> labeling;
    std::unique_ptr<QgsDiagramRenderer> diagrams;
};

KeptStyles::KeptStyles(const QList<QgsMapLayer*>& layers)
{
    for (QgsMapLayer* layer : layers) {
        auto* vector = qobject_cast<QgsVectorLayer*>(layer);
        if (vector == nullptr)
            continue;
        auto kept = std::make_unique<Kept>();
        kept->layer = vector;
        if (vector->renderer() != nullptr)
            kept->renderer.reset(vector->renderer()->clone());
        if (vector->labeling() != nullptr)
            kept->labeling.reset(vector->labeling()->clone());
        if (vector->diagramRenderer() != nullptr)
            kept->diagrams.reset(vector->diagramRenderer()->clone());
        m_kept.push_back(std::move(kept));
    }
}

KeptStyles::~KeptStyles()
{
    for (const std::unique_ptr<Kept>& kept : m_kept) {
        if (kept->renderer)
            kept->layer->setRenderer(kept->renderer.release());
        kept->layer->setLabeling(kept->labeling.release());
        kept->layer->setDiagramRenderer(kept->diagrams.release());
    }
}

}  // namespace stadtgdi::render
