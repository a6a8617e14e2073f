// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QBrush>
#include <QImage>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainterPath>
#include <QPen>
#include <QPointF>
#include <memory>
#include <vector>

namespace stadtgdi::render {

/// What a symbol layer draws, written down instead of drawn: a paint device for QPainter.
class SymbolRecorder : public QPaintDevice {
public:
    struct Step {
        enum class Kind { image, path } kind;
        QPointF offset;      ///< the painter was moved by this
        QImage image;        ///< drawn unscaled with its corner at `corner`
        QPointF corner;
        QPainterPath path;
        QPen pen;
        QBrush brush;
        bool antialiased = false;
        bool polygon = false;    ///< by drawPolygon(), which draws upright rectangles in another way than drawPath()
    };

    explicit SymbolRecorder(double dpi);
    ~SymbolRecorder() override;
    /// In order; empty although something was drawn where `exact` is false.
    const std::vector<Step>& steps() const { return m_steps; }
    /// Whether the steps, drawn again, give the same picture: no scaled images, clips, texts, opacity or modes.
    bool exact() const { return m_exact; }
    void clear();

    QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric which) const override;

private:
    class Engine;
    std::vector<Step> m_steps;
    bool m_exact = true;
    QImage m_like;           // of a picture's resolution
    std::unique_ptr<Engine> m_engine;
};

}  // namespace stadtgdi::render
