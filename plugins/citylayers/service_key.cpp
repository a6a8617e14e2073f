// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/citylayers/service_key.hpp>
#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgssettings.h>
#include <QUrl>
#include <QVariantMap>
#ifdef STADTGDI_WITH_AUTH_MANAGER
#include <qgsapplication.h>
#include <qgsauthconfig.h>
#include <qgsauthmanager.h>
#endif

namespace stadtgdi::citylayers {

namespace {

const QString keys_setting = QStringLiteral("stadtgdi/citylayers/keys");

QString place_of(const QString& service)
{
    QString place = service.trimmed();
    while (place.endsWith(QLatin1Char('/'))) place.chop(1);
    return place;
}

}  // namespace

#ifdef STADTGDI_WITH_AUTH_MANAGER

bool can_store_keys()
{
    return true;
}

QString store_key(const QString& service, const QString& key)
{
    QgsAuthMethodConfig entry(QStringLiteral("APIHeader"));
    entry.setName(QStringLiteral("StadtGDI %1").arg(QUrl(service.trimmed()).authority()));
    entry.setUri(place_of(service));
    entry.setConfig(QStringLiteral("X-API-Key"), key);
    if (!QgsApplication::authManager()->storeAuthenticationConfig(entry)) {
        throw base::Error(base::ErrorKind::io, {"QGIS did not store the key: its authentication store is closed (master password) or switched off.",
                                                "QGIS hat den Schlüssel nicht gespeichert: Der Authentifizierungsspeicher ist verschlossen (Master-Passwort) oder abgeschaltet."});
    }
    return entry.id();
}

#else

bool can_store_keys()
{
    return false;
}

QString store_key(const QString&, const QString&)
{
    throw base::Error(base::ErrorKind::unsupported, {"This build cannot store keys: please add the key in QGIS's own list of authentications.",
                                                     "Diese Fassung kann keine Schlüssel speichern: bitte in QGIS' eigener Liste der Authentifizierungen anlegen."});
}

#endif

QString key_used_at(const QString& service)
{
    return QgsSettings().value(keys_setting).toMap().value(place_of(service)).toString();
}

void remember_key(const QString& service, const QString& id)
{
    QgsSettings settings;
    QVariantMap keys = settings.value(keys_setting).toMap();
    if (id.isEmpty())
        keys.remove(place_of(service));
    else
        keys.insert(place_of(service), id);
    settings.setValue(keys_setting, keys);
}

}  // namespace stadtgdi::citylayers
