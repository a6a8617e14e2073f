// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/compiled_map_drawer.hpp>

#include <layers/base/error.hpp>
#include <layers/geometry/box_filter.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>
#include <services/render/qgis/image_of.hpp>
#include <services/render/qgis/map_settings.hpp>
#include <services/render/qgis/plain_symbols.hpp>
#include <services/render/qgis/qgis_map_drawer.hpp>
#include <services/render/qgis/qgis_runtime.hpp>
#include <services/render/qgis/row_painter.hpp>
#include <services/store/snapshot_cache.hpp>

#include <qgselevationshadingrenderer.h>
#include <qgslabelingenginesettings.h>
#include <qgsexception.h>
#include <qgsexpressioncontextutils.h>
#include <qgsfeatureiterator.h>
#include <qgsfeaturerequest.h>
#include <qgsproject.h>
#include <qgsrenderer.h>
#include <qgsvectorlayer.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace stadtgdi::render {

namespace {

/// The classes of the rows of one snapshot at one range of scales, and symbols that were started with them.
struct Classified {
    std::mutex mutex;                                       // held by the one who works the classes out; the others wait
    std::string version;                                    // of the snapshot
    std::shared_ptr<const StyleClasses> classes;            // shared with maps under way
    bool depends_on_scale = false;
    std::multimap<std::string, std::unique_ptr<StartedSymbols>> idle;  // by what they were started for, see start_key()
};

constexpr std::size_t most_idle = 6, most_idle_symbols = 2048;  // some 6 kB each

struct LayerStyle {
    std::unique_ptr<const CompiledStyle> style;
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Classified>> by_scale;  // shared with those who wait for it
};

/// All scales between two limits are one; a limit itself is another one.
std::string scale_key(const CompiledStyle& style, double scale)
{
    const auto next = std::lower_bound(style.scale_limits.begin(), style.scale_limits.end(), scale);
    for (const auto limit : {next, next == style.scale_limits.begin() ? next : std::prev(next)})
        if (limit != style.scale_limits.end() && qgsDoubleNear(*limit, scale, 1e-6))
            return "at " + std::to_string(scale);
    return std::to_string(next - style.scale_limits.begin());
}

/// What the rows of a snapshot are drawn with at a scale; the first who asks works it out.
std::pair<std::shared_ptr<Classified>, std::shared_ptr<const StyleClasses>> classified_at(LayerStyle& layer, const store::Snapshot& rows, double scale, base::RunContext& run)
{
    std::shared_ptr<Classified> found;
    {
        const std::lock_guard lock(layer.mutex);
        std::shared_ptr<Classified>& slot = layer.by_scale[scale_key(*layer.style, scale)];
        if (!slot)
            slot = std::make_shared<Classified>();
        found = slot;
    }
    const std::lock_guard lock(found->mutex);
    if (!found->classes || found->version != rows.version) {
        found->classes = classify(*layer.style, rows, scale, run);
        found->version = rows.version;
        found->depends_on_scale = StartedSymbols::depends_on_scale(*found->classes, *layer.style);
        found->idle.clear();
    }
    return {found, found->classes};
}

/// What started symbols depend on. Sizes on the ground depend on the scale, and where the CRS is not in metres on the place too: empty, they are of no use to another map.
std::string start_key(const QgsMapSettings& settings, const QgsRenderContext& context, double dpi, bool depends_on_scale)
{
    if (!depends_on_scale)
        return std::to_string(dpi);
    if (settings.destinationCrs().mapUnits() != Qgis::DistanceUnit::Meters)
        return {};
    char text[96];
    std::snprintf(text, sizeof text, "%.17g %.10g %.10g", dpi, context.mapToPixel().mapUnitsPerPixel(), context.rendererScale());
    return text;
}

/// Symbols taken from the idle ones, or made; they go back when this is done with.
class TakenSymbols {
public:
    TakenSymbols(std::shared_ptr<Classified> classified, std::shared_ptr<const StyleClasses> classes, const CompiledStyle& style, const QgsMapSettings& settings,
                 const QgsRenderContext& context, double dpi)
        : m_classified(std::move(classified)), m_classes(std::move(classes))
    {
        {
            const std::lock_guard lock(m_classified->mutex);
            if (m_classified->classes == m_classes) {
                m_key = start_key(settings, context, dpi, m_classified->depends_on_scale);
                if (const auto found = m_classified->idle.find(m_key); found != m_classified->idle.end()) {
                    m_symbols = std::move(found->second);
                    m_classified->idle.erase(found);
                }
            }
        }
        if (!m_symbols)
            m_symbols = std::make_unique<StartedSymbols>(m_classes, style);
        m_symbols->aim(context);
    }
    ~TakenSymbols()
    {
        m_symbols->context().setPainter(nullptr);
        const std::lock_guard lock(m_classified->mutex);
        if (m_classified->classes != m_classes || m_key.empty() || m_symbols->started() > most_idle_symbols)
            return;
        if (m_classified->idle.size() == most_idle)  // clients choose the resolution
            m_classified->idle.erase(m_classified->idle.begin()->first != m_key ? m_classified->idle.begin() : std::prev(m_classified->idle.end()));
        m_classified->idle.emplace(m_key, std::move(m_symbols));
    }
    TakenSymbols(const TakenSymbols&) = delete;
    TakenSymbols& operator=(const TakenSymbols&) = delete;
    StartedSymbols& get() { return *m_symbols; }

private:
    std::shared_ptr<Classified> m_classified;        // shared with other maps
    std::shared_ptr<const StyleClasses> m_classes;   // the same
    std::string m_key;
    std::unique_ptr<StartedSymbols> m_symbols;
};

/// The extent of a map in the CRS of a layer, as QGIS asks a source for it; false where it stands for more than the map.
bool to_layer(const QgsCoordinateTransform& transform, QgsRectangle& extent)
{
    const QgsRectangle everything(std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max(), std::numeric_limits<double>::max());
    QgsCoordinateTransform roughly = transform;
    roughly.setBallparkTransformsAreAppropriate(true);
    const bool from_degrees = roughly.sourceCrs().isGeographic(), to_degrees = roughly.destinationCrs().isGeographic();
    try {
        if (from_degrees && !to_degrees) {
            const QgsRectangle there = roughly.transformBoundingBox(extent, Qgis::TransformDirection::Reverse);
            const QgsRectangle back = roughly.transformBoundingBox(there, Qgis::TransformDirection::Forward);
            const double width = extent.width() * 0.2, height = extent.height() * 0.2;
            const bool fits = qgsDoubleNear(back.xMinimum(), extent.xMinimum(), width) && qgsDoubleNear(back.xMaximum(), extent.xMaximum(), width) &&
                              qgsDoubleNear(back.yMinimum(), extent.yMinimum(), height) && qgsDoubleNear(back.yMaximum(), extent.yMaximum(), height);
            extent = fits ? there : QgsRectangle(-180.0, -90.0, 180.0, 90.0);
            return fits;
        }
        if (from_degrees) {
            const QgsPointXY lower = roughly.transform(extent.xMinimum(), extent.yMinimum(), Qgis::TransformDirection::Reverse);
            const QgsPointXY upper = roughly.transform(extent.xMaximum(), extent.yMaximum(), Qgis::TransformDirection::Reverse);
            extent = roughly.transformBoundingBox(extent, Qgis::TransformDirection::Reverse);
            if (lower.x() <= upper.x())
                return true;
            extent.setXMinimum(-180.0);
            extent.setXMaximum(180.0);
            return false;
        }
        if (to_degrees && (extent.xMinimum() <= -180 || extent.xMaximum() >= 180 || extent.yMinimum() <= -90 || extent.yMaximum() >= 90)) {
            extent = everything;
            return false;
        }
        extent = roughly.transformBoundingBox(extent, Qgis::TransformDirection::Reverse);
        return true;
    } catch (const QgsCsException&) {
        extent = everything;
        return false;
    }
}

/// How many units of a layer's CRS a pixel is, as QGIS finds it at the centre of the map; none where it cannot be said.
std::optional<double> tolerance_of(const QgsRenderContext& context, double threshold)
{
    double tolerance = threshold * context.mapToPixel().mapUnitsPerPixel();
    QgsCoordinateTransform transform = context.coordinateTransform();
    if (!transform.isValid() || transform.isShortCircuited())
        return tolerance;
    try {
        const QgsPointXY centre = context.extent().center();
        const double size = transform.sourceCrs().mapUnits() == Qgis::DistanceUnit::Degrees ? 0.0008983 : 100;
        transform.setBallparkTransformsAreAppropriate(true);
        const QgsRectangle here(centre.x(), centre.y(), centre.x() + size, centre.y() + size);
        const QgsRectangle there = transform.transform(here);
        if (!here.isEmpty() && here.isFinite() && !there.isEmpty() && there.isFinite()) {
            const double length = std::sqrt(QgsPointXY(there.xMinimum(), there.yMinimum()).sqrDist(QgsPointXY(there.xMaximum(), there.yMaximum())));
            if (!qgsDoubleNear(length, 0.0))
                tolerance *= std::sqrt(QgsPointXY(here.xMinimum(), here.yMinimum()).sqrDist(QgsPointXY(here.xMaximum(), here.yMaximum()))) / length;
        }
        return tolerance;
    } catch (const QgsCsException&) {
        return {};
    }
}

QgsRenderContext context_of(const QgsMapSettings& settings, const CompiledStyle& style)
{
    QgsRenderContext context = QgsRenderContext::fromMapSettings(settings);
    const QgsCoordinateTransform transform(style.crs, settings.destinationCrs(), settings.transformContext());
    QgsRectangle extent = settings.visibleExtent();
    const bool whole = !transform.isValid() || transform.isShortCircuited() || to_layer(transform, extent);
    context.setCoordinateTransform(transform);
    context.setExtent(extent);
    if (!whole || (transform.isValid() && transform.sourceCrs().isGeographic() != transform.destinationCrs().isGeographic()))
        context.setFlag(Qgis::RenderContextFlag::ApplyClipAfterReprojection, true);
    context.setSymbologyReferenceScale(style.renderer->referenceScale());
    QgsVectorSimplifyMethod simplify;
    simplify.setSimplifyHints(Qgis::VectorRenderingSimplificationFlag::NoSimplification);
    const double from_scale = style.simplify.maximumScale();
    if (style.simplifies && !(from_scale > 1 && context.rendererScale() <= from_scale))
        if (const std::optional<double> tolerance = tolerance_of(context, style.simplify.threshold())) {
            simplify = style.simplify;
            simplify.setTolerance(*tolerance);
        }
    context.setVectorSimplifyMethod(simplify);
    return context;
}

/// The rows that a source gives for a window, in its order.
std::vector<std::int32_t> rows_in(const store::Snapshot& snapshot, const QgsRectangle& extent, const MapSpec::Layer& layer, bool in_window_order)
{
    const table::Box box{extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()};
    const table::GeometryColumn& geometry = snapshot.table.geometry();
    const bool whole = box.xmin <= snapshot.whole.xmin && box.ymin <= snapshot.whole.ymin && box.xmax >= snapshot.whole.xmax && box.ymax >= snapshot.whole.ymax;
    const bool ordered = in_window_order && !whole && !snapshot.window_order.empty();
    std::vector<std::int32_t> rows;
    const bool all = snapshot.index.covered_by(box);
    if (all && ordered) {
        rows = snapshot.window_order;
    } else if (all) {
        rows.reserve(snapshot.index.size());
        for (std::size_t row = 0; row < geometry.size(); ++row)
            if (geometry.valid(row))
                rows.push_back(static_cast<std::int32_t>(row));
    } else {
        snapshot.index.visit(box, [&](std::int64_t row) {
            if (!snapshot.exact_window || geometry::intersects(geometry, static_cast<std::size_t>(row), box))
                rows.push_back(static_cast<std::int32_t>(row));
            return true;
        });
        const auto place = [&](std::int32_t row) { return snapshot.window_place[static_cast<std::size_t>(row)]; };
        if (rows.size() > geometry.size() / 16) {
            std::vector<std::uint8_t> wanted(geometry.size());
            for (const std::int32_t row : rows)
                wanted[static_cast<std::size_t>(row)] = 1;
            rows.clear();
            if (ordered) {
                for (const std::int32_t row : snapshot.window_order)
                    if (wanted[static_cast<std::size_t>(row)] != 0)
                        rows.push_back(row);
            } else {
                for (std::size_t row = 0; row < wanted.size(); ++row)
                    if (wanted[row] != 0)
                        rows.push_back(static_cast<std::int32_t>(row));
            }
        } else if (ordered) {
            std::sort(rows.begin(), rows.end(), [&](std::int32_t a, std::int32_t b) { return place(a) < place(b); });
        } else {
            std::sort(rows.begin(), rows.end());
        }
    }
    std::vector<std::uint8_t> may;
    const auto keep = [&] { std::erase_if(rows, [&](std::int32_t row) { return may[static_cast<std::size_t>(row)] == 0; }); };
    if (const auto visible = store::seen_rows(snapshot, layer.seen)) {
        may.assign(geometry.size(), 0);
        for (const std::int64_t row : *visible)
            may[static_cast<std::size_t>(row)] = 1;
        keep();
    }
    if (layer.chosen) {
        may.assign(geometry.size(), 0);
        for (const std::int64_t fid : *layer.chosen)
            if (const std::int64_t row = snapshot.row_of(fid); row >= 0)
                may[static_cast<std::size_t>(row)] = 1;
        keep();
    }
    return rows;
}

/// Null where they are not kept, or PROJ is not asked for them by a code.
std::shared_ptr<const table::GeometryColumn> coordinates_in(const store::Snapshot& snapshot, const std::string& crs, base::RunContext& run)
{
    try {
        return snapshot.geometry_in(crs, run);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled)
            throw;
        return {};
    }
}

