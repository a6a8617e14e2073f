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
#include <qgsvectorlayer.h>

namespace stadtgdi::project {

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
        published.in_wms = !flags.testFlag(Qgis::FieldConfigurationFlag::HideFromWms);
        published.in_wfs = !flags.testFlag(Qgis::FieldConfigurationFlag::HideFromWfs);
        published.codes = value_map_of(layer.editorWidgetSetup(i));
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
        published.metadata_urls.emplace_back(utf8(url.format), utf8(url.url));
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
