// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/qgis_map_drawer.hpp>

#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>
#include <services/render/qgis/image_of.hpp>
#include <services/render/qgis/kept_styles.hpp>
#include <services/render/qgis/layer_copies.hpp>
#include <services/render/qgis/legend_picture.hpp>
#include <services/render/qgis/map_settings.hpp>
#include <services/render/qgis/qgis_runtime.hpp>

#include <QCoreApplication>
#include <QEventLoop>
#include <QPainter>
#include <qgsfeaturefilterprovider.h>
#include <qgsfeaturerequest.h>
#include <qgsmaplayer.h>
#include <qgsmaprenderercustompainterjob.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>

#include <future>
#include <map>
#include <memory>
#include <optional>

namespace stadtgdi::render {

namespace {

[[noreturn]] void cancelled()
{
    throw Error(ErrorKind::cancelled, {"The map is not wanted any more.", "Die Karte wird nicht mehr gebraucht."});
}

/// What is drawn in place of the project's layers: the layer or a copy.
using TakenLayers = std::map<QgsMapLayer*, QgsMapLayer*>;

/// Keeps rows from being drawn, labels included.
class RowFilter : public QgsFeatureFilterProvider {
public:
    RowFilter(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
    {
        for (const MapSpec::Layer& wanted : spec.layers)
            if (!wanted.seen.all())
                m_filters[layers.at(project.layers.at(wanted.name))] = bridge::compat::qstring(project::filter_expression(wanted.seen));
    }
    bool empty() const { return m_filters.empty(); }
    void filterFeatures(const QgsVectorLayer* layer, QgsFeatureRequest& request) const override
    {
        if (const auto found = m_filters.find(layer); found != m_filters.end())
            request.combineFilterExpression(found->second);
    }
    QStringList layerAttributes(const QgsVectorLayer*, const QStringList& attributes) const override { return attributes; }
    QgsFeatureFilterProvider* clone() const override { return new RowFilter(*this); }

private:
    std::map<const QgsMapLayer*, QString> m_filters;
};

}  // namespace

/// One map on its way. Its job lives on the main thread; the promise is kept whatever happens.
class MapTask {
public:
    /// With `onto`: draws `part` of a map into the picture, which the one who waits for the result owns.
    MapTask(QgisRuntime& runtime, std::shared_ptr<const project::LoadedProject> project, std::shared_ptr<LayerCopies> copies, MapSpec spec, Image* onto = nullptr,
            MapPart part = MapPart::symbols)
        : m_runtime(runtime), m_project(std::move(project)), m_copies(std::move(copies)), m_spec(std::move(spec)), m_onto(onto), m_part(part)
    {
    }

    std::future<Image> result() { return m_result.get_future(); }

    /// `self` keeps the task until the job is done.
    void start(const std::shared_ptr<MapTask>& self)
    {
        if (m_stopped) {
            fail(std::make_exception_ptr(Error(ErrorKind::cancelled, {"Cancelled.", "Abgebrochen."})));
            end();
            return;
        }
        try {
            QgsMapSettings settings = map_settings(*m_project, m_spec);
            settings.setLayers(taken(settings.layers()));
            m_rows.emplace(*m_project, m_layers, m_spec);
            if (m_onto != nullptr) {
                settings.setFlag(Qgis::MapSettingsFlag::DrawLabeling, m_part == MapPart::labels);
                settings.setFlag(Qgis::MapSettingsFlag::SkipSymbolRendering, m_part == MapPart::labels);
                settings.setBackgroundColor(Qt::transparent);
                settings.setOutputSize(QSize(m_onto->width, m_onto->height));
                m_picture = image_over(*m_onto, m_spec.dpi);
            } else {
                m_picture = QImage(settings.outputSize(), QImage::Format_ARGB32_Premultiplied);
                set_resolution(m_picture, m_spec.dpi);
                m_picture.fill(Qt::transparent);
            }
            m_painter = std::make_unique<QPainter>(&m_picture);
            m_job = std::make_unique<QgsMapRendererCustomPainterJob>(settings, m_painter.get());
            if (!m_rows->empty())
                m_job->setFeatureFilterProvider(&*m_rows);
            QObject::connect(m_job.get(), &QgsMapRendererJob::finished, m_job.get(), [self] { self->finish(self); }, Qt::QueuedConnection);
            QList<QgsMapLayer*> in_other_styles;
            const QList<QgsMapLayer*> layers = settings.layers();
            for (QgsMapLayer* layer : layers)
                if (settings.layerStyleOverrides().contains(layer->id()))
                    in_other_styles.push_back(layer);
            const KeptStyles kept(in_other_styles);
            const OpacityOverride opacity(*m_project, m_layers, m_spec);
            m_job->start();
        } catch (...) {
            end();
            fail(std::current_exception());
        }
    }