/// Whether the renderer has a symbol for these rows: all where the style brings fields of its own. Main thread.
std::vector<bool> drawn_by_qgis(const project::LoadedProject& project, const CompiledStyle& style, const MapSpec& spec, const QgsMapSettings& settings,
                                const std::string& name, const std::vector<std::int64_t>& fids)
{
    auto* layer = qobject_cast<QgsVectorLayer*>(project.layers.at(name));
    if (layer == nullptr || !layer->isValid() || layer->fields() != style.fields)
        return std::vector<bool>(fids.size(), true);
    std::vector<bool> drawn(fids.size());
    if (!style.renderer)
        return drawn;
    QgsExpressionContext expressions = style.expressions;
    QgsExpressionContextScope* map = QgsExpressionContextUtils::mapSettingsScope(settings);
    // As for a map: not where single rows are hidden.
    if (std::ranges::all_of(project.model.layers, [](const project::PublishedLayer& one) { return one.class_fields.empty(); }) &&
        std::ranges::all_of(spec.layers, [](const MapSpec::Layer& one) { return one.seen.all(); }))
        map->addLayerStore(const_cast<QgsMapLayerStore*>(project.project->layerStore()));
    expressions << map;
    expressions.setFields(style.fields);
    QgsRenderContext context = QgsRenderContext::fromMapSettings(settings);
    context.setExpressionContext(expressions);
    const std::unique_ptr<QgsFeatureRenderer> renderer(style.renderer->clone());
    renderer->startRender(context, style.fields);
    std::set<QgsFeatureId> found;
    QgsFeatureIterator features = layer->getFeatures(QgsFeatureRequest(QgsFeatureIds(fids.begin(), fids.end())));
    for (QgsFeature feature; features.nextFeature(feature);) {
        context.expressionContext().setFeature(feature);
        if (renderer->willRenderFeature(feature, context))
            found.insert(feature.id());
    }
    renderer->stopRender(context);
    std::transform(fids.begin(), fids.end(), drawn.begin(), [&](std::int64_t fid) { return found.contains(fid); });
    return drawn;
}

