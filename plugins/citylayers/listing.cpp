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

namespace {

Listing list_store(const QString& path, Language language)
{
    const catalogue::City city = catalogue::City::open(utf8(path));
    Listing listing{Place::store, city.path(), city.info(), {}};
    for (catalogue::StoredLayer& stored : city.layers()) {
        const QString title = bridge::title_of(stored, language);
        listing.layers.push_back({std::move(stored), title, 0});
        listing.layers.back().rows = listing.layers.back().stored.rows;
    }
    return listing;
}

QJsonObject get_json(const QString& address)
{
    QNetworkRequest request{QUrl(address)};
    request.setRawHeader("Accept", "application/json");
    QgsBlockingNetworkRequest network;
    const auto outcome = network.get(request);
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

/// The number that items gives with the smallest page; -1 where the service does not say.
qint64 count_of(const QString& items)
{
    try {
        const QJsonValue matched = get_json(items + QStringLiteral("?limit=1&f=json")).value(QStringLiteral("numberMatched"));
        return matched.isDouble() ? static_cast<qint64>(matched.toDouble()) : -1;
    } catch (const Error&) {
        return -1;
    }
}

QString licence_of(const QJsonObject& collection)
{
    for (const QJsonValue& link : collection.value(QStringLiteral("links")).toArray())
        if (link.toObject().value(QStringLiteral("rel")).toString() == QLatin1String("license")) return link.toObject().value(QStringLiteral("title")).toString();
    return {};
}

Listing list_service(QString address, Language language)
{
    for (const QString& tail : {QStringLiteral("/"), QStringLiteral("/ogcapi"), QStringLiteral("/ows"), QStringLiteral("/map")})
        if (address.endsWith(tail)) address.chop(tail.size());
    const QString api = address + QStringLiteral("/ogcapi");
    Listing listing{Place::service, utf8(address), {}, {}};
    listing.city.name = utf8(get_json(api + QStringLiteral("/?f=json")).value(QStringLiteral("title")).toString());
    const QJsonArray collections = get_json(api + QStringLiteral("/collections?f=json")).value(QStringLiteral("collections")).toArray();
    for (const QJsonValue& value : collections) {
        const QJsonObject collection = value.toObject();
        catalogue::StoredLayer stored;
        stored.name = utf8(collection.value(QStringLiteral("id")).toString());
        if (catalogue::find_layer(stored.name)) stored.definition = stored.name;
        stored.attribution = utf8(collection.value(QStringLiteral("attribution")).toString());
        stored.licence = utf8(licence_of(collection));
        stored.disclosure = catalogue::Disclosure::open;  // what the service shows us, it has decided to show
        QString title = collection.value(QStringLiteral("title")).toString();
        if (title.isEmpty()) title = bridge::title_of(stored, language);
        const qint64 rows = count_of(QStringLiteral("%1/collections/%2/items").arg(api, QString::fromLatin1(QUrl::toPercentEncoding(bridge::compat::qstring(stored.name)))));
        stored.rows = rows;
        listing.layers.push_back({std::move(stored), title, rows});
    }
    return listing;
}

}  // namespace

Listing list_layers(const QString& location, Language language)
{
    const QString place = location.trimmed();
    if (place.startsWith(QLatin1String("http://")) || place.startsWith(QLatin1String("https://"))) return list_service(place, language);
    return list_store(place, language);
}

}  // namespace stadtgdi::citylayers
