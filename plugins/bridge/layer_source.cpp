// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/layer_source.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsdatasourceuri.h>
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

}  // namespace

LayerSource layer_source(const std::string& city_path, const catalogue::StoredLayer& layer)
{
    const QString path = compat::qstring(city_path);
    if (path.startsWith(QLatin1String("PG:"), Qt::CaseInsensitive)) return postgres_source(path.mid(3), layer);
    return {QStringLiteral("%1|layername=%2").arg(QFileInfo(path).absoluteFilePath(), compat::qstring(layer.name)), QStringLiteral("ogr")};
}

}  // namespace stadtgdi::bridge