void lay_on(Image& picture, Image& layer, double opacity, double dpi)
{
    QImage below = image_over(picture, dpi);
    QPainter painter(&below);
    painter.setOpacity(opacity);
    painter.drawImage(0, 0, image_over(layer, dpi));
}

}  // namespace

struct CompiledStyles::State {
    QgisRuntime& runtime;
    std::shared_ptr<const project::LoadedProject> project;  // shared with the drawers
    std::mutex mutex;
    std::map<std::pair<std::string, std::string>, std::shared_ptr<LayerStyle>> styles;  // shared with maps under way
    std::optional<QgsMapSettings> settings;  // what is the same for all maps
    bool all_by_qgis = false;                // shaded by terrain, or showing how labels are placed

    State(QgisRuntime& qgis, std::shared_ptr<const project::LoadedProject> loaded) : runtime(qgis), project(std::move(loaded)) {}

    QgsMapSettings settings_of(const MapSpec& spec)
    {
        QgsMapSettings map;
        {
            const std::lock_guard lock(mutex);
            if (!settings)
                settings = runtime.call_on_main([&] {  // once
                    MapSpec nothing = spec;
                    nothing.layers.clear();
                    const QgsProject& qgis = *project->project;
                    all_by_qgis = qgis.elevationShadingRenderer().isActive() || qgis.labelingEngineSettings().testFlag(Qgis::LabelingFlag::DrawCandidates);
                    return map_settings(*project, nothing);
                });
            map = *settings;
        }
        map.setDestinationCrs(QgsCoordinateReferenceSystem(bridge::compat::qstring(spec.crs)));
        map.setOutputSize(picture_size(spec));
        map.setOutputDpi(spec.dpi);
        map.setExtent(QgsRectangle(spec.box.xmin, spec.box.ymin, spec.box.xmax, spec.box.ymax));
        return map;
    }