    void cancel()
    {
        m_stopped = true;
        if (m_job && !m_done)
            m_job->cancelWithoutBlocking();
    }

    bool done() const { return m_done; }

private:
    /// A request's own opacity holds while the job is prepared, which takes what it needs from the layers.
    class OpacityOverride {
    public:
        OpacityOverride(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
        {
            for (const MapSpec::Layer& wanted : spec.layers) {
                if (wanted.opacity >= 1.0)
                    continue;
                QgsMapLayer* layer = layers.at(project.layers.at(wanted.name));
                m_before.emplace_back(layer, layer->opacity());
                layer->setOpacity(layer->opacity() * wanted.opacity);
            }
        }
        ~OpacityOverride()
        {
            for (auto before = m_before.rbegin(); before != m_before.rend(); ++before)
                before->first->setOpacity(before->second);
        }
        OpacityOverride(const OpacityOverride&) = delete;
        OpacityOverride& operator=(const OpacityOverride&) = delete;

    private:
        std::vector<std::pair<QgsMapLayer*, double>> m_before;
    };

    /// A layer named twice is the same one twice.
    QList<QgsMapLayer*> taken(const QList<QgsMapLayer*>& layers)
    {
        QList<QgsMapLayer*> result;
        for (QgsMapLayer* layer : layers) {
            QgsMapLayer*& one = m_layers[layer];
            if (one == nullptr)
                one = m_copies->take(*layer);
            result.push_back(one);
        }
        return result;
    }

    void finish(const std::shared_ptr<MapTask>& self)
    {
        if (m_stopped) {
            fail(std::make_exception_ptr(Error(ErrorKind::cancelled, {"Cancelled.", "Abgebrochen."})));
            release(self);
            return;
        }
        try {
            m_painter.reset();
            if (m_onto != nullptr) {
                m_done = true;
                m_result.set_value({});
                release(self);
                return;
            }
            QImage picture = m_picture;
            if (picture.width() != m_spec.width || picture.height() != m_spec.height)
                picture = picture.scaled(m_spec.width, m_spec.height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
            if (picture.format() != QImage::Format_ARGB32_Premultiplied)
                picture = picture.convertToFormat(QImage::Format_ARGB32_Premultiplied);
            m_done = true;
            m_result.set_value(image_of(picture));
        } catch (...) {
            fail(std::current_exception());
        }
        release(self);
    }

    /// The job dies on the main thread and after its own signal; this also unties it from the task that holds it.
    static void release(const std::shared_ptr<MapTask>& self)
    {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self] { self->end(); }, Qt::QueuedConnection);
    }

    void end()
    {
        m_job.reset();
        for (const auto& [layer, taken] : m_layers)
            if (taken != nullptr)
                m_copies->give_back(*taken);
        m_layers.clear();
        m_runtime.map_done();
    }

    void fail(std::exception_ptr error)
    {
        m_painter.reset();  // the picture is not ours any more once the one who waits knows
        m_done = true;
        m_result.set_exception(std::move(error));
    }

