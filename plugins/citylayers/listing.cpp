// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/citylayers/listing.hpp>
#include <plugins/bridge/city_layer.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsblockingnetworkrequest.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QUrl>

namespace stadtgdi::citylayers {

using base::Error;
using base::ErrorKind;
using base::Language;
using bridge::compat::utf8;
using catalogue::Disclosure;

namespace {

Listing list_store(const QString& path, Language language)
{
    const catalogue::City city = catalogue::City::open(utf8(path));
    Listing listing{Place::store, city.path(), city.info(), {}, {}};
    for (catalogue::StoredLayer& stored : city.layers()) {
        const QString title = bridge::title_of(stored, language);
        listing.layers.push_back({std::move(stored), title, 0});
        listing.layers.back().rows = listing.layers.back().stored.rows;
    }
    return listing;
}

/// The service as this user may see it.
struct Service {
    QString api;  ///< ".../ogcapi"
    QString key;
    Language language = Language::en;  ///< of titles
};

QJsonObject get_json(const Service& service, const QString& path)
{
    const QString address = service.api + path;
    QNetworkRequest request{QUrl(address)};
    request.setRawHeader("Accept", "application/json");
    request.setRawHeader("Accept-Language", service.language == Language::de ? "de" : "en");  // Qt would send that of the machine
    // Qt's cache does not tell answers with a key from those without, and protected data shall not lie in it.
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    QgsBlockingNetworkRequest network;
    if (!service.key.isEmpty()) network.setAuthCfg(service.key);
    const auto outcome = network.get(request, true);
    const int status = network.reply().attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 401) {
        throw Error(ErrorKind::invalid_argument, base::filled({"The service refuses the key: {0}", "Der Dienst lehnt den Schlüssel ab: {0}"}, utf8(service.api)));
    }
    if (outcome != QgsBlockingNetworkRequest::NoError) {
        throw Error(ErrorKind::io, base::filled({"The service does not answer at {0}: {1}", "Der Dienst antwortet unter {0} nicht: {1}"}, utf8(address),
                                                utf8(network.errorMessage())));
    }
    const QJsonDocument document = QJsonDocument::fromJson(network.reply().content());
    if (!document.isObject()) {
        throw Error(ErrorKind::bad_data, base::filled({"{0} is not an OGC API: JSON was expected.", "{0} ist keine OGC API: JSON wurde erwartet."}, utf8(address)));
    }
    return document.object();
}

QString path_of(const QJsonObject& collection)
{
    return QStringLiteral("/collections/") + QString::fromLatin1(QUrl::toPercentEncoding(collection.value(QStringLiteral("id")).toString()));
}

/// The number that items gives with the smallest page; -1 where the service does not say.
qint64 count_of(const Service& service, const QJsonObject& collection)
{
    try {
        const QJsonValue matched = get_json(service, path_of(collection) + QStringLiteral("/items?limit=1&f=json")).value(QStringLiteral("numberMatched"));
        return matched.isDouble() ? static_cast<qint64>(matched.toDouble()) : -1;
    } catch (const Error&) {
        return -1;
    }
}

QJsonArray collections_of(const Service& service)
{
    return get_json(service, QStringLiteral("/collections?f=json")).value(QStringLiteral("collections")).toArray();
}

/// What everybody sees; nothing where the whole project is protected.
QStringList public_collections(const Service& service)
{
    QStringList names;
    try {
        for (const QJsonValue& collection : collections_of({service.api, {}, service.language})) names << collection.toObject().value(QStringLiteral("id")).toString();
    } catch (const Error&) {
        return {};
    }
    return names;
}

/// The service does not tell the class. What it shows without a key is public; for the rest the declaration speaks.
Disclosure class_of(const catalogue::StoredLayer& stored, const QStringList& open_to_all)
{
    if (open_to_all.contains(bridge::compat::qstring(stored.name))) return Disclosure::open;
    const catalogue::LayerDefinition* definition = catalogue::find_layer(stored.definition);
    return definition && definition->disclosure != Disclosure::open ? definition->disclosure : Disclosure::restricted;
}

QString licence_of(const QJsonObject& collection)
{
    for (const QJsonValue& link : collection.value(QStringLiteral("links")).toArray())
        if (link.toObject().value(QStringLiteral("rel")).toString() == QLatin1String("license")) return link.toObject().value(QStringLiteral("title")).toString();
    return {};
}

Listing list_service(QString address, const QString& key, Language language)
{
    for (const QString& tail : {QStringLiteral("/"), QStringLiteral("/ogcapi"), QStringLiteral("/ows"), QStringLiteral("/map")})
        if (address.endsWith(tail)) address.chop(tail.size());
    const Service service{address + QStringLiteral("/ogcapi"), key, language};
    Listing listing{Place::service, utf8(address), {}, {}, key};
    listing.city.name = utf8(get_json(service, QStringLiteral("/?f=json")).value(QStringLiteral("title")).toString());
    const QJsonArray collections = collections_of(service);
    const QStringList open_to_all = key.isEmpty() ? QStringList() : public_collections(service);
    for (const QJsonValue& value : collections) {
        const QJsonObject collection = value.toObject();
        catalogue::StoredLayer stored;
        stored.name = utf8(collection.value(QStringLiteral("id")).toString());
        if (catalogue::find_layer(stored.name)) stored.definition = stored.name;
        stored.attribution = utf8(collection.value(QStringLiteral("attribution")).toString());
        stored.licence = utf8(licence_of(collection));
        stored.disclosure = key.isEmpty() ? Disclosure::open : class_of(stored, open_to_all);
        QString title = collection.value(QStringLiteral("title")).toString();
        if (title.isEmpty()) title = bridge::title_of(stored, language);
        const qint64 rows = count_of(service, collection);
        stored.rows = rows;
        listing.layers.push_back({std::move(stored), title, rows});
    }
    return listing;
}

}  // namespace

bool is_service(const QString& location)
{
    const QString place = location.trimmed();
    return place.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) || place.startsWith(QLatin1String("https://"), Qt::CaseInsensitive);
}

Listing list_layers(const QString& location, const QString& key, Language language)
{
    const QString place = location.trimmed();
    return is_service(place) ? list_service(place, key, language) : list_store(place, language);
}

}  // namespace stadtgdi::citylayers