    /// Without a style for layers that are no vector layers, or cannot be read now.
    std::shared_ptr<LayerStyle> style_of(const std::string& layer, const std::string& style)
    {
        const project::PublishedLayer* published = project->model.find(layer);
        const auto found = project->layers.find(layer);
        if (published == nullptr || found == project->layers.end() || published->type != project::LayerType::vector)
            return std::make_shared<LayerStyle>();
        const std::pair key(layer, style == published->styles.front() ? std::string() : style);
        {
            const std::lock_guard lock(mutex);
            if (const auto known = styles.find(key); known != styles.end())
                return known->second;
        }
        auto made = std::make_shared<LayerStyle>();
        made->style = runtime.call_on_main([&]() -> std::unique_ptr<const CompiledStyle> {
            auto* vector = qobject_cast<QgsVectorLayer*>(found->second);
            if (vector == nullptr || !vector->isValid())
                return {};
            return compile_style(*vector, *published, key.second, scopes_of(*vector));
        });
        if (!made->style)
            return made;  // it may be read the next time
        const std::lock_guard lock(mutex);
        return styles.try_emplace(key, std::move(made)).first->second;
    }

    /// For one map: a client describes its symbols anew with every request. Rows not drawn yet in the layer's style do not matter.
    std::shared_ptr<LayerStyle> own_style_of(const MapSpec::Layer& wanted)
    {
        auto made = std::make_shared<LayerStyle>();
        const project::PublishedLayer* published = project->model.find(wanted.name);
        const auto found = project->layers.find(wanted.name);
        if (published == nullptr || found == project->layers.end())
            return made;
        made->style = runtime.call_on_main([&]() -> std::unique_ptr<const CompiledStyle> {
            auto* vector = qobject_cast<QgsVectorLayer*>(found->second);
            return vector == nullptr || !vector->isValid() ? nullptr : compile_style(*vector, *published, renderer_of(*wanted.symbols, kind_of(vector->geometryType())), scopes_of(*vector));
        });
        return made;
    }

