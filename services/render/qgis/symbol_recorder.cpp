// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/symbol_recorder.hpp>

#include <services/render/qgis/image_of.hpp>

#include <QPainter>

namespace stadtgdi::render {

class SymbolRecorder::Engine : public QPaintEngine {
public:
    explicit Engine(SymbolRecorder& recorder) : QPaintEngine(QPaintEngine::AllFeatures), m_recorder(recorder) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    Type type() const override { return QPaintEngine::User; }
    void updateState(const QPaintEngineState&) override {}

    void drawPath(const QPainterPath& path) override
    {
        Step step = shape();
        step.path = path;
        m_recorder.m_steps.push_back(std::move(step));
    }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override
    {
        QPainterPath path;
        QPolygonF polygon;
        for (int i = 0; i < count; ++i)
            polygon.append(points[i]);
        path.addPolygon(polygon);
        if (mode == WindingMode)
            path.setFillRule(Qt::WindingFill);
        drawPath(path);
        m_recorder.m_steps.back().polygon = mode != PolylineMode;
        if (mode == PolylineMode)
            m_recorder.m_steps.back().brush = Qt::NoBrush;
    }
    void drawImage(const QRectF& target, const QImage& image, const QRectF& source, Qt::ImageConversionFlags) override
    {
        const bool whole = source == QRectF(image.rect()) && target.size() == source.size() && image.devicePixelRatio() == 1.0;
        if (!whole)
            m_recorder.m_exact = false;
        Step step = at(Step::Kind::image);
        step.image = image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
        step.corner = target.topLeft();
        m_recorder.m_steps.push_back(std::move(step));
    }
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override { m_recorder.m_exact = false; }
    void drawTiledPixmap(const QRectF&, const QPixmap&, const QPointF&) override { m_recorder.m_exact = false; }
    void drawTextItem(const QPointF&, const QTextItem&) override { m_recorder.m_exact = false; }
    void drawPoints(const QPointF*, int) override { m_recorder.m_exact = false; }

private:
    Step at(Step::Kind kind)
    {
        const QTransform transform = painter()->combinedTransform();
        if (transform.type() > QTransform::TxTranslate || painter()->opacity() != 1.0 || painter()->hasClipping() ||
            painter()->compositionMode() != QPainter::CompositionMode_SourceOver)
            m_recorder.m_exact = false;
        Step step;
        step.kind = kind;
        step.offset = QPointF(transform.dx(), transform.dy());
        return step;
    }
    Step shape()
    {
        Step step = at(Step::Kind::path);
        step.pen = painter()->pen();
        step.brush = painter()->brush();
        step.antialiased = painter()->testRenderHint(QPainter::Antialiasing);
        return step;
    }

    SymbolRecorder& m_recorder;
};

SymbolRecorder::SymbolRecorder(double dpi) : m_like(1, 1, QImage::Format_ARGB32_Premultiplied), m_engine(std::make_unique<Engine>(*this))
{
    set_resolution(m_like, dpi);
}

SymbolRecorder::~SymbolRecorder() = default;

void SymbolRecorder::clear()
{
    m_steps.clear();
    m_exact = true;
}

QPaintEngine* SymbolRecorder::paintEngine() const
{
    return m_engine.get();
}

int SymbolRecorder::metric(PaintDeviceMetric which) const
{
    switch (which) {
    case PdmWidth:
    case PdmHeight: return 16384;
    case PdmDpiX:
    case PdmPhysicalDpiX: return m_like.logicalDpiX();
    case PdmDpiY:
    case PdmPhysicalDpiY: return m_like.logicalDpiY();
    case PdmDepth: return 32;
    case PdmNumColors: return 0x7fffffff;
    case PdmDevicePixelRatio: return 1;
    case PdmDevicePixelRatioScaled: return static_cast<int>(devicePixelRatioFScale());
    default: return QPaintDevice::metric(which);
    }
}

}  // namespace stadtgdi::render
