// SPDX-License-Identifier: GPL-2.0-or-later
#include <tests/support/sample_project.hpp>

#include <plugins/bridge/compat.hpp>
#include <tests/support/qgis_test.hpp>

#include <qgscategorizedsymbolrenderer.h>
#include <qgseditorwidgetsetup.h>
#include <qgsfillsymbol.h>
#include <qgslayertree.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgsrenderer.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectorfilewriter.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerjoininfo.h>

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

namespace stadtgdi::test {

using bridge::compat::qstring;

namespace {

void write_layer(QgsVectorLayer& layer, const std::string& gpkg, const QString& name, bool first)
{
    QgsVectorFileWriter::SaveVectorOptions options;
    options.driverName = QStringLiteral("GPKG");
    options.layerName = name;
    options.actionOnExistingFile = first ? QgsVectorFileWriter::CreateOrOverwriteFile : QgsVectorFileWriter::CreateOrOverwriteLayer;
    QString error;
    if (QgsVectorFileWriter::writeAsVectorFormatV3(&layer, qstring(gpkg), QgsCoordinateTransformContext(), options, &error) != QgsVectorFileWriter::NoError)
        throw std::runtime_error(error.toStdString());
}

QgsFeature feature_of(const QgsVectorLayer& layer, const QString& wkt, const QVariantList& values)
{
    QgsFeature feature(layer.fields());
    if (!wkt.isEmpty())
        feature.setGeometry(QgsGeometry::fromWkt(wkt));
    for (int i = 0; i < values.size(); ++i)
        feature.setAttribute(i, values[i]);
    return feature;
}

void add(QgsVectorLayer& layer, const QString& wkt, const QVariantList& values)
{
    QgsFeature feature = feature_of(layer, wkt, values);
    layer.dataProvider()->addFeature(feature);
}

}  // namespace

void write_sample_data(const std::string& gpkg)
{
    const QString crs = QStringLiteral("&crs=EPSG:25833");
    QgsVectorLayer trees(QStringLiteral("Point?field=species:string&field=height_m:double&field=planted:integer&field=code:string") + crs,
                         QStringLiteral("trees"), QStringLiteral("memory"));
    const QStringList species{QStringLiteral("Tilia cordata"), QStringLiteral("Quercus robur"), QStringLiteral("Acer <b>platanoides</b>")};
    for (int i = 0; i < 60; ++i) {
        const QVariant height = i % 7 == 0 ? QVariant() : QVariant(5.0 + i * 0.25);
        add(trees, QStringLiteral("Point(%1 %2)").arg(317000 + i % 10 * 10).arg(5690000 + i / 10 * 10),
            {species[i % 3], height, 1950 + i, QStringLiteral("c%1").arg(i % 4)});
    }
    write_layer(trees, gpkg, QStringLiteral("trees"), true);

    QgsVectorLayer ways(QStringLiteral("LineString?field=name:string") + crs, QStringLiteral("ways"), QStringLiteral("memory"));
    for (int i = 0; i < 3; ++i)
        add(ways, QStringLiteral("LineString(317000 %1, 317090 %1)").arg(5690005 + i * 20), {QStringLiteral("Weg %1").arg(i + 1)});
    write_layer(ways, gpkg, QStringLiteral("ways"), false);

    QgsVectorLayer parks(QStringLiteral("Polygon?field=name:string") + crs, QStringLiteral("parks"), QStringLiteral("memory"));
    add(parks, QStringLiteral("Polygon((317000 5690000, 317040 5690000, 317040 5690040, 317000 5690040, 317000 5690000),"
                              "(317010 5690010, 317010 5690020, 317020 5690020, 317020 5690010, 317010 5690010))"), {QStringLiteral("Südpark")});
    add(parks, QStringLiteral("Polygon((317050 5690000, 317090 5690000, 317090 5690040, 317050 5690000))"), {QStringLiteral("O'Brien-Park")});
    write_layer(parks, gpkg, QStringLiteral("parks"), false);

    QgsVectorLayer lookup(QStringLiteral("NoGeometry?field=code:string&field=label:string"), QStringLiteral("lookup"), QStringLiteral("memory"));
    for (int i = 0; i < 3; ++i)
        add(lookup, {}, {QStringLiteral("c%1").arg(i), QStringLiteral("Klasse %1").arg(i)});
    write_layer(lookup, gpkg, QStringLiteral("lookup"), false);
}

QgsVectorLayer* add_layer(QgsProject& project, const std::string& gpkg, const std::string& table, const std::string& name)
{
    auto layer = std::make_unique<QgsVectorLayer>(qstring(gpkg + "|layername=" + table), qstring(name), QStringLiteral("ogr"));
    if (!layer->isValid())
        throw std::runtime_error("layer " + table + " is not valid");
    layer->serverProperties()->setShortName(qstring(name));
    QgsVectorLayer* added = layer.get();
    project.addMapLayer(layer.release(), false);
    project.layerTreeRoot()->addLayer(added);
    return added;
}

void write_sample_project(const std::string& qgz, const std::string& gpkg, const std::function<void(QgsProject&)>& change)
{
    QgsProject project;
    project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
    project.setTitle(QStringLiteral("Beispielstadt"));
    QgsLayerTreeGroup* green = project.layerTreeRoot()->addGroup(QStringLiteral("Grün"));
    green->setCustomProperty(QStringLiteral("wmsShortName"), QStringLiteral("green"));
    green->setCustomProperty(QStringLiteral("wmsTitle"), QStringLiteral("Stadtgrün"));

    QgsVectorLayer* trees = add_layer(project, gpkg, "trees", "trees");
    trees->serverProperties()->setTitle(QStringLiteral("Bäume"));
    trees->serverProperties()->setAbstract(QStringLiteral("Alle <Bäume> & Sträucher"));
    trees->serverProperties()->setKeywordList(QStringLiteral("Baum, Grün"));
    trees->serverProperties()->setAttribution(QStringLiteral("Stadt Beispiel"));
    const QgsFields fields = trees->fields();
    trees->setFieldAlias(fields.indexOf(QStringLiteral("species")), QStringLiteral("Baumart"));
    trees->setFieldConfigurationFlag(fields.indexOf(QStringLiteral("planted")), Qgis::FieldConfigurationFlag::HideFromWms, true);
    trees->setEditorWidgetSetup(fields.indexOf(QStringLiteral("code")),
                                QgsEditorWidgetSetup(QStringLiteral("ValueMap"),
                                                     {{QStringLiteral("map"), QVariantList{QVariantMap{{QStringLiteral("gesund"), QStringLiteral("c0")}},
                                                                                           QVariantMap{{QStringLiteral("krank"), QStringLiteral("c1")}}}}}));
    trees->setRenderer(new QgsSingleSymbolRenderer(
        QgsMarkerSymbol::createSimple({{QStringLiteral("color"), QStringLiteral("#1b7837")}, {QStringLiteral("size"), QStringLiteral("3")}})));

    QgsVectorLayer* parks = add_layer(project, gpkg, "parks", "parks");
    parks->setRenderer(new QgsSingleSymbolRenderer(
        QgsFillSymbol::createSimple({{QStringLiteral("color"), QStringLiteral("#a6dba0")}, {QStringLiteral("outline_style"), QStringLiteral("no")}})));
    for (QgsVectorLayer* layer : {trees, parks}) {
        QgsLayerTreeLayer* node = project.layerTreeRoot()->findLayer(layer->id());
        green->addChildNode(node->clone());
        project.layerTreeRoot()->removeChildNode(node);
    }
    QgsVectorLayer* ways = add_layer(project, gpkg, "ways", "ways");
    ways->setScaleBasedVisibility(true);
    ways->setMinimumScale(5000);

    QgsVectorLayer* tall = add_layer(project, gpkg, "trees", "trees_tall");
    tall->setSubsetString(QStringLiteral("\"height_m\" > 12"));
    QgsVectorLayer* lookup = add_layer(project, gpkg, "lookup", "lookup");
    QgsVectorLayer* joined = add_layer(project, gpkg, "trees", "trees_joined");
    QgsVectorLayerJoinInfo join;
    join.setJoinLayer(lookup);
    join.setJoinFieldName(QStringLiteral("code"));
    join.setTargetFieldName(QStringLiteral("code"));
    join.setUsingMemoryCache(true);
    joined->addJoin(join);
    QgsVectorLayer* computed = add_layer(project, gpkg, "trees", "trees_virtual");
    computed->addExpressionField(QStringLiteral("\"height_m\" * 100"), QgsField(QStringLiteral("height_cm"), QMetaType::Type::Double));

    QStringList wfs;
    const QMap<QString, QgsMapLayer*> all = project.mapLayers();
    for (const QgsMapLayer* layer : all)
        wfs << layer->id();
    project.writeEntry(QStringLiteral("WFSLayers"), QStringLiteral("/"), wfs);
    project.writeEntry(QStringLiteral("WMSServiceTitle"), QStringLiteral("/"), QStringLiteral("Karten der Beispielstadt"));
    project.writeEntry(QStringLiteral("WMSContactOrganization"), QStringLiteral("/"), QStringLiteral("Vermessungsamt"));
    if (change)
        change(project);
    if (!project.write(qstring(qgz)))
        throw std::runtime_error(project.error().toStdString());
}

void copy_sample(const std::string& gpkg, const std::string& qgz)
{
    static const TemporaryFolder folder;
    static const bool made = qgis().call_on_main([] {
        write_sample_data(folder / "data.gpkg");
        write_sample_project(folder / "sample.qgz", folder / "data.gpkg");
        return true;
    });
    if (!made)
        return;
    // The project names its data relative to itself.
    std::filesystem::copy_file(folder / "data.gpkg", gpkg);
    std::filesystem::copy_file(folder / "sample.qgz", qgz);
}

void execute_sql(const std::string& gpkg, const std::string& sql)
{
    sqlite3* database = nullptr;
    sqlite3_open(gpkg.c_str(), &database);
    sqlite3_busy_timeout(database, 5000);
    char* message = nullptr;
    const int result = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message);
    const std::string error = message != nullptr ? message : "";
    sqlite3_free(message);
    sqlite3_close(database);
    if (result != SQLITE_OK)
        throw std::runtime_error(error);
}

}  // namespace stadtgdi::test
