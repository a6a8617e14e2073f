# SPDX-License-Identifier: GPL-2.0-or-later
"""The project that test_answers.py asks: layers in four CRS, of every kind of geometry, with odd values and names, hidden and protected ones."""
import os
import subprocess

from osgeo import gdal, ogr
from qgis.core import (
    QgsCategorizedSymbolRenderer, QgsEditorWidgetSetup, QgsMarkerSymbol, QgsRasterLayer, QgsRendererCategory, QgsRuleBasedRenderer, QgsVectorLayer, QgsVectorLayerJoinInfo, Qgis)

from small_town import SOUTH, TREE_FIELDS, WEST, Town, label, layer_of, make_tree_store, new_project, publish, reference, table, trees

SERVER = os.environ.get("STADTGDI_TEST_PG", "")
CURVES = {"arc": (ogr.wkbCompoundCurve, "COMPOUNDCURVE (CIRCULARSTRING (389700 5719700, 389710 5719710, 389720 5719700), (389720 5719700, 389740 5719700))"),
          "round": (ogr.wkbCurvePolygon, "CURVEPOLYGON (CIRCULARSTRING (389700 5719700, 389720 5719700, 389700 5719700))"),
          "surfaces": (ogr.wkbMultiSurface, "MULTISURFACE (((389700 5719700, 389710 5719700, 389710 5719710, 389700 5719700)))"),
          "height": (ogr.wkbPoint25D, "POINT Z (389700 5719700 112.5)"),
          "measure": (ogr.wkbLineStringZM, "LINESTRING ZM (389700 5719700 1 7, 389710 5719710 2 8)"),
          "mixed": (ogr.wkbPolygon, "MULTIPOLYGON (((389700 5719700, 389710 5719700, 389710 5719710, 389700 5719700)), ((389720 5719720, 389730 5719720, 389730 5719730, 389720 5719720)))"),
          "tin": (ogr.wkbTINZ, "TIN Z (((389700 5719700 1, 389710 5719700 2, 389710 5719710 3, 389700 5719700 1)))")}
ODD_TEXTS = ("a\x01b\x0bc", "]]>", "<b> & \"'", "x" * 300_000, "Grünfläche Straße Œ 🌳", "")


def make_store(path):
    store = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    table(store, "tree", ogr.wkbPoint, trees(), fields=TREE_FIELDS)
    table(store, "owner", ogr.wkbNone, [(None, 1, "Stadt"), (None, 2, "Land")], fields=(("number", ogr.OFTInteger), ("owner", ogr.OFTString)))
    table(store, "road", ogr.wkbLineString, [(f"LINESTRING ({WEST} {SOUTH + 300}, {WEST + 400} {SOUTH + 300})", "Ring")])
    table(store, "lot", ogr.wkbPolygon, [(f"POLYGON (({WEST} {SOUTH + 350}, {WEST + 100} {SOUTH + 350}, {WEST + 100} {SOUTH + 400}, {WEST} {SOUTH + 400}, {WEST} {SOUTH + 350}))", "Hof")])
    table(store, "degree", ogr.wkbPoint, [("POINT (13.25 51.5)", "geographic")], 4326)
    table(store, "gauss", ogr.wkbPoint, [("POINT (4590000 5720000)", "Gauß-Krüger")], 31468)
    table(store, "place", ogr.wkbPoint, [(None, "nowhere"), ("POINT EMPTY", "empty"), (f"POINT ({WEST} {SOUTH})", "here")])
    table(store, "odd", ogr.wkbPoint, [(f"POINT ({WEST} {SOUTH})", text, None) for text in ODD_TEXTS], fields=(("text", ogr.OFTString), ("bytes", ogr.OFTBinary)))
    for name, (kind, shape) in CURVES.items():
        table(store, name, kind, [(shape, name)])
    store.ExecuteSQL("UPDATE odd SET bytes = x'00ff3c26'")
    store.ExecuteSQL("CREATE VIEW tree_view AS SELECT fid AS OGC_FID, geom, name FROM tree WHERE fid <= 50")
    store.ExecuteSQL("INSERT INTO gpkg_contents (table_name, identifier, data_type, srs_id) VALUES ('tree_view', 'tree_view', 'features', 25833)")
    store.ExecuteSQL("INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES ('tree_view', 'geom', 'POINT', 25833, 0, 0)")
    store = None


def make_raster(path):
    data = gdal.GetDriverByName("GTiff").Create(path, 40, 40, 1, gdal.GDT_Byte)
    data.SetGeoTransform((WEST, 10, 0, SOUTH + 400, 0, -10))
    data.SetProjection(reference(25833).ExportToWkt())
    data.WriteRaster(0, 0, 40, 40, bytes((row * 3 + column) % 256 for row in range(40) for column in range(40)))
    data = None