    QgsExpressionContext scopes_of(const QgsVectorLayer& layer) const
    {
        QgsExpressionContext scopes;
        scopes << QgsExpressionContextUtils::globalScope() << QgsExpressionContextUtils::projectScope(project->project.get()) << QgsExpressionContextUtils::layerScope(&layer);
        return scopes;
    }
};

CompiledStyles::CompiledStyles(QgisRuntime& runtime, std::shared_ptr<const project::LoadedProject> project)
    : m_state(std::make_unique<State>(runtime, std::move(project)))
{
}

CompiledStyles::~CompiledStyles() = default;

/// How one layer of a map is drawn.
struct CompiledMapDrawer::Plan {
    const MapSpec::Layer* layer;
    std::shared_ptr<LayerStyle> style;                  // shared with other maps
    std::shared_ptr<const store::Snapshot> rows;        // shared with other requests
    std::shared_ptr<Classified> classified;             // shared with other maps; null: QGIS draws the layer
    std::shared_ptr<const StyleClasses> classes;        // the same

    bool compiled() const { return classes != nullptr; }
};

CompiledMapDrawer::CompiledMapDrawer(std::shared_ptr<QgisMapDrawer> qgis, std::shared_ptr<CompiledStyles> styles, RowsOf rows_of)
    : m_qgis(std::move(qgis)), m_styles(std::move(styles)), m_rows_of(std::move(rows_of))
{
}