    QgisRuntime& m_runtime;
    std::shared_ptr<const project::LoadedProject> m_project;  // shared: a reload must not take it away from under the job
    std::shared_ptr<LayerCopies> m_copies;
    TakenLayers m_layers;
    MapSpec m_spec;
    std::optional<RowFilter> m_rows;  // the job looks into it
    Image* m_onto = nullptr;
    MapPart m_part = MapPart::symbols;
    QImage m_picture;              // the memory of `m_onto`
    std::unique_ptr<QPainter> m_painter;
    std::unique_ptr<QgsMapRendererCustomPainterJob> m_job;
    std::promise<Image> m_result;
    bool m_stopped = false;
    bool m_done = false;
};

QgisMapDrawer::QgisMapDrawer(QgisRuntime& runtime, std::shared_ptr<const project::LoadedProject> project)
    : m_runtime(runtime), m_project(std::move(project)), m_copies(new LayerCopies(static_cast<std::size_t>(runtime.maps_at_once())), [&runtime](LayerCopies* copies) { runtime.post([copies] { delete copies; }); })
{
}

QgisMapDrawer::~QgisMapDrawer() = default;

Image QgisMapDrawer::draw(const MapSpec& spec, base::RunContext& run)
{
    return done(std::make_shared<MapTask>(m_runtime, m_project, m_copies, spec), run);
}

void QgisMapDrawer::draw_onto(Image& picture, const MapSpec& spec, MapPart part, base::RunContext& run)
{
    done(std::make_shared<MapTask>(m_runtime, m_project, m_copies, spec, &picture, part), run);
}

Image QgisMapDrawer::done(const std::shared_ptr<MapTask>& task, base::RunContext& run)
{
    run.throw_if_stopped();
    // The task is shared by this thread and the main one.
    std::future<Image> result = task->result();
    m_runtime.post([this, task] { m_runtime.start_map([task] { task->start(task); }); });
    const std::stop_callback on_stop(run.stop(), [this, task] { m_runtime.post([task] { task->cancel(); }); });
    if (m_runtime.on_main()) {
        QEventLoop loop;
        while (!task->done())
            loop.processEvents(QEventLoop::WaitForMoreEvents);
    }
    Image image = result.get();
    if (run.stopped())
        cancelled();
    return image;
}

Image QgisMapDrawer::draw_legend(const LegendSpec& spec, base::RunContext& run)
{
    run.throw_if_stopped();
    std::string key = spec.rule + '\n' + std::to_string(spec.scale_denominator) + ' ' + std::to_string(spec.width) + 'x' +
                      std::to_string(spec.height) + ' ' + std::to_string(spec.dpi) + (spec.transparent ? " t" : " o") + (spec.layer_titles ? "t" : "");
    for (const MapSpec::Layer& layer : spec.layers) {
        key += '\n' + layer.name + '\n' + layer.style;
        for (const std::string& entry : layer.unseen_entries)
            key += '\t' + entry;
    }
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_legends.find(key); found != m_legends.end())
            return found->second;
    }
    Image image = m_runtime.call_on_main([&] { return legend_picture(*m_project, spec); });
    const std::lock_guard lock(m_mutex);
    constexpr std::size_t most_bytes = std::size_t{32} << 20;  // clients choose scales and sizes: the memory stays bounded
    if (m_legend_bytes + image.pixels.size() <= most_bytes && m_legends.emplace(key, image).second)
        m_legend_bytes += image.pixels.size();
    return image;
}

Image QgisMapDrawer::draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background)
{
    // Text on a QImage may be painted on any thread.
    QImage picture(width, height, QImage::Format_ARGB32_Premultiplied);
    picture.fill(transparent ? QColor(Qt::transparent) : QColor::fromRgba(background));
    QPainter painter(&picture);
    painter.setPen(QColor(176, 0, 32));
    QFont font = painter.font();
    font.setPixelSize(12);
    painter.setFont(font);
    painter.drawText(QRect(4, 4, std::max(1, width - 8), std::max(1, height - 8)), static_cast<int>(Qt::TextWordWrap) | static_cast<int>(Qt::AlignLeft) | static_cast<int>(Qt::AlignTop),
                     bridge::compat::qstring(text));
    painter.end();
    return image_of(picture);
}

}  // namespace stadtgdi::render
