// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/data_source.hpp>

#include <plugins/bridge/compat.hpp>

#include <QFileInfo>
#include <QRegularExpression>
#include <qgsdatasourceuri.h>
#include <qgsmaplayer.h>
#include <qgsproviderregistry.h>
#include <qgsvectorlayer.h>

#include <filesystem>

namespace stadtgdi::project {

using bridge::compat::utf8;

namespace {

/// A filter that is a whole statement replaces the table by whatever it names; one with a statement inside tells of the rows there.
bool asks_other_tables(QString subset)
{
    static const QRegularExpression quoted(QStringLiteral("'[^']*'|\"[^\"]*\""));
    static const QRegularExpression select(QStringLiteral("\\bSELECT\\b"), QRegularExpression::CaseInsensitiveOption);
    return select.match(subset.remove(quoted)).hasMatch();
}

void read_postgres(const QString& uri, DataSource& source)
{
    const QgsDataSourceUri parts(uri);
    source.connection = utf8(parts.connectionInfo(true));
    source.schema = utf8(parts.schema());
    source.layer = utf8(parts.table());
    source.subset = utf8(parts.sql());
    source.is_query = parts.table().trimmed().startsWith(QLatin1Char('(')) || asks_other_tables(parts.sql());
}

}  // namespace

DataSource data_source_of(const QgsMapLayer& layer)
{
    DataSource source;
    source.provider = utf8(layer.providerType());
    source.uri = utf8(layer.source());
    if (source.provider == "postgres" || source.provider == "postgresraster") {
        read_postgres(layer.source(), source);
        return source;
    }
    const QVariantMap parts = QgsProviderRegistry::instance()->decodeUri(layer.providerType(), layer.source());
    QString path = parts.value(QStringLiteral("path")).toString();
    source.layer = utf8(parts.value(QStringLiteral("layerName")).toString());
    if (source.layer.empty() && parts.contains(QStringLiteral("layerId")))
        source.is_query = true;  // by number: which table that is may change
    if (source.provider == "spatialite") {
        const QgsDataSourceUri spatialite(layer.source());
        path = spatialite.database();
        source.layer = utf8(spatialite.table());
        source.is_query = spatialite.table().trimmed().startsWith(QLatin1Char('('));
    }
    if (!path.isEmpty()) {
        const QFileInfo file(path);
        // GeoPackages by another name ("GPKG:file:table", links) are found where the file is.
        const QString canonical = file.canonicalFilePath();
        source.path = utf8(canonical.isEmpty() ? path : canonical);
    }
    QString subset = parts.value(QStringLiteral("subset")).toString();
    if (const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer); vector != nullptr && subset.isEmpty())
        subset = vector->subsetString();
    source.subset = utf8(subset);
    if (asks_other_tables(subset) || source.provider == "virtual")
        source.is_query = true;
    return source;
}

bool file_gone(const DataSource& source)
{
    std::error_code error;
    return source.connection.empty() && source.provider != "memory" && source.path.starts_with('/') && !source.path.starts_with("/vsi") && !std::filesystem::exists(source.path, error);
}

std::vector<std::string> files_of(const DataSource& source)
{
    namespace fs = std::filesystem;
    if (source.path.empty())
        return {};
    const fs::path path(source.path);
    std::vector<std::string> files{source.path};
    const std::string ending = path.extension().string();
    if (ending == ".gpkg" || ending == ".sqlite" || ending == ".db")
        files.push_back(source.path + "-wal");
    if (ending == ".shp")
        for (const char* part : {".dbf", ".shx", ".prj", ".cpg"})
            files.push_back(fs::path(path).replace_extension(part).string());
    return files;
}

}  // namespace stadtgdi::project
