// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/citylayers/adding.hpp>
#include <plugins/bridge/city_layer.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgslayertree.h>
#include <qgslayertreegroup.h>
#include <qgslayertreelayer.h>
#include <qgsnetworkaccessmanager.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>
#include <QAbstractNetworkCache>
#include <QUrl>
#include <QUrlQuery>

namespace stadtgdi::citylayers {

using base::Error;
using base::ErrorKind;
using base::Language;
using bridge::compat::qstring;

namespace {

QgsLayerTreeGroup* group_for(QgsProject& project, const catalogue::StoredLayer& stored, Language language)
{
    const catalogue::LayerDefinition* definition = catalogue::find_layer(stored.definition);
    QgsLayerTreeGroup* root = project.layerTreeRoot();
    if (!definition) return root;
    const QString title = bridge::text(catalogue::family_of(*definition).title, language);
    if (QgsLayerTreeGroup* there = root->findGroup(title)) return there;
    return root->insertGroup(0, title);
}

[[noreturn]] void cannot_open(const ListedLayer& layer, const Listing& listing)
{
    throw Error(ErrorKind::io, base::filled({"QGIS cannot open the layer '{0}' of {1}.", "QGIS kann die Ebene „{0}“ von {1} nicht öffnen."}, layer.stored.name,
                                            listing.location));
}

std::unique_ptr<QgsMapLayer> open_features(const Listing& listing, const ListedLayer& layer, Language language)
{
    if (listing.place == Place::store) return bridge::open_city_layer(listing.location, listing.city, layer.stored, language);
    QString uri = QStringLiteral("pagingEnabled='true' preferCoordinatesForWfsT11='false' typename='%1' url='%2/ogcapi'")
                      .arg(qstring(layer.stored.name), qstring(listing.location));
    if (!listing.key.isEmpty()) uri += QStringLiteral(" authcfg='%1'").arg(listing.key);
    QgsVectorLayer::LayerOptions options;
    options.loadDefaultStyle = false;
    auto opened = std::make_unique<QgsVectorLayer>(uri, layer.title, QStringLiteral("OAPIF"), options);
    if (!opened->isValid()) cannot_open(layer, listing);
    bridge::dress_layer(*opened, listing.city, layer.stored, language);
    opened->setName(layer.title);
    return opened;
}

std::unique_ptr<QgsMapLayer> open_picture(const Listing& listing, const ListedLayer& layer, const QgsProject& project)
{
    const QString crs = project.crs().authid().isEmpty() ? QStringLiteral("EPSG:25833") : project.crs().authid();
    QUrlQuery uri;
    if (!listing.key.isEmpty()) uri.addQueryItem(QStringLiteral("authcfg"), listing.key);
    uri.addQueryItem(QStringLiteral("crs"), crs);
    uri.addQueryItem(QStringLiteral("dpiMode"), QStringLiteral("7"));
    uri.addQueryItem(QStringLiteral("format"), QStringLiteral("image/png"));
    uri.addQueryItem(QStringLiteral("layers"), qstring(layer.stored.name));
    uri.addQueryItem(QStringLiteral("styles"), QString());
    const QString address = qstring(listing.location) + QStringLiteral("/ows");
    uri.addQueryItem(QStringLiteral("url"), address);
    // QGIS prefers capabilities from its cache, which does not tell those for a key from those without.
    if (QAbstractNetworkCache* cache = QgsNetworkAccessManager::instance()->cache())
        cache->remove(QUrl(address + QStringLiteral("?SERVICE=WMS&REQUEST=GetCapabilities")));
    auto opened = std::make_unique<QgsRasterLayer>(uri.query(QUrl::FullyEncoded), layer.title, QStringLiteral("wms"));
    if (!opened->isValid()) cannot_open(layer, listing);
    return opened;
}

}  // namespace

QgsMapLayer* add_layer(QgsProject& project, const Listing& listing, const ListedLayer& layer, As as, Language language)
{
    std::unique_ptr<QgsMapLayer> opened =
        as == As::picture && listing.place == Place::service ? open_picture(listing, layer, project) : open_features(listing, layer, language);
    // The first layer of a new project brings its CRS, as with layers added by QGIS itself.
    if (project.mapLayers().isEmpty() && !listing.city.crs.empty()) project.setCrs(QgsCoordinateReferenceSystem::fromOgcWmsCrs(qstring(listing.city.crs)));
    QgsMapLayer* added = project.addMapLayer(opened.release(), false);
    group_for(project, layer.stored, language)->addLayer(added)->setExpanded(false);
    return added;
}

}  // namespace stadtgdi::citylayers