CompiledMapDrawer::~CompiledMapDrawer() = default;

Image CompiledMapDrawer::draw(const MapSpec& spec, base::RunContext& run)
{
    run.throw_if_stopped();
    CompiledStyles::State& state = m_styles->state();
    const QgsMapSettings settings = state.settings_of(spec);
    const double scale = settings.scale();
    std::vector<Plan> plans;
    bool any_compiled = false, all_by_qgis = state.all_by_qgis || !settings.hasValidSettings();
    for (const MapSpec::Layer& layer : spec.layers) {
        Plan plan{&layer, layer.symbols ? state.own_style_of(layer) : state.style_of(layer.name, layer.style), {}, {}, {}};
        const CompiledStyle* style = plan.style->style.get();
        const project::PublishedLayer* published = state.project->model.find(layer.name);
        if (style == nullptr && (published == nullptr || published->type != project::LayerType::raster))
            all_by_qgis = true;  // such as vector tiles: their labels come with their symbols
        if (style != nullptr) {
            if (!style->in_range(scale))
                continue;
            all_by_qgis = all_by_qgis || style->masks || style->above_labels;
            if (!style->why_not && layer.selected.empty() && (plan.rows = m_rows_of(layer.name, run))) {
                auto [classified, classes] = classified_at(*plan.style, *plan.rows, scale, run);
                plan.classified = std::move(classified);
                if (!classes->why_not) {
                    plan.classes = std::move(classes);
                    any_compiled = true;
                }
            }
        }
        plans.push_back(std::move(plan));
    }
    const bool nothing = plans.empty() && !all_by_qgis && spec.highlights.empty();  // all layers are out of their scales
    if (!nothing && (!any_compiled || all_by_qgis))
        return m_qgis->draw(spec, run);

    const QSize size = nothing ? QSize(spec.width, spec.height) : settings.outputSize();
    Image picture = empty_image(size.width(), size.height());
    if (!spec.transparent)
        image_over(picture, spec.dpi).fill(QColor::fromRgba(spec.background));
    MapSpec part = spec;
    part.width = size.width();
    part.height = size.height();
    part.layers.clear();
    part.highlights.clear();
    const auto by_qgis = [&](MapPart what) {
        if (!part.layers.empty())
            m_qgis->draw_onto(picture, part, what, run);
        part.layers.clear();
    };
    for (const Plan& plan : plans) {
        run.throw_if_stopped();
        if (!plan.compiled()) {
            part.layers.push_back(*plan.layer);
            continue;
        }
        by_qgis(MapPart::symbols);
        const CompiledStyle& style = *plan.style->style;
        if (style.kind == CompiledStyle::Kind::nothing)
            continue;
        const QgsRenderContext context = context_of(settings, style);
        const std::vector<std::int32_t> rows = rows_in(*plan.rows, context.extent(), *plan.layer, plan.classes->in_window_order);
        if (rows.empty())
            continue;
        const QgsCoordinateTransform transform = context.coordinateTransform();
        std::shared_ptr<const table::GeometryColumn> mapped;  // shared with the snapshot
        if (transform.isValid() && !transform.isShortCircuited() && !settings.transformContext().hasTransform(transform.sourceCrs(), transform.destinationCrs()))
            mapped = coordinates_in(*plan.rows, spec.crs, run);
        TakenSymbols symbols(plan.classified, plan.classes, style, settings, context, spec.dpi);
        const double opacity = plan.layer->opacity.value_or(style.opacity);
        if (style.rasterized || !qgsDoubleNear(opacity, 1.0)) {
            Image layer = empty_image(picture.width, picture.height);
            RowPainter(style, *plan.classes, symbols.get(), *plan.rows, mapped, layer, spec.dpi).draw(rows, run);
            lay_on(picture, layer, opacity, spec.dpi);
        } else {
            RowPainter(style, *plan.classes, symbols.get(), *plan.rows, mapped, picture, spec.dpi).draw(rows, run);
        }
    }
    by_qgis(MapPart::symbols);
    for (const Plan& plan : plans)
        if (plan.style->style != nullptr && plan.style->style->has_labels_at(scale))
            part.layers.push_back(*plan.layer);
    by_qgis(MapPart::labels);
    if (!spec.highlights.empty()) {
        part.highlights = spec.highlights;
        m_qgis->draw_onto(picture, part, MapPart::all, run);
    }
    if (picture.width == spec.width && picture.height == spec.height)
        return picture;
    return scaled_to(image_over(picture, spec.dpi), spec);
}

