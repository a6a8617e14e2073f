# SPDX-License-Identifier: GPL-2.0-or-later
"""What clients that are not ours read from OGC API Features: every value, type, id and place as the city has them, page by page and filtered."""
import os
import shutil
import tempfile
import unittest

from osgeo import gdal, ogr, osr
from owslib.ogcapi.features import Features
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsProject, QgsRectangle, QgsVectorDataProvider, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from service import Service, stadtgdi

gdal.UseExceptions()
ogr.UseExceptions()
TABLES = ("buildings_entrance", "walking_edge", "greenspace_site", "districts_district")
CONDITIONS = ("genus = 'Tilia'", "height_m > 20 AND status = 'standing'", "height_m < 6 OR planting_year >= 2020", "height_m IS NULL", "taxon_name_de LIKE 'Winter%'")
BOX = (389700, 5719700, 390050, 5719950)
UTM = "http://www.opengis.net/def/crs/EPSG/0/25833"


def value(of):
    """A value as JSON would have it; a day or time as text."""
    if of is None or (hasattr(of, "isNull") and of.isNull()):
        return None
    if isinstance(of, QDateTime):
        return of.toUTC().toString("yyyy-MM-ddTHH:mm:ss")
    if isinstance(of, QDate):
        return of.toString(Qt.DateFormat.ISODate)
    return of


def same_time(text):
    """Each client writes times in its own way."""
    return text.replace("/", "-").replace(" ", "T").removesuffix("Z").removesuffix("+00") if isinstance(text, str) else text


class FeaturesClientsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_features_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        cls.city = os.path.join(cls.folder, "demo.gpkg")
        project = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", cls.city, "--language", "de", "--out", project)
        assert written.returncode == 0, written.stderr
        cls.service = Service(project).wait_until_ready()
        cls.url = f"http://127.0.0.1:{cls.service.port}/demo/ogcapi"
        cls.qgis = QgsApplication([], False)
        cls.qgis.initQgis()

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    def of_the_city(self, table, condition=None, box=None):
        """Feature id -> feature, from the store itself."""
        source = gdal.OpenEx(self.city, gdal.OF_VECTOR)
        layer = source.GetLayerByName(table)
        layer.SetAttributeFilter(condition)
        if box:
            layer.SetSpatialFilterRect(*box)
        return {feature.GetFID(): feature.Clone() for feature in layer}

    def test_gdal_reads_what_the_city_has(self):
        for table in TABLES:
            expected = self.of_the_city(table)
            with self.subTest(table=table):
                source = gdal.OpenEx(f"OAPIF:{self.url}", gdal.OF_VECTOR, open_options=["PAGE_SIZE=100"])
                layer = source.GetLayerByName(table)
                self.assertEqual(layer.GetFeatureCount(), len(expected))
                definition = layer.GetLayerDefn()
                fields = {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i).GetType() for i in range(definition.GetFieldCount())}
                city = gdal.OpenEx(self.city, gdal.OF_VECTOR)
                there = city.GetLayerByName(table).GetLayerDefn()
                types = {there.GetFieldDefn(i).GetName(): there.GetFieldDefn(i).GetType() for i in range(there.GetFieldCount())}
                for name, kind in fields.items():
                    # It tells types by the first features: small integers; null is a text.
                    if kind != ogr.OFTString and name != "id":
                        self.assertEqual(ogr.OFTInteger64 if kind == ogr.OFTInteger and types[name] == ogr.OFTInteger64 else kind, types[name], name)
                own = layer.GetSpatialRef()
                metres = osr.SpatialReference()
                metres.ImportFromEPSG(25833)
                for reference in (own, metres):
                    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                to_metres = osr.CoordinateTransformation(own, metres)
                found = {}
                for feature in layer:
                    found[int(feature["id"]) if "id" in fields else feature.GetFID()] = feature.Clone()
                self.assertEqual(found.keys(), expected.keys())
                for number, feature in found.items():
                    same = expected[number]
                    for name in fields:
                        if name != "id":
                            mine, theirs = feature[name], same[name]
                            if isinstance(mine, str) and not isinstance(theirs, str) and theirs is not None:
                                mine = {"true": 1, "false": 0}.get(mine) if mine in ("true", "false") else float(mine)
                            self.assertEqual(same_time(mine), same_time(theirs), name)
                    geometry = feature.GetGeometryRef().Clone()
                    geometry.Transform(to_metres)
                    self.assertEqual(geometry.GetGeometryType() & 0xFF, same.GetGeometryRef().GetGeometryType() & 0xFF)
                    self.assertLess(geometry.Distance(same.GetGeometryRef()), 0.002)
                    if geometry.GetDimension() > 0:
                        self.assertAlmostEqual(geometry.Boundary().Length() if geometry.GetDimension() == 2 else geometry.Length(),
                                               same.GetGeometryRef().Boundary().Length() if geometry.GetDimension() == 2 else same.GetGeometryRef().Length(), delta=0.1)

    def test_gdal_filters(self):
        source = gdal.OpenEx(f"OAPIF:{self.url}", gdal.OF_VECTOR, open_options=["PAGE_SIZE=1000"])
        layer = source.GetLayerByName("trees_tree")
        for condition in CONDITIONS:
            with self.subTest(condition=condition):
                layer.SetAttributeFilter(condition)
                found = {feature["uuid"] for feature in layer}
                self.assertEqual(found, {feature["uuid"] for feature in self.of_the_city("trees_tree", condition).values()})
                self.assertGreater(len(found), 0)
                self.assertEqual(layer.GetFeatureCount(), len(found))
        layer.SetAttributeFilter(None)
        # In the CRS that GDAL has chosen, CRS84 or that of the layer; between two trees, so that none lies on the edge.
        places = {feature["uuid"]: feature.GetGeometryRef().GetPoint_2D() for feature in layer}
        between = lambda values, share: (values[int(len(values) * share)] + values[int(len(values) * share) + 1]) / 2
        xs, ys = (sorted({place[axis] for place in places.values()}) for axis in (0, 1))
        box = (between(xs, 0.2), between(ys, 0.2), between(xs, 0.8), between(ys, 0.8))
        inside = {uuid for uuid, (x, y) in places.items() if box[0] < x < box[2] and box[1] < y < box[3]}
        layer.SetSpatialFilterRect(*box)
        self.assertEqual({feature["uuid"] for feature in layer}, inside)
        self.assertTrue(100 < len(inside) < len(self.of_the_city("trees_tree")))

    def test_qgis_reads_what_the_city_has(self):
        for table in TABLES:
            with self.subTest(table=table):
                city = QgsVectorLayer(f"{self.city}|layername={table}", table, "ogr")
                expected = {feature["uuid"]: feature for feature in city.getFeatures()}
                layer = QgsVectorLayer(f"url='{self.url}' typename='{table}' pageSize='100' maxNumFeatures='100000'", table, "OAPIF")
                self.assertFalse(layer.isEditable() or layer.dataProvider().capabilities() & QgsVectorDataProvider.EditingCapabilities)
                self.assertTrue(layer.isValid(), layer.error().summary())
                self.assertEqual(layer.wkbType(), city.wkbType())
                self.assertEqual(layer.featureCount(), len(expected))
                names = [name for name in layer.fields().names() if name != "id"]
                self.assertGreater(len(names), 5)
                transform = QgsCoordinateTransform(layer.crs(), city.crs(), QgsProject.instance())
                found = {feature["uuid"]: feature for feature in layer.getFeatures()}
                self.assertEqual(found.keys(), expected.keys())
                for key, feature in found.items():
                    for name in names:
                        mine, theirs = value(feature[name]), value(expected[key][name])
                        if isinstance(mine, str) and not isinstance(theirs, str) and theirs is not None:   # null in the first features
                            mine = mine in ("true", "1") if isinstance(theirs, bool) else float(mine)
                        self.assertEqual(same_time(mine), same_time(theirs), name)
                    geometry = feature.geometry()
                    geometry.transform(transform)
                    self.assertLess(geometry.hausdorffDistance(expected[key].geometry()), 0.002)

    def test_qgis_filters(self):
        for condition in CONDITIONS:
            with self.subTest(condition=condition):
                expected = {feature["uuid"] for feature in self.of_the_city("trees_tree", condition).values()}
                layer = QgsVectorLayer(f"url='{self.url}' typename='trees_tree' pageSize='1000'", "trees", "OAPIF")
                self.assertEqual({feature["uuid"] for feature in layer.getFeatures(QgsFeatureRequest().setFilterExpression(condition))}, expected)
                self.assertTrue(layer.setSubsetString(condition))
                self.assertEqual({feature["uuid"] for feature in layer.getFeatures()}, expected)
        layer = QgsVectorLayer(f"url='{self.url}' typename='trees_tree' pageSize='1000' restrictToRequestBBOX='1'", "trees", "OAPIF")
        box, metres = QgsRectangle(*BOX), QgsCoordinateReferenceSystem("EPSG:25833")
        degrees = QgsCoordinateTransform(metres, layer.crs(), QgsProject.instance()).transformBoundingBox(box)
        back = QgsCoordinateTransform(layer.crs(), metres, QgsProject.instance())
        inside = {feature["uuid"] for feature in layer.getFeatures(QgsFeatureRequest(degrees)) if box.contains(back.transform(feature.geometry().asPoint()))}
        self.assertEqual(inside, {feature["uuid"] for feature in self.of_the_city("trees_tree", box=BOX).values()})

    def test_owslib_reads_and_filters(self):
        api = Features(self.url)
        self.assertIn("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", api.conformance()["conformsTo"])
        self.assertIn("/collections/trees_tree/items", api.api()["paths"])
        self.assertLessEqual({*TABLES, "trees_tree"}, set(api.feature_collections()))
        self.assertEqual(api.collection("trees_tree")["storageCrs"], UTM)
        self.assertEqual(api.collection_queryables("trees_tree")["properties"]["height_m"]["type"], "number")
        city = self.of_the_city("trees_tree")
        page = api.collection_items("trees_tree", limit=1000, offset=1000)
        self.assertEqual((page["numberMatched"], page["numberReturned"]), (len(city), 1000))
        self.assertEqual([feature["id"] for feature in page["features"]], sorted(city)[1000:2000])
        for feature in page["features"]:
            same = city[feature["id"]]
            self.assertEqual({name: same_time(of) for name, of in feature["properties"].items()},
                             {name: same_time(same[name]) if not isinstance(of, bool) else bool(same[name]) for name, of in feature["properties"].items()})

        def ids(**asked):
            return {feature["id"] for feature in api.collection_items("trees_tree", limit=10000, **asked)["features"]}
        self.assertEqual(ids(genus="Tilia"), set(self.of_the_city("trees_tree", "genus = 'Tilia'")))
        self.assertEqual(ids(filter="height_m > 20 AND status = 'standing'"), set(self.of_the_city("trees_tree", "height_m > 20 AND status = 'standing'")))
        self.assertEqual(ids(bbox=BOX, **{"bbox-crs": UTM}), set(self.of_the_city("trees_tree", box=BOX)))
        feature = api.collection_item("trees_tree", "7")
        self.assertEqual((feature["id"], feature["properties"]["uuid"]), (7, city[7]["uuid"]))


if __name__ == "__main__":
    unittest.main()
