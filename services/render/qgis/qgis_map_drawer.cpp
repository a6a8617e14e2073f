// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/qgis_map_drawer.hpp>

#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>
#include <services/render/qgis/chosen_rows.hpp>
#include <services/render/qgis/image_of.hpp>
#include <services/render/qgis/kept_styles.hpp>
#include <services/render/qgis/layer_copies.hpp>
#include <services/render/qgis/layer_texts.hpp>
#include <services/render/qgis/legend_picture.hpp>
#include <services/render/qgis/map_settings.hpp>
#include <services/render/qgis/plain_symbols.hpp>
#include <services/render/qgis/qgis_runtime.hpp>
#include <services/render/qgis/text_picture.hpp>

#include <QCoreApplication>
#include <QEventLoop>
#include <QPainter>
#include <qgsfeaturefilterprovider.h>
#include <qgsfeaturerequest.h>
#include <qgslabelingenginesettings.h>
#include <qgsmaplayer.h>
#include <qgsmaplayerstyle.h>
#include <qgsmaprenderercustompainterjob.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerlabeling.h>

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace stadtgdi::render {

namespace {

[[noreturn]] void cancelled()
{
    throw Error(ErrorKind::cancelled, {"The map is not wanted any more.", "Die Karte wird nicht mehr gebraucht."});
}

/// QGIS knows a layer once in a map: one that is wanted in several styles is drawn in several rounds.
std::vector<std::vector<MapSpec::Layer>> in_rounds(const std::vector<MapSpec::Layer>& layers)
{
    std::vector<std::vector<MapSpec::Layer>> rounds;
    std::set<std::string> names;
    for (const MapSpec::Layer& layer : layers) {
        if (!names.insert(layer.name).second || rounds.empty()) {
            names = {layer.name};
            rounds.emplace_back();
        }
        rounds.back().push_back(layer);
    }
    return rounds;
}

/// What is drawn in place of the project's layers: the layer or a copy.
using TakenLayers = std::map<QgsMapLayer*, QgsMapLayer*>;

/// Keeps rows from being drawn, labels included.
class RowFilter : public QgsFeatureFilterProvider {
public:
    RowFilter(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
    {
        for (std::size_t i = 0; i < spec.layers.size(); ++i) {
            const MapSpec::Layer& wanted = spec.layers[i];
            QStringList& filters = m_filters[layers.at(project.layers.at(wanted.name))];
            if (!wanted.seen.all())
                filters.push_back(bridge::compat::qstring(project::filter_expression(wanted.seen)));
            if (wanted.chosen)
                filters.push_back(is_chosen_expression(i));
        }
        std::erase_if(m_filters, [](const auto& filters) { return filters.second.isEmpty(); });
    }
    bool empty() const { return m_filters.empty(); }
    void filterFeatures(const QgsVectorLayer* layer, QgsFeatureRequest& request) const override
    {
        if (const auto found = m_filters.find(layer); found != m_filters.end())
            for (const QString& filter : found->second)
                request.combineFilterExpression(filter);
    }
    QStringList layerAttributes(const QgsVectorLayer*, const QStringList& attributes) const override { return attributes; }
    QgsFeatureFilterProvider* clone() const override { return new RowFilter(*this); }

private:
    std::map<const QgsMapLayer*, QStringList> m_filters;
};

std::string legend_key(const LegendSpec& spec)
{
    std::string key = spec.rule + '\n' + std::to_string(spec.scale_denominator) + ' ' + std::to_string(spec.width) + 'x' +
                      std::to_string(spec.height) + ' ' + std::to_string(spec.dpi) + (spec.transparent ? " t" : " o") + (spec.layer_titles ? "t" : "") + std::to_string(static_cast<int>(spec.rule_labels)) +
                      (!spec.language ? "" : *spec.language == base::Language::de ? " de" : " en");
    for (const MapSpec::Layer& layer : spec.layers) {
        key += '\n' + layer.name + '\n' + layer.style;
        for (const std::string& entry : layer.unseen_entries)
            key += '\t' + entry;
        if (layer.entries) {
            key += "\nonly";
            for (const std::string& entry : *layer.entries)
                key += '\t' + entry;
        }
    }
    return key;
}

/// Where there is no room left all are forgotten: what is asked for again is soon back, and nobody can fill the room for good.
template <class Value>
void keep(std::map<std::string, Value>& kept, std::size_t& kept_bytes, std::size_t most_bytes, const std::string& key, const Value& value, std::size_t bytes)
{
    if (bytes > most_bytes)
        return;
    if (kept_bytes + bytes > most_bytes) {
        kept.clear();
        kept_bytes = 0;
    }
    if (kept.emplace(key, value).second)
        kept_bytes += bytes;
}

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
            add_highlights(settings);
            m_rows.emplace(*m_project, m_layers, m_spec);
            if (m_onto != nullptr) {
                settings.setFlag(Qgis::MapSettingsFlag::DrawLabeling, m_part != MapPart::symbols);
                settings.setFlag(Qgis::MapSettingsFlag::SkipSymbolRendering, m_part == MapPart::labels);
                settings.setBackgroundColor(Qt::transparent);
                settings.setOutputSize(QSize(m_onto->width, m_onto->height));
                m_picture = image_over(*m_onto, m_spec.dpi);
            } else {
                m_picture = QImage(settings.outputSize(), QImage::Format_ARGB32_Premultiplied);
                set_resolution(m_picture, m_spec.dpi);
                m_picture.fill(Qt::transparent);
            }
            QList<QgsMapLayer*> in_other_styles;
            for (const MapSpec::Layer& wanted : m_spec.layers)
                if (QgsMapLayer* layer = m_layers.at(m_project->layers.at(wanted.name)); wanted.symbols || settings.layerStyleOverrides().contains(layer->id()))
                    in_other_styles.push_back(layer);
            const KeptStyles kept(in_other_styles);
            const StyleOverride styles(*m_project, m_layers, m_spec, settings);
            m_painter = std::make_unique<QPainter>(&m_picture);
            m_job = std::make_unique<QgsMapRendererCustomPainterJob>(settings, m_painter.get());
            if (!m_rows->empty())
                m_job->setFeatureFilterProvider(&*m_rows);
            QObject::connect(m_job.get(), &QgsMapRendererJob::finished, m_job.get(), [self] { self->finish(self); }, Qt::QueuedConnection);
            const SymbolsOverride symbols(*m_project, m_layers, m_spec);
            const SelectionOverride selection(*m_project, m_layers, m_spec);
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
    /// A request's own opacity holds while the job is prepared, which takes what it needs from the layers. As QGIS Server has it: in place
    /// of the layer's, and labels, which have none of their own, fade by it.
    class OpacityOverride {
    public:
        OpacityOverride(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
        {
            for (const MapSpec::Layer& wanted : spec.layers) {
                if (!wanted.opacity)
                    continue;
                QgsMapLayer* layer = layers.at(project.layers.at(wanted.name));
                m_before.emplace_back(layer, layer->opacity());
                layer->setOpacity(*wanted.opacity);
                auto* vector = qobject_cast<QgsVectorLayer*>(layer);
                if (*wanted.opacity >= 1 || vector == nullptr || !vector->labelsEnabled() || vector->labeling() == nullptr)
                    continue;
                m_labels.emplace_back(vector, vector->labeling()->clone());
                vector->labeling()->multiplyOpacity(*wanted.opacity);
            }
        }
        ~OpacityOverride()
        {
            for (auto& [layer, labels] : m_labels)
                layer->setLabeling(labels.release());
            for (auto before = m_before.rbegin(); before != m_before.rend(); ++before)
                before->first->setOpacity(before->second);
        }
        OpacityOverride(const OpacityOverride&) = delete;
        OpacityOverride& operator=(const OpacityOverride&) = delete;

    private:
        std::vector<std::pair<QgsMapLayer*, double>> m_before;
        std::vector<std::pair<QgsVectorLayer*, std::unique_ptr<QgsAbstractVectorLayerLabeling>>> m_labels;
    };

    /// A style brings its opacity along: of layers with one of the request's it is put in before, not by the job.
    class StyleOverride {
    public:
        StyleOverride(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec, QgsMapSettings& settings)
        {
            QMap<QString, QString> styles = settings.layerStyleOverrides();
            for (const MapSpec::Layer& wanted : spec.layers) {
                QgsMapLayer* layer = layers.at(project.layers.at(wanted.name));
                if (!wanted.opacity || !styles.contains(layer->id()))
                    continue;
                m_styles.push_back(std::make_unique<QgsMapLayerStyleOverride>(layer));
                m_styles.back()->setOverrideStyle(styles.take(layer->id()));
            }
            settings.setLayerStyleOverrides(styles);
        }

    private:
        std::vector<std::unique_ptr<QgsMapLayerStyleOverride>> m_styles;
    };

    /// The symbols of a client hold for as long; those who keep the styles of the layers give them theirs back.
    class SymbolsOverride {
    public:
        SymbolsOverride(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
        {
            for (const MapSpec::Layer& wanted : spec.layers) {
                m_labelled.reserve(spec.layers.size());  // nothing may fail once a layer is changed
                auto* layer = wanted.symbols ? qobject_cast<QgsVectorLayer*>(layers.at(project.layers.at(wanted.name))) : nullptr;
                if (layer == nullptr)
                    continue;
                layer->setRenderer(renderer_of(*wanted.symbols, kind_of(layer->geometryType())).release());
                layer->setDiagramRenderer(nullptr);
                if (layer->labelsEnabled()) {
                    layer->setLabelsEnabled(false);
                    m_labelled.push_back(layer);
                }
            }
        }
        ~SymbolsOverride()
        {
            for (QgsVectorLayer* layer : m_labelled)
                layer->setLabelsEnabled(true);
        }
        SymbolsOverride(const SymbolsOverride&) = delete;
        SymbolsOverride& operator=(const SymbolsOverride&) = delete;

    private:
        std::vector<QgsVectorLayer*> m_labelled;
    };

    class SelectionOverride {
    public:
        SelectionOverride(const project::LoadedProject& project, const TakenLayers& layers, const MapSpec& spec)
        {
            for (const MapSpec::Layer& wanted : spec.layers) {
                auto* layer = wanted.selected.empty() ? nullptr : qobject_cast<QgsVectorLayer*>(layers.at(project.layers.at(wanted.name)));
                if (layer == nullptr)
                    continue;
                layer->selectByIds(QgsFeatureIds(wanted.selected.begin(), wanted.selected.end()));
                m_layers.push_back(layer);
            }
        }
        ~SelectionOverride()
        {
            for (QgsVectorLayer* layer : m_layers)
                layer->removeSelection();
        }
        SelectionOverride(const SelectionOverride&) = delete;
        SelectionOverride& operator=(const SelectionOverride&) = delete;

    private:
        std::vector<QgsVectorLayer*> m_layers;
    };

    void add_highlights(QgsMapSettings& settings)
    {
        QList<QgsMapLayer*> layers;
        m_highlights = highlight_layers(m_spec.highlights, settings.destinationCrs());
        for (const std::unique_ptr<QgsMapLayer>& highlight : m_highlights)
            layers.push_back(highlight.get());
        if (layers.isEmpty())
            return;
        settings.setLayers(layers + settings.layers());
        if (m_spec.layers.empty()) {  // no label of the project's own is placed: let none be cut off
            QgsLabelingEngineSettings labels = settings.labelingEngineSettings();
            labels.setFlag(Qgis::LabelingFlag::UsePartialCandidates, false);
            settings.setLabelingEngineSettings(labels);
        }
    }

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
            Image picture = scaled_to(m_picture, m_spec);
            m_done = true;
            m_result.set_value(std::move(picture));
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
        m_highlights.clear();
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
    std::vector<std::unique_ptr<QgsMapLayer>> m_highlights;
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
    if (in_rounds(spec.layers).size() > 1) {
        const QSize size = picture_size(spec);
        MapSpec part = spec;
        part.width = size.width();
        part.height = size.height();
        Image picture = empty_image(part.width, part.height);
        if (!spec.transparent)
            image_over(picture, spec.dpi).fill(QColor::fromRgba(spec.background));
        part.highlights.clear();
        draw_onto(picture, part, MapPart::symbols, run);
        part.highlights = spec.highlights;
        draw_onto(picture, part, MapPart::labels, run);
        return scaled_to(image_over(picture, spec.dpi), spec);
    }
    return done(std::make_shared<MapTask>(m_runtime, m_project, m_copies, spec), run);
}

void QgisMapDrawer::draw_onto(Image& picture, const MapSpec& spec, MapPart part, base::RunContext& run)
{
    MapSpec map = spec;
    map.highlights.clear();
    for (std::vector<MapSpec::Layer>& round : in_rounds(spec.layers)) {
        map.layers = std::move(round);
        done(std::make_shared<MapTask>(m_runtime, m_project, m_copies, map, &picture, part), run);
    }
    if (spec.highlights.empty())
        return;
    map.layers.clear();
    map.highlights = spec.highlights;
    done(std::make_shared<MapTask>(m_runtime, m_project, m_copies, map, &picture, MapPart::all), run);
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

std::string QgisMapDrawer::kept_text(const std::string& key, const std::function<std::string()>& make)
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_texts.find(key); found != m_texts.end())
            return found->second;
    }
    std::string text = make();
    const std::lock_guard lock(m_mutex);
    constexpr std::size_t most_bytes = std::size_t{8} << 20;
    keep(m_texts, m_text_bytes, most_bytes, key, text, text.size());
    return text;
}

std::string QgisMapDrawer::legend_json(const LegendSpec& spec, bool details, base::RunContext& run)
{
    run.throw_if_stopped();
    return kept_text((details ? "details\n" : "legend\n") + legend_key(spec), [&] {
        return m_runtime.call_on_main([&] { return render::legend_json(*m_project, spec, details); });
    });
}

std::string QgisMapDrawer::style_document(const MapSpec::Layer& layer, base::RunContext& run)
{
    run.throw_if_stopped();
    LegendSpec spec;
    spec.layers = {layer};
    return kept_text((layer.seen.all() ? "style\n" : "style of some\n") + legend_key(spec), [&] {
        return m_runtime.call_on_main([&] { return render::style_document(*m_project, layer); });
    });
}

std::vector<std::string> QgisMapDrawer::map_tips(const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run)
{
    run.throw_if_stopped();
    return m_runtime.call_on_main([&] { return render::map_tips(*m_project, layer, fids); });
}

Image QgisMapDrawer::draw_legend(const LegendSpec& spec, base::RunContext& run)
{
    run.throw_if_stopped();
    const std::string key = legend_key(spec);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_legends.find(key); found != m_legends.end())
            return found->second;
    }
    Image image = m_runtime.call_on_main([&] { return legend_picture(*m_project, spec); });
    const std::lock_guard lock(m_mutex);
    constexpr std::size_t most_bytes = std::size_t{32} << 20;  // clients choose scales and sizes: the memory stays bounded
    keep(m_legends, m_legend_bytes, most_bytes, key, image, image.pixels.size());
    return image;
}

std::string QgisMapDrawer::encoded_legend(const LegendSpec& spec, ImageFormat format, base::RunContext& run)
{
    return kept_text("picture " + std::to_string(static_cast<int>(format)) + '\n' + legend_key(spec), [&] { return encode(draw_legend(spec, run), format); });
}

Image QgisMapDrawer::draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background)
{
    return text_picture(bridge::compat::qstring(text), width, height, transparent, background);
}

}  // namespace stadtgdi::render
