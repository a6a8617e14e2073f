// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/map_settings.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/project/read_project.hpp>
#include <services/render/qgis/chosen_rows.hpp>

#include <qgsexpressioncontextutils.h>
#include <qgsgeometry.h>
#include <qgslabelingenginesettings.h>
#include <qgsmaplayer.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>

#include <algorithm>
#include <cmath>

namespace stadtgdi::render {

using bridge::compat::qstring;

namespace {

QColor background_of(const MapSpec& spec)
{
    return spec.transparent ? QColor(Qt::transparent) : QColor::fromRgba(spec.background);
}

void set_layers(QgsMapSettings& settings, const project::LoadedProject& project, const MapSpec& spec)
{
    QList<QgsMapLayer*> top_first;
    QMap<QString, QString> styles;
    for (auto wanted = spec.layers.rbegin(); wanted != spec.layers.rend(); ++wanted) {
        const auto found = project.layers.find(wanted->name);
        if (found == project.layers.end())
            throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, wanted->name));
        QgsMapLayer* layer = found->second;
        if (!layer->isValid())
            throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be drawn: its source is gone.", "Der Layer „{0}“ lässt sich nicht zeichnen: Seine Quelle ist verschwunden."},
                                                    wanted->name));
        const QString style = qstring(wanted->style);
        if (!wanted->symbols && !style.isEmpty() && style != layer->styleManager()->currentStyle()) {
            if (!layer->styleManager()->styles().contains(style))
                throw Error(ErrorKind::not_found, base::filled({"Layer '{0}' has no style '{1}'.", "Der Layer „{0}“ hat keinen Stil „{1}“."},
                                                               wanted->name, wanted->style));
            styles[layer->id()] = layer->styleManager()->style(style).xmlData();
        }
        top_first.push_back(layer);
    }
    settings.setLayers(top_first);
    settings.setLayerStyleOverrides(styles);
}

/// The project's, but not shared with other maps: QGIS copies it for every row, and threads would wait to count its users.
QgsCoordinateTransformContext own_transform_context(const QgsProject& project)
{
    const QgsCoordinateTransformContext shared = project.transformContext();
    const QMap<QPair<QString, QString>, QString> operations = shared.coordinateOperations();
    QgsCoordinateTransformContext own;
    for (auto operation = operations.begin(); operation != operations.end(); ++operation) {
        const QgsCoordinateReferenceSystem source(operation.key().first), target(operation.key().second);
        own.addCoordinateOperation(source, target, operation.value(), shared.allowFallbackTransform(source, target));
    }
    return own == shared ? own : shared;  // also what CRS without a code are named by
}

/// The variables of the map (@map_scale and others) do not change while it is drawn: expressions take them once, not with every row.
QgsExpressionContextScope* map_scope(const QgsMapSettings& settings)
{
    QgsExpressionContextScope* scope = QgsExpressionContextUtils::mapSettingsScope(settings);
    const QStringList names = scope->variableNames();
    for (const QString& name : names)
        scope->addVariable(QgsExpressionContextScope::StaticVariable(name, scope->variable(name), true, true, scope->description(name)));
    return scope;
}

}  // namespace

QSize picture_size(const MapSpec& spec)
{
    const double width = spec.box.xmax - spec.box.xmin;
    const double height = spec.box.ymax - spec.box.ymin;
    const double box_height = spec.width * height / width;  // rows the box asks for at the picture's width
    if (std::abs(box_height - spec.height) < 0.5)
        return {spec.width, spec.height};
    // The finer of both resolutions, so that stretching shrinks; bounded, since the client chooses both shapes.
    constexpr double longest_side = 16384;
    const double finest = std::min(width / spec.width, height / spec.height);
    const double columns = width / finest;
    const double rows = height / finest;
    const double most_pixels = std::max(1e6, 2.0 * spec.width * spec.height);
    const double shrink = std::max({1.0, std::sqrt(columns * rows / most_pixels), columns / longest_side, rows / longest_side});
    return {std::max(1, static_cast<int>(std::lround(columns / shrink))), std::max(1, static_cast<int>(std::lround(rows / shrink)))};
}

QgsMapSettings map_settings(const project::LoadedProject& project, const MapSpec& spec)
{
    const QgsProject& qgis = *project.project;
    QgsMapSettings settings;
    set_layers(settings, project, spec);
    settings.setTransformContext(own_transform_context(qgis));
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(qstring(spec.crs)));
    settings.setEllipsoid(qgis.ellipsoid());
    settings.setPathResolver(qgis.pathResolver());
    settings.setLabelingEngineSettings(qgis.labelingEngineSettings());
    if (!spec.labels_within.empty()) {
        QgsLabelingEngineSettings labels = settings.labelingEngineSettings();
        labels.setFlag(Qgis::LabelingFlag::UsePartialCandidates, false);
        settings.setLabelingEngineSettings(labels);
        const table::Box& box = spec.labels_within;
        settings.setLabelBoundaryGeometry(QgsGeometry::fromRect(QgsRectangle(box.xmin, box.ymin, box.xmax, box.ymax)));
    }
    settings.setElevationShadingRenderer(qgis.elevationShadingRenderer());
    settings.setSelectionColor(qgis.selectionColor());
    settings.setOutputSize(picture_size(spec));
    settings.setOutputDpi(spec.dpi);
    settings.setExtent(QgsRectangle(spec.box.xmin, spec.box.ymin, spec.box.xmax, spec.box.ymax));
    settings.setBackgroundColor(background_of(spec));
    settings.setFlag(Qgis::MapSettingsFlag::Antialiasing);
    settings.setFlag(Qgis::MapSettingsFlag::UseRenderingOptimization);
    settings.setFlag(Qgis::MapSettingsFlag::DrawLabeling);
    settings.setFlag(Qgis::MapSettingsFlag::DrawSelection, std::ranges::any_of(spec.layers, [](const MapSpec::Layer& layer) { return !layer.selected.empty(); }));
    settings.setRendererUsage(Qgis::RendererUsage::View);

    QgsExpressionContext context;
    QgsExpressionContextScope* scope = QgsExpressionContextUtils::projectScope(&qgis);
    // get_feature() and aggregate() look there. Not where single rows are hidden: they would be shown by other layers.
    const auto& layers = project.model.layers;
    if (std::all_of(layers.begin(), layers.end(), [](const project::PublishedLayer& layer) { return layer.class_fields.empty(); })
        && std::all_of(spec.layers.begin(), spec.layers.end(), [](const MapSpec::Layer& layer) { return layer.seen.all(); }))
        scope->addLayerStore(const_cast<QgsMapLayerStore*>(qgis.layerStore()));
    context << QgsExpressionContextUtils::globalScope() << scope << map_scope(settings);
    if (QgsExpressionContextScope* chosen = chosen_rows_scope(spec))
        context << chosen;
    settings.setExpressionContext(context);
    return settings;
}

}  // namespace stadtgdi::render
