// SPDX-License-Identifier: GPL-2.0-or-later
#include "qgis_environment.hpp"
#include <plugins/bridge/layer_source.hpp>
#include <qgsdatasourceuri.h>

namespace {

using namespace stadtgdi;

class LayerSource : public QgisTest {
protected:
    static catalogue::StoredLayer stored(const char* name)
    {
        catalogue::StoredLayer layer;
        layer.name = name;
        layer.definition = name;
        return layer;
    }
};

TEST_F(LayerSource, OfAGeoPackageIsItsTable)
{
    const bridge::LayerSource source = bridge::layer_source("/data/city.gpkg", stored("trees_tree"));
    EXPECT_EQ(source.provider.toStdString(), "ogr");
    EXPECT_EQ(source.uri.toStdString(), "/data/city.gpkg|layername=trees_tree");
}

TEST_F(LayerSource, OfPostgisHasSchemaTableGeometryAndKey)
{
    const bridge::LayerSource source = bridge::layer_source("PG:dbname=gdi host=db port=5433 user='a b' schemas=leipzig", stored("trees_tree"));
    const QgsDataSourceUri uri(source.uri);
    EXPECT_EQ(source.provider.toStdString(), "postgres");
    EXPECT_EQ(uri.database().toStdString(), "gdi");
    EXPECT_EQ(uri.host().toStdString(), "db");
    EXPECT_EQ(uri.port().toStdString(), "5433");
    EXPECT_EQ(uri.username().toStdString(), "a b");
    EXPECT_EQ(uri.schema().toStdString(), "leipzig");
    EXPECT_EQ(uri.table().toStdString(), "trees_tree");
    EXPECT_EQ(uri.geometryColumn().toStdString(), "geom");
    EXPECT_EQ(uri.keyColumn().toStdString(), "fid");
}

TEST_F(LayerSource, OfATableWithoutGeometryNamesNone)
{
    const bridge::LayerSource source = bridge::layer_source("PG:service=gdi schemas=leipzig", stored("trees_inspection"));
    const QgsDataSourceUri uri(source.uri);
    EXPECT_EQ(uri.service().toStdString(), "gdi");
    EXPECT_TRUE(uri.geometryColumn().isEmpty());
}

}  // namespace
