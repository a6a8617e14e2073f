// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/read_layer.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/table_reader.hpp>
#include <services/project/text_lists.hpp>

#include <qgsdataprovider.h>
#include <qgseditorwidgetsetup.h>
#include <qgsmaplayer.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsrasterdataprovider.h>
#include <qgsrasterlayer.h>
#include <qgsvaluemapfieldformatter.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayertemporalproperties.h>

#include <algorithm>
#include <utility>

namespace stadtgdi::project {

using bridge::compat::qstring;
using bridge::compat::utf8;

namespace {

std::vector<std::pair<std::string, std::string>> value_map_of(const QgsEditorWidgetSetup& setup)
{
    std::vector<std::pair<std::string, std::string>> codes;
    if (setup.type() != QStringLiteral("ValueMap"))
        return codes;
    // QGIS writes a list of {label: value} to keep the order; old projects have one map.
    const auto add = [&codes](const QVariantMap& map) {
        for (auto entry = map.begin(); entry != map.end(); ++entry)
            if (entry.value().toString() != QgsValueMapFieldFormatter::NULL_VALUE)
                codes.emplace_back(utf8(entry.value().toString()), utf8(entry.key()));
    };
    const QVariant map = setup.config().value(QStringLiteral("map"));
    if (bridge::compat::type_of(map) == QMetaType::QVariantMap) {
        add(map.toMap());
    } else {
        const QVariantList entries = map.toList();
        for (const QVariant& entry : entries)
            add(entry.toMap());
    }
    return codes;
}

std::vector<PublishedField> read_fields(const QgsVectorLayer& layer)
{
    std::vector<PublishedField> fields;
    const QgsFields all = layer.fields();
    for (int i = 0; i < all.count(); ++i) {
        const QgsField field = all.at(i);
        PublishedField published;
        published.name = utf8(field.name());
        published.alias = utf8(layer.attributeAlias(i));
        published.type = bridge::type_of(field);
        published.length = field.length();
        const Qgis::FieldConfigurationFlags flags = layer.fieldConfigurationFlags(i);
        published.codes = value_map_of(layer.editorWidgetSetup(i));
        published.precision = field.precision();
        published.source_type = utf8(field.typeName());
        // Beside the layer's own geometry a table may have others, which come as empty texts.
        const bool shown = published.source_type != "geometry" && published.source_type != "geography";
        published.in_wms = shown && !flags.testFlag(Qgis::FieldConfigurationFlag::HideFromWms);
        published.in_wfs = shown && !flags.testFlag(Qgis::FieldConfigurationFlag::HideFromWfs);
        published.editor = utf8(layer.editorWidgetSetup(i).type());
        published.comment = utf8(field.comment());
        fields.push_back(std::move(published));
    }
    return fields;
}

std::vector<PublishedField> bands_of(const QgsRasterLayer& layer)
{
    std::vector<PublishedField> bands;
    for (int band = 1; band <= layer.bandCount(); ++band)
        bands.push_back({utf8(layer.bandName(band)), {}, table::Type::float64});
    return bands;
}

/// As the project declares them; the time of QGIS's own temporal settings is one more, where fields hold it.
std::vector<Dimension> dimensions_of(const QgsVectorLayer& layer)
{
    using Info = QgsServerWmsDimensionProperties::WmsDimensionInfo;
    std::vector<Dimension> dimensions;
    const QList<Info> declared = layer.serverProperties()->wmsDimensions();
    for (const Info& info : declared) {
        Dimension dimension{utf8(info.name.toLower()), utf8(info.fieldName), utf8(info.endFieldName), utf8(info.units), utf8(info.unitSymbol)};
        switch (info.defaultDisplayType) {
        case Info::MinValue: dimension.shown = Dimension::Default::minimum; break;
        case Info::MaxValue: dimension.shown = Dimension::Default::maximum; break;
        case Info::ReferenceValue: dimension.shown = Dimension::Default::reference; break;
        default: break;
        }
        std::replace(dimension.name.begin(), dimension.name.end(), ' ', '_');
        dimension.reference = utf8(info.referenceValue.toString());
        dimensions.push_back(std::move(dimension));
    }
    const auto* temporal = dynamic_cast<const QgsVectorLayerTemporalProperties*>(const_cast<QgsVectorLayer&>(layer).temporalProperties());
    const bool has_time = std::any_of(dimensions.begin(), dimensions.end(), [](const Dimension& one) { return one.name == "time"; });
    if (temporal != nullptr && temporal->isActive() && !has_time) {
        if (temporal->mode() == Qgis::VectorTemporalMode::FeatureDateTimeInstantFromField)
            dimensions.push_back({"time", utf8(temporal->startField()), {}, "ISO8601", {}});
        else if (temporal->mode() == Qgis::VectorTemporalMode::FeatureDateTimeStartAndEndFromFields)
            dimensions.push_back({"time", utf8(temporal->startField()), utf8(temporal->endField()), "ISO8601", {}});
    }
    // A field that has gone since the project was written takes its dimension with it.
    const auto missing = [&](const std::string& field) { return layer.fields().lookupField(qstring(field)) < 0; };
    std::erase_if(dimensions, [&](const Dimension& one) { return missing(one.field) || (!one.end_field.empty() && missing(one.end_field)); });
    return dimensions;
}

std::vector<std::string> styles_of(const QgsMapLayer& layer)
{
    const QgsMapLayerStyleManager* manager = layer.styleManager();
    std::vector<std::string> styles{utf8(manager->currentStyle())};
    const QStringList all = manager->styles();
    for (const QString& style : all)
        if (style != manager->currentStyle())
            styles.push_back(utf8(style));
    return styles;
}

}  // namespace

PublishedLayer read_layer(const QgsMapLayer& layer, const std::string& project_crs)
{
    // QGIS itself does not look before it asks the provider for its extent.
    const QgsDataProvider* provider = layer.dataProvider();
    if (!layer.isValid() || (provider != nullptr && !provider->isValid()))
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be read: its source is gone.", "Der Layer „{0}“ ist nicht lesbar: Seine Quelle ist verschwunden."},
                                                utf8(layer.name())));
    PublishedLayer published;
    const QgsMapLayerServerProperties& server = *layer.serverProperties();
    published.id = utf8(layer.id());
    published.title = utf8(!server.title().isEmpty()             ? server.title()
                           : !layer.metadata().title().isEmpty() ? layer.metadata().title()
                                                                 : layer.name());
    published.abstract = utf8(!server.abstract().isEmpty() ? server.abstract() : layer.metadata().abstract());
    published.keywords = comma_list(server.keywordList());
    published.attribution = utf8(server.attribution());
    if (published.attribution.empty() && !layer.metadata().rights().isEmpty())
        published.attribution = utf8(layer.metadata().rights().join(QStringLiteral("; ")));
    published.attribution_url = utf8(server.attributionUrl());
    for (const QgsServerMetadataUrlProperties::MetadataUrl& url : server.metadataUrls())
        published.metadata_urls.push_back({utf8(url.type), utf8(url.format), utf8(url.url)});
    published.data_url = utf8(server.dataUrl());
    published.data_url_format = utf8(server.dataUrlFormat());
    if (const QString legend = layer.legendUrl(); legend.startsWith(QLatin1String("https://")) || legend.startsWith(QLatin1String("http://"))) {
        published.legend_url = utf8(legend);
        published.legend_url_format = utf8(layer.legendUrlFormat());
    }
    published.identifier = utf8(layer.metadata().identifier());
    published.opacity = layer.opacity();
    published.crs = bridge::crs_text(layer.crs());
    if (published.crs.empty())
        published.crs = project_crs;
    const QgsRectangle extent = layer.extent();
    published.extent = extent.isNull() || !extent.isFinite()
                           ? table::Box::none()
                           : table::Box{extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()};
    published.styles = styles_of(layer);
    published.queryable = layer.flags().testFlag(QgsMapLayer::Identifiable);
    published.drawable = layer.isSpatial();
    if (layer.hasScaleBasedVisibility()) {
        published.min_scale = layer.minimumScale();
        published.max_scale = layer.maximumScale();
    }
    if (const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer)) {
        published.type = LayerType::vector;
        published.geometry = bridge::kind_of(vector->wkbType());
        published.fields = read_fields(*vector);
        published.display_field = utf8(vector->displayField());
        const QgsAttributeList keys = vector->primaryKeyAttributes();
        for (const int key : keys)
            if (key >= 0 && std::cmp_less(key, published.fields.size()))
                published.key_fields.push_back(published.fields[static_cast<std::size_t>(key)].name);
        published.dimensions = dimensions_of(*vector);
    } else {
        const auto* raster = qobject_cast<const QgsRasterLayer*>(&layer);
        published.type = raster != nullptr ? LayerType::raster : LayerType::other;
        published.queryable = published.queryable && raster != nullptr && raster->dataProvider() != nullptr &&
                              raster->dataProvider()->capabilities().testFlag(Qgis::RasterInterfaceCapability::IdentifyValue);
        if (published.queryable)
            published.fields = bands_of(*raster);
    }
    return published;
}

}  // namespace stadtgdi::project