Image CompiledMapDrawer::draw_legend(const LegendSpec& spec, base::RunContext& run)
{
    return m_qgis->draw_legend(spec, run);
}

std::string CompiledMapDrawer::encoded_legend(const LegendSpec& spec, ImageFormat format, base::RunContext& run)
{
    return m_qgis->encoded_legend(spec, format, run);
}

std::string CompiledMapDrawer::legend_json(const LegendSpec& spec, bool details, base::RunContext& run)
{
    return m_qgis->legend_json(spec, details, run);
}

std::string CompiledMapDrawer::style_document(const MapSpec::Layer& layer, base::RunContext& run)
{
    return m_qgis->style_document(layer, run);
}

std::vector<std::string> CompiledMapDrawer::map_tips(const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run)
{
    return m_qgis->map_tips(layer, fids, run);
}

std::vector<bool> CompiledMapDrawer::draws(const MapSpec& spec, const std::string& layer, const std::vector<std::int64_t>& fids, base::RunContext& run)
{
    std::vector<bool> drawn(fids.size());
    for (const MapSpec::Layer& one : spec.layers)
        if (one.name == layer) {
            const std::vector<bool> in_style = draws(spec, one, fids, run);
            std::transform(drawn.begin(), drawn.end(), in_style.begin(), drawn.begin(), std::logical_or());
        }
    return drawn;
}

