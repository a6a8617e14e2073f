// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/city_layer.hpp>
#include <layers/catalogue/shown_texts.hpp>
#include <plugins/bridge/layer_form.hpp>
#include <plugins/bridge/layer_source.hpp>
#include <plugins/bridge/layer_style.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsexpression.h>
#include <qgsfillsymbol.h>
#include <qgslayermetadata.h>
#include <qgslinesymbol.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmarkersymbol.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerelevationproperties.h>

namespace stadtgdi::bridge {

using base::Error;
using base::ErrorKind;
using base::Language;
using catalogue::LayerDefinition;
using catalogue::StoredLayer;

namespace {

const std::string& or_else(const std::string& own, const std::string& general)
{
    return own.empty() ? general : own;
}

void describe(QgsVectorLayer& map_layer, const catalogue::CityInfo& city, const StoredLayer& stored, Language language)
{
    const LayerDefinition* definition = catalogue::find_layer(stored.definition);
    const QString title = title_of(stored, language);
    const base::Text declared = definition ? definition->abstract : base::Text();
    const QString abstract = text(stored.demonstration ? catalogue::demonstration_abstract(declared) : declared, language);
    const QString attribution = compat::qstring(or_else(stored.attribution, city.attribution));
    const QString licence = compat::qstring(or_else(stored.licence, city.licence));
    map_layer.setName(title);
    QgsMapLayerServerProperties& server = *map_layer.serverProperties();
    server.setShortName(compat::qstring(stored.name));
    server.setTitle(title);
    server.setAbstract(abstract);
    server.setAttribution(licence.isEmpty() || attribution.contains(licence) ? attribution : QStringLiteral("%1 (%2)").arg(attribution, licence));
    if (definition) server.setKeywordList(text(catalogue::family_of(*definition).title, language));

    QgsLayerMetadata metadata = map_layer.metadata();
    metadata.setTitle(title);
    metadata.setAbstract(abstract);
    metadata.setIdentifier(compat::qstring(stored.name));
    metadata.setLanguage(language == Language::de ? QStringLiteral("ger") : QStringLiteral("eng"));
    metadata.setType(QStringLiteral("dataset"));
    if (!licence.isEmpty()) metadata.setLicenses({licence});
    if (!attribution.isEmpty()) metadata.setRights({attribution});
    if (!stored.source.empty()) metadata.setHistory({compat::qstring(stored.source)});
    metadata.setCrs(map_layer.crs());
    map_layer.setMetadata(metadata);
}

void set_scales(QgsVectorLayer& map_layer, const LayerDefinition& definition)
{
    if (definition.min_scale <= 0 && definition.max_scale <= 0) return;
    map_layer.setMinimumScale(definition.min_scale);
    map_layer.setMaximumScale(definition.max_scale);
    map_layer.setScaleBasedVisibility(true);
}

/// QGIS draws lots for the colours of elevation profiles: the same layer shall look the same everywhere.
void set_profile_colours(QgsVectorLayer& map_layer)
{
    auto* elevation = qobject_cast<QgsVectorLayerElevationProperties*>(map_layer.elevationProperties());
    if (!elevation) return;
    const QString ink = QStringLiteral("#6d5a7d");
    elevation->setProfileLineSymbol(compat::owned(QgsLineSymbol::createSimple({{QStringLiteral("line_color"), ink}})));
    elevation->setProfileFillSymbol(compat::owned(QgsFillSymbol::createSimple({{QStringLiteral("color"), ink}, {QStringLiteral("outline_color"), ink}})));
    elevation->setProfileMarkerSymbol(compat::owned(QgsMarkerSymbol::createSimple({{QStringLiteral("color"), ink}, {QStringLiteral("outline_color"), ink}})));
}

}  // namespace

QString title_of(const StoredLayer& stored, Language language)
{
    const LayerDefinition* definition = catalogue::find_layer(stored.definition);
    return definition ? text(definition->title, language) : compat::qstring(stored.name);
}

void dress_layer(QgsVectorLayer& map_layer, const catalogue::CityInfo& city, const StoredLayer& stored, Language language)
{
    if (const LayerDefinition* definition = catalogue::find_layer(stored.definition)) {
        if (map_layer.isSpatial()) apply_style(map_layer, *definition, language);
        apply_form(map_layer, *definition, language);
        if (!definition->label_field.empty()) map_layer.setDisplayExpression(QgsExpression::quotedColumnRef(compat::qstring(definition->label_field)));
        set_scales(map_layer, *definition);
    }
    set_profile_colours(map_layer);
    describe(map_layer, city, stored, language);
}

std::unique_ptr<QgsVectorLayer> open_city_layer(const std::string& city_path, const catalogue::CityInfo& city, const StoredLayer& stored,
                                                Language language)
{
    const LayerSource source = layer_source(city_path, stored);
    QgsVectorLayer::LayerOptions options;
    options.loadDefaultStyle = false;
    auto layer = std::make_unique<QgsVectorLayer>(source.uri, compat::qstring(stored.name), source.provider, options);
    if (!layer->isValid()) {
        throw Error(ErrorKind::io, base::filled({"QGIS cannot open the layer '{0}' of {1}.", "QGIS kann die Ebene „{0}“ in {1} nicht öffnen."},
                                                stored.name, city_path));
    }
    dress_layer(*layer, city, stored, language);
    return layer;
}

}  // namespace stadtgdi::bridge