def tree_layer(path, short="tree"):
    """With a hidden field, an alias, labels for its values, and a column joined from another table."""
    layer = layer_of(path, "tree", short)
    index = layer.fields().indexOf
    flag = Qgis.FieldConfigurationFlag
    layer.setFieldConfigurationFlag(index("secret"), flag.HideFromWms, True)
    layer.setFieldConfigurationFlag(index("secret"), flag.HideFromWfs, True)
    layer.setFieldAlias(index("kind"), "Art")
    layer.setEditorWidgetSetup(index("kind"), QgsEditorWidgetSetup("ValueMap", {"map": [{"Eiche": "0"}, {"Linde": "1"}, {"Ahorn": "2"}]}))
    return layer


def make_project(town):
    path, secret = town / "town.gpkg", town / "secret.gpkg"
    make_store(path)
    make_tree_store(secret, 50)
    make_raster(town / "ground.tif")
    project = new_project()
    tree, owner = tree_layer(path), layer_of(path, "owner")
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(owner)
    join.setJoinFieldName("number")
    join.setTargetFieldName("owner")
    join.setPrefix("of_")
    join.setUsingMemoryCache(True)
    tree.addJoin(join)
    near = layer_of(path, "tree", "near")
    near.setScaleBasedVisibility(True)
    near.setMinimumScale(1000)
    silent = layer_of(path, "tree", "silent")
    silent.setFlags(silent.flags() & ~silent.Identifiable)
    labels = layer_of(path, "tree", "labels")
    label(labels)
    many = layer_of(path, "tree", "many")
    symbol = QgsMarkerSymbol.createSimple({"size": "2"})
    many.setRenderer(QgsCategorizedSymbolRenderer("name", [QgsRendererCategory(f"Baum {n}", symbol.clone(), f"Baum {n}") for n in range(1000)]))
    rules = layer_of(path, "tree", "rules")
    root = QgsRuleBasedRenderer.Rule(None)
    for title, rule in (("Eiche und Größe", '"kind" = 0'), ("Rest", "ELSE")):
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol.clone(), 0, 0, rule, title))
    rules.setRenderer(QgsRuleBasedRenderer(root))
    named = [layer_of(path, "lot", name) for name in ("Höfe, alle", "Höfe & Wege")]
    ground = QgsRasterLayer(town / "ground.tif", "ground")
    ground.serverProperties().setShortName("ground")
    top = [tree, near, silent, labels, many, rules, layer_of(path, "degree"), layer_of(path, "gauss"), layer_of(path, "place"), layer_of(path, "odd"), layer_of(path, "tree_view"),
           *(layer_of(path, name) for name in CURVES), ground, layer_of(secret, "tree", "pipes", "Leitungen"), *town.more_layers()]
    nested = [layer_of(path, "road"), layer_of(path, "lot")]
    exclusive = [layer_of(path, "road", "one"), layer_of(path, "road", "other")]
    for layer in (*top, owner, *nested, *exclusive, *named):
        project.addMapLayer(layer, False)
    for layer in top:
        project.layerTreeRoot().addLayer(layer)
    outer = project.layerTreeRoot().addGroup("outer")
    inner = outer.addGroup("inner")
    for layer in nested:
        inner.addLayer(layer)
    either = project.layerTreeRoot().addGroup("either")
    for layer in exclusive:
        either.addLayer(layer)
    either.setIsMutuallyExclusive(True, 0)
    odd_names = project.layerTreeRoot().addGroup("Größe der Stadt")
    for layer in named:
        odd_names.addLayer(layer)
    publish(project, *(layer for layer in (*top, *nested, *named) if layer is not ground))
    assert project.write(town / "town.qgz")
    project.clear()
    return [town / "town.qgz"]


class AnswersTown(Town):
    SCHEMA = "answers"

    def more_layers(self):
        """Of PostGIS, without a key of one whole number."""
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        self.schema = f"answers_{os.getpid()}"
        self.sql(f"""CREATE SCHEMA {self.schema}; SET search_path = {self.schema}, public;
            CREATE TABLE text_key (id text PRIMARY KEY, name text, geom geometry(Point, 25833));
            CREATE TABLE pair_key (a int, b int, name text, geom geometry(Point, 25833), PRIMARY KEY (a, b));
            INSERT INTO text_key SELECT 'k' || n, 'Baum ' || n, ST_SetSRID(ST_MakePoint({WEST} + n, {SOUTH}), 25833) FROM generate_series(1, 50) n;
            INSERT INTO pair_key SELECT n / 10, n % 10, 'Baum ' || n, ST_SetSRID(ST_MakePoint({WEST} + n, {SOUTH}), 25833) FROM generate_series(1, 50) n;
            CREATE VIEW no_key AS SELECT name, geom FROM text_key""")
        layers = []
        for name, key in (("text_key", "id"), ("pair_key", "a,b"), ("no_key", "name")):
            layer = QgsVectorLayer(f"{SERVER} key='{key}' srid=25833 type=Point table=\"{self.schema}\".\"{name}\" (geom)", name, "postgres")
            assert layer.isValid(), name
            layer.serverProperties().setShortName(name)
            layers.append(layer)
        return layers

    @staticmethod
    def sql(text):
        return subprocess.run(["psql", SERVER, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text], capture_output=True, text=True, check=True).stdout

    def close(self):
        super().close()
        self.sql(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