std::vector<bool> CompiledMapDrawer::draws(const MapSpec& spec, const MapSpec::Layer& layer, const std::vector<std::int64_t>& fids, base::RunContext& run)
{
    run.throw_if_stopped();
    std::vector<bool> drawn(fids.size(), true);
    if (layer.symbols) {
        if (layer.chosen)
            std::transform(fids.begin(), fids.end(), drawn.begin(), [&](std::int64_t fid) { return std::ranges::binary_search(*layer.chosen, fid); });
        return drawn;
    }
    CompiledStyles::State& state = m_styles->state();
    const project::PublishedLayer* published = state.project->model.find(layer.name);
    if (published == nullptr || (!layer.style.empty() && std::ranges::find(published->styles, layer.style) == published->styles.end()))
        return drawn;
    const std::shared_ptr<LayerStyle> style = state.style_of(layer.name, layer.style);
    const bool has_map = !spec.box.empty() && spec.width > 0 && spec.height > 0;
    if (!style->style) {   // a raster
        const double scale = has_map && (published->min_scale > 0 || published->max_scale > 0) ? state.settings_of(spec).scale() : 0;
        // As QGIS compares them: the lower bound is inside, the upper one is not.
        const bool shown = scale == 0 || ((published->min_scale <= 0 || scale < published->min_scale) && scale >= published->max_scale);
        return std::vector<bool>(fids.size(), shown);
    }
    if (!style->style->why_not && style->style->kind == CompiledStyle::Kind::nothing)
        return drawn;
    const bool asks_scale = style->style->why_not || style->style->scale_range_set || !style->style->scale_limits.empty();
    const QgsMapSettings settings = asks_scale && has_map ? state.settings_of(spec) : QgsMapSettings();
    const double scale = settings.scale();
    if (has_map && style->style->scale_range_set && !style->style->in_range(scale))
        return std::vector<bool>(fids.size());
    if (!style->style->why_not)
        if (const std::shared_ptr<const store::Snapshot> rows = m_rows_of(layer.name, run))
            if (const std::shared_ptr<const StyleClasses> classes = classified_at(*style, *rows, scale, run).second; !classes->why_not) {
                std::transform(fids.begin(), fids.end(), drawn.begin(), [&](std::int64_t fid) {
                    const std::int64_t row = rows->row_of(fid);
                    return row >= 0 && !classes->classes[classes->of_row[static_cast<std::size_t>(row)]].empty();
                });
                return drawn;
            }
    return state.runtime.call_on_main([&] { return drawn_by_qgis(*state.project, *style->style, spec, settings, layer.name, fids); });
}

Image CompiledMapDrawer::draw_text(const std::string& text, int width, int height, bool transparent, std::uint32_t background)
{
    return m_qgis->draw_text(text, width, height, transparent, background);
}

bool CompiledMapDrawer::depends_on_window(const MapSpec& spec, base::RunContext& run)
{
    CompiledStyles::State& state = m_styles->state();
    const double scale = state.settings_of(spec).scale();
    return std::ranges::any_of(spec.layers, [&](const MapSpec::Layer& layer) {
        run.throw_if_stopped();
        const std::shared_ptr<LayerStyle> style = state.style_of(layer.name, layer.style);
        if (!style->style)
            return true;
        if (!style->style->in_range(scale))
            return false;
        if (style->style->why_not || style->style->has_labels_at(scale))
            return true;
        std::map<std::string, std::shared_ptr<Classified>> by_scale;
        {
            const std::lock_guard lock(style->mutex);
            by_scale = style->by_scale;
        }
        return std::ranges::any_of(by_scale, [](const auto& one) {
            const std::lock_guard lock(one.second->mutex);
            return one.second->classes && one.second->classes->why_not;
        });
    });
}

std::vector<LayerDrawing> CompiledMapDrawer::drawings(base::RunContext& run)
{
    CompiledStyles::State& state = m_styles->state();
    std::vector<LayerDrawing> all;
    for (const project::PublishedLayer& layer : state.project->model.layers) {
        if (layer.type != project::LayerType::vector || !layer.drawable)
            continue;
        for (const std::string& name : layer.styles) {
            run.throw_if_stopped();
            LayerDrawing drawing{layer.name, name, false, {"its source cannot be read", "seine Quelle lässt sich nicht lesen"}};
            const std::shared_ptr<LayerStyle> style = state.style_of(layer.name, name);
            if (style->style) {
                std::shared_ptr<const base::Text> why_not = style->style->why_not;
                std::map<std::string, std::shared_ptr<Classified>> by_scale;
                {
                    const std::lock_guard lock(style->mutex);
                    by_scale = style->by_scale;
                }
                for (const auto& [scale, classified] : by_scale)
                    if (const std::lock_guard classes_lock(classified->mutex); !why_not && classified->classes)
                        why_not = classified->classes->why_not;
                drawing.compiled = !why_not;
                drawing.why_not = why_not ? *why_not : base::Text{};
            }
            all.push_back(std::move(drawing));
        }
    }
    return all;
}

}  // namespace stadtgdi::render
