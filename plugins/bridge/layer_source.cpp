// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/layer_source.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsdatasourceuri.h>
#include <qgsmaplayer.h>
#include <qgsproviderregistry.h>
#include <QFileInfo>
#include <QMap>
#include <QRegularExpression>

namespace stadtgdi::bridge {

namespace {

/// "dbname=city user='a b'" as libpq reads it.
QMap<QString, QString> connection_values(const QString& text)
{
    static const QRegularExpression pair(QStringLiteral(R"((\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+)))"));
    QMap<QString, QString> values;
    for (auto it = pair.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        values.insert(match.captured(1).toLower(), match.captured(2).isEmpty() ? match.captured(3) : match.captured(2));
    }
    return values;
}

LayerSource postgres_source(const QString& connection, const catalogue::StoredLayer& layer)
{
    const QMap<QString, QString> values = connection_values(connection);
    QgsDataSourceUri uri;
    if (values.contains(QStringLiteral("service"))) {
        uri.setConnection(values.value(QStringLiteral("service")), values.value(QStringLiteral("dbname")), values.value(QStringLiteral("user")),
                          values.value(QStringLiteral("password")));
    } else {
        uri.setConnection(values.value(QStringLiteral("host")), values.value(QStringLiteral("port")), values.value(QStringLiteral("dbname")),
                          values.value(QStringLiteral("user")), values.value(QStringLiteral("password")));
    }
    const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
    const bool plain = definition && !definition->geometry;
    uri.setDataSource(values.value(QStringLiteral("schemas"), QStringLiteral("public")).section(QLatin1Char(','), 0, 0),
                      compat::qstring(layer.name), plain ? QString() : QStringLiteral("geom"), QString(), QStringLiteral("fid"));
    return {uri.uri(false), QStringLiteral("postgres")};
}

std::string postgres_path(const QgsDataSourceUri& uri)
{
    QStringList parts;
    const auto add = [&](const char* key, QString value) {
        if (value.isEmpty()) return;
        if (value.contains(QRegularExpression(QStringLiteral(R"([\s'\\])"))))
            value = QStringLiteral("'%1'").arg(value.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('\''), QLatin1String("\\'")));
        parts << QString::fromLatin1(key) + QLatin1Char('=') + value;
    };
    add("service", uri.service());
    add("dbname", uri.database());
    add("host", uri.host());
    add("port", uri.port());
    add("schemas", uri.schema());
    return "PG:" + compat::utf8(parts.join(QLatin1Char(' ')));
}

}  // namespace

LayerSource layer_source(const std::string& city_path, const catalogue::StoredLayer& layer)
{
    const QString path = compat::qstring(city_path);
    if (path.startsWith(QLatin1String("PG:"), Qt::CaseInsensitive)) return postgres_source(path.mid(3), layer);
    return {QStringLiteral("%1|layername=%2").arg(QFileInfo(path).absoluteFilePath(), compat::qstring(layer.name)), QStringLiteral("ogr")};
}

std::optional<std::string> city_path_of(const QgsMapLayer& layer)
{
    if (layer.providerType() == QLatin1String("postgres")) {
        const QgsDataSourceUri uri(layer.source());
        if (!catalogue::find_layer(compat::utf8(uri.table()))) return std::nullopt;
        return postgres_path(uri);
    }
    if (layer.providerType() != QLatin1String("ogr")) return std::nullopt;
    const QVariantMap parts = QgsProviderRegistry::instance()->decodeUri(layer.providerType(), layer.source());
    const QString path = parts.value(QStringLiteral("path")).toString();
    const bool is_ours = catalogue::find_layer(compat::utf8(parts.value(QStringLiteral("layerName")).toString())) != nullptr;
    if (!is_ours || !path.endsWith(QLatin1String(".gpkg"), Qt::CaseInsensitive)) return std::nullopt;
    return compat::utf8(path);
}

}  // namespace stadtgdi::bridge
